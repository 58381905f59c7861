//! Components of the server.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};

use super::{StartError, log};
use crate::{
    api::{
        ApiDocument, AppState, WriteHealth,
        auth::Tokens,
        extract::idempotency::RunningKeys,
        middleware::{
            bulkhead::ConcurrencyLimits, heavy_reads::HeavyReads, long_poll::LongPollSlots,
            metrics::Metrics, origin::TrustedProxies, rate_limits::RateLimits,
            request_smuggling::BodyTimeout,
        },
        resources::{
            checkpoint::Seal,
            health::{self, Readiness},
            snapshots::Files,
        },
    },
    catalogue::Catalogue,
    context::Context,
    jobs::{self, NoticeSender, Upkeep},
    register::Register,
    store::Store,
    vault::Vault,
    web::ServicePages,
};

/// Components of the server: the state of all handlers, and that of single parts.
#[derive(Debug, Clone)]
pub struct ServerComponents {
    /// State shared by all handlers.
    pub state: Data<AppState>,
    /// Trusted issuers.
    pub tokens: Data<Tokens>,
    /// Rate limits.
    pub limits: Data<RateLimits>,
    /// Trusted proxies.
    pub proxies: Data<TrustedProxies>,
    /// The slots of long polls and streams.
    pub long_polls: Data<LongPollSlots>,
    /// How long a body may take to arrive.
    pub body_timeout: Data<BodyTimeout>,
    /// The keys that are at work.
    pub running: Data<RunningKeys>,
    /// Measurements.
    pub metrics: Data<Metrics>,
    /// The OpenAPI document.
    pub document: Data<ApiDocument>,
    /// Whether the database answers.
    pub readiness: Data<Readiness>,
    /// The state of the background tasks.
    pub upkeep: Data<Upkeep>,
    /// Signs checkpoints, where there is a key.
    pub checkpoint_signer: Data<Option<Seal>>,
    /// Files of the whole register.
    pub files: Data<Files>,
    /// Rendered pages for citizens.
    pub pages: Data<ServicePages>,
    /// How notices leave this instance.
    pub notices: NoticeSender,
}

impl ServerComponents {
    /// The components around an open database. The register has read the whole journal when this returns.
    pub fn new(
        store: Store,
        vault: Vault,
        catalogue: Arc<Catalogue>,
        context: Context,
        tokens: Tokens,
        public_url: String,
        document: Arc<ApiDocument>,
    ) -> Result<Self, StartError> {
        let context = context.reached_at(&public_url);
        let register = register(&store, &catalogue, &context)?;
        let (long_polls, upkeep) = (LongPollSlots::default(), Arc::new(Upkeep::default()));
        let body_timeout = body_timeout(&vault);
        let notices = NoticeSender { mailer: None, public_url: public_url.clone() };
        let state = AppState {
            concurrency: ConcurrencyLimits::before(store.connections()),
            store,
            vault,
            register,
            catalogue,
            context,
            heavy_reads: HeavyReads::on_half_of_processors().map_err(StartError::Threads)?,
            writes: WriteHealth::default(),
            public_url,
        };
        let state = Data::new(state);
        Ok(Self {
            metrics: Data::new(metrics(&state, &tokens, &long_polls, &upkeep)),
            state,
            tokens: Data::new(tokens),
            limits: Data::default(),
            proxies: Data::default(),
            long_polls: Data::new(long_polls),
            body_timeout: Data::new(body_timeout),
            running: Data::default(),
            document: Data::from(document),
            readiness: Data::default(),
            upkeep: Data::from(upkeep),
            checkpoint_signer: Data::default(),
            files: Data::default(),
            pages: Data::default(),
            notices,
        })
    }

    /// Registers the data of handlers and middleware.
    pub(super) fn register(&self, config: &mut ServiceConfig) {
        config
            .app_data(self.state.clone())
            .app_data(self.tokens.clone())
            .app_data(self.limits.clone())
            .app_data(self.proxies.clone())
            .app_data(self.long_polls.clone())
            .app_data(self.body_timeout.clone())
            .app_data(self.running.clone())
            .app_data(self.metrics.clone())
            .app_data(self.document.clone())
            .app_data(self.readiness.clone())
            .app_data(self.upkeep.clone())
            .app_data(self.checkpoint_signer.clone())
            .app_data(self.files.clone())
            .app_data(self.pages.clone());
    }
}

/// A register that has read the whole journal.
fn register(
    store: &Store,
    catalogue: &Arc<Catalogue>,
    context: &Context,
) -> Result<Register, StartError> {
    let register = Register::new(Arc::clone(catalogue));
    jobs::follow(store, &register, context.now())?;
    Ok(register)
}

fn body_timeout(vault: &Vault) -> BodyTimeout {
    BodyTimeout { largest_file: vault.limits.file, ..BodyTimeout::default() }
}

/// The measurements of these parts.
fn metrics(
    state: &Data<AppState>,
    tokens: &Tokens,
    long_polls: &LongPollSlots,
    upkeep: &Arc<Upkeep>,
) -> Metrics {
    let mut metrics = Metrics::default();
    health::process::register(metrics.registry(), state.context.now());
    health::capacity::register(metrics.registry(), state);
    log::register(metrics.registry());
    tokens.measured(metrics.registry());
    long_polls.register(metrics.registry());
    health::upkeep::register(metrics.registry(), upkeep, state);
    metrics
}
