//! Prices between versions: announced, withdrawn, and adjusted by an index.

use actix_web::{HttpResponse, http::StatusCode, post, web::Path};

use super::own;
use crate::{
    api::{
        AppData, AppState,
        extract::{
            body::ValidJson,
            caller::Caller,
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, Problem},
        resources::decision::changes::consequence,
    },
    domain::{
        Change,
        compensation::index::{Adjusted, Adjustment},
        error::DomainError,
        offering::{Offering, announcement::Announcement, content::OfferingContent},
        role::Editor,
        values::{ids::OfferingId, time::Instant},
    },
    json::{
        compensation::{AnnouncementBody, AnnouncementForm, IndexAdjustmentBody, LaterBandsForm},
        offering::ContentForm,
    },
    store::{Done, Failure, Session},
};

/// Announce prices.
///
/// New lines, other bands, or the withdrawal of lines that have not begun. What is new begins after today and closes what it
/// takes over from; what is in force is never edited, and no zone and band that has a price may lose it. Public at once: each
/// approval of the offering has an event of its own. The draft follows where its prices were those in force.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringAnnounceCompensation", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    request_body = AnnouncementBody,
    responses((status = 200, description = "What it did.", body = AnnouncementForm), ActProblems),
)]
#[post("/offerings/{id}/compensation")]
pub(crate) async fn offering_announce_compensation(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<AnnouncementBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let publication = body.0.read().map_err(DomainError::validation)?;
    let bands = body.0.bands;
    execute(
        &state,
        by,
        OfferingId::new(*id),
        expected,
        bands,
        move |offering, in_force, by, now| {
            let Change { value, event } = offering.announce(in_force, publication, by, now)?;
            Ok(Change { value: (value.0, value.1, None), event })
        },
    )
    .await
}

/// Adjust prices by an index.
///
/// Every line that follows the index and runs on from that day gets a new amount by the figures sent, in whole kroner; the
/// computation is kept in the line. Lines whose rounded amount stays the same are left as they are. The preview says the same
/// without doing it.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringAdjustCompensation", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    request_body = IndexAdjustmentBody,
    responses((status = 200, description = "What it did.", body = AnnouncementForm), ActProblems),
)]
#[post("/offerings/{id}/index-adjustments")]
pub(crate) async fn offering_adjust_compensation(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<IndexAdjustmentBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let adjustment = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, OfferingId::new(*id), expected, None, move |offering, in_force, by, now| {
        adjusted(offering, in_force, &adjustment, by, now)
    })
    .await
}

/// Preview an adjustment by an index.
///
/// What the adjustment would do now, line by line with its computation, or why it would be refused. Nothing is kept.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringPreviewAdjustment", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    request_body = IndexAdjustmentBody,
    responses((status = 200, description = "What it would do.", body = AnnouncementForm), ActProblems),
)]
#[post("/offerings/{id}/index-adjustments/preview")]
pub(crate) async fn offering_preview_adjustment(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    body: ValidJson<IndexAdjustmentBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let adjustment = body.0.read().map_err(DomainError::validation)?;
    let id = OfferingId::new(*id);
    let (revision, view) = state
        .read(move |session, state| {
            let now = state.context.now();
            let (offering, _) = own(session, id, &by.role)?;
            let revision = offering.revision;
            let (_, content) = in_force(session, state, &offering)?.unzip();
            let change = adjusted(offering, content.as_ref(), &adjustment, &by.role, now)?;
            Ok((revision, view(id, &change.value)))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}

/// An offering after an announcement, and the lines of an index adjustment.
type Outcome = (Offering, Announcement, Option<Vec<Adjusted>>);

fn adjusted(
    offering: Offering,
    in_force: Option<&OfferingContent>,
    adjustment: &Adjustment,
    by: &Editor,
    now: Instant,
) -> Result<Change<Outcome>, DomainError> {
    let Change { value, event } = offering.adjust(in_force, adjustment, by, now)?;
    Ok(Change { value: (value.0, value.1, Some(value.2)), event })
}

fn view(id: OfferingId, (_, announcement, adjusted): &Outcome) -> AnnouncementForm {
    AnnouncementForm::of(id.uuid(), announcement, adjusted.as_deref())
}

/// What is in force, as it was said and as content.
fn in_force(
    session: &mut Session<'_>,
    state: &AppState,
    offering: &Offering,
) -> Result<Option<(ContentForm, OfferingContent)>, Failure> {
    let Some(it) = session.in_force(offering)? else { return Ok(None) };
    let content = it.content(offering.id, &state.catalogue)?;
    Ok(Some((it.said, content)))
}

async fn execute(
    state: &AppData,
    by: Caller<Editor>,
    id: OfferingId,
    expected: IfMatch,
    bands: Option<LaterBandsForm>,
    transition: impl FnOnce(
        Offering,
        Option<&OfferingContent>,
        &Editor,
        Instant,
    ) -> Result<Change<Outcome>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let (offering, mut draft) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let (said, content) = in_force(session, state, &offering)?.unzip();
            let Change { value, event } = transition(offering, content.as_ref(), &by.role, now)?;
            let answer = view(id, &value);
            let (offering, Announcement { published, .. }, _) = value;
            let before = said.and_then(|said| said.compensation);
            let after = before.clone().unwrap_or_default().after(&published, bands);
            if draft.compensation == before {
                draft.compensation = Some(after.clone());
            }
            session.save_offering(&offering, &draft, Some(expected.0), now)?;
            session.save_announced(id, answer.announced.clone(), after)?;
            let public = session.offering_record(&offering, now)?.map(Into::into);
            // Each approved provider gets a journal row of its own, which is not in the feed.
            let active = session.active_approvals(id, now)?.into_iter();
            let related =
                active.map(|approval| consequence(state, approval.compensation_announced()));
            let related = related.collect();
            Ok(Done { event, public, related, answer: (offering.revision, answer) })
        })
        .await
}
