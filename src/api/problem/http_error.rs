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
