//! Costs: what the party had to pay to have a decision changed.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AppealView, load, view};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        Change,
        error::DomainError,
        role::{DecisionMaker, Party, ProviderUser},
        validation::ValidationErrors,
        values::{ids::AppealId, text::Prose},
    },
    json::MoneyForm,
    store::Done,
};

/// A claim for costs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer."
}))]
pub struct CostsClaimBody {
    /// What is claimed.
    #[schema(required)]
    amount: Option<MoneyForm>,
    /// What for.
    #[schema(required, min_length = 1, max_length = 10000)]
    what_for: Option<String>,
}

/// The answer to a claim for costs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "granted": {"amount": "12000.00", "currency": "NOK"}, "reasons": "Seks timer var nødvendige."
}))]
pub struct CostsDecisionBody {
    /// What is granted; left out where the claim is refused.
    granted: Option<MoneyForm>,
    /// Why.
    #[schema(required, min_length = 1, max_length = 10000)]
    reasons: Option<String>,
}

/// Claim costs.
///
/// For the party, within three weeks of the new decision's arrival (forvaltningsloven § 36).
#[utoipa::path(
    tag = "appeals", operation_id = "appealClaimCosts", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CostsClaimBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/costs-claim")]
pub(crate) async fn appeal_claim_costs(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<CostsClaimBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let f = &mut faults;
    let amount = f.need("/amount", said.0.amount).and_then(|form| form.read(f, "/amount"));
    let what_for = f.parse("/whatFor", said.0.what_for, Prose::parse);
    let (amount, what_for) =
        faults.settle(amount.zip(what_for)).map_err(DomainError::validation)?;
    let id = AppealId::new(*id);
    state
        .act(by.stamp(&state.context), move |session, _, now| {
            let party = Party::Provider(by.role.organisation.clone());
            let appeal = load(session, id, &party)?;
            expected.matches(appeal.revision)?;
            let arrived = match appeal.outcome() {
                None => None,
                Some(by) => {
                    let outcome = session.followed(by)?;
                    outcome.and_then(|(_, course)| course.notification.starts_on())
                }
            };
            let Change { value, event } =
                appeal.claim_costs(amount, what_for, arrived, &by.role, now)?;
            session.keep_appeal(&value, Some(expected.0))?;
            let answer = (value.revision, view(&value, by.caller.role));
            Ok(Done { event, public: None, also: vec![], answer })
        })
        .await
}

/// Answer a claim for costs.
///
/// Granted, in part or whole, or refused; with reasons either way.
#[utoipa::path(
    tag = "appeals", operation_id = "appealDecideCosts", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CostsDecisionBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/costs-decision")]
pub(crate) async fn appeal_decide_costs(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    said: ValidJson<CostsDecisionBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut faults = ValidationErrors::default();
    let f = &mut faults;
    let granted = match said.0.granted {
        None => Some(None),
        Some(form) => form.read(f, "/granted").map(Some),
    };
    let reasons = f.parse("/reasons", said.0.reasons, Prose::parse);
    let (granted, reasons) =
        faults.settle(granted.zip(reasons)).map_err(DomainError::validation)?;
    let id = AppealId::new(*id);
    state
        .act(by.stamp(&state.context), move |session, _, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let appeal = load(session, id, &party)?;
            expected.matches(appeal.revision)?;
            let Change { value, event } = appeal.answer_costs(granted, reasons, &by.role, now)?;
            session.keep_appeal(&value, Some(expected.0))?;
            let answer = (value.revision, view(&value, by.caller.role));
            Ok(Done { event, public: None, also: vec![], answer })
        })
        .await
}
