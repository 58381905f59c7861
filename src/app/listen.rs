//! The addresses that the server listens on, bound before anything is written.

use std::{
    io,
    net::{SocketAddr, TcpListener, ToSocketAddrs},
};

use socket2::{Domain, Protocol, Socket, Type};

/// How many connections wait to be accepted.
const BACKLOG: i32 = 1024;

/// Bound sockets. They refuse connections before [`BoundSockets::listen`], so a load balancer does not wait for
/// a starting registry.
#[derive(Debug)]
pub(super) struct BoundSockets(Vec<Socket>);

impl BoundSockets {
    /// Binds every address of a name such as `127.0.0.1:8080` or `localhost:8080`; one success is enough.
    pub(super) fn bind(address: &str) -> io::Result<Self> {
        let tried: Vec<_> = address.to_socket_addrs()?.map(bind_one).collect();
        if tried.iter().any(Result::is_ok) {
            return Ok(Self(tried.into_iter().flatten().collect()));
        }
        let failed = tried.into_iter().find_map(Result::err);
        Err(failed.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()))
    }

    /// Accepts connections.
    pub(super) fn listen(self) -> io::Result<Vec<TcpListener>> {
        let listener = |socket: Socket| socket.listen(BACKLOG).map(|()| socket.into());
        self.0.into_iter().map(listener).collect()
    }
}

fn bind_one(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // As std does: a restart need not wait for old connections. On Windows it would share the port.
    #[cfg(not(windows))]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}
