//! Dokumentasjonsfiler over tid: files without a row go to the trash, and what waits for the scanner is
//! scanned.

mod binding;
mod sweep;
mod unused;

pub use binding::{Adopted, BindingMismatch, Fit, Holdings, adopt, bind, compare};
pub use sweep::{GRACE, Swept, Unsafe, last_sweep_fits, sweep};
pub use unused::remove_unused;

use tokio::task::spawn_blocking;

use super::due::metadata;
use crate::{
    context::Context,
    domain::{
        Change,
        error::DomainError,
        evidence::{EvidenceState, ProviderFile},
        values::{
            ids::{FileId, Id},
            text::Line,
            time::Instant,
        },
    },
    store::{self, Done, Failure, FileToScan, RelatedChange, Session, Store},
    vault::{self, Vault, scanner::Scanner},
};

/// How many files are looked up or scanned at a time.
const BATCH: usize = 200;
/// On how many files in a row the store or the scanner may fail before a round ends.
const MOST_IN_A_ROW: usize = 3;

/// Why the files could not be kept in order.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceJobError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The vault or the scanner failed.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// A sweep could delete what another database needs.
    #[error("nothing was swept: {0}")]
    Unsafe(#[from] Unsafe),
}

/// Has the scanner look at what waits for it, and says how many files that were. A file that fails is set aside, and
/// the rest goes on.
pub async fn scan(
    store: &Store,
    vault: &Vault,
    context: &Context,
) -> Result<usize, EvidenceJobError> {
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
            let found = match look(vault, scanner, file.id).await {
                Ok(found) => found,
                Err(error @ vault::VaultError::NoScanner(_)) => return Err(error.into()),
                Err(error) => {
                    set_aside(store, file, error.to_string(), now).await?;
                    // Missing bytes do not mean that the store fails.
                    in_a_row += usize::from(!matches!(error, vault::VaultError::Missing(_)));
                    if in_a_row == MOST_IN_A_ROW {
                        return Err(error.into());
                    }
                    continue;
                }
            };
            in_a_row = 0;
            let harmful = found.is_some();
            match save_verdict(store, context, file.id, found).await {
                Ok(true) => done += 1,
                // Another instance was first.
                Ok(false) => continue,
                Err(error) if error.is_outage() => return Err(error.into()),
                Err(error) => {
                    set_aside(store, file, error.to_string(), now).await?;
                    continue;
                }
            }
            if harmful && let Err(error) = vault.remove(file.id).await {
                // The row says that it is rejected.
                tracing::warn!(%error, "harmful bytes are left to the sweep");
            }
        }
    }
}

async fn look(
    vault: &Vault,
    scanner: &Scanner,
    id: FileId,
) -> Result<Option<Line>, vault::VaultError> {
    scanner.look(vault.read(id).await?).await
}

/// Keeps what the scanner found, unless another instance has kept it.
async fn save_verdict(
    store: &Store,
    context: &Context,
    id: FileId,
    found: Option<Line>,
) -> Result<bool, store::StoreError> {
    let (store, context) = (store.clone(), context.clone());
    let metadata = metadata(&context, context.now())?;
    let write = move || {
        let done = store.write(&metadata, |session| {
            session.lock_cases_shown(id)?;
            let file = session.evidence_file(id)?.ok_or_else(gone)?;
            spoken(session, &context, file, found, metadata.at)
        });
        match done {
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

fn spoken(
    session: &mut Session<'_>,
    context: &Context,
    file: ProviderFile,
    found: Option<Line>,
    now: Instant,
) -> Result<Done<()>, Failure> {
    let from = file.revision;
    let Change { value, event } = file.scanned(found, now).ok_or_else(gone)?;
    session.save_evidence_file(&value, Some(from))?;
    let mut related = vec![];
    if matches!(value.state, EvidenceState::Rejected(..)) {
        for case in session.cases_shown(value.id)? {
            let application = session.application(case)?.ok_or_else(gone)?;
            let from = application.revision;
            if let Some(Change { value, event }) = application.found_harmful(value.id) {
                session.save_application(&value, Some(from))?;
                related.push(RelatedChange { id: context.row_id(), event, public: None });
            }
        }
    }
    Ok(Done { event, public: None, related, answer: () })
}

fn gone() -> DomainError {
    DomainError::not_found("evidence")
}

/// The database is waited for on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, store::StoreError> + Send + 'static,
) -> Result<T, store::StoreError> {
    let broken = |error: tokio::task::JoinError| store::StoreError::Database(error.to_string());
    spawn_blocking(work).await.map_err(broken)?
}
