//! How handlers answer public reads: at once where they cost little, else in the bulkhead of heavy reads.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};

use super::{
    AppState,
    extract::{as_of::AsOf, negotiation::PublicAnswer, preconditions::coding_of},
    problem::Problem,
};
use crate::register::AsOfView;

impl AppState {
    /// Computes the answer to a public read that costs much.
    ///
    /// # Errors
    /// What `compute` answers; `overloaded`.
    pub async fn heavy<T: Send + 'static>(
        self: &Arc<Self>,
        request: &HttpRequest,
        compute: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        self.heavy_reads.run(request, move || compute(&state)).await
    }

    /// Answers a public read as of the times that are asked for. What it costs to go back in time has no bound but the
    /// length of the history, so another time than the present is always computed in the bulkhead; the present only
    /// where it `costs_much`.
    ///
    /// # Errors
    /// What `read` answers; `impossible-time`; `overloaded`.
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
