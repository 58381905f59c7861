//! Claims for the costs of a reversal without an appeal (forvaltningsloven § 36). The claim is made on the decision that reverses.

use super::{DecisionCommand, DecisionHistory};
use crate::domain::{
    Change,
    decision::{
        Decision, SigningContext,
        costs::{ChangedDecision, Costs, CostsRuling, in_time},
    },
    error::{DomainError, Noun},
    event::EventKind,
    role::{DecisionMaker, ProviderUser},
    values::{money::Price, text::Prose, time::Instant},
};

impl DecisionHistory {
    /// Guards a claim.
    ///
    /// # Errors
    /// `illegal-transition`, `costs-too-late`.
    pub fn may_claim_costs(&self, decision: &Decision, now: Instant) -> Result<(), DomainError> {
        self.may(DecisionCommand::ClaimCosts, decision, now)?;
        in_time(self.course.notification.starts_on(), now)
    }

    /// The party claims its costs, within three weeks of the day on which the reversal arrived.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` (it reverses nothing, or it is claimed), `costs-too-late`.
    pub fn claim_costs(
        mut self,
        claimed: Price,
        what_for: Prose,
        decision: &Decision,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.provider {
            return Err(DomainError::not_found(Noun::Decision));
        }
        self.may_claim_costs(decision, now)?;
        self.course.costs = Some(Costs::claim(claimed, what_for, now));
        Ok(self.step(EventKind::ReversalCostsClaimed, vec![]))
    }

    /// Decides the claim.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `signed-first-decision`, `impartiality-not-declared`, `not-impartial`,
    /// `four-eyes`, `validation` (the municipality has reversed, and decides).
    pub fn decide_costs(
        mut self,
        ruling: CostsRuling,
        changed: ChangedDecision<'_>,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.handled_by(&by.municipality)?;
        let now = frame.now;
        self.may(DecisionCommand::DecideCosts, changed.new, now)?;
        let illegal = self.illegal(DecisionCommand::DecideCosts.as_str(), now);
        let costs = self.course.costs.as_mut().ok_or(illegal)?;
        let granted = ruling.granted.is_some();
        let signed = costs.decide(ruling, None, changed, frame, by)?;
        let detail = vec![("granted", granted.to_string()), ("by", signed.id.to_string())];
        let Change { value, event } = self.step(EventKind::ReversalCostsDecided, detail);
        Ok(Change { value: (value, signed), event })
    }

    /// The decision on the claim was annulled on appeal: the claim waits for another.
    #[must_use]
    pub fn reopen_costs(mut self, by: &Decision) -> Change<Self> {
        if let Some(costs) = &mut self.course.costs {
            costs.answer = None;
        }
        self.step(EventKind::ReversalCostsReopened, vec![("by", by.id.to_string())])
    }
}
