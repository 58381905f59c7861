//! The caller: a token becomes a caller, and the caller the role required by a handler.
//!
//! The extractor is synchronous and first in every handler, so that a missing token is answered before the body
//! is read. Unknown keys were looked up in the middleware.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, dev::Payload, http::header,
};

use super::{
    idempotency::IdempotentRequest,
    principal::{Verifier, asked_method, holder, token_of},
};
use crate::{
    api::{
        CommandRequest,
        answer::{replayed, to_response},
        auth::Trace,
        problem::Problem,
    },
    context::Context,
    domain::{
        access::Right,
        error::{DomainError, ErrorCode},
        role::{Assurance, CallerIdentity, FromCaller},
    },
    store::{CommandMetadata, IdempotencyRecord, IdempotentCommand, Reader, StoredResponse},
};

/// The id of a request: in the log, in the answer's header, in a problem's `instance`, in the journal.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// A caller in the role required by the handler.
#[derive(Debug)]
pub struct Caller<R> {
    /// In the role.
    pub role: R,
    /// The identity from the token.
    pub caller: CallerIdentity,
    request_id: String,
    idempotent: Option<IdempotentCommand>,
}

/// Why a handler is not reached.
#[derive(Debug)]
pub enum CallerRejection {
    /// The caller may not, or the key was used for another request.
    Refused(Problem),
    /// The same was done before, and so it was answered.
    Answered(StoredResponse),
}

impl std::fmt::Display for CallerRejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(problem) => problem.fmt(f),
            Self::Answered(answer) => write!(f, "{} again", answer.status),
        }
    }
}

impl ResponseError for CallerRejection {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Refused(problem) => problem.error_response(),
            Self::Answered(answer) => to_response(answer.clone(), true),
        }
    }
}

impl<R> Caller<R> {
    /// The reader of another organisation's files, with its right; `None` for a caller who sees only its own.
    #[must_use]
    pub fn reader(&self) -> Option<Reader> {
        let right = Right::of(self.caller.role)?;
        let (caller, request_id) = (self.caller.clone(), self.request_id.clone());
        Some(Reader { caller, right, request_id })
    }

    /// Actor and time for the journal.
    #[must_use]
    pub fn metadata(&self, context: &Context) -> CommandRequest {
        let metadata = CommandMetadata {
            id: context.row_id(),
            at: context.now(),
            actor: self.caller.actor.clone(),
            role: self.caller.role.as_str(),
            organisation: self.caller.organisation.to_string(),
            request_id: self.request_id.clone(),
        };
        CommandRequest { metadata, idempotent: self.idempotent.clone() }
    }
}

impl<R: FromCaller> FromRequest for Caller<R> {
    type Error = CallerRejection;
    type Future = Ready<Result<Self, CallerRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match by(request) {
            Err(problem) => Err(CallerRejection::Refused(problem)),
            Ok((by, None)) => Ok(by),
            Ok((_, Some(was))) => {
                Err(replayed(was).map_or_else(CallerRejection::Refused, CallerRejection::Answered))
            }
        })
    }
}

/// The callers of a request's token, one for each role that may write; empty without a valid token.
pub fn acting_callers(request: &HttpRequest) -> Vec<CallerIdentity> {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Vec::new();
    }
    let Ok(holder) = holder(request) else { return Vec::new() };
    let acting = holder.callers.iter().filter(|it| it.reads_only.is_none());
    acting.cloned().collect()
}

/// The caller in the role, and what the key is known for.
fn by<R: FromCaller>(
    request: &HttpRequest,
) -> Result<(Caller<R>, Option<IdempotencyRecord>), Problem> {
    let (verifier, holder) = (Verifier::of(request)?, holder(request)?);
    let token = token_of(request.headers()).unwrap_or_default();
    let is_command = !asked_method(request).is_safe();
    let answer = |error: DomainError, level: Option<Assurance>| match level {
        Some(level) => verifier.step_up(error.into(), token, level),
        None => error.into(),
    };
    let mut refused: Option<Problem> = None;
    for caller in &holder.callers {
        let needed = caller.assured.to_decide;
        match (R::of(caller.clone()), caller.reads_only) {
            (Ok(_), Some(why)) if is_command => refused = Some(verifier.read_only(why)),
            (Ok(role), _) => {
                let trace = is_command.then_some(&holder.trace);
                return Ok(admit(role, caller, trace, request));
            }
            (Err(error), _) => {
                let level = needed.filter(|_| error.code == ErrorCode::AssuranceTooLow);
                // A missing token detail is more informative than a missing role.
                let former = refused.filter(|_| level.is_none());
                refused = former.or_else(|| Some(answer(error, level)));
            }
        }
    }
    Err(refused.unwrap_or_else(|| Problem::internal(&"a token without a role")))
}

/// The caller of a request, whose token is logged if there is a `trace`.
fn admit<R>(
    role: R,
    caller: &CallerIdentity,
    trace: Option<&Trace>,
    request: &HttpRequest,
) -> (Caller<R>, Option<IdempotencyRecord>) {
    let extensions = request.extensions();
    let request_id = extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    if let Some(Trace { issuer, token, client }) = trace {
        tracing::info!(%request_id, %issuer, %token, %client, "token used");
    }
    let keyed = extensions.get::<IdempotentRequest>().cloned();
    let (idempotent, known) =
        keyed.map(|IdempotentRequest { idempotent, known }| (idempotent, known)).unzip();
    let caller = Caller { role, caller: caller.clone(), request_id, idempotent };
    (caller, known.flatten())
}
