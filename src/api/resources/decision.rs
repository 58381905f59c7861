//! Decisions: single reads with their history.

pub mod public;

use actix_web::{HttpResponse, get, http::StatusCode, web, web::Path};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        AppData, AppState,
        extract::{caller::Caller, preconditions::respond_private},
        problem::{PrivateProblems, Problem},
        view::{View, Viewer},
    },
    commands::{self, Tx, decision::DecisionCase},
    domain::{access::AccessLogEntry, decision::history::DecisionHistory, role::Party},
    store::{Failure, Session},
    words::{Locale, Words},
};

/// The parties' view of a decision.
type DecisionCaseView = View<DecisionCase>;

/// One decision.
///
/// For its party and for the municipality that made it, with its later history. The party's read is recorded,
/// once for each reader; it starts no period.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the decision")),
    responses((status = 200, description = "The decision.", body = DecisionCaseView), PrivateProblems),
)]
#[get("/decisions/{id}")]
pub(crate) async fn decision_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<DecisionHistory>(&state, &by, *id).await?;
    let (caller, reader, now) = (by.caller.clone(), by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let mut tx = Tx::new(session, state.environment(), now);
        let case = commands::load::<DecisionCase>(&mut tx, &id, &by.role)?;
        let looked = vec![AccessLogEntry::from(&case.decision)];
        Ok::<_, Failure>((case, looked))
    };
    let case = state.read_private(reader, read).await?;
    let view = Viewer { caller: &caller, now, locale, words: &words }.view(&case);
    Ok(respond_private(StatusCode::OK, case.history.revision, &view))
}
