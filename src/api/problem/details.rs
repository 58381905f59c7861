//! Problem details (RFC 9457), and the conversions to them.

use std::borrow::Cow;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::HttpError;
use crate::{
    api::problem::sentences,
    domain::{
        error::{DomainError, ErrorKind},
        message::Message,
        validation::{FieldError, ValidationErrors},
    },
    json::{
        field_error::FieldErrorForm,
        form::{INVALID_PATH, UNKNOWN_FIELD, WRONG_TYPE},
    },
    store::{self, Failure},
    words::{self, Locale},
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

/// An error of a request. It has its language when it is sent.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The stable code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// The cause and the next step.
    pub detail: Message,
    /// Errors of single values.
    errors: Vec<ErrorAt>,
    more_errors: bool,
    current_state: Option<&'static str>,
    allowed_actions: Option<Vec<&'static str>>,
    existing: Option<String>,
    /// The limit that was reached, for measurements.
    limit: Option<&'static str>,
    /// Headers that go with it.
    headers: Vec<(header::HeaderName, HeaderValue)>,
}

/// An error of a value.
#[derive(Debug, Clone)]
struct ErrorAt {
    place: Place,
    code: &'static str,
    detail: Message,
}

/// Where a value is.
#[derive(Debug, Clone)]
enum Place {
    /// JSON Pointer into the body or the resource.
    Pointer(String),
    /// The name of a query parameter or header.
    Parameter(String),
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
struct ProblemBody {
    /// A reference to the description of the code.
    #[serde(rename = "type")]
    kind: String,
    /// A short title; the same for the same code.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The cause and the next step.
    detail: String,
    /// The stable code.
    code: &'static str,
    /// The id of the request, as in `X-Request-Id`: a relative URI reference, which names the occurrence.
    #[schema(format = "uri-reference")]
    instance: Option<String>,
    /// All errors, up to the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    errors: Vec<FieldErrorForm>,
    /// There are more errors than `errors` lists.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more_errors: bool,
    /// The state that the resource is in.
    current_state: Option<&'static str>,
    /// The commands possible in that state.
    allowed_actions: Option<Vec<&'static str>>,
    /// The conflicting resource.
    existing: Option<String>,
}

/// The schema of a problem is that of its body.
impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        ProblemBody::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        ProblemBody::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProblemBody::schemas(schemas);
    }
}

/// Why a request failed, for measurements: an extension of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemReason {
    /// The code of the problem.
    pub code: &'static str,
    /// The limit that was reached.
    pub limit: Option<&'static str>,
}

impl Problem {
    const fn new(code: &'static str, status: StatusCode, detail: Message) -> Self {
        Self {
            code,
            status,
            detail,
            errors: vec![],
            more_errors: false,
            current_state: None,
            allowed_actions: None,
            existing: None,
            limit: None,
            headers: vec![],
        }
    }

    /// An HTTP error.
    #[must_use]
    pub fn edge(edge: HttpError, detail: impl Into<Message>) -> Self {
        let (code, status) = edge.row();
        Self::new(code, status, detail.into())
    }

    /// An error of one query parameter or header.
    #[must_use]
    pub fn parameter(edge: HttpError, name: &str, detail: impl Into<Message>) -> Self {
        Self::edge(edge, detail).in_place(Place::Parameter(name.to_owned()))
    }

    /// An error at one location of the body.
    #[must_use]
    pub fn at(edge: HttpError, pointer: String, detail: impl Into<Message>) -> Self {
        Self::edge(edge, detail).in_place(Place::Pointer(pointer))
    }

    /// The same with an error of another query parameter.
    #[must_use]
    pub fn with_parameter(mut self, edge: HttpError, name: &str, detail: Message) -> Self {
        if self.errors.len() == ValidationErrors::MOST {
            self.more_errors = true;
            return self;
        }
        let (place, code) = (Place::Parameter(name.to_owned()), edge.row().0);
        self.errors.push(ErrorAt { place, code, detail });
        self
    }

    fn in_place(mut self, place: Place) -> Self {
        let (code, detail) = (self.code, self.detail.clone());
        self.errors.push(ErrorAt { place, code, detail });
        self
    }

    /// A path with invalid parameters.
    #[must_use]
    pub fn invalid_identifier() -> Self {
        let detail = sentences::invalid_identifier();
        Self::edge(HttpError::InvalidIdentifier, detail)
    }

    /// The same with another sentence.
    #[must_use]
    pub fn with_detail(mut self, detail: Message) -> Self {
        self.detail = detail;
        self
    }

    /// The same with the limit that was reached.
    #[must_use]
    pub const fn with_limit(mut self, limit: &'static str) -> Self {
        self.limit = Some(limit);
        self
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
        Self::edge(HttpError::Internal, sentences::internal())
    }

    /// The body in a language.
    fn body(&self, locale: Locale, instance: Option<String>) -> ProblemBody {
        let detail = words::sentence(locale, &self.detail);
        ProblemBody {
            kind: format!("/problems#{}", self.code),
            title: words::text(locale, self.code),
            status: self.status.as_u16(),
            detail,
            code: self.code,
            instance,
            errors: self.errors.iter().map(|it| it.body(locale)).collect(),
            more_errors: self.more_errors,
            current_state: self.current_state,
            allowed_actions: self.allowed_actions.clone(),
            existing: self.existing.clone(),
        }
    }

    /// The bytes of the body in a language, with the id of the request.
    #[must_use]
    pub fn to_json(&self, locale: Locale, instance: Option<String>) -> Vec<u8> {
        serde_json::to_vec(&self.body(locale, instance)).unwrap_or_default()
    }
}

impl ErrorAt {
    fn body(&self, locale: Locale) -> FieldErrorForm {
        let (pointer, parameter) = match self.place.clone() {
            Place::Pointer(pointer) => (Some(pointer), None),
            Place::Parameter(name) => (None, Some(name)),
        };
        let detail = words::sentence(locale, &self.detail);
        FieldErrorForm { pointer, parameter, code: self.code.to_owned(), detail }
    }
}

impl From<FieldError> for ErrorAt {
    fn from(FieldError { pointer, error }: FieldError) -> Self {
        Self { place: Place::Pointer(pointer), code: error.code, detail: error.detail }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, words::english(&self.detail))
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
        let detail = if error.errors.len() > 1 { &error.detail } else { &field.error.detail };
        Some(Problem::edge(code, detail.clone()))
    })
}

impl From<DomainError> for Problem {
    fn from(refusal: DomainError) -> Self {
        if let Some(shape) = shape_of(&refusal) {
            let errors = refusal.errors.into_iter().filter(|it| it.error.code != INVALID_PATH);
            let errors = errors.map(ErrorAt::from).collect();
            return Self { errors, more_errors: refusal.more_faults, ..shape };
        }
        let status = status_of(refusal.kind());
        let code = refusal.code;
        let problem = Self {
            errors: refusal.errors.into_iter().map(ErrorAt::from).collect(),
            more_errors: refusal.more_faults,
            current_state: refusal.state,
            allowed_actions: refusal.allowed,
            existing: refusal.existing,
            ..Self::new(code.as_str(), status, refusal.detail)
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
            store::StoreError::Busy => {
                Self::edge(HttpError::Busy, sentences::busy()).with_header(header::RETRY_AFTER, "2")
            }
            store::StoreError::Uncertain => {
                Self::edge(HttpError::OutcomeUnknown, sentences::outcome_unknown())
                    .with_header(header::RETRY_AFTER, "5")
            }
            store::StoreError::NotWritable(cause) => {
                tracing::warn!(%cause, "the database is not writable");
                Self::edge(HttpError::NotWritable, sentences::not_writable())
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
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        for header in &self.headers {
            // One name may have several values: a challenge for each scheme.
            answer.append_header(header.clone());
        }
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        answer.content_type("application/problem+json");
        let mut answer = answer.body(self.to_json(Locale::En, None));
        // The pipeline writes it again in the language of the reader.
        answer.extensions_mut().insert(self.clone());
        answer.extensions_mut().insert(ProblemReason { code: self.code, limit: self.limit });
        answer
    }
}
