//! The municipality's part of a case: impartiality, assessment line by line, letters on the way.

pub(in crate::api) mod impartiality;
mod letters;

pub(in crate::api) use self::letters::*;

use actix_web::{HttpResponse, post, put, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ApplicationView, criterion, execute};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        application::CriterionOutcome,
        error::DomainError,
        role::{CaseWorker, ProviderUser},
        validation::ValidationErrors,
        values::{ids::ApplicationId, text::Note},
    },
    json::{case::outcomes, one_of},
};

/// How a line is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"outcome": "met", "note": "Attest av 20. februar er sett."}))]
pub struct AssessmentBody {
    /// Met, not met, or not applicable.
    #[schema(required, schema_with = outcomes)]
    outcome: Option<String>,
    /// Why.
    #[schema(required, min_length = 1, max_length = 2000)]
    note: Option<String>,
}

/// Start the assessment.
#[utoipa::path(
    tag = "applications", operation_id = "applicationStartAssessment", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/assessment-start")]
pub(crate) async fn application_start_assessment(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, ApplicationId::new(*id), expected, |application, by, case_context| {
        application.start_assessment(&by.role, case_context)
    })
    .await
}

/// Assess a criterion.
///
/// Closes its line, or closes it otherwise. With the last one the application is ready for decision.
#[utoipa::path(
    tag = "applications", operation_id = "applicationAssess", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("criterion" = String, Path, description = "Code of the criterion", example = "tax-certificate"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = AssessmentBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[put("/applications/{id}/assessments/{criterion}")]
pub(crate) async fn application_assess(
    by: Caller<CaseWorker>,
    path: Path<(uuid::Uuid, String)>,
    expected: IfMatch,
    body: ValidJson<AssessmentBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let criterion = criterion(&path.1)?;
    let mut errors = ValidationErrors::default();
    let outcome = errors.parse("/outcome", body.0.outcome, |body| {
        one_of(body, &CriterionOutcome::ALL, CriterionOutcome::as_str)
    });
    let note = errors.parse("/note", body.0.note, Note::parse);
    let (Some(outcome), Some(note)) = (outcome, note) else {
        return Err(DomainError::validation(errors).into());
    };
    execute(
        &state,
        by,
        ApplicationId::new(path.0),
        expected,
        move |application, by, case_context| {
            application.assess(criterion, outcome, note, &by.role, case_context)
        },
    )
    .await
}

/// Say that it is completed.
///
/// The provider has supplied what was asked for, and the assessment goes on.
#[utoipa::path(
    tag = "applications", operation_id = "applicationComplete", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/completion")]
pub(crate) async fn application_complete(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, ApplicationId::new(*id), expected, |application, by, case_context| {
        application.complete(&by.role, case_context.now)
    })
    .await
}

/// Go on with what is there.
///
/// When the provider's time to complete is out. A case is never dropped.
#[utoipa::path(
    tag = "applications", operation_id = "applicationResume", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/resumption")]
pub(crate) async fn application_resume(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, ApplicationId::new(*id), expected, |application, by, case_context| {
        application.resume(&by.role, case_context)
    })
    .await
}
