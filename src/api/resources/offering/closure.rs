//! Closing an offering to new providers, and ending it.

use actix_web::{HttpResponse, post, web::Path};

use super::own;
use crate::{
    api::{
        AppData, AppState,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    commands::{Tx, approval::end_approvals},
    domain::{
        Change,
        error::DomainError,
        offering::{Offering, VersionNumber},
        role::Editor,
        values::{ids::OfferingId, time::Instant},
    },
    json::{
        offering::lifecycle::{AnnouncedClosure, OfferingClosureBody},
        public::OfferingRecord,
    },
    store::{Done, Failure, Session},
};

/// Announce a closing.
///
/// `to-new`: from a day on nobody new is taken in; refused where the legal basis lets in everyone who qualifies. `ending`:
/// the offering ends, and with it every approval. Both are public at once with their reason, and neither is taken back.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringClose", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    request_body = OfferingClosureBody,
    responses((status = 200, description = "The offering with what is announced.", body = OfferingRecord), ActProblems),
)]
#[post("/offerings/{id}/closure")]
pub(crate) async fn offering_close(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<OfferingClosureBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let closure = body.0.read().map_err(DomainError::validation)?;
    let id = OfferingId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let (offering, draft) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let ending = match &closure {
                AnnouncedClosure::Ending(ending) => Some(ending.clone()),
                AnnouncedClosure::ToNew(_) => None,
            };
            let change = announce(session, state, offering, closure, &by.role, now)?;
            let Change { value, event } = change;
            session.save_offering(&value, &draft, Some(expected.0), now)?;
            let related = match ending {
                Some(ending) => {
                    let tx = &mut Tx::new(session, state.environment(), now);
                    end_approvals(tx, id, &ending)?;
                    tx.take_related()
                }
                None => vec![],
            };
            let record = session.offering_record(&value, now)?;
            let public = record.clone().map(Into::into);
            Ok(Done { event, public, related, answer: (value.revision, record) })
        })
        .await
}

fn announce(
    session: &mut Session<'_>,
    state: &AppState,
    offering: Offering,
    closure: AnnouncedClosure,
    by: &Editor,
    now: Instant,
) -> Result<Change<Offering>, Failure> {
    match closure {
        AnnouncedClosure::Ending(ending) => Ok(offering.end(ending, by, now)?),
        AnnouncedClosure::ToNew(closing) => {
            let version = in_force(&offering)?;
            let basis = session.content(offering.id, version, &state.catalogue)?.legal_basis();
            Ok(offering.close_to_new(closing, basis, by, now)?)
        }
    }
}

/// What was never published cannot be closed.
fn in_force(offering: &Offering) -> Result<VersionNumber, DomainError> {
    offering.lifecycle.version().ok_or_else(|| DomainError::offering_not_open("draft"))
}
