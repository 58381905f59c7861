//! How a provider is listed in one place: room, continuity, add-ons; put and confirmed by itself.

use actix_web::{HttpResponse, patch, post, web::Path};

use super::{kept, own};
use crate::{
    api::{
        AppData,
        extract::{body::Patch, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        approval::Approval,
        error::DomainError,
        role::{Party, ProviderUser},
        values::{ids::ApprovalId, time::Instant},
    },
    json::{approval::ListingForm, public::ApprovalView},
    store::CommandOutcome,
};

/// Change the listing.
///
/// A JSON Merge Patch (RFC 7396) by the provider, which also confirms it. One that is full stays listed.
/// Add-ons are never part of the municipal service and never in its compensation.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalListingPatch", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body(content = ListingForm, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The approval.", body = ApprovalView), ActProblems),
)]
#[patch("/approvals/{id}/listing")]
pub(crate) async fn approval_listing_patch(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    patch: Patch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApprovalId::new(*id);
    let party = Party::Provider(by.role.organisation.clone());
    let seen = state.read(move |session, _| own(session, id, &party)).await?;
    expected.matches(seen.revision)?;
    let before = seen.listing.as_ref().map(ListingForm::from).unwrap_or_default();
    let value = patch.apply(&before)?.said_after(&before, patch.names("capacityOn"))?;
    execute(&state, by, id, expected, move |approval, by, now| {
        approval.change_listing(value.complete(now)?, &by.role, now)
    })
    .await
}

/// Confirm the listing.
///
/// The provider says that it is right as it stands.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalListingConfirm", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    responses((status = 200, description = "The approval.", body = ApprovalView), ActProblems),
)]
#[post("/approvals/{id}/listing/confirmation")]
pub(crate) async fn approval_listing_confirm(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, ApprovalId::new(*id), expected, |approval, by, now| {
        approval.confirm_listing(&by.role, now)
    })
    .await
}

async fn execute(
    state: &AppData,
    by: Caller<ProviderUser>,
    id: ApprovalId,
    expected: IfMatch,
    transition: impl FnOnce(Approval, &Caller<ProviderUser>, Instant) -> Result<Changed, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .execute_if_changed(by.metadata(&state.context), move |session, _, now| {
            let approval = own(session, id, &Party::Provider(by.role.organisation.clone()))?;
            expected.matches(approval.revision)?;
            let before = approval.clone();
            let change = match transition(approval, &by, now)?.compare(Some(before)) {
                Ok(change) => change,
                Err(same) => {
                    return Ok(CommandOutcome::Unchanged(session.approval_view(&same, now)?));
                }
            };
            session.check_daily_limit(by.role.organisation.as_str(), now)?;
            Ok(CommandOutcome::Changed(kept(session, change, expected, now)?))
        })
        .await
}

type Changed = crate::domain::Change<Approval>;
