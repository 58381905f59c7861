//! Those who send too slowly, too much, or take nothing: over a bare socket, with short times.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::program::{Directory, Running, token, until};
use crate::world::PROVIDER;

/// A registry that waits a quarter of a second for a head, and three quarters for the rest.
fn impatient(directory: &Directory) -> Running {
    Running::start_with(directory, &directory.sqlite(), |command| {
        command.arg("--local-issuer-key").arg(directory.file("key"));
        command.env("GODKJENT_REQUEST_TIMEOUT", "250ms");
    })
}

fn connect(running: &Running) -> TcpStream {
    let socket = TcpStream::connect(&running.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket
}

/// All that comes until the connection is closed, which must happen.
fn rest(mut socket: TcpStream) -> String {
    let mut said = vec![];
    match socket.read_to_end(&mut said) {
        Ok(_) => {}
        // A reset ends it too; that nothing came in all the time does not.
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}"),
    }
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn a_head_that_does_not_come_to_its_end_is_not_waited_for() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let mut silent = connect(&running);
    write!(silent, "GET /livez HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    let mut trickling = connect(&running);
    write!(trickling, "GET /livez HTTP/1.1\r\nX-A: ").unwrap();
    // A byte at a time for as long as it is taken.
    until("it is cut off", || trickling.write_all(b"a").err());
    assert!(rest(silent).starts_with("HTTP/1.1 408 "));
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

#[test]
fn a_body_that_does_not_come_to_its_end_is_not_waited_for() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let token = token(&directory, "provider", PROVIDER, "Per");
    let mut socket = connect(&running);
    write!(
        socket,
        "PUT /v1/providers/{PROVIDER} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\
         Authorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: 100000\r\n\r\n{{\"name\""
    )
    .unwrap();
    let said = rest(socket);
    assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
    assert!(said.contains("request-timeout"), "{said}");
}

#[test]
fn a_head_of_too_many_headers_or_bytes_is_refused() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let ask = |headers: &str| {
        let mut socket = connect(&running);
        let head = format!("GET /livez HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        // The connection may be closed before all of it is taken.
        let _ = socket.write_all(head.as_bytes());
        rest(socket)
    };
    assert!(ask(&"X-A: b\r\n".repeat(90)).starts_with("HTTP/1.1 200 "));
    let refused = [
        "X-A: b\r\n".repeat(97),
        format!("X-A: {}\r\n", "b".repeat(140_000)),
        "broken\r\n".to_owned(),
        "Content-Length: 1\r\nContent-Length: 2\r\n".to_owned(),
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n".to_owned(),
    ];
    for headers in refused {
        let said = ask(&headers);
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    }
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_takes_nothing_is_cut_off() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let mut socket = connect(&running);
    // More than the system keeps for a reader, asked for at once.
    for _ in 0..16 {
        write!(socket, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    // It reads nothing, and asks on until the connection is gone.
    socket.set_write_timeout(Some(Duration::from_millis(5))).unwrap();
    until("it is cut off", || {
        let error = socket.write_all(b"G").err()?;
        let waits = [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut];
        (!waits.contains(&error.kind())).then_some(())
    });
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}
