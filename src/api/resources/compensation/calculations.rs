//! Calculations: the price of an hour and the annual cost of free choice. Nothing is stored.

use actix_web::{HttpResponse, http::header, post};

use crate::{
    api::{
        extract::body::{QuestionProblems, ValidJson},
        problem::{PlainProblems, Problem},
    },
    domain::error::DomainError,
    json::calculation::{CalculationAnswer, CalculationBody},
};

/// Calculate an hourly price, or the annual cost of free choice.
///
/// `unitCost` follows the model of KS, NHO and Virke; `consequence` follows Kristiansand's calculation of 2024.
/// The price is rounded to whole kroner once, before it is multiplied. Every step is included, and nothing is
/// stored.
#[utoipa::path(
    tag = "compensation", operation_id = "calculationMake", security(),
    request_body = CalculationBody,
    responses((status = 200, description = "The result, with every step.", body = CalculationAnswer), PlainProblems, QuestionProblems),
)]
#[post("/compensation/calculations")]
pub(crate) async fn calculation_make(
    body: ValidJson<CalculationBody>,
) -> Result<HttpResponse, Problem> {
    let answer = body.0.answer().map_err(DomainError::validation)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}
