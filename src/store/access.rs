//! Access log: reads of private files by another organisation, saved before the answer is sent.
//!
//! Simultaneous readers are saved together, in one transaction without the journal lock: the first writes the
//! entries of all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;

use super::{
    Session, Store, StoreError,
    connection::repository,
    schema::access_log,
    sql::{Id16, Ts},
};
use crate::domain::{
    access::{AccessLogEntry, Right},
    role::CallerIdentity,
    values::{
        ids::{ApplicationId, ApprovalId},
        time::Instant,
    },
};

/// Rows in one statement. A row has 13 values, and databases bind at most 32 766 of them.
const TOGETHER: usize = 2000;

/// A new entry.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = access_log)]
pub(crate) struct NewAccess {
    at: Ts,
    actor: String,
    actor_name: String,
    role: &'static str,
    organisation: String,
    basis: &'static str,
    request_id: String,
    subject_type: &'static str,
    subject_id: String,
    municipality: Option<String>,
    provider: Option<String>,
    application: Option<Id16>,
    approval: Option<Id16>,
}

/// A stored entry of the log.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = access_log)]
pub struct AccessRow {
    /// Its number; later ones are greater.
    pub number: i64,
    /// When.
    pub at: Ts,
    /// Name of the reader.
    pub actor_name: String,
    /// In which role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// Legal right.
    pub basis: String,
    /// Under which request.
    pub request_id: String,
    /// Collection of the subject.
    pub subject_type: String,
    /// Its key.
    pub subject_id: String,
}

/// Owner of the file.
#[derive(Debug, Clone, Copy)]
pub enum CaseFile {
    Application(ApplicationId),
    Approval(ApprovalId),
}

/// A reader of another organisation's file.
#[derive(Debug, Clone)]
pub struct Reader {
    pub caller: CallerIdentity,
    pub right: Right,
    /// Under which request.
    pub request_id: String,
}

repository! {
    /// The log of accesses.
    pub(crate) trait AccessRows {
        fn insert_accesses(c, rows: &[NewAccess]) -> QueryResult<()> {
            diesel::insert_into(access_log::table).values(rows).execute(c).map(drop)
        }
        /// Those of a file, the last first.
        fn access_rows(c, file: &CaseFile, before: i64, limit: i64) -> QueryResult<Vec<AccessRow>> {
            let query = access_log::table
                .filter(access_log::number.lt(before))
                .order(access_log::number.desc())
                .limit(limit)
                .select(AccessRow::as_select())
                .into_boxed();
            match file {
                CaseFile::Application(id) => {
                    query.filter(access_log::application.eq(Id16(id.uuid()))).load(c)
                }
                CaseFile::Approval(id) => query.filter(access_log::approval.eq(Id16(id.uuid()))).load(c),
            }
        }
    }
}

/// Entries waiting to be saved. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue(Arc<Waiting>);

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

/// A lock, also after another thread broke off: each change under it is whole.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Queue {
    /// Saves entries together with those of all waiting readers, and returns when they are durable.
    fn keep(
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
            return Ok(()); // Whoever wrote last has kept them.
        }
        let last = open.last().map_or(ticket, |(last, _)| *last);
        let rows: Vec<_> = open.into_iter().flat_map(|(_, entries)| entries).collect();
        let written = write(&rows);
        // Where it failed, each of the others tries for itself.
        let is_done = |other| if written.is_ok() { other <= last } else { other == ticket };
        held(&self.0.entries).open.retain(|(other, _)| !is_done(*other));
        written
    }
}

impl Store {
    /// Logs reads of parts of files. `Ok` means durable.
    pub fn log_accesses(
        &self,
        reader: &Reader,
        at: Instant,
        looked: Vec<AccessLogEntry>,
    ) -> Result<(), StoreError> {
        if looked.is_empty() {
            return Ok(());
        }
        let entries = looked.into_iter().map(|it| entry(reader, at, it)).collect();
        self.accesses.keep(entries, |rows| {
            self.pool
                .write(|c| rows.chunks(TOGETHER).try_for_each(|some| Ok(c.insert_accesses(some)?)))
        })
    }
}

fn entry(reader: &Reader, at: Instant, looked: AccessLogEntry) -> NewAccess {
    let Reader { caller, right, request_id } = reader;
    NewAccess {
        at: Ts::from(at),
        actor: caller.actor.subject.to_string(),
        actor_name: caller.actor.name.to_string(),
        role: caller.role.as_str(),
        organisation: caller.organisation.to_string(),
        basis: right.as_str(),
        request_id: request_id.clone(),
        subject_type: looked.collection,
        subject_id: looked.key,
        municipality: looked.municipality.map(|it| it.to_string()),
        provider: looked.provider.map(|it| it.to_string()),
        application: looked.application.map(|id| Id16(id.uuid())),
        approval: looked.approval.map(|id| Id16(id.uuid())),
    }
}

impl Session<'_> {
    /// Readers of a file, latest first.
    pub fn accesses(
        &mut self,
        file: CaseFile,
        before: i64,
        limit: i64,
    ) -> Result<Vec<AccessRow>, StoreError> {
        Ok(self.rows.access_rows(&file, before, limit)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        role::{Actor, Assured, Role},
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
        };
        let reader = Reader { caller, right: Right::DecidingBody, request_id: "r".to_owned() };
        let at = "2026-03-12T09:00:00Z".parse().unwrap();
        vec![entry(&reader, at, AccessLogEntry::at_the_journal(what.to_owned()))]
    }

    fn value(rows: &[NewAccess]) -> Vec<&str> {
        rows.iter().map(|row| row.subject_id.as_str()).collect()
    }

    #[test]
    fn who_waits_is_written_by_the_first_and_who_fails_takes_nobody_along() {
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
        // The next writes for those two as well, and the first is nobody's any more.
        let kept = queue.keep(looked_at("fourth"), |rows| {
            assert_eq!(value(rows), ["second", "third", "fourth"]);
            Ok(())
        });
        assert_eq!(kept, Ok(()));
        assert!(held(&queue.0.entries).open.is_empty());
    }
}
