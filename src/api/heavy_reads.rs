//! Public reads that cost much: a bulkhead of their own, so that small reads and commands stay fast beside them.
//!
//! Few are computed at a time, on blocking threads; some wait, and each client has a share of the places. Beyond them the
//! answer is `overloaded`.

use std::{sync::Arc, time::Duration};

use actix_web::HttpRequest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    State, blocking,
    client_limit::{ClientLimit, ClientPermit},
    gate::overloaded,
    problem::Problem,
};
use crate::network::ReaderNetworks;

/// How many reads wait for each that is computed.
const QUEUE: usize = 16;
/// How long a read waits.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How many files of other times may be on their way: each is whole in memory until it is sent.
const FILES: usize = 8;
/// How many of them may go to one client.
const FILES_OF_CLIENT: usize = 2;

/// The bulkhead of heavy reads.
#[derive(Debug)]
pub struct HeavyReads {
    /// Those that are computed and those that wait.
    admitted: Arc<ClientLimit>,
    permits: Arc<Semaphore>,
    files: Arc<ClientLimit>,
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
            admitted: ClientLimit::new(places, places.div_ceil(2)),
            permits: Arc::new(Semaphore::new(permits)),
            files: ClientLimit::new(FILES, FILES_OF_CLIENT),
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
        let admitted = self.heavy_reads.admitted.acquire(self.client(request));
        let admitted = admitted.ok_or_else(overloaded)?;
        let permit = tokio::time::timeout(LONGEST_WAIT, self.heavy_reads.permit());
        let permit = permit.await.map_err(|_| overloaded())??;
        self.compute((admitted, permit), compute).await
    }

    /// Computes the next part of an answer that has begun. It waits for its permit only: the connection bounds it.
    pub(super) async fn heavy_part<T: Send + 'static>(
        self: &Arc<Self>,
        compute: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.heavy_reads.permit().await?;
        self.compute(permit, compute).await
    }

    /// A permit to hold a file of another time until it is sent.
    ///
    /// # Errors
    /// `overloaded`.
    pub(super) fn file_permit(&self, request: &HttpRequest) -> Result<ClientPermit, Problem> {
        self.heavy_reads.files.acquire(self.client(request)).ok_or_else(overloaded)
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
