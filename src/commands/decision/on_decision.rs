//! Decisions on a decision: its effect is suspended or not, or it is reversed without an appeal.

use super::{DecisionCase, SignedDecision, apply_effect, change_approval, signing_context};
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        Change,
        appeal::Effect,
        decision::{
            DecidedCase, Decision, Reasons, SigningContext,
            history::{DecisionCommand, DecisionHistory},
            on_decision::ReversalGround,
        },
        error::DomainError,
        offering::intake::Places,
        role::{CallerIdentity, DecisionMaker},
        rules::notification::Channel,
        values::time::Instant,
    },
    json::form::Form,
    store::{CommandOutcome, Failure},
};

/// Suspend the effect of a revocation, or refuse to.
///
/// During the suspension the provider is open to choice. A refusal needs reasons as well (forvaltningsloven §
/// 42).
#[derive(Debug, Form)]
#[form(name = "DeferralBody", closed, example({"granted": true, "reasons": {
    "rules": "Forvaltningsloven § 42.", "facts": "Åtte brukere har hjelp av leverandøren.",
    "considerations": "Iverksetting nå kan ikke gjøres om for brukerne."
}}))]
pub struct SuspendDecision {
    /// Whether the effect is suspended until the appeal period has passed or the appeal is decided.
    granted: bool,
    /// Rules, facts and considerations.
    reasons: Reasons,
    /// Channel of the party's notification; electronic by default.
    #[form(default)]
    channel: Channel,
}

impl Command for SuspendDecision {
    type Target = DecisionCase;
    type Answer = SignedDecision;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::create("defer", "decisionDefer", "/decisions/{id}/deferral");

    fn guard(
        case: &DecisionCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.may(DecisionCommand::Defer, now)?;
        case.may_be_signed(caller)
    }

    fn run(self, case: DecisionCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<SignedDecision> {
        let Self { granted, reasons, channel } = self;
        let (outcome, decision, history) =
            sign(case, channel, by, tx, |history, about, _, context| {
                history.suspend_effect(granted, reasons, about, context, by)
            })?;
        if granted {
            let DecisionCase { decision: first, places, now, .. } = outcome.answer();
            change_approval(tx, first, |approval| {
                approval.suspend_revocation(decision.id, places, *now)
            })?;
        }
        Ok(outcome.map(|first| first.with_next(decision, history).into()))
    }
}

/// Reverse without an appeal.
///
/// Reverses a decision against the provider (forvaltningsloven § 35): a refused or dismissed application is
/// under assessment again, a revoked approval is restored. An approval is never reversed, but revoked, since
/// the provider must be heard first.
#[derive(Debug, Form)]
#[form(name = "ReversalBody", closed, example({"ground": "no-harm", "reasons": {
    "rules": "Forvaltningsloven § 35 første ledd bokstav a.",
    "facts": "Beredskapsplanen lå ved søknaden.", "considerations": "Avslaget bygger på feil faktum."
}}))]
pub struct ReverseDecision {
    /// Ground of the reversal.
    ground: ReversalGround,
    /// Rules, facts and considerations.
    reasons: Reasons,
    /// Channel of the party's notification; electronic by default.
    #[form(default)]
    channel: Channel,
}

impl Command for ReverseDecision {
    type Target = DecisionCase;
    type Answer = SignedDecision;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::create("reverse", "decisionReverse", "/decisions/{id}/reversal");

    fn guard(
        case: &DecisionCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.history.may_reverse(&case.decision, &case.places, now)?;
        case.may_be_signed(caller)?;
        match case.open_application {
            Some(open) if case.decision.outcome.approval().is_none() => {
                Err(DomainError::applied_anew(format!("/v1/applications/{open}")))
            }
            _ => Ok(()),
        }
    }

    fn run(self, case: DecisionCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<SignedDecision> {
        let Self { ground, reasons, channel } = self;
        let (outcome, decision, history) =
            sign(case, channel, by, tx, |history, about, places, context| {
                history.reverse(ground, reasons, about, places, context, by)
            })?;
        let first = &outcome.answer().decision;
        let effect =
            if first.outcome.approval().is_some() { Effect::Reinstate } else { Effect::Reopen };
        apply_effect(effect, (first, &decision), vec![], &by.actor, tx)?;
        Ok(outcome.map(|first| first.with_next(decision, history).into()))
    }
}

/// Signs a decision on a decision, and saves both.
fn sign(
    case: DecisionCase,
    channel: Channel,
    by: &DecisionMaker,
    tx: &mut Tx,
    decide: impl FnOnce(
        DecisionHistory,
        (&Decision, DecidedCase<'_>),
        &Places,
        SigningContext<'_>,
    ) -> Result<Change<(DecisionHistory, Decision)>, DomainError>,
) -> Result<(CommandOutcome<DecisionCase>, Decision, DecisionHistory), Failure> {
    let context = signing_context(tx, &case.municipality, channel)?;
    let about = (&case.decision, case.decided_case());
    let Change { value: (history, decision), event } =
        decide(case.history.clone(), about, &case.places, context)?;
    let next = tx.save_signed(&decision, &by.actor)?;
    let value = DecisionCase { history, ..case };
    Ok((tx.save(Change { value, event })?, decision, next))
}
