//! Impartiality after the approval: the people who follow up, warn and revoke must be impartial too
//! (forvaltningsloven §§ 6 and 8).
//!
//! Declarations and rulings do not change the approval's revision, so `ETag`s of the public resource stay
//! valid.

use super::Approval;
use crate::domain::{
    Change,
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    municipality::MunicipalitySettings,
    role::{Actor, ApprovalHandler, CaseWorker, DecisionMaker, ProviderUser, Supervisor},
    rules::impartiality::{ImpartialityAnswer, ImpartialityFinding, Staff, Whom},
    values::{
        numbers::OrganisationNumber,
        text::{Line, Note},
        time::Instant,
    },
};

/// Proof that a case worker may handle the case of an approval.
#[derive(Debug, Clone, Copy)]
pub struct Handled<'a> {
    approval: &'a Approval,
    by: &'a CaseWorker,
}

impl<'a> Handled<'a> {
    #[must_use]
    pub const fn approval(self) -> &'a Approval {
        self.approval
    }

    /// Impartiality of the people who handle it.
    #[must_use]
    pub const fn by(self) -> &'a CaseWorker {
        self.by
    }
}

/// Proof that a person may follow up an approval.
#[derive(Debug, Clone, Copy)]
pub struct Supervised<'a> {
    approval: &'a Approval,
    actor: &'a Actor,
}

impl<'a> Supervised<'a> {
    #[must_use]
    pub const fn approval(self) -> &'a Approval {
        self.approval
    }

    /// The person who follows it up.
    #[must_use]
    pub const fn actor(self) -> &'a Actor {
        self.actor
    }
}

impl Approval {
    /// Proof that the person may follow up the approval: impartial in its case, and of another organisation than
    /// the provider.
    ///
    /// # Errors
    /// `not-found`, `own-provider-staff`, those of impartiality.
    pub fn supervised<'a>(
        &'a self,
        by: &'a Supervisor,
        settings: &MunicipalitySettings,
    ) -> Result<Supervised<'a>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may_be_followed_up(&by.actor, &by.organisation, settings)?;
        Ok(Supervised { approval: self, actor: &by.actor })
    }

    /// Guards a follow-up.
    ///
    /// # Errors
    /// `own-provider-staff`, those of impartiality.
    pub fn may_be_followed_up(
        &self,
        by: &Actor,
        organisation: &OrganisationNumber,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        if *organisation == self.provider {
            return Err(DomainError::own_provider_staff());
        }
        self.impartiality.impartial(by, &settings.own_provider_staff).map(drop)
    }

    /// Proof that the case worker may handle the approval after its grant.
    ///
    /// # Errors
    /// `not-found`, those of impartiality.
    pub fn handled<'a>(
        &'a self,
        by: &'a CaseWorker,
        settings: &MunicipalitySettings,
    ) -> Result<Handled<'a>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.impartiality.impartial(&by.actor, &settings.own_provider_staff)?;
        Ok(Handled { approval: self, by })
    }

    /// Checks a ruling on a person's impartiality.
    ///
    /// # Errors
    /// `own-provider-staff`, `not-impartial`, `impartiality-unsettled`, `no-impartiality-question`.
    pub fn may_rule_on_impartiality(
        &self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        self.impartiality.awaits_ruling(by, &settings.own_provider_staff)
    }

    /// A person declares whether he or she is impartial after the approval.
    ///
    /// # Errors
    /// `not-found`, `own-provider-staff`, `validation` (`own-superior`).
    pub fn declare_impartiality(
        mut self,
        input: ImpartialityAnswer,
        superior: Option<Line>,
        staff: &Staff,
        by: &ApprovalHandler,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.impartiality.declare(&by.actor, input, superior, staff, now)?;
        Ok(self.record_event(EventKind::ApprovalImpartialityDeclared))
    }

    /// The provider demands a ruling on a person's impartiality (§ 8 first paragraph).
    ///
    /// # Errors
    /// `not-found`.
    pub fn challenge_impartiality(
        mut self,
        whom: Whom,
        reason: Note,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.provider {
            return Err(DomainError::not_found(Noun::Approval));
        }
        self.impartiality.challenge(whom, reason, &by.actor, now);
        Ok(self.record_event(EventKind::ApprovalImpartialityChallenged))
    }

    /// A decision maker rules on the impartiality of another (§ 8).
    ///
    /// # Errors
    /// `not-found`, and those of [`crate::domain::rules::impartiality::Impartiality::rule`].
    pub fn rule_on_impartiality(
        mut self,
        whom: Whom,
        finding: ImpartialityFinding,
        outside: Option<Line>,
        staff: &Staff,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.impartiality.rule(whom, finding, outside, &by.actor, staff, now)?;
        Ok(self.record_event(EventKind::ApprovalImpartialityRuled))
    }

    fn record_event(self, kind: EventKind) -> Change<Self> {
        let event = Event {
            kind,
            subject: Subject::Approval(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail: vec![],
        };
        Change { value: self, event }
    }
}
