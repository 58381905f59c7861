//! Nothing secret is told: not in an answer, not in the log, whatever goes wrong, also with every line of it.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use serde_json::json;

use super::program::{Directory, Running, Said, godkjent, run, token, until};
use crate::{
    problems::scene::profile,
    world::{PROVIDER, database::OwnServer},
};

const PASSWORD: &str = "t0p-s3cret";

/// What must stand nowhere.
fn secrets(directory: &Directory, tokens: &[&str]) -> Vec<String> {
    let key = std::fs::read_to_string(directory.file("key")).unwrap();
    let mut secrets = vec![PASSWORD.to_owned(), key.trim().to_owned()];
    // A token is known by each of its parts but the first, which says only how it is signed.
    secrets.extend(tokens.iter().flat_map(|token| token.split('.').skip(1).map(str::to_owned)));
    secrets
}

fn tells_nothing(what: &str, said: &str, secrets: &[String]) {
    let inner =
        ["SELECT ", "INSERT INTO", "UPDATE ", "RETURNING", "panicked at", "backtrace", ".rs:"];
    for word in secrets.iter().map(String::as_str).chain(inner) {
        let line = said.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{what} tells {word}: {line:?}");
    }
}

#[test]
fn no_answer_and_no_line_of_the_log_tells_a_secret_whatever_goes_wrong() {
    let Some(server) = OwnServer::start() else { return };
    assert!(server.url().contains(PASSWORD));
    let directory = Directory::new();
    let running = Running::start_with(&directory, &server.url(), |command| {
        command.arg("--local-issuer-key").arg(directory.file("key")).env("RUST_LOG", "trace");
    });
    let good = token(&directory, "provider", PROVIDER, "Per");
    let forged = format!("{}x", &good[..good.len() - 1]);
    let secrets = secrets(&directory, &[&good, &forged]);
    let path = format!("/v1/providers/{PROVIDER}");
    let (provider, forger) =
        (running.client(Some(good.clone())), running.client(Some(forged.clone())));
    let new = Some(("If-None-Match", "*"));
    let profile = profile();
    let broken = json!({"name": PASSWORD, "colour": 7});
    let mut answers: Vec<(u16, Said)> = vec![];
    let mut ask = |status, said: Result<Said, ureq::Error>| answers.push((status, said.unwrap()));
    ask(200, provider.send("PUT", &path, new, Some(&profile)));
    ask(412, provider.send("PUT", &path, new, Some(&profile)));
    ask(401, forger.send("PUT", &path, new, Some(&profile)));
    ask(403, provider.get("/v1/audit"));
    ask(422, provider.send("PUT", &path, new, Some(&json!({"name": 7}))));
    ask(400, running.client(None).get("/v1/approvals?colour=%27;DROP%20TABLE%20journal;--"));
    ask(404, running.client(None).get("/v1/nothing"));
    ask(200, running.client(None).get("/metrics"));
    ask(200, running.client(None).get("/readyz"));
    server.stop();
    ask(503, provider.send("PUT", &path, Some(("If-Match", "\"1\"")), Some(&profile)));
    ask(503, running.client(None).get("/readyz"));
    ask(200, running.client(None).get(&path));
    for (status, said) in &answers {
        assert_eq!(said.status, *status, "{said:?}");
        tells_nothing("an answer", &format!("{said:?}"), &secrets);
    }
    // What a caller sends is told back to nobody else; its names of fields are.
    let said = provider.send("PUT", &path, new, Some(&broken)).unwrap();
    assert_eq!(said.status, 422);
    assert!(!said.text.contains(PASSWORD), "{said:?}");
    until("the log says it", || running.log().contains("no database connection").then_some(()));
    tells_nothing("the log", &running.log(), &secrets);
}

/// Answers like a server of PostgreSQL that does not like the password.
fn unwilling() -> (u16, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut startup = [0; 1024];
        assert!(socket.read(&mut startup).unwrap() > 8);
        let fields =
            b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"godkjent\"\0\0";
        let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
        socket.write_all(&[b"E", &length[..], &fields[..]].concat()).unwrap();
    });
    (port, server)
}

#[test]
fn a_wrong_password_is_said_without_the_password() {
    let directory = Directory::new();
    let (port, server) = unwilling();
    let url = format!("postgres://godkjent:{PASSWORD}@127.0.0.1:{port}/godkjent?sslmode=disable");
    let broken = format!("postgres://godkjent:{PASSWORD}@127.0.0.1:port/godkjent");
    let odd = format!("postgres://godkjent@127.0.0.1/godkjent?passwort={PASSWORD}");
    for (url, wanted) in [(&url, "authentication failed"), (&broken, ""), (&odd, "")] {
        let mut command = godkjent(&directory);
        command.arg("migrate").env("GODKJENT_DATABASE_URL", url).env("RUST_LOG", "trace");
        let output = run(&mut command);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{said}");
        assert!(said.contains(wanted), "{said}");
        tells_nothing("the start", &said, &[PASSWORD.to_owned()]);
    }
    server.join().unwrap();
}
