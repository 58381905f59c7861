//! Binding: whether a database and an evidence store are of the same registry.
//!
//! Both hold the registry's id. If one of them has none, they are bound only if their contents prove that they
//! belong together; else an operator decides, with `godkjent evidence adopt`.

use std::{collections::BTreeSet, fmt};

use uuid::Uuid;

use super::{
    batch::blocking,
    error::EvidenceJobError,
    sweep::{last_sweep_fits, mark_of, rows_of, sweep_state},
};
use crate::{
    domain::values::{ids::FileId, time::Instant},
    store::Store,
    vault::Vault,
};

/// Common content of a database and a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// Rows in the journal.
    pub position: i64,
    /// Files of evidence that the database has rows of.
    pub rows: i64,
    /// Files in the store.
    pub files: usize,
    /// Those of them that the database has rows of.
    pub known: usize,
}

/// Why a database and a store do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindingMismatch {
    /// Both have an id, or only the store has one, and nothing proves that it is of this database.
    #[error(
        "the evidence store belongs to the registry {store}, and the database is {}",
        .database.map_or_else(|| "none that it knows".to_owned(), |id| format!("the registry {id}"))
    )]
    Foreign { store: Uuid, database: Option<Uuid>, holdings: Holdings },
    /// The store has files of which the database knows none.
    #[error("the evidence store has no registry id, and {} files that the database does not know", .0.files)]
    Unknown(Holdings),
    /// The database has rows, and the store nothing.
    #[error("the evidence store is empty, and the database has {} files of evidence in it", .0.rows)]
    Emptied(Holdings),
}

impl BindingMismatch {
    /// The probably wrong setting.
    #[must_use]
    pub fn advice(&self) -> Advice {
        Advice(match self {
            Self::Foreign { holdings, .. } | Self::Unknown(holdings) | Self::Emptied(holdings) => {
                *holdings
            }
        })
    }
}

/// The remedy for an operator.
#[derive(Debug, Clone, Copy)]
pub struct Advice(Holdings);

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Holdings { position, rows, files, known } = self.0;
        match (position, files, known) {
            (0, ..) => f.write_str(
                "The database is empty. Restore its backup, or correct GODKJENT_DATABASE_URL; or, for a new registry, set \
                 GODKJENT_EVIDENCE_STORE to a directory or prefix of its own.",
            )?,
            (_, 0, _) if rows > 0 => f.write_str(
                "Is the disk mounted? Correct GODKJENT_EVIDENCE_STORE, or put the files back.",
            )?,
            (_, _, 0) => write!(
                f,
                "The database knows none of the {files} files in the store. Correct GODKJENT_EVIDENCE_STORE or \
                 GODKJENT_DATABASE_URL."
            )?,
            _ => write!(
                f,
                "The database knows {known} of the {files} files in the store, so one of the two is probably a copy."
            )?,
        }
        f.write_str(
            "\nNothing was changed. If this store is to be this database's from now on: godkjent evidence adopt, \
             with the same settings.",
        )
    }
}

/// Relation of a database and a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Both have this id.
    Bound(Uuid),
    /// They belong together, and will both have this id; `None` if it is still to be created.
    Bindable(Option<Uuid>),
}

/// Compares a database and a store. Nothing is changed.
pub async fn compare(
    store: &Store,
    vault: &Vault,
    now: Instant,
) -> Result<Result<Fit, BindingMismatch>, EvidenceJobError> {
    // In this order: an instance that binds them now writes the database's id first.
    let owner = vault.owner().await?;
    let database = sweep_state(store).await?.registry;
    if let Some(registry) = database
        && owner == Some(registry)
    {
        return Ok(Ok(Fit::Bound(registry)));
    }
    let holdings = holdings(store, vault, now).await?;
    let related =
        holdings.position > 0 && (holdings.known > 0 || same_history(store, vault).await?);
    let misfit = match (database, owner) {
        (None, Some(_)) if related => None,
        (_, Some(owner)) => Some(BindingMismatch::Foreign { store: owner, database, holdings }),
        (_, None) if holdings.files > 0 => (!related).then_some(BindingMismatch::Unknown(holdings)),
        (_, None) => (holdings.rows > 0).then_some(BindingMismatch::Emptied(holdings)),
    };
    Ok(misfit.map_or(Ok(Fit::Bindable(database.or(owner))), Err))
}

/// Whether a database may have a store that does not exist yet: not if it has files in it.
pub async fn compare_missing(
    store: &Store,
) -> Result<Result<(), BindingMismatch>, EvidenceJobError> {
    let state = sweep_state(store).await?;
    let (position, rows) = (state.head.position, state.files);
    let holdings = Holdings { position, rows, files: 0, known: 0 };
    Ok(if rows > 0 { Err(BindingMismatch::Emptied(holdings)) } else { Ok(()) })
}

/// Compares a new database, which has no tables yet, and a store.
pub async fn compare_new(
    vault: &Vault,
    now: Instant,
) -> Result<Result<(), BindingMismatch>, EvidenceJobError> {
    let (owner, files) = (vault.owner().await?, stored(vault, now).await?.len());
    let holdings = Holdings { position: 0, rows: 0, files, known: 0 };
    Ok(match owner {
        Some(store) => Err(BindingMismatch::Foreign { store, database: None, holdings }),
        None if files > 0 => Err(BindingMismatch::Unknown(holdings)),
        None => Ok(()),
    })
}

/// Binds a database and a store to each other, unless they do not belong together.
pub async fn bind(
    store: &Store,
    vault: &Vault,
    new_id: Uuid,
    now: Instant,
) -> Result<Result<Uuid, BindingMismatch>, EvidenceJobError> {
    let id = match compare(store, vault, now).await? {
        Ok(Fit::Bound(registry)) => return Ok(Ok(registry)),
        Ok(Fit::Bindable(id)) => id.unwrap_or(new_id),
        Err(misfit) => return Ok(Err(misfit)),
    };
    let registry = give_id(store, id).await?;
    if vault.claim(registry).await? == registry {
        tracing::info!(%registry, "the database and the evidence store are bound to each other");
        return Ok(Ok(registry));
    }
    // An instance with another database was first.
    Ok(compare(store, vault, now).await?.map(|_| registry))
}

/// Result of an adoption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The registry that the store belongs to now.
    pub registry: Uuid,
    /// The registry that it belonged to.
    pub before: Option<Uuid>,
    /// Their common content.
    pub holdings: Holdings,
}

impl fmt::Display for Adopted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { registry, before, holdings: Holdings { rows, files, known, .. } } = self;
        write!(f, "The evidence store belongs to the registry {registry} now")?;
        match before {
            Some(before) if before != registry => writeln!(f, "; before, to {before}.")?,
            Some(_) => writeln!(f, ", as before.")?,
            None => writeln!(f, "; before, to none.")?,
        }
        let unknown = files - known;
        let has = if unknown == 1 { "has" } else { "have" };
        writeln!(
            f,
            "{unknown} of its files {has} no row in the database and will go to the trash."
        )?;
        let there = i64::try_from(*known).unwrap_or(i64::MAX);
        write!(f, "{} of the database's files are not in it.", rows - there.min(*rows))
    }
}

/// Makes a store this database's, whatever registry it belonged to.
pub async fn adopt(
    store: &Store,
    vault: &Vault,
    new_id: Uuid,
    now: Instant,
) -> Result<Adopted, EvidenceJobError> {
    let before = vault.owner().await?;
    let holdings = holdings(store, vault, now).await?;
    let registry = give_id(store, new_id).await?;
    vault.set_owner(registry).await?;
    vault.set_last_sweep(&mark_of(&sweep_state(store).await?.head)).await?;
    Ok(Adopted { registry, before, holdings })
}

async fn give_id(store: &Store, id: Uuid) -> Result<Uuid, EvidenceJobError> {
    let store = store.clone();
    Ok(blocking(move || store.give_registry_id(id)).await?)
}

pub(super) async fn holdings(
    store: &Store,
    vault: &Vault,
    now: Instant,
) -> Result<Holdings, EvidenceJobError> {
    let state = sweep_state(store).await?;
    let files = stored(vault, now).await?;
    let known = rows_of(store, &files).await?.len();
    let (position, rows) = (state.head.position, state.files);
    Ok(Holdings { position, rows, files: files.len(), known })
}

/// All files there are, however young.
async fn stored(vault: &Vault, now: Instant) -> Result<BTreeSet<FileId>, EvidenceJobError> {
    Ok(vault.stored_before(now + chrono::TimeDelta::days(365)).await?)
}

/// Whether the store was last swept by this database, or by an older copy of it.
async fn same_history(store: &Store, vault: &Vault) -> Result<bool, EvidenceJobError> {
    let Some(mark) = vault.last_sweep().await? else { return Ok(false) };
    Ok(mark.position > 0 && last_sweep_fits(store, &mark).await?.is_ok())
}
