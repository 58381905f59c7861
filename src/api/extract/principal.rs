//! The holder of the token of a request, and the answers to requests without a valid one.

use std::sync::Arc;

use actix_web::{
    HttpMessage, HttpRequest,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName},
    },
    web,
};

use crate::{
    api::{
        AppState,
        auth::{
            AuthError, Client, METADATA, PresentedToken, Principal, Tokens,
            dpop::{self, ProofRequest},
            reasons,
        },
        middleware::rate_limits::{self, Quota},
        problem::{HttpError, Problem, sentences},
    },
    domain::{error::DomainError, message::MessageKey, role::Assurance},
};

/// Where the proof of possession is sent (RFC 9449).
const PROOF: HeaderName = HeaderName::from_static("dpop");

/// Marks a request as HEAD, since a proof of possession must name it.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct WasHead;

/// Result of the token verification of a request.
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

/// The principal of a request. Verified once, also on failure: a proof of possession is valid once, and a
/// request is charged once.
pub(super) fn holder(request: &HttpRequest) -> Result<Arc<Principal>, Problem> {
    let verifier = Verifier::of(request)?;
    let looked_at = request.extensions().get::<LookedAt>().cloned();
    let LookedAt(holder) = looked_at.unwrap_or_else(|| {
        let seen = LookedAt(verifier.authenticate(request).map(Arc::new));
        request.extensions_mut().insert(seen.clone());
        seen
    });
    let token = token_of(request.headers()).unwrap_or_default();
    holder.map_err(|rejection| match rejection {
        Rejection::Denied(denied) => verifier.problem(denied, token),
        Rejection::OverQuota(share) => share.refused(),
    })
}

/// The method as it was sent: HEAD is answered as GET is.
pub(super) fn asked_method(request: &HttpRequest) -> Method {
    let head = request.extensions().get::<WasHead>().is_some();
    if head { Method::HEAD } else { request.method().clone() }
}

/// Exactly one `Authorization` header (RFC 6750), and with `DPoP` exactly one proof (RFC 9449).
fn presented<'a>(
    headers: &'a HeaderMap,
    request: ProofRequest<'a>,
) -> Result<PresentedToken<'a>, AuthError> {
    let missing = AuthError::Missing(reasons::TOKEN_MISSING);
    let (scheme, token) = only(headers, &header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .ok_or(missing)?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(PresentedToken::Bearer(token))
    } else if scheme.eq_ignore_ascii_case("dpop") {
        let proof = only(headers, &PROOF).ok_or(AuthError::Proof(reasons::PROOF_ONE))?;
        Ok(PresentedToken::Proven { token, proof, request })
    } else {
        Err(missing)
    }
}

/// Looks up an unknown key of a token, so that the verification need not wait.
pub(in crate::api) async fn look_for_key(request: &HttpRequest) {
    if let (Ok(Verifier { state, tokens }), Some(token)) =
        (Verifier::of(request), token_of(request.headers()))
    {
        tokens.look_for_key(token, state.context.now()).await;
    }
}

pub(super) fn token_of(headers: &HeaderMap) -> Option<&str> {
    only(headers, &header::AUTHORIZATION)?.split_once(' ').map(|(_, token)| token.trim())
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

/// The inputs of token verification.
#[derive(Clone, Copy)]
pub(super) struct Verifier<'a> {
    state: &'a AppState,
    tokens: &'a Tokens,
}

impl<'a> Verifier<'a> {
    pub(super) fn of(request: &'a HttpRequest) -> Result<Self, Problem> {
        let state = request.app_data::<web::Data<AppState>>();
        let tokens = request.app_data::<web::Data<Tokens>>();
        let (state, tokens) =
            state.zip(tokens).ok_or_else(|| Problem::internal(&"the application has no state"))?;
        Ok(Self { state, tokens })
    }

    /// Verifies the token, then checks its quota, then verifies the proof, and last remembers the proof.
    fn authenticate(self, request: &HttpRequest) -> Result<Principal, Rejection> {
        let Self { state, tokens } = self;
        let now = state.context.now();
        let method = asked_method(request);
        let url = format!("{}{}", state.public_url, request.uri().path());
        let presented =
            presented(request.headers(), ProofRequest { method: method.as_str(), url: &url });
        let identified = presented.and_then(|it| tokens.identify(it, now));
        // A token that is not valid is charged to its address.
        let (holder, unverified) = match identified {
            Ok(identified) => identified,
            Err(denied) => {
                rate_limits::charge_holder(request, now, None)?;
                return Err(denied.into());
            }
        };
        // Every role that a token gives is the same person's.
        let first = holder.callers.first();
        let client = first.map_or(Client::of("", ""), |by| {
            Client::of(by.actor.subject.as_ref(), by.organisation.as_ref())
        });
        rate_limits::holder_has_left(request, now, client)?;
        let verified = unverified.map(|proof| proof.verify(now)).transpose();
        // So is a token without a valid proof: a thief of the token must not use up the holder's quota.
        rate_limits::charge_holder(request, now, verified.is_ok().then_some(client))?;
        if let Some(proof) = verified? {
            tokens.remember(&proof, client, now)?;
        }
        Ok(holder)
    }

    /// The answer to a caller without a valid token.
    fn problem(self, denied: AuthError, token: &str) -> Problem {
        match denied {
            AuthError::Missing(why) => {
                self.challenged(Problem::edge(HttpError::Unauthenticated, why), "", "")
            }
            AuthError::Invalid(why) => {
                let problem = Problem::edge(HttpError::Unauthenticated, why);
                self.challenged(problem, "error=\"invalid_token\"", "error=\"invalid_token\"")
            }
            AuthError::Proof(why) => {
                let problem = Problem::edge(HttpError::Unauthenticated, why);
                self.challenged(problem, "", "error=\"invalid_dpop_proof\"")
            }
            AuthError::NotEntitled(why) => {
                let error = "error=\"insufficient_scope\"";
                self.challenged(Problem::edge(HttpError::NotEntitled, why), error, error)
            }
            AuthError::TooLow(level) => {
                self.step_up(DomainError::assurance_too_low(level).into(), token, level)
            }
            AuthError::Crowded => Problem::edge(HttpError::Busy, sentences::busy_replay_cache())
                .with_header(header::RETRY_AFTER, "60"),
            AuthError::Restarted => Problem::edge(HttpError::Busy, sentences::busy_restarted())
                .with_header(header::RETRY_AFTER, &(2 * dpop::AHEAD).to_string()),
            AuthError::TooManyProofs => {
                Problem::edge(HttpError::RateLimited, sentences::rate_limited_proofs())
                    .with_header(header::RETRY_AFTER, "120")
            }
        }
    }

    pub(super) fn read_only(self, why: MessageKey) -> Problem {
        let error = "error=\"insufficient_scope\"";
        self.challenged(Problem::edge(HttpError::ReadOnlyToken, why), error, error)
    }

    /// Requests a login with higher assurance (RFC 9470).
    pub(super) fn step_up(self, problem: Problem, token: &str, level: Assurance) -> Problem {
        let word = self.tokens.word_for(token, level);
        let error = format!("error=\"insufficient_user_authentication\", acr_values=\"{word}\"");
        self.challenged(problem, &error, &error)
    }

    /// A challenge for each scheme, with its own parameters, and the address of the metadata (RFC 9728).
    /// Without an issuer no token can be bound to a key.
    fn challenged(self, problem: Problem, bearer: &str, proven: &str) -> Problem {
        let metadata = format!("resource_metadata=\"{}{METADATA}\"", self.state.public_url);
        let of = |parameters: &[&str]| {
            let present: Vec<_> = parameters.iter().copied().filter(|it| !it.is_empty()).collect();
            present.join(", ")
        };
        let problem = problem
            .with_header(header::WWW_AUTHENTICATE, &format!("Bearer {}", of(&[bearer, &metadata])));
        if !self.tokens.trusts_others() {
            return problem;
        }
        let algorithms =
            format!("algs=\"{}\"", dpop::ALGORITHMS.map(|it| format!("{it:?}")).join(" "));
        problem.with_header(
            header::WWW_AUTHENTICATE,
            &format!("DPoP {}", of(&[proven, &algorithms, &metadata])),
        )
    }
}
