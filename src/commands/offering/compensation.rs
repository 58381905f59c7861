//! Prices between versions: announced, withdrawn, and adjusted by an index.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{ChangedOffering, ChangedPart, EditedOffering, changed};
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx},
    domain::{
        Change,
        compensation::{
            index::{Adjusted, Adjustment, Month},
            number::Ratio,
            table::Publication,
        },
        error::DomainError,
        offering::{Offering, OfferingCommand, announcement::Announcement, content::Compensation},
        role::{CallerIdentity, Editor},
        values::{
            text::Line,
            time::{Instant, day_of},
        },
    },
    json::{
        compensation::{AnnouncementView, LaterBands, StatedRate, WithdrawnLine},
        form::{Form, serde_bridge::serde_by_form},
    },
    store::corrupt,
};

serde_by_form!(AdjustCompensation);

/// Announce prices.
///
/// New lines, other bands, or the withdrawal of lines that have not begun. New lines begin after today and
/// close the lines they replace; a line in force is never edited, and no zone and band with a price may lose
/// it. Public at once: each approval of the offering has its own event. The draft follows if its prices were
/// those in force.
#[derive(Debug, Form)]
#[form(name = "CompensationAnnouncementBody", closed, example({"lines": [{
    "unit": "hour", "amount": {"amount": "849.00", "currency": "NOK"}, "vat": "exempt", "validFrom": "2027-01-01"
}]}))]
pub struct AnnounceCompensation {
    /// New lines.
    #[form(default, max_items = 2000)]
    lines: Vec<StatedRate>,
    /// Lines that were announced and have not begun: they fall away.
    #[form(default, max_items = 2000)]
    withdrawn: Vec<WithdrawnLine>,
    /// Other bands from a day on, instead of all that are announced for that day or later.
    bands: Option<LaterBands>,
}

impl AnnounceCompensation {
    fn into_publication(self) -> Publication {
        let withdrawn = self.withdrawn.into_iter().map(|it| (it.key, it.valid_from));
        Publication {
            withdrawn: withdrawn.collect(),
            rates: self.lines.into_iter().map(|it| it.0).collect(),
            bands: self.bands.map(|it| (it.from, it.bands)),
        }
    }
}

impl Command for AnnounceCompensation {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, AnnouncementView>;
    type Role = Editor;
    const ROUTE: Route = Route::change(
        "announce-compensation",
        "offeringAnnounceCompensation",
        "/offerings/{id}/compensation",
    );

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::AnnounceCompensation, now)
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let (in_force, offering) = (edited.content_in_force(), edited.offering.clone());
        let publication = self.into_publication();
        let Change { value, event } = offering.announce(in_force, publication, by, tx.now)?;
        let (offering, announcement) = value;
        let change = PriceChange { offering, announcement, adjusted: None };
        save(edited, Change { value: change, event }, tx)
    }
}

/// Adjust prices by an index.
///
/// Every line with the index that continues from that day gets a new amount by the submitted figures, in whole
/// kroner; the computation is stored in the line. Lines with an unchanged rounded amount stay as they are. The
/// preview returns the same without saving.
#[derive(Debug, Form)]
#[form(name = "IndexAdjustmentBody", closed, example({
    "index": "Kommunal deflator", "month": "2027-01", "figures": {"2026-01": "118", "2027-01": "121.3"}, "from": "2027-01-01"
}))]
pub struct AdjustCompensation {
    /// The index, as the lines name it.
    index: Line,
    /// The month to adjust to.
    month: Month,
    /// The figures by month: of that month, and of every base month of the lines.
    figures: BTreeMap<Month, Ratio>,
    /// The first day of the new amounts, after today.
    from: NaiveDate,
}

impl AdjustCompensation {
    /// The result of the adjustment, or the reason for its rejection.
    ///
    /// # Errors
    /// As [`Offering::adjust`].
    pub fn change(
        self,
        edited: &EditedOffering,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<PriceChange>, DomainError> {
        let Self { index: name, month, figures, from } = self;
        let adjustment = Adjustment { name, month, figures, from };
        let (in_force, offering) = (edited.content_in_force(), edited.offering.clone());
        let Change { value, event } = offering.adjust(in_force, &adjustment, by, now)?;
        let (offering, announcement, adjusted) = value;
        let value = PriceChange { offering, announcement, adjusted: Some(adjusted) };
        Ok(Change { value, event })
    }
}

impl Command for AdjustCompensation {
    type Target = EditedOffering;
    type Answer = TargetView<EditedOffering, AnnouncementView>;
    type Role = Editor;
    const ROUTE: Route = Route::change(
        "adjust-compensation",
        "offeringAdjustCompensation",
        "/offerings/{id}/index-adjustments",
    );

    fn guard(edited: &EditedOffering, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        edited.guard(OfferingCommand::AnnounceCompensation, now)?;
        match edited.content_in_force() {
            Some(content) => {
                content.table().may_adjust(day_of(now)).map_err(DomainError::validation)
            }
            None => Ok(()),
        }
    }

    fn run(self, edited: EditedOffering, by: &Editor, tx: &mut Tx) -> Outcome<Self::Answer> {
        let change = self.change(&edited, by, tx.now)?;
        save(edited, change, tx)
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
    #[must_use]
    pub fn view(&self) -> AnnouncementView {
        AnnouncementView::of(self.offering.id, &self.announcement, self.adjusted.clone())
    }
}

fn save(
    edited: EditedOffering,
    Change { value, event }: Change<PriceChange>,
    tx: &mut Tx,
) -> Outcome<TargetView<EditedOffering, AnnouncementView>> {
    let view = value.view();
    let PriceChange { offering, announcement: Announcement { announced, published }, .. } = value;
    let (id, mut draft) = (offering.id, edited.draft);
    let before = edited.in_force.map(|it| it.content.parts().compensation.clone());
    let before = before.ok_or_else(|| corrupt("offering", id))?;
    let after = Compensation {
        divisions: published.table.divisions().clone(),
        rates: published.table.rates().to_vec(),
        extras: before.extras,
    };
    if draft.compensation().as_ref() == Some(&before) {
        draft.set_compensation(&after);
    }
    let part = ChangedPart::Prices(announced, Box::new(after));
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
