//! Who may handle what comes after an approval: declarations, challenges by the provider, rulings.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::own;
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    commands::decision::municipality,
    domain::{
        Change,
        approval::Approval,
        error::DomainError,
        role::{CaseHandler, DecisionMaker, FromCaller, Party, ProviderUser},
        rules::impartiality::{Impartiality, ImpartialityFinding, Staff, Whom},
        validation::ValidationErrors,
        values::{ids::ApprovalId, text::Note, time::Instant},
    },
    json::impartiality::{ImpartialityBody, grounds, read_finding, read_whom},
    store::Done,
};

/// A demand for a ruling on somebody's impartiality.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Kari Nordmann", "reason": "Hun er søster av en konkurrent."}))]
pub(super) struct ImpartialityChallengeBody {
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
    fn read(self) -> Result<(Whom, Note), ValidationErrors> {
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
pub(super) struct ImpartialityRulingBody {
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
    fn read(self) -> Result<(Whom, ImpartialityFinding), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let whom = read_whom(&mut errors, "", self.subject.as_ref(), self.name.as_ref());
        let note = errors.parse_optional("/note", self.note, Note::parse);
        let finding = read_finding(&mut errors, self.impartial, self.ground.as_ref(), note);
        errors.finish(whom.zip(finding))
    }
}

/// Declare impartiality after the approval.
///
/// Whoever warns or revokes declares it first (forvaltningsloven §§ 6 and 8). The approval's revision stays as it is.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalDeclareImpartiality", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = ImpartialityBody,
    responses((status = 200, description = "All that was said of impartiality.", body = Impartiality), ActProblems),
)]
#[post("/approvals/{id}/impartiality")]
pub(crate) async fn approval_declare_impartiality(
    by: Caller<CaseHandler>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ImpartialityBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (body, superior) = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, move |approval, by, staff, now| {
        approval.declare_impartiality(body, superior, staff, by, now)
    })
    .await
}

/// Challenge somebody's impartiality after the approval.
///
/// The provider demands a ruling (forvaltningsloven § 8). Until it comes, the person neither warns nor revokes.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalChallengeImpartiality", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = ImpartialityChallengeBody,
    responses((status = 200, description = "All that was said of impartiality.", body = Impartiality), ActProblems),
)]
#[post("/approvals/{id}/impartiality-challenges")]
pub(crate) async fn approval_challenge_impartiality(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ImpartialityChallengeBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (whom, reason) = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, move |approval, by, _, now| {
        approval.challenge_impartiality(whom, reason, by, now)
    })
    .await
}

/// Rule on somebody's impartiality after the approval.
///
/// Where the person left it to the superior or the provider demands it. Nobody rules on his or her own.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalRuleOnImpartiality", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = ImpartialityRulingBody,
    responses((status = 200, description = "All that was said of impartiality.", body = Impartiality), ActProblems),
)]
#[post("/approvals/{id}/impartiality-rulings")]
pub(crate) async fn approval_rule_on_impartiality(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ImpartialityRulingBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (whom, finding) = body.0.read().map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, move |approval, by, staff, now| {
        approval.rule_on_impartiality(whom, finding, staff, by, now)
    })
    .await
}

/// Loads, notes, keeps, and shows all that was said of impartiality.
async fn execute<R: FromCaller + Send + 'static>(
    state: &AppData,
    by: Caller<R>,
    id: uuid::Uuid,
    expected: IfMatch,
    command: impl FnOnce(Approval, &R, &Staff, Instant) -> Result<Change<Approval>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    let id = ApprovalId::new(id);
    state
        .execute(by.metadata(&state.context), move |session, _, now| {
            let approval = own(session, id, &Party::of(by.caller.clone())?)?;
            expected.matches(approval.revision)?;
            let staff = municipality(session, &approval.municipality)?.settings.own_provider_staff;
            let Change { value, event } = command(approval, &by.role, &staff, now)?;
            session.save_approval(&value, Some(expected.0))?;
            let answer = (value.revision, value.impartiality.clone());
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}
