//! Health, measurements and the document itself.

use actix_web::{HttpRequest, HttpResponse, Responder, get, http::header};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Shared,
    condition::public,
    problem::{Edge, PlainProblems, Problem, ReadProblems, status_of},
};
use crate::domain::refusal::Code;

/// Whether the process is alive.
///
/// Answers as long as the process can answer at all.
#[utoipa::path(
    tag = "operations", operation_id = "live", security(),
    responses((status = 200, description = "It is alive.", body = String, content_type = "text/plain", example = "ok"), PlainProblems),
)]
#[get("/livez")]
pub(crate) async fn live() -> impl Responder {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// Whether requests can be served.
///
/// Asks the database. While it does not answer, public reads go on from memory and acts do not.
#[utoipa::path(
    tag = "operations", operation_id = "ready", security(),
    responses(
        (status = 200, description = "Reads and acts are served.", body = String, content_type = "text/plain", example = "ready"),
        ReadProblems,
    ),
)]
#[get("/readyz")]
pub(crate) async fn ready(state: Shared) -> Result<HttpResponse, Problem> {
    state.read(|session, _| Ok(session.public_after(i64::MAX, 1)?)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready"))
}

/// Measurements.
///
/// `OpenMetrics` text for Prometheus, labelled by route pattern.
#[utoipa::path(
    tag = "operations", operation_id = "metrics", security(),
    responses((status = 200, description = "Measurements.", body = String, content_type = "application/openmetrics-text"), PlainProblems),
)]
#[get("/metrics")]
pub(crate) async fn metrics(state: Shared) -> impl Responder {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(state.metrics.text())
}

/// This document.
///
/// The `OpenAPI` 3.1 description of everything that is served here.
#[utoipa::path(
    tag = "operations", operation_id = "openapi", security(),
    responses((status = 200, description = "The document.", body = Object, content_type = "application/json"), PlainProblems),
)]
#[get("/openapi.json")]
pub(crate) async fn openapi(state: Shared) -> impl Responder {
    HttpResponse::Ok().content_type("application/json").body(state.document.clone())
}

/// All codes that a problem can have.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemCodes)]
pub struct CodesView {
    /// The codes; they never change their meaning.
    items: Vec<CodeView>,
}

/// A code that a problem can have.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemCode, example = json!({
    "code": "validation", "status": 422, "title": "The request has faults"
}))]
pub struct CodeView {
    /// The code.
    pub code: &'static str,
    /// The HTTP status that goes with it.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What it means.
    pub title: &'static str,
}

/// Every code: those of the edge and those of the domain.
#[must_use]
pub fn codes() -> Vec<CodeView> {
    let edge = Edge::TABLE.iter().map(|(_, code, status, title)| (*code, *status, *title));
    let domain =
        Code::TABLE.iter().map(|(_, code, kind, title)| (*code, status_of(*kind).as_u16(), *title));
    edge.chain(domain).map(|(code, status, title)| CodeView { code, status, title }).collect()
}

/// The codes of problems.
///
/// What the `type` of a problem points to.
#[utoipa::path(
    tag = "operations", operation_id = "problemList", security(),
    responses((status = 200, description = "All codes.", body = CodesView), PlainProblems),
)]
#[get("/problems")]
pub(crate) async fn problems(request: HttpRequest) -> HttpResponse {
    public(&request, None, &CodesView { items: codes() })
}
