//! Unused files: files without a case are removed after their time (`removedAfter`).

use chrono::TimeDelta;

use super::{
    batch::{BATCH, blocking},
    error::EvidenceJobError,
};
use crate::{
    commands::evidence,
    domain::values::ids::{FileId, Id},
    jobs::JobContext,
    store::Failure,
};

/// Removes unused files after their time, and returns their number. Their bytes then have no row, so the sweep
/// moves them to the trash. A file that is no longer attached gets a new time.
pub async fn remove_unused(
    jobs: &JobContext,
    unused: TimeDelta,
) -> Result<usize, EvidenceJobError> {
    let store = &jobs.store;
    let (now, limit) = (jobs.context.now(), i64::try_from(BATCH).unwrap_or(i64::MAX));
    let marker = store.clone();
    blocking(move || marker.set_evidence_removal(now + unused)).await?;
    let (mut removed, mut after): (_, FileId) = (0, Id::new(uuid::Uuid::nil()));
    loop {
        let reader = store.clone();
        let read = move || reader.read(|session| session.evidence_to_remove(now, after, limit));
        let files = blocking(read).await?;
        let Some(last) = files.last() else { return Ok(removed) };
        after = *last;
        for file in files {
            let writer = jobs.clone();
            let write = move || match writer.write(now, |tx| evidence::remove_unused(file, tx)) {
                Ok(()) => Ok(true),
                // A case attached it meanwhile, or another instance was first.
                Err(Failure::Refused(_)) => Ok(false),
                Err(Failure::Store(error)) => Err(error),
            };
            match blocking(write).await {
                Ok(done) => removed += usize::from(done),
                Err(error) if error.is_outage() => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(%file, %error, "an unused file of evidence cannot be removed");
                }
            }
        }
    }
}
