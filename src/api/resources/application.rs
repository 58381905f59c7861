//! Applications: lists and single ones. Their commands are in `commands::application`.

mod case;
mod evidence;
mod list;

pub(crate) use self::{case::load, list::*};

use self::case::ApplicationView;

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
        view::Viewer,
    },
    commands::{self, Tx, application::ApplicationCase},
    domain::{access::AccessLogEntry, application::Application, role::Party},
    store::{Failure, Session},
    words::{Locale, Words},
};

/// One application.
///
/// For its provider and for the municipality that handles it. Lists missing content and possible actions, and
/// for the provider its own files that cover each criterion, while it can attach them. The provider's read of a
/// request for completion is recorded, once for each reader.
#[utoipa::path(
    tag = "applications", operation_id = "applicationGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the application")),
    responses((status = 200, description = "The application.", body = ApplicationView), PrivateProblems),
)]
#[get("/applications/{id}")]
pub(crate) async fn application_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<Application>(&state, &by, *id).await?;
    let (caller, reader, now) = (by.caller.clone(), by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let mut tx = Tx::new(session, state.environment(), now);
        let mut case = commands::load::<ApplicationCase>(&mut tx, &id, &by.role)?;
        case.details = evidence::details(tx.session, &case, &by.role)?;
        let looked = vec![AccessLogEntry::from(&case.application)];
        Ok::<_, Failure>((case, looked))
    };
    let case = state.read_private(reader, read).await?;
    let view = Viewer { caller: &caller, now, locale, words: &words }.view(&case);
    Ok(respond_private(StatusCode::OK, case.application.revision, &view))
}
