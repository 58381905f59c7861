//! Dokumentasjonsfiler over tid: files without a row go to the trash, and what waits for the scanner is
//! scanned.

mod binding;
mod sweep;
mod unused;

pub use binding::{Adopted, Fit, Holdings, Misfit, adopt, bind, compare};
pub use sweep::{GRACE, Swept, Unsafe, last_sweep_fits, sweep};
pub use unused::remove_unused;

use tokio::task::spawn_blocking;

use super::due::stamp;
use crate::{
    context::Context,
    domain::{
        Change,
        evidence::{File, State},
        ids::{FileId, Id},
        refusal::Refusal,
        text::Line,
        time::Instant,
    },
    store::{Consequence, Done, Failure, Session, Store},
    vault::{self, Vault},
};

/// How many files are looked up or scanned at a time.
const BATCH: usize = 200;
/// How many files in a row the scanner may fail on before it counts as away.
const PATIENCE: usize = 3;

/// Why the files could not be kept in order.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The vault or the scanner failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// A sweep could delete what another database needs.
    #[error("nothing was swept: {0}")]
    Unsafe(#[from] Unsafe),
}

/// Has the scanner look at what waits for it, and says how many files that were.
///
/// # Errors
/// The scanner, the vault or the database fails; what waits goes on waiting.
pub async fn scan(store: &Store, vault: &Vault, context: &Context) -> Result<usize, Error> {
    let Some(scanner) = &vault.scanner else { return Ok(0) };
    let (mut done, mut after): (usize, FileId) = (0, Id::new(uuid::Uuid::nil()));
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut failed: Vec<vault::Error> = vec![];
    loop {
        let reader = store.clone();
        let read = move || reader.read(|session| session.evidence_to_scan(after, limit));
        let waiting = blocking(read).await?;
        let Some(last) = waiting.last() else {
            return failed.pop().map_or(Ok(done), |error| Err(error.into()));
        };
        after = last.id;
        for file in waiting {
            let bytes = match vault.read(file.id).await {
                Ok(bytes) => bytes,
                // One that was lost must not hold up the others.
                Err(error @ vault::Error::Missing(_)) => {
                    tracing::error!(%error, "a file of evidence has no bytes");
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let found = match scanner.look(bytes).await {
                Ok(found) => found,
                // One that the scanner cannot take must not either; a scanner that is away may.
                Err(error) if failed.len() < PATIENCE => {
                    failed.push(error);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            failed.truncate(1);
            let harmful = found.is_some();
            let (writer, stamp, id) = (store.clone(), stamp(context, context.now())?, file.id);
            let context = context.clone();
            let write = move || {
                let done = writer.write(&stamp, |session| {
                    let file = session.evidence_file(id)?.ok_or_else(gone)?;
                    spoken(session, &context, file, found, stamp.at)
                });
                match done {
                    Ok(()) => Ok(true),
                    // Another instance was first.
                    Err(Failure::Refused(_)) => Ok(false),
                    Err(Failure::Store(error)) => Err(error),
                }
            };
            if blocking(write).await? {
                done += 1;
                if harmful {
                    // The row says so already: should this fail, the sweeper makes up for it.
                    vault.remove(id).await?;
                }
            }
        }
    }
}

fn spoken(
    session: &mut Session<'_>,
    context: &Context,
    file: File,
    found: Option<Line>,
    now: Instant,
) -> Result<Done<()>, Failure> {
    let from = file.revision;
    let Change { value, event } = file.scanned(found, now).ok_or_else(gone)?;
    session.keep_evidence_file(&value, Some(from))?;
    let mut also = vec![];
    if matches!(value.state, State::Rejected(..)) {
        for case in session.cases_shown(value.id)? {
            let application = session.application(case)?.ok_or_else(gone)?;
            let from = application.revision;
            if let Some(Change { value, event }) = application.found_harmful(value.id) {
                session.keep_application(&value, Some(from))?;
                also.push(Consequence { id: context.row_id(), event, public: None });
            }
        }
    }
    Ok(Done { event, public: None, also, answer: () })
}

fn gone() -> Refusal {
    Refusal::not_found("evidence")
}

/// The database is waited for on a thread of its own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, crate::store::Error> + Send + 'static,
) -> Result<T, crate::store::Error> {
    let broken = |error: tokio::task::JoinError| crate::store::Error::Database(error.to_string());
    spawn_blocking(work).await.map_err(broken)?
}
