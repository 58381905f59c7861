//! How the municipality's own offer is listed beside the others: room, times, languages.

use actix_web::{HttpResponse, patch, post, web::Path};

use super::own;
use crate::{
    api::{
        AppData,
        extract::{body::Patch, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        Change,
        error::DomainError,
        offering::Offering,
        role::Editor,
        values::{ids::OfferingId, time::Instant},
    },
    json::{approval::ListingForm, public::OfferingRecord},
    store::{CommandOutcome, Done},
};

/// Change the listing of the own offer.
///
/// A JSON Merge Patch (RFC 7396) by the editor, which also confirms it. The portal shows it beside what providers say of
/// themselves, in the same fields; the version in force stays as it is.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringOwnListingPatch", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    request_body(content = ListingForm, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The offering.", body = OfferingRecord), ActProblems),
)]
#[patch("/offerings/{id}/own-listing")]
pub(crate) async fn offering_own_listing_patch(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    patch: Patch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    let role = by.role.clone();
    let (seen, _) = state.read(move |session, _| own(session, id, &role)).await?;
    expected.matches(seen.revision)?;
    let before = seen.own_listing.as_ref().map(ListingForm::from).unwrap_or_default();
    let input = patch.apply(&before)?.said_after(&before, patch.names("capacityOn"))?;
    execute(&state, by, id, expected, move |offering, by, now| {
        offering.change_own_listing(input.complete(now)?, &by.role, now)
    })
    .await
}

/// Confirm the listing of the own offer.
///
/// The editor says that it is right as it stands.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringOwnListingConfirm", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    responses((status = 200, description = "The offering.", body = OfferingRecord), ActProblems),
)]
#[post("/offerings/{id}/own-listing/confirmation")]
pub(crate) async fn offering_own_listing_confirm(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, OfferingId::new(*id), expected, |offering, by, now| {
        offering.confirm_own_listing(&by.role, now)
    })
    .await
}

async fn execute(
    state: &AppData,
    by: Caller<Editor>,
    id: OfferingId,
    expected: IfMatch,
    transition: impl FnOnce(Offering, &Caller<Editor>, Instant) -> Result<Change<Offering>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .execute_if_changed(by.metadata(&state.context), move |session, _, now| {
            let (offering, draft) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let before = offering.clone();
            let change = match transition(offering, &by, now)?.compare(Some(before)) {
                Ok(change) => change,
                Err(same) => {
                    let record = session.offering_record(&same, now)?;
                    return Ok(CommandOutcome::Unchanged((same.revision, record)));
                }
            };
            session.check_daily_limit(&by.caller.organisation.to_string(), now)?;
            let Change { value, event } = change;
            session.save_offering(&value, &draft, Some(expected.0), now)?;
            let record = session.offering_record(&value, now)?;
            let public = record.clone().map(Into::into);
            let answer = (value.revision, record);
            Ok(CommandOutcome::Changed(Done { event, public, related: vec![], answer }))
        })
        .await
}
