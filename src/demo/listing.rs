//! Listings of the demo: of providers under contract, and of the municipalities' own offers, with the end of one.

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{
    files::{DemoApproval, DemoOwnOffer},
    stage::Stage,
};
use crate::{
    commands::{
        approval::PatchListing,
        offering::{ChangeOwnListing, CloseOffering},
    },
    domain::{
        approval::ApprovalCommand,
        offering::{Offering, OfferingLifecycle},
        role::{CallerIdentity, Role},
        values::{ids::DecisionId, time::day_of},
    },
    store::{Failure, StoreError},
};

impl Stage<'_> {
    /// Creates the listing of a provider without one. Returns false if there is nothing to do.
    pub(super) fn list(
        &self,
        decision: DecisionId,
        place: &DemoApproval,
        by: &CallerIdentity,
    ) -> Result<bool, Failure> {
        let Some(value) = &place.listing else { return Ok(false) };
        let approval = self.store.read(|session| -> Result<_, StoreError> {
            match session.decision(decision)?.and_then(|decision| decision.outcome.approval()) {
                Some(id) => session.approval(id),
                None => Ok(None),
            }
        })?;
        let now = self.context.now();
        // An approval ended by a user is left unchanged.
        let silent =
            approval.filter(|it| it.listing.is_none() && it.lifecycle.contract().is_some());
        let Some(approval) =
            silent.filter(|it| it.may(ApprovalCommand::ChangeListing, now).is_ok())
        else {
            return Ok(false);
        };
        self.send::<PatchListing>(value.clone(), &[], &approval.id.uuid(), by)?;
        Ok(true)
    }

    /// Creates the listing of a municipality's own offer, where there is none.
    pub(super) fn list_own(&self, own: &DemoOwnOffer) -> Result<(), Failure> {
        let silent = self.published(own)?.filter(|it| it.own_listing.is_none());
        let Some(offering) = silent else { return Ok(()) };
        let editor = self.caller(Role::Editor, &own.at.organisation)?;
        let (listing, id) = (own.listing.clone(), offering.id.uuid());
        self.send::<ChangeOwnListing>(listing, &[], &id, &editor).map(drop)
    }

    /// Announces the end of an offering that is still open.
    pub(super) fn close(&self, own: &DemoOwnOffer) -> Result<(), Failure> {
        let Some(closure) = &own.closure else { return Ok(()) };
        let Some(offering) = self.published(own)? else { return Ok(()) };
        let on = days_after(day_of(self.context.now()), closure.ends_in_days);
        let body = json!({
            "kind": "ending", "on": on, "reason": closure.reason,
            "windingDown": {
                "until": days_after(on, closure.served_for_days),
                "takenOverBy": closure.taken_over_by
            }
        });
        let editor = self.caller(Role::Editor, &own.at.organisation)?;
        self.send::<CloseOffering>(body, &[], &offering.id.uuid(), &editor).map(drop)
    }

    /// The offering, while it is open.
    fn published(&self, own: &DemoOwnOffer) -> Result<Option<Offering>, StoreError> {
        let found = self.store.read(|session| session.offering_of(&own.at.number, &own.service))?;
        let offering = found.map(|(offering, _)| offering);
        Ok(offering.filter(|it| matches!(it.lifecycle, OfferingLifecycle::Published(_))))
    }
}

fn days_after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}
