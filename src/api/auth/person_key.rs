//! The secret with which national identity numbers become keys of persons.

use std::sync::Arc;

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

impl PersonKey {
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
