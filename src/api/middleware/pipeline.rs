//! The steps of every request: request id, route, checks, handler, headers, metrics and log.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};

use super::{
    bodies::{in_slices, without_body},
    cors,
    metrics::Observation,
    rate_limits::Quota,
    request_smuggling::IncomingBody,
    route_checks::RequestRoute,
    security_headers::SecurityHeaders,
};
use crate::api::{
    ApiDocument, AppState,
    extract::{caller::RequestId, locale::ReaderLanguage, min_position, principal::look_for_key},
    problem::{HttpError, Problem, sentences},
};

/// The header of the request id, sent by the client or generated here.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Takes a request through all steps.
pub async fn pipeline(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let document = request.app_data::<web::Data<ApiDocument>>().cloned();
    let id = request_id(&request, state.as_ref());
    request.extensions_mut().insert(RequestId(id.clone()));
    let route = RequestRoute::of(&mut request, document.as_ref().map(|it| &***it));
    let observation = Observation {
        started,
        method: route.sent.clone(),
        route: route.pattern.clone().unwrap_or_else(|| "unknown".to_owned()),
        is_private: request.headers().contains_key(header::AUTHORIZATION),
    };
    let body = IncomingBody::of(&mut request);
    let refused = route.refuse(&request, state.as_ref(), document.as_ref().map(|it| &***it));
    let response = if let Some(refused) = refused.await {
        request.into_response(refused)
    } else {
        look_for_key(request.request()).await;
        next.call(request).await?.map_into_boxed_body()
    };
    let mut response = in_slices(localized(response, &id));
    if route.sent == Method::HEAD {
        response = without_body(response);
        response.headers_mut().remove("content-digest");
    }
    let mut response = set_headers(response, &id, state.as_ref(), route.is_for_any_origin);
    if let Some(body) = body {
        response = body.stay(response);
    }
    observation.finish(&id, &response);
    Ok(response)
}

/// The id that the client sent, if it is valid, else a new one.
fn request_id(request: &ServiceRequest, state: Option<&web::Data<AppState>>) -> String {
    let sound = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let sent = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(sound);
    sent.map(str::to_owned)
        .or_else(|| state.map(|state| state.context.id::<()>().to_string()))
        .unwrap_or_default()
}

/// Writes a problem in the language of the reader, with the request id. A framework response becomes a problem, and an error
/// that is a page stays one.
fn localized(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    if is_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (request, mut response) = response.into_parts();
    let known = response.extensions_mut().remove::<Problem>();
    let problem = known.unwrap_or_else(|| {
        let problem = of_framework(status);
        response = problem.error_response();
        problem
    });
    let locale = ReaderLanguage::of(&request).of_problems();
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.as_str()));
    let body = problem.to_json(locale, Some(id.to_owned()));
    ServiceResponse::new(request, response.set_body(BoxBody::new(body)))
}

fn of_framework(status: StatusCode) -> Problem {
    match status {
        StatusCode::BAD_REQUEST => {
            Problem::edge(HttpError::InvalidParameter, sentences::invalid_parameter_request())
        }
        StatusCode::NOT_FOUND => Problem::edge(HttpError::UnknownRoute, sentences::unknown_route()),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::edge(HttpError::MethodNotAllowed, sentences::method_not_allowed_docs())
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::edge(HttpError::PayloadTooLarge, sentences::payload_too_large())
        }
        other => Problem::internal(&other),
    }
}

/// Sets the headers of every answer.
fn set_headers(
    mut response: ServiceResponse<BoxBody>,
    id: &str,
    state: Option<&web::Data<AppState>>,
    is_open: bool,
) -> ServiceResponse<BoxBody> {
    let (request, status) = (response.request().clone(), response.status());
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(share) = request.extensions().get::<Quota>() {
        share.tell(headers);
    }
    let secure = state.is_some_and(|state| state.public_url.starts_with("https:"));
    SecurityHeaders { path: request.path(), open: is_open, status, secure }.put_in(headers);
    if is_open {
        cors::open(headers);
    }
    // A file has its own position header.
    if let (Some(state), true) = (state, is_open || request.method() == Method::GET)
        && !headers.contains_key(min_position::FEED_POSITION)
    {
        headers.insert(min_position::FEED_POSITION, state.register.position().into());
    }
    if let (Some(state), true) = (state, is_open) {
        min_position::mark_age(headers, &state.register, state.context.now());
    }
    response
}
