//! Maps errors to HTTP responses: RFC 9457 problem details with stable codes.

mod answers;
mod details;
mod http_error;
pub(crate) mod sentences;

pub(crate) use self::answers::{
    ActProblems, PlainProblems, PreconditionProblems, PrivateProblems, ReadProblems,
};
pub use self::{
    details::{Problem, ProblemReason, status_of},
    http_error::HttpError,
};
