//! Costs of a reversal without an appeal, and the bodies that claims for costs share (forvaltningsloven § 36).

use chrono::NaiveDate;

use super::{DecisionCase, signing_context};
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        Change,
        appeal::Instance,
        decision::{Reasons, costs::CostsRuling, history::DecisionCommand},
        error::DomainError,
        message::fields,
        role::{CallerIdentity, DecisionMaker, ProviderUser},
        rules::notification::Channel,
        validation::ValidationErrors,
        values::{
            money::Price,
            text::{Line, Prose},
            time::Instant,
        },
    },
    json::form::Form,
};

/// A claim for costs.
#[derive(Debug, Form)]
#[form(name = "CostsClaimBody", closed, example({
    "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer."
}))]
pub struct CostsClaim {
    /// The claimed amount.
    pub(in crate::commands) amount: Price,
    /// Purpose of the costs.
    pub(in crate::commands) what_for: Prose,
}

/// A decision on a claim for costs.
#[derive(Debug, Form)]
#[form(name = "CostsDecisionBody", closed, check = CostsDecision::check, example({
    "granted": {"amount": "12000.00", "currency": "NOK"}, "reasons": {
        "rules": "Forvaltningsloven § 36.", "facts": "Advokaten har brukt ti timer.",
        "considerations": "Seks timer var nødvendige."
    }
}))]
pub struct CostsDecision {
    /// The granted amount; omitted in a refusal.
    granted: Option<Price>,
    /// The appeal body, where it changed the decision; omitted if the municipality itself did.
    appeal_body: Option<Line>,
    /// When the appeal body decided; with `appealBody`.
    decided_on: Option<NaiveDate>,
    /// Rules, facts and considerations.
    reasons: Reasons,
    /// Channel of the notification; electronic by default.
    #[form(default)]
    channel: Channel,
}

impl CostsDecision {
    fn check(&self, errors: &mut ValidationErrors) {
        if self.appeal_body.is_some() {
            errors.require("/decidedOn", self.decided_on);
        } else {
            let detail = fields::unexpected_decided_on();
            errors.unexpected("/decidedOn", self.decided_on.is_some(), detail);
        }
    }

    /// The ruling, and how the decision is sent.
    pub(in crate::commands) fn into_ruling(self) -> (CostsRuling, Channel) {
        let Self { granted, appeal_body, decided_on, reasons, channel } = self;
        let instance = Instance::of(appeal_body.zip(decided_on));
        (CostsRuling { granted, instance, reasons }, channel)
    }
}

/// Claim the costs of a reversal.
///
/// For the party, within three weeks of the arrival of the decision that reverses another without an appeal
/// (forvaltningsloven § 36).
#[derive(Debug, Form)]
pub struct ClaimReversalCosts(CostsClaim);

impl Command for ClaimReversalCosts {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("claim-costs", "decisionClaimCosts", "/decisions/{id}/costs-claim");

    fn guard(case: &DecisionCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.history.may_claim_costs(&case.decision, now)
    }

    fn run(self, case: DecisionCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<DecisionCase> {
        let CostsClaim { amount, what_for } = self.0;
        let now = tx.now;
        tx.save(
            case.change(|history, decision| {
                history.claim_costs(amount, what_for, decision, by, now)
            })?,
        )
    }
}

/// Decide a claim for the costs of a reversal.
///
/// As for an appeal that was won.
#[derive(Debug, Form)]
pub struct DecideReversalCosts(CostsDecision);

impl Command for DecideReversalCosts {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::change("decide-costs", "decisionDecideCosts", "/decisions/{id}/costs-decision");

    fn guard(
        case: &DecisionCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.may(DecisionCommand::DecideCosts, now)?;
        case.changed()?.may_be_signed(&caller.actor, &case.municipality.settings)
    }

    fn run(self, case: DecisionCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<DecisionCase> {
        let (ruling, channel) = self.0.into_ruling();
        let context = signing_context(tx, &case.municipality, channel)?;
        let (history, changed) = (case.history.clone(), case.changed()?);
        let Change { value: (history, signed), event } =
            history.decide_costs(ruling, changed, context, by)?;
        tx.save_signed(&signed, &by.actor)?;
        tx.save(Change { value: DecisionCase { history, ..case }, event })
    }
}
