//! Newer version: the applicant asks to be assessed by a version newer than the pinned one.
//!
//! The pinned version protects the applicant from requirements that change during the case. A newer one applies
//! only at its own request, before the decision, and never an older one.

use super::{Application, ApplicationCommand, ApplicationState, Case, dossier::unknown_zones};
use crate::domain::{
    Change,
    error::DomainError,
    event::EventKind,
    message::fields,
    offering::{VersionNumber, content::OfferingContent},
    role::ProviderUser,
};

impl Application {
    /// Moves to a newer published version. Lines with a changed or missing criterion are reopened; the others
    /// stay.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`not-newer`; `unknown-zone` for a zone applied
    /// for that the newer version lacks).
    pub fn change_version(
        mut self,
        pinned: &OfferingContent,
        (number, newer): (VersionNumber, &OfferingContent),
        by: &ProviderUser,
    ) -> Result<Change<Self>, DomainError> {
        self.owned_by(by)?.may(ApplicationCommand::ChangeVersion)?;
        let errors = unknown_zones(&self.dossier.zones, newer);
        if !errors.is_empty() {
            return Err(DomainError::validation(errors));
        }
        let illegal = self.illegal(ApplicationCommand::ChangeVersion);
        let case = self.state.case_mut().ok_or(illegal)?;
        if number <= case.version() {
            return Err(DomainError::invalid("/version", fields::not_newer()));
        }
        case.newer_version = Some(number);
        case.lines.retain(|code, _| {
            newer.criterion(code).is_some_and(|found| pinned.criterion(code) == Some(found))
        });
        self.state = match self.state {
            ApplicationState::UnderAssessment(case) | ApplicationState::Ready(case) => {
                assessed(case, newer)
            }
            other => other,
        };
        Ok(self.step(EventKind::VersionChanged, vec![("version", number.0.to_string())]))
    }
}

/// Ready means that every line is closed, by whatever version.
fn assessed(case: Case, content: &OfferingContent) -> ApplicationState {
    if case.open_lines(content).is_empty() {
        ApplicationState::Ready(case)
    } else {
        ApplicationState::UnderAssessment(case)
    }
}
