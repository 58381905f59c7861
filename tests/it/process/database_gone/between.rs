//! A proxy between a registry and its database, which can drop the messages of either.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Failure of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The database does not get the commit.
    Lost,
    /// The database commits, and its answer is lost.
    Unheard,
}

/// Forwards everything until it is told to cut.
pub struct Between {
    address: SocketAddr,
    next: Arc<Mutex<Option<End>>>,
    over: Arc<AtomicBool>,
}

impl Between {
    pub fn registry_and(database: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (next, over) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (cut, ended, database) = (Arc::clone(&next), Arc::clone(&over), database.to_owned());
        thread::spawn(move || {
            for registry in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                connect(registry.unwrap(), &database, &cut);
            }
        });
        Self { address, next, over }
    }

    pub fn url(&self) -> String {
        format!("postgres://godkjent@{}/postgres?sslmode=disable", self.address)
    }

    /// Cuts the connection at the end of the next transaction that writes.
    pub fn cut_next(&self, end: End) {
        *self.next.lock().unwrap() = Some(end);
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn connect(registry: TcpStream, database: &Path, next: &Arc<Mutex<Option<End>>>) {
    let database = UnixStream::connect(database).unwrap();
    let deaf = Arc::new(AtomicBool::new(false));
    let (mut database_end, mut registry_end) =
        (database.try_clone().unwrap(), registry.try_clone().unwrap());
    let unheard = Arc::clone(&deaf);
    thread::spawn(move || {
        let mut piece = [0; 16 * 1024];
        while let Ok(length @ 1..) = database_end.read(&mut piece) {
            let piece = &piece[..length];
            if unheard.load(Ordering::SeqCst) {
                // The transaction is over when the database is ready for a query and idle.
                if piece.ends_with(b"Z\0\0\0\x05I") {
                    break;
                }
            } else if registry_end.write_all(piece).is_err() {
                break;
            }
        }
        let _ = (registry_end.shutdown(Shutdown::Both), database_end.shutdown(Shutdown::Both));
    });
    let (mut registry, mut database, next) = (registry, database, Arc::clone(next));
    thread::spawn(move || {
        // Only transactions with journal rows commit by a prepared statement with a name.
        let (mut piece, mut commit) = ([0; 16 * 1024], None::<Vec<u8>>);
        while let Ok(length @ 1..) = registry.read(&mut piece) {
            let bytes = &piece[..length];
            let find = |words: &[u8]| bytes.windows(words.len()).position(|it| it == words);
            if commit.as_ref().is_some_and(|bound| find(bound).is_some()) {
                let end = next.lock().unwrap().take();
                if end == Some(End::Lost) {
                    break;
                }
                deaf.store(end == Some(End::Unheard), Ordering::SeqCst);
            }
            // The name is before the statement; in an execution, after an empty one.
            if let Some(at) = find(b"\0COMMIT\0") {
                let name = bytes[..at].rsplit(|byte| !byte.is_ascii_alphanumeric()).next().unwrap();
                commit = Some([b"\0", name, b"\0"].concat());
            }
            if database.write_all(bytes).is_err() {
                break;
            }
        }
        let _ = (registry.shutdown(Shutdown::Both), database.shutdown(Shutdown::Both));
    });
}
