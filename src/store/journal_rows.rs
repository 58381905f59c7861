//! Rows of the journal, the append-only list of everything that happened.

use super::{
    connection::repository,
    schema::{journal, journal_head},
    sql::{Id16, Json, Ts},
};
use crate::domain::values::time::Instant;

use diesel::prelude::*;

/// One journal entry as stored. `position` counts from 1 without gaps, in commit order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
pub struct JournalRow {
    /// Its number among all entries.
    pub position: i64,
    /// Its number among the public entries.
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
    /// Kind of event.
    pub kind: String,
    /// Type of the subject.
    pub subject_type: String,
    /// Identifier of the subject.
    pub subject_id: String,
    /// The municipality number concerned, if any.
    pub municipality: Option<String>,
    /// The provider's organisation number, if one is concerned.
    pub provider: Option<String>,
    /// The revision of the subject after the change.
    pub revision: i64,
    /// The whole entry as JSON, for parties with access to the case.
    pub detail: Json,
    /// The entry as JSON as everyone may see it; `None` if it is not public.
    pub public: Option<Json>,
    /// The hash of this entry and the one before it; see [`super::chain`].
    pub hash: Vec<u8>,
}

/// The end of the journal. The holder of `lock_head` is the only writer.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Head {
    /// The position of the last row.
    pub position: i64,
    /// That of the last public row in the feed.
    pub public_position: i64,
    /// The hash of the last row.
    pub hash: Vec<u8>,
}

/// Filter of an auditor; all given conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct JournalFilter {
    /// Collection and key of the subject.
    pub subject: Option<(String, String)>,
    /// The key of the actor.
    pub actor: Option<String>,
    /// The organisation for which the actor acted.
    pub organisation: Option<String>,
    /// Kind of event.
    pub kind: Option<String>,
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub to: Option<Instant>,
}

repository! {
    /// Reading and appending journal entries.
    impl DbConnection {
        /// Where the journal ends, without a lock.
        fn journal_head(c) -> QueryResult<Head> {
            journal_head::table
                .find(1)
                .select((journal_head::position, journal_head::public_position, journal_head::hash))
                .first(c)
        }

        /// Updates the end of the journal, as the last statement of a write transaction.
        fn move_head(c, head: &Head) -> QueryResult<()> {
            diesel::update(journal_head::table.find(1))
                .set((
                    journal_head::position.eq(head.position),
                    journal_head::public_position.eq(head.public_position),
                    journal_head::hash.eq(&head.hash),
                ))
                .execute(c)
                .map(drop)
        }

        /// Appends entries that were chained to the head.
        fn journal_append(c, rows: &[JournalRow]) -> QueryResult<()> {
            diesel::insert_into(journal::table).values(rows).execute(c).map(drop)
        }

        /// Number of an organisation's entries of some kinds since an instant. Only entries from the position
        /// of the first one since then are counted.
        fn journal_count_since(
            c, organisation: &str, kinds: &[&str], since: Ts
        ) -> QueryResult<i64> {
            let all = diesel::alias!(journal as all);
            let first = all
                .filter(all.field(journal::at).ge(since))
                .order((all.field(journal::at), all.field(journal::position)))
                .select(all.field(journal::position))
                .limit(1)
                .single_value();
            journal::table
                .filter(journal::organisation.eq(organisation))
                .filter(journal::position.nullable().ge(first))
                .filter(journal::at.ge(since))
                .filter(journal::kind.eq_any(kinds))
                .count()
                .get_result(c)
        }

        /// The last entry.
        fn last_journal_row(c) -> QueryResult<Option<JournalRow>> {
            journal::table
                .order(journal::position.desc())
                .select(JournalRow::as_select())
                .first(c)
                .optional()
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

        /// At most `limit` matching entries after position `after`, oldest first.
        fn journal_found(
            c, filter: &JournalFilter, after: i64, limit: i64
        ) -> QueryResult<Vec<JournalRow>> {
            let mut query = journal::table
                .filter(journal::position.gt(after))
                .order(journal::position)
                .limit(limit)
                .select(JournalRow::as_select())
                .into_boxed();
            if let Some((collection, key)) = &filter.subject {
                query = query
                    .filter(journal::subject_type.eq(collection))
                    .filter(journal::subject_id.eq(key));
            }
            if let Some(actor) = &filter.actor {
                query = query.filter(journal::actor.eq(actor));
            }
            if let Some(organisation) = &filter.organisation {
                query = query.filter(journal::organisation.eq(organisation));
            }
            if let Some(kind) = &filter.kind {
                query = query.filter(journal::kind.eq(kind));
            }
            if let Some(from) = filter.from {
                query = query.filter(journal::at.ge(Ts::from(from)));
            }
            if let Some(to) = filter.to {
                query = query.filter(journal::at.lt(Ts::from(to)));
            }
            query.load(c)
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
