//! The evidence store beside the database: opening, binding and adoption.

use std::path::absolute;

use super::StartError;
use crate::{
    config::{DatabaseSettings, EvidenceStoreSettings, Settings},
    context::Context,
    jobs::evidence::{self, Adopted},
    store::{DatabaseLock, Store, StoreError},
    vault::{self, UploadLimits, Vault, scanner::Scanner},
};

/// Opens the evidence store and logs its address.
pub fn open(settings: &Settings) -> Result<Vault, vault::VaultError> {
    let Settings { database, evidence_store, evidence, .. } = settings;
    open_store(database, evidence_store, evidence.limits(), evidence.scanner.clone())
}

fn open_store(
    database: &DatabaseSettings,
    store: &EvidenceStoreSettings,
    limits: UploadLimits,
    scanner: Option<Scanner>,
) -> Result<Vault, vault::VaultError> {
    let address = store.address(database);
    let vault = Vault::open(&address, &store.s3(), limits, scanner)?;
    let place = vault::directory(&address).map(|path| absolute(&path).unwrap_or(path));
    let place = place.map_or(address, |path| path.display().to_string());
    tracing::info!(place, "evidence store");
    Ok(vault)
}

/// Refuses a store of evidence of another registry, before anything is written. A database whose tables are still to
/// be migrated is compared when it is bound. Call it on a thread that may wait.
pub fn check(
    settings: &Settings,
    store: Option<&Store>,
    context: &Context,
) -> Result<(), StartError> {
    let runtime = tokio::runtime::Handle::current();
    let is_outdated = |store: &Store| Ok::<_, StartError>(!store.migrations()?.pending.is_empty());
    if store.map(is_outdated).transpose()? == Some(true) {
        return Ok(());
    }
    // Opening creates a missing directory.
    let address = settings.evidence_store.address(&settings.database);
    if vault::directory(&address).is_some_and(|path| !path.exists()) {
        if let Some(store) = store {
            runtime.block_on(evidence::compare_missing(store))??;
        }
        return Ok(());
    }
    let vault =
        Vault::open(&address, &settings.evidence_store.s3(), UploadLimits::default(), None)?;
    match store {
        None => runtime.block_on(evidence::compare_new(&vault, context.now()))??,
        Some(store) => {
            runtime.block_on(evidence::compare(store, &vault, context.now()))??;
        }
    }
    Ok(())
}

/// Binds the database and the store of evidence to each other. Call it on a thread that may wait.
pub fn bind(store: &Store, vault: &Vault, context: &Context) -> Result<(), StartError> {
    let bound = evidence::bind(store, vault, context.row_id(), context.now());
    tokio::runtime::Handle::current().block_on(bound)??;
    Ok(())
}

/// Makes the store of evidence this database's, whatever registry it belonged to.
pub fn adopt(
    database: &DatabaseSettings,
    evidence_store: &EvidenceStoreSettings,
    context: &Context,
) -> Result<Adopted, StartError> {
    // A running registry keeps its present store; a database without a registry gets none.
    if Store::find(database.url(), 1)?.is_none() {
        return Err(StoreError::NoRegistry("the database has no registry".to_owned()).into());
    }
    let _lock = DatabaseLock::acquire(database.url())?;
    let store = Store::open(database.url(), 1)?;
    let vault = open_store(database, evidence_store, UploadLimits::default(), None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::Serve)?;
    Ok(runtime.block_on(evidence::adopt(&store, &vault, context.row_id(), context.now()))?)
}
