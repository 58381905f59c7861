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
        auth::{GrantedRole, Trace},
        problem::Problem,
    },
    context::Context,
    domain::{
        access::Right,
        error::ErrorCode,
        role::{CallerIdentity, FromCaller},
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
    /// Whether the token is read-only.
    pub reads_only: bool,
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
    let acting = holder.capacities.iter().filter(|it| it.reads_only.is_none());
    acting.map(|it| it.caller.clone()).collect()
}

/// Somebody in the role, and what the key is known for.
fn by<R: FromCaller>(
    request: &HttpRequest,
) -> Result<(Caller<R>, Option<IdempotencyRecord>), Problem> {
    let (verifier, holder) = (Verifier::of(request)?, holder(request)?);
    let token = token_of(request.headers()).unwrap_or_default();
    let acts = !asked_method(request).is_safe();
    let mut refused: Option<Problem> = None;
    for GrantedRole { caller, reads_only } in &holder.capacities {
        let wanted = caller.assured.to_decide;
        match (R::of(caller.clone()), reads_only) {
            (Ok(_), Some(why)) if acts => refused = Some(verifier.read_only(why)),
            (Ok(role), _) => {
                let extensions = request.extensions();
                let request_id =
                    extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
                if acts {
                    let Trace { issuer, token, client } = &holder.trace;
                    tracing::info!(%request_id, %issuer, %token, %client, "token used");
                }
                let keyed = extensions.get::<IdempotentRequest>().cloned();
                let (idempotent, known) = keyed
                    .map(|IdempotentRequest { idempotent, known }| (idempotent, known))
                    .unzip();
                let (caller, reads_only) = (caller.clone(), reads_only.is_some());
                return Ok((
                    Caller { role, caller, reads_only, request_id, idempotent },
                    known.flatten(),
                ));
            }
            (Err(no), _) => {
                let level = wanted.filter(|_| no.code == ErrorCode::AssuranceTooLow);
                let answer = Problem::from(no);
                let answer = match level {
                    Some(level) => verifier.step_up(answer, token, level),
                    None => answer,
                };
                // A missing token detail is more informative than a missing role.
                if refused.is_none() || level.is_some() {
                    refused = Some(answer);
                }
            }
        }
    }
    Err(refused.unwrap_or_else(|| Problem::internal(&"a token without a role")))
}
