//! Commands on an approval and their obstacles.

use super::{Approval, ApprovalLifecycle, ApprovalStatus, StandStill};
use crate::domain::{
    error::DomainError,
    values::time::{Instant, day_of},
};

keywords! {
    /// A command of a person on an approval.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ApprovalCommand {
        /// Record the signed contract.
        RecordContract = "record-contract",
        /// Strike a contract that was recorded by mistake, before its first day.
        AnnulContract = "annul-contract",
        Revoke = "revoke",
        /// Propose a revocation without a prior notice.
        ProposeRevocation = "propose-revocation",
        /// Give notice.
        Terminate = "terminate",
        /// Warn of a revocation.
        SendPriorNotice = "send-prior-notice",
        /// Plan an inspection or another follow-up.
        PlanFollowUp = "plan-follow-up",
        /// Edit the provider's listing, or confirm it.
        ChangeListing = "change-listing",
    }
}

impl ApprovalCommand {
    fn fits(self, lifecycle: &ApprovalLifecycle, now: Instant) -> bool {
        let status = lifecycle.status_at(now);
        let lasts = status.is_choosable() || status == ApprovalStatus::PendingContract;
        match self {
            Self::RecordContract => lifecycle.awaits_contract(),
            Self::AnnulContract => lifecycle.never_began(now),
            Self::SendPriorNotice | Self::Revoke | Self::ProposeRevocation => {
                lasts && lifecycle.revocation.is_none()
            }
            Self::PlanFollowUp | Self::ChangeListing => lasts,
            Self::Terminate => {
                lasts
                    && lifecycle
                        .contract_period()
                        .is_some_and(|contract_period| contract_period.termination.is_none())
            }
        }
    }
}

impl Approval {
    /// Checks a command against state and time.
    ///
    /// # Errors
    /// `illegal-transition`, `stand-still`, `notice-not-sent`.
    pub fn may(&self, command: ApprovalCommand, now: Instant) -> Result<(), DomainError> {
        if !command.fits(&self.lifecycle, now) {
            let status = self.lifecycle.status_at(now).as_str();
            let allowed = ApprovalCommand::ALL
                .into_iter()
                .filter(|command| command.fits(&self.lifecycle, now));
            let allowed = allowed.map(ApprovalCommand::as_str).collect();
            return Err(DomainError::illegal_transition(command.as_str(), status, allowed));
        }
        if command != ApprovalCommand::RecordContract {
            return Ok(());
        }
        match self.stand_still {
            Some(StandStill::AwaitsNotice) => Err(DomainError::notice_not_sent()),
            Some(StandStill::Until(last)) if day_of(now) <= last => {
                Err(DomainError::stand_still(last))
            }
            _ => Ok(()),
        }
    }
}
