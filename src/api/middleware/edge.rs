//! What every request passes: an id, a log line, a measurement, security headers, known parameters.

pub(in crate::api) use super::bodies::holding;
pub use crate::api::openapi::operations::Routes;

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody, to_bytes},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

use super::{
    bodies::{in_slices, without_body},
    rate_limits::{self, Class, Quota},
    request_smuggling,
    security_headers::SecurityHeaders,
};
use crate::api::{
    AppState,
    extract::{
        caller::{RequestId, WasHead, look_for_key},
        min_position, negotiation,
    },
    problem::{HttpError, Problem},
};

/// Where the pages of the register are.
pub(super) const PAGES: &str = "/v1/register/";
/// What a request is called, by who sends it or by us.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is measured of requests, by route pattern and never by path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// Measurements for `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    /// Pages that were ready: sent, and known to the reader.
    ready: [Counter; 2],
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let requests = Family::<Labels, Counter>::default();
        let steps = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
        let seconds = Histogram::new(steps);
        registry.register("godkjent_http_requests", "Requests answered", requests.clone());
        registry.register("godkjent_http_seconds", "Time to answer, in seconds", seconds.clone());
        let ready = [200, 304].map(|status| {
            let route = format!("{PAGES}{{municipality}}/{{service}}");
            requests.get_or_create_owned(&Labels { method: "GET", route, status })
        });
        Self { registry, requests, seconds, ready }
    }
}

impl Metrics {
    /// Counts a page that was ready.
    pub(super) fn count_page(&self, status: StatusCode) {
        let [sent, known] = &self.ready;
        if status == StatusCode::OK { sent } else { known }.inc();
    }

    /// Where others put what they measure.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    /// The measurements as `OpenMetrics` text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

fn method_not_allowed(methods: &str) -> Problem {
    Problem::edge(HttpError::MethodNotAllowed, format!("The path takes {methods}."))
        .with_header(header::ALLOW, methods)
}

/// Answers for a path or a method that does not exist.
pub async fn unknown_route(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let methods =
        request.match_pattern().and_then(|pattern| state.document.routes.methods(&pattern));
    let unknown = || Problem::edge(HttpError::UnknownRoute, "The paths are listed in /docs.");
    methods.map_or_else(unknown, |methods| method_not_allowed(&methods)).error_response()
}

/// Wraps every request.
pub async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let id = request_id(&request, state.as_ref());
    request.extensions_mut().insert(RequestId(id.clone()));
    let suffixed =
        state.as_ref().and_then(|it| negotiation::suffixed(&mut request, &it.document.offered));
    let pattern = suffixed.or_else(|| {
        // A path without parts of its own is its own pattern: most lists need no search for it.
        let fixed = state.as_ref().is_some_and(|state| state.document.routes.has(request.path()));
        if fixed { Some(request.path().to_owned()) } else { request.match_pattern() }
    });
    let method = request.method().clone();
    if method == Method::HEAD {
        // Answered as GET is, without the body (RFC 9110 section 9.3.2).
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(WasHead);
        request.headers_mut().remove(header::RANGE);
    }
    let asked = request.method().clone();
    let private = request.headers().contains_key(header::AUTHORIZATION);
    let told = state.as_ref().map(|state| &state.document.routes).zip(pattern.as_ref());
    let unknown = told.and_then(|(routes, pattern)| {
        routes.unknown_parameter(pattern, &asked, request.query_string())
    });
    let open = told.is_some_and(|(routes, pattern)| routes.is_open(pattern, &asked));
    let for_any_origin =
        told.is_some_and(|(routes, pattern)| routes.is_for_any_origin(pattern, &asked));
    let methods = told.and_then(|(routes, pattern)| routes.methods(pattern));
    // No route with a part of its own in that place answers for one that is there word for word.
    let fixed = pattern.as_deref() == Some(request.path());
    let wrong = |it: &&String| fixed && it.split(", ").all(|method| method != asked.as_str());
    let body =
        request_smuggling::IncomingBody::of(&mut request, state.as_ref().map(|state| &***state));
    let charged = charge(&request, state.as_ref(), pattern.as_deref(), open);
    let response = if let Some(refused) = request_smuggling::refused(&request) {
        request.into_response(refused)
    } else if let Err(problem) = charged {
        request.into_response(problem.error_response())
    } else if let Some(problem) =
        crate::api::openapi::operations::with_nul(request.path(), request.query_string())
    {
        request.into_response(problem.error_response())
    } else if let Some(name) = unknown {
        let detail = format!("‘{name}’ is not a parameter here: leave it out or correct its name.");
        let problem = Problem::parameter(HttpError::UnknownParameter, &name, detail);
        request.into_response(problem.error_response())
    } else if method == Method::OPTIONS {
        let preflight = preflight(request.request(), state.as_ref(), pattern.as_deref());
        request.into_response(preflight)
    } else if let Some(methods) = methods.as_ref().filter(wrong) {
        request.into_response(method_not_allowed(methods).error_response())
    } else if let Some(Err(problem)) = reached(&request, state.as_ref()).await {
        request.into_response(problem.error_response())
    } else {
        look_for_key(request.headers(), state.as_deref()).await;
        next.call(request).await?.map_into_boxed_body()
    };
    let route = pattern.unwrap_or_else(|| "unknown".to_owned());
    let mut response = in_slices(with_instance(response, &id).await?);
    if method == Method::HEAD {
        response = without_body(response);
        response.headers_mut().remove("content-digest");
    }
    let mut response = finish(response, &id, state.as_ref(), for_any_origin);
    if let Some(body) = body {
        response = body.stay(response);
    }
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    let method = label(&method);
    if let Some(state) = &state {
        let labels = Labels { method, route: route.clone(), status };
        state.metrics.requests.get_or_create(&labels).inc();
        state.metrics.seconds.observe(seconds);
    }
    // What anyone reads is counted; a line for each would cost more than the answer.
    if asked == Method::GET && status < 400 && !private {
        tracing::debug!(request_id = %id, %method, %route, status, seconds, "answered");
    } else {
        tracing::info!(request_id = %id, %method, %route, status, seconds, "answered");
    }
    Ok(response)
}

/// Where a reader asks for a position, whether the register has come so far.
async fn reached(
    request: &ServiceRequest,
    state: Option<&web::Data<AppState>>,
) -> Option<Result<(), Problem>> {
    let state = state.filter(|_| request.headers().contains_key(min_position::MIN_POSITION))?;
    let request = request.request();
    Some(match min_position::least(request.headers()) {
        Ok(position) => min_position::at_least(state, request, position).await,
        Err(problem) => Err(problem),
    })
}

/// The caller's own id where it is sound, else a new one.
fn request_id(request: &ServiceRequest, state: Option<&web::Data<AppState>>) -> String {
    let sound = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let told = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(sound);
    told.map(str::to_owned)
        .or_else(|| state.map(|state| state.context.id::<()>().to_string()))
        .unwrap_or_default()
}

/// Puts the request id into a problem, and makes a problem of an answer that the framework gave.
async fn with_instance(
    response: ServiceResponse<BoxBody>,
    id: &str,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let body = to_bytes(body).await.unwrap_or_default();
    let said: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(&body).ok();
    let Some(mut said) = said else {
        let mut problem = of_framework(status);
        problem.instance = Some(id.to_owned());
        return Ok(ServiceResponse::new(request, problem.error_response()));
    };
    said.insert("instance".to_owned(), id.into());
    let body = serde_json::to_vec(&said).unwrap_or_default();
    Ok(ServiceResponse::new(request, head.set_body(BoxBody::new(body))))
}

fn of_framework(status: StatusCode) -> Problem {
    match status {
        StatusCode::BAD_REQUEST => {
            Problem::edge(HttpError::InvalidParameter, "The request cannot be read.")
        }
        StatusCode::NOT_FOUND => {
            Problem::edge(HttpError::UnknownRoute, "The paths are listed in /docs.")
        }
        StatusCode::METHOD_NOT_ALLOWED => Problem::edge(HttpError::MethodNotAllowed, "See /docs."),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::edge(HttpError::PayloadTooLarge, "Send less."),
        other => Problem::internal(&other),
    }
}

/// The headers of every answer.
fn finish(
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
        open(headers);
    }
    // A file says itself how far it has come.
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

/// Charges a request before anything else is done: first its address, except for probes, then its class. Where the
/// route needs a token, the class is charged to the holder when the token is verified.
fn charge(
    request: &ServiceRequest,
    state: Option<&web::Data<AppState>>,
    pattern: Option<&str>,
    open: bool,
) -> Result<(), Problem> {
    let Some(state) = state else { return Ok(()) };
    if !matches!(pattern, Some("/livez" | "/readyz")) {
        rate_limits::charge(request.request(), state, Class::All, 1)?;
    }
    let Some(class) = Class::of(request.method(), pattern, open) else { return Ok(()) };
    if pattern.is_some_and(|pattern| state.document.routes.needs_token(pattern, request.method())) {
        request.extensions_mut().insert(class);
        return Ok(());
    }
    rate_limits::charge(request.request(), state, class, 1)
}

/// The method as a label of metrics and the log. Unknown methods are one label, since there is no end of them.
fn label(method: &Method) -> &'static str {
    let served = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    served.into_iter().find(|it| *it == method.as_str()).unwrap_or("other")
}

/// What a reader of any origin may know of an answer.
pub(super) fn open(headers: &mut HeaderMap) {
    const ANYONE: HeaderValue = HeaderValue::from_static("*");
    const EXPOSED: HeaderValue = HeaderValue::from_static(
        "Content-Digest, Content-Disposition, Content-Range, ETag, \
        Feed-Position, Last-Modified, Link, Location, Preference-Applied, RateLimit, \
        RateLimit-Policy, Record-Count, Record-Digest, Register-As-Of, Repr-Digest, Retry-After, \
        X-Request-Id",
    );
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANYONE);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

/// Browsers of any origin may read what is open, and nothing else: no token passes.
fn preflight(
    request: &HttpRequest,
    state: Option<&web::Data<AppState>>,
    pattern: Option<&str>,
) -> HttpResponse {
    let known = state.zip(pattern);
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let wanted = wanted.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let open = wanted.filter(|wanted| {
        known.is_some_and(|(state, pattern)| {
            state.document.routes.is_for_any_origin(pattern, wanted)
        })
    });
    let Some(open) = open else {
        let detail = "Browsers of other origins may only ask what needs no token.".to_owned();
        let methods = known.and_then(|(state, pattern)| state.document.routes.methods(pattern));
        let methods = methods.as_deref().unwrap_or("GET");
        return Problem { detail, ..method_not_allowed(methods) }.error_response();
    };
    let headers = "accept, content-type, if-none-match, min-position, prefer, range, x-request-id";
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, open.as_str()))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, headers))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}
