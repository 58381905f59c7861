//! `serve --demo --fresh`: a demo of an earlier start is removed, and nothing else.

use std::{fs, path::Path};

use serde_json::json;

use super::program::{Client, Directory, Running, godkjent, run};
use crate::{
    problems::scene::profile,
    rebuild::behind_its_back,
    world::{
        PROVIDER,
        database::TestDatabase,
        files::{metadata, pdf, upload},
    },
};

fn demo(directory: &Directory, url: &str, flags: &[&str]) -> Running {
    Running::start_with(directory, url, |command| {
        command.arg("--demo").args(flags).arg("--local-issuer-key").arg(directory.file("key"));
    })
}

fn provider(directory: &Directory, running: &Running) -> Client {
    let token = super::program::token(directory, "provider", PROVIDER, "Per");
    running.client(Some(token))
}

/// The feed position of a registry.
fn position(running: &Running) -> String {
    let answer = running.client(None).get("/v1/municipalities").unwrap();
    answer.header("feed-position").to_owned()
}

/// Adds a provider and a file of evidence.
fn add(directory: &Directory, running: &Running) {
    let client = provider(directory, running);
    let path = format!("/v1/providers/{PROVIDER}");
    let put = client.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    let (kind, body) = upload(&metadata("insurance"), "; filename=\"x.pdf\"", &pdf(4000));
    let token = super::program::token(directory, "provider", PROVIDER, "Per");
    let sent = ureq::post(format!("http://{}/v1/evidence", running.address))
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", kind)
        .send(&body[..]);
    assert_eq!(sent.unwrap().status(), 201);
}

/// The files in the evidence store, without its own records.
fn evidence(directory: &Directory) -> Vec<String> {
    let entries = fs::read_dir(directory.file("evidence")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| uuid::Uuid::parse_str(name).is_ok()).collect()
}

fn stop(running: Running) {
    running.terminate();
    assert!(running.wait_for_end().success());
}

/// A start with `--fresh` fails with these words.
fn expect_refusal(directory: &Directory, url: &str, more: &[&str], words: &str) {
    expect_refused_demo(directory, url, &[&["--fresh"], more].concat(), words);
}

/// A start with the demo fails with these words.
fn expect_refused_demo(directory: &Directory, url: &str, more: &[&str], words: &str) {
    let mut command = godkjent(directory);
    command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--database-url", url]);
    let output = run(command.args(more));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && message.contains(words), "{message}");
}

fn a_fresh_start_removes_what_was_added_to_the_demo(directory: &Directory, url: &str) {
    let first = demo(directory, url, &["--fresh"]);
    let before = position(&first);
    add(directory, &first);
    assert_ne!(position(&first), before);
    stop(first);
    assert_eq!(evidence(directory).len(), 1);

    let kept = demo(directory, url, &[]);
    assert_ne!(position(&kept), before, "without the flag everything is kept");
    stop(kept);

    let fresh = demo(directory, url, &["--fresh"]);
    assert_eq!(position(&fresh), before);
    let path = format!("/v1/providers/{PROVIDER}");
    assert_eq!(fresh.client(None).get(&path).unwrap().status, 404);
    assert_eq!(evidence(directory), [""; 0]);
    // Tokens of before are valid, and the new registry takes files.
    add(directory, &fresh);
    assert_eq!(evidence(directory).len(), 1);
    stop(fresh);
}

#[test]
fn a_fresh_start_removes_the_demo_from_sqlite() {
    let directory = Directory::new();
    a_fresh_start_removes_what_was_added_to_the_demo(&directory, &directory.sqlite());
}

#[test]
fn a_fresh_start_removes_the_demo_from_postgres() {
    let Some(database) = TestDatabase::postgres() else { return };
    a_fresh_start_removes_what_was_added_to_the_demo(&Directory::new(), &database.url());
}

fn a_fresh_start_keeps_what_is_no_demo(url: &str) {
    let directory = Directory::new();
    let registry = Running::start(&directory, url);
    // A caller chooses the request id; that makes no demo.
    let client = provider(&directory, &registry);
    let path = format!("/v1/providers/{PROVIDER}");
    let headers = [("If-None-Match", "*"), ("X-Request-Id", "demo")];
    assert_eq!(client.ask("PUT", &path, &headers, Some(&profile())).unwrap().status, 200);
    stop(registry);
    // The key of a demo would give every role in it.
    expect_refusal(&directory, url, &[], "--demo is for a demo only");
    expect_refused_demo(&directory, url, &[], "--demo is for a demo only");
    let registry = Running::start(&directory, url);
    assert_eq!(registry.client(None).get(&path).unwrap().status, 200);
    let municipality = registry.client(None).get("/v1/register/4204/practical-help").unwrap();
    assert_eq!(municipality.status, 404, "nor is the demo loaded into it");
    stop(registry);
}

#[test]
fn a_fresh_start_keeps_a_registry_in_sqlite() {
    let directory = Directory::new();
    a_fresh_start_keeps_what_is_no_demo(&directory.sqlite());
}

#[test]
fn a_fresh_start_keeps_a_registry_in_postgres() {
    let Some(database) = TestDatabase::postgres() else { return };
    a_fresh_start_keeps_what_is_no_demo(&database.url());
}

#[test]
fn a_fresh_start_removes_nothing_if_anything_around_the_demo_is_not_its_own() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let running = demo(&directory, &url, &[]);
    add(&directory, &running);
    // A running registry.
    expect_refusal(&directory, &url, &[], "another godkjent works on this database");
    // A busy port is found first.
    expect_refusal(&directory, &url, &["--listen", &running.address], "--listen");
    let all = position(&running);
    stop(running);

    let issuers = directory.file("issuers.json");
    fs::write(&issuers, "[]").unwrap();
    let issuers = issuers.display().to_string();
    expect_refusal(&directory, &url, &["--issuers", &issuers], "issuers are configured");

    let owner = directory.file("evidence/registry.json");
    let own = fs::read(&owner).unwrap();
    fs::write(&owner, json!({"registry": uuid::Uuid::from_u128(9)}).to_string()).unwrap();
    expect_refusal(&directory, &url, &[], "belongs to the registry 00000000");
    fs::write(&owner, own).unwrap();

    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990000000001')";
    behind_its_back(&url, newer);
    expect_refusal(&directory, &url, &[], "a newer godkjent has changed the tables");
    behind_its_back(&url, "DELETE FROM __diesel_schema_migrations WHERE version LIKE '9999%'");

    assert_eq!(evidence(&directory).len(), 1);
    let running = demo(&directory, &url, &[]);
    assert_eq!(position(&running), all);
}

#[test]
fn an_interrupted_removal_is_repeated() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let running = demo(&directory, &url, &[]);
    add(&directory, &running);
    stop(running);
    // The evidence goes first.
    let folder = directory.file("evidence");
    let remove = |path: &Path| fs::remove_file(path).unwrap();
    for name in evidence(&directory) {
        remove(&folder.join(name));
    }
    for name in ["registry.json", "swept.json"] {
        let _ = fs::remove_file(folder.join(name));
    }
    drop(demo(&directory, &url, &["--fresh"]));
}

#[test]
fn fresh_is_only_for_the_demo() {
    let directory = Directory::new();
    let output = run(godkjent(&directory).args(["serve", "--fresh"]));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && message.contains("--demo"), "{message}");
}
