//! Loading the journal with public rows alone.

use diesel::prelude::*;

use super::{
    CommandMetadata, JournalRow, Store, StoreError, connection::repository, journal_row,
    schema::journal,
};
use crate::{
    domain::{event::Event, values::time::Instant},
    json::public::PublicRecord,
};

/// Rows in one transaction. A journal row has 18 columns, and databases bind 32 766 values at the most.
const TOGETHER: usize = 1000;

/// A public change without the case that it comes from.
#[derive(Debug, Clone)]
pub struct PublicEntry {
    /// Id of its journal row.
    pub id: uuid::Uuid,
    /// When it happened.
    pub at: Instant,
    pub event: Event,
    /// The whole public representation afterwards.
    pub record: PublicRecord,
}

repository! {
    /// Appending many journal entries at once.
    pub(crate) trait LoadingRows {
        /// Appends entries, which were chained to the head.
        fn journal_append_all(c, rows: &[JournalRow]) -> QueryResult<()> {
            diesel::insert_into(journal::table).values(rows).execute(c).map(drop)
        }
    }
}

impl Store {
    /// Appends public rows to the journal, in transactions of a thousand; gives how many.
    ///
    /// Only the journal is written: the tables of cases stay as they are, so nobody can act on
    /// what is loaded. That is enough for all that the public reads, and it is meant for
    /// benchmarks and tests alone. Of `stamp` only the id and the time are not used.
    pub fn append_public(
        &self,
        stamp: &CommandMetadata,
        entries: impl IntoIterator<Item = PublicEntry>,
    ) -> Result<usize, StoreError> {
        let mut entries = entries.into_iter();
        let mut appended = 0;
        loop {
            let some: Vec<_> = entries.by_ref().take(TOGETHER).collect();
            if some.is_empty() {
                return Ok(appended);
            }
            self.append_together(stamp, &some)?;
            appended += some.len();
        }
    }

    fn append_together(
        &self,
        stamp: &CommandMetadata,
        entries: &[PublicEntry],
    ) -> Result<(), StoreError> {
        let rows = entries.iter().map(|entry| {
            let stamp = CommandMetadata { id: entry.id, at: entry.at, ..stamp.clone() };
            journal_row(&stamp, &entry.event, Some(&entry.record))
        });
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        self.pool.write(|repo| {
            let mut head = repo.lock_head()?;
            for row in &mut rows {
                head.chain(row);
            }
            repo.journal_append_all(&rows)?;
            Ok(repo.move_head(&head)?)
        })
    }
}
