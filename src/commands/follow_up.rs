//! Follow-ups: planned and reported by the municipality, deviations corrected by the provider.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Resource, Route, Target, Tx,
    approval::{self, ApprovalCase},
};
use crate::{
    domain::{
        Change,
        approval::ApprovalCommand,
        error::{DomainError, Noun},
        event::EventKind,
        follow_up::{FollowUp, FollowUpKind, FoundDeviation, Origin},
        role::{CallerIdentity, Party, ProviderUser, Supervisor},
        values::ids::{FollowUpId, Revision},
        values::text::Prose,
        values::time::Instant,
    },
    json::form::Form,
    store::Failure,
};

impl Target for FollowUp {
    type Key = Uuid;
    const NOUN: Noun = Noun::FollowUp;
    const TAG: &'static str = "approvals";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.follow_up(FollowUpId::new(*id))?;
        Ok(found.filter(|it| party.may_see(&it.municipality, &it.provider)))
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<ReportFollowUp>();
        visitor.visit::<CorrectDeviation>();
        visitor.visit::<AssessCorrection>();
        visitor.visit::<CloseFollowUp>();
    }
}

impl Aggregate for FollowUp {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_follow_up(self, from)
    }

    /// The next yearly review is counted from the last one.
    fn add_consequences(change: &Change<Self>, tx: &mut Tx) -> Result<(), Failure> {
        let Change { value: follow_up, event } = change;
        let (EventKind::FollowUpReported, FollowUpKind::YearlyReview, Some(report)) =
            (event.kind, &follow_up.kind, follow_up.reported())
        else {
            return Ok(());
        };
        approval::record_review(tx, follow_up.approval, report.on)
    }
}

impl Resource for FollowUp {
    const COLLECTION: &'static str = "follow-ups";
}

/// Plan a follow-up.
///
/// For a day, or because of an incident. Findings of an authority and entries in Enhetsregisteret are recorded
/// here too; they end no approval by themselves.
#[derive(Debug, Form)]
#[form(name = "FollowUpBody", closed, example({"kind": "inspection", "plannedOn": "2026-05-04"}))]
pub struct PlanFollowUp {
    #[form(flatten)]
    kind: FollowUpKind,
    #[form(flatten)]
    origin: Origin,
}

impl Command for PlanFollowUp {
    type Target = ApprovalCase;
    type Answer = FollowUp;
    type Role = Supervisor;
    const ROUTE: Route =
        Route::create("plan-follow-up", "followUpPlan", "/approvals/{id}/follow-ups");

    fn guard(case: &ApprovalCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::PlanFollowUp, now)
    }

    fn run(self, case: ApprovalCase, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUp> {
        tx.insert(FollowUp::plan(tx.new_id(), &case.approval, self.kind, self.origin, by, tx.now)?)
    }
}

/// Report the findings.
///
/// With the deviations, each with facts, the clause or criterion, and a deadline to correct it.
#[derive(Debug, Form)]
#[form(name = "FollowUpReportBody", closed, example({
    "on": "2026-05-04", "findings": "Besøkslister stemmer; opplæringsplan mangler.",
    "deviations": [{"facts": "Opplæringsplan mangler.", "breaks": "Krav K4", "deadline": "2026-06-01"}]
}))]
pub struct ReportFollowUp {
    /// The day it was carried out.
    on: NaiveDate,
    /// Observations.
    findings: Prose,
    /// Where deliveries deviate from terms or criteria.
    #[form(default, max_items = 50)]
    deviations: Vec<FoundDeviation>,
}

impl Command for ReportFollowUp {
    type Target = FollowUp;
    type Answer = FollowUp;
    type Role = Supervisor;
    const ROUTE: Route = Route::change("report", "followUpReport", "/follow-ups/{id}/report");

    fn guard(follow_up: &FollowUp, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        follow_up.may_report()
    }

    fn run(self, follow_up: FollowUp, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUp> {
        tx.save(follow_up.report(self.on, self.findings, self.deviations, by, tx.now)?)
    }
}

/// Report that a deviation is corrected.
///
/// By the provider; once, and again where the correction was not accepted.
#[derive(Debug, Form)]
#[form(name = "DeviationCorrectionBody", closed, example({"text": "Planen er laget og tatt i bruk."}))]
pub struct CorrectDeviation {
    /// Number of the deviation, from 1
    #[form(path)]
    number: usize,
    /// The correction.
    text: Prose,
}

impl Command for CorrectDeviation {
    type Target = FollowUp;
    type Answer = FollowUp;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "report-correction",
        "followUpCorrect",
        "/follow-ups/{id}/deviations/{number}/correction",
    );

    fn guard(follow_up: &FollowUp, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        follow_up.may_correct()
    }

    fn run(self, follow_up: FollowUp, by: &ProviderUser, tx: &mut Tx) -> Outcome<FollowUp> {
        tx.save(follow_up.correct(self.number, self.text, by, tx.now)?)
    }
}

/// Assess a correction.
///
/// It is accepted, or it is not, and why.
#[derive(Debug, Form)]
#[form(name = "CorrectionAssessmentBody", closed, example({"accepted": true, "note": "Planen er sett."}))]
pub struct AssessCorrection {
    /// Number of the deviation, from 1
    #[form(path)]
    number: usize,
    /// It is.
    accepted: bool,
    /// Why, or why not.
    note: Prose,
}

impl Command for AssessCorrection {
    type Target = FollowUp;
    type Answer = FollowUp;
    type Role = Supervisor;
    const ROUTE: Route = Route::change(
        "assess-correction",
        "followUpAssess",
        "/follow-ups/{id}/deviations/{number}/assessment",
    );

    fn guard(follow_up: &FollowUp, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        follow_up.may_assess()
    }

    fn run(self, follow_up: FollowUp, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUp> {
        tx.save(follow_up.assess(self.number, self.accepted, self.note, by, tx.now)?)
    }
}

/// Close a follow-up.
///
/// With a conclusion, once each deviation is corrected or its deadline has passed.
#[derive(Debug, Form)]
#[form(name = "ConclusionBody", closed, example({"conclusion": "Alt i orden."}))]
pub struct CloseFollowUp {
    /// The conclusion.
    conclusion: Prose,
}

impl Command for CloseFollowUp {
    type Target = FollowUp;
    type Answer = FollowUp;
    type Role = Supervisor;
    const ROUTE: Route = Route::change("close", "followUpClose", "/follow-ups/{id}/closure");

    fn guard(follow_up: &FollowUp, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        follow_up.may_close(now)
    }

    fn run(self, follow_up: FollowUp, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUp> {
        tx.save(follow_up.close(self.conclusion, by, tx.now)?)
    }
}
