//! Tilstand: what a registry's doctor asks of the database; see [`super::connection`].

use super::{Error, Head, JournalRow, Store};
use crate::domain::time::Instant;

pub use super::connection::health::Migrations;

impl Store {
    /// How far the tables have come.
    ///
    /// # Errors
    /// A failing database.
    pub fn migrations(&self) -> Result<Migrations, Error> {
        self.pool.migrations()
    }

    /// Whether rows can be written; nothing is.
    ///
    /// # Errors
    /// A failing database, or one that only reads.
    pub fn try_writing(&self) -> Result<(), Error> {
        self.pool.try_writing()
    }

    /// Guards against altering the journal that are not there.
    ///
    /// # Errors
    /// A failing database.
    pub fn missing_guards(&self) -> Result<Vec<&'static str>, Error> {
        self.pool.missing_guards()
    }

    /// What the database's own clock says, where it has one.
    ///
    /// # Errors
    /// A failing database.
    pub fn clock(&self) -> Result<Option<Instant>, Error> {
        self.pool.clock()
    }

    /// The head of the journal, and its last row.
    ///
    /// # Errors
    /// A failing database.
    pub fn end_of_journal(&self) -> Result<(Head, Option<JournalRow>), Error> {
        self.read(|session| {
            let head = session.journal_head()?;
            Ok((head, session.rows.last_journal_row()?))
        })
    }
}
