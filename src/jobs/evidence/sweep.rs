//! Sweep of the evidence store: files without a row go to the trash, and return if the row reappears.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    batch::{BATCH, blocking},
    error::{EvidenceJobError, Unsafe},
};
use crate::{
    domain::values::{ids::FileId, time::Instant},
    store::{self, Head, Store},
    vault::{Vault, identity::SweepMark},
};

/// Maximum age of bytes without a row: longer than any upload takes from its last byte to its row.
pub const GRACE: TimeDelta = TimeDelta::hours(1);

/// Result of a sweep, in numbers of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Deleted: interrupted uploads, and files rejected by the scanner.
    pub deleted: usize,
    /// Moved to the trash.
    pub trashed: usize,
    /// Put back from the trash.
    pub restored: usize,
    /// Deleted from the trash.
    pub purged: usize,
}

impl AddAssign for Swept {
    fn add_assign(&mut self, other: Self) {
        self.deleted += other.deleted;
        self.trashed += other.trashed;
        self.restored += other.restored;
        self.purged += other.purged;
    }
}

/// Moves files older than the grace period without a row to the trash, restores files whose row has reappeared,
/// and deletes files after 30 days in the trash.
pub async fn sweep(store: &Store, vault: &Vault, now: Instant) -> Result<Swept, EvidenceJobError> {
    let state = sweep_state(store).await?;
    if state.head.position == 0 {
        return Ok(Swept::default());
    }
    if state.registry.is_none() || state.registry != vault.owner().await? {
        return Err(Unsafe::Foreign.into());
    }
    if let Some(mark) = vault.last_sweep().await? {
        last_sweep_fits(store, &mark).await??;
    }
    let before = now - GRACE;
    let mut swept =
        Swept { deleted: vault.remove_partial_uploads(before).await?, ..Swept::default() };
    tidy_trash(store, vault, now, &mut swept).await?;
    let files = vault.stored_before(before).await?;
    let rows = rows_of(store, &files).await?;
    for id in files {
        match rows.get(&id) {
            Some(true) => {}
            // Rejected, and the process died before the bytes were deleted.
            Some(false) => {
                vault.remove(id).await?;
                swept.deleted += 1;
            }
            None => {
                vault.discard(id, now).await?;
                swept.trashed += 1;
            }
        }
    }
    vault.set_last_sweep(&mark_of(&state.head)).await?;
    Ok(swept)
}

async fn tidy_trash(
    store: &Store,
    vault: &Vault,
    now: Instant,
    swept: &mut Swept,
) -> Result<(), EvidenceJobError> {
    let trash = vault.trash().await?;
    let rows = rows_of(store, &trash.iter().map(|it| it.id).collect()).await?;
    for trashed in trash {
        if rows.get(&trashed.id) == Some(&true) {
            swept.restored += usize::from(vault.restore(trashed.id).await?);
        } else if trashed.may_be_deleted(now) {
            vault.delete_trashed(&trashed).await?;
            swept.purged += 1;
        }
    }
    Ok(())
}

/// Which of the files have a row, and whether it needs their bytes.
pub(super) async fn rows_of(
    store: &Store,
    files: &BTreeSet<FileId>,
) -> Result<BTreeMap<FileId, bool>, EvidenceJobError> {
    let (files, mut rows): (Vec<_>, _) = (files.iter().copied().collect(), BTreeMap::new());
    for some in files.chunks(BATCH) {
        let (store, ids) = (store.clone(), some.to_vec());
        rows.extend(blocking(move || store.read(|session| session.evidence_rows(&ids))).await?);
    }
    Ok(rows)
}

/// Progress of a database.
pub(super) struct SweepState {
    pub(super) registry: Option<Uuid>,
    pub(super) head: Head,
    /// How many files of evidence it has rows of.
    pub(super) files: i64,
}

pub(super) async fn sweep_state(store: &Store) -> Result<SweepState, EvidenceJobError> {
    let store = store.clone();
    let read = move || {
        store.read(|session| {
            let (registry, head) = (session.registry_id()?, session.journal_head()?);
            Ok::<_, store::StoreError>(SweepState {
                registry,
                head,
                files: session.evidence_count()?,
            })
        })
    };
    Ok(blocking(read).await?)
}

pub(super) fn mark_of(head: &Head) -> SweepMark {
    SweepMark { position: head.position, hash: hex::encode(&head.hash) }
}

/// Whether the database continues from its state at the last sweep.
pub async fn last_sweep_fits(
    store: &Store,
    mark: &SweepMark,
) -> Result<Result<(), Unsafe>, EvidenceJobError> {
    let (store, position) = (store.clone(), mark.position);
    let read = move || {
        store.read(|session| {
            Ok::<_, store::StoreError>((session.journal_head()?, session.journal_hash(position)?))
        })
    };
    let (head, hash) = blocking(read).await?;
    Ok(match hash {
        _ if position == 0 => Ok(()),
        None => Err(Unsafe::Older { head: head.position, swept: position }),
        Some(hash) if hex::encode(&hash) == mark.hash => Ok(()),
        Some(_) => Err(Unsafe::Diverged(position)),
    })
}
