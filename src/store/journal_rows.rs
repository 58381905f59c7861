//! Rows of the journal, the append-only list of everything that happened.

use super::connection::repository;
use super::schema::{journal, journal_head};
use super::sql::{Id16, Json, Ts};
use diesel::prelude::*;

/// One journal entry as stored. `position` counts from 1 without gaps, in commit order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal)]
pub struct JournalRow {
    /// The number that [`JournalRows::next_position`] gave to this transaction.
    pub position: i64,
    /// Its number among the public entries, from [`JournalRows::next_public_position`].
    pub public_position: Option<i64>,
    /// The entry's own identifier, a UUID version 7.
    pub id: Id16,
    /// When it happened, in whole microseconds.
    pub at: Ts,
    /// The subject of the actor's token.
    pub actor: String,
    /// The actor's name at that time.
    pub actor_name: String,
    /// The role in which the actor acted.
    pub role: String,
    /// The organisation for which the actor acted, if any.
    pub organisation: Option<String>,
    /// The request that caused the entry.
    pub request_id: String,
    /// What happened.
    pub kind: String,
    /// The type of the thing it happened to.
    pub subject_type: String,
    /// The identifier of that thing.
    pub subject_id: String,
    /// The municipality number concerned, if any.
    pub municipality: Option<String>,
    /// The provider's organisation number, if one is concerned.
    pub provider: Option<String>,
    /// The revision of the subject after the change.
    pub revision: i64,
    /// The whole entry as JSON, for those who may see the case.
    pub detail: Json,
    /// The entry as JSON as everyone may see it; `None` if it is not public.
    pub public: Option<Json>,
}

repository! {
    /// Reading and appending journal entries.
    pub(crate) trait JournalRows {
        /// Takes the next position and with it the lock that puts write transactions in order.
        /// It must be the first statement of each write transaction: taken later, two
        /// transactions that touch the same rows could deadlock. A rollback gives it back.
        fn next_position(c) -> QueryResult<i64> {
            diesel::update(journal_head::table.find(1))
                .set(journal_head::position.eq(journal_head::position + 1))
                .returning(journal_head::position)
                .get_result(c)
        }

        /// Takes the next public position, for an entry that everyone may see.
        fn next_public_position(c) -> QueryResult<i64> {
            diesel::update(journal_head::table.find(1))
                .set(journal_head::public_position.eq(journal_head::public_position + 1))
                .returning(journal_head::public_position)
                .get_result(c)
        }

        /// Appends one entry; its position must come from `next_position`.
        fn journal_append(c, row: &JournalRow) -> QueryResult<()> {
            diesel::insert_into(journal::table).values(row).execute(c).map(drop)
        }

        /// At most `limit` entries after position `after`, oldest first.
        fn journal_after(c, after: i64, limit: i64) -> QueryResult<Vec<JournalRow>> {
            journal::table
                .filter(journal::position.gt(after))
                .order(journal::position)
                .limit(limit)
                .select(JournalRow::as_select())
                .load(c)
        }

        /// At most `limit` public entries after public position `after`, oldest first.
        fn journal_public_after(c, after: i64, limit: i64) -> QueryResult<Vec<JournalRow>> {
            journal::table
                .filter(journal::public_position.gt(after))
                .order(journal::public_position)
                .limit(limit)
                .select(JournalRow::as_select())
                .load(c)
        }
    }
}
