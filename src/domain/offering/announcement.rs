//! Announcement of prices: rates and bands between versions, before they begin.
//!
//! Only the price table changes like this: every provider is paid by the same lines from the same day, whatever
//! the version of its approval. All other content waits for the next version.

use chrono::NaiveDate;

use super::{Offering, OfferingCommand, content::OfferingContent};
use crate::domain::{
    Change,
    compensation::{
        index::{Adjusted, Adjustment},
        table::{Publication, Published},
    },
    error::DomainError,
    event::EventKind,
    role::Editor,
    values::time::{Instant, day_of},
};

/// The latest announcement of prices under the version in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// When.
    pub at: Instant,
    /// The first day on which any price is another.
    pub from: NaiveDate,
}

/// An announcement, with its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// When, and from which day.
    pub announced: Announced,
    /// The table afterwards, and the new, closed and withdrawn lines.
    pub published: Published,
}

impl Offering {
    /// Announces rates and bands, or withdraws those that have not begun. `in_force` is the version in force
    /// with all later announcements.
    ///
    /// # Errors
    /// `not-found` for another municipality's editor; `illegal-transition` before the first version and
    /// once the offering has ended; `validation` with all that
    /// [`Table::publish`](crate::domain::compensation::table::Table::publish) says.
    pub fn announce(
        self,
        in_force: Option<&OfferingContent>,
        publication: Publication,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<(Self, Announcement)>, DomainError> {
        let content = self.priced(in_force, by, now)?;
        self.announced(content, publication, vec![], now)
    }

    /// Adjusts the rates of an index, and announces those with a changed amount. Discarding the result gives a
    /// preview.
    ///
    /// # Errors
    /// As [`Offering::announce`]; those of [`Table::adjust`](crate::domain::compensation::table::Table::adjust).
    pub fn adjust(
        self,
        in_force: Option<&OfferingContent>,
        adjustment: &Adjustment,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<(Self, Announcement, Vec<Adjusted>)>, DomainError> {
        let content = self.priced(in_force, by, now)?;
        let adjusted = content.table().adjust(adjustment).map_err(DomainError::validation)?;
        let publication = Publication::of_adjusted(adjusted.clone());
        let detail =
            vec![("index", adjustment.name.to_string()), ("month", adjustment.month.to_string())];
        let Change { value, event } = self.announced(content, publication, detail, now)?;
        Ok(Change { value: (value.0, value.1, adjusted), event })
    }

    /// Checks the command, and returns the content in force.
    fn priced<'a>(
        &self,
        in_force: Option<&'a OfferingContent>,
        by: &Editor,
        now: Instant,
    ) -> Result<&'a OfferingContent, DomainError> {
        self.owned_by(by)?;
        self.may(OfferingCommand::AnnounceCompensation, now)?;
        in_force.ok_or_else(|| self.illegal(OfferingCommand::AnnounceCompensation, now))
    }

    fn announced(
        self,
        in_force: &OfferingContent,
        publication: Publication,
        mut detail: Vec<(&'static str, String)>,
        now: Instant,
    ) -> Result<Change<(Self, Announcement)>, DomainError> {
        let bands_from = publication.bands.as_ref().map(|(from, _)| *from);
        let table = in_force.table().clone();
        let published = table.publish(publication, day_of(now)).map_err(DomainError::validation)?;
        let from = published.first_day().into_iter().chain(bands_from).min();
        let announced = Announced { at: now, from: from.unwrap_or_else(|| day_of(now)) };
        detail.extend([
            ("from", announced.from.to_string()),
            ("added", published.added.len().to_string()),
            ("closed", published.closed.len().to_string()),
            ("withdrawn", published.withdrawn.len().to_string()),
        ]);
        let Change { value, event } = self.step(EventKind::CompensationAnnounced, detail);
        Ok(Change { value: (value, Announcement { announced, published }), event })
    }
}
