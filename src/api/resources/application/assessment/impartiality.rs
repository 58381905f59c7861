//! Who may handle a case: declarations, challenges by the applicant, rulings.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::application::{ApplicationView, execute},
    },
    domain::{
        error::DomainError,
        role::{CaseHandler, DecisionMaker, ProviderUser},
        rules::impartiality::{ImpartialityFinding, Whom},
        validation::ValidationErrors,
        values::{ids::ApplicationId, text::Note},
    },
    json::impartiality::{ImpartialityBody, grounds, read_finding, read_whom},
};

/// A demand for a ruling on somebody's impartiality.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Kari Nordmann", "reason": "Hun er søster av en konkurrent."}))]
pub(crate) struct ImpartialityChallengeBody {
    /// The person's key. This or `name` is required.
    #[schema(min_length = 1, max_length = 200)]
    subject: Option<String>,
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Why.
    #[schema(required, min_length = 1, max_length = 2000)]
    reason: Option<String>,
}

impl ImpartialityChallengeBody {
    /// Whose impartiality and why, or all faults.
    pub(crate) fn read(self) -> Result<(Whom, Note), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let whom = read_whom(&mut errors, "", self.subject.as_ref(), self.name.as_ref());
        let reason = errors.parse("/reason", self.reason, Note::parse);
        errors.finish(whom.zip(reason))
    }
}

/// A ruling on somebody's impartiality.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "subject": "kari", "impartial": true, "ground": "special-circumstances",
    "note": "Slektskapet er fjernt og uten betydning for saken."
}))]
pub(crate) struct ImpartialityRulingBody {
    /// The person's key. This or `name` is required.
    #[schema(min_length = 1, max_length = 200)]
    subject: Option<String>,
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Whether the person is able to handle the case.
    #[schema(required)]
    impartial: Option<bool>,
    /// On which ground not, or what kind of circumstances were weighed.
    #[schema(schema_with = grounds)]
    ground: Option<String>,
    /// Why, and what was weighed; required for special circumstances.
    #[schema(min_length = 1, max_length = 2000)]
    note: Option<String>,
}

impl ImpartialityRulingBody {
    /// On whom and what was found, or all faults.
    pub(crate) fn read(self) -> Result<(Whom, ImpartialityFinding), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let whom = read_whom(&mut errors, "", self.subject.as_ref(), self.name.as_ref());
        let note = errors.parse_optional("/note", self.note, Note::parse);
        let finding = read_finding(&mut errors, self.impartial, self.ground.as_ref(), note);
        errors.finish(whom.zip(finding))
    }
}

/// Declare impartiality.
///
/// Everyone who handles the case declares it first (forvaltningsloven §§ 6 and 8), or leaves it to
/// the superior. A person's last declaration counts; what was ruled stands.
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
    by: Caller<CaseHandler>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ImpartialityBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (body, superior) = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, ApplicationId::new(*id), expected, move |application, by, case_context| {
        let staff = &case_context.municipality.settings.own_provider_staff;
        application.declare_impartiality(body, superior, staff, &by.role, case_context.now)
    })
    .await
}

/// Challenge somebody's impartiality.
///
/// The applicant demands a ruling (forvaltningsloven § 8). Until it comes, the person does nothing in the case.
#[utoipa::path(
    tag = "applications", operation_id = "applicationChallengeImpartiality", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ImpartialityChallengeBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/impartiality-challenges")]
pub(crate) async fn application_challenge_impartiality(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ImpartialityChallengeBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (whom, reason) = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, ApplicationId::new(*id), expected, move |application, by, case_context| {
        application.challenge_impartiality(whom, reason, &by.role, case_context.now)
    })
    .await
}

/// Rule on somebody's impartiality.
///
/// Where the person left it to the superior or the applicant demands it (forvaltningsloven § 8).
/// Nobody rules on his or her own. The person cannot undo it.
#[utoipa::path(
    tag = "applications", operation_id = "applicationRuleOnImpartiality", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ImpartialityRulingBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/impartiality-rulings")]
pub(crate) async fn application_rule_on_impartiality(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ImpartialityRulingBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (whom, finding) = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, ApplicationId::new(*id), expected, move |application, by, case_context| {
        let staff = &case_context.municipality.settings.own_provider_staff;
        application.rule_on_impartiality(whom, finding, staff, &by.role, case_context.now)
    })
    .await
}
