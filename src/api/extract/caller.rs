//! Who calls: a token becomes a caller, and the caller the role that a handler demands.
//!
//! The extractor is synchronous and stands first in every handler, so that a missing token is
//! answered before the body is looked at. A key that is not known yet was looked for at the edge.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName},
    },
    web,
};

use super::idempotency::{IdempotentRequest, known};
use crate::{
    api::{
        AppState,
        answer::to_response,
        auth::{
            AuthError, GrantedRole, METADATA, PresentedToken, Principal, Trace,
            dpop::{self, ProofRequest},
        },
        middleware::rate_limits::{self, Client, Quota},
        problem::{HttpError, Problem},
    },
    context::Context,
    domain::{
        access::Right,
        error::{DomainError, ErrorCode},
        role::{Assurance, CallerIdentity, FromCaller},
    },
    store::{CommandMetadata, IdempotencyRecord, IdempotentCommand, Reader, StoredResponse},
};

/// Where the proof of possession is sent (RFC 9449).
const PROOF: HeaderName = HeaderName::from_static("dpop");

/// The id of a request: in the log, in the answer's header, in a problem's `instance`, in the journal.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Says that a request was sent as HEAD, as a proof of possession must say too.
#[derive(Debug, Clone, Copy)]
pub struct WasHead;

/// What came of looking at the token of a request.
#[derive(Debug, Clone)]
struct LookedAt(Result<Arc<Principal>, Rejection>);

/// Why a request's token is not accepted.
#[derive(Debug, Clone, Copy)]
enum Rejection {
    /// The token or its proof is not valid.
    Denied(AuthError),
    /// The client has used up its quota.
    OverQuota(Quota),
}

impl From<AuthError> for Rejection {
    fn from(denied: AuthError) -> Self {
        Self::Denied(denied)
    }
}

impl From<Quota> for Rejection {
    fn from(share: Quota) -> Self {
        Self::OverQuota(share)
    }
}

/// Somebody in the role that the handler demands.
#[derive(Debug)]
pub struct Caller<R> {
    /// In the role.
    pub role: R,
    /// As the token says.
    pub caller: CallerIdentity,
    /// Whether the token may read and not act.
    pub reads_only: bool,
    request_id: String,
    idempotent: Option<IdempotentCommand>,
}

/// What is noted of an act: in the journal, and under the caller's own key where there is one.
#[derive(Debug)]
pub struct CommandRequest {
    pub(in crate::api) metadata: CommandMetadata,
    pub(in crate::api) idempotent: Option<IdempotentCommand>,
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
    /// Who reads the files of others, by what right; none who sees only what is its own.
    #[must_use]
    pub fn reader(&self) -> Option<Reader> {
        let right = Right::of(self.caller.role)?;
        let (caller, request_id) = (self.caller.clone(), self.request_id.clone());
        Some(Reader { caller, right, request_id })
    }

    /// What is noted of who did it and when.
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
                Err(known(was).map_or_else(CallerRejection::Refused, CallerRejection::Answered))
            }
        })
    }
}

/// Whoever holds the token of a request. It is looked at once, also where it does not hold: a proof of
/// possession serves once, and a request is charged once.
pub(super) fn holder(request: &HttpRequest) -> Result<Arc<Principal>, Problem> {
    let state = state(request)?;
    let looked_at = request.extensions().get::<LookedAt>().cloned();
    let LookedAt(holder) = looked_at.unwrap_or_else(|| {
        let seen = LookedAt(authenticate(request, state).map(Arc::new));
        request.extensions_mut().insert(seen.clone());
        seen
    });
    let token = token_of(request.headers()).unwrap_or_default();
    holder.map_err(|rejection| match rejection {
        Rejection::Denied(denied) => problem(denied, state, token),
        Rejection::OverQuota(share) => share.refused(),
    })
}

/// Verifies the token, then checks its quota, then verifies the proof, and last remembers the proof.
fn authenticate(request: &HttpRequest, state: &AppState) -> Result<Principal, Rejection> {
    let now = state.context.now();
    let method = asked_method(request);
    let url = format!("{}{}", state.public_url, request.uri().path());
    let shown = shown(request.headers(), ProofRequest { method: method.as_str(), url: &url });
    let identified = shown.and_then(|it| state.tokens.identify(it, now));
    // A token that is not valid is charged to its address.
    let (holder, unverified) = match identified {
        Ok(identified) => identified,
        Err(denied) => {
            rate_limits::charge_holder(request, state, None)?;
            return Err(denied.into());
        }
    };
    // Every role that a token gives is the same person's.
    let first = holder.capacities.first().map(|it| &it.caller);
    let client = first.map_or(Client::of("", ""), |by| {
        Client::of(&by.actor.subject.to_string(), &by.organisation.to_string())
    });
    rate_limits::holder_has_left(request, state, client)?;
    let verified = unverified.map(|proof| proof.verify(now)).transpose();
    // So is a token without a valid proof: a thief of the token must not use up the holder's quota.
    rate_limits::charge_holder(request, state, verified.is_ok().then_some(client))?;
    if let Some(proof) = verified? {
        state.tokens.remember(&proof, client, now)?;
    }
    Ok(holder)
}

fn state(request: &HttpRequest) -> Result<&Arc<AppState>, Problem> {
    let state = request.app_data::<web::Data<AppState>>().map(|state| &**state);
    state.ok_or_else(|| Problem::internal(&"the application has no state"))
}

/// Somebody in the role, and what the key is known for.
fn by<R: FromCaller>(
    request: &HttpRequest,
) -> Result<(Caller<R>, Option<IdempotencyRecord>), Problem> {
    let (state, holder) = (state(request)?, holder(request)?);
    let token = token_of(request.headers()).unwrap_or_default();
    let acts = !asked_method(request).is_safe();
    let mut refused: Option<Problem> = None;
    for GrantedRole { caller, reads_only } in &holder.capacities {
        let wanted = caller.assured.to_decide;
        match (R::of(caller.clone()), reads_only) {
            (Ok(_), Some(why)) if acts => refused = Some(read_only(why, state)),
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
                    Some(level) => step_up(answer, state, token, level),
                    None => answer,
                };
                // That another role is missing says less than that this one lacks something.
                if refused.is_none() || level.is_some() {
                    refused = Some(answer);
                }
            }
        }
    }
    Err(refused.unwrap_or_else(|| Problem::internal(&"a token without a role")))
}

/// The method as it was sent: HEAD is answered as GET is.
fn asked_method(request: &HttpRequest) -> Method {
    let head = request.extensions().get::<WasHead>().is_some();
    if head { Method::HEAD } else { request.method().clone() }
}

/// Exactly one `Authorization` header (RFC 6750), and with `DPoP` exactly one proof (RFC 9449).
fn shown<'a>(
    headers: &'a HeaderMap,
    asked: ProofRequest<'a>,
) -> Result<PresentedToken<'a>, AuthError> {
    let missing = AuthError::Missing(
        "Send a token in one header Authorization: Bearer …, or DPoP … with a proof.",
    );
    let (scheme, token) = only(headers, &header::AUTHORIZATION)
        .and_then(|told| told.split_once(' '))
        .ok_or(missing)?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(PresentedToken::Bearer(token))
    } else if scheme.eq_ignore_ascii_case("dpop") {
        let proof = only(headers, &PROOF)
            .ok_or(AuthError::Proof("Send exactly one proof in the header DPoP."))?;
        Ok(PresentedToken::Proven { token, proof, asked })
    } else {
        Err(missing)
    }
}

/// Looks for the key of a token that is not known yet, so that the check of the token need not wait.
pub(in crate::api) async fn look_for_key(headers: &HeaderMap, state: Option<&Arc<AppState>>) {
    if let (Some(state), Some(token)) = (state, token_of(headers)) {
        state.tokens.look_for_key(token, state.context.now()).await;
    }
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    only(headers, &header::AUTHORIZATION)?.split_once(' ').map(|(_, token)| token.trim())
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut told = headers.get_all(name);
    told.next().filter(|_| told.next().is_none())?.to_str().ok()
}

/// The answer to whoever is let in nowhere.
fn problem(denied: AuthError, state: &AppState, token: &str) -> Problem {
    match denied {
        AuthError::Missing(why) => {
            challenged(Problem::edge(HttpError::Unauthenticated, why), state, "", "")
        }
        AuthError::Invalid(why) => {
            let problem = Problem::edge(HttpError::Unauthenticated, why);
            challenged(problem, state, "error=\"invalid_token\"", "error=\"invalid_token\"")
        }
        AuthError::Proof(why) => {
            let problem = Problem::edge(HttpError::Unauthenticated, why);
            challenged(problem, state, "", "error=\"invalid_dpop_proof\"")
        }
        AuthError::NotEntitled(why) => {
            let error = "error=\"insufficient_scope\"";
            challenged(Problem::edge(HttpError::NotEntitled, why), state, error, error)
        }
        AuthError::TooLow(level) => {
            step_up(DomainError::assurance_too_low(level).into(), state, token, level)
        }
        AuthError::Crowded => Problem::edge(
            HttpError::Busy,
            "More proofs come than can be remembered. Try again after the time in Retry-After.",
        )
        .with_header(header::RETRY_AFTER, "60"),
        AuthError::Restarted => Problem::edge(
            HttpError::Busy,
            "The registry has just started, and cannot know whether this proof was used before. Make a new \
             one after the time in Retry-After.",
        )
        .with_header(header::RETRY_AFTER, &(2 * dpop::AHEAD).to_string()),
        AuthError::TooManyProofs => Problem::edge(
            HttpError::RateLimited,
            "This client sends more proofs than are remembered for one. Try again after the time in \
             Retry-After.",
        )
        .with_header(header::RETRY_AFTER, "120"),
    }
}

fn read_only(why: &str, state: &AppState) -> Problem {
    let error = "error=\"insufficient_scope\"";
    challenged(Problem::edge(HttpError::ReadOnlyToken, why), state, error, error)
}

/// Asks for a surer login (RFC 9470).
fn step_up(problem: Problem, state: &AppState, token: &str, level: Assurance) -> Problem {
    let word = state.tokens.word_for(token, level);
    let error = format!("error=\"insufficient_user_authentication\", acr_values=\"{word}\"");
    challenged(problem, state, &error, &error)
}

/// A challenge for each scheme, with its own parameters, and where to read who is trusted (RFC 9728).
/// Where no issuer is configured there is nobody to bind a token to a key.
fn challenged(problem: Problem, state: &AppState, bearer: &str, proven: &str) -> Problem {
    let metadata = format!("resource_metadata=\"{}{METADATA}\"", state.public_url);
    let of = |parameters: &[&str]| {
        let told: Vec<_> = parameters.iter().copied().filter(|it| !it.is_empty()).collect();
        told.join(", ")
    };
    let problem = problem
        .with_header(header::WWW_AUTHENTICATE, &format!("Bearer {}", of(&[bearer, &metadata])));
    if !state.tokens.trusts_others() {
        return problem;
    }
    let algorithms = format!("algs=\"{}\"", dpop::ALGORITHMS.map(|it| format!("{it:?}")).join(" "));
    problem.with_header(
        header::WWW_AUTHENTICATE,
        &format!("DPoP {}", of(&[proven, &algorithms, &metadata])),
    )
}
