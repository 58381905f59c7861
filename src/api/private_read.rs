//! Private reads: one resource of a party, or a page of a list. A read by another organisation is logged.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, web};
use uuid::Uuid;

use super::{
    AppData,
    extract::{
        caller::Caller, locale::ReaderLanguage, negotiation::private, page::PageRequest,
        preconditions::respond_private,
    },
    problem::Problem,
    view::Viewer,
};
use crate::{
    commands::{self, Answer, Target, Tx},
    domain::{access::AccessLogEntry, role::Party},
    store::{Failure, PartyList},
};

/// What every private read needs beside its caller.
#[derive(Debug)]
pub(super) struct PrivateReads {
    language: ReaderLanguage,
    pub(super) state: AppData,
}

impl FromRequest for PrivateReads {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let language = ReaderLanguage::of(request);
        let state = web::Data::from_request(request, payload).into_inner();
        ready(state.map(|state| Self { language, state }))
    }
}

impl PrivateReads {
    /// Answers with one resource.
    pub(super) async fn get<T>(self, by: Caller<Party>, id: Uuid) -> Result<HttpResponse, Problem>
    where
        T: Answer + Target<Key = Uuid>,
        for<'a> AccessLogEntry: From<&'a T>,
    {
        let load = move |tx: &mut Tx, by: &Caller<Party>| {
            let resource = commands::load::<T>(tx, &id, &by.role)?;
            let entry = AccessLogEntry::from(&resource);
            Ok((resource, vec![entry]))
        };
        self.get_with(by, load).await
    }

    /// Answers with one resource that `load` gives, with the entries of the access log.
    pub(super) async fn get_with<T: Answer + 'static>(
        self,
        by: Caller<Party>,
        load: impl FnOnce(&mut Tx, &Caller<Party>) -> Result<(T, Vec<AccessLogEntry>), Failure>
        + Send
        + 'static,
    ) -> Result<HttpResponse, Problem> {
        let Self { language, state } = self;
        let (caller, now) = (by.caller.clone(), state.context.now());
        let read = state.read_private(by.reader(), move |session, state| {
            load(&mut Tx::new(session, state.environment(), now), &by)
        });
        let resource = read.await?;
        let view = Viewer { caller: &caller, now, language }.view(&resource);
        Ok(respond_private(StatusCode::OK, resource.revision(), &view))
    }

    /// Answers with a page of the party's resources in a state. `load` gives one more than the page has.
    pub(super) async fn list<T>(
        self,
        by: Caller<Party>,
        request: PageRequest,
        in_state: Option<String>,
        load: impl FnOnce(&mut Tx, &PartyList<'_>) -> Result<Vec<T>, Failure> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        T: Answer + 'static,
        for<'a> AccessLogEntry: From<&'a T>,
    {
        let Self { language, state } = self;
        let after = request.after(|key| key.parse().ok())?;
        let limit = i64::try_from(request.fetch()).unwrap_or(i64::MAX);
        let on_page = usize::from(request.limit);
        let (caller, now) = (by.caller.clone(), state.context.now());
        let read = state.read_private(by.reader(), move |session, state| {
            let list = PartyList { party: &by.role, state: in_state.as_deref(), after, limit };
            let found = load(&mut Tx::new(session, state.environment(), now), &list)?;
            let entries = found.iter().take(on_page).map(AccessLogEntry::from).collect();
            Ok((found, entries))
        });
        let found = read.await?;
        let viewer = Viewer { caller: &caller, now, language };
        let page = request.page(found, |it| it.target().key().to_string());
        let page = page.map(|it| viewer.view(it));
        Ok(private(&page, &page.page))
    }
}
