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
        problem::{HttpError, Problem},
    },
    domain::{error::DomainError, validation::ValidationErrors, value_error::ValueError},
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
            let detail = format!("Send the body as {wanted}.");
            return Err(
                Problem::edge(HttpError::UnsupportedMediaType, detail).with_header(accept, wanted)
            );
        }
        body.await.map_err(|error| unread(&error))
    }
}

/// The body was not received in time.
pub(in crate::api) fn too_slow() -> Problem {
    let detail = "Send the whole body without pauses, or less of it.";
    Problem::edge(HttpError::RequestTimeout, detail).with_header(header::CONNECTION, "close")
}

/// Why a body could not be read to its end.
pub(super) fn unread(error: &actix_web::Error) -> Problem {
    if error.as_error().is_some_and(request_smuggling::is_late) {
        too_slow()
    } else if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::edge(HttpError::PayloadTooLarge, format!("Send at most {MAX_BODY} bytes."))
    } else {
        Problem::edge(HttpError::MalformedJson, "The body broke off before its end.")
    }
}

/// Parses a JSON object; each error has its own code and location. Outside of a merge patch nothing is null.
pub(in crate::api) fn read(bytes: &[u8], mut walk: Walk) -> Result<Map<String, Value>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let detail = format!("Send JSON in UTF-8: byte {} is not.", error.valid_up_to() + 1);
        Problem::edge(HttpError::MalformedJson, detail)
    })?;
    if is_too_deep(text) {
        let detail = format!("Nest at most {MAX_DEPTH} arrays and objects in one another.");
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
    Err(Problem::at(HttpError::WrongType, String::new(), "Send a JSON object."))
}

fn invalid_at(pointer: &str, invalid: InvalidValue) -> Problem {
    match invalid {
        InvalidValue::Null => {
            let detail = "Nothing is null here: leave the field out.";
            Problem::at(HttpError::WrongType, pointer.to_owned(), detail)
        }
        InvalidValue::Nul => {
            let detail = "Write without the control character U+0000.";
            DomainError::invalid(pointer, ValueError::new("control-character", detail)).into()
        }
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
    let why = if error.is_data() { ": a name stands twice in one object" } else { "" };
    let (line, column) = (error.line(), error.column());
    let detail = format!("Correct the JSON at line {line}, column {column}{why}.");
    Problem::edge(HttpError::MalformedJson, detail)
}
