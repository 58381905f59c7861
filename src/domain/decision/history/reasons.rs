//! Reasons afterwards: the party demands the reasons of an approval without reasons.

use super::{DecisionCommand, DecisionHistory};
use crate::domain::{
    Change,
    decision::{Decision, Reasons},
    error::{DomainError, Noun},
    event::EventKind,
    role::{Actor, DecisionMaker, ProviderUser},
    rules::notification::{Channel, Notification},
    values::time::Instant,
};

/// Reasons given afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub reasons: Reasons,
    pub by: Actor,
    /// How they reached the party.
    pub notification: Notification,
}

/// A demand for reasons (forvaltningsloven § 24 second paragraph). It breaks the period off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonsDemand {
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// The reasons, if given.
    pub given: Option<Given>,
}

impl DecisionHistory {
    /// The party demands reasons, while it can appeal.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `reasons-there`, `reasons-awaited`, `appeal-period-over`.
    pub fn demand_reasons(
        mut self,
        decision: &Decision,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.provider {
            return Err(DomainError::not_found(Noun::Decision));
        }
        self.may(DecisionCommand::DemandReasons, decision, now)?;
        self.course.reasons_demand =
            Some(ReasonsDemand { by: by.actor.clone(), at: now, given: None });
        let detail = self.last_day_detail();
        Ok(self.step(EventKind::ReasonsDemanded, detail))
    }

    /// Gives the reasons. A new full period runs from their arrival (forvaltningsloven § 29).
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` where nobody has demanded any.
    pub fn give_reasons(
        mut self,
        reasons: Reasons,
        decision: &Decision,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(DecisionCommand::GiveReasons, decision, now)?;
        let notification = Notification::new(Channel::Electronic, now);
        if let Some(demand) = &mut self.course.reasons_demand {
            demand.given = Some(Given { reasons, by: by.actor.clone(), notification });
        }
        let detail = self.last_day_detail();
        Ok(self.step(EventKind::ReasonsGiven, detail))
    }
}
