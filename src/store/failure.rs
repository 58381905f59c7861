//! Why a write fails.

use diesel::QueryResult;

use super::connection::StoreError;
use crate::{domain::error::DomainError, words::english};

/// Error of a write: a domain error, or a failing database. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A domain error.
    #[error("refused: {}", english(&.0.detail))]
    Refused(DomainError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DomainError> for Failure {
    fn from(refusal: DomainError) -> Self {
        Self::Refused(refusal)
    }
}

/// Checks an insertion or an update: exactly one row, else another change came first.
pub(crate) fn expect_one_row(changed: QueryResult<usize>) -> Result<(), Failure> {
    match changed.map_err(StoreError::from) {
        Ok(1) => Ok(()),
        Ok(_) | Err(StoreError::Conflict(_)) => Err(DomainError::stale().into()),
        Err(error) => Err(error.into()),
    }
}
