//! One PostgreSQL connection, with its runtime. The thread that waits for a statement drives the socket itself, so an answer
//! costs no switch of threads. Nothing drives it between statements.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use std::cell::RefCell;
use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::sleep;

/// A connection to PostgreSQL: pure Rust, made blocking by its wrapper.
pub(crate) type Pg = AsyncConnectionWrapper<PgConnection, ConnectionRuntime>;

/// How many seconds a server may leave a statement unanswered: longer than its own limit.
const UNANSWERED_SECONDS: u32 = 12;

/// A connection with the runtime that drives it.
pub(crate) struct PgConnection {
    pub(super) inner: AsyncPgConnection,
    pub(super) runtime: ConnectionRuntime,
    pub(super) statements: Statements,
    /// When it was last given out by the pool.
    pub(super) used: Instant,
}

impl Deref for PgConnection {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.inner
    }
}

impl DerefMut for PgConnection {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        &mut self.inner
    }
}

/// Counts the statements of a connection that were begun and those that have ended.
#[derive(Clone, Default)]
pub(super) struct Statements(Arc<Counts>);

#[derive(Default)]
struct Counts {
    begun: AtomicU64,
    ended: AtomicU64,
    /// Whether the connection has ended.
    is_closed: AtomicBool,
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => self.0.begun.fetch_add(1, Ordering::Relaxed),
            InstrumentationEvent::FinishQuery { .. } => {
                self.0.ended.fetch_add(1, Ordering::Relaxed)
            }
            _ => 0,
        };
    }
}

impl Statements {
    /// Notes that the connection has ended.
    pub(super) fn close(&self) {
        self.0.is_closed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.is_closed.load(Ordering::Relaxed)
    }

    /// Counts a statement as ended whose answer nothing waits for.
    pub(super) fn pass_over(&self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends when a statement has been at work for too long.
    pub(super) async fn unanswered(self) {
        let (mut before, mut seconds) = (0, 0);
        while seconds < UNANSWERED_SECONDS {
            sleep(Duration::from_secs(1)).await;
            let (ended, begun) =
                (self.0.ended.load(Ordering::Relaxed), self.0.begun.load(Ordering::Relaxed));
            seconds = if ended < begun && ended == before { seconds + 1 } else { 0 };
            before = ended;
        }
        tracing::warn!("a statement got no answer; its connection is dropped");
    }
}

thread_local! {
    /// The runtime of the connection that this thread is making: `AsyncConnectionWrapper` asks for one without a parameter.
    static NEXT: RefCell<Option<ConnectionRuntime>> = const { RefCell::new(None) };
}

/// The runtime of a connection.
#[derive(Clone)]
pub(crate) struct ConnectionRuntime(Arc<Inner>);

/// Empty while it is dropped, and where no runtime was made.
struct Inner(Option<Runtime>);

impl Drop for Inner {
    /// Does not wait for tasks, so that a pool may be dropped in async code too.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl ConnectionRuntime {
    pub(super) fn new() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self(Arc::new(Inner(Some(runtime)))))
    }

    /// Takes what has arrived at the socket meanwhile, such as its end, and does not wait.
    pub(super) fn look_at_socket(&self) {
        self.block_on(async {
            // The first gives the socket's events to its task, the second lets the task run.
            yield_now().await;
            yield_now().await;
        });
    }

    /// Makes a blocking connection of one that this runtime drives.
    pub(super) fn serve(self, connection: PgConnection) -> Pg {
        NEXT.set(Some(self));
        Pg::from(connection)
    }
}

impl BlockOn for ConnectionRuntime {
    fn block_on<F: Future>(&self, f: F) -> F::Output {
        #[expect(clippy::expect_used, reason = "connections are made by `serve` alone")]
        let runtime = self.0.0.as_ref().expect("the connection has a runtime");
        runtime.block_on(f)
    }

    fn get_runtime() -> Self {
        NEXT.take().unwrap_or(Self(Arc::new(Inner(None))))
    }
}
