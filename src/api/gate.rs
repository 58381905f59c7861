//! Port: how much work for the database is taken on, so that overload is said at once and never piles up.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::http::header;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{Edge, Problem};

/// How many wait for each that is at work.
const QUEUE: usize = 8;
/// How long anyone waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Some places at work and some in a queue before them.
#[derive(Debug)]
pub struct Gate {
    /// Work and queue together.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A turn at the database; it ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    _place: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

/// The gates before the database.
#[derive(Debug)]
pub struct Gates {
    /// For those who read.
    pub reads: Gate,
    /// For acts. They never take the last connection, so that reads go on where acts wait for a lock.
    pub acts: Gate,
}

impl Gates {
    /// Gates before so many connections.
    #[must_use]
    pub fn before(connections: u32) -> Self {
        let turns = usize::try_from(connections).unwrap_or(1).max(1);
        Self { reads: Gate::new(turns), acts: Gate::new((turns - turns.div_ceil(4)).max(1)) }
    }
}

impl Gate {
    fn new(turns: usize) -> Self {
        let places = Arc::new(Semaphore::new(turns * (1 + QUEUE)));
        Self { places, turns: Arc::new(Semaphore::new(turns)) }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `overloaded`: the queue is full, or does not move.
    pub async fn enter(&self) -> Result<Turn, Problem> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| overloaded())?;
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| overloaded())?.map_err(|_| overloaded())?;
        Ok(Turn { _place: place, _turn: turn })
    }
}

/// How many readers may wait for what comes: streams and long polls.
const MOST_WAITING: usize = 2000;
/// How many of them may come from one address.
const MOST_WAITING_EACH: usize = 100;

/// Readers that wait for what comes. Each costs a connection and little else, but has no end of its own.
#[derive(Debug, Default)]
pub struct Waiting(Mutex<HashMap<u128, usize>>);

/// The place of one that waits; given back when this is dropped.
#[derive(Debug)]
pub struct Place {
    waiting: Arc<Waiting>,
    origin: u128,
}

impl Waiting {
    /// A place for a reader from some address.
    ///
    /// # Errors
    /// `overloaded`: too many wait, here or from there.
    pub fn place(self: &Arc<Self>, origin: u128) -> Result<Place, Problem> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = waiting.values().sum();
        let each = waiting.get(&origin).copied().unwrap_or(0);
        if all >= MOST_WAITING || each >= MOST_WAITING_EACH {
            return Err(overloaded());
        }
        waiting.insert(origin, each + 1);
        Ok(Place { waiting: Arc::clone(self), origin })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(each) = waiting.get_mut(&self.origin) {
            *each -= 1;
            if *each == 0 {
                waiting.remove(&self.origin);
            }
        }
    }
}

/// There is more to do than is done.
pub fn overloaded() -> Problem {
    Problem::edge(
        Edge::Overloaded,
        "More is asked than can be done. Nothing was changed. Try again after the time in Retry-After; \
         what is public can be read meanwhile.",
    )
    .with_header(header::RETRY_AFTER, "2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_wait_from_one_address_and_not_too_many_from_all() {
        let waiting = Arc::new(Waiting::default());
        let mut places: Vec<_> =
            (0..MOST_WAITING_EACH).map(|_| waiting.place(1).unwrap()).collect();
        assert_eq!(waiting.place(1).unwrap_err().code, "overloaded");
        let rest = u128::try_from(MOST_WAITING - MOST_WAITING_EACH).unwrap();
        places.extend((2..2 + rest).map(|origin| waiting.place(origin).unwrap()));
        assert_eq!(waiting.place(0).unwrap_err().code, "overloaded");
        places.pop();
        places.push(waiting.place(0).unwrap());
        drop(places);
        assert!(waiting.0.lock().unwrap().is_empty());
    }
}
