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
    /// Every code with its status.
    pub const TABLE: [(Self, &'static str, u16); 42] = [
        (Self::DoubtfulLength, "doubtful-length", 400),
        (Self::MalformedJson, "malformed-json", 400),
        (Self::JsonTooDeep, "json-too-deep", 400),
        (Self::MalformedMultipart, Self::MALFORMED_MULTIPART, 400),
        (Self::WrongType, "wrong-type", 422),
        (Self::UnknownField, "unknown-field", 422),
        (Self::UnknownParameter, "unknown-parameter", 400),
        (Self::InvalidParameter, "invalid-parameter", 400),
        (Self::InvalidCursor, "invalid-cursor", 400),
        (Self::ForeignCursor, "foreign-cursor", 400),
        (Self::LimitOutOfRange, "limit-out-of-range", 400),
        (Self::ImpossibleTime, "impossible-time", 400),
        (Self::InvalidIdentifier, "invalid-identifier", 400),
        (Self::EtagForm, "etag-form", 400),
        (Self::IdempotencyKeyForm, "idempotency-key-form", 400),
        (Self::IdempotencyInProgress, "idempotency-in-progress", 409),
        (Self::IdempotencyKeyReused, "idempotency-key-reused", 422),
        (Self::Unauthenticated, "unauthenticated", 401),
        (Self::NotEntitled, "not-entitled", 403),
        (Self::ReadOnlyToken, "read-only-token", 403),
        (Self::UnknownRoute, "unknown-route", 404),
        (Self::MethodNotAllowed, "method-not-allowed", 405),
        (Self::PayloadTooLarge, "payload-too-large", 413),
        (Self::FileTooLarge, "file-too-large", 413),
        (Self::ContentNotAllowed, "content-not-allowed", 415),
        (Self::ContentMismatch, "content-mismatch", 422),
        (Self::StorageFull, "storage-full", 507),
        (Self::StorageUnavailable, "storage-unavailable", 503),
        (Self::UnsupportedMediaType, "unsupported-media-type", 415),
        (Self::NotAcceptable, "not-acceptable", 406),
        (Self::PreconditionRequired, "precondition-required", 428),
        (Self::PositionAhead, "position-ahead", 409),
        (Self::RangeNotSatisfiable, "range-not-satisfiable", 416),
        (Self::Gone, "gone", 410),
        (Self::Internal, "internal", 500),
        (Self::Busy, "busy", 503),
        (Self::RequestTimeout, Self::REQUEST_TIMEOUT, 408),
        (Self::RateLimited, "rate-limited", 429),
        (Self::Overloaded, "overloaded", 503),
        (Self::OutcomeUnknown, "outcome-unknown", 503),
        (Self::NotWritable, "not-writable", 503),
        (Self::NotReady, "not-ready", 503),
    ];

    pub(super) fn row(self) -> (&'static str, StatusCode) {
        let found = Self::TABLE.iter().find(|(edge, ..)| *edge == self);
        found.map_or(("internal", StatusCode::INTERNAL_SERVER_ERROR), |(_, code, status)| {
            (code, StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        })
    }
}
