//! Prior notices: single reads. Their commands are in `commands::prior_notice`.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{self, Path},
};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        AppData, AppState,
        extract::{caller::Caller, preconditions::respond_private},
        problem::{PrivateProblems, Problem},
        view::{View, Viewer},
    },
    commands::{self, Tx},
    domain::{access::AccessLogEntry, prior_notice::PriorNotice, role::Party},
    store::{Failure, Session},
    words::{Locale, Words},
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
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<PriorNotice>(&state, &by, *id).await?;
    let (caller, reader, now) = (by.caller.clone(), by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let mut tx = Tx::new(session, state.environment(), now);
        let notice = commands::load::<PriorNotice>(&mut tx, &id, &by.role)?;
        let looked = vec![AccessLogEntry::from(&notice)];
        Ok::<_, Failure>((notice, looked))
    };
    let notice = state.read_private(reader, read).await?;
    let view = Viewer { caller: &caller, now, locale, words: &words }.view(&notice);
    Ok(respond_private(StatusCode::OK, notice.revision, &view))
}
