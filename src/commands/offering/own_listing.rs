//! Listing of the municipality's own offer beside the others: capacity, times, languages.

use serde_json::{Map, Value};

use super::{ChangedOffering, ChangedPart, EditedOffering, changed, show_record};
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx},
    domain::{
        Change,
        error::DomainError,
        offering::{Offering, OfferingCommand},
        role::{CallerIdentity, Editor},
        values::time::Instant,
    },
    json::{approval::ListingBody, form::Form, public::OfferingRecord},
};

/// Change the listing of the own offer.
///
/// A JSON Merge Patch (RFC 7396) by the editor, which also confirms it. The portal displays it beside the
/// providers' listings, in the same fields; the version in force stays unchanged.
#[derive(Debug, Form)]
#[form(name = "OwnListing", closed, example({
    "capacity": "limited", "text": {"nb": "Vi har ledig kapasitet på dagtid."},
    "timesOfDay": ["day", "evening"], "openingHours": {"nb": "Kl. 8–16 på hverdager."}
}))]
pub struct ChangeOwnListing {
    #[form(flatten)]
    listing: ListingBody,
}

impl Command for ChangeOwnListing {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, OfferingRecord>;
    type Role = Editor;
    const ROUTE: Route = Route::patch(
        "change-own-listing",
        "offeringOwnListingPatch",
        "/offerings/{id}/own-listing",
    );

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::ChangeOwnListing, now)
    }

    fn current(edited: &EditedOffering, patch: &Value) -> Option<Map<String, Value>> {
        Some(ListingBody::before(edited.offering.own_listing.as_ref(), patch))
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let listing = self.listing.complete(edited.offering.own_listing.as_ref(), tx.now)?;
        save(edited, tx, |offering, now| offering.change_own_listing(listing, by, now))
    }
}

/// Confirm the listing of the own offer.
///
/// The editor confirms the present listing.
#[derive(Debug, Form)]
pub struct ConfirmOwnListing {}

impl Command for ConfirmOwnListing {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, OfferingRecord>;
    type Role = Editor;
    const ROUTE: Route = Route::change(
        "confirm-own-listing",
        "offeringOwnListingConfirm",
        "/offerings/{id}/own-listing/confirmation",
    );

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.offering.may_confirm_own_listing(now)
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        save(edited, tx, |offering, now| offering.confirm_own_listing(by, now))
    }
}

fn save(
    edited: EditedOffering,
    tx: &mut Tx,
    change: impl FnOnce(Offering, Instant) -> Result<Change<Offering>, DomainError>,
) -> Outcome<TargetView<EditedOffering, OfferingRecord>> {
    let EditedOffering { offering, draft, .. } = edited;
    let part = ChangedPart::Public;
    let before =
        ChangedOffering { offering: offering.clone(), draft: draft.clone(), part: part.clone() };
    let change = changed(change(offering, tx.now)?, draft, part);
    let saved = tx.save_if_changed(change, Some(before), Tx::check_daily_limit)?;
    saved.try_map(|it| show_record(tx, it))
}
