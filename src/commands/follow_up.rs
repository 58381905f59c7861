//! Follow-ups: planned and reported by the municipality, deviations corrected by the provider.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Resource, Route, Target, Tx,
    approval::{self, ApprovalCase},
    decision,
};
use crate::{
    domain::{
        Change,
        approval::{Approval, ApprovalCommand, impartiality::Supervised},
        error::{DomainError, Noun},
        event::EventKind,
        follow_up::{FollowUp, FollowUpKind, FoundDeviation, Origin},
        municipality::Municipality,
        role::{CallerIdentity, Party, ProviderUser, Supervisor},
        values::ids::{FollowUpId, Revision},
        values::text::Prose,
        values::time::Instant,
    },
    json::form::{ConvertedForm, Form},
    store::{Failure, corrupt},
};

/// A follow-up with the data that its guards need.
#[derive(Debug)]
pub struct FollowUpCase {
    /// The follow-up.
    pub follow_up: FollowUp,
    /// The approval, whose case says who is impartial.
    pub approval: Approval,
    /// The municipality that follows up.
    pub municipality: Municipality,
}

impl FollowUpCase {
    /// Loads the data beside a follow-up.
    ///
    /// # Errors
    /// A failing database.
    pub fn of(tx: &mut Tx, follow_up: FollowUp) -> Result<Self, Failure> {
        let found = tx.session.approval(follow_up.approval)?;
        let approval = found.ok_or_else(|| corrupt("follow_up", follow_up.id))?;
        let municipality = decision::municipality(tx.session, &follow_up.municipality)?;
        Ok(Self { follow_up, approval, municipality })
    }

    /// Guards what a person does in it.
    fn may_be_followed_up(&self, caller: &CallerIdentity) -> Result<(), DomainError> {
        let settings = &self.municipality.settings;
        self.approval.may_be_followed_up(&caller.actor, &caller.organisation, settings)
    }

    /// Changes and saves the follow-up.
    fn update(
        self,
        tx: &mut Tx,
        change: impl FnOnce(FollowUp) -> Result<Change<FollowUp>, DomainError>,
    ) -> Outcome<Self> {
        let Change { value: follow_up, event } = change(self.follow_up)?;
        tx.save(Change { value: Self { follow_up, ..self }, event })
    }

    /// Changes and saves the follow-up as a person who must be impartial.
    fn supervise(
        self,
        by: &Supervisor,
        tx: &mut Tx,
        change: impl FnOnce(FollowUp, Supervised<'_>) -> Result<Change<FollowUp>, DomainError>,
    ) -> Outcome<Self> {
        let Self { follow_up, approval, municipality } = self;
        let Change { value: follow_up, event } =
            change(follow_up, approval.supervised(by, &municipality.settings)?)?;
        tx.save(Change { value: Self { follow_up, approval, municipality }, event })
    }
}

impl Target for FollowUpCase {
    type Key = Uuid;
    const NOUN: Noun = Noun::FollowUp;
    const TAG: &'static str = "approvals";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.follow_up(FollowUpId::new(*id))?;
        let own = found.filter(|it| party.may_see(&it.municipality, &it.provider));
        own.map(|follow_up| Self::of(tx, follow_up)).transpose()
    }

    fn key(&self) -> Uuid {
        self.follow_up.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.follow_up.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<ReportFollowUp>();
        visitor.visit::<CorrectDeviation>();
        visitor.visit::<AssessCorrection>();
        visitor.visit::<CloseFollowUp>();
    }
}

impl Aggregate for FollowUpCase {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_follow_up(&self.follow_up, from)
    }

    /// The next yearly review is counted from the last one.
    fn add_consequences(change: &Change<Self>, tx: &mut Tx) -> Result<(), Failure> {
        let Change { value: Self { follow_up, .. }, event } = change;
        let (EventKind::FollowUpReported, FollowUpKind::YearlyReview, Some(report)) =
            (event.kind, &follow_up.kind, follow_up.reported())
        else {
            return Ok(());
        };
        approval::record_review(tx, follow_up.approval, report.on)
    }
}

impl Resource for FollowUpCase {
    const COLLECTION: &'static str = "follow-ups";
}

impl ConvertedForm for FollowUpCase {
    type Fields = FollowUp;

    fn to_fields(&self) -> FollowUp {
        self.follow_up.clone()
    }
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
    type Answer = FollowUpCase;
    type Role = Supervisor;
    const ROUTE: Route =
        Route::create("plan-follow-up", "followUpPlan", "/approvals/{id}/follow-ups");

    fn guard(
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::PlanFollowUp, now)?;
        let settings = &case.municipality.settings;
        case.approval.may_be_followed_up(&caller.actor, &caller.organisation, settings)
    }

    fn run(self, case: ApprovalCase, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUpCase> {
        let ApprovalCase { approval, municipality, .. } = case;
        let supervised = approval.supervised(by, &municipality.settings)?;
        let Change { value: follow_up, event } =
            FollowUp::plan(tx.new_id(), supervised, self.kind, self.origin, tx.now)?;
        tx.insert(Change { value: FollowUpCase { follow_up, approval, municipality }, event })
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
    type Target = FollowUpCase;
    type Answer = FollowUpCase;
    type Role = Supervisor;
    const ROUTE: Route = Route::change("report", "followUpReport", "/follow-ups/{id}/report");

    fn guard(case: &FollowUpCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.follow_up.may_report()?;
        case.may_be_followed_up(caller)
    }

    fn run(self, case: FollowUpCase, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUpCase> {
        let now = tx.now;
        case.supervise(by, tx, |follow_up, by| {
            follow_up.report(self.on, self.findings, self.deviations, by, now)
        })
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
    type Target = FollowUpCase;
    type Answer = FollowUpCase;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change(
        "report-correction",
        "followUpCorrect",
        "/follow-ups/{id}/deviations/{number}/correction",
    );

    fn guard(case: &FollowUpCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.follow_up.may_correct()
    }

    fn run(self, case: FollowUpCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<FollowUpCase> {
        let now = tx.now;
        case.update(tx, |follow_up| follow_up.correct(self.number, self.text, by, now))
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
    type Target = FollowUpCase;
    type Answer = FollowUpCase;
    type Role = Supervisor;
    const ROUTE: Route = Route::change(
        "assess-correction",
        "followUpAssess",
        "/follow-ups/{id}/deviations/{number}/assessment",
    );

    fn guard(case: &FollowUpCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.follow_up.may_assess()?;
        case.may_be_followed_up(caller)
    }

    fn run(self, case: FollowUpCase, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUpCase> {
        let now = tx.now;
        case.supervise(by, tx, |follow_up, by| {
            follow_up.assess(self.number, self.accepted, self.note, by, now)
        })
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
    type Target = FollowUpCase;
    type Answer = FollowUpCase;
    type Role = Supervisor;
    const ROUTE: Route = Route::change("close", "followUpClose", "/follow-ups/{id}/closure");

    fn guard(
        case: &FollowUpCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.follow_up.may_close(now)?;
        case.may_be_followed_up(caller)
    }

    fn run(self, case: FollowUpCase, by: &Supervisor, tx: &mut Tx) -> Outcome<FollowUpCase> {
        let now = tx.now;
        case.supervise(by, tx, |follow_up, by| follow_up.close(self.conclusion, by, now))
    }
}
