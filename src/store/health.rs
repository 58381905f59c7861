//! Health of the database, for doctor and probes; see [`super::connection`].

use diesel::prelude::*;

use super::{
    Head, JournalRow, Migrations, Session, Store, StoreError,
    connection::{known_migrations, repository},
};
use crate::domain::values::time::Instant;

/// How many pages a command may need.
const PAGES: usize = 32;

diesel::table! {
    /// The table of diesel.
    __diesel_schema_migrations (version) {
        /// The number at the beginning of a migration's name.
        version -> Text,
    }
}

repository! {
    /// Migrations.
    impl DbConnection {
        /// The numbers of those that were run.
        fn migrations_run(c) -> QueryResult<Vec<String>> {
            __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(c)
        }

        /// Rewrites the head of the journal unchanged, by way of another value: SQLite writes no page with
        /// unchanged content.
        fn rewrite_head(c) -> QueryResult<usize> {
            use super::schema::journal_head::dsl::{journal_head, position};
            diesel::update(journal_head.find(1)).set(position.eq(position + 1)).execute(c)?;
            diesel::update(journal_head.find(1)).set(position.eq(position - 1)).execute(c)
        }
    }
}

impl Store {
    /// State of the migrations.
    pub fn migrations(&self) -> Result<Migrations, StoreError> {
        self.pool.migrations()
    }

    /// Removes all tables with their content if `may` permits it, in one transaction.
    pub fn remove_tables<E: From<StoreError>>(
        &self,
        may: impl FnOnce(&mut Session<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.pool.remove_tables(|rows| may(&mut Session::for_read(rows.reborrow())))
    }

    /// The numbers of migrations that the program knows and the database has not had. It waits for no writer, as
    /// [`Store::migrations`] does, and wants a database that was migrated once.
    pub fn missing_migrations(&self) -> Result<Vec<String>, StoreError> {
        let run = self.read(|session| Ok::<_, StoreError>(session.rows.migrations_run()?))?;
        let known = known_migrations()?;
        Ok(known.into_iter().filter(|it| !run.contains(it)).collect())
    }

    /// Whether the tables of a registry are there.
    pub fn is_registry(&self) -> Result<bool, StoreError> {
        self.pool.is_registry()
    }

    /// The findings of SQLite's `quick_check`, empty without damage. `None` on PostgreSQL, which has its own
    /// tools (`pg_amcheck`, data checksums).
    pub fn damage(&self) -> Result<Option<Vec<String>>, StoreError> {
        self.pool.damage()
    }

    /// Whether a row can be written: the head of the journal is written as it is.
    pub fn try_writing(&self) -> Result<(), StoreError> {
        self.pool.try_writing(1)
    }

    /// Whether there is space for the writes of a command, and not only for one page.
    pub fn try_room(&self) -> Result<(), StoreError> {
        self.pool.try_writing(PAGES)
    }

    /// Missing triggers that protect the journal.
    pub fn missing_guards(&self) -> Result<Vec<&'static str>, StoreError> {
        self.pool.missing_guards()
    }

    /// The language of the database's messages, where it has more than one.
    pub fn language(&self) -> Result<Option<String>, StoreError> {
        self.pool.language()
    }

    /// The database's own clock, if it has one.
    pub fn clock(&self) -> Result<Option<Instant>, StoreError> {
        self.pool.clock()
    }

    /// The head of the journal, and its last row.
    pub fn end_of_journal(&self) -> Result<(Head, Option<JournalRow>), StoreError> {
        self.read(|session| {
            let head = session.journal_head()?;
            Ok((head, session.rows.last_journal_row()?))
        })
    }
}
