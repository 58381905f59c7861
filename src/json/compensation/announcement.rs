//! Announcements of prices between versions, and their effect.

use chrono::NaiveDate;

use super::super::form::{Form, form, serde_bridge::serde_by_form};
use crate::domain::{
    compensation::{
        index::{Adjusted, Computation},
        rate::{Rate, RateKey},
    },
    offering::announcement::{Announced, Announcement},
    values::{ids::OfferingId, time::Instant},
};

serde_by_form!(Announced, AnnouncementView);

form! {
    /// When prices were announced last under the version in force, and from which day.
    #[form(name = "CompensationAnnounced", example({"at": "2026-11-02T09:00:00Z", "from": "2027-01-01"}))]
    struct Announced {
        /// When they were announced.
        at: Instant,
        /// The first day on which a price is another.
        from: NaiveDate,
    }
}

/// A line that has not begun.
#[derive(Debug, Form)]
#[form(name = "WithdrawnLine", closed, example({"unit": "hour", "validFrom": "2027-01-01"}))]
pub struct WithdrawnLine {
    #[form(flatten)]
    pub key: RateKey,
    /// Its first day.
    pub valid_from: NaiveDate,
}

/// Result of an announcement.
#[derive(Debug, Form)]
#[form(name = "CompensationAnnouncement")]
pub struct AnnouncementView {
    /// The offering's id.
    offering_id: OfferingId,
    /// When, and from which day.
    #[form(flatten)]
    announced: Announced,
    /// Lines that are new.
    added: Vec<Rate>,
    /// Lines that have got another last day.
    closed: Vec<Rate>,
    /// Lines that fell away before they began.
    withdrawn: Vec<Rate>,
    /// An index adjustment: each line that follows the index, and how it was reckoned.
    adjusted: Option<Vec<Adjusted>>,
}

form! {
    /// Effect of an index adjustment on one line.
    #[form(name = "AdjustedLine")]
    struct Adjusted {
        /// The line before.
        before: Rate,
        /// How the new amount was reckoned.
        computation: Computation,
        /// The line that takes over; absent where the rounded amount is the same, so that the line stays as it is.
        after: Option<Rate>,
    }
}

impl AnnouncementView {
    /// Effect of an announcement on an offering's table.
    #[must_use]
    pub fn of(
        offering_id: OfferingId,
        announcement: &Announcement,
        adjusted: Option<Vec<Adjusted>>,
    ) -> Self {
        let Announcement { announced, published } = announcement.clone();
        Self {
            offering_id,
            announced,
            added: published.added,
            closed: published.closed,
            withdrawn: published.withdrawn,
            adjusted,
        }
    }
}
