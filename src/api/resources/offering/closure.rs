//! Closing an offering to new providers, and ending it.

use actix_web::{HttpResponse, post, web::Path};

use super::own;
use crate::{
    api::{
        AppData, AppState,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        Change,
        approval::{Approval, ApprovalStatus},
        error::DomainError,
        offering::{Ending, Offering, VersionNumber},
        role::Editor,
        values::{ids::OfferingId, time::Instant},
    },
    json::{
        offering::lifecycle::{AnnouncedClosure, OfferingClosureBody},
        public::{ApprovalRecord, OfferingRecord},
    },
    store::{Done, Failure, RelatedChange, Session, corrupt},
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
                Some(ending) => end_approvals(session, state, id, &ending, now)?,
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

/// Every approval that stands is to end on that day. As long as one cannot be ended so, none is.
fn end_approvals(
    session: &mut Session<'_>,
    state: &AppState,
    offering: OfferingId,
    ending: &Ending,
    now: Instant,
) -> Result<Vec<RelatedChange>, Failure> {
    let mut related = vec![];
    for approval in session.approvals_of(offering)? {
        // One that is revoked may come back on appeal: it ends with the offering too.
        if matches!(
            approval.lifecycle.status_at(now),
            ApprovalStatus::Ended | ApprovalStatus::Expired
        ) {
            continue;
        }
        related.push(ends(session, state, approval, ending, now)?);
    }
    Ok(related)
}

/// An approval that is given, given back or put under contract after the end of its offering was
/// announced ends with it, like those that were there before. Call it once the approval is kept.
pub(crate) fn ends_with_offering(
    session: &mut Session<'_>,
    state: &AppState,
    approval: Approval,
    now: Instant,
) -> Result<Option<RelatedChange>, Failure> {
    let found = session.offering(approval.offering)?;
    let (offering, _) = found.ok_or_else(|| corrupt("approval", approval.id))?;
    match offering.lifecycle.ending() {
        Some(ending) if approval.lifecycle.offering_end().is_none() => {
            ends(session, state, approval, ending, now).map(Some)
        }
        _ => Ok(None),
    }
}

/// The one place where an approval ends with its offering: with a journal row and, where it is
/// public, a public record of its own. What ends an approval is the approval's to say.
fn ends(
    session: &mut Session<'_>,
    state: &AppState,
    approval: Approval,
    ending: &Ending,
    now: Instant,
) -> Result<RelatedChange, Failure> {
    let from = approval.revision;
    let Change { value, event } = approval.offering_ends(ending.on, ending.winding_down.clone())?;
    session.save_approval(&value, Some(from))?;
    let public = ApprovalRecord::published(&value, now);
    Ok(RelatedChange { id: state.context.row_id(), event, public })
}

/// What was never published cannot be closed.
fn in_force(offering: &Offering) -> Result<VersionNumber, DomainError> {
    offering.lifecycle.version().ok_or_else(|| DomainError::offering_not_open("draft"))
}
