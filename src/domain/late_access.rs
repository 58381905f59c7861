//! Late access: one provider may still enter a round whose cut-off it missed.
//!
//! Equal treatment permits no silent exception: a grant is public, with its reason and its expiry.

use chrono::NaiveDate;

use super::{
    Change,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    offering::{Offering, content::OfferingContent},
    role::DecisionMaker,
    values::{
        ids::{LateAccessId, OfferingId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Code, LocalText},
        time::{Instant, day_of, end_of_day},
    },
};
use crate::domain::message::fields;

/// A grant. It is never changed or withdrawn; it expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateAccess {
    pub id: LateAccessId,
    pub offering: OfferingId,
    /// The municipality.
    pub municipality: MunicipalityNumber,
    pub service: Code,
    /// The provider.
    pub provider: OrganisationNumber,
    /// Why, for everyone to read.
    pub reason: LocalText,
    /// The last day on which it can be used.
    pub expires_on: NaiveDate,
    /// When it was granted.
    pub granted_at: Instant,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl LateAccess {
    /// Guards a grant.
    ///
    /// # Errors
    /// `offering-not-open`, `no-round-missed`.
    pub fn may_be_granted(
        offering: &Offering,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<(), DomainError> {
        offering.open(now)?;
        match content.process().intake.missed_at(now) {
            Some(_) => Ok(()),
            None => Err(DomainError::no_round_missed()),
        }
    }

    /// Grants late access to the round that was missed last.
    ///
    /// # Errors
    /// `not-found` for another municipality, `offering-not-open`, `no-round-missed`, `validation` (`date-in-past`).
    pub fn grant(
        id: LateAccessId,
        offering: &Offering,
        content: &OfferingContent,
        to: OrganisationNumber,
        (reason, expires_on): (LocalText, NaiveDate),
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.municipality != offering.municipality {
            return Err(DomainError::not_found(Noun::Offering));
        }
        Self::may_be_granted(offering, content, now)?;
        if expires_on < day_of(now) {
            return Err(DomainError::invalid("/expiresOn", fields::date_in_past_late_access()));
        }
        let value = Self {
            id,
            offering: offering.id,
            municipality: offering.municipality.clone(),
            service: offering.service.clone(),
            provider: to,
            reason,
            expires_on,
            granted_at: now,
            revision: Revision::FIRST,
        };
        let event = value.granted();
        Ok(Change { value, event })
    }

    fn granted(&self) -> Event {
        Event {
            kind: EventKind::LateAccessGranted,
            subject: Subject::LateAccess(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail: vec![
                ("offering", self.offering.to_string()),
                ("expiresOn", self.expires_on.to_string()),
            ],
        }
    }

    /// Whether that provider can use it at that instant.
    #[must_use]
    pub fn opens_for(&self, provider: &OrganisationNumber, now: Instant) -> bool {
        self.provider == *provider && now < end_of_day(self.expires_on)
    }
}

#[cfg(test)]
mod tests;
