//! Upkeep: the state of the background tasks, for probes and metrics.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;

use super::{
    JobContext,
    clock::{ClockCheck, ClockGuard},
    due::{DueResult, run_due},
    evidence,
    follow::{follow, public_change},
};
use crate::{
    context::Context,
    domain::values::time::Instant,
    register::{BATCH, PublicChange, Register},
    store::{self, AgendaRow, FileToScan, Head, Overdue, Store},
    vault::Vault,
};

/// Maximum number of named items set aside, of each kind.
const NAMED: i64 = 20;

/// The state of the background tasks.
#[derive(Debug, Default)]
pub struct Upkeep(Mutex<UpkeepReport>);

/// The same at one moment.
#[derive(Debug, Clone, Default)]
pub struct UpkeepReport {
    /// Due items that are set aside.
    pub due: SetAsideCount,
    /// Files of evidence that are.
    pub files: SetAsideCount,
    /// Public rows that are.
    pub rows: SetAsideCount,
    /// How many due items are left to a later version.
    pub left: usize,
    /// Minutes by which the clock has jumped ahead, while due work is suspended.
    pub jumped: Option<TimeDelta>,
    /// Due items of the registry that are not done.
    pub overdue: Overdue,
    /// How many files wait for the scanner; none without a scanner.
    pub to_scan: Option<i64>,
    /// The end of the journal, when it was last read.
    pub head: Option<Head>,
    /// Sweeps of the evidence store.
    pub sweeps: SweepCount,
    /// The last checkpoint that was signed here: the position of its row, and when.
    pub checkpoint: Option<(i64, Instant)>,
    /// How often each background task has ended and was started again.
    pub restarts: BTreeMap<&'static str, u64>,
    guard: ClockGuard,
}

/// Sweeps of the evidence store since the start.
#[derive(Debug, Clone, Default)]
pub struct SweepCount {
    /// How many went through.
    pub completed: u64,
    /// How many failed, or were not safe.
    pub failed: u64,
    /// When the last one went through.
    pub last: Option<Instant>,
    /// What they did, in numbers of files.
    pub files: evidence::Swept,
}

/// Items of one kind that are set aside.
#[derive(Debug, Clone, Default)]
pub struct SetAsideCount {
    /// How many there are.
    pub count: usize,
    /// The first of them, by name.
    pub named: Vec<String>,
}

impl SetAsideCount {
    fn new(count: i64, named: impl Iterator<Item = String>) -> Self {
        Self { count: usize::try_from(count).unwrap_or(usize::MAX), named: named.collect() }
    }
}

impl fmt::Display for SetAsideCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in &self.named {
            writeln!(f, "set aside: {name}")?;
        }
        match self.count.saturating_sub(self.named.len()) {
            0 => Ok(()),
            more => writeln!(f, "set aside: {more} more of these"),
        }
    }
}

impl fmt::Display for UpkeepReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.due, self.files, self.rows)?;
        if self.left > 0 {
            writeln!(f, "left to a later version: {} due items", self.left)?;
        }
        if let Some(ahead) = self.jumped {
            writeln!(
                f,
                "due work is suspended: the clock has jumped {} minutes ahead",
                ahead.num_minutes()
            )?;
        }
        Ok(())
    }
}

impl Upkeep {
    /// The present state.
    #[must_use]
    pub fn report(&self) -> UpkeepReport {
        self.known().clone()
    }

    /// Counts a task that ended and is started again.
    pub fn count_restart(&self, task: &'static str) {
        *self.known().restarts.entry(task).or_default() += 1;
    }

    /// Notes a checkpoint that was signed.
    pub fn note_checkpoint(&self, position: i64, at: Instant) {
        self.known().checkpoint = Some((position, at));
    }

    /// One round of the follower at a time of the monotonic clock: executes due items, unless the clock has
    /// jumped, and updates the register. Returns the number of executed items.
    pub fn round(
        &self,
        jobs: &JobContext,
        register: &Register,
        monotonic: Duration,
    ) -> Result<usize, store::StoreError> {
        let done = match self.judge(&jobs.store, &jobs.context, monotonic) {
            Ok(false) => Ok(0),
            Ok(true) => self.do_due(jobs),
            Err(error) => Err(error),
        };
        self.follow(&jobs.store, register, &jobs.context).and(done)
    }

    /// Executes due items and updates the register, whatever the clock.
    pub fn catch_up(
        &self,
        jobs: &JobContext,
        register: &Register,
    ) -> Result<usize, store::StoreError> {
        let done = self.do_due(jobs);
        self.follow(&jobs.store, register, &jobs.context).and(done)
    }

    /// Has files scanned; gives how many were.
    pub async fn scan(
        &self,
        jobs: &JobContext,
        vault: &Vault,
    ) -> Result<usize, evidence::EvidenceJobError> {
        if vault.scanner.is_none() {
            return Ok(0);
        }
        let scanned = evidence::scan(jobs, vault).await;
        let store = jobs.store.clone();
        let read = move || {
            store.read(|session| {
                let found = session.files_set_aside(NAMED)?;
                Ok::<_, store::StoreError>((found, session.count_to_scan()?))
            })
        };
        let (found, to_scan) = evidence::blocking(read).await?;
        let mut known = self.known();
        known.files = SetAsideCount::new(found.count, found.oldest.iter().map(name_of_file));
        known.to_scan = Some(to_scan);
        scanned
    }

    /// Sweeps the evidence store.
    pub async fn sweep(
        &self,
        jobs: &JobContext,
        vault: &Vault,
    ) -> Result<evidence::Swept, evidence::EvidenceJobError> {
        let now = jobs.context.now();
        let swept = evidence::sweep(&jobs.store, vault, now).await;
        let mut known = self.known();
        let sweeps = &mut known.sweeps;
        match &swept {
            Ok(swept) => {
                sweeps.completed += 1;
                sweeps.last = Some(now);
                sweeps.files += *swept;
            }
            Err(_) => sweeps.failed += 1,
        }
        swept
    }

    /// Whether due items may be executed.
    fn judge(
        &self,
        store: &Store,
        context: &Context,
        monotonic: Duration,
    ) -> Result<bool, store::StoreError> {
        let (now, UpkeepReport { mut guard, jumped, .. }) = (context.now(), self.report());
        let last = || Ok(store.end_of_journal()?.1.map(|row| row.at.0));
        let verdict = guard.judge(now, monotonic, last, || store.clock())?;
        let ahead = match verdict {
            ClockCheck::Suspended(ahead) => Some(ahead),
            ClockCheck::Trusted => {
                let reopened = store.reopen_done_after(now + super::clock::BOUND)?;
                if reopened > 0 {
                    tracing::warn!(reopened, "items completed under a wrong clock are due again");
                }
                None
            }
            ClockCheck::Steady => None,
        };
        match (jumped, ahead) {
            (None, Some(ahead)) => {
                let minutes = ahead.num_minutes();
                tracing::warn!(minutes, "the clock has jumped ahead: due work is suspended");
            }
            (Some(_), None) => tracing::info!("the clock is trusted again: due work resumes"),
            _ => {}
        }
        let mut known = self.known();
        (known.guard, known.jumped) = (guard, ahead);
        Ok(ahead.is_none())
    }

    fn do_due(&self, jobs: &JobContext) -> Result<usize, store::StoreError> {
        let DueResult { done, left } = run_due(jobs)?;
        let now = jobs.context.now();
        let (found, overdue) = jobs.store.read(|session| {
            let found = session.set_aside(NAMED)?;
            Ok::<_, store::StoreError>((found, session.overdue_items(now)?))
        })?;
        let mut known = self.known();
        if left > 0 && known.left == 0 {
            tracing::info!(left, "due items are left to a later version");
        }
        (known.left, known.overdue) = (left, overdue);
        known.due = SetAsideCount::new(found.count, found.oldest.iter().map(name_of_item));
        Ok(done)
    }

    fn follow(
        &self,
        store: &Store,
        register: &Register,
        context: &Context,
    ) -> Result<(), store::StoreError> {
        follow(store, register, context.now())?;
        let snapshot = register.snapshot();
        let unread = snapshot.unread();
        let count = i64::try_from(unread.len()).unwrap_or(i64::MAX);
        let most = usize::try_from(NAMED).unwrap_or(usize::MAX);
        let named = unread.flatten().take(most).map(name_of_row);
        let rows = SetAsideCount::new(count, named);
        let head = store.end_of_journal()?.0;
        let mut known = self.known();
        (known.rows, known.head) = (rows, Some(head));
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, UpkeepReport> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a due item that is set aside.
fn name_of_item(row: &AgendaRow) -> String {
    let AgendaRow { task, subject_type, subject_id, attempts, .. } = row;
    format!("{task} of /v1/{subject_type}/{subject_id} (attempts: {attempts})")
}

/// The name of a file that is set aside.
fn name_of_file(FileToScan { id, attempts }: &FileToScan) -> String {
    format!("scan of /v1/evidence/{id} (attempts: {attempts})")
}

/// The name of a public row that is set aside.
fn name_of_row(change: &PublicChange) -> String {
    let PublicChange { position, collection, key, .. } = change;
    format!("change {position} of the feed, about /v1/{collection}/{key}")
}

/// The names of all that is set aside: due items, files that could not be scanned, and public rows that this version
/// cannot read.
pub fn names_set_aside(store: &Store) -> Result<Vec<String>, store::StoreError> {
    let (items, files) = store.read(|session| {
        let items = session.set_aside(i64::MAX)?;
        Ok::<_, store::StoreError>((items.oldest, session.files_set_aside(i64::MAX)?.oldest))
    })?;
    let items = items.iter().map(name_of_item);
    let mut names: Vec<_> = items.chain(files.iter().map(name_of_file)).collect();
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut after = 0;
    loop {
        let rows = store.read(|session| session.public_after(after, limit))?;
        let Some(last) = rows.last() else { return Ok(names) };
        after = last.public_position.unwrap_or(i64::MAX);
        for row in rows {
            let change = public_change(row)?;
            if change.record.is_none() {
                names.push(name_of_row(&change));
            }
        }
    }
}
