//! Bulkhead of heavy public reads, so that small reads and commands stay fast beside them.
//!
//! Few are computed at a time, on threads of their own with a low priority; some wait, and each client has a share of the
//! places. Beyond them the answer is `overloaded`.

use std::{io, sync::Arc, time::Duration};

use actix_web::HttpRequest;
use tokio::{
    runtime::{Builder, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{
    bulkhead::{QueueUsage, overloaded},
    client_limit::{ClientLimit, ClientPermit},
    origin::origin,
};
use crate::{api::problem::Problem, network::ReaderNetworks};

/// How many reads wait for each that is computed.
const QUEUE: usize = 16;
/// How long a read waits.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Its name in measurements.
const HEAVY_READS: &str = "heavy-reads";
/// The name of its threads.
const NAME: &str = "heavy-read";
/// How much lower their priority is: they get a tenth of the time of a thread that wants as much as they do.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;
/// How many files of other times may be on their way: each is whole in memory until it is sent.
const FILES: usize = 8;
/// How many of them may go to one client.
const FILES_OF_CLIENT: usize = 2;

/// The bulkhead of heavy reads.
#[derive(Debug)]
pub struct HeavyReads {
    /// How many are computed at a time.
    size: usize,
    /// Those that are computed and those that wait.
    admitted: Arc<ClientLimit>,
    permits: Arc<Semaphore>,
    threads: Threads,
    files: Arc<ClientLimit>,
}

impl HeavyReads {
    /// A bulkhead in which half of the processors compute.
    pub fn on_half_of_processors() -> io::Result<Self> {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self::new((processors / 2).max(1))
    }

    /// A bulkhead with this number of concurrent reads; with none it rejects all.
    pub fn new(permits: usize) -> io::Result<Self> {
        let places = permits * (1 + QUEUE);
        Ok(Self {
            size: permits,
            admitted: ClientLimit::new(places, places.div_ceil(2)),
            permits: Arc::new(Semaphore::new(permits)),
            threads: Threads::new(permits)?,
            files: ClientLimit::new(FILES, FILES_OF_CLIENT),
        })
    }

    /// Its present use.
    #[must_use]
    pub fn usage(&self) -> QueueUsage {
        let running = self.size.saturating_sub(self.permits.available_permits());
        let waiting = self.admitted.held().saturating_sub(running);
        QueueUsage { queue: HEAVY_READS, running, waiting, permits: self.size }
    }

    /// Runs the work of a read on its own thread, after a permit.
    ///
    /// # Errors
    /// Those of `work`; `overloaded`.
    pub(in crate::api) async fn run<T: Send + 'static>(
        &self,
        request: &HttpRequest,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let admitted = self.admitted.acquire(client(request)).ok_or_else(too_many)?;
        let permit = tokio::time::timeout(LONGEST_WAIT, self.permit());
        let permit = permit.await.map_err(|_| too_many())??;
        self.compute((admitted, permit), work).await
    }

    /// Does the work of the next part of an answer that has begun. It waits for its permit only: the connection bounds
    /// it.
    pub(in crate::api) async fn run_part<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.permit().await?;
        self.compute(permit, work).await
    }

    /// A permit to hold a file of another time until it is sent.
    ///
    /// # Errors
    /// `overloaded`.
    pub(in crate::api) fn file_permit(
        &self,
        request: &HttpRequest,
    ) -> Result<ClientPermit, Problem> {
        self.files.acquire(client(request)).ok_or_else(|| overloaded("files"))
    }

    /// Releases the permits when the work ends, even after a disconnection of the client.
    async fn compute<T: Send + 'static>(
        &self,
        held: impl Send + 'static,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let work = move || {
            let _held = held;
            work()
        };
        self.threads.run(work).await
    }

    /// Takes a permit, first come, first served.
    async fn permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.permits).acquire_owned().await.map_err(|_| too_many())
    }
}

/// More heavy reads than are computed.
fn too_many() -> Problem {
    overloaded(HEAVY_READS)
}

fn client(request: &HttpRequest) -> u128 {
    ReaderNetworks::of(origin(request)).client
}

/// Threads that give way to those that answer small reads and commands.
#[derive(Debug)]
struct Threads(Option<Runtime>);

impl Threads {
    fn new(most: usize) -> io::Result<Self> {
        let mut builder = Builder::new_current_thread();
        builder.thread_name(NAME).max_blocking_threads(most.max(1)).on_thread_start(lower_priority);
        Ok(Self(Some(builder.build()?)))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let runtime = self.0.as_ref().ok_or_else(too_many)?;
        runtime.spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?
    }
}

impl Drop for Threads {
    /// Does not wait for running work: waiting for a runtime is forbidden inside another.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Lowers the priority of this thread. On Linux a priority is that of a thread, elsewhere that of the process.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "cannot lower the priority of heavy-read threads");
    }
}
