//! Costs of having a decision changed (forvaltningsloven § 36).

use chrono::NaiveDate;

use super::{Appeal, AppealCommand};
use crate::domain::{
    Change,
    error::DomainError,
    event::EventKind,
    role::{Actor, DecisionMaker, ProviderUser},
    values::{
        money::Price,
        text::Prose,
        time::{COSTS_PERIOD, Instant, day_of, deadline_day},
    },
};

/// A claim for costs, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs {
    /// The claimed amount.
    pub claimed: Price,
    pub what_for: Prose,
    /// When.
    pub at: Instant,
    /// The decision on the claim, if made.
    pub answer: Option<CostsAnswer>,
}

/// The decision on a claim for costs. No granted amount means a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostsAnswer {
    /// The granted amount.
    pub granted: Option<Price>,
    /// Why.
    pub reasons: Prose,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

impl Appeal {
    /// Guards a claim.
    ///
    /// # Errors
    /// `illegal-transition`, `costs-too-late`.
    pub fn may_claim_costs(
        &self,
        arrived_on: Option<NaiveDate>,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.may(AppealCommand::ClaimCosts)?;
        let last = arrived_on.map(|day| deadline_day(day, COSTS_PERIOD));
        match last.filter(|last| *last < day_of(now)) {
            Some(last) => Err(DomainError::costs_too_late(last)),
            None => Ok(()),
        }
    }

    /// The party claims its costs, within three weeks of the day on which the new decision arrived.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` (nothing was changed, or it is claimed), `costs-too-late`.
    pub fn claim_costs(
        mut self,
        claimed: Price,
        what_for: Prose,
        arrived_on: Option<NaiveDate>,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.brought_by(by)?;
        self.may_claim_costs(arrived_on, now)?;
        self.costs = Some(Costs { claimed, what_for, at: now, answer: None });
        Ok(self.step(EventKind::CostsClaimed, vec![]))
    }

    /// Grants the claim, fully or partly, or refuses it, with reasons.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`.
    pub fn answer_costs(
        mut self,
        granted: Option<Price>,
        reasons: Prose,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may(AppealCommand::DecideCosts)?;
        if let Some(costs) = &mut self.costs {
            let by = by.actor.clone();
            costs.answer = Some(CostsAnswer { granted, reasons, by, at: now });
        }
        Ok(self.step(EventKind::CostsDecided, vec![("granted", granted.is_some().to_string())]))
    }
}
