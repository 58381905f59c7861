//! The case that a decision belongs to: that of an application, or of an approval after its grant.
//!
//! Whoever handles or signs a later decision must be impartial in the same case (forvaltningsloven §§ 6 and 8).

#[cfg(test)]
mod tests;

use super::{Decision, SigningContext};
use crate::domain::{
    application::Application,
    approval::Approval,
    error::{DomainError, Noun},
    municipality::MunicipalitySettings,
    role::{Actor, DecisionMaker},
    rules::impartiality::{Impartiality, Staff},
    values::text::Line,
};

/// The case that a decision belongs to, with its declarations, challenges and rulings.
#[derive(Debug, Clone, Copy)]
pub enum DecidedCase<'a> {
    /// The decision approves, refuses or dismisses an application.
    Application(&'a Application),
    /// The decision revokes an approval.
    Approval(&'a Approval),
}

impl DecidedCase<'_> {
    /// Guards the handling of the case.
    ///
    /// # Errors
    /// As [`Impartiality::impartial`].
    pub fn may_be_handled(self, by: &Actor, staff: &Staff) -> Result<(), DomainError> {
        self.impartiality()?.impartial(by, staff).map(drop)
    }

    /// Guards the signature of a decision about a decision.
    ///
    /// # Errors
    /// As [`Impartiality::impartial_to_decide`], and `four-eyes` for an assessor of the application.
    pub fn may_be_signed(
        self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        match self {
            Self::Application(application) => application.may_be_signed(by, settings),
            Self::Approval(approval) => {
                let staff = &settings.own_provider_staff;
                approval.impartiality.impartial_to_decide(by, staff).map(drop)
            }
        }
    }

    /// The person who prepared the case, where the caller may sign in it.
    ///
    /// # Errors
    /// `not-found`, and as [`DecidedCase::may_be_signed`].
    pub(in crate::domain) fn signable(
        self,
        first: &Decision,
        frame: &SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Line, DomainError> {
        match self {
            Self::Application(application) => application.handled_by(&by.municipality).map(drop)?,
            Self::Approval(approval) => approval.handled_by(&by.municipality)?,
        }
        self.may_be_signed(&by.actor, &frame.municipality.settings)?;
        Ok(match self {
            Self::Application(application) => {
                let assessor = application.state.case().and_then(|case| case.case_worker());
                assessor.unwrap_or(&by.actor).name.clone()
            }
            Self::Approval(_) => first.authority.case_worker.clone(),
        })
    }

    fn impartiality(&self) -> Result<&Impartiality, DomainError> {
        match self {
            Self::Application(application) => {
                let case = application.state.case();
                let case = case.ok_or_else(|| DomainError::not_found(Noun::Application))?;
                Ok(&case.impartiality)
            }
            Self::Approval(approval) => Ok(&approval.impartiality),
        }
    }
}

impl<'a> From<&'a Application> for DecidedCase<'a> {
    fn from(application: &'a Application) -> Self {
        Self::Application(application)
    }
}

impl<'a> From<&'a Approval> for DecidedCase<'a> {
    fn from(approval: &'a Approval) -> Self {
        Self::Approval(approval)
    }
}
