//! Prices between versions: announced, withdrawn, and adjusted by an index.

use super::{ChangedOffering, ChangedPart, EditedOffering, changed};
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx},
    domain::{
        Change,
        compensation::index::Adjusted,
        error::DomainError,
        offering::{Offering, OfferingCommand, announcement::Announcement},
        role::{CallerIdentity, Editor},
        validation::ValidationErrors,
        values::time::{Instant, day_of},
    },
    json::{
        compensation::{AnnouncementBody, AnnouncementForm, IndexAdjustmentBody, LaterBandsForm},
        form::Form,
    },
};

/// Announce prices.
///
/// New lines, other bands, or the withdrawal of lines that have not begun. New lines begin after today and
/// close the lines they replace; a line in force is never edited, and no zone and band with a price may lose
/// it. Public at once: each approval of the offering has its own event. The draft follows if its prices were
/// those in force.
#[derive(Debug, Form)]
#[form(name = "CompensationAnnouncementBody", closed, check = AnnounceCompensation::check, example({"lines": [{
    "unit": "hour", "amount": {"amount": "849.00", "currency": "NOK"}, "vat": "exempt", "validFrom": "2027-01-01"
}]}))]
pub struct AnnounceCompensation {
    #[form(flatten)]
    announcement: AnnouncementBody,
}

impl AnnounceCompensation {
    fn check(&self, errors: &mut ValidationErrors) {
        if let Err(found) = self.announcement.read() {
            errors.extend(found);
        }
    }
}

impl Command for AnnounceCompensation {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, AnnouncementForm>;
    type Role = Editor;
    const ROUTE: Route = Route::change(
        "announce-compensation",
        "offeringAnnounceCompensation",
        "/offerings/{id}/compensation",
    );
    const TAG: &'static str = "offerings";

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::AnnounceCompensation, now)
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let publication = self.announcement.read().map_err(DomainError::validation)?;
        let (in_force, offering) = (edited.content_in_force.as_ref(), edited.offering.clone());
        let Change { value, event } = offering.announce(in_force, publication, by, tx.now)?;
        let (offering, announcement) = value;
        let change = PriceChange { offering, announcement, adjusted: None };
        save(edited, Change { value: change, event }, self.announcement.bands, tx)
    }
}

/// Adjust prices by an index.
///
/// Every line with the index that continues from that day gets a new amount by the submitted figures, in whole
/// kroner; the computation is stored in the line. Lines with an unchanged rounded amount stay as they are. The
/// preview returns the same without saving.
#[derive(Debug, Form)]
#[form(name = "IndexAdjustmentBody", closed, check = AdjustCompensation::check, example({
    "index": "Kommunal deflator", "month": "2027-01", "figures": {"2026-01": "118", "2027-01": "121.3"}, "from": "2027-01-01"
}))]
pub struct AdjustCompensation {
    #[form(flatten)]
    adjustment: IndexAdjustmentBody,
}

impl AdjustCompensation {
    /// The result of the adjustment, or the reason for its rejection.
    ///
    /// # Errors
    /// As [`Offering::adjust`]; `validation`.
    pub fn change(
        &self,
        edited: &EditedOffering,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<PriceChange>, DomainError> {
        let adjustment = self.adjustment.read().map_err(DomainError::validation)?;
        let (in_force, offering) = (edited.content_in_force.as_ref(), edited.offering.clone());
        let Change { value, event } = offering.adjust(in_force, &adjustment, by, now)?;
        let (offering, announcement, adjusted) = value;
        let value = PriceChange { offering, announcement, adjusted: Some(adjusted) };
        Ok(Change { value, event })
    }
}

impl From<IndexAdjustmentBody> for AdjustCompensation {
    fn from(adjustment: IndexAdjustmentBody) -> Self {
        Self { adjustment }
    }
}

impl AdjustCompensation {
    fn check(&self, errors: &mut ValidationErrors) {
        if let Err(found) = self.adjustment.read() {
            errors.extend(found);
        }
    }
}

impl Command for AdjustCompensation {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, AnnouncementForm>;
    type Role = Editor;
    const ROUTE: Route = Route::change(
        "adjust-compensation",
        "offeringAdjustCompensation",
        "/offerings/{id}/index-adjustments",
    );
    const TAG: &'static str = "offerings";

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::AnnounceCompensation, now)?;
        match &edited.content_in_force {
            Some(content) => {
                content.table().may_adjust(day_of(now)).map_err(DomainError::validation)
            }
            None => Ok(()),
        }
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let change = self.change(&edited, by, tx.now)?;
        save(edited, change, None, tx)
    }
}

/// An offering after an announcement, and the lines of an index adjustment.
#[derive(Debug)]
pub struct PriceChange {
    offering: Offering,
    announcement: Announcement,
    adjusted: Option<Vec<Adjusted>>,
}

impl PriceChange {
    /// Result.
    #[must_use]
    pub fn view(&self) -> AnnouncementForm {
        let Self { offering, announcement, adjusted } = self;
        AnnouncementForm::of(offering.id.uuid(), announcement, adjusted.as_deref())
    }
}

fn save(
    edited: EditedOffering,
    Change { value, event }: Change<PriceChange>,
    bands: Option<LaterBandsForm>,
    tx: &mut Tx,
) -> Outcome<TargetView<EditedOffering, AnnouncementForm>> {
    let view = value.view();
    let PriceChange { offering, announcement, .. } = value;
    let (id, mut draft) = (offering.id, edited.draft);
    let before = edited.in_force.and_then(|it| it.said.compensation);
    let after = before.clone().unwrap_or_default().after(&announcement.published, bands);
    if draft.compensation == before {
        draft.compensation = Some(after.clone());
    }
    let part = ChangedPart::Prices(view.announced.clone(), Box::new(after));
    let saved = tx.save(changed(Change { value: offering, event }, draft, part))?;
    // Each approved provider gets its own journal row, which is not in the feed.
    for approval in tx.session.active_approvals(id, tx.now)? {
        tx.relate(approval.compensation_announced(), None);
    }
    saved.try_map(|ChangedOffering { offering, draft, .. }| {
        let (revision, path) = (offering.revision, format!("offerings/{id}"));
        Ok(TargetView { target: EditedOffering::of(tx, offering, draft)?, view, revision, path })
    })
}
