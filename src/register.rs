//! Register: the public view in memory, built from the public rows of the journal.
//!
//! Readers take the current [`Snapshot`] and never wait. A change makes the next snapshot, which
//! shares all that did not change, and swaps it in.

pub mod body;
pub mod export;
pub mod page;
pub mod snapshot;

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use tokio::sync::watch;

pub use snapshot::{Listed, PublicChange, Snapshot};

use crate::{catalogue::Catalogue, domain::time::Instant};

/// How far the change feed has come, and whether it is worth waiting for more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// The position of the last change.
    pub position: i64,
    /// The program is about to stop.
    pub stopping: bool,
}

/// The current snapshot, and the one gate through which it changes.
#[derive(Debug)]
pub struct Register {
    current: ArcSwap<Snapshot>,
    changing: Mutex<()>,
    moved: watch::Sender<Reached>,
    catalogue: Arc<Catalogue>,
}

impl Register {
    /// An empty register.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            current: ArcSwap::from_pointee(Snapshot::default()),
            changing: Mutex::new(()),
            moved: watch::Sender::default(),
            catalogue,
        }
    }

    /// What everyone may see just now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// How far the change feed has come here.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.moved.borrow().position
    }

    /// Tells of each step that the change feed makes here.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Reached> {
        self.moved.subscribe()
    }

    /// Sends everyone home who waits for a change: the program is about to stop.
    pub fn stop(&self) {
        self.moved.send_modify(|reached| reached.stopping = true);
    }

    /// Applies what comes after the present position until nothing more comes. `read` is asked for
    /// the changes after a position, in order; calls queue, so each change is applied once.
    ///
    /// # Errors
    /// Whatever `read` answers; what was applied before stays.
    pub fn catch_up<E>(
        &self,
        now: Instant,
        mut read: impl FnMut(i64) -> Result<Vec<PublicChange>, E>,
    ) -> Result<(), E> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let mut next = Snapshot::clone(&self.current.load());
            let changes = read(next.position())?;
            if changes.is_empty() {
                return Ok(());
            }
            for change in changes {
                next.apply(change, &self.catalogue, now);
            }
            let position = next.position();
            self.current.store(Arc::new(next));
            self.moved.send_modify(|reached| reached.position = position);
        }
    }

    /// The rendered page of a municipality's service; rendered anew when time has changed it.
    #[must_use]
    pub fn page(
        &self,
        municipality: &str,
        service: &str,
        now: Instant,
    ) -> Option<Arc<page::Rendered>> {
        let page = self.snapshot().page(municipality, service)?;
        if page.is_fresh(now) {
            return Some(page);
        }
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = Snapshot::clone(&self.current.load());
        next.render(municipality, service, &self.catalogue, now);
        let page = next.page(municipality, service);
        self.current.store(Arc::new(next));
        page
    }
}
