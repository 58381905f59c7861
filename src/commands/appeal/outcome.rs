//! How an appeal ends: dismissed, changed in favour, or as the appeal body decided.

use chrono::NaiveDate;

use super::AppealCase;
use crate::{
    commands::{
        Command, Outcome, Route, Tx,
        decision::{DecisionCase, SignedDecision, apply_effect, signing_context},
    },
    domain::{
        Change,
        appeal::{
            Appeal, AppealCommand, AppealOutcome, AppealedCase, DismissalGround, Effect, Harm,
            Instance, Verdict,
        },
        application::CriterionFinding,
        approval::WindingDown,
        decision::{Decision, DecisionOutcome, Reasons, RevocationTerms, SigningContext},
        error::DomainError,
        message::fields,
        role::{CallerIdentity, DecisionMaker},
        rules::notification::Channel,
        validation::ValidationErrors,
        values::{
            ids::ApprovalId,
            text::{Line, Prose},
            time::Instant,
        },
    },
    json::form::Form,
};

/// Dismiss the appeal.
///
/// By the lower body: too late, without legal interest, or not corrected (forvaltningsloven §§ 28 to 33).
#[derive(Debug, Form)]
#[form(name = "AppealDismissalBody", closed, example({"ground": "late", "reasons": {
    "rules": "Forvaltningsloven §§ 29 og 31.", "facts": "Fristen var 7. april; klagen kom 20. april.",
    "considerations": "Ingen særlige grunner er nevnt."
}}))]
pub struct DismissAppeal {
    /// Why.
    ground: DismissalGround,
    /// Rules, facts and considerations.
    reasons: Reasons,
    /// Channel of the notification; electronic by default.
    #[form(default)]
    channel: Channel,
}

impl Command for DismissAppeal {
    type Target = AppealCase;
    type Answer = SignedDecision;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::create("dismiss", "appealDismiss", "/appeals/{id}/dismissal");

    fn guard(case: &AppealCase, caller: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        let settings = &case.against.municipality.settings;
        case.appeal.may_be_dismissed(case.about(), &caller.actor, settings, now)
    }

    /// Which ground holds is said of the one that is sent.
    fn check(&self, case: &AppealCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.appeal.may(AppealCommand::Dismiss)
    }

    fn run(self, case: AppealCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<SignedDecision> {
        let Self { ground, reasons, channel } = self;
        decide(case, (vec![], channel), by, tx, |appeal, about, context, _| {
            appeal.dismiss(ground, reasons, about, context, by)
        })
    }
}

/// Decide the appeal.
///
/// The lower body changes its decision in favour or annuls it, or a decision maker records the appeal body's
/// decision (forvaltningsloven §§ 33 and 34). An approval needs findings that prove every mandatory criterion.
#[derive(Debug, Form)]
#[form(name = "AppealOutcomeBody", closed, check = DecideAppeal::check, example({
    "ruling": "upheld", "appealBody": "Klageutvalget", "decidedOn": "2026-05-20", "reasons": {
        "rules": "Forvaltningsloven § 34.", "facts": "Planen mangler varslingsliste.",
        "considerations": "Kravet er obligatorisk."
    }
}))]
pub struct DecideAppeal {
    /// Result.
    #[form(only = RULINGS)]
    ruling: AppealOutcome,
    /// The appeal body; omitted if the lower body changes its own decision.
    appeal_body: Option<Line>,
    /// When the appeal body decided; with `appealBody`.
    decided_on: Option<NaiveDate>,
    /// Rules, facts and considerations.
    reasons: Reasons,
    /// Findings on criteria, if a refused or dismissed application is approved.
    #[form(default, max_items = 200)]
    findings: Vec<CriterionFinding>,
    /// The weighty interests that require a change to the appellant's harm; only for such a change.
    weighty_interests: Option<Prose>,
    /// When an approval ends that the appeal of another takes away; by default at once.
    effective_at: Option<Instant>,
    /// How its users are taken over. Required where citizens can choose the provider when it ends.
    winding_down: Option<WindingDown>,
    /// Channel of the notification; electronic by default.
    #[form(default)]
    channel: Channel,
}

/// Result of an appeal.
const RULINGS: [AppealOutcome; 5] = [
    AppealOutcome::ChangedInFavour,
    AppealOutcome::Upheld,
    AppealOutcome::Changed,
    AppealOutcome::AnnulledReturned,
    AppealOutcome::Dismissed,
];

impl DecideAppeal {
    fn check(&self, errors: &mut ValidationErrors) {
        if self.appeal_body.is_some() {
            errors.require("/decidedOn", self.decided_on);
        } else {
            let detail = fields::unexpected_decided_on();
            errors.unexpected("/decidedOn", self.decided_on.is_some(), detail);
        }
    }
}

impl Command for DecideAppeal {
    type Target = AppealCase;
    type Answer = SignedDecision;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::create("decide", "appealDecide", "/appeals/{id}/outcome");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        let settings = &case.against.municipality.settings;
        case.appeal.may_be_decided(case.about(), &caller.actor, settings)
    }

    fn run(self, case: AppealCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<SignedDecision> {
        let Self { ruling, reasons, findings, channel, .. } = self;
        let instance = Instance::of(self.appeal_body.zip(self.decided_on));
        let harm = self.weighty_interests.map(|weighty_interests| Harm { weighty_interests });
        let takes = case.appeal.takes_approval(ruling, &case.against.decision.outcome);
        let mut errors = ValidationErrors::default();
        let detail = fields::unexpected_withdrawal();
        errors.unexpected("/effectiveAt", !takes && self.effective_at.is_some(), &detail);
        errors.unexpected("/windingDown", !takes && self.winding_down.is_some(), &detail);
        errors.finish(Some(())).map_err(DomainError::validation)?;
        let effective_at = self.effective_at.unwrap_or(tx.now);
        let terms = RevocationTerms { effective_at, winding_down: self.winding_down };
        let withdrawal = takes.then_some(terms);
        let verdict = Verdict { ruling, dismissal: None, instance, harm, withdrawal };
        decide(case, (findings, channel), by, tx, |appeal, about, context, approval| {
            appeal.decide(verdict, approval, reasons, about, context, by)
        })
    }
}

/// Decides the appeal, and applies its consequences.
fn decide(
    case: AppealCase,
    (findings, channel): (Vec<CriterionFinding>, Channel),
    by: &DecisionMaker,
    tx: &mut Tx,
    decide: impl FnOnce(
        Appeal,
        AppealedCase<'_>,
        SigningContext<'_>,
        ApprovalId,
    ) -> Result<Change<(Appeal, Decision)>, DomainError>,
) -> Outcome<SignedDecision> {
    let context = signing_context(tx, &case.against.municipality, channel)?;
    let Change { value: (appeal, decision), event } =
        decide(case.appeal.clone(), case.about(), context, tx.new_id())?;
    let first = &case.against.decision;
    let effect = match &decision.outcome {
        DecisionOutcome::Appeal { verdict, .. } => verdict.effect(&first.outcome)?,
        _ => Effect::Stands,
    };
    refuse_findings(effect, &findings)?;
    let history = tx.save_signed(&decision, &by.actor)?;
    let from = case.against.history.revision;
    let recorded = case.against.history.clone().record_outcome(&appeal, effect, &decision, tx.now);
    let is_suspended = effect == Effect::Stands && recorded.value.open_appeals().next().is_some();
    let recorded = Change {
        value: DecisionCase { history: recorded.value, ..case.against },
        event: recorded.event,
    };
    let against = tx.save_related(recorded, Some(from))?;
    if !is_suspended {
        apply_effect(effect, (&against.decision, &decision), findings, &by.actor, tx)?;
    }
    let value = AppealCase { appeal, against, ..case };
    let outcome = tx.save(Change { value, event })?;
    Ok(outcome.map(|case| case.against.with_next(decision, history).into()))
}

/// Findings are for an approval only.
fn refuse_findings(effect: Effect, findings: &[CriterionFinding]) -> Result<(), DomainError> {
    let mut errors = ValidationErrors::default();
    let detail = fields::unexpected_findings();
    let is_unexpected = effect != Effect::Approve && !findings.is_empty();
    errors.unexpected("/findings", is_unexpected, detail);
    errors.finish(Some(())).map_err(DomainError::validation)
}
