//! Contact person: named in a case only as long as needed (personvernforordningen article 5 no. 1 e).

use super::{Application, ApplicationCommand};
use crate::domain::{
    Change, error::DomainError, event::EventKind, municipality::Contact, role::CaseParty,
    values::time::Instant,
};

impl Application {
    /// The contact person.
    pub(super) fn contact(&self) -> Result<&Contact, DomainError> {
        self.dossier.contact.as_ref().ok_or_else(DomainError::nobody_named)
    }

    /// Removes name, address and telephone of the contact person from an ended case. Application, evidence,
    /// assessment and decision stay.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` while it is open, `nobody-named`.
    pub fn remove_contact(
        mut self,
        by: &CaseParty,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        match by {
            CaseParty::Provider(by) => self.owned_by(by)?,
            CaseParty::Municipality(by) => self.handled_by(&by.municipality)?,
        };
        self.may(ApplicationCommand::RemoveContact)?;
        self.contact()?;
        self.dossier.contact = None;
        self.dossier.contact_removed_at = Some(now);
        Ok(self.step(EventKind::ContactRemoved, vec![]))
    }
}
