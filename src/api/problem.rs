//! The one place that turns a no into an HTTP answer: RFC 9457 problem details with stable codes.

mod answers;

pub(crate) use answers::{ActProblems, PlainProblems, PrivateProblems, ReadProblems};

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        error::{DomainError, ErrorKind},
        validation::FieldError,
    },
    store::{self, Failure},
};

/// Faults of the HTTP edge, before or beside the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpError {
    DoubtfulLength,
    MalformedJson,
    MalformedMultipart,
    JsonTooDeep,
    WrongType,
    UnknownField,
    UnknownParameter,
    InvalidParameter,
    InvalidCursor,
    ForeignCursor,
    LimitOutOfRange,
    ImpossibleTime,
    InvalidIdentifier,
    EtagForm,
    IdempotencyKeyForm,
    IdempotencyInProgress,
    IdempotencyKeyReused,
    Unauthenticated,
    NotEntitled,
    ReadOnlyToken,
    UnknownRoute,
    MethodNotAllowed,
    PayloadTooLarge,
    FileTooLarge,
    ContentNotAllowed,
    ContentMismatch,
    StorageFull,
    StorageUnavailable,
    UnsupportedMediaType,
    NotAcceptable,
    PreconditionRequired,
    PositionAhead,
    RangeNotSatisfiable,
    Gone,
    Internal,
    Busy,
    RequestTimeout,
    RateLimited,
    Overloaded,
    OutcomeUnknown,
    NotWritable,
    NotReady,
}

impl HttpError {
    /// The code of a multipart body that cannot be read on.
    pub const MALFORMED_MULTIPART: &'static str = "malformed-multipart";
    /// The code of a body that has not come within its time.
    pub const REQUEST_TIMEOUT: &'static str = "request-timeout";
    /// Every code with its status, title and what to do.
    pub const TABLE: [(Self, &'static str, u16, &'static str); 42] = [
        (Self::DoubtfulLength, "doubtful-length", 400, "Where the request ends cannot be told"),
        (Self::MalformedJson, "malformed-json", 400, "The body is not JSON"),
        (Self::JsonTooDeep, "json-too-deep", 400, "The body is nested too deeply"),
        (
            Self::MalformedMultipart,
            Self::MALFORMED_MULTIPART,
            400,
            "The body is not the multipart that it should be",
        ),
        (Self::WrongType, "wrong-type", 422, "A value has another type than it should"),
        (Self::UnknownField, "unknown-field", 422, "The body has a field that is not known"),
        (Self::UnknownParameter, "unknown-parameter", 400, "A query parameter is not known"),
        (Self::InvalidParameter, "invalid-parameter", 400, "A query parameter is not valid"),
        (Self::InvalidCursor, "invalid-cursor", 400, "The cursor is damaged"),
        (Self::ForeignCursor, "foreign-cursor", 400, "The cursor belongs to another list"),
        (Self::LimitOutOfRange, "limit-out-of-range", 400, "Too many or too few are asked for"),
        (Self::ImpossibleTime, "impossible-time", 400, "There is no such time to ask about"),
        (Self::InvalidIdentifier, "invalid-identifier", 400, "The path has no valid identifier"),
        (Self::EtagForm, "etag-form", 400, "The condition is not an entity tag"),
        (Self::IdempotencyKeyForm, "idempotency-key-form", 400, "The key is not one"),
        (Self::IdempotencyInProgress, "idempotency-in-progress", 409, "The key is at work"),
        (Self::IdempotencyKeyReused, "idempotency-key-reused", 422, "The key has been used"),
        (Self::Unauthenticated, "unauthenticated", 401, "A valid token is needed"),
        (Self::NotEntitled, "not-entitled", 403, "The token gives no rights here"),
        (Self::ReadOnlyToken, "read-only-token", 403, "The token may read and not act"),
        (Self::UnknownRoute, "unknown-route", 404, "There is no such path"),
        (Self::MethodNotAllowed, "method-not-allowed", 405, "The path does not take this method"),
        (Self::PayloadTooLarge, "payload-too-large", 413, "The body is too large"),
        (Self::FileTooLarge, "file-too-large", 413, "The file is too large"),
        (
            Self::ContentNotAllowed,
            "content-not-allowed",
            415,
            "The file is of a type that is not taken",
        ),
        (
            Self::ContentMismatch,
            "content-mismatch",
            422,
            "The bytes are not what the part declares",
        ),
        (Self::StorageFull, "storage-full", 507, "There is no room for the file"),
        (Self::StorageUnavailable, "storage-unavailable", 503, "The files cannot be reached"),
        (Self::UnsupportedMediaType, "unsupported-media-type", 415, "The body has another type"),
        (Self::NotAcceptable, "not-acceptable", 406, "The answer has none of the types asked for"),
        (Self::PreconditionRequired, "precondition-required", 428, "A condition is needed"),
        (Self::PositionAhead, "position-ahead", 409, "This instance has not come so far"),
        (Self::RangeNotSatisfiable, "range-not-satisfiable", 416, "The file has no such part"),
        (Self::Gone, "gone", 410, "It was here, and was taken out"),
        (Self::Internal, "internal", 500, "Something went wrong here"),
        (Self::Busy, "busy", 503, "The registry is busy"),
        (Self::RequestTimeout, Self::REQUEST_TIMEOUT, 408, "The request took too long to come"),
        (Self::RateLimited, "rate-limited", 429, "Too many requests from one client"),
        (Self::Overloaded, "overloaded", 503, "More is asked than can be done"),
        (
            Self::OutcomeUnknown,
            "outcome-unknown",
            503,
            "It is not known whether the change is kept",
        ),
        (Self::NotWritable, "not-writable", 503, "Nothing can be written for now"),
        (Self::NotReady, "not-ready", 503, "The registry is not ready"),
    ];

    fn row(self) -> (&'static str, StatusCode, &'static str) {
        let found = Self::TABLE.iter().find(|(edge, ..)| *edge == self);
        found.map_or(
            ("internal", StatusCode::INTERNAL_SERVER_ERROR, ""),
            |(_, code, status, title)| {
                (
                    code,
                    StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                    title,
                )
            },
        )
    }
}

/// The status of a refusal.
#[must_use]
pub const fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Stale => StatusCode::PRECONDITION_FAILED,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// One fault in a request.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Fault, example = json!({
    "pointer": "/name", "code": "required", "detail": "This value is required."
}))]
pub struct FaultView {
    /// JSON Pointer (RFC 6901) into the body or the resource.
    pub pointer: Option<String>,
    /// The query parameter or header at fault.
    pub parameter: Option<String>,
    /// A stable code.
    pub code: String,
    /// What is wanted.
    pub detail: String,
}

impl From<FieldError> for FaultView {
    fn from(FieldError { pointer, error }: FieldError) -> Self {
        Self {
            pointer: Some(pointer),
            parameter: None,
            code: error.code.to_owned(),
            detail: error.detail,
        }
    }
}

/// An answer that says no (RFC 9457).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "/problems#validation", "title": "The request has faults", "status": 422,
    "detail": "Correct every fault that is listed and send it again.", "code": "validation",
    "errors": [{"pointer": "/name", "code": "required", "detail": "This value is required."}]
}))]
pub struct Problem {
    /// A reference to the description of the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short title; the same for the same code.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong and what to do next.
    pub detail: String,
    /// The stable code.
    pub code: &'static str,
    /// The id of the request, as a URN.
    pub instance: Option<String>,
    /// All faults, or the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub errors: Vec<FaultView>,
    /// There are more faults than `errors` names.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more_errors: bool,
    /// The state that the resource is in.
    pub current_state: Option<&'static str>,
    /// The acts that are possible in that state.
    pub allowed_actions: Option<Vec<&'static str>>,
    /// The resource that stands in the way.
    pub existing: Option<String>,
    /// Headers that go with it.
    #[serde(skip)]
    #[schema(ignore)]
    pub headers: Vec<(header::HeaderName, HeaderValue)>,
}

impl Problem {
    fn new(code: &'static str, status: StatusCode, title: &'static str, detail: String) -> Self {
        Self {
            kind: format!("/problems#{code}"),
            title,
            status: status.as_u16(),
            detail,
            code,
            instance: None,
            errors: vec![],
            more_errors: false,
            current_state: None,
            allowed_actions: None,
            existing: None,
            headers: vec![],
        }
    }

    /// A fault of the edge.
    #[must_use]
    pub fn edge(edge: HttpError, detail: impl Into<String>) -> Self {
        let (code, status, title) = edge.row();
        Self::new(code, status, title, detail.into())
    }

    /// A fault of one query parameter or header.
    #[must_use]
    pub fn parameter(edge: HttpError, name: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::edge(edge, detail.clone());
        problem.errors.push(FaultView {
            pointer: None,
            parameter: Some(name.to_owned()),
            code: problem.code.to_owned(),
            detail,
        });
        problem
    }

    /// A fault at one place of the body.
    #[must_use]
    pub fn at(edge: HttpError, pointer: String, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::edge(edge, detail.clone());
        let code = problem.code.to_owned();
        problem.errors.push(FaultView { pointer: Some(pointer), parameter: None, code, detail });
        problem
    }

    /// A path whose parameters cannot be read.
    #[must_use]
    pub fn invalid_identifier() -> Self {
        let detail = "Identifiers in paths are UUIDs, version numbers whole numbers.";
        Self::edge(HttpError::InvalidIdentifier, detail)
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(mut self, name: header::HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Nothing can be said of the cause; it is in the log under the request id.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::edge(
            HttpError::Internal,
            "The fault is ours and has been logged. Try again later, or report the instance id.",
        )
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.detail)
    }
}

impl From<DomainError> for Problem {
    fn from(refusal: DomainError) -> Self {
        let status = status_of(refusal.kind());
        let code = refusal.code;
        let problem = Self {
            errors: refusal.errors.into_iter().map(FaultView::from).collect(),
            more_errors: refusal.more_faults,
            current_state: refusal.state,
            allowed_actions: refusal.allowed,
            existing: refusal.existing,
            ..Self::new(code.as_str(), status, code.title(), refusal.detail)
        };
        match refusal.retry_after {
            Some(seconds) => problem.with_header(header::RETRY_AFTER, &seconds.to_string()),
            None => problem,
        }
    }
}

impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::Busy => Self::edge(
                HttpError::Busy,
                "Nothing was changed. Try again after the time in Retry-After.",
            )
            .with_header(header::RETRY_AFTER, "2"),
            store::StoreError::Uncertain => Self::edge(
                HttpError::OutcomeUnknown,
                "The database went away before it said whether the change is kept. Send it again with the same \
                 Idempotency-Key; without one, read what you changed first.",
            )
            .with_header(header::RETRY_AFTER, "5"),
            store::StoreError::NotWritable(cause) => {
                tracing::warn!(%cause, "nothing can be written");
                Self::edge(
                    HttpError::NotWritable,
                    "The registry cannot write for now. Nothing was changed. Try again after the time in Retry-After; \
                     what is public can be read meanwhile.",
                )
                .with_header(header::RETRY_AFTER, "5")
            }
            other => Self::internal(&other),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Store(error) => error.into(),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        for header in &self.headers {
            // One name may have several values: a challenge for each scheme.
            answer.append_header(header.clone());
        }
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        let body = serde_json::to_vec(self).unwrap_or_default();
        answer.content_type("application/problem+json").body(body)
    }
}
