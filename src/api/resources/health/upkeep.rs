//! Metrics of the background tasks.

use std::{fmt, sync::Arc};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};

use crate::jobs::Upkeep;

/// Reads the state of the tasks for `/metrics`.
#[derive(Debug)]
struct Reader(Arc<Upkeep>);

/// Registers the metrics.
pub fn measure(upkeep: &Arc<Upkeep>, registry: &mut Registry) {
    registry.register_collector(Box::new(Reader(Arc::clone(upkeep))));
}

impl Collector for Reader {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let report = self.0.report();
        let mut gauge = |name, help, value: usize| {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)
        };
        gauge(
            "godkjent_due_set_aside",
            "Due items that failed and wait to be tried again",
            report.due.count,
        )?;
        gauge("godkjent_due_left", "Due items that only a later version knows", report.left)?;
        gauge(
            "godkjent_evidence_set_aside",
            "Files that could not be scanned and wait to be tried again",
            report.files.count,
        )?;
        gauge(
            "godkjent_public_rows_set_aside",
            "Public rows that cannot be read",
            report.rows.count,
        )?;
        let suspended = usize::from(report.jumped.is_some());
        gauge(
            "godkjent_due_suspended",
            "1 while due items wait for a clock that jumped",
            suspended,
        )?;
        let (name, help) =
            ("godkjent_task_restarts", "Background tasks that ended and were started again");
        let kind = ConstCounter::new(0_u64).metric_type();
        let mut family = encoder.encode_descriptor(name, help, None, kind)?;
        for (task, count) in report.restarts {
            let labels = [("task", task)];
            ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
