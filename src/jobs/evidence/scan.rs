//! Scan of files of evidence for viruses.

use super::{
    batch::{BATCH, blocking},
    error::EvidenceJobError,
};
use crate::{
    commands::evidence,
    domain::values::{
        ids::{FileId, Id},
        text::Line,
        time::Instant,
    },
    jobs::JobContext,
    store::{self, Failure, FileToScan, Store},
    vault::{self, Vault, scanner::Scanner},
};

/// On how many files in a row the store or the scanner may fail before a round ends.
const MOST_IN_A_ROW: usize = 3;

/// Scans waiting files, and returns their number. A failing file is set aside, and the others continue.
pub async fn scan(jobs: &JobContext, vault: &Vault) -> Result<usize, EvidenceJobError> {
    let JobContext { store, context, .. } = jobs;
    let Some(scanner) = &vault.scanner else { return Ok(0) };
    let (mut done, mut after): (usize, FileId) = (0, Id::new(uuid::Uuid::nil()));
    let (now, limit) = (context.now(), i64::try_from(BATCH).unwrap_or(i64::MAX));
    let mut in_a_row = 0;
    loop {
        let reader = store.clone();
        let read = move || reader.read(|session| session.evidence_to_scan(now, after, limit));
        let waiting = blocking(read).await?;
        let Some(last) = waiting.last() else { return Ok(done) };
        after = last.id;
        for file in waiting {
            match scan_file(jobs, vault, scanner, file, now).await? {
                FileScan::Done => (done, in_a_row) = (done + 1, 0),
                FileScan::Left => in_a_row = 0,
                // Missing bytes do not mean that the store fails.
                FileScan::Unreadable(vault::VaultError::Missing(_)) => {}
                FileScan::Unreadable(_) if in_a_row + 1 < MOST_IN_A_ROW => in_a_row += 1,
                FileScan::Unreadable(error) => return Err(error.into()),
            }
        }
    }
}

/// The end of the scan of one file.
enum FileScan {
    /// The verdict is saved.
    Done,
    /// Another instance was first, or the verdict could not be saved and the file is set aside.
    Left,
    /// The bytes could not be read or scanned, and the file is set aside.
    Unreadable(vault::VaultError),
}

async fn scan_file(
    jobs: &JobContext,
    vault: &Vault,
    scanner: &Scanner,
    file: FileToScan,
    now: Instant,
) -> Result<FileScan, EvidenceJobError> {
    let store = &jobs.store;
    let found = match look(vault, scanner, file.id).await {
        Ok(found) => found,
        Err(error @ vault::VaultError::NoScanner(_)) => return Err(error.into()),
        Err(error) => {
            set_aside(store, file, error.to_string(), now).await?;
            return Ok(FileScan::Unreadable(error));
        }
    };
    let is_harmful = found.is_some();
    match save_verdict(jobs, file.id, found).await {
        Ok(true) => {}
        Ok(false) => return Ok(FileScan::Left),
        Err(error) if error.is_outage() => return Err(error.into()),
        Err(error) => {
            set_aside(store, file, error.to_string(), now).await?;
            return Ok(FileScan::Left);
        }
    }
    if is_harmful && let Err(error) = vault.remove(file.id).await {
        // The row says that it is rejected.
        tracing::warn!(%error, "harmful bytes are left to the sweep");
    }
    Ok(FileScan::Done)
}

async fn look(
    vault: &Vault,
    scanner: &Scanner,
    id: FileId,
) -> Result<Option<Line>, vault::VaultError> {
    scanner.look(vault.read(id).await?).await
}

/// Saves the scanner verdict, unless another instance has saved one.
async fn save_verdict(
    jobs: &JobContext,
    id: FileId,
    found: Option<Line>,
) -> Result<bool, store::StoreError> {
    let jobs = jobs.clone();
    let write = move || {
        let now = jobs.context.now();
        match jobs.write(now, |tx| evidence::record_scan(id, found, tx)) {
            Ok(()) => Ok(true),
            Err(Failure::Refused(_)) => Ok(false),
            Err(Failure::Store(error)) => Err(error),
        }
    };
    blocking(write).await
}

/// Sets a file aside. Only its first failure is logged.
async fn set_aside(
    store: &Store,
    file: FileToScan,
    error: String,
    now: Instant,
) -> Result<(), store::StoreError> {
    let store = store.clone();
    let write = move || {
        let noted = store.set_scan_aside(file, &error, now)?;
        if noted && file.attempts == 0 {
            tracing::warn!(file = %file.id, %error, "a file of evidence is set aside");
        }
        Ok(())
    };
    blocking(write).await
}
