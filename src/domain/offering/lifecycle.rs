//! Lifecycle of an offering: announced, closed to new providers, ended. Dates are stored; states are derived.

use chrono::NaiveDate;

use super::VersionNumber;
use crate::domain::{
    approval::WindingDown,
    values::{
        text::LocalText,
        time::{Instant, end_of_day, start_of_day},
    },
};

keywords! {
    /// Where an offering is in its life at an instant.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum OfferingState {
        /// Utkast: never published.
        Draft = "draft",
        /// Announced, and open to applications.
        Published = "published",
        /// Closed to new providers: approved ones continue, no new one is admitted.
        ClosedToNew = "closed-to-new",
        /// Avsluttet: history.
        Ended = "ended",
    }
}

impl OfferingState {
    /// State of a published offering, from the first day of its closing and its last day.
    #[must_use]
    pub fn published_at(
        now: Instant,
        closed_from: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
    ) -> Self {
        if ends_on.is_some_and(|day| end_of_day(day) <= now) {
            Self::Ended
        } else if closed_from.is_some_and(|day| start_of_day(day) <= now) {
            Self::ClosedToNew
        } else {
            Self::Published
        }
    }
}

/// Announced closing: no new provider is admitted from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The first day on which nothing new is taken.
    pub from: NaiveDate,
    /// Why, for everyone to read.
    pub reason: LocalText,
}

/// Announced: the offering ends, and with it every approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The last day.
    pub on: NaiveDate,
    /// Why, for everyone to read.
    pub reason: LocalText,
    /// How users are taken over.
    pub winding_down: WindingDown,
}

/// The announced closing to new providers, the end, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferingClosure {
    pub to_new: Option<Closing>,
    pub ending: Option<Ending>,
}

impl OfferingClosure {
    /// The state of a published offering with this announced.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> OfferingState {
        let from = self.to_new.as_ref().map(|closing| closing.from);
        OfferingState::published_at(now, from, self.ending.as_ref().map(|ending| ending.on))
    }

    /// The instants at which the state changes.
    pub fn instants(&self) -> impl Iterator<Item = Instant> + use<> {
        let from = self.to_new.as_ref().map(|closing| start_of_day(closing.from));
        from.into_iter().chain(self.ending.as_ref().map(|ending| end_of_day(ending.on)))
    }
}

/// Stored dates of an offering. An announced end is never withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferingLifecycle {
    /// Never published.
    Draft,
    Published(VersionNumber),
    /// Published, and its closing to new providers announced.
    Closing(VersionNumber, Closing),
    /// Published, and its end announced.
    Ending(VersionNumber, Option<Closing>, Ending),
}

impl OfferingLifecycle {
    /// The version in force, where one is published; every earlier one is superseded.
    #[must_use]
    pub const fn version(&self) -> Option<VersionNumber> {
        match self {
            Self::Draft => None,
            Self::Published(version) | Self::Closing(version, _) | Self::Ending(version, ..) => {
                Some(*version)
            }
        }
    }

    /// The announced closing, where there is one.
    #[must_use]
    pub const fn closing(&self) -> Option<&Closing> {
        match self {
            Self::Closing(_, closing) => Some(closing),
            Self::Ending(_, closing, _) => closing.as_ref(),
            Self::Draft | Self::Published(_) => None,
        }
    }

    /// The announced end, where there is one.
    #[must_use]
    pub const fn ending(&self) -> Option<&Ending> {
        match self {
            Self::Ending(_, _, ending) => Some(ending),
            _ => None,
        }
    }

    /// The announced dates, if any.
    #[must_use]
    pub fn closure(&self) -> Option<OfferingClosure> {
        let (to_new, ending) = (self.closing().cloned(), self.ending().cloned());
        (to_new.is_some() || ending.is_some()).then_some(OfferingClosure { to_new, ending })
    }

    /// The state at an instant.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> OfferingState {
        match self {
            Self::Draft => OfferingState::Draft,
            _ => OfferingState::published_at(
                now,
                self.closing().map(|closing| closing.from),
                self.ending().map(|ending| ending.on),
            ),
        }
    }

    /// The same with another version in force.
    pub(super) fn in_version(self, version: VersionNumber) -> Self {
        match self {
            Self::Draft | Self::Published(_) => Self::Published(version),
            Self::Closing(_, closing) => Self::Closing(version, closing),
            Self::Ending(_, closing, ending) => Self::Ending(version, closing, ending),
        }
    }
}
