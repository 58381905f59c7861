//! Who may handle what comes after an approval: declarations, challenges by the provider, rulings.

use actix_web::{HttpResponse, post, web::Path};

use super::own;
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::application::assessment::impartiality::{
            ImpartialityChallengeBody, ImpartialityRulingBody,
        },
    },
    commands::decision::municipality,
    domain::{
        Change,
        approval::Approval,
        error::DomainError,
        role::{CaseHandler, DecisionMaker, FromCaller, Party, ProviderUser},
        rules::impartiality::{Impartiality, Staff},
        values::{ids::ApprovalId, time::Instant},
    },
    json::impartiality::ImpartialityBody,
    store::Done,
};

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
