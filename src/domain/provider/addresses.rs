//! Addresses for notices (eForvaltningsforskriften § 8): each is confirmed by a link before it is used.

use chrono::TimeDelta;

use super::{Profile, Provider};
use crate::domain::{
    Change,
    error::{DomainError, Noun},
    event::{Event, EventKind},
    notice::{Notice, NoticeKind},
    values::{ids::AddressToken, text::Email, time::Instant},
};

/// After that time another link is sent to an address that is not confirmed, when the profile is put again.
const ASKED_AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);

/// An address, and whether somebody there has confirmed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeAddress {
    pub address: Email,
    /// The secret in its link.
    pub token: AddressToken,
    /// When the link was made.
    pub asked_at: Instant,
    pub confirmed_at: Option<Instant>,
}

impl NoticeAddress {
    fn is_asked_at(&self, at: Instant) -> bool {
        self.confirmed_at.is_none() && self.asked_at == at
    }
}

/// The addresses of a profile: known ones stay as they are, others get a link.
pub(super) fn addresses_of(
    profile: &Profile,
    known: &[NoticeAddress],
    mut new_token: impl FnMut() -> AddressToken,
    now: Instant,
) -> Vec<NoticeAddress> {
    let mut address = |address: &Email| {
        let known = known.iter().find(|it| it.address == *address);
        let waits = |it: &&NoticeAddress| {
            it.confirmed_at.is_some() || now < it.asked_at + ASKED_AGAIN_AFTER
        };
        known.filter(waits).cloned().unwrap_or_else(|| NoticeAddress {
            address: address.clone(),
            token: new_token(),
            asked_at: now,
            confirmed_at: None,
        })
    };
    let mut addresses: Vec<NoticeAddress> = vec![];
    for one in profile.notification_addresses() {
        if addresses.iter().all(|it| it.address != *one) {
            addresses.push(address(one));
        }
    }
    addresses
}

impl Profile {
    /// All addresses for notices, the first one first.
    fn notification_addresses(&self) -> impl Iterator<Item = &Email> {
        std::iter::once(&self.notification_address).chain(&self.further_notification_addresses)
    }
}

impl Provider {
    /// That links were made at an instant, for the notice that has them.
    #[must_use]
    pub fn addresses_asked(&self, now: Instant) -> Option<Event> {
        let asked = self.addresses.iter().any(|it| it.is_asked_at(now));
        asked.then(|| self.event(EventKind::ProviderAddressAdded))
    }

    /// Where a notice is sent, with the secret of the link where it asks for a confirmation.
    #[must_use]
    pub fn recipients(&self, notice: &Notice) -> Vec<NoticeAddress> {
        let asks = notice.kind == NoticeKind::ConfirmAddress;
        let is_recipient = |it: &&NoticeAddress| {
            if asks { it.is_asked_at(notice.created_at) } else { it.confirmed_at.is_some() }
        };
        self.addresses.iter().filter(is_recipient).cloned().collect()
    }

    /// Confirms the address whose link was opened. The profile and its revision, which are public, stay as they are.
    ///
    /// # Errors
    /// `not-found` for an unknown or replaced link.
    pub fn confirm_address(
        mut self,
        token: AddressToken,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let found = self.addresses.iter_mut().find(|it| it.token == token);
        let address = found.ok_or_else(|| DomainError::not_found(Noun::NoticeAddress))?;
        address.confirmed_at.get_or_insert(now);
        Ok(self.change(EventKind::ProviderAddressConfirmed))
    }
}
