//! The measured processes, and their resource use.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{Options, http};

/// Maximum start time: a million approvals are read.
const START_TIMEOUT: Duration = Duration::from_secs(1800);

/// A temporary directory, removed when it is dropped.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new(parent: Option<&Path>) -> Self {
        static COUNTER: AtomicUsize = AtomicUsize::new(1);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let path = parent.join(format!("godkjent_bench_{}_{count}", std::process::id()));
        fs::create_dir_all(&path).expect("a new directory");
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The URL of a SQLite file in it.
    pub fn sqlite(&self, name: &str) -> String {
        format!("sqlite:{}", self.file(name).display())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Waits for the listening port.
fn until_ready(address: &str, request: &[u8], child: Option<&mut Child>) {
    let mut child = child;
    let begin = Instant::now();
    while begin.elapsed() < START_TIMEOUT {
        if http::Connection::open(address).is_ok() {
            let (status, _, _) = http::once(address, request);
            assert_eq!(status, 200);
            return;
        }
        if let Some(child) = &mut child {
            assert!(child.try_wait().unwrap().is_none(), "the server ended at its start");
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("the server did not get ready");
}

/// The real program on the loaded database.
pub struct Program {
    child: Child,
    pub address: String,
    /// From its start to its first answer.
    pub start: Duration,
}

impl Program {
    pub fn start(options: &Options, place: &Directory) -> Self {
        Self::on(options, place, &place.sqlite("register.db"), &[])
    }

    /// The same on a database, with more arguments.
    pub fn on(options: &Options, place: &Directory, database: &str, more: &[&str]) -> Self {
        let address = free_address();
        let built = || PathBuf::from(env!("CARGO_BIN_EXE_godkjent"));
        let mut command = Command::new(options.program.clone().unwrap_or_else(built));
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for name in names.filter(|name| name.starts_with("GODKJENT_") || name == "RUST_LOG") {
            command.env_remove(name);
        }
        // One address sends all requests here. A program without quotas does not know the names.
        if options.program.is_none() {
            for name in ["ALL", "READS", "SEARCHES", "WRITES"] {
                command.env(format!("GODKJENT_RATE_{name}"), "0");
            }
        }
        if let Some(log) = &options.log {
            command.env("RUST_LOG", log);
        }
        command.args(["serve", "--listen", &address, "--database-url", database]).args(more);
        command.current_dir(&place.0).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(fs::File::create(place.file("log")).unwrap());
        let begin = Instant::now();
        let mut child = command.spawn().expect("the program starts");
        until_ready(&address, &http::get("/livez", ""), Some(&mut child));
        Self { child, address, start: begin.elapsed() }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Memory in use, in bytes.
    pub fn resident(&self) -> f64 {
        resident(self.pid())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the minimal server runs.
#[derive(Debug, Clone, Copy)]
pub enum Beside {
    /// In a separate process: this program, started again.
    Child,
    /// On a thread, if this program is a test. Its resource use is then part of the rest.
    #[allow(dead_code, reason = "for the test")]
    Thread,
}

/// The minimal server with some bytes.
pub struct Minimal {
    child: Option<Child>,
    pub address: String,
    _bytes: Directory,
}

impl Minimal {
    pub fn start(beside: Beside, plain: &[u8], gzip: &[u8]) -> Self {
        let (bytes, address) = (Directory::new(None), free_address());
        fs::write(bytes.file("plain"), plain).unwrap();
        fs::write(bytes.file("gzip"), gzip).unwrap();
        let mut child = match beside {
            Beside::Child => {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.args(["--minimal", &address, "--bytes"]).arg(&bytes.0);
                Some(command.stdin(Stdio::null()).spawn().expect("it starts once more"))
            }
            Beside::Thread => {
                let (address, bytes) = (address.clone(), bytes.0.clone());
                thread::spawn(move || super::minimal::serve(&address, &bytes));
                None
            }
        };
        until_ready(&address, &http::get(super::minimal::PATH, ""), child.as_mut());
        Self { child, address, _bytes: bytes }
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().map_or_else(std::process::id, Child::id)
    }
}

impl Drop for Minimal {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Processor time of a process, all threads together, in steps of 10 ms (Linux).
pub fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th after it.
    let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
    let ticks = after.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// Memory in use, in bytes (Linux).
pub fn resident(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1024.0
}
