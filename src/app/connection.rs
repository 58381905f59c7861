//! Connections: limits per address, and timeouts of unfinished requests.
//!
//! The framework limits the header time of the first request of a connection only, so the socket limits the
//! later ones.

use std::{
    future::ready,
    io,
    net::{IpAddr, SocketAddr, TcpListener},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use actix_http::{Extensions, HttpService, error::DispatchError};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    Error,
    dev::{AppConfig, Server},
    http::KeepAlive,
    web::Data,
};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{ServerComponents, served};
use crate::{
    api::middleware::{
        activity::{Activity, ConnectionWait},
        client_limit::{ClientLimit, ClientPermit},
        metrics::Metrics,
        request_smuggling::AmbiguousLength,
    },
    config::Settings,
    network::{Network, ReaderNetworks, neighbourhood},
};

/// Keep-alive time of an idle connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a connection that is over may take to close.
const CLOSE: Duration = Duration::from_secs(1);
/// How long requests in flight get to finish on a stop, in seconds.
const DRAIN_SECONDS: u64 = 30;
/// The response to a connection beyond the share of its address.
const REFUSED: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Serves every connection of the listeners.
pub(super) fn server(
    settings: &Settings,
    components: &ServerComponents,
    listeners: Vec<TcpListener>,
) -> io::Result<Server> {
    let (head, stalled) = (settings.limits.request_timeout, components.body_timeout.time);
    let connections = Arc::new(Connections::new(settings, components.metrics.clone()));
    let (workers, connections_each) = workers(settings);
    let mut server = Server::build()
        .workers(workers)
        .max_concurrent_connections(connections_each)
        .shutdown_timeout(DRAIN_SECONDS);
    let stopping = server.graceful_shutdown_signal();
    for listener in listeners {
        let (connections, stopping, components) =
            (Arc::clone(&connections), stopping.clone(), components.clone());
        server = server.listen("registry", listener, move || {
            let (connections, stopping) = (Arc::clone(&connections), stopping.clone());
            let application = served(components.clone()).into_factory();
            let application = application.map_err(|error: Error| error.error_response());
            let http = HttpService::build()
                .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
                .client_request_timeout(head)
                .client_disconnect_timeout(CLOSE)
                // A client that closes its side has disconnected: its handler is dropped, and its slot is free.
                .h1_allow_half_closed(false)
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .on_connect_ext(add_connection_data)
                .h1(map_config(application, |()| AppConfig::default()));
            fn_service(move |stream: TcpStream| {
                ready(connections.accept(stream, head, stalled).map_err(DispatchError::Io))
            })
            .and_then(http)
        })?;
    }
    Ok(server.run())
}

/// How many workers there are, one for each processor, and how many connections each of them takes.
fn workers(settings: &Settings) -> (usize, usize) {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let most = usize::try_from(settings.limits.max_connections).unwrap_or(usize::MAX);
    (workers, most.div_ceil(workers).max(1))
}

/// Gives the requests of a connection what its socket knows of it.
fn add_connection_data(connection: &Connection, data: &mut Extensions) {
    data.insert(AmbiguousLength::default());
    data.insert(connection.activity.clone());
}

/// How many connections each address has, over all workers.
#[derive(Debug)]
pub(super) struct Connections {
    limit: Arc<ClientLimit>,
    /// Trusted proxies, which carry many clients.
    proxies: Vec<Network>,
    metrics: Data<Metrics>,
}

impl Connections {
    fn new(settings: &Settings, metrics: Data<Metrics>) -> Self {
        let each = settings.limits.max_connections_each;
        let each = if each == 0 { usize::MAX } else { usize::try_from(each).unwrap_or(usize::MAX) };
        // The server itself bounds them in all.
        Self {
            limit: ClientLimit::new(usize::MAX, each),
            proxies: settings.limits.trusted_proxies.clone(),
            metrics,
        }
    }

    /// A permit for a connection from an address; none where it has its share.
    fn permit(&self, peer: IpAddr) -> Option<ClientPermit> {
        let client = ReaderNetworks::of(neighbourhood(peer)).client;
        if self.proxies.iter().any(|proxy| proxy.contains(peer)) {
            return self.limit.acquire_for_proxy(client);
        }
        self.limit.acquire(client)
    }

    /// A connection that was accepted, with its peer.
    fn accept(
        &self,
        stream: TcpStream,
        head: Duration,
        stalled: Duration,
    ) -> io::Result<(Connection, Option<SocketAddr>)> {
        let peer = stream.peer_addr()?;
        let Some(permit) = self.permit(peer.ip()) else {
            self.metrics.count_rejected_connection();
            // Whether this is received or not, the connection is closed.
            let _ = SockRef::from(&stream).send(REFUSED);
            return Err(io::Error::other("the address has its share of connections"));
        };
        let _ = stream.set_nodelay(true);
        set_user_timeout(&stream, stalled);
        let activity = Activity::starting(Instant::now());
        let timer = Box::pin(sleep(head));
        Ok((Connection { stream, activity, timer, head, _permit: permit }, Some(peer)))
    }
}

/// Sets `TCP_USER_TIMEOUT`, by which the kernel drops a client that takes nothing for too long.
#[allow(unused_variables, reason = "other systems have no such setting")]
fn set_user_timeout(stream: &TcpStream, stalled: Duration) {
    #[cfg(target_os = "linux")]
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(stalled)) {
        tracing::warn!(%error, "cannot set TCP_USER_TIMEOUT; stalled clients will not be disconnected");
    }
}

/// A connection that ends by itself without a complete request.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    activity: Activity,
    timer: Pin<Box<Sleep>>,
    /// How long the rest of a head may take.
    head: Duration,
    _permit: ClientPermit,
}

impl Connection {
    /// End of the present wait. During a request: time of the next check.
    fn deadline(&self, now: Instant) -> Instant {
        match self.activity.waiting() {
            Some(ConnectionWait::ForHead(since)) => since + self.head,
            Some(ConnectionWait::ForAny(since)) => since + KEEP_ALIVE + self.head,
            None => now + KEEP_ALIVE,
        }
    }

    /// Wakes the task at the deadline, or returns that it has passed.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let now = Instant::now();
            let deadline = self.deadline(now);
            if deadline <= now {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            // An early timer costs less than setting it for every request.
            if self.timer.is_elapsed() || self.timer.deadline().into_std() > deadline {
                self.timer.as_mut().reset(deadline.into());
            }
            if self.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_pending() {
            return self.poll_deadline(cx).map(Err);
        }
        if buffer.filled().len() > before {
            self.activity.received();
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.activity.sent();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A warning if the process may not open as many files as the connections need; `None` if unknown.
pub(super) fn too_few_files(settings: &Settings) -> Option<String> {
    /// Journal, evidence, log, listening sockets and other files beside connections.
    const OTHERS: u64 = 100;
    /// A connection to PostgreSQL has a socket and a runtime of its own.
    const POSTGRES_CONNECTION: u64 = 5;
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let may: u64 = line.split_whitespace().next()?.parse().ok()?;
    let each = if settings.database.sqlite_path().is_some() { 1 } else { POSTGRES_CONNECTION };
    let needs = u64::from(settings.limits.max_connections)
        + u64::from(settings.connections) * each
        + OTHERS;
    (may < needs).then(|| {
        format!(
            "the process may open {may} files, and {} connections need {needs}",
            settings.limits.max_connections
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(each: usize, proxies: &[&str]) -> Connections {
        let proxies = proxies.iter().map(|it| it.parse().unwrap()).collect();
        Connections { limit: ClientLimit::new(usize::MAX, each), proxies, metrics: Data::default() }
    }

    #[test]
    fn an_address_has_its_share_of_connections_and_gets_it_back() {
        let connections = connections(2, &[]);
        let permit = |from: &str| connections.permit(from.parse().unwrap());
        let (first, _second) = (permit("192.0.2.1"), permit("192.0.2.1"));
        assert!(first.is_some() && permit("192.0.2.1").is_none());
        // Others have their own; of IPv6 one line is one client.
        let _neighbour = permit("192.0.2.2").unwrap();
        let _line = [permit("2001:db8::1").unwrap(), permit("2001:db8:0:ff::2").unwrap()];
        assert!(permit("2001:db8:0:80::3").is_none() && permit("2001:db8:1::1").is_some());
        drop(first);
        assert!(permit("192.0.2.1").is_some());
    }

    #[test]
    fn a_trusted_proxy_has_as_many_connections_as_it_needs() {
        let connections = connections(1, &["10.0.0.0/8"]);
        let permit = |_| connections.permit("10.1.2.3".parse().unwrap());
        assert!((0..5).map(permit).collect::<Vec<_>>().iter().all(Option::is_some));
    }
}
