//! The secret with which national identity numbers become keys of persons.

use std::{path::Path, sync::Arc};

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// The secret with which national identity numbers become keys of persons.
#[derive(Clone)]
pub struct PersonKey(Arc<hmac::Key>);

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey(***)")
    }
}

/// A person key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PersonKeyError {
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0}: put 32 bytes or more of chance there, such as by `openssl rand -base64 48`")]
    Short(String),
}

impl PersonKey {
    /// The secret in a file.
    pub fn from_file(path: &Path) -> Result<Self, PersonKeyError> {
        let name = path.display().to_string();
        let secret =
            std::fs::read(path).map_err(|error| PersonKeyError::File(name.clone(), error))?;
        Self::new(secret.trim_ascii()).ok_or(PersonKeyError::Short(name))
    }

    /// The secret; none where it is shorter than 32 bytes.
    #[must_use]
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= 32).then(|| Self(Arc::new(hmac::Key::new(HMAC_SHA256, secret))))
    }

    /// A key of a person that does not reveal the national identity number.
    pub(super) fn of(&self, pid: &str) -> String {
        let tag = hmac::sign(&self.0, pid.as_bytes());
        let short = tag.as_ref().get(..16).unwrap_or_default();
        format!("person:{}", BASE64_URL_SAFE_NO_PAD.encode(short))
    }
}
