//! Context: the only source of the clock and of ids, with the first day of the new Act and the address of the registry.

use std::sync::Arc;

use chrono::{NaiveDate, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

use crate::domain::values::{ids::Id, time::Instant};

/// Time and ids, as a test or the world gives them.
#[derive(Clone)]
pub struct Context {
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    ids: Arc<dyn Fn() -> Uuid + Send + Sync>,
    commencement: Option<NaiveDate>,
    public_url: Arc<str>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Context")
    }
}

impl Context {
    /// A context with a clock and a source of ids of one's own.
    pub fn new(
        clock: impl Fn() -> Instant + Send + Sync + 'static,
        ids: impl Fn() -> Uuid + Send + Sync + 'static,
    ) -> Self {
        Self {
            clock: Arc::new(clock),
            ids: Arc::new(ids),
            commencement: None,
            public_url: Arc::default(),
        }
    }

    /// The system's clock, and ids that follow it (UUID version 7).
    #[allow(clippy::disallowed_methods, reason = "this is the place")]
    #[must_use]
    pub fn system() -> Self {
        Self::new(Utc::now, Uuid::now_v7)
    }

    /// The same with another commencement of the Act of 2025 (lov 20 June 2025 no. 81), or none.
    #[must_use]
    pub fn commencing(self, commencement: Option<NaiveDate>) -> Self {
        Self { commencement, ..self }
    }

    /// The same at an address of the registry, without a slash at its end. Letters name it.
    #[must_use]
    pub fn reached_at(self, public_url: &str) -> Self {
        Self { public_url: public_url.into(), ..self }
    }

    /// The same with another source of ids.
    #[must_use]
    pub fn with_ids(self, ids: impl Fn() -> Uuid + Send + Sync + 'static) -> Self {
        Self { ids: Arc::new(ids), ..self }
    }

    /// The same some time ago.
    #[must_use]
    pub fn earlier(self, ago: TimeDelta) -> Self {
        let clock = self.clock;
        Self { clock: Arc::new(move || clock() - ago), ..self }
    }

    /// The first day of the Act of 2025, if set.
    #[must_use]
    pub const fn commencement(&self) -> Option<NaiveDate> {
        self.commencement
    }

    /// The address of the registry; empty where none is known.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Now, in whole milliseconds: answers equal stored values.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.clock)().trunc_subsecs(3)
    }

    /// A new id for a row of the journal.
    #[must_use]
    pub fn row_id(&self) -> Uuid {
        (self.ids)()
    }

    /// A new id.
    #[must_use]
    pub fn id<T>(&self) -> Id<T> {
        Id::new((self.ids)())
    }
}
