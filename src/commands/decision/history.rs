//! Events of a signed decision: reasons afterwards, arrival, more time to appeal, clerical errors.

use chrono::NaiveDate;

use super::DecisionCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        decision::{
            Reasons,
            history::{CorrectedText, DecisionCommand},
        },
        error::DomainError,
        role::{CallerIdentity, CaseWorker, DecisionMaker, ProviderUser},
        values::{text::Note, time::Instant},
    },
    json::form::Form,
};

/// Demand reasons.
///
/// For the party of an approval without reasons, within the appeal period (forvaltningsloven § 24). The period
/// is interrupted: a new full one begins with the arrival of the reasons.
#[derive(Debug, Form)]
#[form(name = "ReasonsDemandBody", closed, example({}))]
pub struct DemandReasons {}

impl Command for DemandReasons {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("demand-reasons", "decisionDemandReasons", "/decisions/{id}/reasons-demands");

    fn guard(case: &DecisionCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.may(DecisionCommand::DemandReasons, now)
    }

    fn run(self, case: DecisionCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<DecisionCase> {
        let now = tx.now;
        tx.save(case.change(|history, decision| history.demand_reasons(decision, by, now))?)
    }
}

/// Give the reasons that were demanded.
///
/// The party is notified at once, and has three new weeks to appeal (forvaltningsloven § 29).
#[derive(Debug, Form)]
#[form(name = "ReasonsBody", closed, example({
    "rules": "Helse- og omsorgstjenesteloven § 3-1 siste ledd; kunngjort krav K2.",
    "facts": "Leverandøren har lagt fram beredskapsplan.",
    "considerations": "Kravet er obligatorisk og gjelder likt for alle."
}))]
pub struct GiveReasons {
    #[form(flatten)]
    reasons: Reasons,
}

impl Command for GiveReasons {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::change("give-reasons", "decisionGiveReasons", "/decisions/{id}/reasons");

    fn guard(case: &DecisionCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.may(DecisionCommand::GiveReasons, now)
    }

    fn run(self, case: DecisionCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<DecisionCase> {
        let now = tx.now;
        tx.save(
            case.change(|history, decision| history.give_reasons(self.reasons, decision, by, now))?,
        )
    }
}

/// Record the day on which a letter arrived.
///
/// The time to appeal is counted from it. An arrival that turns out to have been later is recorded again.
#[derive(Debug, Form)]
#[form(name = "ArrivalBody", closed, example({"arrivedOn": "2026-03-16"}))]
pub struct RecordArrival {
    /// The day.
    arrived_on: NaiveDate,
}

impl Command for RecordArrival {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("record-arrival", "decisionRecordArrival", "/decisions/{id}/arrival");

    fn guard(case: &DecisionCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.history.may_record_arrival(&case.decision, now)
    }

    fn run(self, case: DecisionCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<DecisionCase> {
        let now = tx.now;
        tx.save(case.change(|history, decision| {
            history.record_arrival(self.arrived_on, decision, by, now)
        })?)
    }
}

/// Extend the time to appeal.
///
/// Before it has passed (forvaltningsloven § 29).
#[derive(Debug, Form)]
#[form(name = "ProlongationBody", closed, example({
    "to": "2026-04-21", "why": "Parten får dokumentene i saken først 7. april."
}))]
pub struct ExtendAppealPeriod {
    /// The new last day. One that is no working day moves to the next.
    to: NaiveDate,
    /// Why.
    why: Note,
}

impl Command for ExtendAppealPeriod {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::change("prolong", "decisionProlong", "/decisions/{id}/prolongation");

    fn guard(case: &DecisionCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.may(DecisionCommand::Prolong, now)
    }

    fn run(self, case: DecisionCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<DecisionCase> {
        let now = tx.now;
        tx.save(
            case.change(|history, decision| history.extend(self.to, self.why, decision, by, now))?,
        )
    }
}

/// Correct a clerical error.
///
/// The corrected text is displayed beside the original, and the party is notified. Outcome, grounds and last
/// day cannot be changed.
#[derive(Debug, Form)]
#[form(name = "CorrectionBody", closed, example({
    "pointer": "/reasons/facts", "before": "2. mars", "after": "3. mars",
    "why": "Skrivefeil: brevet er datert 3. mars."
}))]
pub struct CorrectDecision {
    /// JSON Pointer to a text of the decision: its rules, facts or considerations, or a ground's facts.
    pointer: CorrectedText,
    /// The present text, long enough to occur once.
    before: Note,
    /// The corrected text.
    after: Note,
    /// Why it is a clear slip.
    why: Note,
}

impl Command for CorrectDecision {
    type Target = DecisionCase;
    type Answer = DecisionCase;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::change("correct", "decisionCorrect", "/decisions/{id}/correction");

    fn guard(case: &DecisionCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.history.may_correct(&case.decision, now)
    }

    fn run(self, case: DecisionCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<DecisionCase> {
        let now = tx.now;
        let texts = (self.before, self.after, self.why);
        tx.save(
            case.change(|history, decision| {
                history.correct(self.pointer, texts, decision, by, now)
            })?,
        )
    }
}
