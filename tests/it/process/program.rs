//! The program in a temporary directory, and its clients.

use std::{
    fs::{self, File},
    io::Read,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use ureq::http::Response;

/// How long anything is waited for before it counts as failed.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// Repeats a request until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PROGRAM_TIMEOUT;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A name that nothing else has.
fn unique(what: &str) -> String {
    static COUNTER: AtomicUsize = AtomicUsize::new(1);
    format!("{what}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// A temporary directory, removed when it is dropped.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique("godkjent_process"));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The URL of a SQLite file in it.
    pub fn sqlite(&self) -> String {
        format!("sqlite:{}", self.file("registry.db").display())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program, without our variables, and with a permissive umask.
pub fn godkjent(directory: &Directory) -> Command {
    godkjent_after(directory, "umask 000")
}

/// The same after a command of the shell, such as one that sets a limit. The program takes the place of the shell,
/// so that arguments which are added and signals reach it.
pub fn godkjent_after(directory: &Directory, first: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("{first} && exec \"$0\" \"$@\"");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_godkjent")]);
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| name.starts_with("GODKJENT_")) {
        command.env_remove(name);
    }
    command.current_dir(&directory.0).stdin(Stdio::null());
    // These clients send more requests than people do.
    for class in ["ALL", "READS", "SEARCHES", "WRITES"] {
        command.env(format!("GODKJENT_RATE_{class}"), "0");
    }
    command
}

/// Runs the program to its end.
pub fn run(command: &mut Command) -> Output {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let status = wait_for_end(&mut child);
    let (mut stdout, mut stderr) = (vec![], vec![]);
    child.stdout.take().unwrap().read_to_end(&mut stdout).unwrap();
    child.stderr.take().unwrap().read_to_end(&mut stderr).unwrap();
    Output { status, stdout, stderr }
}

fn wait_for_end(child: &mut Child) -> ExitStatus {
    let end = Instant::now() + PROGRAM_TIMEOUT;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() >= end {
            child.kill().unwrap();
            panic!("the program did not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A free port that no other test gets. It is below the ports that systems choose for outgoing connections,
/// so that no client takes it before the program does.
pub fn free_port() -> u16 {
    const FIRST: u16 = 10_000;
    const COUNT: u32 = 20_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let free = || {
        let next =
            NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id().wrapping_mul(100));
        let port = FIRST + u16::try_from(next % COUNT).unwrap();
        TcpListener::bind(("127.0.0.1", port)).is_ok().then_some(port)
    };
    (0..COUNT).find_map(|_| free()).expect("a free port")
}

/// A running registry.
pub struct Running {
    child: Child,
    pub address: String,
    log: PathBuf,
    agent: ureq::Agent,
}

impl Running {
    /// With the local issuer.
    pub fn start(directory: &Directory, database_url: &str) -> Self {
        Self::start_with(directory, database_url, |command| {
            command.arg("--local-issuer-key").arg(directory.file("key"));
        })
    }

    /// With further arguments.
    pub fn start_with(
        directory: &Directory,
        database_url: &str,
        more: impl FnOnce(&mut Command),
    ) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let log = directory.file(&unique("log"));
        let mut command = godkjent(directory);
        command.args(["serve", "--listen", &address]).env("GODKJENT_DATABASE_URL", database_url);
        command.arg("--checkpoint-key").arg(directory.file("checkpoint.pem"));
        command.stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        more(&mut command);
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(PROGRAM_TIMEOUT)).build().into();
        let mut running = Self { child: command.spawn().unwrap(), address, log, agent };
        until("the registry is alive", || {
            let exited = running.child.try_wait().unwrap();
            assert!(exited.is_none(), "it ended: {}", running.log());
            running.client(None).get("/livez").ok().filter(|answer| answer.status == 200)
        });
        running
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until the log has this: it is written asynchronously.
    pub fn logs(&self, text: &str) {
        until(text, || self.log().contains(text).then_some(()));
    }

    /// The read end of a pipe used as standard error.
    pub fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    pub fn client(&self, token: Option<String>) -> Client {
        Client { address: self.address.clone(), agent: self.agent.clone(), token }
    }

    pub fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// Sends the stop signal.
    pub fn terminate(&self) {
        let pid = self.pid();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Its end, which must come.
    pub fn wait_for_end(mut self) -> ExitStatus {
        wait_for_end(&mut self.child)
    }

    /// Ends it with `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A token from the program itself.
pub fn token(directory: &Directory, role: &str, org: &str, name: &str) -> String {
    let key: &Path = &directory.file("key");
    let mut command = godkjent(directory);
    command.args(["token", "--role", role, "--org", org, "--name", name, "--local-issuer-key"]);
    let output = run(command.arg(key));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A client.
#[derive(Clone)]
pub struct Client {
    address: String,
    agent: ureq::Agent,
    token: Option<String>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub etag: String,
    pub location: String,
    /// Whether it is the answer of an earlier time.
    pub replayed: bool,
    pub text: String,
    pub headers: ureq::http::HeaderMap,
}

impl Reply {
    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The revision in the entity tag.
    pub fn revision(&self) -> i64 {
        let tag = self.etag.trim_matches('"').split('-').next().unwrap();
        tag.parse().unwrap_or_else(|_| panic!("no revision: {self:?}"))
    }
}

impl Client {
    /// The same, of another registry.
    pub fn at(&self, running: &Running) -> Self {
        Self { address: running.address.clone(), ..self.clone() }
    }

    /// Another client, with a token.
    pub fn bearing(&self, token: String) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    /// Sends a request; an error is one of the connection.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        condition: Option<(&str, &str)>,
        body: Option<&Value>,
    ) -> Result<Reply, ureq::Error> {
        self.ask(method, path, condition.as_slice(), body)
    }

    /// The same with any headers.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, ureq::Error> {
        let url = format!("http://{}{path}", self.address);
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json");
                self.agent.run(request.body(body.to_string())?)?
            }
            None => self.agent.run(request.body(())?)?,
        };
        read_reply(answer)
    }

    pub fn get(&self, path: &str) -> Result<Reply, ureq::Error> {
        self.send("GET", path, None, None)
    }
}

fn read_reply(mut answer: Response<ureq::Body>) -> Result<Reply, ureq::Error> {
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (etag, location) = (header("etag"), header("location"));
    let replayed = header("idempotency-replayed") == "true";
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.body_mut().read_to_string()?;
    Ok(Reply { status, etag, location, replayed, text, headers })
}
