//! Checks common to all tokens of configured issuers, and the resulting principal.

use serde_json::Value;

use super::{
    ansattporten,
    claims::{Claims, UnverifiedToken},
    error::AuthError,
    helseid,
    issuer::{Issuer, IssuerKind, Named},
    maskinporten, oidc,
};
use crate::{
    api::auth::reasons,
    catalogue::Catalogue,
    domain::{
        message::MessageKey,
        role::{Assured, CallerIdentity, Role},
        values::time::Instant,
    },
};

/// Tolerated clock difference, in seconds.
pub(super) const LEEWAY: i64 = 10;

/// A token that is as every token must be.
pub(super) struct VerifiedToken {
    claims: Claims,
    /// Whether `aud` names this registry; otherwise the token has no audience.
    for_us: bool,
    /// The thumbprint of the key to which it is bound.
    pub(super) bound: Option<String>,
}

/// The holder of a token: a caller in each role that it grants.
#[derive(Debug, Clone)]
pub struct Principal {
    /// In the order of the issuer's configuration; never empty.
    pub callers: Vec<CallerIdentity>,
    /// Token details for the log of a command: the token's id and the client authentication.
    pub trace: Trace,
}

/// Traces of a token for the log, without anything secret.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The issuer.
    pub issuer: String,
    /// The token's id.
    pub token: String,
    /// How the client proved itself to the issuer.
    pub client: String,
}

const NO_AUDIENCE: MessageKey = reasons::READ_ONLY_TOKEN_AUDIENCE;
const READ_SCOPE: MessageKey = reasons::READ_ONLY_TOKEN_SCOPE;

impl Issuer {
    /// Verifies a token of this issuer; its roles are determined later.
    pub(super) fn verify(
        &self,
        token: &str,
        unverified: &UnverifiedToken,
        now: Instant,
    ) -> Result<VerifiedToken, AuthError> {
        let kid = self.check_header(unverified)?;
        let claims = self.keys.verify(token, kid, &self.algorithms);
        let claims = claims.ok_or(AuthError::Invalid(reasons::TOKEN_SIGNATURE))?;
        self.check_issuer(&claims)?;
        check_times(&claims, now)?;
        let for_us = self.is_for_us(&claims)?;
        let bound = bound(&claims)?;
        Ok(VerifiedToken { claims, for_us, bound })
    }

    /// The principal of a valid token, with a proof of possession where one is required.
    pub(super) fn principal(
        &self,
        token: &VerifiedToken,
        catalogue: &Catalogue,
    ) -> Result<Principal, AuthError> {
        let VerifiedToken { claims, for_us, .. } = token;
        let named = match self.kind {
            IssuerKind::Maskinporten => maskinporten::named(self, claims),
            IssuerKind::Ansattporten => ansattporten::named(self, claims),
            IssuerKind::Helseid => helseid::named(self, claims),
            IssuerKind::Oidc => oidc::named(self, claims),
        }?;
        if let (Some(least), true) = (self.least, named.person)
            && named.assurance < self.least
        {
            return Err(AuthError::TooLow(least));
        }
        let callers = self.callers(&named, *for_us, catalogue);
        if callers.is_empty() {
            return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_NO_ROLE));
        }
        Ok(Principal { callers, trace: self.trace(claims) })
    }

    fn callers(&self, named: &Named, for_us: bool, catalogue: &Catalogue) -> Vec<CallerIdentity> {
        let municipality = catalogue.municipality_of(&named.organisation);
        let assured = Assured { held: named.assurance, to_decide: self.decisions };
        // Scopes name rights for an organisation, not the organisations.
        let own = |(role, _): &&(Role, bool)| {
            *role != Role::Auditor || self.auditors.contains(&named.organisation)
        };
        let roles = named.roles.iter().filter(own);
        let callers = roles.map(|(role, read_only)| CallerIdentity {
            actor: named.actor.clone(),
            role: *role,
            organisation: named.organisation.clone(),
            municipality: municipality.cloned(),
            assured,
            reads_only: match (for_us, read_only) {
                (false, _) => Some(NO_AUDIENCE),
                (true, true) => Some(READ_SCOPE),
                (true, false) => None,
            },
        });
        callers.collect()
    }

    fn trace(&self, claims: &Claims) -> Trace {
        let value = |name| {
            let first = claims.texts(name).next().unwrap_or_default();
            first.chars().take(100).collect()
        };
        Trace { issuer: self.name.clone(), token: value("jti"), client: value("client_amr") }
    }

    /// Checks the header; gives the name of a known key.
    fn check_header<'t>(&self, token: &'t UnverifiedToken) -> Result<&'t str, AuthError> {
        let typ = token.header("typ").map(str::to_ascii_lowercase);
        if !typ.is_some_and(|typ| self.types.contains(&typ)) {
            return Err(AuthError::Invalid(reasons::TOKEN_TYPE));
        }
        if token.header.contains_key("crit") {
            return Err(AuthError::Invalid(reasons::TOKEN_EXTENSIONS));
        }
        let algorithm = token.header("alg").unwrap_or_default();
        if !self.algorithms.iter().any(|it| format!("{it:?}") == algorithm) {
            return Err(AuthError::Invalid(reasons::TOKEN_ALGORITHM));
        }
        let kid = token.header("kid");
        let kid = kid.ok_or(AuthError::Invalid(reasons::TOKEN_KEY_ID))?;
        if !self.keys.knows(kid) {
            return Err(AuthError::Invalid(reasons::TOKEN_KEY));
        }
        Ok(kid)
    }

    /// Checks issuer and kind of token by the verified claims.
    fn check_issuer(&self, claims: &Claims) -> Result<(), AuthError> {
        if claims.text("iss") != Some(&self.name) {
            return Err(AuthError::Invalid(reasons::TOKEN_ISSUER_DIFFERS));
        }
        // An ID token informs a client about a login; it is no access token.
        let of_id = ["at_hash", "c_hash", "s_hash"].iter().any(|it| claims.get(it).is_some());
        if of_id || claims.text("typ").is_some_and(|it| it == "ID" || it == "Refresh") {
            return Err(AuthError::Invalid(reasons::TOKEN_KIND));
        }
        Ok(())
    }

    /// Whether the token is for this registry; without an audience, whether it may still read.
    fn is_for_us(&self, claims: &Claims) -> Result<bool, AuthError> {
        if self.audiences.iter().any(|ours| claims.has("aud", ours)) {
            return Ok(true);
        }
        let nobody = claims.get("aud").is_none_or(|it| *it == "unspecified");
        if nobody && self.reads_without_audience {
            return Ok(false);
        }
        Err(AuthError::Invalid(reasons::TOKEN_AUDIENCE))
    }
}

fn check_times(claims: &Claims, now: Instant) -> Result<(), AuthError> {
    let now = now.timestamp();
    let end = claims.seconds("exp")?;
    let end = end.ok_or(AuthError::Invalid(reasons::TOKEN_EXPIRY))?;
    if end.saturating_add(LEEWAY) <= now {
        return Err(AuthError::Invalid(reasons::TOKEN_EXPIRED));
    }
    for name in ["nbf", "iat"] {
        if claims.seconds(name)?.is_some_and(|from| from.saturating_sub(LEEWAY) > now) {
            return Err(AuthError::Invalid(reasons::TOKEN_EARLY));
        }
    }
    Ok(())
}

/// The thumbprint of the key to which a token is bound (RFC 9449). Other bonds cannot be checked here,
/// so a token that has one opens nothing.
fn bound(claims: &Claims) -> Result<Option<String>, AuthError> {
    match claims.get("cnf") {
        None => Ok(None),
        Some(Value::Object(cnf)) => match (cnf.get("jkt").and_then(Value::as_str), cnf.len()) {
            (Some(thumbprint), 1) => Ok(Some(thumbprint.to_owned())),
            _ => Err(AuthError::Invalid(reasons::TOKEN_BINDING)),
        },
        Some(_) => Err(AuthError::Invalid(reasons::TOKEN_BINDING_FORM)),
    }
}
