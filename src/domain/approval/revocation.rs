//! Revocation: a decision ends an approval; an appeal can change that.

use super::{
    Approval, ApprovalCommand, ApprovalLifecycle, ContractState, Revocation, RevocationDeferral,
    RevocationGap, WindingDown,
};
use crate::domain::{
    Change,
    decision::{Decision, Reasons, RevocationTerms, SigningContext},
    error::DomainError,
    event::EventKind,
    message::fields,
    municipality::{Municipality, MunicipalitySettings},
    offering::{content::OfferingContent, intake::Places},
    prior_notice::Heard,
    role::{Actor, DecisionMaker},
    rules::{
        ground::{Grounded, RevocationGround, some_named_once},
        impartiality::Whom,
    },
    values::{
        ids::DecisionId,
        time::{Instant, day_of},
    },
};

impl Approval {
    /// Revokes. The provider must have been heard on every ground, or another person must have proposed it
    /// without a hearing, and the terms must list each.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `prior-notice-missing`, `prior-notice-used`, `ground-not-notified`,
    /// `ground-not-in-terms`, those of impartiality, `four-eyes`, `validation` (`required` and `duplicate` grounds,
    /// `date-in-past`, `date-order`).
    pub fn revoke(
        self,
        heard: Heard<'_>,
        grounds: Vec<Grounded<RevocationGround>>,
        reasons: Reasons,
        terms: RevocationTerms,
        content: &OfferingContent,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        let now = frame.now;
        self.check_signer(heard, frame.municipality, by, now)?;
        self.check_grounds(heard, &grounds, content)?;
        self.check_terms(&terms, now)?;
        let codes = grounds.iter().map(|g| g.ground).collect::<Vec<_>>();
        let decision = frame.revoke(&self, grounds, reasons, heard, by);
        let detail = detail_of(&decision, &codes, heard);
        let revoked = self.ended_by(decision.id, codes, terms, now);
        let change = revoked.step(EventKind::ApprovalRevoked, detail);
        Ok(Change { value: (change.value, decision), event: change.event })
    }

    /// The approval with the end that a decision gives it.
    fn ended_by(
        self,
        decision: DecisionId,
        grounds: Vec<RevocationGround>,
        terms: RevocationTerms,
        now: Instant,
    ) -> Self {
        let RevocationTerms { effective_at, winding_down } = terms;
        let revocation = Revocation {
            decision,
            effective_at,
            set_at: now,
            grounds,
            winding_down,
            suspension: None,
        };
        let lifecycle =
            ApprovalLifecycle { state: self.lifecycle.state, revocation: Some(revocation) };
        Self { lifecycle, proposal: None, ..self }
    }

    /// Users are taken over where there can be any when it takes effect.
    fn check_terms(&self, terms: &RevocationTerms, now: Instant) -> Result<(), DomainError> {
        let RevocationTerms { effective_at, winding_down } = terms;
        if *effective_at < now {
            let error = fields::date_in_past_revocation();
            return Err(DomainError::invalid("/effectiveAt", error));
        }
        let Some(winding_down) = winding_down else {
            if self.lifecycle.status_at(*effective_at).is_choosable() {
                let error = fields::required_winding_down();
                return Err(DomainError::invalid("/windingDown", error.into()));
            }
            return Ok(());
        };
        if winding_down.until < day_of(*effective_at) {
            let error = fields::date_order_winding_down_revocation();
            return Err(DomainError::invalid("/windingDown/until", error));
        }
        Ok(())
    }

    fn check_signer(
        &self,
        heard: Heard<'_>,
        municipality: &Municipality,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(ApprovalCommand::Revoke, now)?;
        let settings = &municipality.settings;
        self.impartiality.impartial_to_decide(&by.actor, &settings.own_provider_staff)?;
        self.may_be_signed_on(heard, &by.actor, settings)
    }

    /// Guards the signature of a revocation that another person has prepared.
    ///
    /// # Errors
    /// `four-eyes`; `prior-notice-missing` where that person is barred.
    pub fn may_be_signed_on(
        &self,
        heard: Heard<'_>,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        let staff = &settings.own_provider_staff;
        let (_, prepared_by, _) = heard.prepared();
        if self.impartiality.is_barred(&Whom::Known(prepared_by.clone()), staff) {
            return Err(DomainError::prepared_by_barred());
        }
        // Without a hearing a second person is required, also where the municipality has switched four eyes off.
        let needs_another = settings.four_eyes || heard.exception().is_some();
        if needs_another && prepared_by.subject == by.subject {
            return Err(DomainError::four_eyes());
        }
        Ok(())
    }

    fn check_grounds(
        &self,
        heard: Heard<'_>,
        grounds: &[Grounded<RevocationGround>],
        content: &OfferingContent,
    ) -> Result<(), DomainError> {
        if heard.notice().is_some_and(|notice| notice.approval != self.id) {
            return Err(DomainError::prior_notice_used());
        }
        let (prepared, ..) = heard.prepared();
        some_named_once(grounds)?;
        for Grounded { ground, .. } in grounds {
            if !content.terms().may_revoke_on(*ground) {
                return Err(DomainError::ground_not_in_terms(ground.as_str()));
            }
            if !prepared.iter().any(|named| named.ground == *ground) {
                return Err(DomainError::ground_not_notified(ground.as_str()));
            }
        }
        Ok(())
    }

    /// Ends by the decision that takes the approving one away on the appeal of another (forvaltningsloven § 34 fourth
    /// paragraph). The provider was heard on the appeal.
    ///
    /// # Errors
    /// `validation` (`required`, `date-in-past`, `date-order`).
    pub fn withdraw(
        self,
        decision: DecisionId,
        terms: RevocationTerms,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.check_terms(&terms, now)?;
        let detail = vec![("decision", decision.to_string())];
        Ok(self.ended_by(decision, vec![], terms, now).step(EventKind::ApprovalRevoked, detail))
    }

    /// Undoes the revocation: the appeal was upheld, or the decision reversed. A past effect is kept as a gap.
    ///
    /// # Errors
    /// `illegal-transition` where nothing is revoked, `offering-full` where others have the places.
    pub fn reinstate(
        self,
        by: DecisionId,
        places: &Places,
        at: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let revocation = self.taken("reinstate", at)?;
        places.room_for(&self.provider)?;
        let lifecycle =
            ApprovalLifecycle::of(interrupted(self.lifecycle.state, &revocation, by, at));
        let detail = vec![("decision", by.to_string())];
        Ok(Self { lifecycle, ..self }.step(EventKind::ApprovalReinstated, detail))
    }

    /// Suspends the effect of the revocation (forvaltningsloven § 42). A past effect is kept as a gap.
    ///
    /// # Errors
    /// `illegal-transition` where nothing is revoked, or it is deferred already; `offering-full` where
    /// others have the places.
    pub fn suspend_revocation(
        self,
        by: DecisionId,
        places: &Places,
        at: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let revocation = self.taken("defer-revocation", at)?;
        if revocation.suspension.is_some() {
            return Err(self.no("defer-revocation", at));
        }
        places.room_for(&self.provider)?;
        let state = interrupted(self.lifecycle.state, &revocation, by, at);
        let suspension = Some(RevocationDeferral { by, at });
        let revocation = Some(Revocation { suspension, ..revocation });
        let lifecycle = ApprovalLifecycle { state, revocation };
        let detail = vec![("decision", by.to_string())];
        Ok(Self { lifecycle, ..self }.step(EventKind::RevocationDeferred, detail))
    }

    /// Ends the deferral. The revocation takes effect then, or later where it was decided so; users
    /// are served at least until that day.
    ///
    /// # Errors
    /// `illegal-transition` where nothing is deferred.
    pub fn end_suspension(self, at: Instant) -> Result<Change<Self>, DomainError> {
        let revocation = self.taken("end-deferral", at)?;
        if revocation.suspension.is_none() {
            return Err(self.no("end-deferral", at));
        }
        let effective_at = revocation.effective_at.max(at);
        let last_day = day_of(effective_at);
        let winding_down = revocation
            .winding_down
            .map(|plan| WindingDown { until: plan.until.max(last_day), ..plan });
        let revocation =
            Revocation { effective_at, set_at: at, suspension: None, winding_down, ..revocation };
        let detail = vec![("decision", revocation.decision.to_string())];
        let state = self.lifecycle.state;
        let lifecycle = ApprovalLifecycle { state, revocation: Some(revocation) };
        Ok(Self { lifecycle, ..self }.step(EventKind::DeferralEnded, detail))
    }

    fn taken(&self, command: &str, at: Instant) -> Result<Revocation, DomainError> {
        self.lifecycle.revocation.clone().ok_or_else(|| self.no(command, at))
    }

    /// The appeal body's outcome requires it, but the lifecycle does not permit it.
    fn no(&self, command: &str, at: Instant) -> DomainError {
        DomainError::illegal_transition(command, self.lifecycle.status_at(at).as_str(), vec![])
    }
}

/// The detail of the journal row of a revocation.
fn detail_of(
    decision: &Decision,
    grounds: &[RevocationGround],
    heard: Heard<'_>,
) -> Vec<(&'static str, String)> {
    let grounds: Vec<_> = grounds.iter().map(|ground| ground.as_str()).collect();
    let mut detail = vec![
        ("decision", decision.id.to_string()),
        ("number", decision.number.to_string()),
        ("grounds", grounds.join(",")),
    ];
    if let Some(exception) = heard.exception() {
        detail.push(("noticeException", exception.kind.as_str().to_owned()));
        detail.push(("noticeExceptionReasons", exception.reasons.to_string()));
        let (_, proposed_by, _) = heard.prepared();
        detail.push(("proposedBy", proposed_by.subject.to_string()));
    }
    detail
}

/// The contract with the gap of a revocation until an instant.
fn interrupted(
    state: ContractState,
    revocation: &Revocation,
    by: DecisionId,
    at: Instant,
) -> ContractState {
    let Revocation { effective_at: from, decision: revoked_by, .. } = *revocation;
    let gap = Some(RevocationGap { from, to: at, revoked_by, by });
    let gap = gap.filter(|gap| revocation.in_effect(at) && gap.from < gap.to);
    state.with_period(|mut period| {
        period.gaps.extend(gap);
        period
    })
}
