//! What the outcome of an appeal does to the decision that it was against, and to its subject.

use super::{Appeal, AppealOutcome, Verdict};
use crate::domain::{
    Change,
    decision::{
        Decision, DecisionOutcome,
        history::{DecisionEnding, DecisionHistory},
    },
    error::DomainError,
    values::time::Instant,
};

/// The consequence for the subject of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The decision is upheld; a suspended revocation takes effect.
    Stands,
    /// The application is approved, by findings that show that every mandatory criterion is met.
    Approve,
    /// The application is under assessment again.
    Reopen,
    /// The approval is restored.
    Reinstate,
    /// Another decision of the same direction takes its place.
    Replaced,
    /// The appeal that was dismissed is taken up again.
    ResumeAppeal,
    /// The approval ends, and the application is refused.
    Withdraw,
    /// The approval ends, and the application is under assessment again.
    WithdrawAndReopen,
    /// The approval that the lower body took away on the appeal of another is restored.
    Restore,
    /// The claim for costs waits for another decision.
    ReopenCosts,
}

impl Verdict {
    /// The consequence for the earlier decision.
    ///
    /// # Errors
    /// `reversal-by-revocation` where it would take an approval away from a party that appealed itself.
    pub fn effect(&self, first: &DecisionOutcome) -> Result<Effect, DomainError> {
        match (self.ruling, first) {
            (
                AppealOutcome::DismissedLate | AppealOutcome::Dismissed | AppealOutcome::Upheld,
                _,
            ) => Ok(Effect::Stands),
            (_, DecisionOutcome::Appeal { verdict, .. }) if verdict.withdrawal.is_some() => {
                Ok(Effect::Restore)
            }
            (_, DecisionOutcome::Appeal { .. }) => Ok(Effect::ResumeAppeal),
            (_, DecisionOutcome::Costs { .. })
                if self.ruling == AppealOutcome::AnnulledReturned =>
            {
                Ok(Effect::ReopenCosts)
            }
            (_, DecisionOutcome::Costs { .. }) => Ok(Effect::Replaced),
            (AppealOutcome::AnnulledReturned, _) if self.withdrawal.is_some() => {
                Ok(Effect::WithdrawAndReopen)
            }
            _ if self.withdrawal.is_some() => Ok(Effect::Withdraw),
            (AppealOutcome::AnnulledReturned, DecisionOutcome::Approve { .. }) => {
                Err(DomainError::reversal_by_revocation())
            }
            (_, DecisionOutcome::Approve { .. }) => Ok(Effect::Replaced),
            (AppealOutcome::Changed, _) if self.harm.is_some() => Ok(Effect::Replaced),
            (_, DecisionOutcome::Revoke { .. }) => Ok(Effect::Reinstate),
            (AppealOutcome::AnnulledReturned, _) => Ok(Effect::Reopen),
            _ => Ok(Effect::Approve),
        }
    }
}

impl DecisionHistory {
    /// The course of the first decision once an appeal is decided.
    #[must_use]
    pub fn record_outcome(
        self,
        appeal: &Appeal,
        effect: Effect,
        by: &Decision,
        now: Instant,
    ) -> Change<Self> {
        let annulled = matches!(&by.outcome, DecisionOutcome::Appeal { verdict, .. }
            if verdict.ruling == AppealOutcome::AnnulledReturned);
        match effect {
            Effect::Stands => self.record_closed_appeal(appeal.id, now),
            _ if annulled => self.ended(DecisionEnding::Annulled(by.id, now), appeal.id, now),
            _ => self.ended(DecisionEnding::Reversed(by.id, now), appeal.id, now),
        }
    }
}
