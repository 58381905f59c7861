//! Killed during uploads: every accepted file is complete, and after a sweep other files are only in the trash.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    hash::{BuildHasher, RandomState},
    io::{self, Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, TimeDelta, Utc};
use godkjent::{
    domain::values::numbers::OrganisationNumber,
    jobs::evidence::{GRACE, sweep},
    store::Store,
    vault::{S3, UploadLimits, Vault},
};

use super::program::{Directory, Running, token, until};
use crate::{
    evidence::sha256,
    problems::scene::profile,
    world::{
        PROVIDER,
        database::TestDatabase,
        files::{metadata, pdf, upload},
    },
};

const ROUNDS: usize = 4;
const WRITERS: usize = 3;

#[test]
fn on_sqlite_every_accepted_file_outlives_a_kill_and_no_other_does() {
    let directory = Directory::new();
    let url = directory.sqlite();
    rounds(&directory, &url);
}

#[test]
fn on_postgres_every_accepted_file_outlives_a_kill_and_no_other_does() {
    let Some(database) = TestDatabase::postgres() else { return };
    rounds(&Directory::new(), &database.url());
}

/// Accepted files: their ids, and the digests of the sent bytes.
type Accepted = BTreeMap<String, String>;

fn rounds(directory: &Directory, url: &str) {
    let first = Running::start(directory, url);
    let token = token(directory, "provider", PROVIDER, "Per");
    let me = first.client(Some(token.clone()));
    let path = format!("/v1/providers/{PROVIDER}");
    let put = me.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    drop(first);
    let mut accepted = Accepted::new();
    for round in 0..ROUNDS {
        let mut running = Running::start(directory, url);
        let count = Arc::new(AtomicUsize::new(0));
        let halves: Vec<_> = (0..2).map(|_| half(&running.address, &token).unwrap()).collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|nth| {
                let (address, token) = (running.address.clone(), token.clone());
                let count = Arc::clone(&count);
                thread::spawn(move || writes(&address, &token, nth, &count))
            })
            .collect();
        // A random moment: after some files, or during the next ones.
        let moment = 4 + RandomState::new().hash_one(round) % 12;
        let written = || u64::try_from(count.load(Ordering::SeqCst)).unwrap();
        until("files are accepted", || (written() >= moment).then_some(()));
        until("a half upload lies in the directory", || {
            (half_files(directory) >= halves.len() * (round + 1)).then_some(())
        });
        running.kill();
        for writer in writers {
            accepted.extend(writer.join().expect("only the connection may fail"));
        }
        let again = Running::start(directory, url);
        check(&again, &token, &accepted, round);
    }
    assert!(accepted.len() >= 4 * ROUNDS);
    let swept = sweep_all(directory, url);
    assert!(swept >= 2 * ROUNDS, "{swept}");
    rows_and_bytes_are_the_same(directory, url, &accepted);
    check(&Running::start(directory, url), &token, &accepted, ROUNDS);
}

/// A request with the whole header and part of the body.
fn begin(address: &str, token: &str, content: &[u8], share: usize) -> io::Result<TcpStream> {
    let (kind, body) = upload(&metadata("insurance"), "; filename=\"x.pdf\"", content);
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        socket,
        "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )?;
    socket.write_all(&body[..body.len() / share])?;
    Ok(socket)
}

/// An upload that will never be finished.
fn half(address: &str, token: &str) -> io::Result<TcpStream> {
    begin(address, token, &pdf(2_000_000), 2)
}

fn half_files(directory: &Directory) -> usize {
    let entries = fs::read_dir(directory.file("evidence")).unwrap();
    entries
        .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().contains('#'))
        .count()
}

/// Uploads until the connection fails; returns the accepted ones.
fn writes(address: &str, token: &str, nth: usize, count: &AtomicUsize) -> Accepted {
    let mut accepted = Accepted::new();
    for turn in 1.. {
        let content = pdf(1000 + (turn * 7 + nth * 3) % 11 * 190_000 + turn);
        let Ok(mut socket) = begin(address, token, &content, 1) else { break };
        let mut answer = String::new();
        if socket.read_to_string(&mut answer).is_err() || answer.is_empty() {
            break;
        }
        // An interrupted upload was not answered.
        let Some((head, body)) = answer.split_once("\r\n\r\n") else { break };
        assert!(head.starts_with("HTTP/1.1 201"), "{answer}");
        let Ok(view) = serde_json::from_str::<serde_json::Value>(body) else { break };
        let digest = sha256(&content);
        assert_eq!(view["content"]["sha256"], digest.as_str());
        accepted.insert(view["id"].as_str().unwrap().to_owned(), digest);
        count.fetch_add(1, Ordering::SeqCst);
    }
    accepted
}

/// Every accepted file is complete.
fn check(running: &Running, token: &str, accepted: &Accepted, round: usize) {
    for (id, digest) in accepted {
        let bytes = fetch(&running.address, token, id);
        assert_eq!(&sha256(&bytes), digest, "round {round}: {id}");
    }
}

fn fetch(address: &str, token: &str, id: &str) -> Vec<u8> {
    let mut socket = TcpStream::connect(address).unwrap();
    write!(
        socket,
        "GET /v1/evidence/{id}/content HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    )
    .unwrap();
    let mut answer = vec![];
    socket.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    answer.split_off(end + 4)
}

/// The sweep of the running program, as of a time when every grace is over.
fn sweep_all(directory: &Directory, url: &str) -> usize {
    let (store, vault) = open(directory, url);
    let now = DateTime::<Utc>::from(SystemTime::now()) + GRACE + TimeDelta::minutes(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let swept = runtime.block_on(sweep(&store, &vault, now)).unwrap();
    swept.deleted + swept.trashed
}

fn open(directory: &Directory, url: &str) -> (Store, Vault) {
    let address = format!("file:{}", directory.file("evidence").display());
    let vault = Vault::open(&address, &S3::default(), UploadLimits::default(), None).unwrap();
    (Store::open(url, 2).unwrap(), vault)
}

/// No bytes without a row, no row without bytes.
fn rows_and_bytes_are_the_same(directory: &Directory, url: &str, accepted: &Accepted) {
    let (store, _) = open(directory, url);
    let provider = OrganisationNumber::parse(PROVIDER).unwrap();
    let read = store.read(|session| session.evidence_files(&provider, None, 100_000));
    let rows = read.map_err(|error: godkjent::store::StoreError| error.to_string()).unwrap();
    let rows: BTreeMap<_, _> =
        rows.into_iter().map(|it| (it.id.to_string(), it.content.sha256)).collect();
    let entries = fs::read_dir(directory.file("evidence")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let of_the_store = ["registry.json", "swept.json", "trash"];
    let names: BTreeSet<_> = names.filter(|name| !of_the_store.contains(&&**name)).collect();
    assert_eq!(names, rows.keys().cloned().collect());
    for (id, digest) in &rows {
        assert_eq!(&sha256(&fs::read(directory.file("evidence").join(id)).unwrap()), digest);
    }
    assert!(accepted.keys().all(|id| rows.contains_key(id)));
}
