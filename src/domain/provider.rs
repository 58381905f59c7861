//! Provider: an organisation that delivers services, and its profile for citizens.

mod addresses;

use self::addresses::addresses_of;
use super::{
    Change,
    agenda::{Item, Task},
    error::DomainError,
    event::{Event, EventKind, Subject},
    role::ProviderUser,
    values::{
        ids::{AddressToken, Revision},
        numbers::{Language, OrganisationNumber},
        text::{Email, Line, LocalPresentation, Phone, WebAddress},
        time::{Instant, YEAR, day_of, end_of_day, unrolled_day},
    },
};

pub use addresses::NoticeAddress;

keywords! {
    /// Kind of organisation.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ProviderKind {
        /// Kommersiell.
        Commercial = "commercial",
        /// Ideell.
        NonProfit = "non-profit",
        /// Kommunal.
        Municipal = "municipal",
    }
}

/// Content of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Name as in Enhetsregisteret.
    pub name: Line,
    /// Kind of organisation.
    pub kind: ProviderKind,
    /// Where notices are sent (eForvaltningsforskriften § 8). Not public.
    pub notification_address: Email,
    /// Further addresses, at most 9. Not public.
    pub further_notification_addresses: Vec<Email>,
    /// A short factual presentation.
    pub presentation: LocalPresentation,
    /// Languages spoken with users, at most 40.
    pub languages: Vec<Language>,
    /// Public telephone.
    pub phone: Option<Phone>,
    /// Public web page.
    pub web: Option<WebAddress>,
}

/// When something that was confirmed at an instant is to be confirmed again: twelve months on.
#[must_use]
pub fn stale_from(confirmed_at: Instant) -> Instant {
    end_of_day(unrolled_day(day_of(confirmed_at), YEAR))
}

/// The time of a repeated confirmation: that of the first one on the same Norwegian day, since deadlines are
/// counted in days.
#[must_use]
pub fn confirmation_time(before: Instant, now: Instant) -> Instant {
    if day_of(before) < day_of(now) { now } else { before }
}

/// A registered provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its organisation number, checked.
    pub organisation_number: OrganisationNumber,
    /// The profile.
    pub profile: Profile,
    /// When the provider last confirmed that it is right.
    pub confirmed_at: Instant,
    /// Where notices are sent, once confirmed.
    pub addresses: Vec<NoticeAddress>,
    /// How many times it has been put.
    pub revision: Revision,
}

impl Provider {
    /// Creates or replaces the profile, which also confirms it.
    ///
    /// # Errors
    /// `not-your-organisation` for another organisation's number.
    pub fn put(
        before: Option<Self>,
        number: OrganisationNumber,
        profile: Profile,
        by: &ProviderUser,
        new_token: impl FnMut() -> AddressToken,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != number {
            return Err(DomainError::not_your_organisation());
        }
        let (kind, revision) = match &before {
            None => (EventKind::ProviderRegistered, Revision::FIRST),
            Some(before) if before.profile == profile => {
                (EventKind::ProviderConfirmed, before.revision.next())
            }
            Some(before) => (EventKind::ProviderUpdated, before.revision.next()),
        };
        let known = before.as_ref().map(|before| before.addresses.as_slice()).unwrap_or_default();
        let addresses = addresses_of(&profile, known, new_token, now);
        let same = before.filter(|before| before.profile == profile);
        let confirmed_at = same.map_or(now, |before| confirmation_time(before.confirmed_at, now));
        let value =
            Self { organisation_number: number, profile, confirmed_at, addresses, revision };
        Ok(value.change(kind))
    }

    /// Confirms the present profile.
    ///
    /// # Errors
    /// `not-your-organisation`.
    pub fn confirm(self, by: &ProviderUser, now: Instant) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.organisation_number {
            return Err(DomainError::not_your_organisation());
        }
        let revision = self.revision.next();
        let confirmed_at = confirmation_time(self.confirmed_at, now);
        Ok(Self { confirmed_at, revision, ..self }.change(EventKind::ProviderConfirmed))
    }

    /// Due items: the profile is to be confirmed, and becomes stale otherwise.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        let stale = stale_from(self.confirmed_at);
        [Task::ConfirmProfile, Task::ProfileStale].map(|task| Item::new(task, stale)).to_vec()
    }

    fn change(self, kind: EventKind) -> Change<Self> {
        let event = self.event(kind);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind) -> Event {
        let number = &self.organisation_number;
        Event {
            kind,
            subject: Subject::Provider(number.clone()),
            revision: self.revision,
            municipality: None,
            provider: Some(number.clone()),
            detail: vec![],
        }
    }
}
