//! What happens to a signed decision: reasons afterwards, arrival, more time, slips mended.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DecisionView, address, changes::places, load, view};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        Change,
        decision::{
            Decision,
            history::{CorrectedText, DecisionHistory},
        },
        error::DomainError,
        role::{CaseWorker, DecisionMaker, FromCaller, Party, ProviderUser},
        validation::ValidationErrors,
        values::{
            ids::DecisionId,
            text::{Email, Note},
            time::{Instant, parse_day},
        },
    },
    json::decision::ReasonsForm,
    store::Done,
};

/// A demand for reasons.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct ReasonsDemandBody {}

/// The day on which a letter arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"arrivedOn": "2026-03-16"}))]
pub struct ArrivalBody {
    /// The day.
    #[schema(required, format = Date)]
    arrived_on: Option<String>,
}

/// More time to appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"to": "2026-04-21", "why": "Parten får dokumentene i saken først 7. april."}))]
pub struct ProlongationBody {
    /// The new last day. One that is no working day moves to the next.
    #[schema(required, format = Date)]
    to: Option<String>,
    /// Why.
    #[schema(required, min_length = 1, max_length = 2000)]
    why: Option<String>,
}

/// A clear slip of the pen, mended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CorrectionBody, example = json!({
    "pointer": "/reasons/facts", "before": "2. mars", "after": "3. mars",
    "why": "Skrivefeil: brevet er datert 3. mars."
}))]
pub struct DecisionCorrectionBody {
    /// JSON Pointer to a text of the decision: its rules, facts or considerations, or a ground's facts.
    #[schema(required, max_length = 60)]
    pointer: Option<String>,
    /// What stands there, so much of it that it stands there once.
    #[schema(required, min_length = 1, max_length = 2000)]
    before: Option<String>,
    /// What should stand there.
    #[schema(required, min_length = 1, max_length = 2000)]
    after: Option<String>,
    /// Why it is a clear slip.
    #[schema(required, min_length = 1, max_length = 2000)]
    why: Option<String>,
}

/// Loads, runs one transition at the expected revision, keeps, and shows the decision.
async fn execute<R: FromCaller + Send + 'static>(
    state: &AppData,
    by: Caller<R>,
    id: uuid::Uuid,
    expected: IfMatch,
    transition: impl FnOnce(
        DecisionHistory,
        &Decision,
        &Caller<R>,
        Option<Email>,
        Instant,
    ) -> Result<Change<DecisionHistory>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::of(by.caller.clone())?;
            let (decision, history) = load(session, DecisionId::new(id), &party)?;
            expected.matches(history.revision)?;
            let address = address(session, &decision)?;
            let Change { value, event } = transition(history, &decision, &by, address, now)?;
            session.save_history(&value, Some(expected.0))?;
            let places = places(session, state, &decision, now)?;
            let view = view(&decision, &value, &places, by.caller.role, now);
            let answer = (value.revision, view);
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}

/// Demand reasons.
///
/// For the party of an approval that came without, while it can appeal (forvaltningsloven § 24). The
/// period is broken off: a new full one runs from the arrival of the reasons.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionDemandReasons", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ReasonsDemandBody,
    responses((status = 200, description = "The decision.", body = DecisionView), ActProblems),
)]
#[post("/decisions/{id}/reasons-demands")]
pub(crate) async fn decision_demand_reasons(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    _said: ValidJson<ReasonsDemandBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, *id, expected, |history, decision, by, _, now| {
        history.demand_reasons(decision, &by.role, now)
    })
    .await
}

/// Give the reasons that were demanded.
///
/// The party is notified at once, and has three new weeks to appeal (forvaltningsloven § 29).
#[utoipa::path(
    tag = "decisions", operation_id = "decisionGiveReasons", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ReasonsForm,
    responses((status = 200, description = "The decision.", body = DecisionView), ActProblems),
)]
#[post("/decisions/{id}/reasons")]
pub(crate) async fn decision_give_reasons(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ReasonsForm>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let reasons = body.0.read(&mut errors, "");
    let reasons = errors.finish(reasons).map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, |history, decision, by, address, now| {
        history.give_reasons(reasons, address, decision, &by.role, now)
    })
    .await
}

/// Record the day on which a letter arrived.
///
/// The time to appeal is counted from it. An arrival that turns out to have been later is recorded anew.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionRecordArrival", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ArrivalBody,
    responses((status = 200, description = "The decision.", body = DecisionView), ActProblems),
)]
#[post("/decisions/{id}/arrival")]
pub(crate) async fn decision_record_arrival(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ArrivalBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let on = errors.parse("/arrivedOn", body.0.arrived_on, parse_day);
    let on = errors.finish(on).map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, move |history, decision, by, _, now| {
        history.record_arrival(on, decision, &by.role, now)
    })
    .await
}

/// Give more time to appeal.
///
/// Before the time is out (forvaltningsloven § 29).
#[utoipa::path(
    tag = "decisions", operation_id = "decisionProlong", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ProlongationBody,
    responses((status = 200, description = "The decision.", body = DecisionView), ActProblems),
)]
#[post("/decisions/{id}/prolongation")]
pub(crate) async fn decision_prolong(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ProlongationBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let to = errors.parse("/to", body.0.to, parse_day);
    let why = errors.parse("/why", body.0.why, Note::parse);
    let (to, why) = errors.finish(to.zip(why)).map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, move |history, decision, by, _, now| {
        history.extend(to, why, decision, &by.role, now)
    })
    .await
}

/// Mend a clear slip of the pen.
///
/// The corrected text is shown beside the original, and the party is notified. Outcome, grounds and
/// last day cannot be touched.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionCorrect", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = DecisionCorrectionBody,
    responses((status = 200, description = "The decision.", body = DecisionView), ActProblems),
)]
#[post("/decisions/{id}/correction")]
pub(crate) async fn decision_correct(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<DecisionCorrectionBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let place = f.parse("/pointer", body.0.pointer, CorrectedText::parse);
    let before = f.parse("/before", body.0.before, Note::parse);
    let after = f.parse("/after", body.0.after, Note::parse);
    let why = f.parse("/why", body.0.why, Note::parse);
    let slip = before.zip(after).zip(why).map(|((before, after), why)| (before, after, why));
    let (place, slip) = errors.finish(place.zip(slip)).map_err(DomainError::validation)?;
    execute(&state, by, *id, expected, move |history, decision, by, address, now| {
        history.correct(place, slip, address, decision, &by.role, now)
    })
    .await
}
