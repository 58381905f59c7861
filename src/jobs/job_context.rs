//! What jobs run use cases with.

use std::sync::Arc;

use crate::{
    catalogue::Catalogue,
    commands::{Environment, Tx},
    context::Context,
    domain::{
        role::Actor,
        values::{text::Line, time::Instant},
    },
    store::{CommandMetadata, CommandOutcome, Store, StoreError},
};

/// The name of the registry in the journal, where it acts by itself.
const REGISTRY: &str = "registry";

/// The database, the clock, ids and catalogues.
#[derive(Debug, Clone)]
pub struct JobContext {
    /// The database.
    pub store: Store,
    /// The source of time and ids.
    pub context: Context,
    /// Services, criteria and grounds.
    pub catalogue: Arc<Catalogue>,
}

impl JobContext {
    /// Runs a use case in a transaction of its own, on behalf of the registry.
    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        now: Instant,
        run: impl FnOnce(&mut Tx) -> Result<CommandOutcome<T>, E>,
    ) -> Result<T, E> {
        let Self { store, context, catalogue } = self;
        let metadata = metadata(context, now)?;
        store.write_if_changed(&metadata, |session| {
            let environment = Environment::without_files(context, catalogue);
            run(&mut Tx::new(session, environment, now))
        })
    }
}

fn metadata(context: &Context, now: Instant) -> Result<CommandMetadata, StoreError> {
    let name = Line::parse(REGISTRY).map_err(|error| StoreError::Database(error.to_string()))?;
    Ok(CommandMetadata {
        id: context.row_id(),
        at: now,
        actor: Actor { subject: name.clone(), name },
        role: REGISTRY,
        organisation: REGISTRY.to_owned(),
        request_id: REGISTRY.to_owned(),
    })
}
