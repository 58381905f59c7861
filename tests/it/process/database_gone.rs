//! Database outage: commands stop, reads continue with their age, and nothing is lost.

mod between;

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use chrono::DateTime;
use godkjent::context::Context;
use serde_json::json;

use self::between::{Between, End};
use super::{
    load::{Load, People, check, journal, prepare},
    program::{Client, Directory, Reply, Running, token, until},
};
use crate::world::{KRISTIANSAND, database::OwnServer};

/// How often the database is taken away.
const ROUNDS: usize = 4;
/// A page that is ready in memory, and a resource that a route answers for.
const READ: [&str; 2] = ["/v1/register/4204/personal-assistance", "/v1/municipalities/4204"];
const KEY: &str = "\"0197f6c8-0000-7000-8000-00000000000c\"";

fn not_ready(anyone: &Client) -> Option<Reply> {
    anyone.get("/readyz").ok().filter(|reply| reply.status == 503)
}

fn problem(reply: &Reply, code: &str) {
    assert_eq!((reply.status, reply.json()["code"].as_str()), (503, Some(code)), "{reply:?}");
    assert!(!reply.header("retry-after").is_empty(), "{reply:?}");
}

/// Reads public data, which must be answered during the outage; returns the number of reads.
fn read_on(anyone: &Client, over: &AtomicBool, marked: &AtomicUsize) -> usize {
    let mut read = 0;
    while !over.load(Ordering::SeqCst) {
        for path in READ {
            let reply = anyone.get(path).expect("a reader was left alone");
            assert_eq!(reply.status, 200, "{reply:?}");
            let age = !reply.header("register-as-of").is_empty();
            marked.fetch_add(usize::from(age), Ordering::SeqCst);
            read += 1;
        }
    }
    read
}

/// Seconds since the register followed the journal, according to both reads.
fn age(anyone: &Client) -> i64 {
    let mut ages = READ.map(|path| {
        until("reads are marked with their age", || {
            let reply = anyone.get(path).unwrap();
            let as_of = DateTime::parse_from_rfc3339(reply.header("register-as-of")).ok()?;
            Some((Context::system().now() - as_of.to_utc()).num_seconds())
        })
    });
    ages.sort_unstable();
    assert!(ages[0] >= 5, "marked too early: {ages:?}");
    ages[1]
}

#[test]
fn what_was_accepted_is_there_however_often_the_database_goes_under_load() {
    let Some(server) = OwnServer::start() else { return };
    let directory = Directory::new();
    let running = Running::start(&directory, &server.url());
    let people = People::of(&directory);
    let mut accepted = prepare(&running, &people);
    let anyone = running.client(None);
    assert_eq!(anyone.get("/readyz").unwrap().text, "ready");
    assert_eq!(
        READ.map(|path| anyone.get(path).unwrap().header("register-as-of").to_owned()),
        ["", ""]
    );
    let load = Load::start(&running, &people);
    let (over, marked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let read = thread::scope(|scope| {
        let reader = scope.spawn(|| read_on(&anyone, &over, &marked));
        for round in 1..=ROUNDS {
            // A random moment.
            let moment = usize::try_from(RandomState::new().hash_one(round) % 200).unwrap();
            let moment = load.count_accepted() + 20 + moment;
            until("the writers write", || (load.count_accepted() >= moment).then_some(()));
            let gone = Instant::now();
            server.stop();
            let reply = until("it is not ready", || not_ready(&anyone));
            let unready = gone.elapsed();
            problem(&reply, "not-ready");
            assert!(
                reply.json()["detail"].as_str().unwrap().contains("does not answer"),
                "{reply:?}"
            );
            assert_eq!(anyone.get("/livez").unwrap().status, 200);
            // The outage is once long enough to be noticed, else short.
            let age = (round == 1).then(|| age(&anyone));
            let before = load.count_accepted();
            let back = Instant::now();
            server.start_again();
            until("it is ready", || anyone.get("/readyz").ok().filter(|reply| reply.status == 200));
            let ready = back.elapsed();
            until("acts are done again", || (load.count_accepted() > before).then_some(()));
            let acting = back.elapsed();
            until("reads are of now", || {
                let marked = |path| !anyone.get(path).unwrap().header("register-as-of").is_empty();
                (!READ.iter().any(|path| marked(path))).then_some(())
            });
            println!(
                "round {round}: {moment} accepted, database gone: not ready after {unready:?}, reads are of {age:?} s ago; \
                 database back: ready after {ready:?}, acts after {acting:?}"
            );
        }
        over.store(true, Ordering::SeqCst);
        reader.join().expect("reads are answered")
    });
    let (more, turned_away) = load.end();
    accepted.extend(more);
    let codes = ["busy", "overloaded", "outcome-unknown", "etag-mismatch"];
    assert!(turned_away.keys().all(|code| codes.contains(&code.as_str())), "{turned_away:?}");
    let found = check(&running, &people, &accepted, ROUNDS);
    assert!(!running.log().contains("internal error"));
    let metrics = anyone.get("/metrics").unwrap().text;
    assert!(metrics.contains("status=\"503\"") && !metrics.contains("status=\"500\""), "{metrics}");
    assert!(marked.load(Ordering::SeqCst) > 0);
    drop(running);
    let again = Running::start(&directory, &server.url());
    assert_eq!(check(&again, &people, &accepted, ROUNDS), found);
    println!(
        "{} accepted, all found again; {found} in the journal; {read} public reads, all answered, {} of them marked; \
         turned away: {turned_away:?}",
        accepted.len(),
        marked.load(Ordering::SeqCst)
    );
}

#[test]
fn an_act_whose_end_is_not_heard_says_so_and_is_done_once_by_its_key() {
    let Some(server) = OwnServer::start() else { return };
    let directory = Directory::new();
    let between = Between::registry_and(&server.socket());
    let running = Running::start(&directory, &between.url());
    let (editor, auditor) = (
        running.client(Some(token(&directory, "editor", KRISTIANSAND, "Eva"))),
        running.client(Some(token(&directory, "auditor", KRISTIANSAND, "Aud"))),
    );
    for (service, end) in [("home-nursing", End::Lost), ("personal-assistance", End::Unheard)] {
        let before = journal(&auditor).len();
        let body = json!({"service": service});
        let key = KEY.replace('c', if end == End::Lost { "d" } else { "e" });
        let act = || {
            let headers = [("Idempotency-Key", key.as_str())];
            editor.ask("POST", "/v1/offerings", &headers, Some(&body)).unwrap()
        };
        between.cut_next(end);
        let reply = act();
        problem(&reply, "outcome-unknown");
        assert!(reply.json()["detail"].as_str().unwrap().contains("Idempotency-Key"), "{reply:?}");
        let saved = journal(&auditor).len() - before;
        assert_eq!(saved, usize::from(end == End::Unheard), "{end:?}");
        let again = act();
        assert_eq!((again.status, again.replayed), (201, end == End::Unheard), "{again:?}");
        assert_eq!(journal(&auditor).len() - before, 1, "done once");
        println!(
            "{end:?}: 503 outcome-unknown, {saved} kept; again with its key: 201, replayed: {}",
            again.replayed
        );
    }
    assert!(!running.log().contains("internal error"));
}

#[test]
fn a_database_that_lacks_a_migration_is_not_ready_and_one_that_has_it_again_is() {
    let Some(server) = OwnServer::start() else { return };
    let directory = Directory::new();
    let running = Running::start(&directory, &server.url());
    let anyone = running.client(None);
    assert_eq!(anyone.get("/readyz").unwrap().status, 200);
    server.execute("CREATE TABLE aside AS SELECT * FROM __diesel_schema_migrations");
    server.execute("DELETE FROM __diesel_schema_migrations WHERE version LIKE '%1'");
    let reply = until("it is not ready", || not_ready(&anyone));
    problem(&reply, "not-ready");
    let detail = reply.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("lacks migrations: 00000000000001"), "{detail}");
    assert!(detail.contains("godkjent migrate"), "{detail}");
    assert_eq!(anyone.get("/v1/offerings").unwrap().status, 200);
    server.execute(
        "INSERT INTO __diesel_schema_migrations SELECT * FROM aside ON CONFLICT DO NOTHING",
    );
    until("it is ready", || anyone.get("/readyz").ok().filter(|reply| reply.status == 200));
}
