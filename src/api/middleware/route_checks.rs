//! Checks of path, method and query against the OpenAPI document, before the handler.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, ResponseError,
    dev::ServiceRequest,
    http::{Method, header},
    web,
};

use super::{
    cors::preflight,
    rate_limits::{self, Class},
    request_smuggling,
};
use crate::api::{
    ApiDocument, AppState,
    extract::{
        min_position,
        negotiation::{self, Suffixed},
        principal::WasHead,
    },
    openapi::operations::{Routes, method_not_allowed, with_nul},
    problem::{HttpError, Problem, sentences},
};

/// The route of a request.
pub(super) struct RequestRoute {
    /// Its pattern, such as `/v1/approvals/{id}`.
    pub(super) pattern: Option<String>,
    /// The method as it was sent.
    pub(super) sent: Method,
    /// The method that answers it: GET for HEAD.
    pub(super) method: Method,
    /// Whether it needs no token.
    pub(super) is_open: bool,
    /// Whether pages of any origin may use it.
    pub(super) is_for_any_origin: bool,
}

impl RequestRoute {
    /// Finds the route of a request. A suffix of the path becomes `Accept`, and HEAD becomes GET.
    pub(super) fn of(request: &mut ServiceRequest, document: Option<&ApiDocument>) -> Self {
        let suffixed = document.and_then(|it| negotiation::suffixed(request, &it.offered));
        let routes = document.map(|it| &it.routes);
        let pattern = suffixed.or_else(|| {
            // A path without parameters is its own pattern: most lists need no search for it.
            let fixed = routes.is_some_and(|routes| routes.has(request.path()));
            if fixed { Some(request.path().to_owned()) } else { request.match_pattern() }
        });
        let sent = request.method().clone();
        if sent == Method::HEAD {
            // Answered as GET is, without the body (RFC 9110 section 9.3.2).
            request.head_mut().method = Method::GET;
            request.extensions_mut().insert(WasHead);
            request.headers_mut().remove(header::RANGE);
        }
        let method = request.method().clone();
        let known = routes.zip(pattern.as_ref());
        let is_open = known.is_some_and(|(routes, pattern)| routes.is_open(pattern, &method));
        let is_for_any_origin =
            known.is_some_and(|(routes, pattern)| routes.is_for_any_origin(pattern, &method));
        Self { pattern, sent, method, is_open, is_for_any_origin }
    }

    /// Charges the client and answers a request that must not reach its handler; none where it may.
    pub(super) async fn refuse(
        &self,
        request: &ServiceRequest,
        state: Option<&web::Data<AppState>>,
        document: Option<&ApiDocument>,
    ) -> Option<HttpResponse> {
        let charged = self.charge(request, state, document);
        if let Some(refused) = request_smuggling::refused(request) {
            return Some(refused);
        }
        let checked = charged.and_then(|()| self.check_query(request, state, document));
        if let Err(problem) = checked {
            return Some(problem.error_response());
        }
        let routes = document.map(|it| &it.routes);
        if self.sent == Method::OPTIONS {
            return Some(preflight(request.request(), routes, self.pattern.as_deref()));
        }
        let checked = match self.check_method(request, routes) {
            Ok(()) => wait_for_position(request, state).await,
            Err(problem) => Err(problem),
        };
        checked.err().map(|problem| problem.error_response())
    }

    /// Charges a request before anything else is done: first its address, except for probes, then its class. Where the
    /// route needs a token, the class is charged to the holder when the token is verified.
    fn charge(
        &self,
        request: &ServiceRequest,
        state: Option<&web::Data<AppState>>,
        document: Option<&ApiDocument>,
    ) -> Result<(), Problem> {
        let Some((state, document)) = state.zip(document) else { return Ok(()) };
        let now = state.context.now();
        let pattern = self.pattern.as_deref();
        if !matches!(pattern, Some("/livez" | "/readyz")) {
            rate_limits::charge(request.request(), now, Class::All, 1)?;
        }
        let Some(class) = Class::of(request.method(), pattern, self.is_open) else { return Ok(()) };
        let routes = &document.routes;
        if pattern.is_some_and(|pattern| routes.needs_token(pattern, request.method())) {
            request.extensions_mut().insert(class);
            return Ok(());
        }
        rate_limits::charge(request.request(), now, class, 1)
    }

    /// Rejects U+0000 and a query that the route does not take.
    fn check_query(
        &self,
        request: &ServiceRequest,
        state: Option<&web::Data<AppState>>,
        document: Option<&ApiDocument>,
    ) -> Result<(), Problem> {
        if let Some(problem) = with_nul(request.path(), request.query_string()) {
            return Err(problem);
        }
        let (Some(pattern), Some(document), Some(state)) = (&self.pattern, document, state) else {
            return Ok(());
        };
        let (routes, query) = (&document.routes, request.query_string());
        let Some(rules) = routes.query_rules(pattern, &self.method) else { return Ok(()) };
        let has_token = request.headers().contains_key(header::AUTHORIZATION);
        if routes.needs_token(pattern, &self.method) && !has_token {
            // It is answered with 401, whatever its values.
            return rules.check_names(query);
        }
        rules.check(query, &state.catalogue)
    }

    /// Rejects methods that the route does not have. A path that is a route word for word is not matched by another
    /// route with a parameter in its place.
    fn check_method(
        &self,
        request: &ServiceRequest,
        routes: Option<&Routes>,
    ) -> Result<(), Problem> {
        let pattern = self.pattern.as_deref().filter(|pattern| *pattern == request.path());
        let methods = routes.zip(pattern).and_then(|(routes, pattern)| routes.methods(pattern));
        let is_wrong =
            |methods: &String| methods.split(", ").all(|method| method != self.method.as_str());
        methods.filter(is_wrong).map_or(Ok(()), |methods| Err(method_not_allowed(&methods)))
    }
}

/// Waits until the register has reached the position of `Min-Position`, if that is sent.
async fn wait_for_position(
    request: &ServiceRequest,
    state: Option<&web::Data<AppState>>,
) -> Result<(), Problem> {
    let Some(state) = state else { return Ok(()) };
    if !request.headers().contains_key(min_position::MIN_POSITION) {
        return Ok(());
    }
    let position = min_position::least(request.headers())?;
    min_position::at_least(&state.register, request.request(), position).await
}

/// Answers for a path or a method that does not exist.
pub async fn unknown_route(request: HttpRequest, document: web::Data<ApiDocument>) -> HttpResponse {
    let methods = request.match_pattern().and_then(|pattern| document.routes.methods(&pattern));
    // A path with a suffix is another form of a read.
    let of_suffixed = || Suffixed::of(&request, &document.offered).map(|_| "GET".to_owned());
    let methods = methods.or_else(of_suffixed);
    let unknown = || Problem::edge(HttpError::UnknownRoute, sentences::unknown_route());
    methods.map_or_else(unknown, |methods| method_not_allowed(&methods)).error_response()
}
