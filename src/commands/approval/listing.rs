//! A provider's listing in one place: capacity, continuity, add-ons.

use serde_json::{Map, Value};

use super::{ApprovalAnswer, ApprovalCase};
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        Change,
        approval::{Approval, ApprovalCommand},
        error::DomainError,
        role::{CallerIdentity, ProviderUser},
        values::time::Instant,
    },
    json::{approval::ListingBody, form::Form},
};

/// Change the listing.
///
/// A JSON Merge Patch (RFC 7396) by the provider, which also confirms it. One that is full stays listed.
/// Add-ons are never part of the municipal service and never in its compensation.
#[derive(Debug, Form)]
#[form(name = "ListingBody", closed, example({"capacity": "limited"}))]
pub struct PatchListing {
    /// The whole listing.
    #[form(flatten)]
    listing: ListingBody,
}

impl Command for PatchListing {
    type Target = ApprovalCase;
    type Answer = ApprovalAnswer;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::patch("change-listing", "approvalListingPatch", "/approvals/{id}/listing");

    fn guard(case: &ApprovalCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::ChangeListing, now)
    }

    fn current(case: &ApprovalCase, patch: &Value) -> Option<Map<String, Value>> {
        Some(ListingBody::before(case.approval.listing.as_ref(), patch))
    }

    fn run(self, case: ApprovalCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
        let listing = self.listing.complete(case.approval.listing.as_ref(), tx.now)?;
        let change = case.approval.clone().change_listing(listing, by, tx.now)?;
        save(case, change, tx)
    }
}

/// Confirm the listing.
///
/// The provider confirms its present listing.
#[derive(Debug, Form)]
pub struct ConfirmListing {}

impl Command for ConfirmListing {
    type Target = ApprovalCase;
    type Answer = ApprovalAnswer;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "confirm-listing",
        "approvalListingConfirm",
        "/approvals/{id}/listing/confirmation",
    );

    fn guard(case: &ApprovalCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.approval.may_confirm_listing(now)
    }

    fn run(self, case: ApprovalCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
        let change = case.approval.clone().confirm_listing(by, tx.now)?;
        save(case, change, tx)
    }
}

/// Saves a changed listing, within the daily limit.
fn save(case: ApprovalCase, change: Change<Approval>, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
    let outcome = tx.save_if_changed(change, Some(case.approval), Tx::check_daily_limit)?;
    outcome.try_map(|approval| ApprovalCase { approval, ..case }.into_answer(tx))
}
