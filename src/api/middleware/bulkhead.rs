//! Bulkhead: limits concurrent database work, so that overload is reported at once and never piles up.

use std::{sync::Arc, time::Duration};

use actix_web::http::header;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::api::problem::{HttpError, Problem, sentences};

/// How many wait for each that is at work.
const QUEUE: usize = 8;
/// How long anyone waits for its turn.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

/// Some places at work and some in a queue before them.
#[derive(Debug)]
pub struct ConcurrencyLimit {
    /// Its name in measurements.
    name: &'static str,
    /// Number of permits.
    size: usize,
    /// Work and queue together.
    slots: Arc<Semaphore>,
    permits: Arc<Semaphore>,
}

/// A turn at the database; it ends when this is dropped.
#[derive(Debug)]
pub struct Permit {
    _slot: OwnedSemaphorePermit,
    _permit: OwnedSemaphorePermit,
}

/// The concurrency limits before the database.
#[derive(Debug)]
pub struct ConcurrencyLimits {
    /// For reads.
    pub reads: ConcurrencyLimit,
    /// For commands. They never take the last connection, so that reads continue while commands wait for a
    /// lock.
    pub commands: ConcurrencyLimit,
}

impl ConcurrencyLimits {
    /// Limits for this number of connections.
    #[must_use]
    pub fn before(connections: u32) -> Self {
        let permits = usize::try_from(connections).unwrap_or(1).max(1);
        Self {
            reads: ConcurrencyLimit::new("database-reads", permits),
            commands: ConcurrencyLimit::new(
                "database-commands",
                (permits - permits.div_ceil(4)).max(1),
            ),
        }
    }
}

impl ConcurrencyLimit {
    fn new(name: &'static str, permits: usize) -> Self {
        let slots = Arc::new(Semaphore::new(permits * (1 + QUEUE)));
        Self { name, size: permits, slots, permits: Arc::new(Semaphore::new(permits)) }
    }

    /// Its present use.
    #[must_use]
    pub fn usage(&self) -> QueueUsage {
        let running = self.size.saturating_sub(self.permits.available_permits());
        let held = (self.size * (1 + QUEUE)).saturating_sub(self.slots.available_permits());
        QueueUsage {
            queue: self.name,
            running,
            waiting: held.saturating_sub(running),
            permits: self.size,
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `overloaded`: the queue is full, or does not move.
    pub async fn enter(&self) -> Result<Permit, Problem> {
        let slot =
            Arc::clone(&self.slots).try_acquire_owned().map_err(|_| overloaded(self.name))?;
        let permit =
            tokio::time::timeout(QUEUE_TIMEOUT, Arc::clone(&self.permits).acquire_owned()).await;
        let permit =
            permit.map_err(|_| overloaded(self.name))?.map_err(|_| overloaded(self.name))?;
        Ok(Permit { _slot: slot, _permit: permit })
    }
}

/// The use of a limit with a queue before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueUsage {
    /// Which one.
    pub queue: &'static str,
    /// How many are at work.
    pub running: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many may be at work at a time.
    pub permits: usize,
}

/// There is more to do than is done: the limit of this name is reached.
pub fn overloaded(limit: &'static str) -> Problem {
    Problem::edge(HttpError::Overloaded, sentences::overloaded())
        .with_header(header::RETRY_AFTER, "2")
        .with_limit(limit)
}
