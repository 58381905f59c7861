//! Many waiting and disconnecting readers: over bare sockets, from several addresses.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use socket2::{Domain, Socket, Type};

use super::program::{Directory, Running, until};

/// Every way to wait: none of them ends by itself within a minute.
const WAYS: [(&str, &str); 5] = [
    ("/v1/changes?after=0", ""),
    ("/v1/changes/stream?after=0", ""),
    ("/v1/changes/stream?after=1000", ""),
    ("/v1/snapshots/digest?position=1000", ""),
    ("/v1/municipalities/4204", "Min-Position: 1000\r\n"),
];
/// How many readers may wait from one address.
const EACH: usize = 100;

/// Requests a wait, from an address of this machine.
fn wait(running: &Running, from: u8, (path, header): (&str, &str)) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((Ipv4Addr::new(127, 0, from, 1), 0)).into()).unwrap();
    socket.connect(&running.address.parse::<SocketAddr>().unwrap().into()).unwrap();
    let mut socket = TcpStream::from(socket);
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n{header}\r\n")
        .unwrap();
    socket
}

/// The status of the next answer.
fn status(socket: &mut TcpStream) -> String {
    let mut first = [0; 12];
    socket.read_exact(&mut first).unwrap();
    String::from_utf8_lossy(&first[9..]).into_owned()
}

/// Number of readers with a slot, from the metrics.
fn waiting(running: &Running) -> usize {
    let text = running.client(None).get("/metrics").unwrap().text;
    let of = |name: &str| -> usize {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.expect("it is measured").trim().parse().unwrap()
    };
    of("godkjent_open_long_polls ") + of("godkjent_open_streams ")
}

#[cfg(target_os = "linux")]
#[test]
fn readers_who_hang_up_free_their_slots_at_once_whatever_they_waited_for() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    // Its wait began first, so it would be the first to end by itself.
    let mut patient = wait(&running, 9, WAYS[3]);
    until("it waits", || (waiting(&running) == 1).then_some(()));
    for from in [1, 2] {
        let readers: Vec<_> =
            WAYS.iter().cycle().take(EACH).map(|way| wait(&running, from, *way)).collect();
        until("all of them wait", || (waiting(&running) == 1 + EACH).then_some(()));
        for way in WAYS {
            assert_eq!(status(&mut wait(&running, from, way)), "503", "{way:?}");
        }
        // Half of them close only the side that they send on.
        for half in readers.iter().step_by(2) {
            half.shutdown(Shutdown::Write).unwrap();
        }
        let _half: Vec<_> = readers.into_iter().step_by(2).collect();
        until("all slots are free", || (waiting(&running) == 1).then_some(()));
        assert_eq!(status(&mut wait(&running, from, WAYS[1])), "200");
        until("the slot is free", || (waiting(&running) == 1).then_some(()));
    }
    patient.set_nonblocking(true).unwrap();
    let answer = patient.read(&mut [0]);
    assert!(answer.is_err_and(|it| it.kind() == ErrorKind::WouldBlock), "it waits on");
}

#[test]
fn a_reader_that_sends_more_than_is_taken_meanwhile_waits_no_longer() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let more = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(8_000);
    for way in WAYS {
        // Its wait begins first, so it would be the first to end by itself.
        let patient = wait(&running, 1, WAYS[0]);
        until("the first waits", || (waiting(&running) == 1).then_some(()));
        let mut reader = wait(&running, 1, way);
        until("the second waits", || (waiting(&running) == 2).then_some(()));
        reader.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
        reader.write_all(more.as_bytes()).unwrap();
        until("it waits no longer", || (waiting(&running) == 1).then_some(()));
        assert_ne!(status(&mut reader), "503", "{way:?}");
        drop(patient);
        until("nobody waits", || (waiting(&running) == 0).then_some(()));
    }
}
