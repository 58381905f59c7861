//! A log that cannot be written stops nothing.

use std::process::Stdio;

use super::program::{Directory, Running, token, until};
use crate::{
    problems::scene::profile,
    rebuild::behind_its_back,
    world::{KRISTIANSAND, PROVIDER, database::TestDatabase},
};

/// More lines than an unread pipe holds.
const LINES: usize = 1_000;

fn start(directory: &Directory, url: &str) -> Running {
    Running::start_with(directory, url, |command| {
        command.arg("--local-issuer-key").arg(directory.file("key")).stderr(Stdio::piped());
    })
}

#[test]
fn a_log_that_nobody_reads_any_more_ends_neither_commands_nor_the_follower() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let mut running = start(&directory, &url);
    drop(running.stderr());
    goes_on(&directory, &running, &url);
}

#[test]
fn on_postgres_a_log_that_nobody_reads_any_more_ends_nothing() {
    let Some(database) = TestDatabase::postgres() else { return };
    let directory = Directory::new();
    let mut running = start(&directory, &database.url());
    drop(running.stderr());
    goes_on(&directory, &running, &database.url());
}

#[test]
fn a_reader_of_the_log_that_takes_nothing_holds_up_nobody() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let mut running = start(&directory, &url);
    let _reads_nothing = running.stderr();
    let anyone = running.client(None);
    for _ in 0..LINES {
        assert_eq!(anyone.get("/v1/nothing").unwrap().status, 404);
    }
    goes_on(&directory, &running, &url);
    running.terminate();
    assert!(running.wait_for_end().success());
}

/// Commands, private reads, due items: all of them work.
fn goes_on(directory: &Directory, running: &Running, url: &str) {
    let provider = running.client(Some(token(directory, "provider", PROVIDER, "Per")));
    let path = format!("/v1/providers/{PROVIDER}");
    let put = provider.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(provider.get("/v1/applications").unwrap().status, 200);
    assert_eq!(provider.get("/v1/nothing").unwrap().status, 404);
    // A reminder is due, and the follower executes it.
    let due = if url.starts_with("sqlite:") { "0" } else { "'1970-01-01T00:00:00Z'" };
    let item = format!(
        "INSERT INTO agenda (subject_type, subject_id, task, due_at, owner, municipality) \
         VALUES ('providers', '{PROVIDER}', 'profile-stale', {due}, 'registry', '4204')"
    );
    behind_its_back(url, &item);
    let auditor = running.client(Some(token(directory, "auditor", KRISTIANSAND, "Aud")));
    until("the reminder is given", || {
        let rows = auditor.get("/v1/audit?event=agenda.reminded").unwrap().json();
        rows["items"].as_array().is_some_and(|rows| !rows.is_empty()).then_some(())
    });
    let ready = running.client(None).get("/readyz").unwrap();
    assert_eq!((ready.status, ready.text.as_str()), (200, "ready"));
}
