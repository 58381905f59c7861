//! Commands on an appeal, their roles and their obstacles.

use super::{Appeal, AppealOutcome, AppealState, Appellant, CounterpartyHearing};
use crate::domain::error::DomainError;

keywords! {
    /// A command on an appeal.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum AppealCommand {
        /// Ask the appellant to correct formal defects.
        RequestCorrection = "ask-to-mend",
        /// Supply it.
        Correct = "mend",
        /// Take the appeal.
        Admit = "admit",
        /// Send the appeal of another to the provider, for its statement.
        HearCounterparty = "hear-counterparty",
        /// State the provider's view of the appeal of another.
        State = "state",
        /// Record the findings of the lower body.
        Review = "review",
        /// Send it on.
        Forward = "forward",
        Dismiss = "dismiss",
        /// Change the decision in favour, or record the appeal body's decision.
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

impl Appeal {
    /// Checks a command against the state.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may(&self, command: AppealCommand) -> Result<(), DomainError> {
        if self.allows(command) { Ok(()) } else { Err(self.illegal(command)) }
    }

    fn allows(&self, command: AppealCommand) -> bool {
        let received = matches!(self.state, AppealState::Received);
        match command {
            AppealCommand::RequestCorrection => {
                received && self.is_defective() && self.defect_request.is_none()
            }
            AppealCommand::Correct => received && self.is_defective(),
            AppealCommand::Admit => received,
            AppealCommand::HearCounterparty => {
                let early = matches!(self.state, AppealState::Received | AppealState::Admitted(_));
                early && self.appellant != Appellant::Party && self.hearing.is_none()
            }
            AppealCommand::State => {
                let hearing = self.hearing.as_ref();
                self.state.is_open() && hearing.is_some_and(CounterpartyHearing::takes_statement)
            }
            AppealCommand::Review => matches!(self.state, AppealState::Admitted(_)),
            AppealCommand::Forward => matches!(self.state, AppealState::LowerBodyReview(..)),
            AppealCommand::Dismiss => match &self.state {
                AppealState::Received => true,
                AppealState::Admitted(admission) | AppealState::LowerBodyReview(admission, _) => {
                    admission.annulment.is_none()
                }
                _ => false,
            },
            AppealCommand::Decide => {
                matches!(self.state, AppealState::LowerBodyReview(..) | AppealState::Forwarded(..))
            }
            AppealCommand::Withdraw => self.state.is_open() && self.appellant == Appellant::Party,
            AppealCommand::RecordWithdrawal => {
                self.state.is_open() && self.appellant != Appellant::Party
            }
            AppealCommand::ClaimCosts => {
                let changed = matches!(
                    self.state,
                    AppealState::Decided(
                        _,
                        AppealOutcome::ChangedInFavour
                            | AppealOutcome::Changed
                            | AppealOutcome::AnnulledReturned,
                        ..
                    )
                );
                changed && self.costs.is_none() && self.appellant == Appellant::Party
            }
            AppealCommand::DecideCosts => {
                self.costs.as_ref().is_some_and(|costs| costs.answer.is_none())
            }
        }
    }

    pub(super) fn illegal(&self, command: AppealCommand) -> DomainError {
        let allowed = AppealCommand::ALL
            .into_iter()
            .filter(|command| self.allows(*command))
            .map(AppealCommand::as_str);
        DomainError::illegal_transition(
            command.as_str(),
            self.state.status().as_str(),
            allowed.collect(),
        )
    }
}
