//! Fetches an issuer's metadata and keys over HTTP, and validates them.

use std::{net::ToSocketAddrs, sync::Arc, time::Duration};

use actix_web::http::Uri;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use serde_json::Value;
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::network::is_internal;

/// How long one request to an issuer may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an issuer's answer may be, in bytes.
const MOST: u64 = 256 * 1024;

/// A key that verifies.
#[derive(Debug, Clone)]
pub(super) struct VerificationKey {
    pub(super) kid: String,
    /// The permitted uses of the key.
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) verifying: DecodingKey,
}

/// Where the keys of an issuer are.
#[derive(Debug, Clone)]
pub(super) struct JwksClient {
    pub(super) issuer: String,
    pub(super) metadata: String,
    /// Address of the keys in the configuration.
    pub(super) keys: Option<String>,
    pub(super) agent: Agent,
}

impl JwksClient {
    /// Fetches the metadata, and the keys from the address in it.
    pub(super) fn keys(&self) -> Result<Vec<VerificationKey>, String> {
        let metadata = self.json(&self.metadata)?;
        let issuer = metadata.get("issuer").and_then(Value::as_str).unwrap_or_default();
        if issuer != self.issuer {
            return Err(format!("{}: the metadata is of the issuer ‘{issuer}’", self.metadata));
        }
        let url = metadata.get("jwks_uri").and_then(Value::as_str);
        let url = url.ok_or_else(|| format!("{}: no jwks_uri", self.metadata))?;
        self.check_keys_url(url)?;
        let set = self.json(url)?;
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| format!("{url}: not a set of keys"))?;
        // One odd key must not lose the others.
        let usable: Vec<_> = keys.iter().filter_map(usable).collect();
        if usable.is_empty() {
            return Err(format!("{url}: none of {} keys can be used", keys.len()));
        }
        Ok(usable)
    }

    /// A trusted token issuer must not be able to direct requests into the registry's own network: its keys
    /// come from the host of its metadata, from the configured address, or by https from a public host.
    fn check_keys_url(&self, url: &str) -> Result<(), String> {
        let wanted = url.parse::<Uri>().ok();
        let origin = |uri: &Uri| Some((uri.scheme_str()?.to_owned(), uri.authority()?.to_string()));
        let own = self.metadata.parse::<Uri>().ok();
        let same = |own: &Uri| wanted.as_ref().and_then(origin) == origin(own);
        if self.keys.as_deref() == Some(url) || own.as_ref().is_some_and(same) {
            return Ok(());
        }
        let https = wanted.filter(|uri| uri.scheme_str() == Some("https"));
        let https =
            https.ok_or_else(|| format!("{url}: the keys are on another host and not by https"))?;
        let host = https.host().unwrap_or_default().trim_matches(['[', ']']);
        // A name that only a proxy can resolve is left to the proxy.
        let found = (host, https.port_u16().unwrap_or(443)).to_socket_addrs();
        if found.is_ok_and(|mut all| all.any(|it| is_internal(it.ip()))) {
            return Err(format!(
                "{url}: the keys are on another host, at an internal address; name the URL as ‘keys’ of the issuer if that is meant"
            ));
        }
        Ok(())
    }

    fn json(&self, url: &str) -> Result<Value, String> {
        let failed = |error: ureq::Error| format!("{url}: {error}");
        if !is_safe(url) {
            return Err(format!("{url}: not https"));
        }
        let request = self.agent.get(url);
        // A system proxy leads to public hosts, never to this machine.
        let request = if is_loopback(url) { request.config().proxy(None).build() } else { request };
        let mut answer = request.call().map_err(failed)?;
        if answer.status() != 200 {
            return Err(format!("{url}: status {}", answer.status().as_u16()));
        }
        let body = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(failed)?;
        serde_json::from_slice(&body).map_err(|_| format!("{url}: not JSON"))
    }
}

/// The client that fetches: TLS by rustls with the system's certificates, and no redirects.
pub(super) fn agent() -> Agent {
    let system = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = system.iter().map(|it| Certificate::from_der(it).to_owned()).collect();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(provider);
    Agent::config_builder()
        .tls_config(tls.build())
        .timeout_global(Some(FETCH_TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("godkjent/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

/// Whether the content of a URL authentically comes from its host: by TLS, or from this machine.
pub(super) fn is_safe(url: &str) -> bool {
    let https = url.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("https") && uri.host().is_some_and(|host| !host.is_empty())
    });
    https || is_loopback(url)
}

fn is_loopback(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    uri.scheme_str().is_some() && matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// A key of a set, where it is one that signs and that we can use.
fn usable(value: &Value) -> Option<VerificationKey> {
    let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
    let signs = jwk.common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature);
    let operations = jwk.common.key_operations.as_ref();
    let verifies = operations.is_none_or(|list| list.contains(&KeyOperations::Verify));
    if !signs || !verifies {
        return None;
    }
    let fitting = fitting(&jwk.algorithm);
    let algorithms = match &jwk.common.key_algorithm {
        None => fitting.to_vec(),
        Some(own) => {
            let own = Algorithm::try_from(*own).ok().filter(|it| fitting.contains(it))?;
            vec![own]
        }
    };
    if algorithms.is_empty() {
        return None;
    }
    let verifying = DecodingKey::from_jwk(&jwk).ok()?;
    Some(VerificationKey { kid: jwk.common.key_id?, algorithms, verifying })
}

/// The algorithms that a key of this sort can be used with; a shared secret with none.
pub(super) fn fitting(parameters: &AlgorithmParameters) -> &'static [Algorithm] {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    match parameters {
        AlgorithmParameters::RSA(_) => &[RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => &[ES256],
            EllipticCurve::P384 => &[ES384],
            _ => &[],
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[EdDSA],
        _ => &[],
    }
}
