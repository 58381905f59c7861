//! Making connections to PostgreSQL: runtime, TLS and session settings.

use super::{Error, PATIENCE, Pg, failed};
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::result::{ConnectionError, QueryResult};
use diesel_async::{AnsiTransactionManager as PgTransactions, AsyncPgConnection};
use std::sync::Arc;
use tokio::runtime::{Handle, Runtime};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

const POSTGRES_SESSION: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; \
    SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s';";

/// Drives the sockets of all PostgreSQL connections of one pool, on a thread of its own.
pub(super) struct Driver {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Driver {
    /// Begins past the wrapper, which knows only a plain BEGIN; this saves a round trip.
    pub(super) fn snapshot(&self, c: &mut Pg) -> QueryResult<()> {
        let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.handle.block_on(PgTransactions::begin_transaction_sql(&mut **c, sql))
    }
}

impl Drop for Driver {
    /// Does not wait for the thread, so that a pool may be dropped in async code too.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Makes PostgreSQL connections for a pool.
pub(super) struct PostgresManager {
    pub(super) driver: Arc<Driver>,
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
}

impl PostgresManager {
    /// Reads the URL as tokio-postgres does; a bad one is an [`Error::Database`].
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|e| failed(with_causes(&e)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        let tls = MakeRustlsConnect::new(client_tls(&config)?);
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("postgres").enable_all().build();
        let runtime = runtime.map_err(failed)?;
        let driver = Driver { handle: runtime.handle().clone(), runtime: Some(runtime) };
        Ok(Self { driver: Arc::new(driver), config, tls })
    }
}

impl ManageConnection for PostgresManager {
    type Connection = Pg;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pg, diesel::r2d2::Error> {
        // `Pg::from` picks up the runtime entered here; else it would make its own.
        let _entered = self.driver.handle.enter();
        let mut connection = Pg::from(self.driver.handle.block_on(async {
            let connected = self.config.connect(self.tls.clone()).await;
            let (client, socket) =
                connected.map_err(|e| ConnectionError::BadConnection(with_causes(&e)))?;
            AsyncPgConnection::try_from_client_and_connection(client, socket).await
        })?);
        connection.batch_execute(POSTGRES_SESSION)?;
        Ok(connection)
    }

    fn is_valid(&self, c: &mut Pg) -> Result<(), diesel::r2d2::Error> {
        Ok(c.ping()?)
    }

    fn has_broken(&self, c: &mut Pg) -> bool {
        std::thread::panicking() || c.is_broken()
    }
}

/// TLS that trusts the system's certificates, or those of `SSL_CERT_FILE`. The server's
/// certificate is always verified, also with `sslmode=prefer`.
fn client_tls(config: &tokio_postgres::Config) -> Result<rustls::ClientConfig, Error> {
    let mut roots = rustls::RootCertStore::empty();
    let remote = config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)));
    if remote && config.get_ssl_mode() != SslMode::Disable {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() && config.get_ssl_mode() == SslMode::Require {
        return Err(failed("sslmode=require, but no trusted certificates (SSL_CERT_FILE)"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// The driver's errors name their cause only in `source`.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
