//! The lower body's part of an appeal: mended, admitted, investigated, sent on; or withdrawn.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AppealView, about, load, view};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::decision::{
            address,
            changes::{consequence, end_deferral},
            municipality,
        },
    },
    domain::{
        Change,
        appeal::{Appeal, Excuse, LateGround},
        application::Application,
        decision::Decision,
        error::DomainError,
        role::{CaseParty, CaseWorker, FromCaller, Party},
        rules::impartiality::Staff,
        validation::ValidationErrors,
        values::{
            ids::AppealId,
            text::{Email, Line, Prose},
            time::{Instant, parse_day},
        },
    },
    json::{appeal::late_grounds, one_of},
    store::Done,
};

/// A request to mend what the form demands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"deadline": "2026-04-14"}))]
pub struct MendingRequestBody {
    /// The last day to mend. One that is no working day moves to the next.
    #[schema(required, format = Date)]
    deadline: Option<String>,
}

/// What an appeal lacked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"wantedChange": "Søknaden innvilges.", "signedBy": "Ola Eksempel"}))]
pub struct MendingBody {
    /// The change that is wanted.
    #[schema(required, min_length = 1, max_length = 10000)]
    wanted_change: Option<String>,
    /// Who signs it.
    #[schema(required, min_length = 1, max_length = 200)]
    signed_by: Option<String>,
}

/// The appeal is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"lateGround": "no-blame", "reasons": "Varselet gikk til en adresse som kommunen hadde feil."}))]
pub struct AdmissionBody {
    /// Why a late appeal is taken; for a late one alone.
    #[schema(schema_with = late_grounds)]
    late_ground: Option<String>,
    /// Why the ground holds; with `lateGround` alone.
    #[schema(min_length = 1, max_length = 10000)]
    reasons: Option<String>,
}

/// What the lower body looked into and found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"findings": "Planen er gjennomgått på nytt; den mangler varslingsliste."}))]
pub struct ReviewBody {
    /// What was looked into and found.
    #[schema(required, min_length = 1, max_length = 10000)]
    findings: Option<String>,
}

/// The lower body's statement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"statement": "Kommunedirektøren fastholder vedtaket."}))]
pub struct ForwardingBody {
    /// What the lower body says to the appeal body; the party gets a copy.
    #[schema(required, min_length = 1, max_length = 10000)]
    statement: Option<String>,
}

/// What a transition may need beside the appeal.
struct Around {
    decision: Decision,
    application: Application,
    /// Those who work in the municipality's own provider.
    staff: Staff,
    address: Option<Email>,
    now: Instant,
}

/// Loads, runs one transition at the expected revision, keeps, and shows the appeal.
async fn act<R: FromCaller + Send + 'static>(
    state: &AppData,
    by: Caller<R>,
    id: uuid::Uuid,
    expected: IfMatch,
    transition: impl FnOnce(Appeal, &Around, &Caller<R>) -> Result<Change<Appeal>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .act(by.stamp(&state.context), move |session, state, now| {
            let party = Party::of(by.caller.clone())?;
            let appeal = load(session, AppealId::new(id), &party)?;
            expected.matches(appeal.revision)?;
            let (decision, course, application) = about(session, &appeal, &party)?;
            let address = address(session, &decision)?;
            let staff =
                municipality(session, &application.municipality)?.settings.own_provider_staff;
            let around = Around { decision, application, staff, address, now };
            let Change { value, event } = transition(appeal, &around, &by)?;
            session.keep_appeal(&value, Some(expected.0))?;
            let mut also = vec![];
            if !value.state.is_open() {
                let from = course.revision;
                let closed = course.appeal_closed(value.id, now);
                session.keep_course(&closed.value, Some(from))?;
                also.push(consequence(state, closed.event));
                if closed.value.open_appeals().next().is_none() {
                    also.extend(end_deferral(session, state, &around.decision, now)?);
                }
            }
            let answer = (value.revision, view(&value, by.caller.role));
            Ok(Done { event, public: None, also, answer })
        })
        .await
}

/// Ask the appellant to mend the appeal.
///
/// When it does not say which change is wanted, or is not signed (forvaltningsloven § 32).
#[utoipa::path(
    tag = "appeals", operation_id = "appealAskToMend", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = MendingRequestBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/mending-request")]
pub(crate) async fn appeal_ask_to_mend(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<MendingRequestBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let deadline = faults.parse("/deadline", said.0.deadline, parse_day);
    let deadline = faults.settle(deadline).map_err(DomainError::validation)?;
    act(&state, by, *id, expected, move |appeal, around, by| {
        appeal.ask_to_mend(deadline, &around.application, &around.staff, &by.role, around.now)
    })
    .await
}

/// Mend the appeal.
///
/// By the party that appealed, or by a case worker with what came in a letter.
#[utoipa::path(
    tag = "appeals", operation_id = "appealMend", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = MendingBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/mending")]
pub(crate) async fn appeal_mend(
    by: Caller<CaseParty>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<MendingBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let wanted = faults.parse("/wantedChange", said.0.wanted_change, Prose::parse);
    let signed_by = faults.parse("/signedBy", said.0.signed_by, Line::parse);
    let read = faults.settle(wanted.zip(signed_by)).map_err(DomainError::validation)?;
    act(&state, by, *id, expected, move |appeal, _, by| appeal.mend(read.0, read.1, &by.role)).await
}

/// Take the appeal.
///
/// A late one only on a ground of forvaltningsloven § 31, with reasons, and never after a year.
#[utoipa::path(
    tag = "appeals", operation_id = "appealAdmit", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = AdmissionBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/admission")]
pub(crate) async fn appeal_admit(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<AdmissionBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let f = &mut faults;
    let excuse = match &said.0.late_ground {
        None => {
            let detail =
                "Reasons belong to the ground of a late appeal: name it, or leave them out.";
            f.unexpected("/reasons", said.0.reasons.is_some(), detail);
            Some(None)
        }
        Some(ground) => {
            let name = LateGround::as_str;
            let ground = f.take("/lateGround", one_of(ground, &LateGround::ALL, name));
            let reasons = f.parse("/reasons", said.0.reasons.as_ref(), Prose::parse);
            ground.zip(reasons).map(|(ground, reasons)| Some(Excuse { ground, reasons }))
        }
    };
    let excuse = faults.settle(excuse).map_err(DomainError::validation)?;
    act(&state, by, *id, expected, move |appeal, around, by| {
        appeal.admit(
            excuse,
            (&around.decision, &around.application),
            &around.staff,
            &by.role,
            around.now,
        )
    })
    .await
}

/// Record what the lower body found.
///
/// It investigates what the appeal says (forvaltningsloven § 33).
#[utoipa::path(
    tag = "appeals", operation_id = "appealReview", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ReviewBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/review")]
pub(crate) async fn appeal_review(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<ReviewBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let findings = faults.parse("/findings", said.0.findings, Prose::parse);
    let findings = faults.settle(findings).map_err(DomainError::validation)?;
    act(&state, by, *id, expected, move |appeal, around, by| {
        appeal.review(findings, &around.application, &around.staff, &by.role, around.now)
    })
    .await
}

/// Send the appeal on to the appeal body.
///
/// With the lower body's statement, of which the party gets a copy (forvaltningsloven § 33).
#[utoipa::path(
    tag = "appeals", operation_id = "appealForward", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ForwardingBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/forwarding")]
pub(crate) async fn appeal_forward(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<ForwardingBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let statement = faults.parse("/statement", said.0.statement, Prose::parse);
    let statement = faults.settle(statement).map_err(DomainError::validation)?;
    act(&state, by, *id, expected, move |appeal, around, by| {
        let address = around.address.clone();
        appeal.forward(statement, address, &around.application, &around.staff, &by.role, around.now)
    })
    .await
}

/// Withdraw the appeal.
///
/// While nobody has decided it. The party withdraws its own; for another appellant a case worker records it.
#[utoipa::path(
    tag = "appeals", operation_id = "appealWithdraw", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/withdrawal")]
pub(crate) async fn appeal_withdraw(
    by: Caller<CaseParty>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    act(&state, by, *id, expected, |appeal, around, by| match &by.role {
        CaseParty::Provider(by) => appeal.withdraw(by, around.now),
        CaseParty::Municipality(by) => appeal.record_withdrawal(by, around.now),
    })
    .await
}
