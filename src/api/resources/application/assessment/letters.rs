//! What the case worker writes to the applicant on the way: requests for completion, preliminary answers.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::application::{ApplicationView, load, load_context, view},
    },
    domain::{
        Change,
        application::{Application, guard::CaseContext},
        error::DomainError,
        role::{CaseWorker, Party},
        validation::ValidationErrors,
        values::{
            ids::ApplicationId,
            text::{Email, Prose},
            time::parse_day,
        },
    },
    json::{case::MissingForm, each},
    store::{self, Done},
};

/// A request for completion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "missing": [{"criterion": "tax-certificate", "note": "Attesten er eldre enn seks måneder."}],
    "deadline": "2026-03-26"
}))]
pub(crate) struct CompletionBody {
    /// What is missing; at least one thing.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    missing: Vec<MissingForm>,
    /// The last day to answer. One that is no working day moves to the next.
    #[schema(required, format = Date)]
    deadline: Option<String>,
}

/// A preliminary answer to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "expectedBy": "2026-05-29", "text": "Vi har mange søknader og trenger noe mer tid."
}))]
pub(crate) struct PreliminaryAnswerBody {
    /// The day by which the case is expected to be decided.
    #[schema(required, format = Date)]
    expected_by: Option<String>,
    /// Why it takes time.
    #[schema(required, min_length = 1, max_length = 10000)]
    text: Option<String>,
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
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<CompletionBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let missing = each(&mut errors, "/missing", &body.0.missing, |f, at, form| form.read(f, at));
    let deadline = errors.parse("/deadline", body.0.deadline, parse_day);
    let (missing, deadline) =
        errors.finish(missing.zip(deadline)).map_err(DomainError::validation)?;
    write_to_applicant(&state, by, *id, expected, move |application, to, by, case_context| {
        application.request_completion(missing, deadline, to, by, case_context)
    })
    .await
}

/// Send a preliminary answer.
///
/// Due one month after the receipt while nothing is decided (forvaltningsloven § 11 a): when the case
/// is expected to be decided, and why it takes time. A serious delay is told of in another one.
#[utoipa::path(
    tag = "applications", operation_id = "applicationSendPreliminaryAnswer", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = PreliminaryAnswerBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/preliminary-answer")]
pub(crate) async fn application_send_preliminary_answer(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<PreliminaryAnswerBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let expected_by = errors.parse("/expectedBy", body.0.expected_by, parse_day);
    let text = errors.parse("/text", body.0.text, Prose::parse);
    let (expected_by, text) =
        errors.finish(expected_by.zip(text)).map_err(DomainError::validation)?;
    write_to_applicant(&state, by, *id, expected, move |application, to, by, case_context| {
        application.send_preliminary_answer(expected_by, text, to, by, case_context)
    })
    .await
}

/// An act that sends something to the address that the provider has given for notices.
async fn write_to_applicant(
    state: &AppData,
    by: Caller<CaseWorker>,
    id: uuid::Uuid,
    expected: IfMatch,
    write: impl FnOnce(
        Application,
        Email,
        &CaseWorker,
        CaseContext<'_>,
    ) -> Result<Change<Application>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let (application, (offering, content)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let provider = session
                .provider(&application.provider)?
                .ok_or_else(|| store::corrupt("provider", &application.provider))?;
            let to = provider.profile.notification_address;
            let (municipality, places) = load_context(session, state, (&offering, &content), now)?;
            let case_context = CaseContext {
                municipality: &municipality,
                content: &content,
                places: &places,
                now,
            };
            let Change { value, event } = write(application, to, &by.role, case_context)?;
            session.save_application(&value, Some(expected.0))?;
            let answer = (value.revision, view(&value, case_context, &by.caller));
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}
