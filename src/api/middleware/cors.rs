//! Cross-origin requests: browsers of any origin may use routes without a token.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
};

use crate::api::{
    openapi::operations::{Routes, method_not_allowed},
    problem::sentences,
};

/// Sets the headers that permit pages of any origin to read a response.
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

/// Answers a preflight: pages of any origin may use a route that needs no token, and send no token.
pub(super) fn preflight(
    request: &HttpRequest,
    routes: Option<&Routes>,
    pattern: Option<&str>,
) -> HttpResponse {
    let known = routes.zip(pattern);
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let wanted = wanted.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let open = wanted.filter(|wanted| {
        known.is_some_and(|(routes, pattern)| routes.is_for_any_origin(pattern, wanted))
    });
    let Some(open) = open else {
        let detail = sentences::method_not_allowed_origin();
        let methods = known.and_then(|(routes, pattern)| routes.methods(pattern));
        let methods = methods.as_deref().unwrap_or("GET");
        return method_not_allowed(methods).with_detail(detail).error_response();
    };
    let headers = "accept, content-type, if-modified-since, if-none-match, if-range, last-event-id, min-position, prefer, \
                   range, x-request-id";
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, open.as_str()))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, headers))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}
