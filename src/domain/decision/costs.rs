//! Costs of having a decision changed (forvaltningsloven § 36; lov 20. juni 2025 nr. 81 § 69).
//!
//! The claim is decided by the body that made the new decision, by a decision of its own that can be appealed against. Nobody
//! decides a claim that rests on a fault of the person's own decision.

use chrono::NaiveDate;

use super::{
    AppealRight, DecidedCase, Decision, DecisionOutcome, Reasons, SigningContext,
    history::DecisionHistory,
};
use crate::domain::{
    appeal::{AppealOutcome, Instance},
    error::DomainError,
    message::fields,
    municipality::MunicipalitySettings,
    role::{Actor, DecisionMaker},
    validation::ValidationErrors,
    values::{
        ids::{AppealId, DecisionId},
        money::Price,
        text::{Line, Prose},
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
    /// The decision, with its reasons.
    pub decision: DecisionId,
    /// The granted amount.
    pub granted: Option<Price>,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// The content of a decision on a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostsRuling {
    /// The granted amount; none in a refusal.
    pub granted: Option<Price>,
    /// The deciding body.
    pub instance: Instance,
    pub reasons: Reasons,
}

/// The decision that was changed and the one that changed it.
#[derive(Debug, Clone, Copy)]
pub struct ChangedDecision<'a> {
    pub first: &'a Decision,
    pub history: &'a DecisionHistory,
    pub new: &'a Decision,
    pub case: DecidedCase<'a>,
}

/// Hears appeals against a decision on costs by a municipal appeal body, as the Ministry's delegate (§ 28 second
/// paragraph).
const ABOVE_THE_APPEAL_BODY: &str = "Statsforvalteren";

impl Decision {
    /// Whether it changed an earlier decision in the party's favour, so that costs can be claimed (§ 36 first paragraph).
    #[must_use]
    pub const fn changes_in_favour(&self) -> bool {
        match &self.outcome {
            // Only decisions against the provider are reversed.
            DecisionOutcome::Reverse { .. } => true,
            DecisionOutcome::Appeal { verdict, .. } => {
                matches!(
                    verdict.ruling,
                    AppealOutcome::ChangedInFavour
                        | AppealOutcome::Changed
                        | AppealOutcome::AnnulledReturned
                ) && verdict.harm.is_none()
            }
            _ => false,
        }
    }
}

/// The last day to claim is not over.
pub(in crate::domain) fn in_time(
    arrived_on: Option<NaiveDate>,
    now: Instant,
) -> Result<(), DomainError> {
    let last = arrived_on.map(|day| deadline_day(day, COSTS_PERIOD));
    match last.filter(|last| *last < day_of(now)) {
        Some(last) => Err(DomainError::costs_too_late(last)),
        None => Ok(()),
    }
}

impl Costs {
    /// A claim that is made now.
    pub(in crate::domain) const fn claim(claimed: Price, what_for: Prose, at: Instant) -> Self {
        Self { claimed, what_for, at, answer: None }
    }

    /// Decides the claim: grants it, fully or partly, or refuses it.
    pub(in crate::domain) fn decide(
        &mut self,
        ruling: CostsRuling,
        appeal: Option<AppealId>,
        changed: ChangedDecision<'_>,
        frame: SigningContext<'_>,
        by: &DecisionMaker,
    ) -> Result<Decision, DomainError> {
        changed.may_be_signed(&by.actor, &frame.municipality.settings)?;
        let case_worker = changed.case.signable(changed.first, &frame, by)?;
        let CostsRuling { granted, instance, reasons } = ruling;
        self.check_body(&instance, changed.new, frame.now)?;
        let right = right_of(&instance, &frame)?;
        let at = frame.now;
        let decision = changed.new.id;
        let outcome = DecisionOutcome::Costs { decision, appeal, granted, instance, reasons };
        let signed = frame.follow(changed.first, outcome, case_worker, by);
        let signed = Decision { appeal: Some(right), ..signed };
        let (decision, by) = (signed.id, by.actor.clone());
        self.answer = Some(CostsAnswer { decision, granted, by, at });
        Ok(signed)
    }

    /// The body that made the new decision decides the claim (§ 36 third paragraph).
    fn check_body(
        &self,
        instance: &Instance,
        new: &Decision,
        now: Instant,
    ) -> Result<(), DomainError> {
        let mut errors = ValidationErrors::default();
        match (instance, new.outcome.appeal_body()) {
            (Instance::LowerBody, None) => {}
            (Instance::LowerBody, Some(_)) => {
                errors.missing("/appealBody", fields::required_costs_body());
            }
            (Instance::AppealBody { .. }, None) => {
                errors.unexpected("/appealBody", true, fields::unexpected_costs_body());
            }
            (Instance::AppealBody { decided_on, .. }, Some(_)) => {
                if *decided_on < day_of(self.at) {
                    errors.add("/decidedOn", fields::date_order_costs_body());
                } else if day_of(now) < *decided_on {
                    errors.add("/decidedOn", fields::date_in_future_appeal_body());
                }
            }
        }
        errors.finish(Some(())).map_err(DomainError::validation)
    }
}

impl ChangedDecision<'_> {
    /// Guards the signature: not by the person whose decision was changed.
    ///
    /// # Errors
    /// `signed-first-decision`, and as [`DecidedCase::may_be_signed`].
    pub fn may_be_signed(
        self,
        by: &Actor,
        settings: &MunicipalitySettings,
    ) -> Result<(), DomainError> {
        if self.history.was_signed_by(by) {
            return Err(DomainError::signed_first_decision());
        }
        self.case.may_be_signed(by, settings)
    }
}

fn right_of(instance: &Instance, frame: &SigningContext<'_>) -> Result<AppealRight, DomainError> {
    match instance {
        Instance::LowerBody => Ok(frame.appeal_right()),
        Instance::AppealBody { .. } => Line::parse(ABOVE_THE_APPEAL_BODY)
            .map(|body| AppealRight { body, court_condition: false })
            .map_err(|error| DomainError::invalid("/appealBody", error)),
    }
}
