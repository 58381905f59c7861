//! JSON bodies: read with a size limit, and every way of being wrong has its own code and place.

pub(in crate::api) mod unique;

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{Method, StatusCode, header},
    web,
};
use serde::de::DeserializeSeed;
use serde_json::{Map, Value};
use utoipa::IntoResponses;

use self::unique::InvalidValue;
pub(in crate::api) use self::unique::Walk;
use crate::{
    api::{
        middleware::request_smuggling,
        problem::{HttpError, Problem, sentences},
    },
    domain::{error::DomainError, message::fields, validation::ValidationErrors},
    json::form::{Object, ObjectForm, excerpt},
};

/// The largest body that is read, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// The media type of a JSON Merge Patch (RFC 7396).
pub(in crate::api) const MERGE_PATCH: &str = "application/merge-patch+json";

/// Maximum nesting of a body: more than any form needs, and safe for the stack of any JSON parser.
const MAX_DEPTH: usize = 64;

/// A JSON body without errors.
#[derive(Debug)]
pub struct ValidJson<T>(pub T);

/// Additional problems of a public query with a body.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "describes answers in the document only")]
pub(crate) enum QuestionProblems {
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body has another media type.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(Problem),
    /// A value is missing or invalid; all errors are listed.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

impl<T: ObjectForm + 'static> FromRequest for ValidJson<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = bytes(request, payload, "application/json");
        Box::pin(async move {
            let fields = read(&body.await?, Walk::default())?;
            let mut errors = ValidationErrors::default();
            let parsed = Object::of_request(&fields, &[]).parse(&mut errors);
            Ok(errors.finish(parsed).map(Self).map_err(DomainError::validation)?)
        })
    }
}

pub(in crate::api) fn bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    wanted: &'static str,
) -> impl Future<Output = Result<web::Bytes, Problem>> + use<> {
    let media_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type
        .map(|media_type| media_type.split(';').next().unwrap_or_default().trim().to_lowercase());
    let right_type = essence.as_deref() == Some(wanted)
        || (wanted != "application/json" && essence.as_deref() == Some("application/json"));
    let accept = match *request.method() {
        Method::PATCH => header::HeaderName::from_static("accept-patch"),
        _ => header::HeaderName::from_static("accept-post"),
    };
    let body = web::Bytes::from_request(request, payload);
    async move {
        if !right_type {
            let detail = sentences::unsupported_media_type_body(wanted);
            return Err(
                Problem::edge(HttpError::UnsupportedMediaType, detail).with_header(accept, wanted)
            );
        }
        body.await.map_err(|error| unread(&error))
    }
}

/// The body was not received in time.
pub(in crate::api) fn too_slow() -> Problem {
    let detail = sentences::request_timeout();
    Problem::edge(HttpError::RequestTimeout, detail).with_header(header::CONNECTION, "close")
}

/// Why a body could not be read to its end.
pub(super) fn unread(error: &actix_web::Error) -> Problem {
    if error.as_error().is_some_and(request_smuggling::is_late) {
        too_slow()
    } else if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::edge(HttpError::PayloadTooLarge, sentences::payload_too_large_body(MAX_BODY))
    } else {
        Problem::edge(HttpError::MalformedJson, sentences::malformed_json_broken_off())
    }
}

/// Parses a JSON object; each error has its own code and location. Outside of a merge patch nothing is null.
pub(in crate::api) fn read(bytes: &[u8], mut walk: Walk) -> Result<Map<String, Value>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let detail = sentences::malformed_json_encoding(error.valid_up_to() + 1);
        Problem::edge(HttpError::MalformedJson, detail)
    })?;
    if is_too_deep(text) {
        let detail = sentences::json_too_deep(MAX_DEPTH);
        return Err(Problem::edge(HttpError::JsonTooDeep, detail));
    }
    let json = &mut serde_json::Deserializer::from_str(text);
    walk.deserialize(&mut *json).and_then(|()| json.end()).map_err(|error| malformed(&error))?;
    if let Some((pointer, invalid)) = walk.invalid {
        return Err(invalid_at(&excerpt(&pointer), invalid));
    }
    if let Value::Object(fields) = serde_json::from_str(text).map_err(|error| malformed(&error))? {
        return Ok(fields);
    }
    Err(Problem::at(HttpError::WrongType, String::new(), sentences::wrong_type_body()))
}

fn invalid_at(pointer: &str, invalid: InvalidValue) -> Problem {
    match invalid {
        InvalidValue::Null => {
            Problem::at(HttpError::WrongType, pointer.to_owned(), fields::wrong_type_null().detail)
        }
        InvalidValue::Nul => DomainError::invalid(pointer, fields::control_character_nul()).into(),
    }
}

/// Counts brackets outside of strings; the parser checks their structure later.
fn is_too_deep(json: &str) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

fn malformed(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let detail = if error.is_data() {
        sentences::malformed_json_duplicate(line, column)
    } else {
        sentences::malformed_json_position(line, column)
    };
    Problem::edge(HttpError::MalformedJson, detail)
}
