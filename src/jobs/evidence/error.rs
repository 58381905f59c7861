//! Why maintenance of files of evidence fails.

use crate::{store, vault};

/// Error of the maintenance.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceJobError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The vault or the scanner failed.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// A sweep could delete files of another database.
    #[error("nothing was swept: {0}")]
    Unsafe(#[from] Unsafe),
}

/// Reason why a sweep could delete files of another database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsafe {
    /// The ids differ, or one is missing.
    #[error("the evidence store is not this registry's")]
    Foreign,
    /// The database ends before the last sweep.
    #[error(
        "the database is older than the evidence store: its journal ends at {head}, and the store was swept at {swept}"
    )]
    Older { head: i64, swept: i64 },
    /// The row of the last sweep is another one.
    #[error(
        "the database has another history than the one that the evidence store was swept by: its row {0} differs"
    )]
    Diverged(i64),
}
