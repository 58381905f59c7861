//! The file of a SQLite database.

use super::{
    error::{StoreError, failed},
    queries::Lite,
};
use diesel::{Connection, connection::SimpleConnection};
use std::path::Path;

/// The file of a SQLite database, as its URL names it; none for PostgreSQL.
#[must_use]
pub fn sqlite_path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// The name of a file. In memory each connection would have a separate database.
pub(crate) fn expect_file(path: &Path) -> Result<String, StoreError> {
    let name = path.display().to_string();
    if name.is_empty() || name.contains(":memory:") || name.contains("mode=memory") {
        return Err(failed("SQLite in memory is not supported: name a file"));
    }
    Ok(name)
}

/// Makes a SQLite file where there is none, in the mode in which readers do not wait for the writer.
pub(super) fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let name = expect_file(path)?;
    let failed = |error: &dyn ToString| failed(format!("{name}: {}", error.to_string()));
    let mut first = Lite::establish(&name).map_err(|error| failed(&error))?;
    let session = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL";
    first.batch_execute(session).map_err(|error| failed(&error))
}
