//! HTTP errors, before or beside the domain.

use actix_web::http::StatusCode;

/// HTTP errors, before or beside the domain.
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
    /// The code of a body that was not received in time.
    pub const REQUEST_TIMEOUT: &'static str = "request-timeout";
    /// Every code with its status and title.
    pub const TABLE: [(Self, &'static str, u16, &'static str); 42] = [
        (Self::DoubtfulLength, "doubtful-length", 400, "The length of the request is ambiguous"),
        (Self::MalformedJson, "malformed-json", 400, "The body is not JSON"),
        (Self::JsonTooDeep, "json-too-deep", 400, "The body is nested too deeply"),
        (
            Self::MalformedMultipart,
            Self::MALFORMED_MULTIPART,
            400,
            "The body is not valid multipart",
        ),
        (Self::WrongType, "wrong-type", 422, "A value has the wrong type"),
        (Self::UnknownField, "unknown-field", 422, "The body has an unknown field"),
        (Self::UnknownParameter, "unknown-parameter", 400, "A query parameter is unknown"),
        (Self::InvalidParameter, "invalid-parameter", 400, "A query parameter is invalid"),
        (Self::InvalidCursor, "invalid-cursor", 400, "The cursor is damaged"),
        (Self::ForeignCursor, "foreign-cursor", 400, "The cursor belongs to another list"),
        (Self::LimitOutOfRange, "limit-out-of-range", 400, "The limit is out of range"),
        (Self::ImpossibleTime, "impossible-time", 400, "The requested time is impossible"),
        (Self::InvalidIdentifier, "invalid-identifier", 400, "The path has an invalid identifier"),
        (Self::EtagForm, "etag-form", 400, "The precondition is not an entity tag"),
        (Self::IdempotencyKeyForm, "idempotency-key-form", 400, "The idempotency key is invalid"),
        (
            Self::IdempotencyInProgress,
            "idempotency-in-progress",
            409,
            "A request with this key is in progress",
        ),
        (
            Self::IdempotencyKeyReused,
            "idempotency-key-reused",
            422,
            "The key was used for another request",
        ),
        (Self::Unauthenticated, "unauthenticated", 401, "A valid token is needed"),
        (Self::NotEntitled, "not-entitled", 403, "The token gives no role here"),
        (Self::ReadOnlyToken, "read-only-token", 403, "The token is read-only"),
        (Self::UnknownRoute, "unknown-route", 404, "The path does not exist"),
        (
            Self::MethodNotAllowed,
            "method-not-allowed",
            405,
            "The path does not support this method",
        ),
        (Self::PayloadTooLarge, "payload-too-large", 413, "The body is too large"),
        (Self::FileTooLarge, "file-too-large", 413, "The file is too large"),
        (
            Self::ContentNotAllowed,
            "content-not-allowed",
            415,
            "The type of the file is not accepted",
        ),
        (Self::ContentMismatch, "content-mismatch", 422, "The bytes contradict the declared type"),
        (Self::StorageFull, "storage-full", 507, "The storage is full"),
        (Self::StorageUnavailable, "storage-unavailable", 503, "The storage is unreachable"),
        (
            Self::UnsupportedMediaType,
            "unsupported-media-type",
            415,
            "The media type of the body is not supported",
        ),
        (
            Self::NotAcceptable,
            "not-acceptable",
            406,
            "None of the requested media types is available",
        ),
        (Self::PreconditionRequired, "precondition-required", 428, "A precondition is required"),
        (Self::PositionAhead, "position-ahead", 409, "This instance has not reached the position"),
        (Self::RangeNotSatisfiable, "range-not-satisfiable", 416, "The range is outside the file"),
        (Self::Gone, "gone", 410, "The resource was removed"),
        (Self::Internal, "internal", 500, "Internal error"),
        (Self::Busy, "busy", 503, "The registry is busy"),
        (Self::RequestTimeout, Self::REQUEST_TIMEOUT, 408, "The request was not received in time"),
        (Self::RateLimited, "rate-limited", 429, "Too many requests from one client"),
        (Self::Overloaded, "overloaded", 503, "The registry is overloaded"),
        (Self::OutcomeUnknown, "outcome-unknown", 503, "The outcome of the change is unknown"),
        (Self::NotWritable, "not-writable", 503, "The registry cannot write at present"),
        (Self::NotReady, "not-ready", 503, "The registry is not ready"),
    ];

    pub(super) fn row(self) -> (&'static str, StatusCode, &'static str) {
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
