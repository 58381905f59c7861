//! Metrics of the database connections, and of the queues before them.

use std::fmt;

use actix_web::web::Data;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Registry};

use crate::api::{
    AppState,
    middleware::samples::{Samples, count},
};

/// Reads the present use for `/metrics`.
#[derive(Debug)]
struct Reader(Data<AppState>);

/// Registers the metrics.
pub fn register(registry: &mut Registry, state: &Data<AppState>) {
    registry.register_collector(Box::new(Reader(state.clone())));
}

impl Collector for Reader {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (state, mut samples) = (&self.0, Samples(encoder));
        let pools = state.store.usage();
        samples.gauges(
            "godkjent_database_connections",
            "Open database connections, in use and idle",
            pools.iter().flat_map(|it| {
                let of = |state, number| ([("pool", it.pool), ("state", state)], i64::from(number));
                [of("in-use", it.in_use), of("idle", it.idle)]
            }),
        )?;
        samples.gauges(
            "godkjent_database_connections_max",
            "Maximum number of database connections",
            pools.iter().map(|it| ([("pool", it.pool)], i64::from(it.size))),
        )?;
        let queues = [
            state.concurrency.reads.usage(),
            state.concurrency.commands.usage(),
            state.heavy_reads.usage(),
        ];
        samples.gauges(
            "godkjent_queue_running",
            "Requests at work behind a limit",
            queues.iter().map(|it| ([("queue", it.queue)], count(it.running))),
        )?;
        let writers = ([("queue", "sqlite-writer")], count(state.store.waiting_writers()));
        samples.gauges(
            "godkjent_queue_waiting",
            "Requests that wait for a permit of a limit",
            queues.iter().map(|it| ([("queue", it.queue)], count(it.waiting))).chain([writers]),
        )?;
        samples.gauges(
            "godkjent_queue_permits",
            "Permits of a limit",
            queues.iter().map(|it| ([("queue", it.queue)], count(it.permits))),
        )
    }
}
