//! Trusted issuers, read from one file; combinations that cannot work stop the start.

mod config;

use std::path::Path;

use self::config::IssuerConfig;
use super::{
    fetch::{self, JwksClient},
    issuer::Issuer,
    keys::{Keys, Measured},
    person_key::PersonKey,
};

/// Why the issuers cannot be trusted as they are written.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file cannot be read.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The file is invalid.
    #[error("{0}: {1}")]
    Form(String, String),
    /// Something about an issuer cannot work.
    #[error("the issuer ‘{0}’: {1}")]
    Unusable(String, String),
}

/// The issuers that are trusted.
#[derive(Debug, Default, Clone)]
pub struct Trusted {
    pub(super) issuers: Vec<Issuer>,
    pub(super) measured: Measured,
}

impl Trusted {
    /// Reads the issuers from a file, with the secret for keys of persons.
    pub fn from_file(issuers: &Path, key: Option<&PersonKey>) -> Result<Self, TrustError> {
        let name = issuers.display().to_string();
        let text = std::fs::read(issuers).map_err(|error| TrustError::File(name.clone(), error))?;
        Self::parse(&name, &text, key)
    }

    /// Reads the issuers from JSON that has a name.
    pub fn parse(name: &str, text: &[u8], key: Option<&PersonKey>) -> Result<Self, TrustError> {
        let mut json = serde_json::Deserializer::from_slice(text);
        let value: Vec<IssuerConfig> = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| TrustError::Form(name.to_owned(), error.to_string()))?;
        let (agent, measured) = (fetch::agent(), Measured::default());
        let mut issuers: Vec<Issuer> = vec![];
        for value in value {
            let issuer = value.issuer.clone();
            let wrong = |sentence| TrustError::Unusable(issuer.clone(), sentence);
            if issuers.iter().any(|other| other.name == issuer) {
                return Err(wrong("it is listed twice: merge the two.".to_owned()));
            }
            let metadata = value.metadata();
            let (name, keys) = (issuer.clone(), value.keys.clone());
            let door = JwksClient { issuer: name, metadata, keys, agent: agent.clone() };
            let keys = Keys::new(door, measured.clone());
            issuers.push(value.read(key, keys).map_err(wrong)?);
        }
        Ok(Self { issuers, measured })
    }
}
