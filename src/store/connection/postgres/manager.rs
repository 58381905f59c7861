//! Making connections to PostgreSQL: TLS, session settings and timeouts.

use super::{
    super::{
        error::{StoreError, failed},
        transaction::CONNECTION_TIMEOUT,
    },
    connection::{ConnectionRuntime, Pg, PgConnection, Statements},
    transaction::is_broken,
};
use diesel::r2d2::ManageConnection;
use diesel::result::ConnectionError;
use diesel_async::async_connection_wrapper::BlockOn;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

const POSTGRES_SESSION: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; \
    SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s';";
/// Timeout of reads of the whole database.
const PATIENT_SESSION: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s';";
/// How long a connection may take to answer a ping.
const PING: Duration = Duration::from_secs(2);
/// A connection that was used within this time, and that the server has not closed, is given out without a ping.
const PING_AFTER: Duration = Duration::from_millis(500);
/// After how long the system looks whether a silent peer is there, and how long it waits for one.
const KEEPALIVE: Duration = Duration::from_secs(10);

/// Statement timeouts: by the server, and, if it does not answer, by this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::connection) enum Limit {
    Server,
    None,
}

/// Makes PostgreSQL connections for a pool.
#[derive(Clone)]
pub(in crate::store::connection) struct PostgresManager {
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
    limit: Limit,
}

impl PostgresManager {
    /// Reads the URL as tokio-postgres does; a bad one is a [`StoreError::Database`].
    pub(in crate::store::connection) fn new(url: &str, limit: Limit) -> Result<Self, StoreError> {
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|e| failed(with_causes(&e)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTION_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE / 2);
            config.keepalives_retries(2).tcp_user_timeout(KEEPALIVE);
        }
        let tls = MakeRustlsConnect::new(client_tls(&config)?);
        Ok(Self { config, tls, limit })
    }

    /// The same for long statements.
    pub(in crate::store::connection) fn without_limit(&self) -> Self {
        Self { limit: Limit::None, ..self.clone() }
    }

    async fn establish(
        &self,
        statements: Statements,
    ) -> Result<AsyncPgConnection, diesel::r2d2::Error> {
        let connected = self.config.connect(self.tls.clone()).await;
        let (client, socket) =
            connected.map_err(|e| ConnectionError::BadConnection(with_causes(&e)))?;
        let (watched, limit) = (statements.clone(), self.limit);
        tokio::spawn(async move {
            if limit == Limit::None {
                let _ = socket.await;
            } else {
                // Dropping the socket fails the statement that waits for an answer.
                tokio::select! { _ = socket => {}, () = watched.clone().unanswered() => {} }
            }
            watched.close();
        });
        let mut connection = AsyncPgConnection::try_from(client).await?;
        connection.set_instrumentation(statements);
        let session = if limit == Limit::None { PATIENT_SESSION } else { POSTGRES_SESSION };
        connection.batch_execute(session).await?;
        // Lock waits and timeouts are recognised by message, since the driver exposes no SQLSTATE. The user may
        // lack the right to set it.
        let _ = connection.batch_execute("SET lc_messages = 'C'").await;
        Ok(connection)
    }
}

impl ManageConnection for PostgresManager {
    type Connection = Pg;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pg, diesel::r2d2::Error> {
        let runtime = ConnectionRuntime::new().map_err(|error| {
            diesel::r2d2::Error::ConnectionError(ConnectionError::BadConnection(error.to_string()))
        })?;
        let each = self.config.get_connect_timeout().copied().unwrap_or(CONNECTION_TIMEOUT);
        let hosts = u32::try_from(self.config.get_hosts().len()).unwrap_or(1);
        let statements = Statements::default();
        let connected = runtime.block_on(async {
            let connected = self.establish(statements.clone());
            timeout(each * hosts + CONNECTION_TIMEOUT, connected).await.map_err(|_| silent())
        });
        let inner = connected??;
        Ok(runtime.clone().serve(PgConnection { inner, runtime, statements, used: Instant::now() }))
    }

    fn is_valid(&self, c: &mut Pg) -> Result<(), diesel::r2d2::Error> {
        let last = std::mem::replace(&mut c.used, Instant::now());
        let runtime = c.runtime.clone();
        runtime.look_at_socket();
        if c.statements.is_closed() {
            return Err(silent());
        }
        if last.elapsed() < PING_AFTER {
            return Ok(());
        }
        let answered = runtime.block_on(async {
            timeout(PING, (**c).batch_execute("SELECT 1")).await.map_err(|_| silent())
        });
        Ok(answered??)
    }

    fn has_broken(&self, c: &mut Pg) -> bool {
        std::thread::panicking() || is_broken(c)
    }
}

fn silent() -> diesel::r2d2::Error {
    let message = "the server does not answer in time".to_owned();
    diesel::r2d2::Error::ConnectionError(ConnectionError::BadConnection(message))
}

/// TLS that trusts the system's certificates, or those of `SSL_CERT_FILE`. The server's
/// certificate is always verified, also with `sslmode=prefer`.
fn client_tls(config: &tokio_postgres::Config) -> Result<rustls::ClientConfig, StoreError> {
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
