//! The data: a synthetic country in a SQLite file, and the cost of one change.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use godkjent::{
    catalogue::Catalogue,
    context::Context,
    domain::{role::Actor, values::text::Line},
    jobs,
    register::Register,
    store::{CommandMetadata, Store},
};

use super::{
    data::{self, Country},
    servers::Directory,
};

/// The same country for everyone.
const SEED: u64 = 20_260_101;
/// Number of single changes applied to measure their cost.
const SINGLES: usize = 200;

/// Content of the file.
pub struct Loaded {
    pub country: Country,
    pub approvals: usize,
    pub rows: usize,
    /// The requested page: municipality and service.
    pub page: (String, String),
}

impl Loaded {
    /// The numbers of the last approvals of the requested page; they are active.
    pub fn on_page(&self) -> Vec<usize> {
        let all: Vec<_> = (0..self.approvals).step_by(self.country.places()).collect();
        all[all.len().saturating_sub(20)..].to_vec()
    }
}

/// The actor of loaded rows.
pub fn metadata() -> CommandMetadata {
    let line = |said: &str| Line::parse(said).unwrap();
    CommandMetadata {
        id: uuid::Uuid::nil(),
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        actor: Actor { subject: line("bench"), name: line("Benchmark") },
        role: "registry",
        organisation: "313000028".to_owned(),
        request_id: "bench".to_owned(),
    }
}

/// Generates the country and loads it; returns the duration.
pub fn load(place: &Directory, approvals: usize) -> (Loaded, Duration) {
    let begin = Instant::now();
    let country = Country::new(Arc::new(Catalogue::load().unwrap()), SEED, approvals).unwrap();
    let store = Store::open(&place.sqlite("register.db"), 1).unwrap();
    let rows = data::append(&store, &metadata(), country.records()).unwrap();
    let page = country.place(0).unwrap();
    (Loaded { country, approvals, rows, page }, begin.elapsed())
}

/// Cost of one change at this size: the file read again in this process, then one at a time.
pub struct Applied {
    /// Until the register has read the whole file.
    pub read: Duration,
    /// One change: read from the journal, applied, published. The median.
    pub middle: Duration,
    /// The same, the longest.
    pub longest: Duration,
}

pub fn apply(place: &Directory, loaded: &Loaded) -> Applied {
    let catalogue = Arc::new(Catalogue::load().unwrap());
    let (register, context) = (Register::new(catalogue), Context::system());
    let store = Store::open(&place.sqlite("register.db"), 1).unwrap();
    let begin = Instant::now();
    jobs::follow(&store, &register, context.now()).unwrap();
    let read = begin.elapsed();
    let mut changes = loaded.country.changes();
    let mut took: Vec<_> = (0..SINGLES)
        .map(|_| {
            // Ids of changes repeat from one stream to the next; these are rows of their own.
            let mut entry = changes.next().unwrap();
            entry.id = context.id::<()>().uuid();
            data::append(&store, &metadata(), [entry]).unwrap();
            let before = register.position();
            let begin = Instant::now();
            jobs::follow(&store, &register, context.now()).unwrap();
            let took = begin.elapsed();
            assert_eq!(register.position(), before + 1);
            took
        })
        .collect();
    took.sort();
    Applied { read, middle: took[SINGLES / 2], longest: took[SINGLES - 1] }
}
