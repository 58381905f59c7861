//! Sletting av feilført kontrakt: a contract that was recorded on the wrong approval is struck.

use super::{Approval, ApprovalCommand, ApprovalLifecycle, ContractState};
use crate::domain::{
    Change,
    error::DomainError,
    event::EventKind,
    role::DecisionMaker,
    values::{text::Prose, time::Instant},
};

impl Approval {
    /// Annuls a contract recorded by mistake, before its first day, when it was not yet open to choice. The
    /// approval waits for its contract again and is no longer public.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` without a contract, from its first day on, and after notice.
    pub fn annul_contract(
        self,
        reason: &Prose,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(ApprovalCommand::AnnulContract, now)?;
        let mut detail = vec![("reason", reason.to_string())];
        if let Some(contract) = self.lifecycle.contract() {
            detail.push(("contract", contract.number.to_string()));
        }
        // An offering that ends takes the approval with it, with or without a contract.
        let end = self.lifecycle.offering_end().cloned();
        let lifecycle = ApprovalLifecycle::of(ContractState::Awaited(end));
        Ok(Self { lifecycle, ..self }.step(EventKind::ApprovalRemoved, detail))
    }
}
