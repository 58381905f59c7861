//! Whether rows can be written, as observed by commands and probes.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use super::problem::Problem;
use crate::{
    domain::values::time::Instant,
    store::{Store, StoreError},
};

/// How long a successful write is good for.
const WRITABLE: TimeDelta = TimeDelta::seconds(10);

/// The outcome of the last write.
#[derive(Debug, Default)]
pub struct WriteHealth(Mutex<LastWrite>);

#[derive(Debug, Clone, Copy, Default)]
enum LastWrite {
    /// Not tried yet.
    #[default]
    Unknown,
    /// At this instant.
    Succeeded(Instant),
    /// A command could not write, and none has since.
    Failed,
}

impl WriteHealth {
    /// Observes an answer. After a failed write the registry is not ready until a write succeeds.
    pub fn observe(&self, problem: &Problem) {
        if matches!(problem.code, "not-writable" | "outcome-unknown") {
            self.set(LastWrite::Failed);
        }
    }

    /// Tries to write unless a write has just succeeded.
    pub(super) fn try_writing(&self, store: &Store, now: Instant) -> Result<(), StoreError> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match last {
            LastWrite::Succeeded(at) if (TimeDelta::zero()..WRITABLE).contains(&(now - at)) => {
                return Ok(());
            }
            LastWrite::Failed => store.try_room()?,
            LastWrite::Succeeded(_) | LastWrite::Unknown => store.try_writing()?,
        }
        self.set(LastWrite::Succeeded(now));
        Ok(())
    }

    fn set(&self, last: LastWrite) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }
}
