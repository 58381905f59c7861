//! Notices: the outbox as its parties see it. Their commands are in `commands::notice`.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};
use uuid::Uuid;

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
        notice::{DeliveryStatus, Notice, NoticeKind},
        role::Party,
    },
    json::words,
};

/// The parties' view of a notice.
type NoticeView = View<Notice>;

/// Query of the list of notices. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct NoticeQuery {
    /// Only those in this state.
    #[param(inline, value_type = DeliveryStatusParameter, required = false)]
    state: Option<String>,
    /// Only those about this kind of message.
    #[param(inline, value_type = NoticeKindParameter, required = false)]
    kind: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn states() -> Object {
    words("State of the notice.", DeliveryStatus::ALL.map(DeliveryStatus::as_str))
}

fn kinds() -> Object {
    words("Kind of message.", NoticeKind::ALL.map(NoticeKind::as_str))
}

crate::json::parameter_schema!(DeliveryStatusParameter, states);
crate::json::parameter_schema!(NoticeKindParameter, kinds);

/// Own notices.
///
/// That a message waits, sent to the provider outside the registry (eForvaltningsforskriften § 8). A provider sees those
/// to it, a municipality its own. Oldest first.
#[utoipa::path(
    tag = "letters", operation_id = "noticeList", security(("token" = [])),
    params(NoticeQuery),
    responses((status = 200, description = "A page of notices.", body = Page<NoticeView>), PrivateProblems),
)]
#[get("/notices")]
pub(crate) async fn notice_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<NoticeQuery>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(NoticeQuery { state, kind, limit, cursor }) = parameters;
    let page = PageRequest::of(&request, limit, cursor.as_deref())?;
    let kind = kind.as_deref().and_then(NoticeKind::from_name);
    reads.list(by, page, state, move |tx, list| Ok(tx.session.notices(list, kind)?)).await
}

/// One notice.
///
/// For its provider and the municipality that sends it.
#[utoipa::path(
    tag = "letters", operation_id = "noticeGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the notice")),
    responses((status = 200, description = "The notice.", body = NoticeView), PrivateProblems),
)]
#[get("/notices/{id}")]
pub(crate) async fn notice_get(
    by: Caller<Party>,
    id: Path<Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    reads.get::<Notice>(by, *id).await
}
