//! Prior notices: lists and single ones. Their commands are in `commands::prior_notice`.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};
use uuid::Uuid;

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
    domain::{
        prior_notice::{NoticeStatus, PriorNotice},
        role::Party,
        values::ids::ApprovalId,
    },
    json::words,
    store::PriorNoticeFilter,
};

/// The parties' view of a prior notice.
pub(super) type PriorNoticeView = View<PriorNotice>;

/// Query of the list of prior notices. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct PriorNoticeQuery {
    /// Only those in this state.
    #[param(inline, value_type = NoticeStateParameter, required = false)]
    state: Option<String>,
    /// Only those that are neither closed nor decided, or only the others.
    open: Option<bool>,
    /// Only those about this approval.
    approval: Option<Uuid>,
    /// Only those whose last day to reply is this day or earlier.
    reply_by: Option<NaiveDate>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn states() -> Object {
    words("State of the prior notice.", NoticeStatus::ALL.map(NoticeStatus::as_str))
}

crate::json::parameter_schema!(NoticeStateParameter, states);

/// Own prior notices.
///
/// A provider sees those sent to it, in all municipalities; a municipality those it has sent. Oldest first. A
/// list is no read receipt.
#[utoipa::path(
    tag = "approvals", operation_id = "priorNoticeList", security(("token" = [])),
    params(PriorNoticeQuery),
    responses((status = 200, description = "A page of prior notices.", body = Page<PriorNoticeView>), PrivateProblems),
)]
#[get("/prior-notices")]
pub(crate) async fn prior_notice_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<PriorNoticeQuery>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(PriorNoticeQuery { state, open, approval, reply_by, limit, cursor }) =
        parameters;
    let page = PageRequest::of(&request, limit, cursor.as_deref())?;
    let approval = approval.map(ApprovalId::new);
    let filter = PriorNoticeFilter { is_open: open, approval, reply_by };
    reads.list(by, page, state, move |tx, list| Ok(tx.session.prior_notices(list, &filter)?)).await
}

/// One prior notice.
///
/// For the provider that is warned and for the municipality that warns.
#[utoipa::path(
    tag = "approvals", operation_id = "priorNoticeGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the prior notice")),
    responses((status = 200, description = "The notice.", body = PriorNoticeView), PrivateProblems),
)]
#[get("/prior-notices/{id}")]
pub(crate) async fn prior_notice_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<PriorNotice>(&reads.state, &by, *id).await?;
    reads.get::<PriorNotice>(by, *id).await
}
