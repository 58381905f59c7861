//! Database calls of maintenance.

use tokio::task::spawn_blocking;

use crate::store;

/// How many files are looked up or scanned at a time.
pub(super) const BATCH: usize = 200;

/// Database calls run on their own thread.
pub(in crate::jobs) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, store::StoreError> + Send + 'static,
) -> Result<T, store::StoreError> {
    let broken = |error: tokio::task::JoinError| store::StoreError::Database(error.to_string());
    spawn_blocking(work).await.map_err(broken)?
}
