//! Prior notices: single reads. Their commands are in `commands::prior_notice`.

use actix_web::{HttpResponse, get, web::Path};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        extract::caller::Caller,
        private_read::PrivateReads,
        problem::{PrivateProblems, Problem},
        view::View,
    },
    domain::{prior_notice::PriorNotice, role::Party},
};

/// The parties' view of a prior notice.
pub(super) type PriorNoticeView = View<PriorNotice>;

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
