//! Proof of possession of the key of a bound token (DPoP, RFC 9449).

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use actix_web::http::Uri;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, ThumbprintHash},
};

use super::{
    claims::{ClaimSet, Claims, UnverifiedToken},
    client::Client,
    error::AuthError,
    fetch::fitting,
};
use crate::{api::auth::reasons, domain::values::time::Instant};

/// The algorithms that a proof may be signed by.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::ES256, Algorithm::PS256, Algorithm::EdDSA];
/// How old a proof may be, in seconds.
const WINDOW: i64 = 60;
/// Tolerated clock difference of a proof in the future, in seconds.
pub const AHEAD: i64 = 10;
/// The longest proof that is looked at, in bytes.
const MAX_PROOF: usize = 4 * 1024;
/// The longest `jti` that is taken.
const MAX_ID: usize = 256;
/// How many proofs are remembered in one window: 16 bytes each.
const MOST: usize = 500_000;
/// How many of them may be of one client, so that none can fill the memory for others.
const MOST_EACH: usize = 20_000;

/// The request that a proof is about.
#[derive(Debug, Clone, Copy)]
pub struct ProofRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The public URL of the request, without query.
    pub url: &'a str,
}

/// Members of a JWK that only its owner has (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A proof for a token that is bound to a key, as it was sent.
#[derive(Debug)]
pub struct UnverifiedProof<'a> {
    pub(super) token: &'a str,
    pub(super) proof: &'a str,
    pub(super) request: ProofRequest<'a>,
    pub(super) thumbprint: String,
}

/// A valid proof, unless it was used before.
#[derive(Debug)]
pub struct VerifiedProof {
    url: String,
    id: String,
    /// Creation time, in Unix seconds.
    made: i64,
}

impl UnverifiedProof<'_> {
    /// Verifies everything except earlier use of the proof.
    pub fn verify(&self, now: Instant) -> Result<VerifiedProof, AuthError> {
        let (claims, key) = self.verify_signature()?;
        let url = self.check_request(&claims)?;
        let made = check_age(&claims, now)?;
        self.check_token(&claims, &key)?;
        let id = claims.text("jti").filter(|id| !id.is_empty() && id.len() <= MAX_ID);
        let id = id.ok_or(AuthError::Proof(reasons::PROOF_ID))?;
        Ok(VerifiedProof { url, id: id.to_owned(), made })
    }

    fn verify_signature(&self) -> Result<(Claims, Jwk), AuthError> {
        let unreadable = AuthError::Proof(reasons::PROOF_FORM);
        if self.proof.len() > MAX_PROOF {
            return Err(unreadable);
        }
        let unverified = UnverifiedToken::at(self.proof).ok_or(unreadable)?;
        if unverified.header("typ") != Some("dpop+jwt") {
            return Err(AuthError::Proof(reasons::PROOF_TYPE));
        }
        if unverified.header.contains_key("crit") {
            return Err(AuthError::Proof(reasons::PROOF_EXTENSIONS));
        }
        verified(self.proof, &unverified)
    }

    /// Checks that it is for this request; gives the request's URL in its normal form.
    fn check_request(&self, claims: &Claims) -> Result<String, AuthError> {
        if claims.text("htm") != Some(self.request.method) {
            return Err(AuthError::Proof(reasons::PROOF_METHOD));
        }
        let url = normal(self.request.url);
        let url = url.filter(|url| claims.text("htu").and_then(normal).as_ref() == Some(url));
        url.ok_or(AuthError::Proof(reasons::PROOF_URL))
    }

    /// Checks that it is for this token, and by the key to which the token is bound.
    fn check_token(&self, claims: &Claims, key: &Jwk) -> Result<(), AuthError> {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, self.token.as_bytes()));
        if claims.text("ath") != Some(&hash) {
            return Err(AuthError::Proof(reasons::PROOF_TOKEN));
        }
        if key.thumbprint(ThumbprintHash::SHA256).ok().as_ref() != Some(&self.thumbprint) {
            return Err(AuthError::Proof(reasons::PROOF_KEY_DIFFERS));
        }
        Ok(())
    }
}

/// Checks that a proof was made just now; gives its creation time.
fn check_age(claims: &Claims, now: Instant) -> Result<i64, AuthError> {
    let made = claims.0.get("iat").and_then(serde_json::Value::as_i64);
    let made = made.ok_or(AuthError::Proof(reasons::PROOF_TIME))?;
    let age = now.timestamp().saturating_sub(made);
    if !(-AHEAD..=WINDOW).contains(&age) {
        return Err(AuthError::Proof(reasons::PROOF_TIME_OFF));
    }
    Ok(made)
}

/// The proof's claims and its public key, whose signature it must carry.
fn verified(proof: &str, peek: &UnverifiedToken) -> Result<(Claims, Jwk), AuthError> {
    let algorithm = peek.header("alg").unwrap_or_default();
    let algorithm = ALGORITHMS.into_iter().find(|it| format!("{it:?}") == algorithm);
    let algorithm = algorithm.ok_or(AuthError::Proof(reasons::PROOF_ALGORITHM))?;
    let jwk = peek.header.get("jwk");
    let jwk = jwk.ok_or(AuthError::Proof(reasons::PROOF_KEY))?;
    if PRIVATE.iter().any(|member| jwk.get(member).is_some()) {
        return Err(AuthError::Proof(reasons::PROOF_PRIVATE_KEY));
    }
    let unusable = AuthError::Proof(reasons::PROOF_KEY_FORM);
    let jwk: Jwk = serde_json::from_value(jwk.clone()).map_err(|_| unusable)?;
    if !fitting(&jwk.algorithm).contains(&algorithm) {
        return Err(unusable);
    }
    let key = DecodingKey::from_jwk(&jwk).map_err(|_| unusable)?;
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let data = jsonwebtoken::decode::<ClaimSet>(proof, &key, &validation);
    let data = data.map_err(|_| AuthError::Proof(reasons::PROOF_SIGNATURE))?;
    Ok((Claims(data.claims), jwk))
}

/// A URL in the one form in which equal ones are equal (RFC 3986 section 6.2.2 and 6.2.3), without query
/// and fragment.
fn normal(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let host = uri.host()?.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https" => Some(443),
        "http" => Some(80),
        _ => return None,
    };
    let port = uri.port_u16().filter(|port| Some(*port) != usual);
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let path = if uri.path().is_empty() { "/" } else { uri.path() };
    Some(format!("{scheme}://{host}{port}{}", unescaped(path)?))
}

/// A path in which nothing is escaped that need not be, and escapes are in capitals.
fn unescaped(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (escape, rest) = part.split_at_checked(2)?;
        let byte = u8::from_str_radix(escape, 16).ok()?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            plain.push('%');
            plain.push_str(&escape.to_ascii_uppercase());
        }
        plain.push_str(rest);
    }
    Some(plain)
}

/// Replay cache: used proofs, for as long as they are valid. Two generations of a bounded size, of which each
/// client has a share. The older one is dropped when all its proofs have expired.
#[derive(Debug, Default)]
pub struct ReplayCache {
    /// Proofs created before this instant may have been used before the start.
    knows_since: Option<i64>,
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    began: i64,
    young: HashSet<[u8; 16]>,
    old: HashSet<[u8; 16]>,
    /// How many of the young each client has.
    each: HashMap<Client, usize>,
}

impl ReplayCache {
    /// An empty cache. Proofs that may have been used before its start are rejected.
    pub(super) fn since(start: Instant) -> Self {
        Self { knows_since: Some(start.timestamp() + AHEAD + 1), ..Self::default() }
    }

    /// Accepts an unused proof.
    pub(super) fn first(
        &self,
        proof: &VerifiedProof,
        client: Client,
        now: Instant,
    ) -> Result<(), AuthError> {
        let VerifiedProof { url, id, made } = proof;
        if self.knows_since.is_some_and(|since| *made < since) {
            return Err(AuthError::Restarted);
        }
        let mut key = [0; 16];
        let hash = digest(&SHA256, format!("{url}\n{id}").as_bytes());
        key.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
        let mut seen = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        seen.age(now.timestamp());
        if seen.young.contains(&key) || seen.old.contains(&key) {
            return Err(AuthError::Proof(reasons::PROOF_USED));
        }
        if seen.young.len() >= MOST {
            return Err(AuthError::Crowded);
        }
        let own = seen.each.entry(client).or_default();
        if *own >= MOST_EACH {
            return Err(AuthError::TooManyProofs);
        }
        *own += 1;
        seen.young.insert(key);
        Ok(())
    }
}

impl Generations {
    /// A proof expires at most two windows after its first use.
    fn age(&mut self, now: i64) {
        let age = now.saturating_sub(self.began);
        if age < 2 * WINDOW {
            return;
        }
        self.old = std::mem::take(&mut self.young);
        self.each.clear();
        if age >= 4 * WINDOW {
            self.old.clear();
        }
        self.began = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        chrono::DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn first(seen: &ReplayCache, client: usize, id: &str, seconds: i64) -> Result<(), AuthError> {
        let made = at(seconds).timestamp();
        let proof =
            VerifiedProof { url: "https://registry.example/".to_owned(), id: id.to_owned(), made };
        seen.first(&proof, Client::of(&client.to_string(), "313000028"), at(seconds))
    }

    #[test]
    fn the_memory_of_proofs_is_bounded_and_frees_itself() {
        let seen = ReplayCache::default();
        for n in 0..MOST {
            assert_eq!(first(&seen, n / MOST_EACH, &n.to_string(), 0), Ok(()));
        }
        assert_eq!(first(&seen, MOST, "one more", 119), Err(AuthError::Crowded));
        assert!(matches!(first(&seen, 0, "7", 119), Err(AuthError::Proof(_))));
        // The next generation has space, and the previous one is still known.
        assert_eq!(first(&seen, 0, "one more", 120), Ok(()));
        assert!(matches!(first(&seen, 0, "7", 239), Err(AuthError::Proof(_))));
        assert_eq!(first(&seen, 0, "7", 240), Ok(()));
        assert!(matches!(first(&seen, 0, "one more", 240), Err(AuthError::Proof(_))));
        assert_eq!(first(&seen, 0, "one more", 1_000), Ok(()));
    }

    #[test]
    fn no_client_fills_the_memory_of_proofs_for_others() {
        let seen = ReplayCache::default();
        for n in 0..MOST_EACH {
            assert_eq!(first(&seen, 1, &n.to_string(), 0), Ok(()));
        }
        assert_eq!(first(&seen, 1, "one more", 119), Err(AuthError::TooManyProofs));
        assert_eq!(first(&seen, 2, "of another", 119), Ok(()));
        // A proof serves once for all clients, and the next generation restores the share.
        assert!(matches!(first(&seen, 2, "7", 119), Err(AuthError::Proof(_))));
        assert_eq!(first(&seen, 1, "one more", 120), Ok(()));
    }

    #[test]
    fn equal_urls_are_equal_and_others_are_not() {
        let same = ["https://a.no", "https://A.NO:443/", "HTTPS://a.no/?q#f", "https://a.no/#f"];
        for url in same {
            assert_eq!(normal(url).as_deref(), Some("https://a.no/"), "{url}");
        }
        assert_eq!(normal("https://a.no/%7Eb/%c3%a5"), normal("https://a.no/~b/%C3%A5"));
        assert_ne!(normal("https://a.no/a%2Fb"), normal("https://a.no/a/b"));
        assert_ne!(normal("http://a.no:443/"), normal("https://a.no/"));
        for url in ["", "/", "a.no", "ftp://a.no/", "https://a.no/%", "https://a.no/%zz"] {
            assert_eq!(normal(url), None, "{url}");
        }
    }
}
