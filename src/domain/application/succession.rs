//! Succession: agreements are not transferable, so a merged provider applies again, linked to the old approval.
//!
//! Helse- og omsorgstjenesteloven § 3-1 last paragraph. The link names the predecessor; it transfers nothing,
//! and the successor is assessed like any other.

use super::Application;
use crate::domain::{
    approval::Approval, error::DomainError, message::fields, values::ids::ApprovalId,
};

/// The approval of another organisation that the applicant succeeds. Only [`Application::successor_to`]
/// constructs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predecessor(ApprovalId);

impl Predecessor {
    #[must_use]
    pub const fn approval(self) -> ApprovalId {
        self.0
    }
}

impl Application {
    /// The link to the approval that the applicant takes over after.
    ///
    /// # Errors
    /// `validation` at `/succeeds`: `unknown-approval` for none that ever had a contract,
    /// `same-organisation`, `another-offering`.
    pub fn successor_to(&self, approval: Option<&Approval>) -> Result<Predecessor, DomainError> {
        let error = |error| Err(DomainError::invalid("/succeeds", error));
        match approval {
            // An approval without a contract is not public, and must not be revealed here.
            None => error(fields::unknown_approval()),
            Some(it) if it.lifecycle.contract().is_none() => error(fields::unknown_approval()),
            Some(it) if it.provider == self.provider => error(fields::same_organisation()),
            Some(it) if it.offering != self.offering => error(fields::another_offering()),
            Some(it) => Ok(Predecessor(it.id)),
        }
    }
}
