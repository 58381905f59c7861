//! What every request passes: an id, a log line, a measurement, security headers, known parameters.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody, to_bytes},
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
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Parameter, ParameterIn},
};

use super::{
    State,
    caller::RequestId,
    condition::public_body,
    framing,
    negotiation::{self, varied},
    problem::{Edge, Problem},
    wait,
};
use crate::register::Rendered;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is measured of requests, by route pattern and never by path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: String,
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
            let (method, route) =
                ("GET".to_owned(), format!("{PAGES}{{municipality}}/{{service}}"));
            requests.get_or_create_owned(&Labels { method, route, status })
        });
        Self { registry, requests, seconds, ready }
    }
}

impl Metrics {
    /// The measurements as `OpenMetrics` text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

/// What the document says of each route: its methods.
#[derive(Debug, Default)]
pub struct Routes(BTreeMap<String, BTreeMap<String, Told>>);

/// What the document says of one method.
#[derive(Debug)]
struct Told {
    query: Vec<String>,
    needs_token: bool,
}

impl Routes {
    /// Reads the document, so that nothing has to be listed twice.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let routes = document.paths.paths.iter().map(|(path, item)| {
            let shared = item.parameters.iter().flatten();
            let methods = [
                ("GET", &item.get),
                ("PUT", &item.put),
                ("POST", &item.post),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            let methods = methods.into_iter().filter_map(|(method, operation)| {
                let operation = operation.as_ref()?;
                let query = (operation.parameters.iter().flatten())
                    .chain(shared.clone())
                    .filter_map(inline)
                    .filter(|p| p.parameter_in == ParameterIn::Query);
                let query = query.map(|p| p.name.clone()).collect();
                // What says nothing of its security needs a token.
                let needs_token = operation.security.as_ref().is_none_or(|it| !it.is_empty());
                Some((method.to_owned(), Told { query, needs_token }))
            });
            (path.clone(), methods.collect())
        });
        Self(routes.collect())
    }

    /// Whether a path is that of a route, word for word.
    fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The methods that the route of a request takes.
    fn methods(&self, pattern: &str) -> Option<String> {
        let methods = self.0.get(pattern)?;
        Some(methods.keys().cloned().collect::<Vec<_>>().join(", "))
    }

    /// The first query parameter that the route does not know.
    fn unknown_parameter(&self, pattern: &str, method: &Method, query: &str) -> Option<String> {
        let known = &self.0.get(pattern)?.get(method.as_str())?.query;
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query).ok()?.into_inner();
        pairs.into_iter().map(|(name, _)| name).find(|name| !known.contains(name))
    }

    /// Whether a route answers a question in a body, for everyone: a POST without a token is a read.
    fn is_open_post(&self, pattern: &str) -> bool {
        let told = self.0.get(pattern).and_then(|methods| methods.get("POST"));
        told.is_some_and(|post| !post.needs_token)
    }
}

/// Parameters stand in the document itself, never behind a reference.
fn inline(parameter: &RefOr<Parameter>) -> Option<&Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

/// Answers for a path or a method that does not exist.
pub async fn unknown_route(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let methods = request.match_pattern().and_then(|pattern| state.routes.methods(&pattern));
    let problem = match methods {
        Some(methods) => {
            Problem::edge(Edge::MethodNotAllowed, format!("The path takes {methods}."))
                .with_header(header::ALLOW, &methods)
        }
        None => Problem::edge(Edge::UnknownRoute, "The paths are listed in /docs."),
    };
    problem.error_response()
}

/// Wraps every request.
///
/// # Errors
/// None: every failure below is answered as a problem.
pub async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some(answer) = ready(&request) {
        return Ok(request.into_response(answer));
    }
    let started = Instant::now();
    let state = request.app_data::<web::Data<State>>().cloned();
    let id = request_id(&request, state.as_ref());
    request.extensions_mut().insert(RequestId(id.clone()));
    let suffixed = state.as_ref().and_then(|it| negotiation::suffixed(&mut request, &it.offered));
    let pattern = suffixed.or_else(|| {
        // A path without parts of its own is its own pattern: most lists need no search for it.
        let fixed = state.as_ref().is_some_and(|state| state.routes.has(request.path()));
        if fixed { Some(request.path().to_owned()) } else { request.match_pattern() }
    });
    let method = request.method().clone();
    if method == Method::HEAD {
        // Answered as GET is, without the body (RFC 9110 section 9.3.2).
        request.head_mut().method = Method::GET;
        request.headers_mut().remove(header::RANGE);
    }
    let asked = request.method().clone();
    let private = request.headers().contains_key(header::AUTHORIZATION);
    let unknown = state.as_ref().zip(pattern.as_ref()).and_then(|(state, pattern)| {
        state.routes.unknown_parameter(pattern, &asked, request.query_string())
    });
    let open_post = (state.as_ref().zip(pattern.as_ref()))
        .is_some_and(|(state, pattern)| state.routes.is_open_post(pattern));
    let response = if let Some(refused) = framing::refused(&request) {
        request.into_response(refused)
    } else if let Some(name) = unknown {
        let detail = format!("‘{name}’ is not a parameter here: leave it out or correct its name.");
        let problem = Problem::parameter(Edge::UnknownParameter, &name, detail);
        request.into_response(problem.error_response())
    } else if method == Method::OPTIONS {
        let preflight = preflight(request.request(), if open_post { "POST" } else { "GET" });
        request.into_response(preflight)
    } else if let Some(Err(problem)) = reached(&request, state.as_ref()).await {
        request.into_response(problem.error_response())
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    let route = pattern.unwrap_or_else(|| "unknown".to_owned());
    let mut response = with_instance(response, &id).await?;
    if method == Method::HEAD {
        response = response.map_body(|_, body| BoxBody::new(Bodiless(body.size())));
        response.headers_mut().remove("content-digest");
    }
    finish(&mut response, &id);
    if let (Some(state), true) = (&state, asked == Method::GET || open_post) {
        open(response.headers_mut(), state);
    }
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    if let Some(state) = &state {
        let labels = Labels { method: method.to_string(), route: route.clone(), status };
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

/// The size of a body, without the body.
struct Bodiless(BodySize);

impl MessageBody for Bodiless {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

/// Where a reader asks for a position, whether the register has come so far.
async fn reached(
    request: &ServiceRequest,
    state: Option<&web::Data<State>>,
) -> Option<Result<(), Problem>> {
    let state = state.filter(|_| request.headers().contains_key(wait::MIN_POSITION))?;
    Some(wait::reached(&state.register, request.headers()).await)
}

/// The caller's own id where it is sound, else a new one.
fn request_id(request: &ServiceRequest, state: Option<&web::Data<State>>) -> String {
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
            Problem::edge(Edge::InvalidParameter, "The request cannot be read.")
        }
        StatusCode::NOT_FOUND => {
            Problem::edge(Edge::UnknownRoute, "The paths are listed in /docs.")
        }
        StatusCode::METHOD_NOT_ALLOWED => Problem::edge(Edge::MethodNotAllowed, "See /docs."),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::edge(Edge::PayloadTooLarge, "Send less."),
        other => Problem::internal(&other),
    }
}

fn finish(response: &mut ServiceResponse<BoxBody>, id: &str) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// What a reader of any origin may know of an answer, and how far the register has come.
fn open(headers: &mut HeaderMap, state: &State) {
    const EXPOSED: &str = "Content-Digest, Content-Disposition, Content-Range, ETag, \
        Feed-Position, Last-Modified, Link, Location, Preference-Applied, Record-Count, \
        Record-Digest, Repr-Digest, Retry-After, X-Request-Id";
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    // A file says itself how far it has come.
    if !headers.contains_key(wait::FEED_POSITION) {
        headers.insert(wait::FEED_POSITION, wait::position(&state.register));
    }
}

/// Where the pages of the register are.
const PAGES: &str = "/v1/register/";

/// A page of the register as most ask for it, out of memory and past the routes: reading is the product.
/// It is counted, and its time is not taken.
fn ready(request: &ServiceRequest) -> Option<HttpResponse> {
    let key = request.path().strip_prefix(PAGES)?;
    let headers = request.headers();
    // Who weighs forms against each other is heard by the route.
    let weighs = |accept: &HeaderValue| {
        let said = accept.to_str().unwrap_or("csv");
        ["csv", "text/*", "q="].iter().any(|it| said.contains(it))
    };
    if request.method() != Method::GET
        || !request.query_string().is_empty()
        || headers.contains_key(wait::MIN_POSITION)
        || headers.contains_key(REQUEST_ID)
        || headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get(header::ACCEPT).is_some_and(weighs)
    {
        return None;
    }
    let state = request.app_data::<web::Data<State>>()?;
    let now = state.context.now();
    let answer = |page: &Arc<Rendered>| public_body(request.request(), &page.body);
    let mut answer = varied(state.register.with_page(key, now, answer)?);
    let headers = answer.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    open(headers, state);
    let [sent, known] = &state.metrics.ready;
    if answer.status() == StatusCode::OK { sent } else { known }.inc();
    Some(answer)
}

/// Browsers of any origin may read what is open, and nothing else: no token passes.
fn preflight(request: &HttpRequest, open: &'static str) -> HttpResponse {
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    if wanted.is_none_or(|method| method != open) {
        let detail = format!("Browsers of other origins may only {open} here.");
        return Problem::edge(Edge::MethodNotAllowed, detail)
            .with_header(header::ALLOW, open)
            .error_response();
    }
    let headers = "accept, content-type, if-none-match, min-position, prefer, range, x-request-id";
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, open))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, headers))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}
