//! Who calls: a bearer token becomes a caller, and the caller the role that a handler demands.
//!
//! The extractor is synchronous and stands first in every handler, so that a missing token is
//! answered before the body is looked at.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::header::{self, HeaderMap},
    web,
};

use super::{
    State,
    answer::sent,
    problem::{Edge, Problem},
    retry::{Keyed, known},
};
use crate::{
    context::Context,
    domain::role::{Caller, Demand},
    store::{Answer, Known, Retry, Stamp},
};

/// The id of a request: in the log, in the answer's header, in a problem's `instance`, in the journal.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Somebody in the role that the handler demands.
#[derive(Debug)]
pub struct By<R> {
    /// In the role.
    pub role: R,
    /// As the token says.
    pub caller: Caller,
    request_id: String,
    retry: Option<Retry>,
}

/// What is noted of an act: in the journal, and under the caller's own key where there is one.
#[derive(Debug)]
pub struct Stamped {
    pub(super) stamp: Stamp,
    pub(super) retry: Option<Retry>,
}

/// Why a handler is not reached.
#[derive(Debug)]
pub enum Before {
    /// The caller may not, or the key was used for another request.
    Refused(Problem),
    /// The same was done before, and so it was answered.
    Answered(Answer),
}

impl std::fmt::Display for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(problem) => problem.fmt(f),
            Self::Answered(answer) => write!(f, "{} again", answer.status),
        }
    }
}

impl ResponseError for Before {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Refused(problem) => problem.error_response(),
            Self::Answered(answer) => sent(answer.clone(), true),
        }
    }
}

impl<R> By<R> {
    /// What is noted of who did it and when.
    #[must_use]
    pub fn stamp(&self, context: &Context) -> Stamped {
        let stamp = Stamp {
            id: context.row_id(),
            at: context.now(),
            actor: self.caller.actor.clone(),
            role: self.caller.role.as_str(),
            organisation: self.caller.organisation.to_string(),
            request_id: self.request_id.clone(),
        };
        Stamped { stamp, retry: self.retry.clone() }
    }
}

impl<R: Demand> FromRequest for By<R> {
    type Error = Before;
    type Future = Ready<Result<Self, Before>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match by(request) {
            Err(problem) => Err(Before::Refused(problem)),
            Ok((by, None)) => Ok(by),
            Ok((_, Some(was))) => Err(known(was).map_or_else(Before::Refused, Before::Answered)),
        })
    }
}

/// Somebody in the role, and what his key is known for.
fn by<R: Demand>(request: &HttpRequest) -> Result<(By<R>, Option<Known>), Problem> {
    let caller = caller(request)?;
    let role = R::of(caller.clone())?;
    let extensions = request.extensions();
    let request_id = extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let keyed = extensions.get::<Keyed>().cloned().map(|Keyed { retry, known }| (retry, known));
    let (retry, known) = keyed.unzip();
    Ok((By { role, caller, request_id, retry }, known.flatten()))
}

pub(super) fn caller(request: &HttpRequest) -> Result<Caller, Problem> {
    let state = request
        .app_data::<web::Data<State>>()
        .ok_or_else(|| Problem::internal(&"the application has no state"))?;
    let token = bearer(request.headers()).ok_or_else(|| {
        unauthenticated("Send a token in the header Authorization: Bearer …", "Bearer")
    })?;
    state.tokens.caller(token, state.context.now()).ok_or_else(|| {
        unauthenticated(
            "The token is not valid here: get a new one from an issuer that this registry trusts.",
            "Bearer error=\"invalid_token\"",
        )
    })
}

/// Exactly one `Authorization` header with the scheme `Bearer` (RFC 6750).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut told = headers.get_all(header::AUTHORIZATION);
    let only = told.next().filter(|_| told.next().is_none())?;
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthenticated(detail: &str, challenge: &str) -> Problem {
    Problem::edge(Edge::Unauthenticated, detail).with_header(header::WWW_AUTHENTICATE, challenge)
}
