//! What checks have in common.

use std::{fs, io, path::Path};

use serde::Serialize;

use crate::{
    config::Settings,
    context::Context,
    private_file,
    store::{Store, StoreError},
};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and should be looked at.
    Warn,
    /// It does not work, or must not be left so.
    Fail,
}

/// Inputs of the checks.
pub(super) struct CheckInput<'a> {
    pub(super) settings: &'a Settings,
    /// Unknown `GODKJENT_*` variables.
    pub(super) unknown: &'a [String],
    /// The database, or why it cannot be reached.
    pub(super) store: Result<Store, StoreError>,
    pub(super) context: &'a Context,
}

/// Severity, finding and remedy.
pub(super) type CheckResult = (Level, String, Option<&'static str>);

pub(super) fn ok(message: impl Into<String>) -> Vec<CheckResult> {
    vec![(Level::Ok, message.into(), None)]
}

pub(super) fn warn(message: impl Into<String>, remedy: &'static str) -> Vec<CheckResult> {
    vec![(Level::Warn, message.into(), Some(remedy))]
}

pub(super) fn fail(message: impl Into<String>, remedy: &'static str) -> Vec<CheckResult> {
    vec![(Level::Fail, message.into(), Some(remedy))]
}

#[cfg(unix)]
pub(super) fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_open_to_others(_: &Path) -> bool {
    false
}

/// Whether a file or directory could be created at a path: in the nearest directory that exists, another file is created
/// and removed.
pub(super) fn try_creation(path: &Path) -> io::Result<()> {
    let above =
        path.ancestors().skip(1).map(|it| if it == Path::new("") { Path::new(".") } else { it });
    let directory = above.into_iter().find(|it| it.exists()).unwrap_or_else(|| Path::new("."));
    let probe = directory.join(format!(".doctor-{}", std::process::id()));
    private_file::create(&probe).and_then(|_| fs::remove_file(&probe))
}

/// Whether the database has no tables of a registry yet: nothing of it can be checked.
pub(super) fn is_new(store: &Store) -> bool {
    store.is_registry().is_ok_and(|it| !it)
}

/// Queries a reachable database; otherwise `database` reports the error.
pub(super) fn query_store<T>(
    input: &CheckInput<'_>,
    query: impl FnOnce(&Store) -> Result<T, StoreError>,
    report: impl FnOnce(T) -> Vec<CheckResult>,
) -> Vec<CheckResult> {
    let Ok(store) = &input.store else { return vec![] };
    match query(store) {
        Ok(answer) => report(answer),
        Err(error) => fail(
            error.to_string(),
            "Check the rights of the database user and the server; tables of an earlier version need godkjent migrate.",
        ),
    }
}

/// The same of the tables of a registry, which a new database does not have yet.
pub(super) fn query_tables<T>(
    input: &CheckInput<'_>,
    query: impl FnOnce(&Store) -> Result<T, StoreError>,
    report: impl FnOnce(T) -> Vec<CheckResult>,
) -> Vec<CheckResult> {
    if input.store.as_ref().is_ok_and(is_new) {
        return vec![];
    }
    query_store(input, query, report)
}
