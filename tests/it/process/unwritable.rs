//! An unwritable or unresponsive database: commands are 503 in a bounded time, readiness reports it, public
//! reads continue, and everything recovers by itself.

use std::{
    fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde_json::json;

use super::program::{Client, Directory, Reply, Running, godkjent, run, token, until};
use crate::{
    problems::scene::profile,
    rebuild::behind_its_back,
    world::{
        KRISTIANSAND, PROVIDER,
        database::{OwnServer, TestDatabase},
        people::synthetic_number,
    },
};

#[track_caller]
fn unavailable(reply: &Reply, codes: &[&str]) {
    let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
    assert!(reply.status == 503 && codes.contains(&code.as_str()), "{reply:?}");
    assert!(!reply.header("retry-after").is_empty(), "{reply:?}");
}

fn is_ready(anyone: &Client) -> Option<Reply> {
    anyone.get("/readyz").ok().filter(|reply| reply.status == 200)
}

fn is_not_ready(anyone: &Client) -> Option<Reply> {
    anyone.get("/readyz").ok().filter(|reply| reply.status == 503)
}

/// No 500 was answered, and no internal error was logged.
#[track_caller]
fn nothing_was_internal(running: &Running) {
    let metrics = running.client(None).get("/metrics").unwrap().text;
    assert!(!metrics.contains("status=\"500\""), "{metrics}");
    assert!(!running.log().contains("internal error"), "{}", running.log());
}

fn limit_files(running: &Running, limit: &str) {
    let limit = format!("--fsize={limit}:unlimited");
    let set = Command::new("prlimit").args(["--pid", &running.pid(), &limit]).status();
    assert!(set.expect("util-linux is there").success());
}

/// A provider that changes its profile again and again.
struct Writer {
    client: Client,
    path: String,
    etag: String,
    turn: usize,
}

impl Writer {
    fn new(directory: &Directory, running: &Running, number: &str) -> Self {
        let client = running.client(Some(token(directory, "provider", number, "Per")));
        let path = format!("/v1/providers/{number}");
        Self { client, path, etag: String::new(), turn: 0 }
    }

    /// The next change, which must be answered.
    fn write(&mut self) -> Reply {
        self.turn += 1;
        let mut body = profile();
        let text = format!("Melding {}. {}", self.turn, "Vi kommer. ".repeat(100));
        body["presentation"] = json!({"nb": text});
        let known = ("If-Match", self.etag.as_str());
        let condition = if self.etag.is_empty() { ("If-None-Match", "*") } else { known };
        let reply = self.client.send("PUT", &self.path, Some(condition), Some(&body));
        let reply = reply.expect("it is answered");
        if reply.status == 200 {
            self.etag.clone_from(&reply.etag);
        }
        reply
    }
}

#[test]
fn a_disk_that_takes_no_more_stops_commands_alone_and_is_told_until_there_is_room() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let running = Running::start(&directory, &url);
    let mut writer = Writer::new(&directory, &running, PROVIDER);
    let anyone = running.client(None);
    assert_eq!(writer.write().status, 200);
    is_ready(&anyone).expect("rows can be written");
    // As many bytes as a file may have: where it would be larger, the system sends SIGXFSZ.
    let journal = fs::metadata(directory.file("registry.db-wal")).unwrap().len();
    let limit = (journal + 100_000).to_string();
    limit_files(&running, &limit);
    let refused = (0..50).find_map(|_| Some(writer.write()).filter(|reply| reply.status != 200));
    unavailable(&refused.expect("the disk is full"), &["not-writable", "outcome-unknown"]);
    let reply = until("it is not ready", || is_not_ready(&anyone));
    unavailable(&reply, &["not-ready"]);
    assert!(reply.json()["detail"].as_str().unwrap().contains("not writable"), "{reply:?}");
    let revision = anyone.get(&writer.path).unwrap().revision();
    unavailable(&writer.write(), &["not-writable", "outcome-unknown"]);
    let mut doctor = Command::new("prlimit");
    doctor.arg(format!("--fsize={limit}:unlimited"));
    doctor.args([env!("CARGO_BIN_EXE_godkjent"), "doctor", "--database-url", &url]);
    let found = run(doctor.current_dir(directory.file("")));
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(found.contains("FAIL  writing: "), "{found}");
    limit_files(&running, "unlimited");
    until("it is ready", || is_ready(&anyone));
    let reply = writer.write();
    assert_eq!((reply.status, reply.revision()), (200, revision + 1), "{reply:?}");
    nothing_was_internal(&running);
    drop(running);
    let again = Running::start(&directory, &url);
    assert_eq!(again.client(None).get(&writer.path).unwrap().revision(), revision + 1);
    let audit = run(godkjent(&directory).args(["audit", "verify", "--database-url", &url]));
    assert!(audit.status.success());
}

#[test]
fn a_server_that_only_reads_stops_commands_and_private_reads_and_is_told() {
    let Some(server) = OwnServer::start() else { return };
    let directory = Directory::new();
    let running = Running::start(&directory, &server.url());
    let anyone = running.client(None);
    let auditor = running.client(Some(token(&directory, "auditor", KRISTIANSAND, "Aud")));
    let read = || auditor.get("/v1/audit").unwrap();
    let mut writer = Writer::new(&directory, &running, PROVIDER);
    assert_eq!((writer.write().status, read().status), (200, 200));
    let only = |on: &str| {
        server.execute(&format!("ALTER SYSTEM SET default_transaction_read_only = {on}"));
        server.execute("SELECT pg_reload_conf()");
    };
    only("on");
    let refused = |reply: Reply| Some(reply).filter(|reply| reply.status != 200);
    let reply = until("commands are refused", || refused(writer.write()));
    unavailable(&reply, &["not-writable"]);
    let reply = until("private reads are refused", || refused(read()));
    unavailable(&reply, &["not-writable"]);
    let reply = until("it is not ready", || is_not_ready(&anyone));
    assert!(reply.json()["detail"].as_str().unwrap().contains("not writable"), "{reply:?}");
    assert_eq!(anyone.get(&writer.path).unwrap().status, 200);
    only("off");
    until("it is ready", || is_ready(&anyone));
    assert_eq!((writer.write().status, read().status), (200, 200));
    nothing_was_internal(&running);
}

/// Answers are stored in a missing table, so they cannot be deleted either.
fn nothing_waits_for_answers_to_be_deleted(url: &str) {
    let directory = Directory::new();
    drop(Running::start(&directory, url));
    behind_its_back(url, "ALTER TABLE idempotency_record RENAME TO elsewhere");
    let running = Running::start(&directory, url);
    running.logs("expired answers could not be deleted");
    until("it is ready", || is_ready(&running.client(None)));
    assert!(!running.log().contains("cannot be followed"), "{}", running.log());
}

#[test]
fn nothing_waits_for_answers_to_be_deleted_on_sqlite() {
    let directory = Directory::new();
    nothing_waits_for_answers_to_be_deleted(&directory.sqlite());
}

#[test]
fn nothing_waits_for_answers_to_be_deleted_on_postgres() {
    let Some(database) = TestDatabase::postgres() else { return };
    nothing_waits_for_answers_to_be_deleted(&database.url());
}

/// A server that hangs, until this is dropped.
struct Hung(Vec<String>);

impl Hung {
    fn server(server: &OwnServer) -> Self {
        let directory = server.socket().parent().unwrap().to_owned();
        let about = fs::read_to_string(directory.join("data/postmaster.pid")).unwrap();
        let postmaster = about.lines().next().unwrap().to_owned();
        // The parent first, so that it makes no more children.
        let mut hung = Self(vec![postmaster.clone()]);
        hung.signal("-STOP");
        hung.0.extend(children(&postmaster));
        hung.signal("-STOP");
        hung
    }

    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        kill.arg(signal).args(&self.0).stderr(Stdio::null()).status().unwrap();
    }
}

impl Drop for Hung {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

fn children(parent: &str) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    let stat = all.filter_map(|path| fs::read_to_string(path.join("stat")).ok());
    let child = |stat: String| {
        let (pid, rest) = stat.split_once(" (")?;
        let ours = rest.rsplit_once(") ")?.1.split(' ').nth(1)? == parent;
        ours.then(|| pid.to_owned())
    };
    stat.filter_map(child).collect()
}

/// How many write while the server hangs.
const WRITERS: usize = 8;

#[test]
fn a_server_that_hangs_leaves_no_command_unanswered() {
    let Some(server) = OwnServer::start() else { return };
    let directory = Directory::new();
    let running = Running::start(&directory, &server.url());
    let anyone = running.client(None);
    let written = AtomicUsize::new(0);
    let writers = (0..WRITERS).map(|nth| Writer::new(&directory, &running, &synthetic_number(nth)));
    let writers: Vec<_> = writers.collect();
    let mut refused = thread::scope(|scope| {
        let write = |mut writer: Writer| loop {
            let reply = writer.write();
            if reply.status != 200 {
                return reply;
            }
            written.fetch_add(1, Ordering::SeqCst);
        };
        let writing: Vec<_> =
            writers.into_iter().map(|writer| scope.spawn(move || write(writer))).collect();
        until("the writers write", || (written.load(Ordering::SeqCst) >= 8).then_some(()));
        let hung = Hung::server(&server);
        let refused: Vec<_> = writing.into_iter().map(|writer| writer.join().unwrap()).collect();
        let reply = until("it is not ready", || is_not_ready(&anyone));
        unavailable(&reply, &["not-ready"]);
        assert_eq!(anyone.get("/v1/offerings").unwrap().status, 200);
        drop(hung);
        refused
    });
    for reply in &refused {
        unavailable(reply, &["busy", "overloaded", "outcome-unknown"]);
    }
    refused.retain(|reply| reply.json()["code"] == "outcome-unknown");
    until("it is ready", || is_ready(&anyone));
    let mut writer = Writer::new(&directory, &running, &synthetic_number(WRITERS));
    assert_eq!(writer.write().status, 200);
    let accepted = written.load(Ordering::SeqCst) + 1;
    let url = server.url();
    let audit = run(godkjent(&directory).args(["audit", "verify", "--database-url", &url]));
    let message = String::from_utf8_lossy(&audit.stdout).into_owned();
    let rows: usize = message.split(' ').nth(1).unwrap().parse().unwrap();
    // The first profile of each writer has a second row, for its address.
    let unknown = refused.len() + WRITERS + 1;
    assert!((accepted..=accepted + unknown).contains(&rows), "{message} {accepted} {unknown}");
    nothing_was_internal(&running);
}
