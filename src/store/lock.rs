//! Lås: one process at a time works on a SQLite database.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::connection::{StoreError, expect_file, sqlite_path};

/// Holds an operating-system lock on a SQLite database until it is dropped or its process ends.
///
/// `serve` and `migrate` take it. Read-only commands do not, so they run beside a server. PostgreSQL supports
/// several processes and needs none.
#[derive(Debug)]
pub struct DatabaseLock(#[expect(dead_code, reason = "held, and never read")] Option<File>);

impl DatabaseLock {
    /// Takes the lock of the database at a URL.
    pub fn acquire(url: &str) -> Result<Self, StoreError> {
        let Some(database) = sqlite_path(url) else { return Ok(Self(None)) };
        let name = expect_file(database)?;
        let failed = |error: io::Error| StoreError::Database(format!("{name}: {error}"));
        let path = lock_path(database).map_err(failed)?;
        let file = open(&path)
            .map_err(|error| StoreError::Database(format!("{}: {error}", path.display())))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(name)),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Beside the database itself, by whatever path it is reached. SQLite's own locks are on the database file and
/// would be lost where we close it.
fn lock_path(database: &Path) -> io::Result<PathBuf> {
    let whole = if let Ok(whole) = fs::canonicalize(database) {
        whole
    } else {
        let folder = database.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or_else(|| Path::new(".")))?;
        folder.join(database.file_name().ok_or(io::ErrorKind::InvalidFilename)?)
    };
    let mut path = whole.into_os_string();
    path.push("-lock");
    Ok(path.into())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
