//! Audit commands: verify the journal, sign its end, print the public key.

use std::path::{Path, PathBuf};

use crate::{
    api::resources::checkpoint::{CheckpointClaims, Seal, SealError, read_by},
    config::{AddressSettings, CheckpointSettings, DatabaseSettings},
    context::Context,
    jobs::{self, Chain, Mark},
    store::{self, Store},
};

/// Error of an audit command.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The database cannot be read.
    #[error("{0}")]
    Store(#[from] store::StoreError),
    /// SQLite finds its file damaged.
    #[error(
        "the database is damaged: {0}\nStop the registry, keep a copy of the file, and restore a backup."
    )]
    Damaged(String),
    /// The key cannot be used.
    #[error(
        "{0}\nCheck GODKJENT_CHECKPOINT_KEY: the registry creates a missing file when it starts."
    )]
    Seal(#[from] SealError),
    /// No key was named.
    #[error("name the file of the key: --checkpoint-key or GODKJENT_CHECKPOINT_KEY{0}")]
    NoKey(&'static str),
    /// A file cannot be read.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The checkpoint is not one, or another key signed it.
    #[error("{0}: not a checkpoint signed with this key")]
    NotSigned(String),
}

/// Opens an existing registry; none is created.
pub fn registry(database: &DatabaseSettings) -> Result<Store, store::StoreError> {
    let store = Store::attach(database.url(), 1)?;
    if store.is_registry()? {
        return Ok(store);
    }
    Err(store::StoreError::NoRegistry("the database has no tables of a registry".to_owned()))
}

/// Verifies the journal, and the checkpoint in a file if given.
pub fn verify(
    database: &DatabaseSettings,
    checkpoints: &CheckpointSettings,
    checkpoint: Option<&Path>,
    keys: Option<&Path>,
    progress: &mut dyn FnMut(i64, i64),
) -> Result<Chain, AuditError> {
    let mark = checkpoint.map(|file| mark(checkpoints, file, keys)).transpose()?;
    let store = registry(database)?;
    let damage = store.damage()?.unwrap_or_default();
    if !damage.is_empty() {
        return Err(AuditError::Damaged(damage.join("; ")));
    }
    Ok(jobs::verify_chain(&store, mark.as_ref(), progress)?)
}

/// The checkpoint in a file, alone or as returned by `GET /v1/audit/checkpoint`.
fn mark(
    checkpoints: &CheckpointSettings,
    file: &Path,
    keys: Option<&Path>,
) -> Result<Mark, AuditError> {
    let text = text(file)?;
    let view: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let signed = view.as_ref().and_then(|view| view.get("jws")?.as_str());
    let jws = signed.unwrap_or_else(|| text.trim());
    let claims: Option<CheckpointClaims> = match (keys, &checkpoints.checkpoint_key) {
        (Some(keys), _) => read_by(jws, &self::text(keys)?),
        (None, Some(key)) => Seal::from_existing(key)?.read(jws),
        _ => return Err(AuditError::NoKey(", or --keys with the registry's public keys")),
    };
    let hash = |claims: &CheckpointClaims| hex::decode(&claims.hash).ok();
    let mark = claims.and_then(|it| Some(Mark { position: it.position, hash: hash(&it)? }));
    mark.ok_or_else(|| AuditError::NotSigned(file.display().to_string()))
}

/// Signs where the journal ends.
pub fn checkpoint(
    database: &DatabaseSettings,
    checkpoints: &CheckpointSettings,
    address: &AddressSettings,
) -> Result<String, AuditError> {
    let store = registry(database)?;
    let signer = load_signer(checkpoints)?;
    let (head, _) = store.end_of_journal()?;
    Ok(signer.sign(&head, &address.public_url(), Context::system().now())?.1)
}

/// The public key, as a JWK set or as PEM.
pub fn key(checkpoints: &CheckpointSettings, pem: bool) -> Result<String, AuditError> {
    let signer = load_signer(checkpoints)?;
    if pem {
        return Ok(signer.public_pem().trim_end().to_owned());
    }
    let keys = serde_json::to_string(&signer.keys());
    keys.map_err(|_| AuditError::Seal(SealError::Unusable))
}

fn load_signer(checkpoints: &CheckpointSettings) -> Result<Seal, AuditError> {
    let path: &PathBuf = checkpoints.checkpoint_key.as_ref().ok_or(AuditError::NoKey(""))?;
    // A key that is missing here is not created: it would be another one than the registry's.
    Ok(Seal::from_existing(path)?)
}

fn text(file: &Path) -> Result<String, AuditError> {
    let name = || file.display().to_string();
    std::fs::read_to_string(file).map_err(|error| AuditError::File(name(), error))
}
