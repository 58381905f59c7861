//! Connections, transactions and migrations for both databases.
//!
//! Everything here waits for the database on the calling thread. Call it from blocking threads
//! only (`web::block`, plain threads, `main` before the server starts): on a thread that drives
//! an async runtime the PostgreSQL driver panics.

use super::{
    access::AccessRows,
    agenda::AgendaRows,
    appeal::AppealRows,
    application::ApplicationRows,
    approval::ApprovalRows,
    compensation::CompensationRows,
    decision::DecisionRows,
    evidence::{EvidenceRows, scans::ScanRows},
    follow_up::FollowUpRows,
    health::MigrationRows,
    idempotency::AnswerRows,
    identity::IdentityRows,
    journal_rows::JournalRows,
    late_access::LateAccessRows,
    locks::LockRows,
    municipality::MunicipalityRows,
    offering::OfferingRows,
    provider::ProviderRows,
    rebuild::RebuildRows,
    serials::SerialRows,
    set_aside::SetAsideRows,
    sqlite_path,
};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ConnectionManager, CustomizeConnection, ManageConnection, PooledConnection};
use diesel::result::QueryResult;
use diesel::{Connection, backend::Backend};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use error::{failed, not_kept};
use group_commit::Writer;
use postgres::{ConnectionRuntime, Limit, PgConnection, PostgresManager};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

mod append;
mod error;
mod group_commit;
pub(crate) mod health;
mod postgres;
#[cfg(test)]
mod tests;

pub use error::StoreError;

/// A connection to SQLite.
pub(crate) type Lite = diesel::SqliteConnection;
/// A connection to PostgreSQL: pure Rust, made blocking by its wrapper.
pub(crate) type Pg = AsyncConnectionWrapper<PgConnection, ConnectionRuntime>;

/// PostgreSQL's transactions that write, and those that read as of one moment.
const BEGIN: &str = "BEGIN";
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How long a caller waits for a free connection or a lock before it gets [`StoreError::Busy`].
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

/// `synchronous=FULL`: a committed decision survives a power failure. `recursive_triggers` makes `REPLACE` fire
/// the triggers that forbid deletion.
const SQLITE_SESSION: &str = "PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; \
    PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-16000;";

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Several instances may migrate at once: one takes this advisory lock ("godkjent"), the others
/// wait without a limit and then find nothing left to do.
const POSTGRES_MIGRATION_LOCK: &str = "SET LOCAL lock_timeout = 0; \
    SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(x'676f646b6a656e74'::bigint);";

/// Writes each query once for both databases.
///
/// Takes a trait of data-access functions with bodies, and generates the trait and its implementation for
/// [`Lite`] and for [`Pg`]. The first argument, a bare name, is the connection: in the body it has its concrete
/// type, so all of diesel that both databases support can be used. An error in a body is reported twice, once
/// for each database.
///
/// Only leaf queries belong here, one macro call per aggregate; combinations are ordinary code on `&mut dyn`
/// [`Repo`]. Add each new trait to [`Repo`].
macro_rules! repository {
    ($(#[$about:meta])* pub(crate) trait $trait:ident { $(
        $(#[$doc:meta])*
        fn $name:ident($c:ident $(, $arg:ident : $type:ty)* $(,)?) -> $result:ty $body:block
    )* }) => {
        $(#[$about])*
        pub(crate) trait $trait {
            $( $(#[$doc])* fn $name(&mut self $(, $arg: $type)*) -> $result; )*
        }
        impl $trait for $crate::store::connection::Lite {
            $( fn $name(&mut self $(, $arg: $type)*) -> $result { let $c = self; $body } )*
        }
        impl $trait for $crate::store::connection::Pg {
            $( fn $name(&mut self $(, $arg: $type)*) -> $result { let $c = self; $body } )*
        }
    };
}
pub(crate) use repository;

/// Inserts a row, or updates the one with the former revision `from`.
macro_rules! save_row {
    ($c:ident, $table:ident, $row:ident, $from:ident) => {
        match $from {
            None => diesel::insert_into($table::table).values($row).execute($c),
            Some(from) => {
                diesel::update($row).filter($table::revision.eq(from.0)).set($row).execute($c)
            }
        }
    };
}
pub(crate) use save_row;

/// All queries on one connection of either database.
pub(crate) trait Repo:
    JournalRows
    + LockRows
    + MigrationRows
    + IdentityRows
    + AccessRows
    + AgendaRows
    + SetAsideRows
    + AnswerRows
    + SerialRows
    + MunicipalityRows
    + ProviderRows
    + OfferingRows
    + CompensationRows
    + LateAccessRows
    + ApplicationRows
    + DecisionRows
    + EvidenceRows
    + ScanRows
    + AppealRows
    + ApprovalRows
    + FollowUpRows
    + RebuildRows
{
}
impl Repo for Lite {}
impl Repo for Pg {}

type LitePool = diesel::r2d2::Pool<ConnectionManager<Lite>>;
type PgPool = diesel::r2d2::Pool<PostgresManager>;

/// The connections to one database. Cloning is cheap and shares them.
#[derive(Clone)]
pub struct Pool(Kind);

#[derive(Clone)]
enum Kind {
    /// The writer, one so that writers queue here and never meet a locked database; the readers.
    Sqlite(Arc<Writer>, LitePool),
    Postgres(PgPool, Arc<PostgresManager>),
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pool") // No URL: it may hold a password.
    }
}

impl Pool {
    /// Connects to `sqlite:path` or `postgres://…` with at most `connections` connections (for
    /// SQLite: readers), at least one. An unreachable database is a [`StoreError::Database`].
    pub fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        if let Some(path) = sqlite_path(url) {
            prepare_file(path)?;
        }
        Self::connect(url, connections, Limit::Server)
    }

    /// The same for an existing database: no file is created or changed.
    pub fn attach(url: &str, connections: u32) -> Result<Self, StoreError> {
        Self::connect(url, connections, Limit::None)
    }

    fn connect(url: &str, connections: u32, limit: Limit) -> Result<Self, StoreError> {
        let connections = connections.max(1);
        if let Some(path) = sqlite_path(url) {
            Self::attach_sqlite(path, connections)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::attach_postgres(url, connections, limit)
        } else {
            Err(failed("the URL must begin with sqlite: or postgres://"))
        }
    }

    fn attach_sqlite(path: &Path, connections: u32) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        if !path.is_file() {
            return Err(StoreError::NoRegistry(name));
        }
        // A pool would retry an invalid database file until its timeout; this reports it at once.
        let mut first = Lite::establish(&name).map_err(|e| failed(format!("{name}: {e}")))?;
        first.batch_execute("PRAGMA schema_version").map_err(|e| failed(format!("{name}: {e}")))?;
        let pool = |size, read_only| {
            let builder = diesel::r2d2::Pool::builder().max_size(size);
            let builder = builder.connection_timeout(CONNECTION_TIMEOUT).test_on_check_out(false);
            let builder = builder.connection_customizer(Box::new(SqliteSession { read_only }));
            builder.build(ConnectionManager::new(&name)).map_err(failed)
        };
        let writer = Arc::new(Writer::new(pool(1, false)?));
        Ok(Self(Kind::Sqlite(writer, pool(connections, true)?)))
    }

    fn attach_postgres(url: &str, connections: u32, limit: Limit) -> Result<Self, StoreError> {
        let manager = PostgresManager::new(url, limit)?;
        let patient = Arc::new(manager.without_limit());
        manager.connect().map_err(failed)?;
        let builder = diesel::r2d2::Pool::builder().max_size(connections).min_idle(Some(1));
        let pool = builder.connection_timeout(CONNECTION_TIMEOUT).build(manager);
        Ok(Self(Kind::Postgres(pool.map_err(failed)?, patient)))
    }

    /// Maximum number of connections; for SQLite: readers.
    pub(crate) fn connections(&self) -> u32 {
        match &self.0 {
            Kind::Sqlite(_, readers) => readers.max_size(),
            Kind::Postgres(pool, _) => pool.max_size(),
        }
    }

    /// Runs `f` in a read-only transaction: all its queries see the database as of one moment.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut dyn Repo) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Kind::Sqlite(_, readers) => transaction(readers, StoreError::Busy, begin, |c| f(c)),
            Kind::Postgres(pool, _) => {
                transaction(pool, StoreError::Busy, |c| postgres::begin(c, SNAPSHOT), |c| f(c))
            }
        }
    }

    /// Runs `f` in a write transaction, committed if it returns `Ok` and rolled back if `Err`.
    ///
    /// Never call `read` or `write` within `f`: on SQLite a nested write waits for itself until it is
    /// [`StoreError::Busy`]. After a failed statement `f` must return `Err`: SQLite would commit the rest,
    /// while PostgreSQL has aborted the transaction and this becomes an error.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut dyn Repo) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Kind::Sqlite(writer, _) => writer.run(|c| f(c)),
            Kind::Postgres(pool, _) => {
                let begin = |c: &mut Pg| postgres::begin(c, BEGIN);
                transaction(pool, StoreError::Uncertain, begin, |c| {
                    let done = f(c)?;
                    // Fails if a statement had failed: COMMIT would quietly roll back instead.
                    c.batch_execute("SELECT 1").map_err(StoreError::from)?;
                    Ok(done)
                })
            }
        }
    }

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
}

/// The name of a file. In memory each connection would have a separate database.
pub(super) fn expect_file(path: &Path) -> Result<String, StoreError> {
    let name = path.display().to_string();
    if name.is_empty() || name.contains(":memory:") || name.contains("mode=memory") {
        return Err(failed("SQLite in memory is not supported: name a file"));
    }
    Ok(name)
}

/// Makes a SQLite file where there is none, in the mode in which readers do not wait for the writer.
fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let name = expect_file(path)?;
    let failed = |error: &dyn ToString| failed(format!("{name}: {}", error.to_string()));
    let mut first = Lite::establish(&name).map_err(|error| failed(&error))?;
    let session = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL";
    first.batch_execute(session).map_err(|error| failed(&error))
}

fn begin<C: Connection>(c: &mut C) -> QueryResult<()> {
    C::TransactionManager::begin_transaction(c)
}

/// A transaction that first reads and then writes would fail at once if another process wrote
/// in between; taking the write lock at the start waits instead.
fn begin_immediate(c: &mut Lite) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")
}

/// If `f` panics or the end of the transaction fails, the pool detects the open transaction and discards the
/// connection, which rolls back. `unanswered` is the error of a commit without an answer.
fn transaction<M: ManageConnection<Connection = C>, C: Connection, T, E: From<StoreError>>(
    pool: &diesel::r2d2::Pool<M>,
    unanswered: StoreError,
    begin: impl FnOnce(&mut C) -> QueryResult<()>,
    f: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    transact(&mut *checked_out(pool)?, unanswered, begin, f)
}

fn checked_out<M: ManageConnection>(
    pool: &diesel::r2d2::Pool<M>,
) -> Result<PooledConnection<M>, StoreError> {
    pool.get().map_err(|error| {
        tracing::warn!(%error, "no database connection in time");
        StoreError::Busy
    })
}

fn transact<C: Connection, T, E: From<StoreError>>(
    c: &mut C,
    unanswered: StoreError,
    begin: impl FnOnce(&mut C) -> QueryResult<()>,
    f: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    begin(c).map_err(StoreError::from)?;
    let result = f(c);
    if result.is_ok() {
        let committed = C::TransactionManager::commit_transaction(c);
        committed.map_err(|error| not_kept(error, unanswered))?;
    } else {
        rolled_back(c);
    }
    result
}

fn rolled_back<C: Connection>(c: &mut C) {
    if let Err(error) = C::TransactionManager::rollback_transaction(c) {
        tracing::warn!(%error, "rollback failed; the connection is dropped");
    }
}

fn run_pending<DB: Backend, C: MigrationHarness<DB>>(
    c: &mut C,
    source: EmbeddedMigrations,
) -> Result<Vec<String>, StoreError>
where
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let unknown = health::state_of(c, &source)?.unknown;
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

#[derive(Debug)]
struct SqliteSession {
    read_only: bool,
}

impl CustomizeConnection<Lite, diesel::r2d2::Error> for SqliteSession {
    fn on_acquire(&self, c: &mut Lite) -> Result<(), diesel::r2d2::Error> {
        c.batch_execute(SQLITE_SESSION)?;
        if self.read_only {
            c.batch_execute("PRAGMA query_only=ON")?;
        }
        Ok(())
    }
}
