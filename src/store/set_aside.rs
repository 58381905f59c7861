//! Tilsidesatte frister: items that fell due and could not be done, and when they are tried again.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{
    AgendaRow, Session, Store, StoreError, connection::repository, schema::agenda, sql::Ts,
};
use crate::domain::values::time::Instant;

/// The wait after the first failed attempt; it doubles with each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// The longest wait between two attempts.
pub(crate) const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// Maximum length of a stored error.
const LONGEST_ERROR: usize = 500;

/// The items that are set aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetAside {
    /// The oldest of them.
    pub oldest: Vec<AgendaRow>,
    /// How many there are.
    pub count: i64,
}

/// How long an item waits after so many failed attempts.
pub(super) fn wait_after(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(0);
    FIRST_WAIT.checked_mul(2_i32.pow(doublings)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

/// The stored prefix of an error.
pub(super) fn shorten(error: &str) -> String {
    error.chars().take(LONGEST_ERROR).collect()
}

repository! {
    /// Items that could not be done.
    impl DbConnection {
        /// Notes that an attempt failed, unless another instance has noted it.
        fn set_item_aside(c, row: &AgendaRow, not_before: Ts, error: &str) -> QueryResult<usize> {
            let key = (&row.subject_type, &row.subject_id, &row.task, row.due_at);
            diesel::update(agenda::table.find(key))
                .filter(agenda::done_at.is_null())
                .filter(agenda::attempts.eq(row.attempts))
                .set((
                    agenda::attempts.eq(agenda::attempts + 1),
                    agenda::not_before.eq(not_before),
                    agenda::error.eq(error),
                ))
                .execute(c)
        }
        /// Items whose last attempt failed, oldest first.
        fn items_set_aside(c, limit: i64) -> QueryResult<Vec<AgendaRow>> {
            agenda::table
                .filter(agenda::attempts.gt(0))
                .filter(agenda::done_at.is_null())
                .order((agenda::due_at, agenda::subject_id, agenda::task))
                .limit(limit)
                .select(AgendaRow::as_select())
                .load(c)
        }
        /// How many items had an attempt that failed.
        fn count_set_aside(c) -> QueryResult<i64> {
            agenda::table
                .filter(agenda::attempts.gt(0))
                .filter(agenda::done_at.is_null())
                .count()
                .get_result(c)
        }
        /// Reopens items completed at a future instant.
        fn reopen_items(c, after: Ts) -> QueryResult<usize> {
            diesel::update(agenda::table)
                .filter(agenda::done_at.gt(after))
                .set(agenda::done_at.eq(None::<Ts>))
                .execute(c)
        }
    }
}

impl Store {
    /// Sets an item aside after a failed attempt. Returns whether this instance did so first.
    pub fn set_aside(
        &self,
        row: &AgendaRow,
        error: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let not_before = Ts::from(now + wait_after(row.attempts.saturating_add(1)));
        let error = shorten(error);
        // One statement on one row, which no command waits for: it needs no place among the writers.
        self.pool.write(|rows| Ok(rows.set_item_aside(row, not_before, &error)? == 1))
    }

    /// Opens items that were marked as done later than an instant, as a wrong clock does. Gives how many.
    pub fn reopen_done_after(&self, instant: Instant) -> Result<usize, StoreError> {
        self.pool.write(|rows| Ok(rows.reopen_items(Ts::from(instant))?))
    }
}

impl Session<'_> {
    /// The items that are set aside, and the oldest of them.
    pub fn set_aside(&mut self, named: i64) -> Result<SetAside, StoreError> {
        let count = self.rows.count_set_aside()?;
        let oldest = if count == 0 { vec![] } else { self.rows.items_set_aside(named)? };
        Ok(SetAside { oldest, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let minutes: Vec<_> = (1..=9).map(|it| wait_after(it).num_seconds()).collect();
        assert_eq!(minutes, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(wait_after(i64::MAX), LONGEST_WAIT);
        assert_eq!(wait_after(0), FIRST_WAIT);
    }
}
