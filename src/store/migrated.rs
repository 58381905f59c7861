//! Migreringer: which changes of the schema the database has had.

use diesel::prelude::*;

use super::{Error, Session, Store, connection::repository};

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
    }
}

impl Store {
    /// The numbers of migrations that the program knows and the database has not had. To ask takes a
    /// connection and one query, so it also tells whether the database answers.
    ///
    /// # Errors
    /// A failing database.
    pub fn migrations_missing(&self) -> Result<Vec<String>, Error> {
        let run =
            self.read(|session: &mut Session<'_>| Ok::<_, Error>(session.rows.migrations_run()?))?;
        Ok(super::connection::migrations_known()?
            .into_iter()
            .filter(|it| !run.contains(it))
            .collect())
    }
}
