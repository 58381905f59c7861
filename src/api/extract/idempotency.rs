//! Safe retries (draft-ietf-httpapi-idempotency-key-header): a command with the same key is executed once.
//!
//! The key is looked up before the handler; after the handler's role check the stored answer is returned, so a
//! caller without the role does not get it. The answer is written in the command's own transaction, which looks
//! again, since another instance may have executed the first request.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use aws_lc_rs::digest;
use utoipa::openapi::{
    Header, HeaderBuilder, ObjectBuilder, Required, Type,
    path::{Parameter, ParameterBuilder, ParameterIn},
};

use super::{body, principal::holder};
use crate::{
    api::{
        AppState,
        middleware::rate_limits::Class,
        problem::{HttpError, Problem, sentences},
    },
    store::{self, IdempotencyKey, IdempotencyRecord, IdempotentCommand},
};

/// The header with the caller's own key.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The required format.
pub const FORM: &str = r#"^("[!#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255})$"#;

/// The parameter of every `POST` command. An upload takes no key.
pub(in crate::api) fn parameter() -> Parameter {
    let key = ParameterBuilder::new().name("Idempotency-Key").parameter_in(ParameterIn::Header);
    key.required(Required::False)
        .description(Some(
            "A key of the caller's own. The same request under the same key is done once, and answered alike for \
             seven days.",
        ))
        .schema(Some(text(FORM)))
        .build()
}

/// The header of a replayed answer.
pub(in crate::api) fn replayed() -> Header {
    let description = "`true` for a replay: this is the answer of the first request.";
    HeaderBuilder::new().schema(Some(text("^true$"))).description(Some(description)).build()
}

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))
}

/// A request with a key, and the stored state of the key.
#[derive(Debug, Clone)]
pub(super) struct IdempotentRequest {
    pub(super) idempotent: IdempotentCommand,
    pub(super) known: Option<IdempotencyRecord>,
}

/// The keys that this instance is executing.
#[derive(Debug, Default)]
pub struct RunningKeys(Mutex<HashSet<IdempotencyKey>>);

/// A key is running until this is dropped.
struct Run {
    running: web::Data<RunningKeys>,
    key: IdempotencyKey,
}

impl Run {
    fn start(running: web::Data<RunningKeys>, key: &IdempotencyKey) -> Option<Self> {
        let mut keys = running.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = keys.insert(key.clone());
        drop(keys);
        is_new.then(|| Self { running, key: key.clone() })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let mut keys = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(&self.key);
    }
}

/// Wraps every request: looks up the key of a `POST`.
pub async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // A file is streamed to its store and never completely in memory: it takes no key.
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_file = kind.is_some_and(|kind| kind.starts_with(b"multipart/"));
    let is_keyed = *request.method() == Method::POST && request.headers().contains_key(KEY);
    // A route without a token is not a command.
    let is_act = request.extensions().contains::<Class>();
    let run = if is_keyed && is_act && !is_file {
        match keyed(&mut request).await {
            Ok(run) => run,
            Err(problem) => return Ok(request.into_response(problem.error_response())),
        }
    } else {
        None
    };
    let response = next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    drop(run);
    response
}

/// Looks the key up. Requests without a valid token are left to the handler.
async fn keyed(request: &mut ServiceRequest) -> Result<Option<Run>, Problem> {
    let Ok(holder) = holder(request.request()) else { return Ok(None) };
    // Every role that a token gives is the same person's.
    let Some(by) = holder.callers.first() else { return Ok(None) };
    let Some(state) = request.app_data::<web::Data<AppState>>().cloned() else { return Ok(None) };
    let Some(running) = request.app_data::<web::Data<RunningKeys>>().cloned() else {
        return Ok(None);
    };
    let key = read(request)?;
    let body = request.extract::<web::Bytes>().await;
    let body = body.map_err(|error| body::unread(&error))?;
    let seen = request.headers().get(header::IF_MATCH).map(HeaderValue::as_bytes);
    let digest = digest([seen.unwrap_or_default(), request.query_string().as_bytes(), &body]);
    request.set_payload(Payload::from(body));
    let of = IdempotencyKey {
        organisation: by.organisation.to_string(),
        role: by.role.as_str(),
        subject: by.actor.subject.to_string(),
        method: request.method().to_string(),
        path: request.path().to_owned(),
        key,
    };
    let run = Run::start(running, &of).ok_or_else(|| {
        let detail = sentences::idempotency_in_progress();
        let problem =
            Problem::parameter(HttpError::IdempotencyInProgress, "Idempotency-Key", detail);
        problem.with_header(header::RETRY_AFTER, "1")
    })?;
    let idempotent = IdempotentCommand { of, digest };
    let sent = idempotent.clone();
    let look = move |session: &mut store::Session<'_>, state: &AppState| {
        Ok(session.known(&sent, state.context.now())?)
    };
    let known = state.read(look).await?;
    request.extensions_mut().insert(IdempotentRequest { idempotent, known });
    Ok(Some(run))
}

/// The key: a string of structured fields (RFC 9651), or the same without its quotes.
fn read(request: &ServiceRequest) -> Result<String, Problem> {
    let mut values = request.headers().get_all(KEY);
    let only = values.next().filter(|_| values.next().is_none()).and_then(|it| it.to_str().ok());
    let bare = only.map(str::trim).map(|value| {
        value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
    });
    let fits = |key: &&str| {
        let visible = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
        (1..=255).contains(&key.len()) && key.bytes().all(visible)
    };
    bare.filter(fits).map(str::to_owned).ok_or_else(|| {
        Problem::parameter(
            HttpError::IdempotencyKeyForm,
            "Idempotency-Key",
            sentences::idempotency_key_form(),
        )
    })
}

/// SHA-256 of all parts, each with its length before it.
fn digest(parts: [&[u8]; 3]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part.len().to_string().as_bytes());
        context.update(b":");
        context.update(part);
    }
    hex::encode(context.finish().as_ref())
}
