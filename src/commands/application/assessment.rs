//! The municipality's part of a case: assessment line by line, and letters to the applicant.

use chrono::NaiveDate;

use super::ApplicationCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        application::{ApplicationCommand, CriterionOutcome},
        error::DomainError,
        role::{CallerIdentity, CaseWorker, ProviderUser},
        values::{
            text::{Note, Prose},
            time::Instant,
        },
    },
    json::{
        application::{CriterionKey, MissingItems},
        form::Form,
    },
};

/// Start the assessment.
///
/// The application must be submitted. It is under assessment afterwards, and each criterion can be assessed.
#[derive(Debug, Form)]
pub struct StartAssessment {}

impl Command for StartAssessment {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change(
        "start-assessment",
        "applicationStartAssessment",
        "/applications/{id}/assessment-start",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::StartAssessment, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<ApplicationCase> {
        case.update(tx, |application, context| application.start_assessment(by, context))
    }
}

/// Assess a criterion.
///
/// Closes its line, or closes it otherwise. With the last one the application is ready for decision.
#[derive(Debug, Form)]
#[form(name = "AssessmentBody", closed, example({
    "outcome": "met", "note": "Attest av 20. februar er sett."
}))]
pub struct AssessCriterion {
    /// Code of the criterion
    #[form(path)]
    criterion: CriterionKey,
    /// How a line is closed.
    outcome: CriterionOutcome,
    /// Why.
    note: Note,
}

impl Command for AssessCriterion {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::put("assess", "applicationAssess", "/applications/{id}/assessments/{criterion}");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Assess, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<ApplicationCase> {
        let criterion = self.criterion.code()?;
        case.update(tx, |application, context| {
            application.assess(criterion, self.outcome, self.note, by, context)
        })
    }
}

/// Send a preliminary answer.
///
/// Due one month after the receipt while nothing is decided (forvaltningsloven § 11 a): when the case
/// is expected to be decided, and why it takes time. A further delay is explained in another one.
#[derive(Debug, Form)]
#[form(name = "PreliminaryAnswerBody", closed, example({
    "expectedBy": "2026-05-29", "text": "Vi har mange søknader og trenger noe mer tid."
}))]
pub struct SendPreliminaryAnswer {
    /// The day by which the case is expected to be decided.
    expected_by: NaiveDate,
    /// Why it takes time.
    text: Prose,
}

impl Command for SendPreliminaryAnswer {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change(
        "send-preliminary-answer",
        "applicationSendPreliminaryAnswer",
        "/applications/{id}/preliminary-answer",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::SendPreliminaryAnswer, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<ApplicationCase> {
        case.update(tx, |application, context| {
            application.send_preliminary_answer(self.expected_by, self.text, by, context)
        })
    }
}

/// Ask for completion.
///
/// With the missing items and a deadline (forvaltningsloven § 11, eForvaltningsforskriften § 7). The lines
/// concerned are reopened, and the provider can supply the requested items.
#[derive(Debug, Form)]
#[form(name = "CompletionBody", closed, example({
    "missing": [{"criterion": "tax-certificate", "note": "Attesten er eldre enn seks måneder."}],
    "deadline": "2026-03-26"
}))]
pub struct RequestCompletion {
    /// The missing items; at least one.
    missing: MissingItems,
    /// The last day to answer. One that is no working day moves to the next.
    deadline: NaiveDate,
}

impl Command for RequestCompletion {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change(
        "request-completion",
        "applicationRequestCompletion",
        "/applications/{id}/completion-requests",
    );

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::RequestCompletion, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<ApplicationCase> {
        let MissingItems(missing) = self.missing;
        case.update(tx, |application, context| {
            application.request_completion(missing, self.deadline, by, context)
        })
    }
}

/// Report the completion.
///
/// The provider has supplied the requested items, and the assessment continues.
#[derive(Debug, Form)]
pub struct CompleteApplication {}

impl Command for CompleteApplication {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = ProviderUser;
    const ROUTE: Route =
        Route::change("complete", "applicationComplete", "/applications/{id}/completion");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Complete, caller)
    }

    fn run(self, case: Self::Target, by: &ProviderUser, tx: &mut Tx) -> Outcome<Self::Answer> {
        case.update(tx, |application, context| application.complete(by, context.now))
    }
}

/// Continue without completion.
///
/// After the provider's deadline. A case is never dropped.
#[derive(Debug, Form)]
pub struct ResumeAssessment {}

impl Command for ResumeAssessment {
    type Target = ApplicationCase;
    type Answer = ApplicationCase;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("resume", "applicationResume", "/applications/{id}/resumption");

    fn guard(case: &Self::Target, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.guard(ApplicationCommand::Resume, caller)
    }

    fn run(self, case: ApplicationCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<ApplicationCase> {
        case.update(tx, |application, context| application.resume(by, context))
    }
}
