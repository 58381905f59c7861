//! Items set aside.

use super::check::{CheckInput, CheckResult, ok, query_tables, warn};
use crate::jobs;

/// How many are named.
const NAMED: usize = 10;

/// Due items that failed, files that could not be scanned, and public rows that this version cannot read. Older tables have no such items.
pub(super) fn set_aside(input: &CheckInput<'_>) -> Vec<CheckResult> {
    let is_old = |it: &crate::store::Store| it.missing_migrations().is_ok_and(|it| !it.is_empty());
    if input.store.as_ref().is_ok_and(is_old) {
        return vec![];
    }
    query_tables(input, jobs::names_set_aside, |names| {
        if names.is_empty() {
            return ok("nothing is set aside");
        }
        let some: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
        warn(
            format!("{} set aside: {}", names.len(), some.join("; ")),
            "See the log for the errors. Was a row written by a newer version, or outside the registry?",
        )
    })
}
