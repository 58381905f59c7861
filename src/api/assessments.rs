//! The municipality's part of a case: impartiality, assessment line by line.

use actix_web::{HttpResponse, http::StatusCode, post, put, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Shared,
    applications::{ApplicationView, act, criterion, load, view},
    body::Said,
    caller::By,
    condition::{Expected, shown},
    problem::{ActProblems, Problem},
};
use crate::{
    document::{
        case::{MissingForm, outcomes},
        each, one_of,
    },
    domain::{
        application::Outcome,
        faults::Faults,
        ids::ApplicationId,
        refusal::Refusal,
        role::{CaseHandler, CaseWorker, Party, ProviderUser, Role},
        text::Note,
        time::parse_day,
    },
    store::{self, Done},
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

/// A request for completion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "missing": [{"criterion": "tax-certificate", "note": "Attesten er eldre enn seks måneder."}],
    "deadline": "2026-03-26"
}))]
pub struct CompletionBody {
    /// What is missing; at least one thing.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    missing: Vec<MissingForm>,
    /// The last day to answer. One that is no working day moves to the next.
    #[schema(required, nullable = false, format = Date)]
    deadline: Option<String>,
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
    let impartial = faults.settle(impartial).map_err(Refusal::validation)?;
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

/// Ask for completion.
///
/// Says what is missing and until when (forvaltningsloven § 11, eForvaltningsforskriften § 7). The
/// lines that it concerns are open again, and the provider can supply what is asked for.
#[utoipa::path(
    tag = "applications", operation_id = "applicationRequestCompletion", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CompletionBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/completion-requests")]
pub(crate) async fn application_request_completion(
    by: By<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<CompletionBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let missing = each(&mut faults, "/missing", &said.0.missing, |f, at, form| form.read(f, at));
    let deadline = faults.parse("/deadline", said.0.deadline, parse_day);
    let (Some(missing), Some(deadline), true) = (missing, deadline, faults.is_empty()) else {
        return Err(Refusal::validation(faults).into());
    };
    let id = ApplicationId::new(*id);
    let (revision, view) = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let (application, (_, content)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let provider = session
                .provider(&application.provider)?
                .ok_or_else(|| store::corrupt("provider", &application.provider))?;
            let to = provider.profile.notification_address;
            let change =
                application.request_completion(missing, deadline, to, &content, &by.role, now)?;
            session.keep_application(&change.value, Some(expected.0))?;
            let view = view(&change.value, Some((&content, now)), Role::CaseWorker);
            Ok(Done {
                event: change.event,
                public: None,
                also: vec![],
                answer: (change.value.revision, view),
            })
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
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
    by: By<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    act(&state, by, ApplicationId::new(*id), expected, |application, _, by, now| {
        application.complete(&by.role, now)
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
    by: By<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    act(&state, by, ApplicationId::new(*id), expected, |application, _, by, now| {
        application.resume(&by.role, now)
    })
    .await
}
