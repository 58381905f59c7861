//! Settings of the database.

use std::path::{Path, PathBuf};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use crate::store::sqlite_path;

/// The database.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    /// Database: `sqlite:path` or `postgres://…`. It may contain a password: prefer the variable, since other
    /// users of the machine can see flags.
    #[arg(
        long,
        env = "GODKJENT_DATABASE_URL",
        default_value = "sqlite:godkjent.db",
        hide_env_values = true
    )]
    pub database_url: SecretString,
}

impl DatabaseSettings {
    /// The URL; it may contain a password.
    #[must_use]
    pub fn url(&self) -> &str {
        self.database_url.expose_secret()
    }

    /// The path of a SQLite database; none of another.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        sqlite_path(self.url())
    }

    /// The folder for the e-mail of a demo.
    #[must_use]
    pub fn demo_mail(&self) -> PathBuf {
        self.beside("godkjent-demo-mail")
    }

    /// A file of that name beside a SQLite database; with another database in the working directory.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        let folder = self.sqlite_path().and_then(Path::parent);
        folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
    }
}
