//! Problem details (RFC 9457), and the conversions to them.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::HttpError;
use crate::{
    domain::error::{DomainError, ErrorKind},
    json::{
        field_error::FieldErrorForm,
        form::{INVALID_PATH, UNKNOWN_FIELD, WRONG_TYPE},
    },
    store::{self, Failure},
};

/// The status of a kind of error.
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

/// An error response (RFC 9457).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "/problems#validation", "title": "The request has errors", "status": 422,
    "detail": "Correct all listed errors and send it again.", "code": "validation",
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
    /// The cause and the next step.
    pub detail: String,
    /// The stable code.
    pub code: &'static str,
    /// The id of the request, as in `X-Request-Id`: a relative URI reference, which names the occurrence.
    #[schema(format = "uri-reference")]
    pub instance: Option<String>,
    /// All errors, up to the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub errors: Vec<FieldErrorForm>,
    /// There are more errors than `errors` lists.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more_errors: bool,
    /// The state that the resource is in.
    pub current_state: Option<&'static str>,
    /// The commands possible in that state.
    pub allowed_actions: Option<Vec<&'static str>>,
    /// The conflicting resource.
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

    /// An HTTP error.
    #[must_use]
    pub fn edge(edge: HttpError, detail: impl Into<String>) -> Self {
        let (code, status, title) = edge.row();
        Self::new(code, status, title, detail.into())
    }

    /// An error of one query parameter or header.
    #[must_use]
    pub fn parameter(edge: HttpError, name: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::edge(edge, detail.clone());
        problem.errors.push(FieldErrorForm {
            pointer: None,
            parameter: Some(name.to_owned()),
            code: problem.code.to_owned(),
            detail,
        });
        problem
    }

    /// An error at one location of the body.
    #[must_use]
    pub fn at(edge: HttpError, pointer: String, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::edge(edge, detail.clone());
        let code = problem.code.to_owned();
        problem.errors.push(FieldErrorForm {
            pointer: Some(pointer),
            parameter: None,
            code,
            detail,
        });
        problem
    }

    /// A path with invalid parameters.
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

    /// An internal error without details; the cause is in the log under the request id.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::edge(
            HttpError::Internal,
            "An internal error occurred and was logged. Try again later, or report the instance id.",
        )
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.detail)
    }
}

/// An error of the path or of the shape of a body gives its code to the whole.
fn shape_of(error: &DomainError) -> Option<Problem> {
    error.errors.iter().find_map(|field| {
        let code = match field.error.code {
            INVALID_PATH => return Some(Problem::invalid_identifier()),
            WRONG_TYPE => HttpError::WrongType,
            UNKNOWN_FIELD => HttpError::UnknownField,
            _ => return None,
        };
        Some(Problem::edge(code, field.error.detail.clone()))
    })
}

impl From<DomainError> for Problem {
    fn from(refusal: DomainError) -> Self {
        if let Some(shape) = shape_of(&refusal) {
            let errors = refusal.errors.into_iter().filter(|it| it.error.code != INVALID_PATH);
            let errors = errors.map(FieldErrorForm::from).collect();
            return Self { errors, more_errors: refusal.more_faults, ..shape };
        }
        let status = status_of(refusal.kind());
        let code = refusal.code;
        let problem = Self {
            errors: refusal.errors.into_iter().map(FieldErrorForm::from).collect(),
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
                "The database connection broke before the commit was confirmed. Send it again with the same \
                 Idempotency-Key; without one, read the resource first.",
            )
            .with_header(header::RETRY_AFTER, "5"),
            store::StoreError::NotWritable(cause) => {
                tracing::warn!(%cause, "the database is not writable");
                Self::edge(
                    HttpError::NotWritable,
                    "The registry cannot write at present. Nothing was changed. Try again after the time in \
                     Retry-After; public reads are still available.",
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
