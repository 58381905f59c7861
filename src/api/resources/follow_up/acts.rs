//! What is done with a follow-up: report, correct, assess, close.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{FollowUpView, load};
use crate::{
    api::{
        Shared,
        extract::{body::Said, caller::By, preconditions::Expected},
        problem::{ActProblems, Problem},
    },
    domain::{
        Change,
        faults::Faults,
        follow_up::{FollowUp, Matter},
        refusal::Refusal,
        role::{Demand, Follower, Party, ProviderUser},
        values::{
            ids::FollowUpId,
            text::Prose,
            time::{Instant, parse_day},
        },
    },
    json::{each, follow_up::FoundForm, public::ApprovalRecord},
    store::{Consequence, Done, Failure, Session},
};

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = FollowUpReportBody, example = json!({
    "on": "2026-05-04", "findings": "Besøkslister stemmer; opplæringsplan mangler.",
    "deviations": [{"facts": "Opplæringsplan mangler.", "breaks": "Krav K4", "deadline": "2026-06-01"}]
}))]
pub struct ReportBody {
    /// The day it was carried out.
    #[schema(required, format = Date)]
    on: Option<String>,
    /// What was seen.
    #[schema(required, min_length = 1, max_length = 10000)]
    findings: Option<String>,
    /// Where deliveries deviate from terms or criteria.
    #[serde(default)]
    #[schema(max_items = 50)]
    deviations: Vec<FoundForm>,
}

/// What the provider has done about a deviation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DeviationCorrectionBody, example = json!({"text": "Planen er laget og tatt i bruk."}))]
pub struct CorrectionBody {
    /// What.
    #[schema(required, min_length = 1, max_length = 10000)]
    text: Option<String>,
}

/// Whether a correction is enough.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CorrectionAssessmentBody, example = json!({"accepted": true, "note": "Planen er sett."}))]
pub struct CorrectionAssessmentBody {
    /// It is.
    #[schema(required)]
    accepted: Option<bool>,
    /// Why, or why not.
    #[schema(required, min_length = 1, max_length = 10000)]
    note: Option<String>,
}

/// How a follow-up ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConclusionBody, example = json!({"conclusion": "Alt i orden."}))]
pub struct ConclusionBody {
    /// The conclusion.
    #[schema(required, min_length = 1, max_length = 10000)]
    conclusion: Option<String>,
}

/// Report what was found.
///
/// With the deviations, each with facts, the clause or criterion, and a deadline to correct it.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpReport", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the follow-up"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ReportBody,
    responses((status = 200, description = "The follow-up.", body = FollowUpView), ActProblems),
)]
#[post("/follow-ups/{id}/report")]
pub(crate) async fn follow_up_report(
    by: By<Follower>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<ReportBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let f = &mut faults;
    let on = f.parse("/on", said.0.on, parse_day);
    let findings = f.parse("/findings", said.0.findings, Prose::parse);
    let found = each(f, "/deviations", &said.0.deviations, |f, at, form| form.read(f, at));
    let (Some(on), Some(findings), Some(found)) = (on, findings, found) else {
        return Err(Refusal::validation(faults).into());
    };
    act(&state, by, *id, expected, move |it, by, now| it.report(on, findings, found, &by.role, now))
        .await
}

/// Report that a deviation is corrected.
///
/// By the provider; once, and again where the correction was not accepted.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpCorrect", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the follow-up"),
        ("number" = usize, Path, description = "Number of the deviation, from 1"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CorrectionBody,
    responses((status = 200, description = "The follow-up.", body = FollowUpView), ActProblems),
)]
#[post("/follow-ups/{id}/deviations/{number}/correction")]
pub(crate) async fn follow_up_correct(
    by: By<ProviderUser>,
    path: Path<(uuid::Uuid, usize)>,
    expected: Expected,
    said: Said<CorrectionBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let text = faults.parse("/text", said.0.text, Prose::parse);
    let text = faults.settle(text).map_err(Refusal::validation)?;
    let (id, number) = *path;
    act(&state, by, id, expected, move |it, by, now| it.correct(number, text, &by.role, now)).await
}

/// Assess a correction.
///
/// It is accepted, or it is not, and why.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpAssess", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the follow-up"),
        ("number" = usize, Path, description = "Number of the deviation, from 1"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CorrectionAssessmentBody,
    responses((status = 200, description = "The follow-up.", body = FollowUpView), ActProblems),
)]
#[post("/follow-ups/{id}/deviations/{number}/assessment")]
pub(crate) async fn follow_up_assess(
    by: By<Follower>,
    path: Path<(uuid::Uuid, usize)>,
    expected: Expected,
    said: Said<CorrectionAssessmentBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let accepted = faults.need("/accepted", said.0.accepted);
    let note = faults.parse("/note", said.0.note, Prose::parse);
    let (Some(accepted), Some(note)) = (accepted, note) else {
        return Err(Refusal::validation(faults).into());
    };
    let (id, number) = *path;
    act(&state, by, id, expected, move |it, by, now| {
        it.assess(number, accepted, note, &by.role, now)
    })
    .await
}

/// Close a follow-up.
///
/// With a conclusion, once each deviation is corrected or its time is out.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpClose", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the follow-up"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ConclusionBody,
    responses((status = 200, description = "The follow-up.", body = FollowUpView), ActProblems),
)]
#[post("/follow-ups/{id}/closure")]
pub(crate) async fn follow_up_close(
    by: By<Follower>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<ConclusionBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let conclusion = faults.parse("/conclusion", said.0.conclusion, Prose::parse);
    let conclusion = faults.settle(conclusion).map_err(Refusal::validation)?;
    act(&state, by, *id, expected, move |it, by, now| it.close(conclusion, &by.role, now)).await
}

/// Loads, runs one transition at the expected revision, keeps, and shows the follow-up.
async fn act<R: Demand + Send + 'static>(
    state: &Shared,
    by: By<R>,
    id: uuid::Uuid,
    expected: Expected,
    transition: impl FnOnce(FollowUp, &By<R>, Instant) -> Result<Change<FollowUp>, Refusal>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .act(by.stamp(&state.context), move |session, state, now| {
            let follow_up = load(session, FollowUpId::new(id), &Party::of(by.caller.clone())?)?;
            expected.matches(follow_up.revision)?;
            let planned = follow_up.reported().is_none();
            let Change { value, event } = transition(follow_up, &by, now)?;
            session.keep_follow_up(&value, Some(expected.0))?;
            let also = if planned {
                reviewed(session, &value, state.context.row_id(), now)?
            } else {
                None
            };
            let view = FollowUpView::of(&value, by.caller.role, now);
            let also = also.into_iter().collect();
            Ok(Done { event, public: None, also, answer: (value.revision, view) })
        })
        .await
}

/// After a yearly review the next one is counted from it.
fn reviewed(
    session: &mut Session<'_>,
    follow_up: &FollowUp,
    id: uuid::Uuid,
    now: Instant,
) -> Result<Option<Consequence>, Failure> {
    let (Matter::YearlyReview, Some(report)) = (&follow_up.matter, follow_up.reported()) else {
        return Ok(None);
    };
    let approval = session.approval(follow_up.approval)?;
    let approval = approval.ok_or_else(|| Refusal::not_found("approval"))?;
    let from = approval.revision;
    let Change { value, event } = approval.reviewed(report.on);
    session.keep_approval(&value, Some(from))?;
    let public = ApprovalRecord::published(&value, now);
    Ok(Some(Consequence { id, event, public }))
}
