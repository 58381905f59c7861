//! Godkjenning: the public fact that a provider may be chosen, with its contract and its end.
//!
//! Only dates are stored; the status on any instant is derived from them.

mod annulment;
mod commands;
mod contract;
mod ending;
pub mod impartiality;
mod lifecycle;
mod listing;
mod proposal;
mod revocation;
mod stand_still;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{
    Change,
    application::Application,
    decision::Decision,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    offering::{VersionNumber, content::OfferingContent},
    role::DecisionMaker,
    rules::impartiality::Impartiality,
    values::{
        ids::{ApplicationId, ApprovalId, DecisionId, OfferingId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Code,
        time::{Instant, day_of},
    },
};
use crate::domain::message::fields;

pub use commands::ApprovalCommand;
pub use contract::{Contract, ContractPeriod, ContractState};
pub use lifecycle::{
    ApprovalLifecycle, ApprovalStatus, GivenBy, OfferingEnd, Revocation, RevocationDeferral,
    RevocationGap, Termination, WindingDown,
};
pub use listing::{AddOn, Listing, ListingCapacity, ListingDetails, TimeOfDay, TimesOfDay};
pub use proposal::RevocationProposal;
pub use stand_still::StandStill;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub id: ApprovalId,
    /// The application behind it.
    pub application: ApplicationId,
    pub offering: OfferingId,
    /// The governing version.
    pub version: VersionNumber,
    /// The municipality that approved.
    pub municipality: MunicipalityNumber,
    pub service: Code,
    /// The approved provider.
    pub provider: OrganisationNumber,
    /// Where.
    pub zones: Vec<Code>,
    /// The approving decision.
    pub decision: DecisionId,
    /// Time of the approval.
    pub granted_at: Instant,
    /// The stand-still, where procurement rules demand one.
    pub stand_still: Option<StandStill>,
    /// The day of the last yearly review.
    pub reviewed_on: Option<NaiveDate>,
    /// The provider's listing here.
    pub listing: Option<Listing>,
    pub lifecycle: ApprovalLifecycle,
    /// Impartiality of the people who handle it after the approval.
    pub impartiality: Impartiality,
    /// A proposal to revoke it without a prior notice.
    pub proposal: Option<RevocationProposal>,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl Approval {
    /// The approval of an approving decision; only [`Application::approve`] creates it.
    pub(super) fn granted(
        id: ApprovalId,
        application: &Application,
        version: VersionNumber,
        content: &OfferingContent,
        decision: &Decision,
    ) -> Self {
        Self {
            id,
            application: application.id,
            offering: application.offering,
            version,
            municipality: application.municipality.clone(),
            service: application.service.clone(),
            provider: application.provider.clone(),
            zones: application.dossier.zones.clone(),
            decision: decision.id,
            granted_at: decision.signed_at,
            stand_still: StandStill::of(decision, content.legal_basis()),
            reviewed_on: None,
            listing: None,
            lifecycle: ApprovalLifecycle::GRANTED,
            impartiality: Impartiality::default(),
            proposal: None,
            revision: Revision::FIRST,
        }
    }

    /// Records the signed contract. From its first day citizens can choose the provider.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `stand-still` while competitors still have time to object,
    /// `validation` (`date-order`, `date-in-future`).
    pub fn record_contract(
        self,
        contract: Contract,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(ApprovalCommand::RecordContract, now)?;
        if contract.signed_on > day_of(now) {
            return Err(DomainError::invalid("/signedOn", fields::date_in_future_contract()));
        }
        if contract.to.is_some_and(|to| to < contract.from) {
            return Err(DomainError::invalid("/to", fields::date_order_last_day()));
        }
        let detail = vec![("contract", contract.number.to_string())];
        let state = ContractState::Recorded(ContractPeriod::new(contract, now));
        let lifecycle = ApprovalLifecycle { state, ..self.lifecycle };
        Ok(Self { lifecycle, ..self }.step(EventKind::ContractRecorded, detail))
    }

    /// Checks that an application asks for something new: zones without an approval, or with an approval that
    /// has an end date.
    ///
    /// # Errors
    /// `already-approved`.
    pub fn leaves_room_for(&self, application: &Application) -> Result<(), DomainError> {
        let same = self.provider == application.provider && self.offering == application.offering;
        let there = application.dossier.zones.iter().any(|zone| self.zones.contains(zone));
        if same && there && self.lifecycle.is_open_ended() {
            return Err(DomainError::already_approved(self.id));
        }
        Ok(())
    }

    /// Returns `not-found` to other municipalities for a non-public approval.
    ///
    /// # Errors
    /// `not-found`.
    pub fn handled_by(&self, municipality: &MunicipalityNumber) -> Result<(), DomainError> {
        if *municipality == self.municipality {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Approval))
        }
    }

    /// Returns `not-found` to other providers for a non-public approval.
    ///
    /// # Errors
    /// `not-found`.
    pub fn held_by(&self, provider: &OrganisationNumber) -> Result<(), DomainError> {
        if *provider == self.provider {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::Approval))
        }
    }

    /// Event for the provider: prices of its offering were announced. The approval and its revision stay
    /// unchanged.
    #[must_use]
    pub fn compensation_announced(&self) -> Event {
        self.event(EventKind::ApprovalCompensationAnnounced, vec![])
    }

    fn step(mut self, kind: EventKind, detail: Vec<(&'static str, String)>) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind, detail);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind, detail: Vec<(&'static str, String)>) -> Event {
        Event {
            kind,
            subject: Subject::Approval(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail,
        }
    }
}
