//! Regnestykker: what an hour costs and what free choice costs in a year. Nothing is kept.

use actix_web::{HttpResponse, http::header, post};

use crate::{
    api::{
        extract::body::{QuestionProblems, ValidJson},
        problem::{PlainProblems, Problem},
    },
    domain::error::DomainError,
    json::calculation::{CalculationAnswer, CalculationForm},
};

/// Compute an hour price, or what free choice costs in a year.
///
/// `unitCost` follows the model of KS, NHO and Virke; `consequence` reckons as Kristiansand did in 2024. The price is rounded to
/// whole kroner once, before it is multiplied. Every step is shown, and nothing is stored.
#[utoipa::path(
    tag = "compensation", operation_id = "calculationMake", security(),
    request_body = CalculationForm,
    responses((status = 200, description = "What came out, with every step.", body = CalculationAnswer), PlainProblems, QuestionProblems),
)]
#[post("/compensation/calculations")]
pub(crate) async fn calculation_make(
    body: ValidJson<CalculationForm>,
) -> Result<HttpResponse, Problem> {
    let answer = body.0.answer().map_err(DomainError::validation)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}
