//! One transaction, with the state of one that writes.

use std::collections::HashMap;

use super::{
    agenda_row::AgendaRow,
    connection::{DbConnection, StoreError},
    failure::Failure,
    journal_rows::{Head, JournalFilter, JournalRow},
    sql::{Id16, Ts},
};
use crate::{
    domain::{
        application::Application,
        case_summary::CaseSummary,
        event::EventKind,
        municipality::Municipality,
        notice::WrittenLetter,
        offering::{Offering, content::OfferingContent},
        rules::daily_limit,
        values::time::Instant,
    },
    json::offering::draft::DraftContent,
};

/// Reads and writes within one transaction.
pub struct Session<'a> {
    pub(super) rows: DbConnection<'a>,
    /// None where nothing is written.
    pub(super) write_state: Option<WriteState>,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

/// State of a write transaction: its locks, the values read under them, and items to insert at its end. Locked rows cannot
/// change, so each is read once.
#[derive(Debug, Default)]
pub(super) struct WriteState {
    /// By the ids of their offerings.
    pub(super) cases: Vec<Id16>,
    pub(super) applications: HashMap<Id16, Application>,
    pub(super) offerings: HashMap<Id16, (Offering, DraftContent)>,
    pub(super) versions: HashMap<(Id16, i32), (OfferingContent, Instant)>,
    /// Items of the agenda that are inserted together at the end.
    pub(super) agenda: Vec<AgendaRow>,
    /// Cases that were saved, and whether each is new.
    pub(super) summaries: Vec<(CaseSummary, bool)>,
    /// The service of each application that was read or saved.
    pub(super) services: HashMap<Id16, String>,
    /// Letters of messages that this transaction makes available.
    pub(super) letters: Vec<WrittenLetter>,
    /// The municipalities that were read, locked.
    pub(super) municipalities: HashMap<String, Municipality>,
    /// Application and approval of each decision that was signed.
    pub(super) signed: HashMap<Id16, (Id16, Option<Id16>)>,
}

impl<'a> Session<'a> {
    /// One that only reads.
    pub(super) const fn for_read(rows: DbConnection<'a>) -> Self {
        Self { rows, write_state: None }
    }

    /// One that writes.
    pub(super) fn for_write(rows: DbConnection<'a>) -> Self {
        Self { rows, write_state: Some(WriteState::default()) }
    }
}

impl Session<'_> {
    /// The journal after a position, oldest first.
    pub fn journal_after(&mut self, after: i64, limit: i64) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.rows.journal_after(after, limit)?)
    }

    /// Matching journal rows after a position, oldest first.
    pub fn journal_found(
        &mut self,
        filter: &JournalFilter,
        after: i64,
        limit: i64,
    ) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.rows.journal_found(filter, after, limit)?)
    }

    /// Number of an organisation's profile and listing changes on the Norwegian day of an instant.
    fn changes_today(&mut self, organisation: &str, now: Instant) -> Result<i64, StoreError> {
        // The organisation is locked until the end of the transaction.
        self.lock_name(&format!("daily limit {organisation}"))?;
        let kinds = daily_limit::COUNTED.map(EventKind::as_str);
        let from = Ts::from(daily_limit::counted_from(now));
        Ok(self.rows.journal_count_since(organisation, &kinds, from)?)
    }

    /// Guards one more profile or listing change of an organisation: all instances count in the journal.
    ///
    /// # Errors
    /// `too-many-changes`, or a failing database.
    pub fn check_daily_limit(&mut self, organisation: &str, now: Instant) -> Result<(), Failure> {
        let changes = self.changes_today(organisation, now)?;
        Ok(daily_limit::check(changes, now)?)
    }

    /// Where the journal ends.
    pub fn journal_head(&mut self) -> Result<Head, StoreError> {
        Ok(self.rows.journal_head()?)
    }

    /// The public rows of the journal after a public position, oldest first.
    pub fn public_after(&mut self, after: i64, limit: i64) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.rows.journal_public_after(after, limit)?)
    }
}
