//! Godkjenning: the public fact that a provider may be chosen, with its contract and its end.
//!
//! Only dates are stored; the status on any instant is derived from them.

pub mod impartiality;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{
    Change,
    application::Application,
    decision::{Decision, Frame, Reasons, RevocationTerms},
    event::{Event, Kind, Subject},
    fault::Fault,
    ground::{Ground, Grounded, RevocationGround, some_named_once},
    ids::{ApplicationId, ApprovalId, DecisionId, OfferingId, Revision},
    impartiality::Impartiality,
    numbers::{MunicipalityNumber, OrganisationNumber},
    offering::{VersionNumber, content::Content},
    prior_notice::Heard,
    refusal::Refusal,
    role::{DecisionMaker, Role},
    text::{Code, Line, Prose},
    time::{Instant, day_of, end_of_day, start_of_day},
};

/// The contract that an approval needs. It cannot be transferred (helse- og omsorgstjenesteloven § 3-1 last paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Its number with the municipality.
    pub number: Line,
    /// The day the last party signed.
    pub signed_on: NaiveDate,
    /// First day of delivery.
    pub from: NaiveDate,
    /// Last day of delivery, where the contract names one.
    pub to: Option<NaiveDate>,
}

/// How users are taken over when a provider stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindingDown {
    /// Last day on which the provider still serves those it has.
    pub until: NaiveDate,
    /// Who takes over.
    pub taken_over_by: Line,
    /// How.
    pub plan: Option<Prose>,
}

/// The end of an approval by decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The decision.
    pub decision: DecisionId,
    /// When it takes effect.
    pub effective_at: Instant,
    /// The grounds; the facts stand in the decision.
    pub grounds: Vec<RevocationGround>,
    /// How users are taken over.
    pub winding_down: WindingDown,
}

/// What an approval has behind it. There is no revocation without a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Granted; the contract is not recorded.
    Granted,
    /// Under contract.
    Contracted(Contract),
    /// Revoked by decision, at once or from a later instant.
    Revoked(Contract, Revocation),
}

/// What an approval is worth at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// No contract yet, or one that has not begun.
    PendingContract,
    /// Citizens can choose the provider.
    Active,
    /// Taken back by decision.
    Revoked,
    /// The contract period is out.
    Expired,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::PendingContract, Self::Active, Self::Revoked, Self::Expired];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PendingContract => "pending-contract",
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Standing {
    /// The contract, where there is one.
    #[must_use]
    pub const fn contract(&self) -> Option<&Contract> {
        match self {
            Self::Granted => None,
            Self::Contracted(contract) | Self::Revoked(contract, _) => Some(contract),
        }
    }

    /// The revocation, where there is one.
    #[must_use]
    pub const fn revocation(&self) -> Option<&Revocation> {
        match self {
            Self::Revoked(_, revocation) => Some(revocation),
            _ => None,
        }
    }

    /// The status at an instant.
    #[must_use]
    pub fn status_at(&self, now: Instant) -> Status {
        if self.revocation().is_some_and(|revocation| revocation.effective_at <= now) {
            return Status::Revoked;
        }
        match self.contract() {
            None => Status::PendingContract,
            Some(contract) if now < start_of_day(contract.from) => Status::PendingContract,
            Some(contract) if contract.to.is_some_and(|to| end_of_day(to) <= now) => {
                Status::Expired
            }
            Some(_) => Status::Active,
        }
    }

    /// The next instant after `now` at which the status may change by itself.
    #[must_use]
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        let contract = self.contract();
        [
            contract.map(|contract| start_of_day(contract.from)),
            contract.and_then(|contract| contract.to).map(end_of_day),
            self.revocation().map(|revocation| revocation.effective_at),
        ]
        .into_iter()
        .flatten()
        .filter(|at| *at > now)
        .min()
    }
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// The application it came from.
    pub application: ApplicationId,
    /// The offering.
    pub offering: OfferingId,
    /// The version whose terms govern it.
    pub version: VersionNumber,
    /// The municipality that approved.
    pub municipality: MunicipalityNumber,
    /// The code of the service.
    pub service: Code,
    /// Who is approved.
    pub provider: OrganisationNumber,
    /// Where.
    pub zones: Vec<Code>,
    /// The decision that gave it.
    pub decision: DecisionId,
    /// When it was given.
    pub granted_at: Instant,
    /// What it has behind it.
    pub standing: Standing,
    /// Who may handle what comes after it.
    pub impartiality: Impartiality,
    /// How many acts it has seen.
    pub revision: Revision,
}

impl Approval {
    /// The approval that an approving decision gives; only [`Application::approve`] asks for it.
    pub(super) fn granted(
        id: ApprovalId,
        application: &Application,
        version: VersionNumber,
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
            standing: Standing::Granted,
            impartiality: Impartiality::default(),
            revision: Revision::FIRST,
        }
    }

    /// Records the signed contract. From its first day citizens can choose the provider.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`date-order`, `date-in-future`).
    pub fn record_contract(
        self,
        contract: Contract,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, Refusal> {
        self.handled_by(&by.municipality)?;
        if !matches!(self.standing, Standing::Granted) {
            return Err(self.illegal("record-contract", now));
        }
        if contract.signed_on > day_of(now) {
            return Err(Refusal::invalid(
                "/signedOn",
                Fault::new("date-in-future", "Record the contract when it has been signed."),
            ));
        }
        if contract.to.is_some_and(|to| to < contract.from) {
            return Err(Refusal::invalid(
                "/to",
                Fault::new("date-order", "The last day cannot be before the first."),
            ));
        }
        let detail = vec![("contract", contract.number.to_string())];
        let standing = Standing::Contracted(contract);
        Ok(Self { standing, ..self }.step(Kind::ContractRecorded, detail))
    }

    /// Revokes. The provider must have been heard on every ground, and the terms must list each.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `prior-notice-used`, `ground-not-notified`,
    /// `ground-not-in-terms`, those of impartiality, `four-eyes`, `validation` (`required` and `duplicate` grounds,
    /// `date-in-past`, `date-order`).
    pub fn revoke(
        self,
        heard: Heard<'_>,
        grounds: Vec<Grounded<RevocationGround>>,
        reasons: Reasons,
        terms: RevocationTerms,
        content: &Content,
        frame: Frame<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, Refusal> {
        self.handled_by(&by.municipality)?;
        self.must_be_active(frame.now, "revoke")?;
        let staff = &frame.municipality.settings.own_provider_staff;
        self.impartiality.impartial_to_decide(&by.actor, staff)?;
        self.check_grounds(heard, &grounds, content)?;
        if frame.municipality.settings.four_eyes
            && heard.notice().sent_by.subject == by.actor.subject
        {
            return Err(Refusal::four_eyes());
        }
        let RevocationTerms { effective_at, winding_down, case_worker } = terms;
        if effective_at < frame.now {
            return Err(Refusal::invalid(
                "/effectiveAt",
                Fault::new(
                    "date-in-past",
                    "A revocation takes effect now or later, never back in time.",
                ),
            ));
        }
        if winding_down.until < day_of(effective_at) {
            return Err(Refusal::invalid(
                "/windingDown/until",
                Fault::new(
                    "date-order",
                    "Winding down cannot end before the revocation takes effect.",
                ),
            ));
        }
        let Standing::Contracted(contract) = self.standing.clone() else {
            return Err(self.illegal("revoke", frame.now));
        };
        let codes = grounds.iter().map(|g| g.ground).collect::<Vec<_>>();
        let decision = frame.revoke(&self, grounds, reasons, case_worker, by);
        let detail = vec![
            ("decision", decision.id.to_string()),
            ("number", decision.number.to_string()),
            ("grounds", codes.iter().map(|g| g.as_str()).collect::<Vec<_>>().join(",")),
        ];
        let revocation =
            Revocation { decision: decision.id, effective_at, grounds: codes, winding_down };
        let standing = Standing::Revoked(contract, revocation);
        let change = Self { standing, ..self }.step(Kind::ApprovalRevoked, detail);
        Ok(Change { value: (change.value, decision), event: change.event })
    }

    fn check_grounds(
        &self,
        heard: Heard<'_>,
        grounds: &[Grounded<RevocationGround>],
        content: &Content,
    ) -> Result<(), Refusal> {
        if heard.notice().approval != self.id {
            return Err(Refusal::prior_notice_used());
        }
        some_named_once(grounds)?;
        for Grounded { ground, .. } in grounds {
            if !content.terms().revocation_grounds.contains(ground) {
                return Err(Refusal::ground_not_in_terms(ground.as_str()));
            }
            if !heard.notice().grounds.iter().any(|notified| notified.ground == *ground) {
                return Err(Refusal::ground_not_notified(ground.as_str()));
            }
        }
        Ok(())
    }

    /// Guards what only an active approval can see.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn must_be_active(&self, now: Instant, act: &str) -> Result<(), Refusal> {
        match (&self.standing, self.standing.status_at(now)) {
            (Standing::Contracted(_), Status::Active) => Ok(()),
            _ => Err(self.illegal(act, now)),
        }
    }

    /// Others may not know of what is not public.
    ///
    /// # Errors
    /// `not-found`.
    pub fn handled_by(&self, municipality: &MunicipalityNumber) -> Result<(), Refusal> {
        if *municipality == self.municipality {
            Ok(())
        } else {
            Err(Refusal::not_found("approval"))
        }
    }

    /// What somebody in this role of the municipality may do now.
    #[must_use]
    pub fn acts(&self, role: Role, now: Instant) -> Vec<&'static str> {
        match (&self.standing, self.standing.status_at(now), role) {
            (Standing::Granted, _, Role::DecisionMaker) => vec!["record-contract"],
            (Standing::Contracted(_), Status::Active, Role::DecisionMaker) => vec!["revoke"],
            (Standing::Contracted(_), Status::Active, Role::CaseWorker) => {
                vec!["send-prior-notice"]
            }
            _ => vec![],
        }
    }

    fn illegal(&self, act: &str, now: Instant) -> Refusal {
        let mut allowed = self.acts(Role::DecisionMaker, now);
        allowed.extend(self.acts(Role::CaseWorker, now));
        Refusal::illegal_transition(act, self.standing.status_at(now).as_str(), allowed)
    }

    fn step(mut self, kind: Kind, detail: Vec<(&'static str, String)>) -> Change<Self> {
        self.revision = self.revision.next();
        let event = Event {
            kind,
            subject: Subject::Approval(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail,
        };
        Change { value: self, event }
    }
}
