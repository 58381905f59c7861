//! Public reads: cheap ones run at once, heavy ones in the bulkhead. A caller whose token gives a role with commands on the
//! resource gets `actions[]` too; only such a caller costs a database read.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};

use super::{
    AppState,
    extract::{
        as_of::AsOf, caller::acting_callers, locale::ReaderLanguage, negotiation::PublicAnswer,
        preconditions::coding_of,
    },
    problem::Problem,
    view::Viewer,
};
use crate::{
    commands::{Target, Tx},
    domain::role::CallerIdentity,
    json::ActionForm,
    register::AsOfView,
    store::Failure,
};

/// The caller of a public read, if it sends a valid token.
#[derive(Debug)]
pub(super) struct OptionalCaller {
    /// One for each role of the token.
    callers: Vec<CallerIdentity>,
    language: ReaderLanguage,
}

impl FromRequest for OptionalCaller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let language = ReaderLanguage::of(request);
        ready(Ok(Self { callers: acting_callers(request), language }))
    }
}

impl OptionalCaller {
    /// The caller's actions on a resource, in the first role that has commands there. `None` if no role has, and for reads of
    /// another time.
    ///
    /// # Errors
    /// `overloaded`; a failing database.
    pub(super) async fn actions<T: Target<Key: Sync>>(
        &self,
        state: &Arc<AppState>,
        times: AsOf,
        key: &T::Key,
    ) -> Result<Option<Vec<ActionForm>>, Problem> {
        if !times.are_now() {
            return Ok(None);
        }
        for caller in self.callers.clone() {
            let Ok(party) = caller.party() else { continue };
            let (key, language) = (key.clone(), self.language);
            let now = state.context.now();
            let read = state.read(move |session, state| {
                let mut tx = Tx::new(session, state.environment(), now);
                let viewer = Viewer { caller: &caller, now, language };
                match T::load(&mut tx, &key, &party) {
                    Ok(target) => Ok(target.map(|it| viewer.actions(&it))),
                    // A resource of another organisation has no actions for this caller.
                    Err(Failure::Refused(_)) => Ok(None),
                    Err(failure) => Err(failure),
                }
            });
            let found = read.await?.filter(|actions| !actions.is_empty());
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

impl AppState {
    /// Computes a heavy public read in the bulkhead.
    ///
    /// # Errors
    /// Those of `compute`; `overloaded`.
    pub async fn heavy<T: Send + 'static>(
        self: &Arc<Self>,
        request: &HttpRequest,
        compute: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        self.heavy_reads.run(request, move || compute(&state)).await
    }

    /// Answers a public read as of the requested times. The cost of an earlier time is bounded only by the
    /// length of the history, so it is always computed in the bulkhead; the present only if it `costs_much`.
    ///
    /// # Errors
    /// Those of `read`; `impossible-time`; `overloaded`.
    pub(super) async fn public_read(
        self: &Arc<Self>,
        request: &HttpRequest,
        times: AsOf,
        costs_much: bool,
        read: impl FnOnce(&Self, AsOfView<'_>) -> Result<PublicAnswer, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let (snapshot, now) = (self.register.snapshot(), self.context.now());
        times.view(&snapshot, now)?;
        let coding = coding_of(request.headers());
        let read = move |state: &Self| Ok(read(state, times.view(&snapshot, now)?)?.coded(coding));
        let answer = if costs_much || !times.are_now() {
            self.heavy(request, read).await?
        } else {
            read(self)?
        };
        Ok(answer.respond(request))
    }
}
