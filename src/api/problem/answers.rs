//! Documented problems of routes.

use utoipa::IntoResponses;

use super::Problem;

/// Problems of a read without parameters of its own.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) enum PlainProblems {
    /// The request cannot be read: broken JSON, or an unknown or invalid parameter, cursor, identifier or entity tag.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
}

/// How a public read can fail.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) enum ReadProblems {
    /// The request cannot be read: broken JSON, or an unknown or invalid parameter, cursor, identifier or entity tag.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// There is nothing here, or not for this caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// It does not fit the present state; for `Min-Position`: this instance has not reached it.
    #[response(status = 409, content_type = "application/problem+json")]
    Ahead(Problem),
    /// The client has used its quota: try again after `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// The registry is busy or overloaded, or its database is unreachable: retry after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// How a read with a token can fail.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) enum PrivateProblems {
    /// The request cannot be read: broken JSON, or an unknown or invalid parameter, cursor, identifier or entity tag.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// No valid token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The token does not permit it: its role, its level of assurance, four eyes or impartiality.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// There is nothing here, or not for this caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The client has used its quota: try again after `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// The registry is busy or overloaded, or its database is unreachable: retry after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// Problems of a command. Nothing is changed then.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) enum ActProblems {
    /// The request cannot be read: broken JSON, or an unknown or invalid parameter, cursor, identifier or entity tag.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// No valid token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The token does not permit it: its role, its level of assurance, four eyes or impartiality.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// There is nothing here, or not for this caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// It does not fit the present state; for `Min-Position`: this instance has not reached it.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// The body was not received in time.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body has another media type.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(Problem),
    /// A value is missing or invalid; all errors are listed.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// The client has used its quota: try again after `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// The registry is busy or overloaded, or its database is unreachable: retry after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// Problems of a command with a precondition.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) enum PreconditionProblems {
    /// Another change of the resource came first.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// The command needs a precondition: `If-Match`, or `If-None-Match: *` to create.
    #[response(status = 428, content_type = "application/problem+json")]
    ConditionMissing(Problem),
}
