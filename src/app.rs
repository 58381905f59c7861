//! From configuration to a running server, and to a graceful shutdown; the other commands.

pub mod audit;
mod components;
mod connection;
pub mod doctor;
pub mod evidence;
mod listen;
pub mod log;
pub mod modes;
mod serve;
mod supervisor;
mod tasks;

pub use components::ServerComponents;
pub use serve::serve;

use actix_http::Request;
use actix_web::{
    App,
    body::BoxBody,
    dev::{AppConfig, Response, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web,
};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    api::{
        self,
        extract::idempotency,
        middleware::{
            page_cache::PageCacheFactory, pipeline::pipeline, route_checks::unknown_route,
        },
        openapi::postprocess,
        problem::Problem,
    },
    jobs,
};

/// Why the registry did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The catalogues cannot be read.
    #[error("the catalogue is broken: {0}")]
    Catalogue(#[from] crate::catalogue::CatalogueError),
    /// The database cannot be opened or followed.
    #[error("{source}{}", advice(.source))]
    Store {
        #[from]
        source: crate::store::StoreError,
    },
    /// The store of evidence cannot be opened.
    #[error(
        "{0}\nCheck GODKJENT_EVIDENCE_STORE (file:directory or s3://bucket/prefix), and that it can be written."
    )]
    Vault(#[from] crate::vault::VaultError),
    /// The database and the evidence store could not be compared.
    #[error("{0}\nCheck GODKJENT_DATABASE_URL and GODKJENT_EVIDENCE_STORE, and that both answer.")]
    Evidence(#[from] jobs::evidence::EvidenceJobError),
    /// The database and the evidence store do not belong together.
    #[error("{0}.\n{advice}", advice = .0.advice())]
    Misfit(#[from] jobs::evidence::BindingMismatch),
    /// The key of the local issuer cannot be used.
    #[error("{0}\nCheck GODKJENT_LOCAL_ISSUER_KEY.")]
    Key(#[from] api::auth::KeyError),
    /// The issuers cannot be trusted as they are written.
    #[error("{0}\nCheck GODKJENT_ISSUERS; docs/operations.md has an example of each kind.")]
    Issuers(#[from] api::auth::TrustError),
    /// The key of checkpoints cannot be used.
    #[error("{0}\nCheck GODKJENT_CHECKPOINT_KEY.")]
    Seal(#[from] api::resources::checkpoint::SealError),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {0}: {1}\nIs another program using the port? Choose another with --listen."
    )]
    Listen(String, std::io::Error),
    /// The demo cannot be loaded.
    #[error("the demo data was not loaded: {0}")]
    Demo(crate::store::Failure),
    /// A background task failed too often.
    #[error(
        "the background task ‘{0}’ keeps ending; see the log for the reason, fix it and start the registry again."
    )]
    Lost(&'static str),
    /// The threads of heavy reads cannot be had.
    #[error("cannot start the threads of heavy reads: {0}")]
    Threads(std::io::Error),
    /// The server broke off.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// The remedy for a database error, if its message has none.
fn advice(error: &crate::store::StoreError) -> &'static str {
    use crate::store::StoreError::{InUse, Newer, NoRegistry};
    match error {
        InUse(_) | Newer(_) | NoRegistry(_) => "",
        _ => {
            "\nCheck GODKJENT_DATABASE_URL (sqlite:path or postgres://…), and that the path can be written or the server answers."
        }
    }
}

/// Handles SIGXFSZ, which otherwise kills the process when a file would exceed `ulimit -f`. The write then fails as on a
/// full disk. The handler stays until the process ends.
pub fn handle_file_size_signal() {
    #[cfg(unix)]
    {
        /// On Linux (but for MIPS), macOS and the BSDs.
        const SIGXFSZ: i32 = 25;
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let handle = |runtime: tokio::runtime::Runtime| {
            runtime.block_on(async { signal(SignalKind::from_raw(SIGXFSZ)).map(drop) })
        };
        if let Err(error) = runtime.and_then(handle) {
            let text = "godkjent: a file that reaches ulimit -f will end the process";
            log::write_line(std::io::stderr(), &format!("{text}: {error}"));
        }
    }
}

/// The document, as the routes describe themselves.
#[must_use]
pub fn document() -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(api::frame()).configure(api::routes);
    let mut document = app.split_for_parts().1;
    idempotency::describe(&mut document);
    postprocess::complete(&mut document);
    document
}

/// The HTTP service: the page cache, and the application behind it.
pub fn served(
    components: ServerComponents,
) -> impl ServiceFactory<
    Request,
    Config = AppConfig,
    Response = Response<BoxBody>,
    Error = actix_web::Error,
    InitError = (),
> {
    let (state, metrics) = (components.state.clone(), components.metrics.clone());
    PageCacheFactory::of(state, metrics, app(components))
}

/// The application: routes, middleware, and the viewer.
pub fn app(
    components: ServerComponents,
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
            app.configure(move |config| components.register(config))
                .app_data(web::PayloadConfig::new(api::extract::body::MAX_BODY))
                .app_data(path_config())
        })
        .configure(api::routes)
        .split_for_parts();
    app.service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(viewer)
        .default_service(web::to(unknown_route))
        .wrap(from_fn(idempotency::once))
        .wrap(from_fn(pipeline))
}

fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| Problem::invalid_identifier().into())
}
