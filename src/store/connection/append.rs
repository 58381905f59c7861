//! Writes with journal rows; the end of the journal is locked last (docs/adr/0041).

use super::{
    error::StoreError,
    pool::{BEGIN, Kind, Pool},
    postgres::{self, append_and_commit},
    queries::DbConnection,
    transaction::{checked_out, rolled_back},
};
use crate::store::journal_rows::{Head, JournalRow};

impl Pool {
    /// Runs `f` in a write transaction and appends its rows to the journal. The journal is locked after `f`,
    /// and only append and commit follow under the lock: positions follow the commit order without gaps.
    /// Returns the new end of the journal, if there are rows.
    pub(crate) fn append<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut DbConnection<'_>) -> Result<(T, Vec<JournalRow>), E>,
    ) -> Result<(T, Option<Head>), E> {
        match &self.0 {
            Kind::Sqlite(writer, _) => writer.run(|c| {
                let mut c = DbConnection::Sqlite(c);
                let (answer, rows) = f(&mut c)?;
                let Some((head, rows)) = chained(&mut c, rows)? else { return Ok((answer, None)) };
                c.journal_append(&rows).map_err(StoreError::from)?;
                c.move_head(&head).map_err(StoreError::from)?;
                Ok((answer, Some(head)))
            }),
            Kind::Postgres(pool, _) => {
                let mut c = checked_out(pool)?;
                postgres::begin(&mut c, BEGIN).map_err(StoreError::from)?;
                let mut rows = DbConnection::Postgres(&mut c);
                let ready =
                    f(&mut rows).and_then(|(answer, new)| Ok((answer, chained(&mut rows, new)?)));
                if ready.is_err() {
                    rolled_back(&mut *c);
                }
                let (answer, rows) = ready?;
                append_and_commit(&mut c, rows.as_ref())?;
                Ok((answer, rows.map(|(head, _)| head)))
            }
        }
    }
}

/// Locks the journal and puts rows behind its end. Gives the new end; none where there are no rows.
fn chained(
    c: &mut DbConnection<'_>,
    mut rows: Vec<JournalRow>,
) -> Result<Option<(Head, Vec<JournalRow>)>, StoreError> {
    if rows.is_empty() {
        return Ok(None);
    }
    let mut head = c.lock_head()?;
    for row in &mut rows {
        head.chain(row);
    }
    Ok(Some((head, rows)))
}
