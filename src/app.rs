//! From configuration to a running server, and to an orderly stop; what the other commands do.

pub mod audit;
pub mod doctor;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_http::Request;
use actix_web::{
    App, HttpServer,
    body::BoxBody,
    dev::{AppConfig, Response, ServiceFactory, ServiceRequest, ServiceResponse},
    http::KeepAlive,
    middleware::from_fn,
    web,
};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    api::{
        self, State,
        checkpoint::Seal,
        described,
        edge::{self, Metrics, Routes},
        framing::Doubt,
        front::Front,
        gate::Gates,
        health::Health,
        limits::{Limits, Rates},
        long_poll::LongPollSlots,
        negotiation::Offered,
        problem::{Edge, Problem},
        retry::{self, Running},
        snapshots::Files,
        token::{LocalIssuer, Tokens, Trusted},
    },
    catalogue::Catalogue,
    config::Settings,
    context::Context,
    demo, jobs,
    register::Register,
    store::Store,
    vault::Vault,
};

/// How often answers that were kept long enough are deleted.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// How often an instance looks whether another one has written.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// How long a connection is kept that asks nothing.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How often files that wait for the scanner are looked for.
const SCAN_EVERY: Duration = Duration::from_secs(2);
/// How often bytes without a row are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// How long requests in flight get to finish on a stop, in seconds.
const DRAIN_SECONDS: u64 = 30;

/// Why the registry did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The catalogues cannot be read.
    #[error("the catalogue is broken: {0}")]
    Catalogue(#[from] crate::catalogue::Error),
    /// The database cannot be opened or followed.
    #[error(
        "{0}\nCheck GODKJENT_DATABASE_URL (sqlite:path or postgres://…), and that the path can be written or the server answers."
    )]
    Store(#[from] crate::store::Error),
    /// The store of evidence cannot be opened.
    #[error(
        "{0}\nCheck GODKJENT_EVIDENCE_STORE (file:directory or s3://bucket/prefix), and that it can be written."
    )]
    Vault(#[from] crate::vault::Error),
    /// The key of the local issuer cannot be used.
    #[error("{0}\nCheck GODKJENT_LOCAL_ISSUER_KEY.")]
    Key(#[from] api::token::KeyError),
    /// The issuers cannot be trusted as they are written.
    #[error("{0}\nCheck GODKJENT_ISSUERS; docs/operations.md has an example of each kind.")]
    Issuers(#[from] api::token::TrustError),
    /// The key of checkpoints cannot be used.
    #[error("{0}\nCheck GODKJENT_CHECKPOINT_KEY.")]
    Seal(#[from] api::checkpoint::SealError),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {0}: {1}\nIs another program using the port? Choose another with --listen."
    )]
    Listen(String, std::io::Error),
    /// The demo cannot be loaded.
    #[error("the demo data was not loaded: {0}")]
    Demo(crate::store::Failure),
    /// The server broke off.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// The document, as the routes describe themselves.
#[must_use]
pub fn document() -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(api::frame()).configure(api::routes);
    let mut document = app.split_for_parts().1;
    retry::describe(&mut document);
    described::complete(&mut document);
    document
}

/// All that handlers reach. The register has read the whole journal when this returns.
///
/// # Errors
/// The database cannot be followed.
pub fn state(
    store: Store,
    vault: Vault,
    catalogue: Arc<Catalogue>,
    context: Context,
    tokens: Tokens,
    public_url: String,
) -> Result<State, StartError> {
    let register = Register::new(Arc::clone(&catalogue));
    jobs::follow(&store, &register, context.now())?;
    let document = document();
    let mut metrics = Metrics::default();
    tokens.measured(metrics.registry());
    let long_polls = Arc::new(LongPollSlots::default());
    long_polls.register(metrics.registry());
    Ok(State {
        gates: Gates::before(store.connections()),
        store,
        vault,
        register,
        catalogue,
        context,
        tokens,
        limits: Limits::default(),
        long_polls,
        body_time: api::body::PATIENCE,
        health: Health::default(),
        metrics,
        seal: None,
        routes: Routes::of(&document),
        offered: Offered::of(&document),
        running: Running::default(),
        files: Files::default(),
        document: document.to_pretty_json().unwrap_or_default(),
        public_url,
    })
}

/// What is served: the application, and before it the pages that are ready.
pub fn served(
    state: web::Data<State>,
) -> impl ServiceFactory<
    Request,
    Config = AppConfig,
    Response = Response<BoxBody>,
    Error = actix_web::Error,
    InitError = (),
> {
    Front::of(state.clone(), app(state))
}

/// The application: the routes, what every request passes, and the viewer.
pub fn app(
    state: web::Data<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let viewer =
        SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json"));
    let (app, _) = App::new()
        .into_utoipa_app()
        .openapi(api::frame())
        .map(|app| {
            app.app_data(state)
                .app_data(web::PayloadConfig::new(api::body::MAX_BODY))
                .app_data(path_config())
        })
        .configure(api::routes)
        .split_for_parts();
    app.service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(viewer)
        .default_service(web::to(edge::unknown_route))
        .wrap(from_fn(retry::once))
        .wrap(from_fn(edge::edge))
}

fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| {
        Problem::edge(
            Edge::InvalidIdentifier,
            "Identifiers in paths are UUIDs, version numbers whole numbers.",
        )
        .into()
    })
}

/// Serves until the process is told to stop, then finishes what is in flight.
///
/// # Errors
/// See [`StartError`]; each says what to do.
pub async fn serve(settings: Settings, demo: bool) -> Result<(), StartError> {
    let catalogue = Arc::new(Catalogue::load()?);
    let context = Context::system().commencing(settings.fvl2025_from);
    let issuer = settings.issuer_key(demo).map(|path| LocalIssuer::from_file(&path)).transpose()?;
    if issuer.is_some() {
        tracing::warn!("THE LOCAL ISSUER IS ON: whoever has its key file can act in every role");
    }
    let trusted = settings
        .issuers
        .as_deref()
        .map(|path| Trusted::from_files(path, settings.person_key.as_deref()));
    let trusted = trusted.transpose()?.unwrap_or_default();
    let seal = settings.checkpoint_key.as_deref().map(Seal::from_file).transpose()?;
    let url = settings.public_url();
    let (state, loaded) = {
        let (settings, issuer) = (settings.clone(), issuer.clone());
        let (catalogue, context, url) = (Arc::clone(&catalogue), context.clone(), url.clone());
        let opened = tokio::task::spawn_blocking(move || {
            let store = Store::open(settings.database_url.expose(), settings.connections)?;
            let loaded = if demo {
                demo::load(&store, &catalogue, &context).map_err(StartError::Demo)?
            } else {
                false
            };
            let tokens = Tokens::new(issuer, Arc::clone(&catalogue)).trusting(trusted);
            let evidence = &settings.evidence;
            let (s3, sizes) = (evidence.s3(), evidence.limits());
            let scanner = evidence.scanner.clone();
            let vault = Vault::open(&evidence.evidence_store, &s3, sizes, scanner)?;
            let limits = Limits::new(
                Rates {
                    reads: settings.rate_reads,
                    searches: settings.rate_searches,
                    writes: settings.rate_writes,
                },
                settings.trusted_proxies,
            );
            let body_time = settings.request_timeout * 3;
            let state = state(store, vault, catalogue, context, tokens, url)?;
            Ok::<_, StartError>((State { limits, body_time, ..state }, loaded))
        });
        opened.await.map_err(|error| StartError::Serve(std::io::Error::other(error)))??
    };
    let state = web::Data::new(State { seal, ..state });
    state.tokens.tend(state.context.now()).await;
    let tender = tokio::spawn(tend(state.clone()));
    let follower = tokio::spawn(follow(state.clone()));
    let keeper = tokio::spawn(keep_evidence(state.clone()));
    let farewell = tokio::spawn(send_home(state.clone()));
    let (factory, patience) = (state.clone(), state.body_time);
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let connections = usize::try_from(settings.max_connections).unwrap_or(usize::MAX);
    let server = HttpServer::new(move || served(factory.clone()))
        .on_connect(move |connection, data| {
            data.insert(Doubt::default());
            lose_patience(connection, patience);
        })
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(settings.request_timeout)
        // A client that closes its side has gone: what it waits for is dropped, and its slot is free.
        .h1_allow_half_closed(false)
        .workers(workers)
        .max_connections(connections.div_ceil(workers).max(1))
        .tcp_nodelay(true)
        .shutdown_timeout(DRAIN_SECONDS)
        .bind(&settings.listen)
        .map_err(|error| StartError::Listen(settings.listen.clone(), error))?;
    tracing::info!(address = %settings.listen, position = state.register.snapshot().position(), "ready");
    if let (true, Some(issuer)) = (demo, &issuer) {
        demo::greet(&url, issuer, &context, loaded);
    }
    let outcome = server.run().await.map_err(StartError::Serve);
    for task in [tender, follower, keeper] {
        task.abort();
    }
    farewell.abort();
    tracing::info!("stopped");
    outcome
}

/// Lets the system end a connection whose reader takes nothing for too long: the framework would wait for it
/// without an end.
#[allow(unused_variables, reason = "other systems have no such setting")]
fn lose_patience(connection: &dyn std::any::Any, patience: Duration) {
    #[cfg(target_os = "linux")]
    if let Some(socket) = connection.downcast_ref::<tokio::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(socket).set_tcp_user_timeout(Some(patience))
    {
        tracing::warn!(%error, "a reader that takes nothing will not be cut off");
    }
}

/// Has files scanned, and sweeps away bytes that nothing needs.
async fn keep_evidence(state: web::Data<State>) {
    let mut tick = tokio::time::interval(SCAN_EVERY);
    let mut swept: Option<Instant> = None;
    loop {
        tick.tick().await;
        let State { store, vault, context, .. } = &**state;
        match jobs::evidence::scan(store, vault, context).await {
            Ok(0) => {}
            Ok(scanned) => tracing::info!(scanned, "files of evidence were scanned"),
            Err(error) => tracing::warn!(%error, "files of evidence wait for the scanner"),
        }
        if swept.is_some_and(|at| at.elapsed() < SWEEP_EVERY) {
            continue;
        }
        swept = Some(Instant::now());
        match jobs::evidence::sweep(store, vault, context.now()).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "bytes without a file of evidence were removed"),
            Err(error) => tracing::warn!(%error, "the evidence store could not be swept"),
        }
    }
}

/// Ends streams and long polls when the program is told to stop: they have no end of their own.
async fn send_home(state: web::Data<State>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            state.register.stop();
            return;
        }
    }
    if interrupted.await.is_ok() {
        state.register.stop();
    }
}

/// Keeps the keys of issuers fresh.
async fn tend(state: web::Data<State>) {
    let mut tick = tokio::time::interval(FOLLOW_EVERY);
    loop {
        tick.tick().await;
        state.tokens.tend(state.context.now()).await;
    }
}

/// Does what is due, and looks for what this and other instances have written.
async fn follow(state: web::Data<State>) {
    let mut tick = tokio::time::interval(FOLLOW_EVERY);
    let mut hour = tokio::time::interval(FORGET_EVERY);
    loop {
        let forget = tokio::select! { _ = tick.tick() => false, _ = hour.tick() => true };
        let state = state.clone();
        let followed = tokio::task::spawn_blocking(move || {
            let State { store, register, context, limits, .. } = &**state;
            limits.forget(context.now());
            if forget {
                store.forget_answers(context.now())?;
            }
            let done = jobs::run_due(store, context);
            jobs::follow(store, register, context.now()).and(done)
        });
        match followed.await {
            Ok(Ok(0)) => {}
            Ok(Ok(done)) => tracing::info!(done, "what was due is done"),
            Ok(Err(error)) => tracing::warn!(%error, "time or the journal cannot be followed"),
            Err(error) => tracing::error!(%error, "the follower broke off"),
        }
    }
}
