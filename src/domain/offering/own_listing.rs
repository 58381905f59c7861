//! Own listing: the municipality's present description of its own offer, beside the others.
//!
//! Its text is in the version, which never changes; its capacity changes from day to day.

use super::{Offering, OfferingCommand};
use crate::domain::{
    Change,
    approval::Listing,
    error::{DomainError, Noun},
    event::EventKind,
    role::Editor,
    values::time::Instant,
};

impl Offering {
    /// The municipality edits the listing of its own offer, which also confirms it. Every published version has
    /// an own offer.
    ///
    /// # Errors
    /// `not-found` for another municipality's editor, `illegal-transition` before the first version and
    /// once the offering has ended.
    pub fn change_own_listing(
        self,
        listing: Listing,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        self.may(OfferingCommand::ChangeOwnListing, now)?;
        let detail = vec![("capacity", listing.capacity.as_str().to_owned())];
        let own_listing = Some(listing.put_after(self.own_listing.as_ref(), now));
        Ok(Self { own_listing, ..self }.step(EventKind::OwnListingChanged, detail))
    }

    /// The municipality confirms the listing of its own offer.
    ///
    /// # Errors
    /// As [`Offering::change_own_listing`]; `not-found` where there is none.
    pub fn confirm_own_listing(
        self,
        by: &Editor,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?;
        let listing =
            self.own_listing.clone().ok_or_else(|| DomainError::not_found(Noun::Listing))?;
        self.change_own_listing(listing, by, now)
    }

    /// Guards a confirmation.
    ///
    /// # Errors
    /// `illegal-transition`; `not-found` where there is no listing.
    pub fn may_confirm_own_listing(&self, now: Instant) -> Result<(), DomainError> {
        self.may(OfferingCommand::ChangeOwnListing, now)?;
        self.own_listing.as_ref().map(drop).ok_or_else(|| DomainError::not_found(Noun::Listing))
    }
}
