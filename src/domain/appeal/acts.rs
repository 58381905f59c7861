//! Handlinger i klagesaker: who may do what with an appeal, and what stands in the way.

use super::{Appeal, Appellant, Ruling, State};
use crate::domain::{action::Action, refusal::Refusal, role::Role};

keywords! {
    /// What can be done with an appeal.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Act {
        /// Ask for what the form demands.
        AskToMend = "ask-to-mend",
        /// Supply it.
        Mend = "mend",
        /// Take the appeal.
        Admit = "admit",
        /// Record what the lower body found.
        Review = "review",
        /// Send it on.
        Forward = "forward",
        Dismiss = "dismiss",
        /// Change the decision in favour, or record what the appeal body decided.
        Decide = "decide",
        /// Withdraw it, as the party.
        Withdraw = "withdraw",
        /// Record that another appellant has withdrawn it.
        RecordWithdrawal = "record-withdrawal",
        ClaimCosts = "claim-costs",
        /// Answer the claim.
        DecideCosts = "decide-costs",
    }
}

impl Act {
    /// Whether it belongs to a role.
    #[must_use]
    pub const fn belongs_to(self, role: Role) -> bool {
        match self {
            Self::AskToMend
            | Self::Admit
            | Self::Review
            | Self::Forward
            | Self::RecordWithdrawal => matches!(role, Role::CaseWorker),
            Self::Mend => matches!(role, Role::CaseWorker | Role::Provider),
            Self::Dismiss | Self::Decide | Self::DecideCosts => matches!(role, Role::DecisionMaker),
            Self::Withdraw | Self::ClaimCosts => matches!(role, Role::Provider),
        }
    }
}

impl Appeal {
    /// Guards an act against the state.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may(&self, act: Act) -> Result<(), Refusal> {
        if self.allows(act) { Ok(()) } else { Err(self.illegal(act)) }
    }

    fn allows(&self, act: Act) -> bool {
        let received = matches!(self.state, State::Received);
        match act {
            Act::AskToMend => received && self.is_defective() && self.mending.is_none(),
            Act::Mend => received && self.is_defective(),
            Act::Admit => received,
            Act::Review => matches!(self.state, State::Admitted(_)),
            Act::Forward => matches!(self.state, State::LowerBodyReview(..)),
            Act::Dismiss => self.state.is_open() && !matches!(self.state, State::Forwarded(..)),
            Act::Decide => {
                matches!(self.state, State::LowerBodyReview(..) | State::Forwarded(..))
            }
            Act::Withdraw => self.state.is_open() && self.appellant == Appellant::Party,
            Act::RecordWithdrawal => self.state.is_open() && self.appellant != Appellant::Party,
            Act::ClaimCosts => {
                let changed = matches!(
                    self.state,
                    State::Decided(
                        _,
                        Ruling::ChangedInFavour | Ruling::Changed | Ruling::AnnulledReturned,
                        ..
                    )
                );
                changed && self.costs.is_none() && self.appellant == Appellant::Party
            }
            Act::DecideCosts => self.costs.as_ref().is_some_and(|costs| costs.answer.is_none()),
        }
    }

    /// The acts that belong to a role, each with what stands in its way now.
    #[must_use]
    pub fn actions(&self, role: Role) -> Vec<Action> {
        // What another wrote is not the party's to mend.
        let barred = role == Role::Provider && self.appellant != Appellant::Party;
        let own = Act::ALL.into_iter().filter(|act| act.belongs_to(role));
        let own = own.filter(|act| !(barred && *act == Act::Mend));
        own.map(|act| Action::of(act.as_str(), self.may(act))).collect()
    }

    pub(super) fn illegal(&self, act: Act) -> Refusal {
        let allowed = Act::ALL.into_iter().filter(|act| self.allows(*act)).map(Act::as_str);
        Refusal::illegal_transition(act.as_str(), self.state.as_str(), allowed.collect())
    }
}
