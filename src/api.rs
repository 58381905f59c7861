//! The HTTP interface: one list of routes gives the server and the document that describes it.

pub mod answer;
pub mod auth;
pub mod commands;
pub mod extract;
pub mod middleware;
pub mod openapi;
pub mod problem;
pub mod resources;
mod routes;
pub mod view;

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, web};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

pub use self::routes::routes;
use self::{
    answer::{CommandResponse, to_response},
    auth::Tokens,
    extract::{
        caller::CommandRequest,
        idempotency::{NotExecuted, RunningKeys, known},
        negotiation::Negotiable,
    },
    middleware::{
        bulkhead::ConcurrencyLimits, heavy_reads::HeavyReads, long_poll::LongPollSlots,
        metrics::Metrics, rate_limits::RateLimits,
    },
    openapi::operations::Routes,
    problem::Problem,
    resources::{checkpoint::Seal, health::DatabaseHealth, snapshots::Files},
};
use crate::{
    catalogue::Catalogue,
    context::Context,
    domain::{access::AccessLogEntry, values::time::Instant},
    jobs::{self, Upkeep},
    register::Register,
    store::{CommandOutcome, Done, Failure, Reader, Session, Store},
    vault::Vault,
};

/// All that handlers reach, through their arguments.
#[derive(Debug)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The bytes of evidence.
    pub vault: Vault,
    /// The public view in memory.
    pub register: Register,
    /// The catalogues.
    pub catalogue: Arc<Catalogue>,
    /// Clock and ids.
    pub context: Context,
    /// Who is trusted.
    pub tokens: Tokens,
    /// Signs checkpoints, where there is a key.
    pub seal: Option<Seal>,
    /// How much clients may ask.
    pub limits: RateLimits,
    /// How much the database is asked at a time.
    pub concurrency: ConcurrencyLimits,
    /// How many heavy reads are computed at a time.
    pub heavy_reads: HeavyReads,
    /// The slots of long polls and streams.
    pub long_polls: Arc<LongPollSlots>,
    /// How long a body may take to come.
    pub body_time: Duration,
    /// Whether the database answers.
    pub health: DatabaseHealth,
    /// The state of the background tasks.
    pub upkeep: Arc<Upkeep>,
    /// Measurements.
    pub metrics: Metrics,
    /// The keys that are at work.
    pub running: RunningKeys,
    /// Files of the whole register.
    pub files: Files,
    /// What the OpenAPI document says.
    pub document: Arc<ApiDocument>,
    /// The address under which the world reaches the registry, without a slash at its end.
    pub public_url: String,
}

/// What the OpenAPI document says. It is the same for every [`AppState`] of one program.
#[derive(Debug)]
pub struct ApiDocument {
    /// The routes, their methods and parameters.
    pub routes: Routes,
    /// The media types of each route.
    pub offered: Negotiable,
    /// The document as JSON.
    pub json: String,
}

impl From<utoipa::openapi::OpenApi> for ApiDocument {
    fn from(document: utoipa::openapi::OpenApi) -> Self {
        Self {
            routes: Routes::of(&document),
            offered: Negotiable::of(&document),
            json: document.to_pretty_json().unwrap_or_default(),
        }
    }
}

impl AppState {
    /// Reads from the database on a blocking thread.
    ///
    /// # Errors
    /// What `read` answers, as a problem; `overloaded`.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&mut Session<'_>, &Self) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.reads.enter().await?;
        // The turn ends with the work, also where nobody waits for the answer any more.
        blocking(move || {
            let _permit = permit;
            state.store.read(|session| read(session, &state))
        })
        .await
    }

    /// Reads private files, and logs who of another organisation has seen what of them before
    /// anything is shown. Without a reader, as where they are one's own, nothing is logged.
    ///
    /// # Errors
    /// What `read` answers, as a problem; `overloaded`; a failing database.
    pub async fn read_private<T: Send + 'static>(
        self: &Arc<Self>,
        reader: Option<Reader>,
        read: impl FnOnce(&mut Session<'_>, &Self) -> Result<(T, Vec<AccessLogEntry>), Failure>
        + Send
        + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.reads.enter().await?;
        blocking(move || {
            let _permit = permit;
            let (answer, looked) = state.store.read(|session| read(session, &state))?;
            if let Some(reader) = reader {
                state.store.log_accesses(&reader, state.context.now(), looked)?;
            }
            Ok::<_, Failure>(answer)
        })
        .await
        .inspect_err(|problem| self.health.observe(problem))
    }

    /// Runs one act on a blocking thread, once for each key of the caller's own. When it succeeds, it is
    /// durable together with its answer, and this instance's register shows it.
    ///
    /// # Errors
    /// What `execute` answers, as a problem; `overloaded`. Nothing is changed then.
    pub async fn execute<T: CommandResponse + Send + 'static>(
        self: &Arc<Self>,
        request: CommandRequest,
        execute: impl FnOnce(&mut Session<'_>, &Self, Instant) -> Result<Done<T>, Failure>
        + Send
        + 'static,
    ) -> Result<HttpResponse, Problem> {
        let execute = |session: &mut Session<'_>, state: &Self, now| {
            execute(session, state, now).map(CommandOutcome::Changed)
        };
        self.execute_if_changed(request, execute).await
    }

    /// The same for a command that may change nothing: then it is answered and leaves no journal row.
    pub async fn execute_if_changed<T: CommandResponse + Send + 'static>(
        self: &Arc<Self>,
        CommandRequest { metadata, idempotent }: CommandRequest,
        execute: impl FnOnce(&mut Session<'_>, &Self, Instant) -> Result<CommandOutcome<T>, Failure>
        + Send
        + 'static,
    ) -> Result<HttpResponse, Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.commands.enter().await?;
        let (answer, replayed) = blocking(move || {
            let _permit = permit;
            let now = metadata.at;
            let written = state.store.write_if_changed(&metadata, |session| {
                let known = idempotent
                    .as_ref()
                    .map(|idempotent| session.known(idempotent, now))
                    .transpose()?;
                if let Some(known) = known.flatten() {
                    return Err(NotExecuted::Known(known));
                }
                let outcome = execute(session, &state, now)?;
                let answer = outcome.answer().reply()?;
                if let Some(idempotent) = &idempotent {
                    session.save_answer(idempotent, &answer, now)?;
                }
                Ok(outcome.answering(answer))
            });
            let answered = match written {
                Ok(answer) => (answer, false),
                Err(NotExecuted::Known(it)) => (known(it)?, true),
                Err(NotExecuted::Failed(failure)) => return Err(Problem::from(failure)),
            };
            state.follow(now);
            Ok(answered)
        })
        .await
        .inspect_err(|problem| self.health.observe(problem))?;
        Ok(to_response(answer, replayed))
    }

    /// Writes on a blocking thread what nobody asked for in so many words, and no answer tells of.
    ///
    /// # Errors
    /// What `write` answers, as a problem; nothing is changed then.
    pub async fn record(
        self: &Arc<Self>,
        CommandRequest { metadata, .. }: CommandRequest,
        write: impl FnOnce(&mut Session<'_>, Instant) -> Result<Done<()>, Failure> + Send + 'static,
    ) -> Result<(), Problem> {
        let state = Arc::clone(self);
        let permit = state.concurrency.commands.enter().await?;
        blocking(move || {
            let _permit = permit;
            state.store.write(&metadata, |session| write(session, metadata.at))?;
            state.follow(metadata.at);
            Ok::<_, Failure>(())
        })
        .await
        .inspect_err(|problem| self.health.observe(problem))
    }

    /// What was written is durable. Should following fail now, the follower makes up for it.
    fn follow(&self, now: Instant) {
        if let Err(error) = jobs::follow_own(&self.store, &self.register, now) {
            tracing::warn!(%error, "the register could not follow at once");
        }
    }
}

/// Does on a blocking thread what takes long.
async fn blocking<T: Send + 'static, E: Into<Problem> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Problem> {
    match web::block(work).await {
        Ok(result) => result.map_err(Into::into),
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// The state as handlers get it.
pub type AppData = web::Data<AppState>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Godkjent",
        description = "The open registry for the Norwegian approval model (godkjenningsmodellen) for \
            free user choice in municipal health and care services. Reading what is public needs no token.",
        license(name = "MIT", identifier = "MIT"),
    ),
    servers((url = "/", description = "This registry")),
    tags(
        (name = "register", description = "Register (offentlig oppføring): what portals and citizens read"),
        (name = "catalogues", description = "Kataloger: municipalities, service types, criteria, grounds"),
        (name = "offerings", description = "Tilbud: what a municipality lets its citizens choose freely"),
        (name = "compensation", description = "Kompensasjon: what is paid, and how it is reckoned"),
        (name = "providers", description = "Leverandører: who wants to deliver"),
        (name = "evidence", description = "Dokumentasjonsfiler: what a provider gives once and shows to cases"),
        (name = "applications", description = "Søknader: from draft to decision"),
        (name = "decisions", description = "Vedtak: approve, refuse, revoke"),
        (name = "appeals", description = "Klager: from receipt to the appeal body's answer"),
        (name = "approvals", description = "Godkjenninger: who may be chosen, from contract to end"),
        (name = "work", description = "Arbeidsliste: what there is to do, and until when"),
        (name = "letters", description = "Brev: decisions, notices, receipts and requests in plain Norwegian"),
        (name = "changes", description = "Endringslogg: the public change feed"),
        (name = "audit", description = "Revisjonslogg: the whole journal"),
        (name = "operations", description = "Drift: health, measurements, the document itself"),
    ),
    components(schemas(Problem)),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("An access token with a role and an organisation number."))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The frame of the document: everything but paths and schemas, which come from the routes.
#[must_use]
pub fn frame() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
