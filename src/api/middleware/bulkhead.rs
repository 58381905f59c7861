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
            reads: ConcurrencyLimit::new(permits),
            commands: ConcurrencyLimit::new((permits - permits.div_ceil(4)).max(1)),
        }
    }
}

impl ConcurrencyLimit {
    fn new(permits: usize) -> Self {
        let slots = Arc::new(Semaphore::new(permits * (1 + QUEUE)));
        Self { slots, permits: Arc::new(Semaphore::new(permits)) }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `overloaded`: the queue is full, or does not move.
    pub async fn enter(&self) -> Result<Permit, Problem> {
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| overloaded())?;
        let permit =
            tokio::time::timeout(QUEUE_TIMEOUT, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| overloaded())?.map_err(|_| overloaded())?;
        Ok(Permit { _slot: slot, _permit: permit })
    }
}

/// There is more to do than is done.
pub fn overloaded() -> Problem {
    Problem::edge(HttpError::Overloaded, sentences::overloaded())
        .with_header(header::RETRY_AFTER, "2")
}
