//! Tilstand: what a registry's doctor and its probes ask of the database; see [`super::connection`].

use diesel::prelude::*;

use super::{
    Head, JournalRow, Store, StoreError,
    connection::{health::known_migrations, repository},
};
use crate::domain::values::time::Instant;

pub use super::connection::health::Migrations;

/// How many pages a command may need.
const PAGES: usize = 32;

diesel::table! {
    /// As diesel keeps it.
    __diesel_schema_migrations (version) {
        /// The number at the beginning of a migration's name.
        version -> Text,
    }
}

repository! {
    /// Migrations.
    pub(crate) trait MigrationRows {
        /// The numbers of those that were run.
        fn migrations_run(c) -> QueryResult<Vec<String>> {
            __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(c)
        }

        /// Writes the head of the journal as it is, by way of another value: SQLite writes no page whose content stays.
        fn rewrite_head(c) -> QueryResult<usize> {
            use super::schema::journal_head::dsl::{journal_head, position};
            diesel::update(journal_head.find(1)).set(position.eq(position + 1)).execute(c)?;
            diesel::update(journal_head.find(1)).set(position.eq(position - 1)).execute(c)
        }
    }
}

impl Store {
    /// How far the tables have come.
    pub fn migrations(&self) -> Result<Migrations, StoreError> {
        self.pool.migrations()
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

    /// What SQLite's `quick_check` finds damaged, none of it where all is well. `None` on PostgreSQL, which has
    /// tools of its own (`pg_amcheck`, data checksums).
    pub fn damage(&self) -> Result<Option<Vec<String>>, StoreError> {
        self.pool.damage()
    }

    /// Whether a row can be written: the head of the journal is written as it is.
    pub fn try_writing(&self) -> Result<(), StoreError> {
        self.pool.try_writing(1)
    }

    /// Whether there is room for what a command writes, and not only for one page.
    pub fn try_room(&self) -> Result<(), StoreError> {
        self.pool.try_writing(PAGES)
    }

    /// Guards against altering the journal that are not there.
    pub fn missing_guards(&self) -> Result<Vec<&'static str>, StoreError> {
        self.pool.missing_guards()
    }

    /// The language of the database's messages, where it has more than one.
    pub fn language(&self) -> Result<Option<String>, StoreError> {
        self.pool.language()
    }

    /// What the database's own clock says, where it has one.
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
