//! Public reads that cost much: a bulkhead of their own, so that small reads and commands stay fast beside them.
//!
//! Few are computed at a time, on blocking threads; some wait, and each client has a share of the places. Beyond them the
//! answer is `overloaded`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::HttpRequest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{State, blocking, gate::overloaded, problem::Problem};
use crate::network::ReaderNetworks;

/// How many reads wait for each that is computed.
const QUEUE: usize = 16;
/// How long a read waits.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How many files of other times may be on their way: each is whole in memory until it is sent.
const FILES: usize = 8;
/// How many of them may go to one client.
const FILES_OF_CLIENT: usize = 2;

/// Places that clients share.
#[derive(Debug)]
struct Places {
    most: usize,
    most_of_client: usize,
    taken: Mutex<HashMap<u128, usize>>,
}

/// A place; it is free when this is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    client: u128,
}

impl Places {
    fn new(most: usize, most_of_client: usize) -> Arc<Self> {
        Arc::new(Self { most, most_of_client, taken: Mutex::default() })
    }

    fn take(self: &Arc<Self>, client: u128) -> Result<Place, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(&client).copied().unwrap_or(0);
        if own >= self.most_of_client || taken.values().sum::<usize>() >= self.most {
            return Err(overloaded());
        }
        taken.insert(client, own + 1);
        Ok(Place { places: Arc::clone(self), client })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.client);
            }
        }
    }
}

/// The bulkhead of heavy reads.
#[derive(Debug)]
pub struct HeavyReads {
    places: Arc<Places>,
    permits: Arc<Semaphore>,
    files: Arc<Places>,
}

impl Default for HeavyReads {
    /// Half of the processors compute heavy reads.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self::new((processors / 2).max(1))
    }
}

impl HeavyReads {
    /// A bulkhead in which so many reads are computed at a time.
    #[must_use]
    pub fn new(permits: usize) -> Self {
        let places = permits * (1 + QUEUE);
        Self {
            places: Places::new(places, places.div_ceil(2)),
            permits: Arc::new(Semaphore::new(permits)),
            files: Places::new(FILES, FILES_OF_CLIENT),
        }
    }

    /// Takes a permit; who waits is first served that came first.
    async fn permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.permits).acquire_owned().await.map_err(|_| overloaded())
    }
}

impl State {
    /// Computes the answer to a public read that costs much.
    ///
    /// # Errors
    /// What `compute` answers; `overloaded`.
    pub async fn heavy<T: Send + 'static>(
        self: &Arc<Self>,
        request: &HttpRequest,
        compute: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.heavy_reads.places.take(self.client(request))?;
        let permit = tokio::time::timeout(LONGEST_WAIT, self.heavy_reads.permit());
        let permit = permit.await.map_err(|_| overloaded())??;
        self.compute((place, permit), compute).await
    }

    /// Computes the next part of an answer that has begun. It waits for its permit only: the connection bounds it.
    pub(super) async fn heavy_part<T: Send + 'static>(
        self: &Arc<Self>,
        compute: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.heavy_reads.permit().await?;
        self.compute(permit, compute).await
    }

    /// A place for a file of another time, until it is sent.
    ///
    /// # Errors
    /// `overloaded`.
    pub(super) fn file_place(&self, request: &HttpRequest) -> Result<Place, Problem> {
        self.heavy_reads.files.take(self.client(request))
    }

    /// The held permits are given back with the end of the work, also where nobody waits for it any more.
    async fn compute<T: Send + 'static>(
        self: &Arc<Self>,
        held: impl Send + 'static,
        compute: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        blocking(move || {
            let _held = held;
            compute(&state)
        })
        .await
    }

    fn client(&self, request: &HttpRequest) -> u128 {
        ReaderNetworks::of(self.limits.origin(request)).client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shared_and_given_back() {
        let places = Places::new(5, 2);
        let held: Vec<_> = [1, 1, 2, 2].map(|client| places.take(client).unwrap()).into();
        assert_eq!(places.take(1).unwrap_err().code, "overloaded", "its share is used");
        let last = places.take(3).unwrap();
        assert_eq!(places.take(4).unwrap_err().code, "overloaded", "all are taken");
        drop(last);
        drop(places.take(4).unwrap());
        drop(held);
        assert!(places.taken.lock().unwrap().is_empty());
    }
}
