//! Register: the public view in memory, built from the public rows of the journal.
//!
//! Readers take the current [`Snapshot`] and never wait. A change makes the next snapshot, which
//! shares all that did not change, and swaps it in.

pub mod approval;
pub mod as_of;
pub mod body;
pub mod compensation;
pub mod decisions;
pub mod export;
pub mod feed;
pub mod index;
pub mod page;
pub mod pages;
pub mod postings;
pub mod search;
pub mod shuffle;
pub mod snapshot;
pub mod statistics;
pub mod text;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use arc_swap::ArcSwap;
use chrono::TimeDelta;
use tokio::sync::watch;

pub use approval::ViewedApproval;
pub use as_of::AsOfView;
pub use feed::{ListedApproval, PublicChange};
pub use pages::Rendered;
pub use snapshot::Snapshot;

use crate::{catalogue::Catalogue, domain::values::time::Instant};

/// Maximum time without a read of the journal before answers are marked with their age.
const UNHEARD: TimeDelta = TimeDelta::seconds(5);

/// How many changes are read at a time.
pub const BATCH: usize = 1000;

/// The feed position, and whether waiting for more makes sense.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// The position of the last change.
    pub position: i64,
    /// The program is about to stop.
    pub stopping: bool,
}

/// The current snapshot, and the lock for its replacement.
#[derive(Debug)]
pub struct Register {
    current: ArcSwap<Snapshot>,
    changing: Mutex<()>,
    moved: watch::Sender<Reached>,
    catalogue: Arc<Catalogue>,
    /// When the journal was last read to its end, in milliseconds of the epoch; 0 before that.
    followed: AtomicI64,
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
            followed: AtomicI64::new(0),
        }
    }

    /// The current snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// The feed position of this instance.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.current.load().position()
    }

    /// Notifies about each change of the feed position.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Reached> {
        self.moved.subscribe()
    }

    /// Records that the register is current as of this time.
    fn heard(&self, now: Instant) {
        self.followed.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// When the journal was last read to its end; none before the first time.
    #[must_use]
    pub fn followed_at(&self) -> Option<Instant> {
        let followed = self.followed.load(Ordering::Relaxed);
        (followed != 0).then(|| Instant::from_timestamp_millis(followed)).flatten()
    }

    /// The time of the shown data, if the journal was not read for too long.
    #[must_use]
    pub fn as_of(&self, now: Instant) -> Option<Instant> {
        let followed = self.followed.load(Ordering::Relaxed);
        let unheard = now.timestamp_millis().saturating_sub(followed);
        let is_old = followed != 0 && unheard > UNHEARD.num_milliseconds();
        is_old.then(|| Instant::from_timestamp_millis(followed)).flatten()
    }

    /// Wakes all long polls and streams at shutdown.
    pub fn stop(&self) {
        self.moved.send_modify(|reached| reached.stopping = true);
    }

    /// Applies changes after the present position until there are no more. `read` returns the changes after a
    /// position, at most [`BATCH`] of them, in order; calls queue, so each change is applied once. Readers see
    /// the new snapshot at the end, so never a part of a transaction, and find pages with readers rendered. If
    /// the position is already `wanted`, nothing is read.
    pub fn catch_up<E>(
        &self,
        now: Instant,
        wanted: i64,
        mut read: impl FnMut(i64) -> Result<Vec<PublicChange>, E>,
    ) -> Result<(), E> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.current.load_full();
        if before.position() >= wanted {
            return Ok(());
        }
        let mut next = Snapshot::clone(&before);
        loop {
            let changes = read(next.position())?;
            let last = changes.len() < BATCH;
            for change in changes {
                next.apply(change);
            }
            if last {
                break;
            }
        }
        let position = next.position();
        if position == before.position() {
            self.heard(now);
            return Ok(());
        }
        self.render_touched(&before, &mut next, now);
        self.current.store(Arc::new(next));
        self.heard(now);
        self.moved.send_modify(|reached| reached.position = position);
        Ok(())
    }

    /// Renders the pages that changed, in the forms in which they were read before.
    fn render_touched(&self, before: &Snapshot, next: &mut Snapshot, now: Instant) {
        for key in next.pages.take_touched() {
            let page = next.pages.slot(&key);
            let page = page.and_then(|slot| slot.page(next, &key, &self.catalogue, now));
            let read = before.pages.slot(&key).map(|slot| slot.ready());
            if let (Some(page), Some(Some(read))) = (page, read.as_deref()) {
                page.body.prepare_like(&read.body);
            }
        }
    }

    /// The rendered page of a municipality's service, by the end of its path; rendered now if a change or time
    /// has invalidated it.
    #[must_use]
    pub fn page(&self, key: &str, now: Instant) -> Option<Arc<Rendered>> {
        self.with_page(key, now, |page, _| Arc::clone(page))
    }

    /// The same with the feed position, by reference: without reference counting, readers on many cores do not
    /// contend for the counter.
    pub fn with_page<T>(
        &self,
        key: &str,
        now: Instant,
        look: impl FnOnce(&Arc<Rendered>, i64) -> T,
    ) -> Option<T> {
        let snapshot = self.current.load();
        let slot = snapshot.pages.slot(key)?;
        if let Some(page) = slot.ready().as_ref().filter(|page| page.is_fresh(now)) {
            return Some(look(page, snapshot.position()));
        }
        let page = slot.page(&snapshot, key, &self.catalogue, now)?;
        Some(look(&page, snapshot.position()))
    }
}
