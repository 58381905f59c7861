//! `godkjent serve`: from settings to a running server, and to a graceful shutdown.
//!
//! First all settings and files are read and the port is bound, before any write. Then the database is locked
//! and opened, and last the files beside it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use actix_web::{dev::Server, web};

use super::{
    DemoMode, ServerComponents, StartError, connection, document, evidence,
    fresh::{refuse_other_data, remove_demo},
    listen::BoundSockets,
    modes,
    supervisor::TaskSupervisor,
    tasks,
};
use crate::{
    api::{
        ApiDocument, AppState,
        auth::{LocalIssuer, PersonKey, Tokens, Trusted},
        middleware::{
            origin::TrustedProxies,
            rate_limits::{RateLimits, Rates},
            request_smuggling::BodyTimeout,
        },
        resources::checkpoint::Seal,
    },
    catalogue::Catalogue,
    config::Settings,
    context::Context,
    demo,
    jobs::NoticeSender,
    mail::Mailer,
    store::{DatabaseLock, Failure, Store},
};

/// Serves until a signal stops the process, then finishes requests in flight.
pub async fn serve(settings: Settings, demo: DemoMode) -> Result<(), StartError> {
    let context = Context::system().commencing(settings.fvl2025_from);
    let context = context.reached_at(&settings.address.public_url());
    let inputs = Inputs::read(&settings, demo.is_on())?;
    let sockets = BoundSockets::bind(&settings.address.listen)
        .map_err(|error| StartError::Listen(settings.address.listen.clone(), error))?;
    let started = {
        let (settings, context) = (settings.clone(), context.clone());
        tokio::task::spawn_blocking(move || start(settings, inputs, context, demo))
    };
    let Resources { components, issuer, loaded, lock } =
        started.await.map_err(|error| StartError::Serve(io::Error::other(error)))??;
    let state = components.state.clone();
    components.tokens.tend(state.context.now()).await;
    let mut supervisor = tasks::start(&components);
    let listeners = sockets
        .listen()
        .map_err(|error| StartError::Listen(settings.address.listen.clone(), error))?;
    if let Some(short) = connection::too_few_files(&settings) {
        tracing::warn!("{short}: raise ulimit -n, or lower GODKJENT_MAX_CONNECTIONS");
    }
    let server =
        connection::server(&settings, &components, listeners).map_err(StartError::Serve)?;
    tracing::info!(address = %settings.address.listen, position = state.register.snapshot().position(), "ready");
    if let (true, Some(issuer)) = (demo.is_on(), &issuer) {
        demo::greet(&components.notices, issuer, &context, loaded);
    }
    let outcome = until_stopped(&state, server, &mut supervisor).await;
    drop((supervisor, lock));
    tracing::info!("stopped");
    outcome
}

/// Waits for the end of the server, and stops it if a background task fails too often.
async fn until_stopped(
    state: &web::Data<AppState>,
    mut server: Server,
    supervisor: &mut TaskSupervisor,
) -> Result<(), StartError> {
    tokio::select! {
        outcome = &mut server => outcome.map_err(StartError::Serve),
        task = supervisor.lost() => {
            tracing::error!(task, "a background task failed too often: shutting down");
            state.register.stop();
            let _stopped = tokio::join!(server.handle().stop(true), server);
            Err(StartError::Lost(task))
        }
    }
}

/// Inputs that are read before any write.
struct Inputs {
    catalogue: Arc<Catalogue>,
    trusted: Trusted,
    issuer_key: Option<PathBuf>,
    mailer: Option<Mailer>,
}

impl Inputs {
    fn read(settings: &Settings, demo: bool) -> Result<Self, StartError> {
        let catalogue = Arc::new(Catalogue::load()?);
        let person_key = settings.tokens.person_key.as_deref().map(PersonKey::from_file);
        let person_key = person_key.transpose()?;
        let trusted = settings.tokens.issuers.as_deref();
        let trusted = trusted.map(|path| Trusted::from_file(path, person_key.as_ref()));
        let issuer_key = settings.local_issuer.key_file(demo, &settings.database);
        // An invalid key file is detected before a migration; a missing one is created afterwards.
        let is_there = |path: &&Path| path.exists();
        issuer_key.as_deref().filter(is_there).map(LocalIssuer::from_file).transpose()?;
        settings
            .checkpoints
            .checkpoint_key
            .as_deref()
            .filter(is_there)
            .map(Seal::from_file)
            .transpose()?;
        if settings.tokens.issuers.is_none() && issuer_key.is_none() {
            tracing::warn!(
                "no issuer of tokens is configured: every command is answered 401. Set GODKJENT_ISSUERS"
            );
        }
        let (trusted, mailer) = (trusted.transpose()?.unwrap_or_default(), settings.mail.mailer()?);
        Ok(Self { catalogue, trusted, issuer_key, mailer })
    }
}

/// Resources of a starting server.
struct Resources {
    components: ServerComponents,
    issuer: Option<LocalIssuer>,
    /// Whether the demo was loaded just now.
    loaded: bool,
    lock: DatabaseLock,
}

/// Opens the database, the evidence store and the keys. A start writes here for the first time, after it has refused
/// a database or a store of another registry.
fn start(
    settings: Settings,
    inputs: Inputs,
    context: Context,
    demo: DemoMode,
) -> Result<Resources, StartError> {
    let Inputs { catalogue, trusted, issuer_key, mailer } = inputs;
    let lock = DatabaseLock::acquire(settings.database.url())?;
    if demo == DemoMode::Fresh {
        remove_demo(&settings, &context)?;
    }
    let found = Store::find(settings.database.url(), 1)?;
    if let Some(found) = found.as_ref().filter(|_| demo.is_on()) {
        refuse_other_data(found)?;
    }
    evidence::check(&settings, found.as_ref(), &context)?;
    drop(found);
    // Files that cannot be created stop the start before the database is migrated.
    let issuer = issuer_key.as_deref().map(LocalIssuer::from_file).transpose()?;
    if issuer.is_some() {
        tracing::warn!("THE LOCAL ISSUER IS ON: its key file gives every role");
    }
    let checkpoint_signer =
        settings.checkpoints.checkpoint_key.as_deref().map(Seal::from_file).transpose()?;
    let vault = evidence::open(&settings)?;
    let store = Store::open(settings.database.url(), settings.connections)?;
    modes::repair(&settings, demo.is_on());
    evidence::bind(&store, &vault, &context)?;
    let notices = notice_sender(&settings, mailer, demo);
    let loaded = demo.is_on()
        && load_demo(&store, &catalogue, &context, &notices).map_err(StartError::Demo)?;
    let tokens = Tokens::new(issuer.clone(), Arc::clone(&catalogue)).trusting(trusted);
    let tokens = tokens.started(context.now());
    let url = settings.address.public_url();
    let document = Arc::new(ApiDocument::from(document()));
    let components =
        ServerComponents::new(store, vault, catalogue, context, tokens, url, document)?;
    let rates = Rates {
        all: settings.limits.rate_all,
        reads: settings.limits.rate_reads,
        searches: settings.limits.rate_searches,
        writes: settings.limits.rate_writes,
    };
    let time = settings.limits.request_timeout * 3;
    let components = ServerComponents {
        notices,
        checkpoint_signer: web::Data::new(checkpoint_signer),
        limits: web::Data::new(RateLimits::new(rates)),
        proxies: web::Data::new(TrustedProxies(settings.limits.trusted_proxies)),
        body_timeout: web::Data::new(BodyTimeout { time, ..**components.body_timeout }),
        ..components
    };
    Ok(Resources { components, issuer, loaded, lock })
}

/// How notices leave: as the settings say, and in a demo without any into a folder beside the database.
fn notice_sender(settings: &Settings, mailer: Option<Mailer>, demo: DemoMode) -> NoticeSender {
    let mailer = mailer.or_else(|| {
        let folder = settings.database.demo_mail();
        demo.is_on().then(|| {
            tracing::info!(folder = %folder.display(), "the demo sends its e-mail into a folder");
            Mailer::folder(folder, None)
        })
    });
    if mailer.is_none() {
        tracing::warn!(
            "no mail server is configured: NOBODY IS NOTIFIED automatically, and each notice waits for a case worker. \
             Set GODKJENT_SMTP_URL and GODKJENT_MAIL_FROM"
        );
    }
    NoticeSender { mailer, public_url: settings.address.public_url() }
}

fn load_demo(
    store: &Store,
    catalogue: &Arc<Catalogue>,
    context: &Context,
    notices: &NoticeSender,
) -> Result<bool, Failure> {
    let context = demo::with_numbered_ids(context, store)?;
    demo::load(store, catalogue, &context, notices)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::{Cli, CliCommand};

    #[actix_web::test]
    async fn a_task_that_keeps_ending_stops_the_server_and_is_named() {
        let directory = format!("godkjent-serve-{}", std::process::id());
        let directory = std::env::temp_dir().join(directory);
        std::fs::create_dir(&directory).unwrap();
        let database = format!("sqlite:{}", directory.join("registry.db").display());
        let value = ["godkjent", "serve", "--listen", "127.0.0.1:0", "--database-url", &database];
        let CliCommand::Serve { settings, .. } = Cli::try_parse_from(value).unwrap().command else {
            panic!("not serve")
        };
        let listeners = BoundSockets::bind(&settings.address.listen).unwrap().listen().unwrap();
        let inputs = Inputs::read(&settings, false).unwrap();
        let of_start = settings.clone();
        let started = move || start(of_start, inputs, Context::system(), DemoMode::Off).unwrap();
        let Resources { components, lock, .. } =
            tokio::task::spawn_blocking(started).await.unwrap();
        let state = components.state.clone();
        let mut supervisor = TaskSupervisor::without_waits(Arc::clone(&components.upkeep));
        supervisor.run("steady", std::future::pending);
        supervisor.run("broken", || async { panic!("each time") });
        let server = connection::server(&settings, &components, listeners).unwrap();
        let ended = until_stopped(&state, server, &mut supervisor).await.unwrap_err().to_string();
        assert!(ended.starts_with("the background task ‘broken’ keeps ending"), "{ended}");
        drop(lock);
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
