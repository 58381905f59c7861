//! Begin and end of transactions.

use super::{
    error::{StoreError, not_kept},
    queries::Lite,
};
use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::r2d2::{ManageConnection, PooledConnection};
use diesel::result::QueryResult;
use std::convert::Infallible;
use std::time::Duration;

/// How long a caller waits for a free connection or a lock before it gets [`StoreError::Busy`].
pub(super) const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn begin<C: Connection>(c: &mut C) -> QueryResult<()> {
    C::TransactionManager::begin_transaction(c)
}

/// A transaction that first reads and then writes would fail at once if another process wrote
/// in between; taking the write lock at the start waits instead.
pub(super) fn begin_immediate(c: &mut Lite) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")
}

/// If `f` panics or the end of the transaction fails, the pool detects the open transaction and discards the
/// connection, which rolls back. `unanswered` is the error of a commit without an answer.
pub(super) fn transaction<
    M: ManageConnection<Connection = C>,
    C: Connection,
    T,
    E: From<StoreError>,
>(
    pool: &diesel::r2d2::Pool<M>,
    unanswered: StoreError,
    begin: impl FnOnce(&mut C) -> QueryResult<()>,
    f: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    transact(&mut *checked_out(pool)?, unanswered, begin, f)
}

pub(super) fn checked_out<M: ManageConnection>(
    pool: &diesel::r2d2::Pool<M>,
) -> Result<PooledConnection<M>, StoreError> {
    pool.get().map_err(|error| {
        tracing::warn!(%error, "no database connection in time");
        StoreError::Busy
    })
}

pub(super) fn transact<C: Connection, T, E: From<StoreError>>(
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

pub(super) fn rolled_back<C: Connection>(c: &mut C) {
    if let Err(error) = C::TransactionManager::rollback_transaction(c) {
        tracing::warn!(%error, "rollback failed; the connection is dropped");
    }
}

/// A transaction that is rolled back, whatever was found.
enum Undone<T> {
    Found(T),
    Failed(StoreError),
}

impl<T> From<StoreError> for Undone<T> {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

pub(super) fn undone<M: ManageConnection<Connection = C>, C: Connection, T>(
    pool: &diesel::r2d2::Pool<M>,
    begin: impl FnOnce(&mut C) -> QueryResult<()>,
    f: impl FnOnce(&mut C) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let outcome: Result<Infallible, _> = transaction(pool, StoreError::Busy, begin, |c| {
        Err(f(c).map_or_else(Undone::Failed, Undone::Found))
    });
    match outcome {
        Ok(never) => match never {},
        Err(Undone::Found(found)) => Ok(found),
        Err(Undone::Failed(error)) => Err(error),
    }
}
