//! Checkpoint: the end of the journal at an instant, signed, so that others can store it and later prove that
//! no earlier row was altered.
//!
//! A checkpoint is a JWS (RFC 7515) in compact form with `EdDSA` over Ed25519 (RFC 8037). The key is in a
//! separate file, as PEM that `openssl` reads too.

use std::{fmt, path::Path, sync::Arc};

use actix_web::{
    HttpResponse, get,
    http::header::{self, HeaderValue},
    web,
};
use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        AppData,
        extract::caller::Caller,
        problem::{PlainProblems, PrivateProblems, Problem},
    },
    domain::{
        error::{DomainError, Noun},
        role::Auditor,
        values::time::Instant,
    },
    jobs::Upkeep,
    private_file,
    store::Head,
};

/// `typ` in the header of a checkpoint.
const TYPE: &str = "checkpoint+jwt";
/// The public key of Ed25519 in DER begins so, before its 32 bytes (RFC 8410).
const PUBLIC_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Why there is no seal.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The file holds something else.
    #[error(
        "{0}: not an Ed25519 key in PEM (openssl genpkey -algorithm ed25519); a missing file is created"
    )]
    NotAKey(String),
    /// The system gives no randomness, or the key does not sign.
    #[error("the key of checkpoints cannot be made or used")]
    Unusable,
}

/// Claims of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointClaims {
    /// The address of the registry.
    pub iss: String,
    /// When it was signed, in seconds since 1970.
    pub iat: i64,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// The position of the last row of the journal.
    pub position: i64,
    /// That of the last public row in the feed.
    pub public_position: i64,
    /// The hash of the last row, in hexadecimal digits.
    pub hash: String,
}

/// The key that signs checkpoints.
#[derive(Clone)]
pub struct Seal {
    signing: Arc<EncodingKey>,
    public: [u8; 32],
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(***)")
    }
}

impl Seal {
    /// A new, private key.
    pub fn fresh() -> Result<Self, SealError> {
        Self::from_pkcs8(&new_key()?).ok_or(SealError::Unusable)
    }

    /// The key in a file; creates a missing one with owner-only permissions.
    pub fn from_file(path: &Path) -> Result<Self, SealError> {
        if !path.exists() {
            let key = BASE64_STANDARD.encode(new_key()?);
            let lines: Vec<_> = key.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
            let pem = format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"));
            let created = private_file::create_once(path, pem.as_bytes());
            created.map_err(|error| SealError::File(path.display().to_string(), error))?;
        }
        Self::from_existing(path)
    }

    /// The key in a file that exists.
    pub fn from_existing(path: &Path) -> Result<Self, SealError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| SealError::File(name.clone(), error))?;
        let inner = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
        let packed: Option<String> = inner.map(|(key, _)| key.split_whitespace().collect());
        let pkcs8 = packed.and_then(|key| BASE64_STANDARD.decode(key).ok());
        pkcs8.and_then(|pkcs8| Self::from_pkcs8(&pkcs8)).ok_or(SealError::NotAKey(name))
    }

    fn from_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
        let public = pair.public_key().as_ref().try_into().ok()?;
        Some(Self { signing: Arc::new(EncodingKey::from_ed_der(pkcs8)), public })
    }

    /// Signs where the journal ends.
    pub fn sign(
        &self,
        head: &Head,
        registry: &str,
        at: Instant,
    ) -> Result<(CheckpointClaims, String), SealError> {
        let claims = CheckpointClaims {
            iss: registry.to_owned(),
            iat: at.timestamp(),
            at,
            position: head.position,
            public_position: head.public_position,
            hash: hex::encode(&head.hash),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key_id());
        let jws = jsonwebtoken::encode(&header, &claims, &self.signing);
        Ok((claims, jws.map_err(|_| SealError::Unusable)?))
    }

    /// The public key as PEM.
    #[must_use]
    pub fn public_pem(&self) -> String {
        let der = [PUBLIC_PREFIX.as_slice(), &self.public].concat();
        let der = BASE64_STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n")
    }

    /// The public key as a set of keys (RFC 7517).
    #[must_use]
    pub fn keys(&self) -> KeySetView {
        let key = KeyView {
            kty: "OKP",
            crv: "Ed25519",
            x: BASE64_URL_SAFE_NO_PAD.encode(self.public),
            kid: self.key_id(),
            alg: "EdDSA",
            usage: "sig",
        };
        KeySetView { keys: vec![key] }
    }

    /// The thumbprint of the public key (RFC 7638).
    fn key_id(&self) -> String {
        let x = BASE64_URL_SAFE_NO_PAD.encode(self.public);
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
    }

    /// The claims of a checkpoint signed by this key.
    #[must_use]
    pub fn read(&self, jws: &str) -> Option<CheckpointClaims> {
        read(jws, &DecodingKey::from_ed_der(&self.public))
    }
}

/// The claims of a checkpoint signed by one of these keys (a JWK set).
#[must_use]
pub fn read_by(jws: &str, keys: &str) -> Option<CheckpointClaims> {
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_str(keys).ok()?;
    let kid = jsonwebtoken::decode_header(jws).ok()?.kid?;
    read(jws, &DecodingKey::from_jwk(keys.find(&kid)?).ok()?)
}

fn read(jws: &str, key: &DecodingKey) -> Option<CheckpointClaims> {
    let header = jsonwebtoken::decode_header(jws).ok()?;
    if header.typ.as_deref() != Some(TYPE) {
        return None;
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<CheckpointClaims>(jws, key, &validation).map(|data| data.claims).ok()
}

fn new_key() -> Result<Vec<u8>, SealError> {
    let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new());
    Ok(document.map_err(|_| SealError::Unusable)?.as_ref().to_vec())
}

/// Where the journal ends, signed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Checkpoint)]
pub struct CheckpointView {
    /// The address of the registry.
    registry: String,
    /// When it was signed.
    at: DateTime<Utc>,
    /// The position of the last row of the journal.
    position: i64,
    /// That of the last public row in the feed.
    public_position: i64,
    /// The hash of the last row, in hexadecimal digits.
    hash: String,
    /// The same, signed: a JWS in compact form.
    jws: String,
}

/// The keys that sign checkpoints.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckpointKeys)]
pub struct KeySetView {
    /// The keys; none where this registry signs no checkpoints.
    keys: Vec<KeyView>,
}

/// A public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckpointKey)]
pub struct KeyView {
    /// The kind of key.
    #[schema(value_type = String, example = "OKP")]
    kty: &'static str,
    /// The curve.
    #[schema(value_type = String, example = "Ed25519")]
    crv: &'static str,
    /// The public key in base64url.
    x: String,
    /// Its thumbprint (RFC 7638).
    kid: String,
    /// How it signs.
    #[schema(value_type = String, example = "EdDSA")]
    alg: &'static str,
    /// Use of the key.
    #[serde(rename = "use")]
    #[schema(value_type = String, example = "sig")]
    usage: &'static str,
}

/// A checkpoint.
///
/// The end of the journal, signed. Store it elsewhere: `godkjent audit verify --checkpoint` later proves that
/// no earlier row was altered or cut off. 404 without a signing key.
#[utoipa::path(
    tag = "audit", operation_id = "checkpointGet", security(("token" = [])),
    responses((status = 200, description = "The checkpoint.", body = CheckpointView), PrivateProblems),
)]
#[get("/audit/checkpoint")]
pub(crate) async fn checkpoint_get(
    _by: Caller<Auditor>,
    state: AppData,
    checkpoint_signer: web::Data<Option<Seal>>,
    upkeep: web::Data<Upkeep>,
) -> Result<HttpResponse, Problem> {
    let checkpoint_signer = checkpoint_signer.as_ref().as_ref();
    let missing = || DomainError::not_found(Noun::Checkpoint);
    let checkpoint_signer = checkpoint_signer.ok_or_else(missing)?;
    let head = state.read(|session, _| Ok(session.journal_head()?)).await?;
    let signed = checkpoint_signer.sign(&head, &state.public_url, state.context.now());
    let (claims, jws) = signed.map_err(|error| Problem::internal(&error))?;
    let CheckpointClaims { iss: registry, at, position, public_position, hash, .. } = claims;
    upkeep.note_checkpoint(position, at);
    let view = CheckpointView { registry, at, position, public_position, hash, jws };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

/// The keys that sign checkpoints.
///
/// A JWK set, for everyone.
#[utoipa::path(
    tag = "audit", operation_id = "checkpointKeyList", security(),
    responses((status = 200, description = "The public keys.", body = KeySetView), PlainProblems),
)]
#[get("/audit/keys")]
pub(crate) async fn checkpoint_key_list(
    checkpoint_signer: web::Data<Option<Seal>>,
) -> HttpResponse {
    let keys = checkpoint_signer.as_ref().as_ref().map_or(KeySetView { keys: vec![] }, Seal::keys);
    let cache = HeaderValue::from_static("public, max-age=3600");
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, cache)).json(keys)
}
