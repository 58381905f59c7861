//! Due work: reminders, second notices, status changes on their day.
//!
//! Each item is claimed and executed in one transaction, so it is executed once, however late and on however
//! many instances. No decision is made against a party.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::JobContext;
use crate::{
    commands::{Tx, due},
    domain::{agenda::Task, event::Subject, values::time::Instant},
    store::{self, AgendaPosition, AgendaRow, CommandOutcome, Failure, Store},
};

/// How many items are read at a time.
const BATCH: i64 = 200;
/// The result of one round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueResult {
    /// How many items were done.
    pub done: usize,
    /// How many items are of a kind that only a later version knows. They are left to it.
    pub left: usize,
}

/// Why an item was not done.
enum ItemError {
    /// Another instance has executed it, or the item is gone.
    Taken,
    /// A domain error, or a failing database.
    Failed(Failure),
}

impl From<Failure> for ItemError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<store::StoreError> for ItemError {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Executes due items. A failing item is set aside, and the others continue.
pub fn run_due(jobs: &JobContext) -> Result<DueResult, store::StoreError> {
    let (store, now) = (&jobs.store, jobs.context.now());
    let (mut round, mut after) = (DueResult::default(), AgendaPosition::START);
    loop {
        let rows = store.read(|session| session.due_items(now, &after, BATCH))?;
        let Some(last) = rows.last() else { return Ok(round) };
        after = AgendaPosition::from(last);
        for row in rows {
            if is_of_a_later_version(&row.task) {
                round.left += 1;
                continue;
            }
            // A panic counts as a failure of this item; the store rolls back and drops the connection.
            let attempt = AssertUnwindSafe(|| jobs.write(now, |tx| claim_and_run(&row, tx)));
            match catch_unwind(attempt) {
                Ok(Ok(())) => round.done += 1,
                Ok(Err(ItemError::Taken)) => {}
                Ok(Err(ItemError::Failed(Failure::Store(error)))) if error.is_outage() => {
                    return Err(error);
                }
                Ok(Err(ItemError::Failed(failure))) => set_aside(store, &row, &failure, now)?,
                Err(_) => set_aside(store, &row, &"the program panicked", now)?,
            }
        }
    }
}

/// Whether a task may be of a later version: it has the form of a name, and this version has no such task.
fn is_of_a_later_version(task: &str) -> bool {
    let is_name = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    Task::named(task).is_none() && task.split('-').all(is_name)
}

/// Sets an item aside. Only its first failure is logged.
fn set_aside(
    store: &Store,
    row: &AgendaRow,
    error: &dyn std::fmt::Display,
    now: Instant,
) -> Result<(), store::StoreError> {
    let noted = store.set_aside(row, &error.to_string(), now)?;
    if noted && row.attempts == 0 {
        let (task, collection, id) = (&row.task, &row.subject_type, &row.subject_id);
        tracing::warn!(%task, subject = %format!("/v1/{collection}/{id}"), %error, "a due item is set aside");
    }
    Ok(())
}

fn claim_and_run(row: &AgendaRow, tx: &mut Tx) -> Result<CommandOutcome<()>, ItemError> {
    // A command that changes the subject clears its items: it is locked before them here too.
    if let Some(subject) = Subject::parse(&row.subject_type, &row.subject_id) {
        tx.session.lock(&subject)?;
    }
    if !tx.session.claim_item(row, tx.now)? {
        return Err(ItemError::Taken);
    }
    Ok(due::run(row, tx)?)
}
