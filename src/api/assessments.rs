//! The municipality's part of a case: impartiality, assessment line by line.

use actix_web::{HttpResponse, post, put, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Shared,
    applications::{ApplicationView, act, criterion},
    body::Said,
    caller::By,
    condition::Expected,
    problem::{ActProblems, Problem},
};
use crate::{
    document::{application::outcomes, one_of},
    domain::{
        application::Outcome,
        faults::Faults,
        ids::ApplicationId,
        refusal::Refusal,
        role::{CaseHandler, CaseWorker},
        text::Note,
    },
};

/// A declaration of impartiality.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"impartial": true}))]
pub struct ImpartialityBody {
    /// Whether the person is impartial (forvaltningsloven § 6).
    #[schema(required, nullable = false)]
    impartial: Option<bool>,
    /// Why not, or what was weighed.
    #[schema(nullable = false, min_length = 1, max_length = 2000)]
    note: Option<String>,
}

/// How a line is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"outcome": "met", "note": "Attest av 20. februar er sett."}))]
pub struct AssessmentBody {
    /// Met, not met, or not applicable.
    #[schema(required, schema_with = outcomes)]
    outcome: Option<String>,
    /// Why.
    #[schema(required, nullable = false, min_length = 1, max_length = 2000)]
    note: Option<String>,
}

/// Declare impartiality.
///
/// Everyone who handles the case declares it first (forvaltningsloven §§ 6 and 8). A person's last declaration counts.
#[utoipa::path(
    tag = "applications", operation_id = "applicationDeclareImpartiality", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ImpartialityBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/impartiality")]
pub(crate) async fn application_declare_impartiality(
    by: By<CaseHandler>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<ImpartialityBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let impartial = faults.need("/impartial", said.0.impartial);
    let note = faults.parse_optional("/note", said.0.note, Note::parse);
    let impartial =
        impartial.filter(|_| faults.is_empty()).ok_or_else(|| Refusal::validation(faults))?;
    act(&state, by, ApplicationId::new(*id), expected, move |application, _, by, now| {
        application.declare_impartiality(impartial, note, &by.role, now)
    })
    .await
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
    by: By<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    act(&state, by, ApplicationId::new(*id), expected, |application, _, by, _| {
        application.start_assessment(&by.role)
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
    by: By<CaseWorker>,
    path: Path<(uuid::Uuid, String)>,
    expected: Expected,
    said: Said<AssessmentBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let criterion = criterion(&path.1)?;
    let mut faults = Faults::default();
    let outcome = faults
        .parse("/outcome", said.0.outcome, |said| one_of(said, &Outcome::ALL, Outcome::as_str));
    let note = faults.parse("/note", said.0.note, Note::parse);
    let (Some(outcome), Some(note)) = (outcome, note) else {
        return Err(Refusal::validation(faults).into());
    };
    act(&state, by, ApplicationId::new(path.0), expected, move |application, content, by, now| {
        application.assess(criterion, outcome, note, content, &by.role, now)
    })
    .await
}
