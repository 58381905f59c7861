//! Killed between commit and answer: a retry gets the stored answer, and the command is executed once.

use std::{io::Write, net::TcpStream};

use serde_json::json;

use super::{
    load::journal,
    program::{Directory, Running, token, until},
};
use crate::world::{KRISTIANSAND, database::TestDatabase};

const KEY: &str = "\"0197f6c8-0000-7000-8000-00000000000b\"";

#[test]
fn on_sqlite_a_retry_finds_the_answer_that_a_kill_swallowed() {
    let directory = Directory::new();
    let url = directory.sqlite();
    kill_before_answer(&directory, &url);
}

#[test]
fn on_postgres_a_retry_finds_the_answer_that_a_kill_swallowed() {
    let Some(database) = TestDatabase::postgres() else { return };
    kill_before_answer(&Directory::new(), &database.url());
}

fn kill_before_answer(directory: &Directory, url: &str) {
    // The first start makes the key that the tokens are signed with.
    drop(Running::start(directory, url));
    let editor = token(directory, "editor", KRISTIANSAND, "Eva");
    let auditor = token(directory, "auditor", KRISTIANSAND, "Aud");
    let body = json!({"service": "personal-assistance"});
    let mut running = Running::start(directory, url);
    // Sent, and never read: the process is killed as soon as the journal has the command.
    let mut socket = TcpStream::connect(&running.address).unwrap();
    let text = body.to_string();
    write!(
        socket,
        "POST /v1/offerings HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {editor}\r\n\
         Idempotency-Key: {KEY}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
        running.address,
        text.len(),
    )
    .unwrap();
    let looking = running.client(Some(auditor.clone()));
    let rows = until("the act is done", || Some(journal(&looking)).filter(|it| !it.is_empty()));
    running.kill();
    drop(socket);

    let again = Running::start(directory, url);
    let retry = |key| {
        let client = again.client(Some(editor.clone()));
        client.ask("POST", "/v1/offerings", &[("Idempotency-Key", key)], Some(&body)).unwrap()
    };
    let heard = retry(KEY);
    assert_eq!(heard.status, 201, "{}", heard.text);
    assert!(heard.replayed);
    assert_eq!(heard.location, format!("{}/draft", rows[0]["subject"].as_str().unwrap()));
    assert_eq!(heard.revision(), 1);
    assert_eq!(heard.json()["id"], heard.location.split('/').nth(3).unwrap());
    assert_eq!(journal(&again.client(Some(auditor))), rows);
    // Without its key it would have been executed twice, without another guard.
    assert_eq!(retry("another").status, 409);
}
