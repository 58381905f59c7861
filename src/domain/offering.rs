//! Tilbud (ordning): the user-choice arrangement for one service in one municipality, and its versions.

pub mod announcement;
pub mod content;
pub mod intake;
mod lifecycle;
mod own_listing;
mod terms;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{
    Change,
    agenda::{Item, Task},
    approval::Listing,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    municipality::Municipality,
    role::Editor,
    values::{
        ids::{OfferingId, Revision},
        numbers::MunicipalityNumber,
        text::Code,
        time::{Instant, day_of, end_of_day, start_of_day},
    },
};
use crate::domain::message::fields;
use content::{LegalBasis, OfferingContent};
pub use lifecycle::{Closing, Ending, OfferingClosure, OfferingLifecycle, OfferingState};

/// Number of a version; 1 is the first that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber(pub i32);

/// An offering. Its texts are in its draft and in its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offering {
    pub id: OfferingId,
    /// The municipality.
    pub municipality: MunicipalityNumber,
    /// The code of the one service it concerns.
    pub service: Code,
    /// Its stored dates; the state at an instant is derived from them.
    pub lifecycle: OfferingLifecycle,
    /// The municipality's present listing of its own offer, beside the version in force.
    pub own_listing: Option<Listing>,
    /// Number of accepted commands.
    pub revision: Revision,
}

/// A published version. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub offering: OfferingId,
    pub number: VersionNumber,
    /// All that was published.
    pub content: OfferingContent,
    /// When.
    pub published_at: Instant,
}

/// Proof that an offering takes applications now, and on which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open<'a> {
    pub offering: &'a Offering,
    /// The version in force.
    pub version: VersionNumber,
}

keywords! {
    /// A command of an editor on an offering.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum OfferingCommand {
        ChangeDraft = "change-draft",
        Publish = "publish",
        CloseToNew = "close-to-new",
        End = "end",
        /// Edit the listing of the municipality's own offer, or confirm it.
        ChangeOwnListing = "change-own-listing",
        /// Announce prices, or adjust them by an index.
        AnnounceCompensation = "announce-compensation",
    }
}

impl OfferingCommand {
    fn possible_in(self, lifecycle: &OfferingLifecycle, now: Instant) -> bool {
        match self {
            Self::ChangeDraft | Self::Publish => lifecycle.state_at(now) != OfferingState::Ended,
            Self::CloseToNew => matches!(lifecycle, OfferingLifecycle::Published(_)),
            Self::End => {
                matches!(
                    lifecycle,
                    OfferingLifecycle::Published(_) | OfferingLifecycle::Closing(..)
                )
            }
            Self::ChangeOwnListing | Self::AnnounceCompensation => {
                matches!(
                    lifecycle.state_at(now),
                    OfferingState::Published | OfferingState::ClosedToNew
                )
            }
        }
    }
}

impl Offering {
    /// Starts an offering with an empty draft.
    #[must_use]
    pub fn draft(id: OfferingId, service: Code, by: &Editor) -> Change<Self> {
        let value = Self {
            id,
            municipality: by.municipality.clone(),
            service,
            lifecycle: OfferingLifecycle::Draft,
            own_listing: None,
            revision: Revision::FIRST,
        };
        let event = value.event(EventKind::OfferingDrafted, vec![]);
        Change { value, event }
    }

    /// The state at an instant.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> OfferingState {
        self.lifecycle.state_at(now)
    }

    /// Records a change of the next version's draft, which is not yet in force.
    ///
    /// # Errors
    /// `not-found` for an editor of another municipality, `illegal-transition` when it has ended.
    pub fn change_draft(self, by: &Editor, now: Instant) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        self.may(OfferingCommand::ChangeDraft, now)?;
        Ok(self.step(EventKind::OfferingDraftChanged, vec![]))
    }

    /// Publishes complete content as the next version, in force at once. Its price table continues the present
    /// one.
    ///
    /// # Errors
    /// `not-found` for another municipality's editor; `illegal-transition` when it has ended;
    /// `validation` where the legal basis is not in force, and below `/compensation` with what
    /// [`Table::succeeds`](super::compensation::table::Table::succeeds) says; `must-stay-open` where
    /// the basis forbids the closing that is announced.
    pub fn publish(
        mut self,
        content: OfferingContent,
        in_force: Option<&OfferingContent>,
        municipality: &Municipality,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<(Self, Version)>, DomainError> {
        self.owned_by(by)?;
        debug_assert_eq!(municipality.number, self.municipality);
        self.publishable(&content, in_force, now)?;
        let number =
            self.lifecycle.version().map_or(VersionNumber(1), |last| VersionNumber(last.0 + 1));
        self.lifecycle = self.lifecycle.in_version(number);
        let version = Version { offering: self.id, number, content, published_at: now };
        let detail = vec![("version", number.0.to_string())];
        let Change { value, event } = self.step(EventKind::OfferingPublished, detail);
        Ok(Change { value: (value, version), event })
    }

    /// Guards the publication of complete content.
    ///
    /// # Errors
    /// As [`Offering::publish`].
    pub fn publishable(
        &self,
        content: &OfferingContent,
        in_force: Option<&OfferingContent>,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.may(OfferingCommand::Publish, now)?;
        if !content.legal_basis().in_force(day_of(now)) {
            return Err(DomainError::invalid("/legalBasis", fields::legal_basis_not_in_force()));
        }
        if self.lifecycle.closing().is_some() && content.legal_basis().is_open_to_all() {
            return Err(DomainError::must_stay_open());
        }
        let Some(in_force) = in_force else { return Ok(()) };
        let follows = content.table().succeeds(in_force.table(), day_of(now));
        follows.map_err(|errors| DomainError::validation(errors.under("/compensation")))
    }

    /// Announces that no new provider is admitted from a day on.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `must-stay-open`, `validation` (`date-in-past`).
    pub fn close_to_new(
        mut self,
        closing: Closing,
        in_force: LegalBasis,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        self.closable(in_force, now)?;
        let OfferingLifecycle::Published(version) = self.lifecycle else {
            return Err(self.illegal(OfferingCommand::CloseToNew, now));
        };
        not_past("/from", closing.from, now)?;
        let detail = vec![("kind", "to-new".to_owned()), ("from", closing.from.to_string())];
        self.lifecycle = OfferingLifecycle::Closing(version, closing);
        Ok(self.step(EventKind::OfferingClosureAnnounced, detail))
    }

    fn closable(&self, in_force: LegalBasis, now: Instant) -> Result<(), DomainError> {
        self.may(OfferingCommand::CloseToNew, now)?;
        if in_force.is_open_to_all() { Err(DomainError::must_stay_open()) } else { Ok(()) }
    }

    /// Announces the end. It is never taken back, since every approval ends with it.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`date-in-past`, `date-order`).
    pub fn end(
        mut self,
        ending: Ending,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        let (version, closing) = match self.lifecycle {
            OfferingLifecycle::Published(version) => (version, None),
            OfferingLifecycle::Closing(version, ref closing) => (version, Some(closing.clone())),
            OfferingLifecycle::Draft | OfferingLifecycle::Ending(..) => {
                return Err(self.illegal(OfferingCommand::End, now));
            }
        };
        not_past("/on", ending.on, now)?;
        if ending.winding_down.until < ending.on {
            return Err(DomainError::invalid(
                "/windingDown/until",
                fields::date_order_winding_down_offering(),
            ));
        }
        let detail = vec![("kind", "ending".to_owned()), ("on", ending.on.to_string())];
        self.lifecycle = OfferingLifecycle::Ending(version, closing, ending);
        Ok(self.step(EventKind::OfferingClosureAnnounced, detail))
    }

    /// Proof that applications are taken.
    ///
    /// # Errors
    /// `offering-not-open`.
    pub fn open(&self, now: Instant) -> Result<Open<'_>, DomainError> {
        match (self.state_at(now), self.lifecycle.version()) {
            (OfferingState::Published, Some(version)) => Ok(Open { offering: self, version }),
            (state, _) => Err(DomainError::offering_not_open(state.as_str())),
        }
    }

    /// Others may not know of a municipality's drafts.
    ///
    /// # Errors
    /// `not-found`.
    pub fn owned_by(&self, by: &Editor) -> Result<(), DomainError> {
        if by.municipality == self.municipality {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Offering))
        }
    }

    /// Checks a command of an editor; the content in force and a complete draft may be obstacles.
    ///
    /// # Errors
    /// Why it is not possible now.
    pub fn guard(
        &self,
        command: OfferingCommand,
        in_force: Option<&OfferingContent>,
        draft: Result<&OfferingContent, DomainError>,
        now: Instant,
    ) -> Result<(), DomainError> {
        match (command, in_force) {
            (OfferingCommand::Publish, _) => self
                .may(command, now)
                .and(draft)
                .and_then(|content| self.publishable(content, in_force, now)),
            (OfferingCommand::CloseToNew, Some(content)) => {
                self.closable(content.legal_basis(), now)
            }
            _ => self.may(command, now),
        }
    }

    /// Changes by time: the public record changes on the announced days.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        let closes = self.lifecycle.closing().map(|c| (Task::OfferingCloses, start_of_day(c.from)));
        let ends = self.lifecycle.ending().map(|e| (Task::OfferingEnds, end_of_day(e.on)));
        closes.into_iter().chain(ends).map(|(task, at)| Item::new(task, at)).collect()
    }

    /// Event for an announced day that has come, for the public record. `None` if it has not, or if later
    /// events exist.
    #[must_use]
    pub fn day_has_come(self, task: Task, now: Instant) -> Option<Change<Self>> {
        let kind = match (task, self.state_at(now)) {
            (Task::OfferingCloses, OfferingState::ClosedToNew) => EventKind::OfferingClosedToNew,
            (Task::OfferingEnds, OfferingState::Ended) => EventKind::OfferingEnded,
            _ => return None,
        };
        Some(self.step(kind, vec![]))
    }

    fn may(&self, command: OfferingCommand, now: Instant) -> Result<(), DomainError> {
        if command.possible_in(&self.lifecycle, now) {
            Ok(())
        } else {
            Err(self.illegal(command, now))
        }
    }

    fn illegal(&self, command: OfferingCommand, now: Instant) -> DomainError {
        let allowed = OfferingCommand::ALL
            .into_iter()
            .filter(|command| command.possible_in(&self.lifecycle, now));
        let allowed = allowed.map(OfferingCommand::as_str).collect();
        DomainError::illegal_transition(command.as_str(), self.state_at(now).as_str(), allowed)
    }

    fn step(mut self, kind: EventKind, detail: Vec<(&'static str, String)>) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind, detail);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind, detail: Vec<(&'static str, String)>) -> Event {
        Event {
            kind,
            subject: Subject::Offering(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: None,
            detail,
        }
    }
}

/// An announced day is today or later.
fn not_past(pointer: &str, day: NaiveDate, now: Instant) -> Result<(), DomainError> {
    if day < day_of(now) {
        return Err(DomainError::invalid(pointer, fields::date_in_past_closure()));
    }
    Ok(())
}
