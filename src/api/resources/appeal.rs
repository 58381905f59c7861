//! Appeals: reading them.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        extract::{
            caller::Caller,
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        private_read::PrivateReads,
        problem::{PrivateProblems, Problem},
        view::View,
    },
    commands::{Tx, appeal::AppealCase},
    domain::{
        access::AccessLogEntry,
        appeal::{Appeal, AppealStatus},
        role::Party,
    },
    json::words,
    store::PartyList,
};

/// What its parties see.
type AppealView = View<AppealCase>;

/// Query of a list of appeals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AppealQuery {
    /// Only those in this state.
    #[param(inline, value_type = AppealStateParameter, required = false)]
    state: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn statuses() -> Object {
    words("State of the appeal.", AppealStatus::ALL.map(AppealStatus::as_str))
}

crate::json::parameter_schema!(AppealStateParameter, statuses);

/// One appeal.
///
/// For the party of the decision and for the municipality that made it. The party's read of the statement to
/// the appeal body is recorded.
#[utoipa::path(
    tag = "appeals", operation_id = "appealGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the appeal")),
    responses((status = 200, description = "The appeal.", body = AppealView), PrivateProblems),
)]
#[get("/appeals/{id}")]
pub(crate) async fn appeal_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<Appeal>(&reads.state, &by, *id).await?;
    reads.get::<AppealCase>(by, *id).await
}

/// Own appeals.
///
/// A provider sees those against decisions that concern it, a municipality those against its
/// decisions, the oldest first.
#[utoipa::path(
    tag = "appeals", operation_id = "appealList", security(("token" = [])), params(AppealQuery),
    responses((status = 200, description = "A page of appeals.", body = Page<AppealView>), PrivateProblems),
)]
#[get("/appeals")]
pub(crate) async fn appeal_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<AppealQuery>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(AppealQuery { state, limit, cursor }) = parameters;
    let page = PageRequest::of(&request, limit, cursor.as_deref())?;
    let load = |tx: &mut Tx, list: &PartyList<'_>| {
        let appeals = tx.session.appeals(list)?;
        appeals.into_iter().map(|appeal| AppealCase::of(tx, appeal)).collect()
    };
    reads.list(by, page, state, load).await
}

impl From<&AppealCase> for AccessLogEntry {
    fn from(case: &AppealCase) -> Self {
        (&case.appeal).into()
    }
}
