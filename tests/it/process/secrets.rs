//! Secrets are in no answer and no log line, whatever fails, also at the lowest log level.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use serde_json::json;

use super::program::{Directory, Reply, Running, godkjent, run, token};
use crate::{
    problems::scene::profile,
    tokens::{
        issuer::{Signer, TestIssuer},
        scene::issuer_config,
    },
    world::{KRISTIANSAND, PROVIDER, database::OwnServer},
};

const PASSWORD: &str = "t0p-s3cret";
const S3_SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYexample";
const PERSON_KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0person";

/// Texts that must not occur.
fn secrets(directory: &Directory, tokens: &[&str]) -> Vec<String> {
    let mut secrets = vec![PASSWORD.to_owned(), S3_SECRET.to_owned(), PERSON_KEY.to_owned()];
    for file in ["key", "checkpoint.pem"] {
        let key = fs::read_to_string(directory.file(file)).unwrap();
        // Each line alone, without the PEM frame.
        let lines = key.lines().filter(|line| !line.is_empty() && !line.starts_with("-----"));
        secrets.extend(lines.map(str::to_owned));
    }
    // A token is recognisable by each of its parts except the first, which names only the algorithm.
    secrets.extend(tokens.iter().flat_map(|token| token.split('.').skip(1).map(str::to_owned)));
    assert!(secrets.len() >= 6 + tokens.len() && secrets.iter().all(|it| it.len() >= 10));
    secrets
}

fn tells_nothing(what: &str, text: &str, secrets: &[String]) {
    let inner =
        ["SELECT ", "INSERT INTO", "UPDATE ", "RETURNING", "panicked at", "backtrace", ".rs:"];
    for word in secrets.iter().map(String::as_str).chain(inner) {
        let line = text.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{what} tells {word}: {line:?}");
    }
}

#[test]
fn no_answer_and_no_line_of_the_log_tells_a_secret_whatever_goes_wrong() {
    let Some(server) = OwnServer::start() else { return };
    assert!(server.url().contains(PASSWORD));
    let directory = Directory::new();
    let issuer = TestIssuer::start("", &[&Signer::ec("k1")]);
    let issuers = directory.file("issuers.json");
    fs::write(&issuers, json!([issuer_config("oidc", &issuer.name)]).to_string()).unwrap();
    fs::write(directory.file("person"), PERSON_KEY).unwrap();
    let running = Running::start_with(&directory, &server.url(), |command| {
        command.arg("--local-issuer-key").arg(directory.file("key")).env("RUST_LOG", "trace");
        command.env("GODKJENT_ISSUERS", &issuers);
        command.env("GODKJENT_PERSON_KEY", directory.file("person"));
        command.env("GODKJENT_S3_KEY_ID", "AKIAEXAMPLE").env("GODKJENT_S3_SECRET", S3_SECRET);
    });
    let good = token(&directory, "provider", PROVIDER, "Per");
    let forged = format!("{}x", &good[..good.len() - 1]);
    let auditor = token(&directory, "auditor", KRISTIANSAND, "Aud");
    let secrets = secrets(&directory, &[&good, &forged, &auditor]);
    let path = format!("/v1/providers/{PROVIDER}");
    let (provider, forger) =
        (running.client(Some(good.clone())), running.client(Some(forged.clone())));
    let new = Some(("If-None-Match", "*"));
    let profile = profile();
    let broken = json!({"name": PASSWORD, "colour": 7});
    let mut answers: Vec<(u16, Reply)> = vec![];
    let mut ask =
        |status, reply: Result<Reply, ureq::Error>| answers.push((status, reply.unwrap()));
    ask(200, provider.send("PUT", &path, new, Some(&profile)));
    ask(412, provider.send("PUT", &path, new, Some(&profile)));
    ask(401, forger.send("PUT", &path, new, Some(&profile)));
    ask(403, provider.get("/v1/audit"));
    ask(422, provider.send("PUT", &path, new, Some(&json!({"name": 7}))));
    ask(400, running.client(None).get("/v1/approvals?colour=%27;DROP%20TABLE%20journal;--"));
    ask(404, running.client(None).get("/v1/nothing"));
    ask(200, running.client(None).get("/metrics"));
    ask(200, running.client(None).get("/readyz"));
    let auditor = running.client(Some(auditor));
    ask(200, auditor.get("/v1/audit/checkpoint"));
    ask(200, auditor.get("/v1/audit/keys"));
    ask(400, running.client(None).get(&format!("/v1/approvals?token={good}")));
    ask(404, running.client(None).get(&format!("/v1/{good}")));
    // A missing table is an internal error: 500, with the cause in the log only.
    server.execute("ALTER TABLE application RENAME TO elsewhere");
    ask(500, provider.get("/v1/applications"));
    server.execute("ALTER TABLE elsewhere RENAME TO application");
    server.stop();
    ask(503, provider.send("PUT", &path, Some(("If-Match", "\"1\"")), Some(&profile)));
    ask(503, running.client(None).get("/readyz"));
    ask(200, running.client(None).get(&path));
    for (status, reply) in &answers {
        assert_eq!(reply.status, *status, "{reply:?}");
        tells_nothing("an answer", &format!("{reply:?}"), &secrets);
    }
    let (answered, lines) = (answers.len(), running.log().lines().count());
    // A caller's input is not revealed to others; field names are.
    let reply = provider.send("PUT", &path, new, Some(&broken)).unwrap();
    assert_eq!(reply.status, 422);
    assert!(!reply.text.contains(PASSWORD), "{reply:?}");
    running.logs("no database connection");
    // The cause of a 500.
    running.logs("internal error");
    let log = running.log();
    tells_nothing("the log", &log, &secrets);
    println!(
        "{} secrets in none of {answered} answers and {lines} lines of the log",
        secrets.len()
    );
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
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{message}");
        assert!(message.contains(wanted), "{message}");
        tells_nothing("the start", &message, &[PASSWORD.to_owned()]);
    }
    server.join().unwrap();
}
