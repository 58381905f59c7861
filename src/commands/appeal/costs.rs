//! Costs of a case that was won (forvaltningsloven § 36).

use super::AppealCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        appeal::AppealCommand,
        error::DomainError,
        role::{CallerIdentity, DecisionMaker, ProviderUser},
        values::{money::Price, text::Prose, time::Instant},
    },
    json::form::Form,
};

/// Claim costs.
///
/// For the party, within three weeks of the new decision's arrival (forvaltningsloven § 36).
#[derive(Debug, Form)]
#[form(name = "CostsClaimBody", closed, example({
    "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer."
}))]
pub struct ClaimCosts {
    /// The claimed amount.
    amount: Price,
    /// Purpose of the costs.
    what_for: Prose,
}

impl Command for ClaimCosts {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("claim-costs", "appealClaimCosts", "/appeals/{id}/costs-claim");

    fn guard(case: &AppealCase, caller: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.may_be_own(caller)?;
        case.appeal.may_claim_costs(case.outcome_arrived_on, now)
    }

    fn run(self, case: AppealCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<AppealCase> {
        let (now, arrived) = (tx.now, case.outcome_arrived_on);
        case.update(tx, |appeal, _| {
            appeal.claim_costs(self.amount, self.what_for, arrived, by, now)
        })
    }
}

/// Answer a claim for costs.
///
/// Grant it, fully or partly, or refuse it, with reasons.
#[derive(Debug, Form)]
#[form(name = "CostsDecisionBody", closed, example({
    "granted": {"amount": "12000.00", "currency": "NOK"}, "reasons": "Seks timer var nødvendige."
}))]
pub struct DecideCosts {
    /// The granted amount; omitted in a refusal.
    granted: Option<Price>,
    /// Why.
    reasons: Prose,
}

impl Command for DecideCosts {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::change("decide-costs", "appealDecideCosts", "/appeals/{id}/costs-decision");

    fn guard(case: &AppealCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.appeal.may(AppealCommand::DecideCosts)
    }

    fn run(self, case: AppealCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.update(tx, |appeal, _| appeal.answer_costs(self.granted, self.reasons, by, now))
    }
}
