//! The activity of a connection, shared between its socket, which has time limits, and the requests on it.

use std::{cell::Cell, rc::Rc, time::Instant};

/// The activity of a connection. Clones share it; a connection stays on one thread.
#[derive(Debug, Clone)]
pub struct Activity(Rc<Times>);

#[derive(Debug)]
struct Times {
    /// Requests that are being answered.
    running: Cell<usize>,
    /// When bytes were last sent, or a request began or ended.
    moved: Cell<Instant>,
    /// Arrival time of the first bytes of an unfinished request header.
    head_began: Cell<Option<Instant>>,
}

/// Marks a request as running until it is dropped.
#[derive(Debug)]
pub struct RunningRequest(Activity);

impl Activity {
    /// The activity of a new connection.
    #[must_use]
    pub fn starting(now: Instant) -> Self {
        let (running, moved, head_began) = (Cell::new(0), Cell::new(now), Cell::new(None));
        Self(Rc::new(Times { running, moved, head_began }))
    }

    /// Notes a complete head: a request begins.
    #[must_use]
    pub fn begin(&self) -> RunningRequest {
        self.0.head_began.set(None);
        self.0.running.set(self.0.running.get() + 1);
        self.sent();
        RunningRequest(self.clone())
    }

    /// Notes received bytes. While a request runs they are its body, or a pipelined request, which has no time limit yet.
    pub fn received(&self) {
        if self.0.running.get() == 0 && self.0.head_began.get().is_none() {
            self.0.head_began.set(Some(Instant::now()));
        }
    }

    /// Notes sent bytes.
    pub fn sent(&self) {
        self.0.moved.set(Instant::now());
    }

    /// The awaited event and the start of the wait; `None` during a request.
    #[must_use]
    pub fn waiting(&self) -> Option<ConnectionWait> {
        let moved = self.0.moved.get();
        match (self.0.running.get(), self.0.head_began.get()) {
            (0, Some(began)) => Some(ConnectionWait::ForHead(began.max(moved))),
            (0, None) => Some(ConnectionWait::ForAny(moved)),
            _ => None,
        }
    }
}

/// The awaited event and the start of the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionWait {
    /// The rest of a head.
    ForHead(Instant),
    /// The first byte of a request.
    ForAny(Instant),
}

impl Drop for RunningRequest {
    fn drop(&mut self) {
        let Self(Activity(times)) = self;
        times.running.set(times.running.get().saturating_sub(1));
        times.moved.set(Instant::now());
    }
}
