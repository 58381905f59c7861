//! Backup: a consistent copy of a SQLite database during writes.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::Text};

use super::{
    Head, StoreError,
    connection::{DbConnection, Lite},
    sqlite_path,
};
use crate::private_file;

/// Error of a backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has its own programs.
    #[error(
        "PostgreSQL is backed up by its own programs:\n  pg_dump --format=custom --file={} \"$GODKJENT_DATABASE_URL\"",
        .0.display()
    )]
    Postgres(PathBuf),
    /// There is no database at that path.
    #[error("{0}: the database does not exist; check GODKJENT_DATABASE_URL")]
    NoDatabase(String),
    /// Nothing is written over.
    #[error("{0}: the file already exists; name another")]
    Taken(String),
    /// The file cannot be written.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// The copy is not whole.
    #[error("the copy is not whole: {0}")]
    NotWhole(String),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies the database at a URL into a new file with owner-only permissions, and returns the end of its
/// journal. It contains every command accepted before the call; writers continue meanwhile. `Ok` means that the
/// copy is durable; on an error there is no file of that name.
pub fn backup(url: &str, to: &Path) -> Result<Head, BackupError> {
    let Some(path) = sqlite_path(url) else {
        return Err(BackupError::Postgres(to.to_owned()));
    };
    let from = path.display().to_string();
    if !path.is_file() {
        return Err(BackupError::NoDatabase(from));
    }
    if to.exists() {
        return Err(BackupError::Taken(to.display().to_string()));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let copied = copy(&from, &partial).and_then(|head| {
        publish(&partial, to)
            .map_err(|error| BackupError::File(to.display().to_string(), error))?;
        Ok(head)
    });
    if copied.is_err() {
        // A missing file needs no removal.
        let _ = fs::remove_file(&partial);
    }
    copied
}

fn copy(from: &str, partial: &Path) -> Result<Head, BackupError> {
    let name = partial.display().to_string();
    // Replaces the remains of an interrupted backup.
    let emptied = if partial.exists() { fs::remove_file(partial) } else { Ok(()) };
    let made = emptied.and_then(|()| private_file::create(partial));
    made.map_err(|error| BackupError::File(name.clone(), error))?;
    let failed = |error: diesel::result::Error| BackupError::Store(StoreError::from(error));
    let mut source = open(from)?;
    // One read transaction: SQLite writes the copy page by page, without deleted content.
    sql_query("VACUUM INTO ?").bind::<Text, _>(&name).execute(&mut source).map_err(failed)?;
    let mut copied = open(&name)?;
    let value: Vec<Check> = sql_query("PRAGMA quick_check").load(&mut copied).map_err(failed)?;
    match value.as_slice() {
        [Check { quick_check }] if quick_check == "ok" => {}
        wrong => {
            let wrong: Vec<_> = wrong.iter().map(|it| it.quick_check.as_str()).collect();
            return Err(BackupError::NotWhole(wrong.join("; ")));
        }
    }
    DbConnection::Sqlite(&mut copied).journal_head().map_err(failed)
}

#[derive(QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

fn open(path: &str) -> Result<Lite, BackupError> {
    let failed = |error: &dyn ToString| BackupError::Store(StoreError::Database(error.to_string()));
    let mut connection = Lite::establish(path).map_err(|error| failed(&error))?;
    connection.batch_execute("PRAGMA busy_timeout=5000").map_err(|error| failed(&error))?;
    Ok(connection)
}

/// Gives the copy its name when all of it is on the disk.
fn publish(partial: &Path, to: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(partial)?.sync_all()?;
    fs::rename(partial, to)?;
    let folder = to.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}
