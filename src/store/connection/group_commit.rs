//! Group commit for the single writer of a SQLite database. Commands that wait during a write share its
//! transaction, since a flush to disk takes as long for many as for one.
//!
//! Each member of a batch runs on its own thread, in a savepoint. All members are answered after the commit,
//! also rejected ones: a rejection may depend on an earlier member's writes.

use super::{
    error::{StoreError, not_kept},
    queries::Lite,
    transaction::{CONNECTION_TIMEOUT, begin_immediate, checked_out},
};
use diesel::connection::{AnsiTransactionManager as Transactions, TransactionManager};
use diesel::r2d2::{ConnectionManager, PooledConnection};
use diesel::result::QueryResult;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most members of a batch.
const MOST: usize = 64;
/// How long a batch takes new members once it has one.
const OPEN_FOR: Duration = Duration::from_millis(5);

pub(super) type LitePool = diesel::r2d2::Pool<ConnectionManager<Lite>>;

/// Writers take turns here.
pub(super) struct Writer {
    pub(super) pool: LitePool,
    queue: Mutex<Queue>,
    turn_is_free: Condvar,
}

#[derive(Default)]
struct Queue {
    /// Whether a member is writing.
    taken: bool,
    waiting: usize,
    /// A batch that the next writer joins.
    open: Option<Batch>,
}

/// A transaction of several writers.
struct Batch {
    c: PooledConnection<ConnectionManager<Lite>>,
    members: usize,
    /// When the first of them had written.
    since: Instant,
    end: Arc<End>,
}

impl Batch {
    /// Ends the savepoint of a member; the first one has none.
    fn end_member(&mut self, is_kept: bool) -> QueryResult<()> {
        self.members += 1;
        if self.members == 1 {
            self.since = Instant::now();
            Ok(())
        } else if is_kept {
            Transactions::commit_transaction(&mut *self.c)
        } else {
            Transactions::rollback_transaction(&mut *self.c)
        }
    }
}

/// Result of a batch, for its waiting members.
#[derive(Default)]
struct End {
    committed: Mutex<Option<Result<(), StoreError>>>,
    known: Condvar,
}

impl End {
    fn tell(&self, committed: Result<(), StoreError>) {
        *lock(&self.committed) = Some(committed);
        self.known.notify_all();
    }

    fn wait(&self) -> Result<(), StoreError> {
        let committed = lock(&self.committed);
        let is_unknown = |committed: &mut Option<_>| committed.is_none();
        let committed = self.known.wait_while(committed, is_unknown);
        let committed = committed.unwrap_or_else(PoisonError::into_inner);
        committed.clone().unwrap_or(Err(StoreError::Uncertain))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    pub(super) fn new(pool: LitePool) -> Self {
        Self { pool, queue: Mutex::default(), turn_is_free: Condvar::new() }
    }

    /// Runs `f`, whose writes are kept if it returns `Ok`. Returns when they are durable, or rolled back.
    pub(super) fn run<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut Lite) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut turn = self.take_turn()?;
        let mut batch = match turn.batch.take() {
            Some(batch) => batch,
            None => self.begin()?,
        };
        let is_first = batch.members == 0;
        if !is_first {
            Transactions::begin_transaction(&mut *batch.c).map_err(StoreError::from)?;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| f(&mut batch.c)));
        let is_kept = matches!(outcome, Ok(Ok(_)));
        if is_first && !is_kept {
            // No other member has written: the transaction ends, and its reads were of committed data.
            if let Err(error) = Transactions::rollback_transaction(&mut *batch.c) {
                tracing::warn!(%error, "rollback failed; the connection is dropped");
            }
            drop((batch, turn));
            return outcome.unwrap_or_else(|panic| resume_unwind(panic));
        }
        let ended = batch.end_member(is_kept);
        let end = Arc::clone(&batch.end);
        turn.batch = Some(batch);
        match ended {
            Ok(()) => turn.pass_on(),
            // SQLite has aborted the whole transaction, for example on a full disk.
            Err(error) => turn.give_up(&error),
        }
        let committed = end.wait();
        let outcome = outcome.unwrap_or_else(|panic| resume_unwind(panic));
        committed.map_err(E::from).and(outcome)
    }

    /// How many wait for the turn.
    pub(super) fn waiting(&self) -> usize {
        lock(&self.queue).waiting
    }

    fn begin(&self) -> Result<Batch, StoreError> {
        let mut c = checked_out(&self.pool)?;
        begin_immediate(&mut c)?;
        Ok(Batch { c, members: 0, since: Instant::now(), end: Arc::default() })
    }

    fn take_turn(&self) -> Result<Turn<'_>, StoreError> {
        let mut queue = lock(&self.queue);
        queue.waiting += 1;
        let waited =
            self.turn_is_free.wait_timeout_while(queue, CONNECTION_TIMEOUT, |queue| queue.taken);
        let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        queue.waiting -= 1;
        if queue.taken {
            tracing::warn!("no write permit in time");
            return Err(StoreError::Busy);
        }
        queue.taken = true;
        Ok(Turn { writer: self, batch: queue.open.take(), is_over: false })
    }
}

/// The turn to write, and the batch so far. It ends when this is dropped.
struct Turn<'a> {
    writer: &'a Writer,
    batch: Option<Batch>,
    is_over: bool,
}

impl Turn<'_> {
    /// Leaves the batch to the next writer where one waits, else commits it.
    fn pass_on(mut self) {
        let Some(mut batch) = self.batch.take() else { return };
        if batch.members < MOST && batch.since.elapsed() < OPEN_FOR {
            let mut queue = lock(&self.writer.queue);
            // A waiting member checks under this lock whether the turn is free before it leaves.
            if queue.waiting > 0 {
                queue.open = Some(batch);
                queue.taken = false;
                drop(queue);
                self.is_over = true;
                return self.writer.turn_is_free.notify_one();
            }
        }
        let committed = Transactions::commit_transaction(&mut *batch.c);
        let committed = committed.map_err(|error| not_kept(error, StoreError::Uncertain));
        let end = Arc::clone(&batch.end);
        drop((batch, self));
        end.tell(committed);
    }

    /// Undoes the batch.
    fn give_up(mut self, error: &diesel::result::Error) {
        tracing::warn!(%error, "a group commit failed");
        self.end_batch();
    }

    fn end_batch(&mut self) {
        let Some(mut batch) = self.batch.take() else { return };
        let _ = Transactions::rollback_transaction(&mut *batch.c);
        batch.end.tell(Err(StoreError::Busy));
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        self.end_batch();
        lock(&self.writer.queue).taken = false;
        self.writer.turn_is_free.notify_one();
    }
}
