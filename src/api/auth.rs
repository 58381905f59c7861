//! Tokens: the only place that knows JWT (RFC 7519, RFC 9068).
//!
//! A token is of the local issuer, where that is switched on, or of an issuer that is configured. Each
//! kind of issuer names organisation, person and role in its own way; all checks before that are the same.

mod ansattporten;
mod claims;
mod client;
pub mod dpop;
mod error;
mod fetch;
mod helseid;
mod issuer;
mod keys;
mod local;
mod maskinporten;
mod oidc;
mod person_key;
pub(crate) mod reasons;
mod trust;
mod verification;

use std::{collections::BTreeSet, sync::Arc};

use prometheus_client::registry::Registry;

use self::{
    claims::UnverifiedToken,
    dpop::{ProofRequest, UnverifiedProof, VerifiedProof},
    issuer::{Issuer, IssuerKind},
};
pub use self::{
    client::Client,
    error::AuthError,
    keys::JwksHealth,
    local::{AUDIENCE, KeyError, LOCAL_ISSUER, LONGEST, LocalIssuer},
    person_key::{PersonKey, PersonKeyError},
    trust::{TrustError, Trusted},
    verification::{Principal, Trace},
};
use crate::{
    catalogue::Catalogue,
    domain::{role::Assurance, values::time::Instant},
};

/// The path of the protected resource metadata (RFC 9728).
pub const METADATA: &str = "/.well-known/oauth-protected-resource";

/// The longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// A token as it was sent.
#[derive(Debug, Clone, Copy)]
pub enum PresentedToken<'a> {
    /// With the scheme `Bearer`: usable by any holder.
    Bearer(&'a str),
    /// With the scheme `DPoP` and a proof.
    Proven {
        /// The token.
        token: &'a str,
        /// The proof.
        proof: &'a str,
        /// The requested method and URL.
        request: ProofRequest<'a>,
    },
}

impl<'a> PresentedToken<'a> {
    /// The token itself.
    #[must_use]
    pub const fn token(&self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Proven { token, .. } => token,
        }
    }

    /// The proof of the key with this thumbprint. A bound token needs one, and another has none.
    fn proof(
        self,
        thumbprint: Option<&String>,
        is_required: bool,
    ) -> Result<Option<UnverifiedProof<'a>>, AuthError> {
        match (self, thumbprint) {
            (Self::Bearer(_), Some(_)) => Err(AuthError::Invalid(reasons::TOKEN_BOUND)),
            (Self::Bearer(_), None) if is_required => {
                Err(AuthError::Invalid(reasons::TOKEN_UNBOUND))
            }
            (Self::Bearer(_), None) => Ok(None),
            (Self::Proven { .. }, None) => Err(AuthError::Proof(reasons::PROOF_WITHOUT_BINDING)),
            (Self::Proven { token, proof, request }, Some(thumbprint)) => {
                Ok(Some(UnverifiedProof { token, proof, request, thumbprint: thumbprint.clone() }))
            }
        }
    }
}

/// Public information about trusted issuers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TrustedIssuers {
    /// The issuers' names.
    pub issuers: Vec<String>,
    /// The scopes that give a role.
    pub scopes: BTreeSet<String>,
    /// The types of authorization details that are read.
    pub details: BTreeSet<String>,
    /// Whether every token must be bound to a key.
    pub bound: bool,
}

/// Verifies tokens of every issuer that is trusted.
#[derive(Debug, Clone)]
pub struct Tokens {
    local: Option<LocalIssuer>,
    trusted: Trusted,
    seen: Arc<dpop::ReplayCache>,
    catalogue: Arc<Catalogue>,
}

impl Tokens {
    /// Trusts only the local issuer, if there is one.
    #[must_use]
    pub fn new(local: Option<LocalIssuer>, catalogue: Arc<Catalogue>) -> Self {
        Self { local, trusted: Trusted::default(), seen: Arc::default(), catalogue }
    }

    /// Trusts these issuers too.
    #[must_use]
    pub fn trusting(self, trusted: Trusted) -> Self {
        Self { trusted, ..self }
    }

    /// The same from an instant on: an earlier proof may have been used already.
    #[must_use]
    pub fn started(self, at: Instant) -> Self {
        Self { seen: Arc::new(dpop::ReplayCache::since(at)), ..self }
    }

    /// The holder of the token, in each role that it gives, and the proof that is still to be verified.
    pub fn identify<'a>(
        &self,
        presented: PresentedToken<'a>,
        now: Instant,
    ) -> Result<(Principal, Option<UnverifiedProof<'a>>), AuthError> {
        let token = presented.token();
        let unreadable = AuthError::Invalid(reasons::TOKEN_FORM);
        if token.len() > MAX_TOKEN {
            return Err(unreadable);
        }
        let unverified = UnverifiedToken::at(token).ok_or(unreadable)?;
        let unknown = AuthError::Invalid(reasons::TOKEN_ISSUER);
        let name = unverified.issuer().ok_or(unknown)?;
        if let (Some(local), LOCAL_ISSUER) = (&self.local, name) {
            let principal = local.principal(token, &unverified, &self.catalogue, now);
            return match presented {
                PresentedToken::Bearer(_) => {
                    principal.map(|it| (it, None)).ok_or(AuthError::Invalid(reasons::TOKEN_LOCAL))
                }
                PresentedToken::Proven { .. } => {
                    Err(AuthError::Proof(reasons::PROOF_WITHOUT_BINDING_LOCAL))
                }
            };
        }
        let issuer = self.issuer(name).ok_or(unknown)?;
        let verified = issuer.verify(token, &unverified, now)?;
        let proof = presented.proof(verified.bound.as_ref(), issuer.dpop_required)?;
        Ok((issuer.principal(&verified, &self.catalogue)?, proof))
    }

    /// Remembers a proof, which serves once.
    pub fn remember(
        &self,
        proof: &VerifiedProof,
        client: Client,
        now: Instant,
    ) -> Result<(), AuthError> {
        self.seen.first(proof, client, now)
    }

    /// Looks up an unknown key of a token. All other checks are in [`Self::identify`].
    pub async fn look_for_key(&self, token: &str, now: Instant) {
        if token.len() > MAX_TOKEN {
            return;
        }
        let Some(peek) = UnverifiedToken::at(token) else { return };
        let issuer = peek.issuer().and_then(|value| self.issuer(value));
        if let (Some(issuer), Some(kid)) = (issuer, peek.header("kid")) {
            issuer.keys.look_for(kid, now).await;
        }
    }

    /// Fetches outdated keys of all issuers in parallel, and waits for them.
    pub async fn tend(&self, now: Instant) {
        let begun: Vec<_> = self.trusted.issuers.iter().map(|it| it.keys.tend(now)).collect();
        for mut landing in begun.into_iter().flatten() {
            // The fetching task logs the result.
            let _ = landing.changed().await;
        }
    }

    /// How it is with the keys of each issuer that is configured.
    #[must_use]
    pub fn health(&self, now: Instant) -> Vec<JwksHealth> {
        self.trusted.issuers.iter().map(|it| it.keys.health(now)).collect()
    }

    /// Registers the metrics of issuers.
    pub fn measured(&self, registry: &mut Registry) {
        self.trusted.measured.register(registry);
    }

    /// The issuer's own name of an assurance level.
    #[must_use]
    pub fn word_for(&self, token: &str, level: Assurance) -> String {
        let peek = UnverifiedToken::at(token);
        let issuer =
            peek.as_ref().and_then(UnverifiedToken::issuer).and_then(|value| self.issuer(value));
        issuer.map_or(level.as_str(), |it| it.word_for(level)).to_owned()
    }

    /// Whether anybody but the local issuer is trusted.
    #[must_use]
    pub fn trusts_others(&self) -> bool {
        !self.trusted.issuers.is_empty()
    }

    /// Public information about configured issuers.
    #[must_use]
    pub fn known(&self) -> TrustedIssuers {
        let mut known = TrustedIssuers::default();
        for issuer in &self.trusted.issuers {
            known.issuers.push(issuer.name.clone());
            known.scopes.extend(issuer.grants.iter().filter_map(|it| it.scope.clone()));
            known.details.extend(issuer.grants.iter().filter_map(|it| it.detail.clone()));
            if issuer.kind == IssuerKind::Maskinporten && issuer.system_users {
                known.details.insert(maskinporten::SYSTEM_USER.to_owned());
            }
        }
        let issuers = &self.trusted.issuers;
        known.bound = !issuers.is_empty() && issuers.iter().all(|it| it.dpop_required);
        known
    }

    fn issuer(&self, name: &str) -> Option<&Issuer> {
        self.trusted.issuers.iter().find(|it| it.name == name)
    }
}
