//! Entries of the access log of simultaneous readers, saved together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;

use crate::store::{
    connection::StoreError,
    schema::access_log,
    sql::{Id16, Ts},
};

/// A new entry.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = access_log)]
pub(crate) struct NewAccess {
    pub(super) at: Ts,
    pub(super) actor: String,
    pub(super) actor_name: String,
    pub(super) role: &'static str,
    pub(super) organisation: String,
    pub(super) basis: &'static str,
    pub(super) request_id: String,
    pub(super) subject_type: &'static str,
    pub(super) subject_id: String,
    pub(super) municipality: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) application: Option<Id16>,
    pub(super) approval: Option<Id16>,
}

/// Entries waiting to be saved. Clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Queue(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    entries: Mutex<Entries>,
    /// Held by the writer.
    turn: Mutex<()>,
}

#[derive(Debug, Default)]
struct Entries {
    /// The ticket of the next reader.
    next: u64,
    open: Vec<(u64, Vec<NewAccess>)>,
}

/// Takes the lock, also if it is poisoned: each change under it is complete.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Queue {
    /// Saves entries together with those of all waiting readers, and returns when they are durable.
    pub(super) fn keep(
        &self,
        entries: Vec<NewAccess>,
        write: impl FnOnce(&[NewAccess]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let ticket = {
            let mut waiting = held(&self.0.entries);
            waiting.next += 1;
            let ticket = waiting.next;
            waiting.open.push((ticket, entries));
            ticket
        };
        let _turn = held(&self.0.turn);
        let open = held(&self.0.entries).open.clone();
        if open.iter().all(|(other, _)| *other != ticket) {
            return Ok(()); // The last writer has saved them.
        }
        let last = open.last().map_or(ticket, |(last, _)| *last);
        let rows: Vec<_> = open.into_iter().flat_map(|(_, entries)| entries).collect();
        let written = write(&rows);
        // After a failed write each of the other readers tries again.
        let is_done = |other| if written.is_ok() { other <= last } else { other == ticket };
        held(&self.0.entries).open.retain(|(other, _)| !is_done(*other));
        written
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Reader, entry},
        *,
    };
    use crate::domain::{
        access::{AccessLogEntry, Right},
        role::{Actor, Assured, CallerIdentity, Role},
        values::{numbers::OrganisationNumber, text::Line},
    };

    fn looked_at(what: &str) -> Vec<NewAccess> {
        let name = Line::parse("Kari Case").unwrap();
        let caller = CallerIdentity {
            actor: Actor { subject: name.clone(), name },
            role: Role::CaseWorker,
            organisation: OrganisationNumber::parse("820852982").unwrap(),
            municipality: None,
            assured: Assured::default(),
            reads_only: None,
        };
        let reader = Reader { caller, right: Right::DecidingBody, request_id: "r".to_owned() };
        let at = "2026-03-12T09:00:00Z".parse().unwrap();
        vec![entry(&reader, at, AccessLogEntry::at_the_journal(what.to_owned()))]
    }

    fn value(rows: &[NewAccess]) -> Vec<&str> {
        rows.iter().map(|row| row.subject_id.as_str()).collect()
    }

    #[test]
    fn entries_of_waiting_requests_are_written_together_and_outlive_a_failed_write() {
        let queue = Queue::default();
        let waiting = queue.clone();
        // Two more come while the first has its turn.
        let failed = queue.keep(looked_at("first"), |rows| {
            assert_eq!(value(rows), ["first"]);
            let mut entries = held(&waiting.0.entries);
            for (ticket, what) in [(2, "second"), (3, "third")] {
                entries.open.push((ticket, looked_at(what)));
            }
            entries.next = 3;
            Err(StoreError::Busy)
        });
        assert_eq!(failed, Err(StoreError::Busy));
        // The next request writes those two entries as well; the entry of the failed one is gone.
        let kept = queue.keep(looked_at("fourth"), |rows| {
            assert_eq!(value(rows), ["second", "third", "fourth"]);
            Ok(())
        });
        assert_eq!(kept, Ok(()));
        assert!(held(&queue.0.entries).open.is_empty());
    }
}
