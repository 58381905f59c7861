//! Filer som venter på virusskanneren: which are scanned next, and which are set aside.

use chrono::TimeDelta;
use diesel::{dsl::auto_type, prelude::*};

use super::super::{
    Session, Store, StoreError,
    connection::repository,
    schema::evidence,
    set_aside::{shorten, wait_after},
    sql::{Id16, Ts},
};
use crate::domain::values::{ids::FileId, time::Instant};

/// States in which the scanner has not spoken.
const TO_SCAN: [&str; 2] = ["not-scanned", "quarantined"];
/// The longest wait between two attempts to scan a file. A store that was out of reach for hours delays no file by more.
const LONGEST_SCAN_WAIT: TimeDelta = TimeDelta::minutes(10);

/// A file that waits for the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileToScan {
    pub id: FileId,
    /// How many attempts have failed.
    pub attempts: i64,
}

/// The files that could not be scanned and wait to be tried again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesSetAside {
    /// The oldest of them.
    pub oldest: Vec<FileToScan>,
    /// How many there are.
    pub count: i64,
}

repository! {
    /// Unscanned files.
    impl DbConnection {
        fn evidence_to_scan(
            c, now: Ts, after: Id16, limit: i64
        ) -> QueryResult<Vec<(Id16, i64)>> {
            evidence::table
                .filter(evidence::state.eq_any(TO_SCAN))
                .filter(may_be_scanned(now))
                .filter(evidence::id.gt(after))
                .order(evidence::id)
                .limit(limit)
                .select((evidence::id, evidence::scan_attempts))
                .load(c)
        }
        /// Notes that an attempt to scan a file failed, unless another instance has noted it.
        fn set_scan_aside(
            c, id: Id16, attempts: i64, not_before: Ts, error: &str
        ) -> QueryResult<usize> {
            diesel::update(evidence::table.find(id))
                .filter(evidence::state.eq_any(TO_SCAN))
                .filter(evidence::scan_attempts.eq(attempts))
                .set((
                    evidence::scan_attempts.eq(attempts.saturating_add(1)),
                    evidence::scan_not_before.eq(not_before),
                    evidence::scan_error.eq(error),
                ))
                .execute(c)
        }
        fn count_to_scan(c) -> QueryResult<i64> {
            evidence::table.filter(evidence::state.eq_any(TO_SCAN)).count().get_result(c)
        }
        fn scans_set_aside(c, limit: i64) -> QueryResult<Vec<(Id16, i64)>> {
            evidence::table
                .filter(evidence::scan_attempts.gt(0))
                .filter(evidence::state.eq_any(TO_SCAN))
                .order(evidence::id)
                .limit(limit)
                .select((evidence::id, evidence::scan_attempts))
                .load(c)
        }
        fn count_scans_set_aside(c) -> QueryResult<i64> {
            evidence::table
                .filter(evidence::scan_attempts.gt(0))
                .filter(evidence::state.eq_any(TO_SCAN))
                .count()
                .get_result(c)
        }
    }
}

/// Not set aside, or the delay has passed; a wrong clock's delay is ignored, as with due items.
#[auto_type(no_type_alias)]
fn may_be_scanned(now: Ts) -> _ {
    let no_wait: Ts = Ts::from(now.0 + LONGEST_SCAN_WAIT);
    let waited = evidence::scan_not_before.le(now).or(evidence::scan_not_before.gt(no_wait));
    evidence::scan_not_before.is_null().or(waited)
}

impl Session<'_> {
    /// Unscanned files that are not set aside until later, oldest first.
    pub fn evidence_to_scan(
        &mut self,
        now: Instant,
        after: FileId,
        limit: i64,
    ) -> Result<Vec<FileToScan>, StoreError> {
        let rows = self.rows.evidence_to_scan(Ts::from(now), Id16(after.uuid()), limit)?;
        Ok(rows.into_iter().map(FileToScan::from).collect())
    }

    /// How many files wait for the scanner, with those that are set aside.
    pub fn count_to_scan(&mut self) -> Result<i64, StoreError> {
        Ok(self.rows.count_to_scan()?)
    }

    /// The files that could not be scanned, and the oldest of them.
    pub fn files_set_aside(&mut self, named: i64) -> Result<FilesSetAside, StoreError> {
        let count = self.rows.count_scans_set_aside()?;
        let oldest = if count == 0 { vec![] } else { self.rows.scans_set_aside(named)? };
        Ok(FilesSetAside { oldest: oldest.into_iter().map(FileToScan::from).collect(), count })
    }
}

impl Store {
    /// Sets an unscannable file aside. Returns whether this instance did so first.
    pub fn set_scan_aside(
        &self,
        FileToScan { id, attempts }: FileToScan,
        error: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let wait = wait_after(attempts.saturating_add(1)).min(LONGEST_SCAN_WAIT);
        let (id, not_before, error) = (Id16(id.uuid()), Ts::from(now + wait), shorten(error));
        // As with due items: one statement on one row needs no place among the writers.
        self.pool.write(|rows| Ok(rows.set_scan_aside(id, attempts, not_before, &error)? == 1))
    }
}

impl From<(Id16, i64)> for FileToScan {
    fn from((id, attempts): (Id16, i64)) -> Self {
        Self { id: FileId::new(id.0), attempts }
    }
}
