//! The connections to one database.

use super::{
    error::{StoreError, failed},
    group_commit::{LitePool, Writer},
    postgres::{self, Limit, Pg, PostgresManager},
    queries::{DbConnection, Lite},
    sqlite_file::{prepare_file, sqlite_path},
    transaction::{CONNECTION_TIMEOUT, begin, transaction},
};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, ManageConnection};
use std::path::Path;
use std::sync::Arc;

/// PostgreSQL's transactions that write, and those that read as of one moment.
pub(super) const BEGIN: &str = "BEGIN";
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// `synchronous=FULL`: a committed decision survives a power failure. `recursive_triggers` makes `REPLACE` fire
/// the triggers that forbid deletion.
const SQLITE_SESSION: &str = "PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; \
    PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-16000;";

type PgPool = diesel::r2d2::Pool<PostgresManager>;

/// The connections to one database. Cloning is cheap and shares them.
#[derive(Clone)]
pub struct Pool(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
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

    /// The present use of each pool.
    pub(crate) fn usage(&self) -> Vec<PoolUsage> {
        match &self.0 {
            Kind::Sqlite(writer, readers) => {
                vec![PoolUsage::of("readers", readers), PoolUsage::of("writer", &writer.pool)]
            }
            Kind::Postgres(pool, _) => vec![PoolUsage::of("shared", pool)],
        }
    }

    /// How many commands wait for the one writer of a SQLite database.
    pub(crate) fn waiting_writers(&self) -> usize {
        match &self.0 {
            Kind::Sqlite(writer, _) => writer.waiting(),
            Kind::Postgres(..) => 0,
        }
    }

    /// Runs `f` in a read-only transaction: all its queries see the database as of one moment.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut DbConnection<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Kind::Sqlite(_, readers) => {
                transaction(readers, StoreError::Busy, begin, |c| f(&mut DbConnection::Sqlite(c)))
            }
            Kind::Postgres(pool, _) => {
                let begin = |c: &mut Pg| postgres::begin(c, SNAPSHOT);
                transaction(pool, StoreError::Busy, begin, |c| f(&mut DbConnection::Postgres(c)))
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
        f: impl FnOnce(&mut DbConnection<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Kind::Sqlite(writer, _) => writer.run(|c| f(&mut DbConnection::Sqlite(c))),
            Kind::Postgres(pool, _) => {
                let begin = |c: &mut Pg| postgres::begin(c, BEGIN);
                transaction(pool, StoreError::Uncertain, begin, |c| {
                    let done = f(&mut DbConnection::Postgres(c))?;
                    // Fails if a statement had failed: COMMIT would quietly roll back instead.
                    c.batch_execute("SELECT 1").map_err(StoreError::from)?;
                    Ok(done)
                })
            }
        }
    }
}

/// The use of a pool of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUsage {
    /// Which pool: `readers` and `writer` of SQLite, `shared` of PostgreSQL.
    pub pool: &'static str,
    /// Maximum number of connections.
    pub size: u32,
    /// Connections at work.
    pub in_use: u32,
    /// Open connections that wait for work.
    pub idle: u32,
}

impl PoolUsage {
    fn of<M: ManageConnection>(name: &'static str, pool: &diesel::r2d2::Pool<M>) -> Self {
        let state = pool.state();
        let idle = state.idle_connections;
        let in_use = state.connections.saturating_sub(idle);
        Self { pool: name, size: pool.max_size(), in_use, idle }
    }
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
