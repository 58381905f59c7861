//! Listing: a provider's own description in one place: capacity, way of working, add-on services.

use chrono::NaiveDate;

use super::{Approval, ApprovalCommand};
use crate::domain::{
    Change,
    compensation::rate::Unit,
    error::{DomainError, Noun},
    event::EventKind,
    provider::confirmation_time,
    role::ProviderUser,
    values::{
        money::Price,
        numbers::Language,
        text::{Line, LocalPresentation},
        time::{Instant, Period},
    },
};

keywords! {
    /// Capacity for more users. A provider without capacity stays listed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ListingCapacity {
        Open = "open",
        /// Limited capacity.
        Limited = "limited",
        /// No capacity.
        Full = "full",
    }
}

keywords! {
    /// Visiting times in the day and the week.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum TimeOfDay {
        /// By day, on weekdays.
        Day = "day",
        Evening = "evening",
        /// At night.
        Night = "night",
        /// On Saturdays and Sundays.
        Weekend = "weekend",
    }
}

/// Tilleggstjeneste: sold by the provider to the user, never part of the municipal service and
/// never in the compensation table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOn {
    /// Name of the service.
    pub name: Line,
    /// For how much.
    pub price: Price,
    /// Unit of the price, as in the price table.
    pub unit: Unit,
}

/// Visiting times, each once; empty if not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimesOfDay(Vec<TimeOfDay>);

impl TimesOfDay {
    /// The times in the provider's order. Error: the position of a repeated one.
    pub fn new(times: Vec<TimeOfDay>) -> Result<Self, usize> {
        let is_repeated =
            |(i, time): &(usize, &TimeOfDay)| times.iter().take(*i).any(|it| it == *time);
        match times.iter().enumerate().find(is_repeated) {
            Some((position, _)) => Err(position),
            None => Ok(Self(times)),
        }
    }

    /// The times, in the provider's order.
    #[must_use]
    pub fn as_slice(&self) -> &[TimeOfDay] {
        &self.0
    }
}

/// Optional parts of a listing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingDetails {
    /// A short factual presentation for this place.
    pub text: Option<LocalPresentation>,
    /// Languages spoken with users here.
    pub languages: Vec<Language>,
    /// Visiting times.
    pub times_of_day: TimesOfDay,
    /// When its office answers.
    pub opening_hours: Option<LocalPresentation>,
    /// How users meet the same people.
    pub continuity: Option<LocalPresentation>,
    /// Special competence.
    pub special_competence: Option<LocalPresentation>,
    /// How soon it starts.
    pub starts_within: Option<Period>,
    /// Services sold beside the municipal service.
    pub add_ons: Vec<AddOn>,
}

/// Content of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Capacity.
    pub capacity: ListingCapacity,
    /// Since which day that is so.
    pub capacity_on: NaiveDate,
    pub details: ListingDetails,
    /// When the provider last confirmed that this is right.
    pub confirmed_at: Instant,
}

impl Listing {
    /// Replaces a former listing, which confirms it. An equal one is confirmed once a day.
    #[must_use]
    pub(in crate::domain) fn put_after(self, before: Option<&Self>, now: Instant) -> Self {
        let same = before.filter(|before| {
            let confirmed_at = before.confirmed_at;
            Self { confirmed_at, ..self.clone() } == **before
        });
        let confirmed_at = same.map_or(now, |before| confirmation_time(before.confirmed_at, now));
        Self { confirmed_at, ..self }
    }
}

impl Approval {
    /// The provider edits its listing, which also confirms it.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` once the approval is over.
    pub fn change_listing(
        self,
        listing: Listing,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.held_by(&by.organisation)?;
        self.may(ApprovalCommand::ChangeListing, now)?;
        let detail = vec![("capacity", listing.capacity.as_str().to_owned())];
        let listing = Some(listing.put_after(self.listing.as_ref(), now));
        Ok(Self { listing, ..self }.step(EventKind::ListingChanged, detail))
    }

    /// Guards a confirmation of the listing.
    ///
    /// # Errors
    /// `illegal-transition`; `not-found` where there is none.
    pub fn may_confirm_listing(&self, now: Instant) -> Result<(), DomainError> {
        if self.listing.is_none() {
            return Err(DomainError::not_found(Noun::Listing));
        }
        self.may(ApprovalCommand::ChangeListing, now)
    }

    /// The provider confirms that its listing is right.
    ///
    /// # Errors
    /// As [`Approval::change_listing`]; `not-found` where there is none.
    pub fn confirm_listing(
        self,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.held_by(&by.organisation)?;
        let listing = self.listing.clone().ok_or_else(|| DomainError::not_found(Noun::Listing))?;
        self.change_listing(listing, by, now)
    }
}
