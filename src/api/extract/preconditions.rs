//! Preconditions (RFC 9110 section 13): an entity tag begins with the resource's revision.
//!
//! Private representations have the tag `"7"`. Public ones have `"7-…"`, with a digest of the bytes after the
//! revision, since time and other resources change them too. `If-Match` takes either and compares the revision.

use std::time::SystemTime;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue, HttpDate},
    },
};
use bytes::Bytes;
use serde::Serialize;

use crate::{
    api::problem::{HttpError, Problem, sentences},
    commands::{Expected, Precondition},
    domain::values::{ids::Revision, time::Instant},
    register::body::{Body, Coding},
};

/// Parses the precondition of a request on its target's revision.
///
/// # Errors
/// `precondition-required`, `etag-form`.
pub fn expected(request: &HttpRequest, wanted: Precondition) -> Result<Expected, Problem> {
    match wanted {
        Precondition::None => Ok(Expected::Any),
        Precondition::Revision => if_match(request)?.map(Expected::Revision).ok_or_else(missing),
        Precondition::RevisionOrAbsence => revision_or_absence(request),
    }
}

/// `If-None-Match: *` to create, `If-Match` to replace.
fn revision_or_absence(request: &HttpRequest) -> Result<Expected, Problem> {
    let creates = request.headers().get(header::IF_NONE_MATCH).is_some_and(|v| v == "*");
    match (if_match(request)?, creates) {
        (Some(revision), false) => Ok(Expected::Revision(revision)),
        (None, true) => Ok(Expected::Absent),
        (Some(_), true) => Err(Problem::edge(HttpError::EtagForm, sentences::etag_form_both())),
        (None, false) => Err(Problem::edge(
            HttpError::PreconditionRequired,
            sentences::precondition_required_absence(),
        )),
    }
}

fn missing() -> Problem {
    Problem::edge(HttpError::PreconditionRequired, sentences::precondition_required())
}

fn if_match(request: &HttpRequest) -> Result<Option<Revision>, Problem> {
    let mut values = request.headers().get_all(header::IF_MATCH);
    let Some(value) = values.next() else { return Ok(None) };
    let value = value.to_str().unwrap_or_default().trim();
    if value == "*" {
        return Err(missing());
    }
    let tag = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let revision = tag
        .and_then(|tag| tag.split('-').next())
        .filter(|d| !d.is_empty() && d.len() <= 18 && d.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok());
    match (revision, values.next()) {
        (Some(revision), None) => Ok(Some(Revision(revision))),
        _ => Err(Problem::parameter(HttpError::EtagForm, "If-Match", sentences::etag_form())),
    }
}

/// Sends a resource with its entity tag. Caches must not store private answers.
pub fn respond_private<T: Serialize>(
    status: StatusCode,
    revision: Revision,
    view: &T,
) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::ETAG, format!("\"{}\"", revision.0)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(view)
}

/// Sends a public representation: with a strong entity tag, or 304 for an unchanged one.
pub fn public<T: Serialize>(
    request: &HttpRequest,
    revision: Option<Revision>,
    view: &T,
) -> HttpResponse {
    match serde_json::to_vec(view) {
        Ok(bytes) => {
            let body = Body::once(bytes, revision.map(|it| it.0));
            public_form(request.headers(), &body, JSON, CODING)
        }
        Err(error) => Problem::internal(&error).error_response(),
    }
}

/// The same with a body that is ready and has another form beside it, in the coding that the reader takes.
pub fn public_body(headers: &HeaderMap, body: &Body) -> HttpResponse {
    public_form(headers, body, JSON, FORM_AND_CODING)
}

/// The same with a body of some media type, and the request headers of its selection.
pub fn public_form(
    headers: &HeaderMap,
    body: &Body,
    media_type: HeaderValue,
    vary: HeaderValue,
) -> HttpResponse {
    let known = is_known(headers, |tag| body.is(tag), body.modified().map(|(at, _)| *at));
    let (bytes, coding) = body.coded(coding_of(headers));
    let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut answer = HttpResponse::new(status);
    let fields = answer.headers_mut();
    fields.insert(header::ETAG, ready_value(body.etag(coding)));
    fields.insert(header::CACHE_CONTROL, CACHE);
    fields.insert(header::VARY, vary);
    if known {
        return answer;
    }
    if let Some((_, modified)) = body.modified() {
        fields.insert(header::LAST_MODIFIED, ready_value(modified));
    }
    fields.insert(header::CONTENT_TYPE, media_type);
    if let Some(name) = coding.name() {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    answer.set_body(BoxBody::new(bytes.clone()))
}

/// A precomputed value. Copying a few bytes is cheaper than counting references.
pub(in crate::api) fn ready_value(value: &Bytes) -> HeaderValue {
    HeaderValue::from_bytes(value).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Whether the reader's copy is current: by its entity tag (without quotes), or else by its time (RFC 9110
/// section 13.2.2).
pub(in crate::api) fn is_known(
    headers: &HeaderMap,
    is: impl Fn(&str) -> bool,
    modified: Option<Instant>,
) -> bool {
    let mut values = headers.get_all(header::IF_NONE_MATCH);
    if values.len() > 0 {
        return values.any(|value| {
            let mut tags = value.to_str().unwrap_or_default().split(',').map(str::trim);
            tags.any(|tag| tag == "*" || is(tag.trim_start_matches("W/").trim_matches('"')))
        });
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    let since = since.and_then(|value| value.parse::<HttpDate>().ok()).map(SystemTime::from);
    // The header counts whole seconds.
    let seconds = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).map(|it| it.as_secs());
    let modified = modified.and_then(|at| seconds(SystemTime::from(at)).ok());
    let since = since.and_then(|at| seconds(at).ok());
    modified.zip(since).is_some_and(|(modified, since)| modified <= since)
}

/// The coding that the reader likes best.
pub(in crate::api) fn coding_of(headers: &HeaderMap) -> Coding {
    let accept = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accept.map_or(Coding::Identity, Coding::wanted)
}

// Constants, since a text that becomes a value at run time is looked through each time.
pub(in crate::api) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub const CODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");
/// The request headers that select a form and coding.
pub(super) const FORM_AND_CODING: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");

/// Portals may show a minute-old answer, and an older one while a new one is fetched or we are down.
pub(crate) const CACHE: HeaderValue = HeaderValue::from_static(
    "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400",
);
