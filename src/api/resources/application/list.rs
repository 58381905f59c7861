//! A party's applications, page by page.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

use super::case::ApplicationView;
use crate::{
    api::{
        extract::{
            caller::Caller,
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        private_read::PrivateReads,
        problem::{PrivateProblems, Problem},
    },
    commands::{Tx, application::ApplicationCase},
    domain::{
        application::{Application, ApplicationState, Case},
        offering::VersionNumber,
        role::Party,
        values::ids::OfferingId,
    },
    json::words,
    store::{Failure, PartyList},
};

fn states() -> Object {
    words("State of the application.", ApplicationState::NAMES)
}

crate::json::parameter_schema!(StateParameter, states);

/// Query of a list of applications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationQuery {
    /// Only those in this state.
    #[param(inline, value_type = StateParameter, required = false)]
    state: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Own applications.
///
/// A provider sees its own, a municipality those it handles, oldest first. Drafts are visible to the provider
/// only.
#[utoipa::path(
    tag = "applications", operation_id = "applicationList", security(("token" = [])),
    params(ApplicationQuery),
    responses((status = 200, description = "A page of applications.", body = Page<ApplicationView>), PrivateProblems),
)]
#[get("/applications")]
pub(crate) async fn application_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<ApplicationQuery>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(ApplicationQuery { state, limit, cursor }) = parameters;
    let page = PageRequest::of(&request, limit, cursor.as_deref())?;
    let load = |tx: &mut Tx, list: &PartyList<'_>| {
        let mut cases = Cases::default();
        tx.session.applications(list)?.into_iter().map(|it| cases.of(tx, it)).collect()
    };
    reads.list(by, page, state, load).await
}

/// The applications of one page. Shared offerings are read once.
#[derive(Default)]
struct Cases(HashMap<(OfferingId, Option<VersionNumber>), ApplicationCase>);

impl Cases {
    fn of(&mut self, tx: &mut Tx, application: Application) -> Result<ApplicationCase, Failure> {
        let pinned = application.state.case().map(Case::version);
        let key = (application.offering, pinned);
        if let Some(read) = self.0.get(&key) {
            return Ok(read.sibling(application));
        }
        let case = ApplicationCase::of(tx, application.clone())?;
        let sibling = case.sibling(application);
        self.0.insert(key, case);
        Ok(sibling)
    }
}
