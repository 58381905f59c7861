//! Keys of one issuer, fetched in the background and kept during an outage of the issuer.
//!
//! Only a request with an unknown key waits for the network, for a bounded time. Fetched keys are replaced by a
//! later fetch, never by an error.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, Validation};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use tokio::sync::watch;

use super::{
    claims::{ClaimSet, Claims},
    fetch::{JwksClient, VerificationKey},
};
use crate::domain::values::time::Instant;

/// Age at which keys are fetched again.
const REFRESH: TimeDelta = TimeDelta::hours(1);
/// How old keys may be before it is an alarm.
pub(super) const STALE: TimeDelta = TimeDelta::hours(24);
/// Minimum time between two fetches.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// How long a request with an unknown key waits for a fetch.
const KEY_FETCH_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// The keys that are held, and how the last fetch went.
#[derive(Debug, Default, Clone)]
struct Held {
    keys: Arc<[VerificationKey]>,
    fetched: Option<Instant>,
    error: Option<Arc<str>>,
}

/// Whether a fetch is running, and when the last one began.
#[derive(Debug, Default)]
struct Flight {
    running: bool,
    began: Option<Instant>,
}

/// How it is with an issuer's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwksHealth {
    /// The issuer.
    pub issuer: String,
    /// How many keys are held.
    pub keys: usize,
    /// When they were fetched; none if never.
    pub fetched: Option<Instant>,
    /// Whether they are older than they should be, or were never fetched.
    pub stale: bool,
    /// Why the last fetch failed; none where it went well.
    pub error: Option<String>,
}

/// The label of an issuer in measurements.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    issuer: String,
}

/// The label of a fetch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Fetch {
    issuer: String,
    outcome: &'static str,
}

/// Metrics of issuers.
#[derive(Debug, Default, Clone)]
pub(super) struct Measured {
    fetches: Family<Fetch, Counter>,
    keys: Family<Of, Gauge>,
    fetched: Family<Of, Gauge>,
}

impl Measured {
    /// Gives the measurements their names.
    pub(super) fn register(&self, registry: &mut Registry) {
        let fetches = self.fetches.clone();
        registry.register("godkjent_issuer_fetches", "Fetches of an issuer's keys", fetches);
        let keys = self.keys.clone();
        registry.register("godkjent_issuer_keys", "Keys that are held of an issuer", keys);
        let help = "When an issuer's keys were fetched last, in Unix time";
        registry.register(
            "godkjent_issuer_keys_fetched_timestamp_seconds",
            help,
            self.fetched.clone(),
        );
    }
}

/// The keys of one issuer.
#[derive(Debug)]
pub(super) struct Keys {
    door: JwksClient,
    held: ArcSwap<Held>,
    flight: Mutex<Flight>,
    landed: watch::Sender<()>,
    measured: Measured,
}

impl Keys {
    pub(super) fn new(door: JwksClient, measured: Measured) -> Arc<Self> {
        Arc::new(Self {
            door,
            held: ArcSwap::default(),
            flight: Mutex::default(),
            landed: watch::Sender::new(()),
            measured,
        })
    }

    /// The claims of a token signed by one of the keys, with an algorithm permitted by key and issuer. The
    /// header selects neither.
    pub(super) fn verify(&self, token: &str, kid: &str, allowed: &[Algorithm]) -> Option<Claims> {
        let held = self.held.load();
        let mut named = held.keys.iter().filter(|key| key.kid == kid);
        named.find_map(|key| {
            let algorithms: Vec<_> =
                key.algorithms.iter().copied().filter(|it| allowed.contains(it)).collect();
            let mut validation = Validation::new(*algorithms.first()?);
            validation.algorithms = algorithms;
            // Claims and times are checked here, all of them: the crate skips missing ones.
            validation.required_spec_claims.clear();
            validation.validate_exp = false;
            validation.validate_aud = false;
            let data = jsonwebtoken::decode::<ClaimSet>(token, &key.verifying, &validation);
            data.ok().map(|data| Claims(data.claims))
        })
    }

    pub(super) fn knows(&self, kid: &str) -> bool {
        self.held.load().keys.iter().any(|key| key.kid == kid)
    }

    /// Fetches the keys because of an unknown one, with a bounded wait. Simultaneous requests share one fetch,
    /// and an early repetition triggers none.
    pub(super) async fn look_for(self: &Arc<Self>, kid: &str, now: Instant) {
        if self.knows(kid) {
            return;
        }
        if let Some(mut landed) = self.fetch(now) {
            // A request without success finds the key unknown.
            let _ = tokio::time::timeout(KEY_FETCH_TIMEOUT, landed.changed()).await;
        }
    }

    /// Begins a fetch of outdated keys; the returned future ends with it.
    pub(super) fn tend(self: &Arc<Self>, now: Instant) -> Option<watch::Receiver<()>> {
        let fetched = self.held.load().fetched;
        if fetched.is_some_and(|at| now < at + REFRESH) { None } else { self.fetch(now) }
    }

    /// How it is with them.
    pub(super) fn health(&self, now: Instant) -> JwksHealth {
        let held = self.held.load();
        JwksHealth {
            issuer: self.door.issuer.clone(),
            keys: held.keys.len(),
            fetched: held.fetched,
            stale: held.fetched.is_none_or(|at| now >= at + STALE),
            error: held.error.as_deref().map(str::to_owned),
        }
    }

    /// Begins a fetch on its own thread, unless one runs or ran recently; the returned future ends with it.
    fn fetch(self: &Arc<Self>, now: Instant) -> Option<watch::Receiver<()>> {
        let landed = self.landed.subscribe();
        let mut flight = lock(&self.flight);
        if flight.running {
            return Some(landed);
        }
        if flight.began.is_some_and(|at| now < at + PAUSE) {
            return None;
        }
        *flight = Flight { running: true, began: Some(now) };
        drop(flight);
        let landing = Landing(Arc::clone(self));
        let thread = std::thread::Builder::new().name("issuer-keys".to_owned());
        let begun = thread.spawn(move || landing.0.land(landing.0.door.keys(), now));
        begun.ok().map(|_| landed)
    }

    /// Accepts the result of a fetch.
    fn land(&self, brought: Result<Vec<VerificationKey>, String>, now: Instant) {
        let before = self.held.load_full();
        let issuer = &self.door.issuer;
        let after = match brought {
            Ok(keys) => {
                tracing::debug!(%issuer, keys = keys.len(), "the keys of an issuer were fetched");
                Held { keys: keys.into(), fetched: Some(now), error: None }
            }
            Err(error) => {
                let keys = before.keys.len();
                if before.fetched.is_none_or(|at| now >= at + STALE) {
                    tracing::error!(%issuer, %error, keys, "THE KEYS OF AN ISSUER CANNOT BE FETCHED");
                } else {
                    tracing::warn!(%issuer, %error, keys, "the keys of an issuer cannot be fetched; cached keys stay valid");
                }
                Held { error: Some(error.into()), ..Held::clone(&before) }
            }
        };
        let outcome = if after.error.is_none() { "good" } else { "failed" };
        let (issuer, label) = (issuer.clone(), Of { issuer: issuer.clone() });
        self.measured.fetches.get_or_create(&Fetch { issuer, outcome }).inc();
        let count = i64::try_from(after.keys.len()).unwrap_or(i64::MAX);
        self.measured.keys.get_or_create(&label).set(count);
        let at = after.fetched.map_or(0, |at| at.timestamp());
        self.measured.fetched.get_or_create(&label).set(at);
        self.held.store(Arc::new(after));
    }
}

/// Signals the end of a fetch, even if its thread panicked.
struct Landing(Arc<Keys>);

impl Drop for Landing {
    fn drop(&mut self) {
        lock(&self.0.flight).running = false;
        self.0.landed.send_replace(());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
