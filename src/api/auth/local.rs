//! Local issuer for demos and tests; the log warns while it is enabled.
//!
//! It signs with one Ed25519 key from a file.

use std::{io::ErrorKind, path::Path, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{
    claims::UnverifiedToken,
    verification::{LEEWAY, Principal, Trace},
};
use crate::{
    catalogue::Catalogue,
    domain::{
        role::{Actor, Assured, CallerIdentity, Role},
        values::{numbers::OrganisationNumber, text::Line, time::Instant},
    },
    private_file,
};

/// `iss` of local tokens.
pub const LOCAL_ISSUER: &str = "urn:godkjent:local";
/// How long a token may live, in seconds: 30 days. `godkjent token` makes none that lives longer.
pub const LONGEST: i64 = 30 * 24 * 3600;
/// `aud` of local tokens.
pub const AUDIENCE: &str = "urn:godkjent:registry";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    name: String,
    role: String,
    org: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Why the key of the local issuer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// There is no such file.
    #[error(
        "{0}: there is no key; godkjent serve creates it with --demo or --local-issuer-key. Is this the folder \
         of the registry?"
    )]
    Missing(String),
    /// The file holds something else.
    #[error("{0}: not an Ed25519 key in base64; delete the file to have a new one made")]
    NotAKey(String),
}

/// The local issuer: signs tokens, and verifies its own.
#[derive(Clone)]
pub struct LocalIssuer {
    signing: Arc<EncodingKey>,
    verifying: Arc<DecodingKey>,
    longest: i64,
}

impl std::fmt::Debug for LocalIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalIssuer(***)")
    }
}

impl LocalIssuer {
    /// An issuer with a new, private key.
    pub fn fresh() -> Result<Self, KeyError> {
        let no_key = || KeyError::NotAKey("a new key".to_owned());
        let document =
            Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(|_| no_key())?;
        Self::from_pkcs8(document.as_ref()).ok_or_else(no_key)
    }

    /// The issuer with the key in a file; creates a missing one.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        if !path.exists() {
            let name = path.display().to_string();
            let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())
                .map_err(|_| KeyError::NotAKey(name.clone()))?;
            let key = BASE64_STANDARD.encode(document.as_ref());
            private_file::create_once(path, key.as_bytes())
                .map_err(|error| KeyError::File(name, error))?;
        }
        Self::existing(path)
    }

    /// The issuer with the key in an existing file.
    pub fn existing(path: &Path) -> Result<Self, KeyError> {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(KeyError::Missing(name));
            }
            Err(error) => return Err(KeyError::File(name, error)),
        };
        let pkcs8 = BASE64_STANDARD.decode(text.trim()).ok();
        pkcs8.and_then(|pkcs8| Self::from_pkcs8(&pkcs8)).ok_or(KeyError::NotAKey(name))
    }

    fn from_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
        Some(Self {
            signing: Arc::new(EncodingKey::from_ed_der(pkcs8)),
            verifying: Arc::new(DecodingKey::from_ed_der(pair.public_key().as_ref())),
            longest: LONGEST,
        })
    }

    /// The same issuer with tokens of this lifetime in seconds, for tests over years.
    #[must_use]
    pub fn lasting(self, longest: i64) -> Self {
        Self { longest, ..self }
    }

    /// Signs a token for a caller, valid from now for some seconds, and never longer than tokens may live.
    pub fn sign(
        &self,
        actor: &Actor,
        role: Role,
        organisation: &OrganisationNumber,
        now: Instant,
        seconds: i64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: LOCAL_ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: actor.subject.to_string(),
            name: actor.name.to_string(),
            role: role.as_str().to_owned(),
            org: organisation.to_string(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: now.timestamp() + seconds.min(self.longest),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// The principal of the token; `None` if anything about the token is invalid.
    pub(super) fn principal(
        &self,
        token: &str,
        peek: &UnverifiedToken,
        catalogue: &Catalogue,
        now: Instant,
    ) -> Option<Principal> {
        let typ = peek.header("typ").map(str::to_ascii_lowercase);
        // Extensions that must be understood (crit) are not known here.
        if !matches!(typ.as_deref(), Some("at+jwt" | "application/at+jwt" | "jwt"))
            || peek.header.contains_key("crit")
        {
            return None;
        }
        let claims = self.verified(token)?;
        let now = now.timestamp();
        let early = |from: i64| from.saturating_sub(LEEWAY) > now;
        if claims.exp.saturating_add(LEEWAY) <= now || early(claims.nbf) || early(claims.iat) {
            return None;
        }
        if claims.exp.saturating_sub(claims.iat) > self.longest {
            return None;
        }
        let organisation = OrganisationNumber::parse(&claims.org).ok()?;
        let caller = CallerIdentity {
            actor: Actor {
                subject: Line::parse(&claims.sub).ok()?,
                name: Line::parse(&claims.name).ok()?,
            },
            role: Role::from_name(&claims.role)?,
            municipality: catalogue.municipality_of(&organisation).cloned(),
            organisation,
            assured: Assured::default(),
            reads_only: None,
        };
        let trace = Trace { issuer: LOCAL_ISSUER.to_owned(), ..Trace::default() };
        Some(Principal { callers: vec![caller], trace })
    }

    /// Checks signature, issuer and audience. The algorithm is the issuer's, never the header's; the caller
    /// checks times with its own clock.
    fn verified(&self, token: &str) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[LOCAL_ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.required_spec_claims =
            ["exp", "iss", "aud", "sub", "nbf"].map(str::to_owned).into();
        jsonwebtoken::decode::<Claims>(token, &self.verifying, &validation)
            .map(|data| data.claims)
            .ok()
    }
}
