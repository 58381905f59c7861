//! Between a registry and its database: whoever stands there can swallow what either says.

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

/// How the end of a transaction goes amiss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The database is not told to keep it.
    Lost,
    /// The database keeps it and is not heard.
    Unheard,
}

/// Passes everything on until it is told to cut.
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
        // Wakes the one who listens.
        let _ = TcpStream::connect(self.address);
    }
}

fn connect(registry: TcpStream, database: &Path, next: &Arc<Mutex<Option<End>>>) {
    let database = UnixStream::connect(database).unwrap();
    let deaf = Arc::new(AtomicBool::new(false));
    let (mut heard, mut told) = (database.try_clone().unwrap(), registry.try_clone().unwrap());
    let unheard = Arc::clone(&deaf);
    thread::spawn(move || {
        let mut piece = [0; 16 * 1024];
        while let Ok(length @ 1..) = heard.read(&mut piece) {
            if unheard.load(Ordering::SeqCst) || told.write_all(&piece[..length]).is_err() {
                break;
            }
        }
        let _ = (told.shutdown(Shutdown::Both), heard.shutdown(Shutdown::Both));
    });
    let (mut registry, mut database, next) = (registry, database, Arc::clone(next));
    thread::spawn(move || {
        // Background tasks commit too. A connection names the journal once, when it prepares the statement.
        let (mut piece, mut reading, mut acts) = ([0; 16 * 1024], false, false);
        while let Ok(length @ 1..) = registry.read(&mut piece) {
            let said = &piece[..length];
            let says = |words: &[u8]| said.windows(words.len()).any(|it| it == words);
            reading |= says(b"READ ONLY");
            acts |= says(b"INSERT INTO \"journal\"");
            if says(b"COMMIT\0") {
                let end = if reading || !acts { None } else { next.lock().unwrap().take() };
                if end == Some(End::Lost) {
                    break;
                }
                deaf.store(end == Some(End::Unheard), Ordering::SeqCst);
                reading = false;
            }
            if database.write_all(said).is_err() {
                break;
            }
        }
        let _ = (registry.shutdown(Shutdown::Both), database.shutdown(Shutdown::Both));
    });
}
