//! Health checks of a database. Nothing is changed.

use super::{
    error::StoreError,
    pool::{Kind, Pool},
    queries::Lite,
    transaction::{begin, undone},
};
use crate::{
    domain::values::time::Instant,
    store::sql::{Micros, Ts},
};

use diesel::{QueryableByName, RunQueryDsl, dsl::sql, sql_query, sql_types::Text};

/// Triggers that protect the journal and the access log.
const SQLITE_GUARDS: [&str; 3] = ["journal_no_update", "journal_no_delete", "access_log_no_update"];
const POSTGRES_GUARDS: [&str; 3] =
    ["journal_append_only", "journal_is_chained", "access_log_no_update"];

const SQLITE_FOUND: &str = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
const SQLITE_JOURNAL: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'journal'";
const POSTGRES_JOURNAL: &str =
    "SELECT relname::text AS name FROM pg_class WHERE oid = to_regclass('journal')";
const POSTGRES_LANGUAGE: &str = "SELECT current_setting('lc_messages') AS name";
const POSTGRES_FOUND: &str = "SELECT tgname::text AS name FROM pg_trigger \
    WHERE tgrelid IN (to_regclass('journal'), to_regclass('access_log')) AND tgenabled <> 'D' \
    UNION ALL SELECT conname::text FROM pg_constraint WHERE conrelid = to_regclass('journal')";

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct QuickCheck {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

impl Pool {
    /// Whether rows can be written: commits the unchanged head of the journal this many times, since a full
    /// disk is noticed no earlier. Each commit takes a page of space, and no row is added.
    pub(crate) fn try_writing(&self, times: usize) -> Result<(), StoreError> {
        (0..times).try_for_each(|_| {
            let written = self.write(|repo| {
                repo.lock_head()?;
                Ok(repo.rewrite_head().map(drop)?)
            });
            written.map_err(|error| match error {
                StoreError::Uncertain => {
                    StoreError::NotWritable("the disk or the connection failed".to_owned())
                }
                other => other,
            })
        })
    }

    /// Whether the tables of a registry are there.
    pub(crate) fn is_registry(&self) -> Result<bool, StoreError> {
        let found: Vec<Named> = match &self.0 {
            Kind::Sqlite(_, readers) => {
                undone(readers, begin::<Lite>, |c| Ok(sql_query(SQLITE_JOURNAL).load(c)?))?
            }
            Kind::Postgres(pool, _) => {
                undone(pool, begin, |c| Ok(sql_query(POSTGRES_JOURNAL).load(c)?))?
            }
        };
        Ok(!found.is_empty())
    }

    /// Damage of a SQLite file, by its `quick_check`; `None` on PostgreSQL.
    pub(crate) fn damage(&self) -> Result<Option<Vec<String>>, StoreError> {
        let Kind::Sqlite(_, readers) = &self.0 else { return Ok(None) };
        let checked = undone(readers, begin::<Lite>, |c| {
            Ok(sql_query("PRAGMA quick_check").load::<QuickCheck>(c)?)
        });
        match checked {
            Ok(lines) => {
                let lines = lines.into_iter().map(|line| line.quick_check);
                Ok(Some(lines.filter(|line| line != "ok").collect()))
            }
            // So damaged that it cannot be looked through.
            Err(StoreError::Database(message)) => Ok(Some(vec![message])),
            Err(other) => Err(other),
        }
    }

    /// Missing or disabled triggers of the journal and the access log.
    pub(crate) fn missing_guards(&self) -> Result<Vec<&'static str>, StoreError> {
        let (found, needed): (Vec<Named>, _) = match &self.0 {
            Kind::Sqlite(_, readers) => {
                let found =
                    undone(readers, begin::<Lite>, |c| Ok(sql_query(SQLITE_FOUND).load(c)?));
                (found?, SQLITE_GUARDS)
            }
            Kind::Postgres(pool, _) => {
                (undone(pool, begin, |c| Ok(sql_query(POSTGRES_FOUND).load(c)?))?, POSTGRES_GUARDS)
            }
        };
        let is_there = |name: &&str| found.iter().any(|it| it.name == *name);
        Ok(needed.into_iter().filter(|name| !is_there(name)).collect())
    }

    /// The language of PostgreSQL's messages, which identify lock timeouts. SQLite has only one.
    pub(crate) fn language(&self) -> Result<Option<String>, StoreError> {
        let Kind::Postgres(pool, _) = &self.0 else { return Ok(None) };
        undone(pool, begin, |c| {
            let found: Named = sql_query(POSTGRES_LANGUAGE).get_result(c)?;
            Ok(Some(found.name))
        })
    }

    /// The clock of the database's machine; `None` if it is this one.
    pub(crate) fn clock(&self) -> Result<Option<Instant>, StoreError> {
        match &self.0 {
            Kind::Sqlite(..) => Ok(None),
            Kind::Postgres(pool, _) => undone(pool, begin, |c| {
                let at = diesel::select(sql::<Micros>("clock_timestamp()"));
                Ok(Some(at.get_result::<Ts>(c)?.0))
            }),
        }
    }
}
