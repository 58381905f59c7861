//! Migrations of the tables.

use super::{
    error::{StoreError, failed},
    pool::{Kind, Pool},
    queries::DbConnection,
    transaction::{begin, begin_immediate, transact, transaction, undone},
};
use diesel::{
    backend::Backend,
    connection::SimpleConnection,
    migration::{MigrationSource, MigrationVersion},
    r2d2::ManageConnection,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Several instances may migrate at once: one takes this advisory lock ("godkjent"), the others
/// wait without a limit and then find nothing left to do.
const POSTGRES_MIGRATION_LOCK: &str = "SET LOCAL lock_timeout = 0; \
    SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(x'676f646b6a656e74'::bigint);";

/// State of the migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// Those of this program that were not run.
    pub pending: Vec<String>,
    /// Those that were run and that this program does not know: a newer one was here.
    pub unknown: Vec<String>,
}

impl Pool {
    /// Runs pending migrations, all or none; returns their names. Several processes may call this at once.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        match &self.0 {
            Kind::Sqlite(writer, _) => {
                transaction(&writer.pool, StoreError::Uncertain, begin_immediate, |c| {
                    run_pending(c, SQLITE_MIGRATIONS)
                })
            }
            Kind::Postgres(_, manager) => {
                let mut c = manager.connect().map_err(failed)?;
                transact(&mut c, StoreError::Uncertain, begin, |c| {
                    c.batch_execute(POSTGRES_MIGRATION_LOCK)?;
                    run_pending(c, POSTGRES_MIGRATIONS)
                })
            }
        }
    }

    /// Removes all tables with their content if `may` permits it, all or none.
    pub(crate) fn remove_tables<E: From<StoreError>>(
        &self,
        may: impl FnOnce(&mut DbConnection<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.0 {
            Kind::Sqlite(writer, _) => {
                transaction(&writer.pool, StoreError::Uncertain, begin_immediate, |c| {
                    may(&mut DbConnection::Sqlite(c))?;
                    revert(c, SQLITE_MIGRATIONS).map_err(E::from)
                })
            }
            Kind::Postgres(_, manager) => {
                let mut c = manager.connect().map_err(failed)?;
                transact(&mut c, StoreError::Uncertain, begin, |c| {
                    c.batch_execute(POSTGRES_MIGRATION_LOCK).map_err(StoreError::from)?;
                    may(&mut DbConnection::Postgres(c))?;
                    revert(c, POSTGRES_MIGRATIONS).map_err(E::from)
                })
            }
        }
    }

    /// Which migrations were run. (Asking would make diesel's own table: that is taken back.)
    pub(crate) fn migrations(&self) -> Result<Migrations, StoreError> {
        match &self.0 {
            Kind::Sqlite(writer, _) => {
                undone(&writer.pool, begin_immediate, |c| state_of(c, &SQLITE_MIGRATIONS))
            }
            Kind::Postgres(pool, _) => undone(pool, begin, |c| state_of(c, &POSTGRES_MIGRATIONS)),
        }
    }
}

fn run_pending<DB: Backend, C: MigrationHarness<DB>>(
    c: &mut C,
    source: EmbeddedMigrations,
) -> Result<Vec<String>, StoreError>
where
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let unknown = state_of(c, &source)?.unknown;
    if !unknown.is_empty() {
        return Err(StoreError::Newer(unknown.join(", ")));
    }
    let pending = c.pending_migrations(source).map_err(failed)?;
    let mut names = Vec::new();
    for migration in &pending {
        let name = migration.name().to_string();
        c.run_migration(migration).map_err(|e| failed(format!("{name}: {e}")))?;
        names.push(name);
    }
    Ok(names)
}

fn revert<DB: Backend, C: MigrationHarness<DB>>(
    c: &mut C,
    source: EmbeddedMigrations,
) -> Result<(), StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    c.revert_all_migrations(source).map(drop).map_err(failed)
}

fn state_of<DB: Backend, C: MigrationHarness<DB>>(
    c: &mut C,
    source: &EmbeddedMigrations,
) -> Result<Migrations, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known = source.migrations().map_err(failed)?;
    let applied = c.applied_migrations().map_err(failed)?;
    let pending = known.iter().filter(|it| !applied.contains(&it.name().version()));
    let is_known =
        |version: &MigrationVersion<'_>| known.iter().any(|it| it.name().version() == *version);
    Ok(Migrations {
        pending: pending.map(|it| it.name().to_string()).collect(),
        unknown: applied.iter().filter(|it| !is_known(it)).map(ToString::to_string).collect(),
    })
}

/// The numbers of all migrations; they are the same for both databases.
pub(crate) fn known_migrations() -> Result<Vec<String>, StoreError> {
    let known = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE_MIGRATIONS);
    let known = known.map_err(failed)?;
    Ok(known.iter().map(|migration| migration.name().version().to_string()).collect())
}
