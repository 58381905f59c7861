//! Commands on a signed decision and their obstacles.

use super::{DecisionHistory, DecisionStatus, ReasonsDemand, SuspendedEffect};
use crate::domain::{
    decision::{Decision, DecisionOutcome},
    error::DomainError,
    offering::intake::Places,
    rules::notification::Channel,
    values::time::Instant,
};

keywords! {
    /// A command of a person on a signed decision.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DecisionCommand {
        /// Demand the reasons of an approval without reasons.
        DemandReasons = "demand-reasons",
        /// Appeal, as the party.
        Appeal = "appeal",
        /// Register an appeal of another appellant, or one on paper.
        RegisterAppeal = "register-appeal",
        /// Record the day on which the letter arrived.
        RecordArrival = "record-arrival",
        /// Give the reasons that were demanded.
        GiveReasons = "give-reasons",
        /// Give more time to appeal.
        Prolong = "prolong",
        /// Correct a clerical error.
        Correct = "correct",
        /// Suspend its effect, or refuse to.
        Defer = "defer",
        /// Take it back without an appeal.
        Reverse = "reverse",
        /// Claim the costs of a reversal.
        ClaimCosts = "claim-costs",
        /// Decide the claim.
        DecideCosts = "decide-costs",
    }
}

impl DecisionHistory {
    /// Checks a command against the decision, its history and the time.
    ///
    /// # Errors
    /// `illegal-transition`, `reasons-there`, `reasons-awaited`, `appeal-period-over`,
    /// `not-appealable`, `appeal-exists`, `reversal-by-revocation`.
    pub fn may(
        &self,
        command: DecisionCommand,
        decision: &Decision,
        now: Instant,
    ) -> Result<(), DomainError> {
        if self.course.end.is_some() {
            return Err(self.illegal(command.as_str(), now));
        }
        let fits = match command {
            DecisionCommand::DemandReasons => {
                self.check_demand(decision)?;
                self.period_runs(now)?
            }
            DecisionCommand::GiveReasons => {
                matches!(self.course.reasons_demand, Some(ReasonsDemand { given: None, .. }))
            }
            DecisionCommand::RecordArrival => self.course.notification.channel() == Channel::Paper,
            DecisionCommand::Prolong => self.period_runs(now)?,
            DecisionCommand::Correct => true,
            DecisionCommand::Defer => {
                let waits = matches!(self.course.suspension, Some(SuspendedEffect::Granted(..)));
                let asked = matches!(self.course.suspension, Some(SuspendedEffect::Asked(_)));
                let revokes = matches!(decision.outcome, DecisionOutcome::Revoke { .. });
                // Whoever asked gets an answer with reasons, also where there is nothing to suspend.
                asked || revokes && !waits && self.status_at(now) != DecisionStatus::Final
            }
            DecisionCommand::Reverse => is_reversible(decision)?,
            DecisionCommand::ClaimCosts => {
                let reverses = matches!(decision.outcome, DecisionOutcome::Reverse { .. });
                reverses && self.course.costs.is_none()
            }
            DecisionCommand::DecideCosts => {
                self.course.costs.as_ref().is_some_and(|costs| costs.answer.is_none())
            }
            DecisionCommand::Appeal | DecisionCommand::RegisterAppeal => {
                self.check_appeal(command)?;
                true
            }
        };
        if fits { Ok(()) } else { Err(self.illegal(command.as_str(), now)) }
    }

    fn check_demand(&self, decision: &Decision) -> Result<(), DomainError> {
        if self.reasons(decision).is_some() {
            return Err(DomainError::reasons_there());
        }
        if self.course.reasons_demand.is_some() {
            return Err(DomainError::reasons_awaited());
        }
        Ok(())
    }

    fn check_appeal(&self, command: DecisionCommand) -> Result<(), DomainError> {
        if !self.course.appealable {
            return Err(DomainError::not_appealable());
        }
        let open = self.open_appeals().find(|it| it.by_party);
        match open.filter(|_| command == DecisionCommand::Appeal) {
            Some(open) => Err(DomainError::appeal_exists(format!("/v1/appeals/{}", open.appeal))),
            None => Ok(()),
        }
    }

    /// Guards a reversal. That of a revocation gives the approval back, for which there must be a place.
    ///
    /// # Errors
    /// As [`DecisionHistory::may`], and `offering-full`.
    pub fn may_reverse(
        &self,
        decision: &Decision,
        places: &Places,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.may(DecisionCommand::Reverse, decision, now)?;
        if matches!(decision.outcome, DecisionOutcome::Revoke { .. }) {
            places.room_for(&self.provider)?;
        }
        Ok(())
    }

    /// True while the party can appeal in time.
    fn period_runs(&self, now: Instant) -> Result<bool, DomainError> {
        let period = self.appeal_period();
        match period.last_day() {
            Some(day) if period.is_over(now) => Err(DomainError::appeal_period_over(day)),
            _ => Ok(self.course.appealable),
        }
    }

    pub(in crate::domain) fn illegal(&self, command: &str, now: Instant) -> DomainError {
        DomainError::illegal_transition(command, self.status_at(now).as_str(), vec![])
    }
}

/// Whether a decision can be reversed without an appeal.
fn is_reversible(decision: &Decision) -> Result<bool, DomainError> {
    match decision.outcome {
        DecisionOutcome::Refuse { .. }
        | DecisionOutcome::Dismiss { .. }
        | DecisionOutcome::Revoke { .. } => Ok(true),
        DecisionOutcome::Approve { .. } => Err(DomainError::reversal_by_revocation()),
        _ => Ok(false),
    }
}
