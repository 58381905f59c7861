//! Requests that two readers would end at different places, over a socket to the program itself.
//!
//! A proxy in front of the registry and the registry must see the same requests. Each attack hides a second
//! request in a first one; it must not be answered, or the connection must end before.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::process::program::{Directory, Running};

/// The smuggled request: its path occurs in no other answer.
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Sends bytes without more, and reads to the end.
fn exchange(running: &Running, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(&running.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // The server may close early.
    let _ = socket.write_all(bytes);
    let _ = socket.shutdown(std::net::Shutdown::Write);
    let mut answer = vec![];
    let _ = socket.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// The statuses of all answers.
fn statuses(answer: &str) -> Vec<u16> {
    let lines = answer.lines().filter_map(|line| line.split("HTTP/1.1 ").nth(1));
    lines.filter_map(|rest| rest.get(..3)?.parse().ok()).collect()
}

/// A POST to an open route with these lines of header and this body.
fn post(headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /v1/approvals/lookup HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/json\r\n{headers}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A GET with these lines of header.
fn get(headers: &str) -> Vec<u8> {
    format!("GET /v1/grounds HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n").into_bytes()
}

/// The registry is still there, for everyone else.
fn lives(running: &Running) {
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

/// Rejected with 400, like the rest of the connection: 404 would show that the smuggled path was looked up.
fn is_refused(running: &Running, what: &str, bytes: &[u8]) {
    let answer = exchange(running, &[bytes, HIDDEN.as_bytes()].concat());
    let found = statuses(&answer);
    assert!(!found.is_empty() && found.iter().all(|it| *it == 400), "{what}: {answer}");
    lives(running);
}

#[test]
fn a_request_whose_end_can_be_read_two_ways_is_refused() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let chunked = "0\r\n\r\n";
    for (what, headers, body) in [
        ("a coding that changes nothing", "Transfer-Encoding: identity", ""),
        ("both lengths", "Content-Length: 5\r\nTransfer-Encoding: chunked", chunked),
        ("both, the other way", "Transfer-Encoding: chunked\r\nContent-Length: 5", chunked),
        ("two lengths that differ", "Content-Length: 2\r\nContent-Length: 3", "{} "),
        ("two lengths that agree", "Content-Length: 2\r\nContent-Length: 2", "{}"),
        ("a list of lengths", "Content-Length: 2, 3", "{} "),
        ("a signed length", "Content-Length: +2", "{}"),
        ("a length below zero", "Content-Length: -2", "{}"),
        ("a length in hexadecimal", "Content-Length: 0x2", "{}"),
        ("a length with more behind", "Content-Length: 2 2", "{}"),
        ("an empty length", "Content-Length: ", "{}"),
        ("a length beyond measure", "Content-Length: 99999999999999999999999999", "{}"),
        ("two codings, chunked not last", "Transfer-Encoding: chunked, identity", chunked),
        (
            "two chunked codings",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            chunked,
        ),
        ("an unknown coding", "Transfer-Encoding: xchunked", chunked),
        ("a coding in quotes", "Transfer-Encoding: \"chunked\"", chunked),
        ("a space before the colon", "Content-Length : 2", "{}"),
        ("a tab in a name", "Content\tLength: 2", "{}"),
        ("a folded line", "Transfer-Encoding:\r\n chunked", chunked),
        ("a line that goes on", "X-Note: a\r\n b", ""),
        ("a NUL in a value", "X-Note: a\0b", ""),
        ("a NUL in a name", "X-No\0te: a", ""),
        ("a lone carriage return", "X-Note: a\rContent-Length: 2", "{}"),
        ("a name that is none", "X Note: a", ""),
    ] {
        is_refused(&running, what, &post(headers, body));
    }
}

#[test]
fn a_coding_that_the_version_does_not_know_is_refused() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let old = b"POST /v1/approvals/lookup HTTP/1.0\r\nConnection: keep-alive\r\n\
        Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer = exchange(&running, &[&old[..], HIDDEN.as_bytes()].concat());
    assert!(answer.contains(" 400 ") && !answer.contains(" 404 "), "{answer}");
    lives(&running);
}

/// A lone line feed ends a line, as RFC 9112 section 2.2 allows: then it does so for lengths too.
#[test]
fn a_line_that_ends_in_a_bare_line_feed_ends_there() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let bare = b"GET /v1/grounds HTTP/1.1\nHost: localhost\nConnection: close\n\n";
    assert_eq!(statuses(&exchange(&running, bare)), [200]);
    let coded = "X-Note: a\nTransfer-Encoding: chunked\r\nContent-Length: 5";
    is_refused(&running, "a coding behind a line feed", &post(coded, "0\r\n\r\n"));
    let twice = "X-Note: a\nContent-Length: 2\r\nContent-Length: 0";
    is_refused(&running, "a length behind a line feed", &post(twice, "{}"));
}

#[test]
fn chunks_that_cannot_be_counted_are_refused() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    for (what, body) in [
        ("a size beyond measure", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ("a size that is none", "xyz\r\n{}\r\n0\r\n\r\n"),
        ("a size below zero", "-2\r\n{}\r\n0\r\n\r\n"),
        ("no line break after a chunk", "2\r\n{}0\r\n\r\n"),
        ("more than was said", "2\r\n{}{}\r\n0\r\n\r\n"),
    ] {
        let bytes = [post("Transfer-Encoding: chunked", body), HIDDEN.as_bytes().to_vec()].concat();
        let answer = exchange(&running, &bytes);
        let found = statuses(&answer);
        assert!(found.len() <= 1 && found.iter().all(|it| *it == 400), "{what}: {answer}");
        lives(&running);
    }
}

#[test]
fn a_body_that_is_not_read_is_not_the_next_request() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    // Rejected before its body is read: by its media type, its method, a missing token.
    for (line, status) in [
        ("POST /v1/approvals/lookup HTTP/1.1\r\nContent-Type: text/plain", 415),
        ("POST /v1/approvals HTTP/1.1\r\nContent-Type: application/json", 405),
        ("POST /v1/applications HTTP/1.1\r\nContent-Type: application/json", 401),
        ("GET /v1/grounds HTTP/1.1", 200),
    ] {
        let length = HIDDEN.len();
        let request =
            format!("{line}\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{HIDDEN}");
        let answer = exchange(&running, request.as_bytes());
        assert_eq!(statuses(&answer), [status], "{line}: {answer}");
        lives(&running);
    }
}

#[test]
fn headers_without_end_are_refused_and_nobody_else_waits() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let long = "a".repeat(300_000);
    let many: Vec<_> = (0..5_000).map(|i| format!("X-{i}: a")).collect();
    for (what, bytes) in [
        ("a long value", get(&format!("X-Note: {long}"))),
        ("a long name", get(&format!("{long}: a"))),
        ("many headers", get(&many.join("\r\n"))),
        ("a long cookie", get(&format!("Cookie: {long}"))),
        ("a long token", get(&format!("Authorization: Bearer {long}"))),
        ("a long path", format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()),
    ] {
        let answer = exchange(&running, &bytes);
        let found = statuses(&answer);
        assert!(found.len() <= 1, "{what}: {found:?}");
        assert!(found.iter().all(|it| [400, 413, 414, 431].contains(it)), "{what}: {answer}");
        lives(&running);
    }
}

#[test]
fn no_header_names_another_host_or_path() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    // Forwarding headers, which callers can forge, have no effect here.
    for header in [
        "X-Original-URL: /v1/audit",
        "X-Rewrite-URL: /v1/audit",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Prefix: /evil",
        "Forwarded: host=evil.example;proto=http",
        "X-HTTP-Method-Override: DELETE",
        "X-Http-Method: PUT",
    ] {
        let answer = exchange(&running, &get(&format!("{header}\r\nConnection: close")));
        assert_eq!(statuses(&answer), [200], "{header}: {answer}");
        assert!(!answer.contains("evil"), "{header}: {answer}");
    }
    let answer = exchange(
        &running,
        b"POST /v1/applications HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}",
    );
    assert_eq!(statuses(&answer), [401], "{answer}");
    assert!(!answer.contains("evil"), "{answer}");
    // A value cannot end its header line: the id is returned only if valid.
    for id in ["a%0d%0aSet-Cookie:%20x=1", "a\tb", "a b", "é"] {
        let answer = exchange(&running, &get(&format!("X-Request-Id: {id}\r\nConnection: close")));
        assert_eq!(statuses(&answer), [200], "{id}: {answer}");
        assert!(!answer.to_lowercase().contains("set-cookie"), "{answer}");
        assert!(!answer.contains(&format!("x-request-id: {id}")), "{answer}");
    }
}
