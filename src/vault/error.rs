//! Errors of the vault.

use crate::domain::{message::MessageKey, values::ids::FileId};

/// Error of the vault.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The disk or the quota is full.
    #[error("the evidence store is full")]
    Full,
    /// There is nothing under that id.
    #[error("the evidence store has nothing under {0}")]
    Missing(FileId),
    /// The scanner cannot be reached.
    #[error("the scanner: {0}")]
    NoScanner(String),
    /// Any other failure, with the store's own words.
    #[error("the evidence store: {0}")]
    Unavailable(String),
}

impl From<object_store::Error> for VaultError {
    fn from(error: object_store::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            let io = inner.downcast_ref::<std::io::Error>();
            if io.is_some_and(|io| [StorageFull, QuotaExceeded, FileTooLarge].contains(&io.kind()))
            {
                return Self::Full;
            }
            cause = inner.source();
        }
        Self::Unavailable(error.to_string())
    }
}

/// Why bytes were not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// More than a file may have.
    #[error("more than {0} bytes")]
    TooLarge(u64),
    /// The type is not on the list; the reason.
    #[error("{0}")]
    NotAllowed(MessageKey),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] VaultError),
}
