//! The runtime of one PostgreSQL connection. The thread that waits for a statement drives the socket itself, so an answer
//! costs no switch of threads. Nothing drives it between statements.

use super::super::Pg;
use super::PgConnection;
use diesel_async::async_connection_wrapper::BlockOn;
use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

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
