//! Claims for the costs of a successful appeal (forvaltningsloven § 36).

use chrono::NaiveDate;

use super::{Appeal, AppealCommand};
use crate::domain::{
    Change,
    decision::{
        Decision, SigningContext,
        costs::{ChangedDecision, Costs, CostsRuling, in_time},
    },
    error::DomainError,
    event::EventKind,
    role::{DecisionMaker, ProviderUser},
    values::{money::Price, text::Prose, time::Instant},
};

/// The decision on an appeal, and the day on which its time limits began.
#[derive(Debug, Clone, Copy)]
pub struct AppealEnding<'a> {
    pub decision: &'a Decision,
    pub arrived_on: Option<NaiveDate>,
}

impl Appeal {
    /// Guards a claim.
    ///
    /// # Errors
    /// `illegal-transition` (nothing was changed in favour, or it is claimed), `costs-too-late`.
    pub fn may_claim_costs(
        &self,
        ending: Option<AppealEnding<'_>>,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.may(AppealCommand::ClaimCosts)?;
        match ending {
            Some(ending) if ending.decision.changes_in_favour() => in_time(ending.arrived_on, now),
            _ => {
                let (command, state) = (AppealCommand::ClaimCosts, self.state.status());
                Err(DomainError::illegal_transition(command.as_str(), state.as_str(), vec![]))
            }
        }
    }

    /// The party claims its costs, within three weeks of the day on which the new decision arrived.
    ///
    /// # Errors
    /// `not-found`, and as [`Appeal::may_claim_costs`].
    pub fn claim_costs(
        mut self,
        claimed: Price,
        what_for: Prose,
        ending: Option<AppealEnding<'_>>,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.brought_by(by)?;
        self.may_claim_costs(ending, now)?;
        self.costs = Some(Costs::claim(claimed, what_for, now));
        Ok(self.step(EventKind::CostsClaimed, vec![]))
    }

    /// Decides the claim.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `signed-first-decision`, `impartiality-not-declared`, `not-impartial`,
    /// `four-eyes`, `validation` (the body that changed the decision decides).
    pub fn decide_costs(
        mut self,
        ruling: CostsRuling,
        changed: ChangedDecision<'_>,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Change<(Self, Decision)>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(AppealCommand::DecideCosts)?;
        let illegal = self.illegal(AppealCommand::DecideCosts);
        let costs = self.costs.as_mut().ok_or(illegal)?;
        let granted = ruling.granted.is_some();
        let signed = costs.decide(ruling, Some(self.id), changed, frame, by)?;
        let detail = vec![("granted", granted.to_string()), ("by", signed.id.to_string())];
        let Change { value, event } = self.step(EventKind::CostsDecided, detail);
        Ok(Change { value: (value, signed), event })
    }

    /// The decision on the claim was annulled on appeal: the claim waits for another.
    #[must_use]
    pub fn reopen_costs(mut self, by: &Decision) -> Change<Self> {
        if let Some(costs) = &mut self.costs {
            costs.answer = None;
        }
        self.step(EventKind::CostsReopened, vec![("by", by.id.to_string())])
    }
}
