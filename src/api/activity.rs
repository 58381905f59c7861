//! What a connection is doing: known to its socket, which must not wait for ever, and to what answers on it.

use std::{cell::Cell, rc::Rc, time::Instant};

/// What a connection is doing. Its clones are of the same connection, which lives on one thread.
#[derive(Debug, Clone)]
pub struct Activity(Rc<Times>);

#[derive(Debug)]
struct Times {
    /// Requests that are being answered.
    running: Cell<usize>,
    /// When something was sent last, or a request began or ended.
    moved: Cell<Instant>,
    /// When bytes came that are no whole head so far.
    head_began: Cell<Option<Instant>>,
}

/// A request is being answered until this is dropped.
#[derive(Debug)]
pub struct Running(Activity);

impl Activity {
    /// That of a new connection.
    #[must_use]
    pub fn starting(now: Instant) -> Self {
        let (running, moved, head_began) = (Cell::new(0), Cell::new(now), Cell::new(None));
        Self(Rc::new(Times { running, moved, head_began }))
    }

    /// A whole head has come.
    #[must_use]
    pub fn begin(&self) -> Running {
        self.0.head_began.set(None);
        self.0.running.set(self.0.running.get() + 1);
        self.sent();
        Running(self.clone())
    }

    /// Bytes have come. While a request is being answered they are its body, or are not waited for.
    pub fn received(&self) {
        if self.0.running.get() == 0 && self.0.head_began.get().is_none() {
            self.0.head_began.set(Some(Instant::now()));
        }
    }

    /// Bytes were taken by the reader.
    pub fn sent(&self) {
        self.0.moved.set(Instant::now());
    }

    /// Since when the rest of a head is waited for, or where nothing of one has come, whatever comes; none
    /// while a request is being answered.
    #[must_use]
    pub fn waiting(&self) -> Option<Waiting> {
        let moved = self.0.moved.get();
        match (self.0.running.get(), self.0.head_began.get()) {
            (0, Some(began)) => Some(Waiting::ForHead(began.max(moved))),
            (0, None) => Some(Waiting::ForAny(moved)),
            _ => None,
        }
    }
}

/// What a connection waits for, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The rest of a head.
    ForHead(Instant),
    /// Whatever comes.
    ForAny(Instant),
}

impl Drop for Running {
    fn drop(&mut self) {
        let Self(Activity(times)) = self;
        times.running.set(times.running.get().saturating_sub(1));
        times.moved.set(Instant::now());
    }
}
