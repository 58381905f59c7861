//! `serve --demo --fresh`: removes the demo of an earlier start, and no other data.

use super::{StartError, evidence};
use crate::{
    config::Settings, context::Context, demo, jobs::evidence::remove_all, store::Store, vault,
};

/// Whether a start has the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoMode {
    /// No demo.
    Off,
    /// The demo, of an earlier start if there is one.
    On,
    /// A new demo.
    Fresh,
}

impl DemoMode {
    /// The mode of two flags.
    #[must_use]
    pub const fn of(demo: bool, fresh: bool) -> Self {
        match (demo, fresh) {
            (false, _) => Self::Off,
            (true, false) => Self::On,
            (true, true) => Self::Fresh,
        }
    }

    /// Whether there is a demo.
    #[must_use]
    pub const fn is_on(self) -> bool {
        !matches!(self, Self::Off)
    }
}

/// Removes the evidence and the tables of an earlier demo, where there is one. The evidence goes first, so that
/// an interrupted removal can be repeated. Call it with the lock of the database, on a thread that may wait.
pub(super) fn remove_demo(settings: &Settings, context: &Context) -> Result<(), StartError> {
    if settings.tokens.issuers.is_some() {
        return Err(StartError::FreshWithIssuers);
    }
    let Some(store) = Store::find(settings.database.url(), 1)? else { return Ok(()) };
    if store.end_of_journal()?.0.position == 0 {
        return Ok(());
    }
    refuse_other_data(&store)?;
    let address = settings.evidence_store.address(&settings.database);
    // Opening would create a missing directory.
    let is_missing = vault::directory(&address).is_some_and(|path| !path.exists());
    if !is_missing {
        let vault = evidence::open(settings)?;
        let removed = remove_all(&store, &vault, context.now());
        let files = tokio::runtime::Handle::current().block_on(removed)??;
        tracing::info!(files, "the evidence of the demo was removed");
    }
    store.remove_tables(
        |session| {
            if demo::is_demo(session)? { Ok(()) } else { Err(StartError::NotDemo) }
        },
    )?;
    tracing::info!("the tables of the demo were removed");
    Ok(())
}

/// Refuses a registry with data of its own: the key of the demo gives every role.
pub(super) fn refuse_other_data(store: &Store) -> Result<(), StartError> {
    let is_demo = store.end_of_journal()?.0.position == 0 || store.read(demo::is_demo)?;
    if is_demo { Ok(()) } else { Err(StartError::NotDemo) }
}
