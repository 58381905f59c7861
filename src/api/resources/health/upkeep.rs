//! Metrics of the journal, the register and the background tasks.

use std::{fmt, sync::Arc};

use actix_web::web::Data;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Registry};

use crate::{
    api::{
        AppState,
        middleware::samples::{Samples, count, seconds, unix_seconds},
    },
    domain::values::time::Instant,
    jobs::{Upkeep, UpkeepReport},
};

/// Reads the state of the tasks for `/metrics`.
#[derive(Debug)]
struct Reader {
    upkeep: Arc<Upkeep>,
    state: Data<AppState>,
}

/// Registers the metrics.
pub fn register(registry: &mut Registry, upkeep: &Arc<Upkeep>, state: &Data<AppState>) {
    let (upkeep, state) = (Arc::clone(upkeep), state.clone());
    registry.register_collector(Box::new(Reader { upkeep, state }));
}

impl Collector for Reader {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (report, mut samples) = (self.upkeep.report(), Samples(encoder));
        let now = self.state.context.now();
        encode_positions(&report, &self.state, now, &mut samples)?;
        encode_due(&report, now, &mut samples)?;
        encode_evidence(&report, &mut samples)?;
        let help = "Background tasks that ended and were started again";
        let restarts = report.restarts.into_iter();
        let restarts = restarts.map(|(task, count)| ([("task", task)], count));
        samples.counters("godkjent_task_restarts", help, restarts)
    }
}

/// Time from an earlier instant to now, in seconds.
fn age(now: Instant, earlier: Instant) -> f64 {
    seconds((now - earlier).num_milliseconds().max(0))
}

fn encode_positions(
    report: &UpkeepReport,
    state: &AppState,
    now: Instant,
    samples: &mut Samples<'_>,
) -> fmt::Result {
    if let Some(head) = &report.head {
        let help = "Position of the last row of the journal";
        samples.gauge("godkjent_journal_position", help, head.position)?;
        let help = "Position of the last public row of the journal";
        samples.gauge("godkjent_feed_position", help, head.public_position)?;
    }
    let help = "Position of the change feed that this instance shows";
    samples.gauge("godkjent_register_position", help, state.register.position())?;
    if let Some(at) = state.register.followed_at() {
        let help = "Time since this instance read the journal to its end";
        samples.gauge("godkjent_register_lag_seconds", help, age(now, at))?;
    }
    let help = "Public rows that cannot be read";
    samples.gauge("godkjent_public_rows_set_aside", help, count(report.rows.count))?;
    if let Some((position, at)) = report.checkpoint {
        let help = "Position of the last checkpoint that this instance signed";
        samples.gauge("godkjent_checkpoint_position", help, position)?;
        let help = "Time of the last checkpoint that this instance signed, in Unix time";
        samples.gauge("godkjent_checkpoint_timestamp_seconds", help, unix_seconds(at))?;
    }
    Ok(())
}

fn encode_due(report: &UpkeepReport, now: Instant, samples: &mut Samples<'_>) -> fmt::Result {
    let help = "Due items of the registry that are not done";
    samples.gauge("godkjent_due_overdue", help, report.overdue.count)?;
    let oldest = report.overdue.oldest.map_or(0.0, |at| age(now, at));
    let help = "Time since the oldest of them fell due";
    samples.gauge("godkjent_due_overdue_age_seconds", help, oldest)?;
    let help = "Due items that failed and wait to be tried again";
    samples.gauge("godkjent_due_set_aside", help, count(report.due.count))?;
    let help = "Due items that only a later version knows";
    samples.gauge("godkjent_due_left", help, count(report.left))?;
    let help = "1 while due items wait for a clock that jumped";
    samples.gauge("godkjent_due_suspended", help, i64::from(report.jumped.is_some()))
}

fn encode_evidence(report: &UpkeepReport, samples: &mut Samples<'_>) -> fmt::Result {
    if let Some(waiting) = report.to_scan {
        let help = "Files that wait for the scanner";
        samples.gauge("godkjent_evidence_to_scan", help, waiting)?;
    }
    let help = "Files that could not be scanned and wait to be tried again";
    samples.gauge("godkjent_evidence_set_aside", help, count(report.files.count))?;
    let sweeps = &report.sweeps;
    samples.counters(
        "godkjent_evidence_sweeps",
        "Sweeps of the evidence store, by outcome",
        [("completed", sweeps.completed), ("failed", sweeps.failed)]
            .map(|(outcome, count)| ([("outcome", outcome)], count)),
    )?;
    let files = &sweeps.files;
    samples.counters(
        "godkjent_evidence_swept_files",
        "Files that a sweep has handled",
        [
            ("deleted", files.deleted),
            ("trashed", files.trashed),
            ("restored", files.restored),
            ("purged", files.purged),
        ]
        .map(|(action, count)| ([("action", action)], u64::try_from(count).unwrap_or(u64::MAX))),
    )?;
    if let Some(at) = sweeps.last {
        let help = "Time of the last completed sweep, in Unix time";
        samples.gauge("godkjent_evidence_last_sweep_timestamp_seconds", help, unix_seconds(at))?;
    }
    Ok(())
}
