//! Who calls: a bearer token becomes a caller, and the caller the role that a handler demands.
//!
//! The extractor is synchronous and stands first in every handler, so that a missing token is
//! answered before the body is looked at.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
    web,
};

use super::{
    State, limits,
    problem::{Edge, Problem},
};
use crate::{
    context::Context,
    domain::role::{Caller, Demand},
    store::Stamp,
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
}

impl<R> By<R> {
    /// What the journal keeps of who did it and when.
    #[must_use]
    pub fn stamp(&self, context: &Context) -> Stamp {
        Stamp {
            id: context.row_id(),
            at: context.now(),
            actor: self.caller.actor.clone(),
            role: self.caller.role.as_str(),
            organisation: self.caller.organisation.to_string(),
            request_id: self.request_id.clone(),
        }
    }
}

impl<R: Demand> FromRequest for By<R> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(by(request))
    }
}

fn by<R: Demand>(request: &HttpRequest) -> Result<By<R>, Problem> {
    let caller = caller(request);
    let holder =
        caller.as_ref().ok().map(|it| [it.actor.subject.to_string(), it.organisation.to_string()]);
    limits::by_holder(request, state(request)?, holder.as_ref())?;
    let caller = caller?;
    let role = R::of(caller.clone())?;
    let request_id =
        request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    Ok(By { role, caller, request_id })
}

fn caller(request: &HttpRequest) -> Result<Caller, Problem> {
    let state = state(request)?;
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

fn state(request: &HttpRequest) -> Result<&web::Data<State>, Problem> {
    request
        .app_data::<web::Data<State>>()
        .ok_or_else(|| Problem::internal(&"the application has no state"))
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
