//! Follow-ups: lists and single ones. Their commands are in `commands::follow_up`.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

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
    commands::{Tx, follow_up::FollowUpCase},
    domain::{access::AccessLogEntry, follow_up::FollowUpStatus, role::Party},
    json::words,
    store::PartyList,
};

/// The parties' view of a follow-up.
type FollowUpView = View<FollowUpCase>;

fn statuses() -> Object {
    words("State of the follow-up.", FollowUpStatus::ALL.map(FollowUpStatus::as_str))
}

crate::json::parameter_schema!(FollowUpStateParameter, statuses);

/// Query of the list of follow-ups.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpQuery {
    /// Only those in this state.
    #[param(inline, value_type = FollowUpStateParameter, required = false)]
    state: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Own follow-ups.
///
/// A provider sees those of its approvals, a municipality those it does, the oldest first.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpList", security(("token" = [])),
    params(FollowUpQuery),
    responses((status = 200, description = "A page of follow-ups.", body = Page<FollowUpView>), PrivateProblems),
)]
#[get("/follow-ups")]
pub(crate) async fn follow_up_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<FollowUpQuery>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(FollowUpQuery { state, limit, cursor }) = parameters;
    let page = PageRequest::of(&request, limit, cursor.as_deref())?;
    let load = |tx: &mut Tx, list: &PartyList<'_>| {
        let follow_ups = tx.session.follow_ups(list)?;
        follow_ups.into_iter().map(|follow_up| FollowUpCase::of(tx, follow_up)).collect()
    };
    reads.list(by, page, state, load).await
}

/// One follow-up.
///
/// For the provider and for the municipality.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the follow-up")),
    responses((status = 200, description = "The follow-up.", body = FollowUpView), PrivateProblems),
)]
#[get("/follow-ups/{id}")]
pub(crate) async fn follow_up_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    reads.get::<FollowUpCase>(by, *id).await
}

impl From<&FollowUpCase> for AccessLogEntry {
    fn from(case: &FollowUpCase) -> Self {
        (&case.follow_up).into()
    }
}
