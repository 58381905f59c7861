//! Costs of an appeal that was won (forvaltningsloven § 36).

use super::AppealCase;
use crate::{
    commands::{
        Command, Outcome, Route, Tx,
        decision::{CostsClaim, CostsDecision, signing_context},
    },
    domain::{
        Change,
        appeal::AppealCommand,
        error::DomainError,
        role::{CallerIdentity, DecisionMaker, ProviderUser},
        values::time::Instant,
    },
    json::form::Form,
};

/// Claim costs.
///
/// For the party, within three weeks of the arrival of a decision that changes the first in its favour
/// (forvaltningsloven § 36).
#[derive(Debug, Form)]
pub struct ClaimCosts(CostsClaim);

impl Command for ClaimCosts {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("claim-costs", "appealClaimCosts", "/appeals/{id}/costs-claim");

    fn guard(case: &AppealCase, caller: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.may_be_own(caller)?;
        case.appeal.may_claim_costs(case.ending(), now)
    }

    fn run(self, case: AppealCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<AppealCase> {
        let CostsClaim { amount, what_for } = self.0;
        let (appeal, now) = (case.appeal.clone(), tx.now);
        let Change { value: appeal, event } =
            appeal.claim_costs(amount, what_for, case.ending(), by, now)?;
        tx.save(Change { value: AppealCase { appeal, ..case }, event })
    }
}

/// Decide a claim for costs.
///
/// By a decision of its own, which can be appealed against: grants it, fully or partly, or refuses it. The body that changed
/// the first decision decides, and nobody who signed the first decision (forvaltningsloven § 36).
#[derive(Debug, Form)]
pub struct DecideCosts(CostsDecision);

impl Command for DecideCosts {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::change("decide-costs", "appealDecideCosts", "/appeals/{id}/costs-decision");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.appeal.may(AppealCommand::DecideCosts)?;
        let settings = &case.against.municipality.settings;
        case.changed()?.may_be_signed(&caller.actor, settings)
    }

    fn run(self, case: AppealCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<AppealCase> {
        let (ruling, channel) = self.0.into_ruling();
        let context = signing_context(tx, &case.against.municipality, channel)?;
        let (appeal, changed) = (case.appeal.clone(), case.changed()?);
        let Change { value: (appeal, signed), event } =
            appeal.decide_costs(ruling, changed, context, by)?;
        tx.save_signed(&signed, &by.actor)?;
        tx.save(Change { value: AppealCase { appeal, ..case }, event })
    }
}
