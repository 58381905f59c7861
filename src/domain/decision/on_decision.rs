//! Vedtak om et vedtak: reversal and deferral, signed like any other and referring to the first.

use super::{
    Authority, DecidedCase, Decision, DecisionOutcome, Reasons, SigningContext,
    history::{DecisionCommand, DecisionEnding, DecisionHistory, SuspendedEffect},
};
use crate::domain::{
    Change, error::DomainError, event::EventKind, message::fields,
    municipality::MunicipalitySettings, offering::intake::Places, role::DecisionMaker,
    values::text::Line,
};

keywords! {
    /// Grounds to reverse a decision without an appeal (forvaltningsloven § 35).
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ReversalGround {
        /// Not to the harm of anyone it concerns (first paragraph a).
        NoHarm = "no-harm",
        /// It has neither arrived nor been published (b).
        NotArrived = "not-arrived",
        /// It is invalid (c).
        Invalid = "invalid",
        /// The decision itself allows it (last paragraph).
        TermsOfDecision = "terms-of-decision",
    }
}

impl SigningContext<'_> {
    /// Signs a decision about an earlier one, under the Act that governs its case.
    pub(in crate::domain) fn follow(
        self,
        first: &Decision,
        outcome: DecisionOutcome,
        case_worker: Line,
        by: &DecisionMaker,
    ) -> Decision {
        let MunicipalitySettings { deciding_body, delegation, .. } =
            self.municipality.settings.clone();
        Decision {
            id: self.id,
            number: self.number,
            application: first.application,
            municipality: first.municipality.clone(),
            provider: first.provider.clone(),
            outcome,
            authority: Authority {
                body: deciding_body,
                delegation,
                case_worker,
                responsible: by.actor.name.clone(),
            },
            regime: first.regime,
            signed_at: self.now,
            channel: self.channel,
            appeal: None,
        }
    }
}

impl DecisionHistory {
    /// Reverses: the decision loses its effect. Only decisions against the provider can be reversed here; an
    /// approval needs a revocation, with a hearing of the provider.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `reversal-by-revocation`, `reversal-ground-fails`, `offering-full`,
    /// `impartiality-not-declared`, `not-impartial`, `four-eyes`.
    pub fn reverse(
        mut self,
        ground: ReversalGround,
        reasons: Reasons,
        (first, case): (&Decision, DecidedCase<'_>),
        places: &Places,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may_reverse(first, places, frame.now)?;
        self.ground_holds(ground)?;
        let case_worker = case.signable(first, &frame, by)?;
        let now = frame.now;
        let outcome = DecisionOutcome::Reverse { decision: first.id, ground, reasons };
        let decision = frame.follow(first, outcome, case_worker, by);
        self.course.end = Some(DecisionEnding::Reversed(decision.id, now));
        Ok(self.by_decision(EventKind::DecisionReversed, decision))
    }

    /// Suspends the effect of a revocation until the appeal period has passed or the appeal is decided, or
    /// refuses to, which needs reasons too (forvaltningsloven § 42).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `impartiality-not-declared`, `not-impartial`, `four-eyes`, `validation`
    /// (`nothing-to-suspend` for another decision than a revocation).
    pub fn suspend_effect(
        mut self,
        granted: bool,
        reasons: Reasons,
        (first, case): (&Decision, DecidedCase<'_>),
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(DecisionCommand::Defer, first, frame.now)?;
        if granted && !matches!(first.outcome, DecisionOutcome::Revoke { .. }) {
            return Err(DomainError::invalid("/granted", fields::nothing_to_suspend()));
        }
        let case_worker = case.signable(first, &frame, by)?;
        let now = frame.now;
        let outcome = DecisionOutcome::Defer { decision: first.id, granted, reasons };
        let decision = frame.follow(first, outcome, case_worker, by);
        let (suspension, kind) = if granted {
            (SuspendedEffect::Granted(decision.id, now), EventKind::DecisionDeferred)
        } else {
            (SuspendedEffect::Refused(decision.id, now), EventKind::DeferralRefused)
        };
        self.course.suspension = Some(suspension);
        Ok(self.by_decision(kind, decision))
    }

    fn ground_holds(&self, ground: ReversalGround) -> Result<(), DomainError> {
        match ground {
            // Reversible decisions are against the provider: a reversal harms no party.
            ReversalGround::NoHarm | ReversalGround::Invalid => Ok(()),
            ReversalGround::NotArrived if self.course.notification.starts_on().is_none() => Ok(()),
            ReversalGround::NotArrived => Err(DomainError::decision_arrived()),
            ReversalGround::TermsOfDecision => Err(DomainError::decision_without_terms()),
        }
    }

    fn by_decision(self, kind: EventKind, decision: Decision) -> Change<(Self, Decision)> {
        let detail = vec![("by", decision.id.to_string()), ("number", decision.number.to_string())];
        let Change { value, event } = self.step(kind, detail);
        Change { value: (value, decision), event }
    }
}
