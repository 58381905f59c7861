//! Slow, excessive or stalled clients: over a bare socket, with short timeouts.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::program::{Directory, Running, token, until};
use crate::{problems::scene::profile, world::PROVIDER};

/// A registry that waits so long for a head, and three times as long for the rest.
fn patient(directory: &Directory, patience: &str) -> Running {
    Running::start_with(directory, &directory.sqlite(), |command| {
        command.arg("--local-issuer-key").arg(directory.file("key"));
        command.env("GODKJENT_REQUEST_TIMEOUT", patience);
    })
}

/// The framework's timer for request headers has steps of half a second, so this is the shortest reasonable
/// value.
fn impatient(directory: &Directory) -> Running {
    patient(directory, "1s")
}

fn connect(running: &Running) -> TcpStream {
    let socket = TcpStream::connect(&running.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket
}

/// All bytes until the connection is closed; a reset ends it too.
fn read_all(mut socket: TcpStream) -> std::io::Result<String> {
    let mut bytes = vec![];
    match socket.read_to_end(&mut bytes) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(error),
        _ => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

fn rest(socket: TcpStream) -> String {
    read_all(socket).expect("it is closed")
}

/// Sends a byte at a time for as long as it is taken.
fn trickle(socket: &mut TcpStream, bytes: &[u8]) {
    until("it is cut off", || socket.write_all(bytes).err());
}

/// The header of a command, up to the length of its body.
fn act(token: &str) -> String {
    format!(
        "PUT /v1/providers/{PROVIDER} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\
         Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    )
}

const LIVE: &str = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
/// More than the kernel buffers for a reader, requested at once.
fn much() -> String {
    "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(16)
}

#[test]
fn a_head_that_does_not_come_to_its_end_is_not_waited_for() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let (mut silent, mut trickling) = (connect(&running), connect(&running));
    write!(silent, "{LIVE}").unwrap();
    write!(trickling, "{LIVE}X-A: ").unwrap();
    trickle(&mut trickling, b"a");
    assert!(rest(silent).starts_with("HTTP/1.1 408 "));
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

/// Sends a head and then the same piece again and again, until the answer is 408 and the connection closed.
fn times_out(running: &Running, head: &str, piece: &str) {
    let mut socket = connect(running);
    socket.write_all(head.as_bytes()).unwrap();
    let mut sender = socket.try_clone().unwrap();
    let answered = AtomicBool::new(false);
    let answer = thread::scope(|scope| {
        scope.spawn(|| {
            until("it is answered", || {
                // After the answer the socket may be closed.
                let _ = sender.write_all(piece.as_bytes());
                answered.load(Ordering::SeqCst).then_some(())
            });
        });
        let answer = read_all(socket);
        answered.store(true, Ordering::SeqCst);
        answer
    });
    let answer = answer.expect("the connection is closed");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{head}{piece}: {answer}");
    assert!(answer.contains("\"code\":\"request-timeout\""), "{head}{piece}: {answer}");
}

#[test]
fn a_body_that_does_not_come_to_its_end_is_not_waited_for() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let head = act(&token(&directory, "provider", PROVIDER, "Per"));
    let (length, chunks) = ("Content-Length: 100000\r\n", "Transfer-Encoding: chunked\r\n");
    // Silent, and a piece at a time.
    for (begins, piece) in [(length, ""), (chunks, ""), (length, " "), (chunks, "1\r\n \r\n")] {
        let begun = Instant::now();
        times_out(&running, &format!("{head}{begins}\r\n"), piece);
        println!("{begins:?}, {piece:?} at a time: 408 and closed after {:?}", begun.elapsed());
    }
}

#[test]
fn a_body_under_a_key_and_a_file_have_an_end_too() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let token = token(&directory, "provider", PROVIDER, "Per");
    let path = format!("/v1/providers/{PROVIDER}");
    let provider = running.client(Some(token.clone()));
    let put = provider.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile()));
    assert_eq!(put.unwrap().status, 200);
    let keyed = format!(
        "POST /v1/applications HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: \"k\"\r\n"
    );
    let file = format!(
        "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n"
    );
    let part = "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\
                Content-Type: application/json\r\n\r\n";
    let (length, chunks) = ("Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n");
    let slow = [
        (format!("{keyed}{length}"), ""),
        (format!("{keyed}{length}"), " "),
        (format!("{keyed}{chunks}"), "1\r\n \r\n"),
        (format!("{file}{length}{part}"), " "),
    ];
    for (head, piece) in slow {
        times_out(&running, &head, piece);
    }
}

#[test]
fn half_a_head_after_a_first_request_is_not_waited_for() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let open_idle = || {
        let mut socket = connect(&running);
        write!(socket, "{LIVE}\r\n").unwrap();
        assert!(socket.read(&mut [0; 4096]).unwrap() > 0);
        write!(socket, "{LIVE}X-A: ").unwrap();
        socket
    };
    let (silent, mut trickling) = (open_idle(), open_idle());
    trickle(&mut trickling, b"a");
    assert_eq!(rest(silent), "");
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

#[test]
fn an_address_has_a_share_of_the_connections() {
    let directory = Directory::new();
    let running = Running::start_with(&directory, &directory.sqlite(), |command| {
        command.env("GODKJENT_MAX_CONNECTIONS_EACH", "5");
    });
    let ask = |socket: &mut TcpStream| {
        write!(socket, "{LIVE}\r\n").ok();
        let mut bytes = [0; 12];
        socket.read_exact(&mut bytes).is_ok_and(|()| &bytes == b"HTTP/1.1 200")
    };
    // Those of the client that waited for the start are among them.
    let mut sockets = vec![];
    let refused = loop {
        let mut socket = connect(&running);
        if !ask(&mut socket) {
            break socket;
        }
        sockets.push(socket);
        assert!(sockets.len() <= 5);
    };
    assert!(sockets.len() > 2);
    read_all(refused).expect("it is closed");
    // A closed connection makes room.
    sockets.truncate(1);
    until("there is room", || ask(&mut connect(&running)).then_some(()));
}

#[test]
fn a_head_of_too_many_headers_or_bytes_is_refused() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let ask = |headers: &str| {
        let mut socket = connect(&running);
        // The connection may be closed before all of it is taken.
        let _ = socket.write_all(format!("{LIVE}Connection: close\r\n{headers}\r\n").as_bytes());
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
        let answer = ask(&headers);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

#[cfg(target_os = "linux")]
/// Whether the kernel still has the server's end of a connection, by its connection table.
fn is_held(client: SocketAddr, server: SocketAddr) -> bool {
    let ends = [format!(":{:04X}", server.port()), format!(":{:04X}", client.port())];
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    table.lines().skip(1).any(|line| {
        let mut fields = line.split_whitespace().skip(1);
        ends.iter().all(|end| fields.next().is_some_and(|field| field.ends_with(end.as_str())))
    })
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_takes_nothing_is_cut_off() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let mut socket = connect(&running);
    let (client, server) = (socket.local_addr().unwrap(), socket.peer_addr().unwrap());
    socket.write_all(much().as_bytes()).unwrap();
    // The answers begin to arrive, and are not read.
    assert!(socket.peek(&mut [0]).unwrap() > 0);
    assert!(is_held(client, server));
    let begun = Instant::now();
    until("it is cut off", || (!is_held(client, server)).then_some(()));
    println!("a reader that takes nothing is cut off after {:?}", begun.elapsed());
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_takes_nothing_and_goes_on_sending_is_cut_off() {
    let directory = Directory::new();
    let running = impatient(&directory);
    let mut socket = connect(&running);
    socket.write_all(much().as_bytes()).unwrap();
    trickle(&mut socket, b"G");
    assert_eq!(running.client(None).get("/livez").unwrap().status, 200);
}

#[test]
fn a_crowd_of_slow_clients_leaves_others_alone() {
    const EACH: usize = 100;
    let directory = Directory::new();
    // None is cut off before the end.
    let running = patient(&directory, "60s");
    let token = token(&directory, "provider", PROVIDER, "Per");
    let (provider, anyone) = (running.client(Some(token.clone())), running.client(None));
    let path = format!("/v1/providers/{PROVIDER}");
    let put = provider.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile()));
    assert_eq!(put.unwrap().status, 200);
    let body = act(&token).replace("If-None-Match: *", "If-Match: \"1\"");
    let heads = [
        format!("{LIVE}X-A: "),
        format!("{body}Content-Length: 100000\r\n\r\n"),
        format!("{body}Transfer-Encoding: chunked\r\n\r\nFFFF\r\n"),
    ];
    let mut senders = vec![];
    for head in heads.iter().cycle().take(EACH * heads.len()) {
        let mut socket = connect(&running);
        socket.write_all(head.as_bytes()).unwrap();
        senders.push(socket);
    }
    for _ in 0..EACH {
        // Later heads, on connections that were answered once.
        let mut socket = connect(&running);
        write!(socket, "{LIVE}\r\n").unwrap();
        assert!(socket.read(&mut [0; 4096]).unwrap() > 0);
        write!(socket, "{LIVE}X-A: ").unwrap();
        senders.push(socket);
    }
    let readers: Vec<_> = (0..EACH)
        .map(|_| {
            let mut socket = connect(&running);
            socket.write_all(much().as_bytes()).unwrap();
            assert!(socket.peek(&mut [0]).unwrap() > 0);
            socket
        })
        .collect();
    let over = AtomicBool::new(false);
    let slowest = thread::scope(|scope| {
        scope.spawn(|| {
            let mut all = senders.iter().cycle();
            until("the others are done", || {
                for mut socket in all.by_ref().take(EACH) {
                    let _ = socket.write_all(b"a");
                }
                over.load(Ordering::SeqCst).then_some(())
            });
        });
        let mut etag = anyone.get(&path).unwrap().etag;
        let mut slowest = [Duration::ZERO; 2];
        for _ in 0..100 {
            let begun = Instant::now();
            assert_eq!(anyone.get(&path).unwrap().status, 200);
            slowest[0] = slowest[0].max(begun.elapsed());
            let begun = Instant::now();
            let put = provider.send("PUT", &path, Some(("If-Match", &etag)), Some(&profile()));
            let put = put.unwrap();
            assert_eq!(put.status, 200, "{put:?}");
            etag = put.etag;
            slowest[1] = slowest[1].max(begun.elapsed());
        }
        over.store(true, Ordering::SeqCst);
        slowest
    });
    // None was answered or cut off meanwhile.
    for mut socket in &senders {
        socket.set_nonblocking(true).unwrap();
        let result = socket.read(&mut [0; 4096]);
        assert!(result.as_ref().is_err_and(|it| it.kind() == ErrorKind::WouldBlock), "{result:?}");
    }
    let held = senders.len() + readers.len();
    assert!(slowest.iter().all(|it| *it < Duration::from_secs(10)), "{slowest:?}");
    println!(
        "{held} slow connections held; 100 reads and 100 acts beside them, the slowest {:?} and {:?}",
        slowest[0], slowest[1]
    );
}
