//! Handlinger med en godkjenning: who may do what with it, and what stands in the way.

use super::{Approval, ApprovalLifecycle, ApprovalStatus};
use crate::domain::{
    action::Action,
    error::DomainError,
    offering::content::OfferingContent,
    role::Role,
    values::time::{Instant, day_of},
};

keywords! {
    /// What people can do with an approval.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ApprovalCommand {
        /// Record the signed contract.
        RecordContract = "record-contract",
        /// Strike a contract that was recorded by mistake, before its first day.
        AnnulContract = "annul-contract",
        Revoke = "revoke",
        /// Give notice.
        Terminate = "terminate",
        /// Warn of a revocation.
        SendPriorNotice = "send-prior-notice",
        /// Plan an inspection or another follow-up.
        PlanFollowUp = "plan-follow-up",
        /// Say how the provider is listed, or confirm it.
        ChangeListing = "change-listing",
    }
}

impl ApprovalCommand {
    /// Whether it belongs to a role.
    #[must_use]
    pub const fn belongs_to(self, role: Role) -> bool {
        match self {
            Self::RecordContract | Self::AnnulContract | Self::Revoke => {
                matches!(role, Role::DecisionMaker)
            }
            Self::SendPriorNotice => matches!(role, Role::CaseWorker),
            Self::Terminate => matches!(role, Role::DecisionMaker | Role::Provider),
            Self::ChangeListing => matches!(role, Role::Provider),
            Self::PlanFollowUp => matches!(role, Role::Inspector | Role::CaseWorker),
        }
    }

    fn fits(self, standing: &ApprovalLifecycle, now: Instant) -> bool {
        let status = standing.status_at(now);
        let lasts = status.is_choosable() || status == ApprovalStatus::PendingContract;
        match self {
            Self::RecordContract => matches!(standing, ApprovalLifecycle::Granted),
            Self::AnnulContract => standing.never_began(now),
            Self::SendPriorNotice | Self::Revoke => {
                matches!(standing, ApprovalLifecycle::Contracted(_)) && status.is_choosable()
            }
            Self::PlanFollowUp => status.is_choosable(),
            Self::ChangeListing => lasts,
            Self::Terminate => {
                lasts && standing.tenure().is_some_and(|tenure| tenure.termination.is_none())
            }
        }
    }
}

impl Approval {
    /// Guards an act against the state and the time.
    ///
    /// # Errors
    /// `illegal-transition`, `stand-still`.
    pub fn may(&self, act: ApprovalCommand, now: Instant) -> Result<(), DomainError> {
        if !act.fits(&self.standing, now) {
            let status = self.standing.status_at(now).as_str();
            let allowed =
                ApprovalCommand::ALL.into_iter().filter(|act| act.fits(&self.standing, now));
            let allowed = allowed.map(ApprovalCommand::as_str).collect();
            return Err(DomainError::illegal_transition(act.as_str(), status, allowed));
        }
        match self.stand_still {
            Some(last) if act == ApprovalCommand::RecordContract && day_of(now) <= last => {
                Err(DomainError::stand_still(last))
            }
            _ => Ok(()),
        }
    }

    /// The acts that belong to a role, each with what stands in its way now.
    #[must_use]
    pub fn actions(&self, role: Role, content: &OfferingContent, now: Instant) -> Vec<Action> {
        let own = ApprovalCommand::ALL.into_iter().filter(|act| act.belongs_to(role));
        let guard = |act| match (act, role) {
            (ApprovalCommand::Terminate, Role::DecisionMaker) => self.may_terminate(content, now),
            _ => self.may(act, now),
        };
        own.map(|act| Action::of(act.as_str(), guard(act))).collect()
    }
}
