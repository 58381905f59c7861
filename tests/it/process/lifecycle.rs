//! Starting, failing to start, stopping, and two at once.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use super::program::{Directory, Running, free_port, godkjent, run, token, until};
use crate::{
    problems::scene::profile,
    world::{PROVIDER, database::TestDatabase},
};

#[test]
fn it_starts_and_keeps_what_it_was_told_over_a_restart() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let path = format!("/v1/providers/{PROVIDER}");
    let first = Running::start(&directory, &url);
    let provider = first.client(Some(token(&directory, "provider", PROVIDER, "Per")));
    let put = provider.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    first.logs("THE LOCAL ISSUER IS ON");
    first.terminate();
    assert!(first.wait_for_end().success());
    let second = Running::start(&directory, &url);
    let answer = second.client(None).get(&path).unwrap();
    assert_eq!((answer.status, answer.revision()), (200, 1));
    assert_eq!(answer.json()["name"], profile()["name"]);
    // The earlier token is still valid: the key was kept too.
    let provider = second.client(Some(token(&directory, "provider", PROVIDER, "Per")));
    assert_eq!(provider.get("/v1/applications").unwrap().status, 200);
}

#[test]
fn a_stop_finishes_the_request_in_flight() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let token = token(&directory, "provider", PROVIDER, "Per");
    let body = profile().to_string();
    let (first, second) = body.split_at(body.len() / 2);
    let mut socket = TcpStream::connect(&running.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(
        socket,
        "PUT /v1/providers/{PROVIDER} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nContent-Type: application/json\r\nIf-None-Match: *\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    // With this the request has begun.
    let wanted = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut bytes = vec![0; wanted.len()];
    socket.read_exact(&mut bytes).unwrap();
    assert_eq!(bytes, wanted);
    socket.write_all(first.as_bytes()).unwrap();
    running.terminate();
    until("nobody listens any more", || TcpStream::connect(&running.address).err());
    socket.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let log = running.log();
    let status = running.wait_for_end();
    assert_eq!(status.code(), Some(0), "{log}");
    let again = Running::start(&directory, &directory.sqlite());
    let answer = again.client(None).get(&format!("/v1/providers/{PROVIDER}")).unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn a_stop_ends_the_streams() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let mut socket = TcpStream::connect(&running.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(socket, "GET /v1/changes/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut begun = [0; 15];
    socket.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200 OK");
    running.terminate();
    let mut rest = String::new();
    // Well before the thirty seconds that requests in flight get.
    socket.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("retry: 3000"), "{rest}");
    assert_eq!(running.wait_for_end().code(), Some(0));
}

#[test]
fn a_variable_that_nobody_reads_stops_the_start() {
    let directory = Directory::new();
    let output = run(godkjent(&directory).arg("serve").env("GODKJENT_LISTN", "127.0.0.1:1"));
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("GODKJENT_LISTN") && message.contains("--help"), "{message}");
    assert!(!directory.file("godkjent.db").exists(), "nothing was begun");
}

#[test]
fn a_database_that_cannot_be_opened_stops_the_start_and_says_what_to_look_at() {
    let directory = Directory::new();
    let nowhere = format!("postgres://nobody:s3cret@127.0.0.1:{}/nothing", free_port());
    let urls =
        ["mysql://localhost/x", "nonsense", "", "sqlite:/nothing/here/registry.db", &nowhere];
    for url in urls {
        let port = format!("127.0.0.1:{}", free_port());
        let arguments = ["serve", "--listen", &port, "--database-url", url];
        let output = run(godkjent(&directory).args(arguments));
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{url}: {message}");
        assert!(message.contains("GODKJENT_DATABASE_URL"), "{url}: {message}");
        assert!(!message.contains("s3cret"), "{message}");
        assert!(!message.contains("panicked"), "{url}: {message}");
    }
}

#[test]
fn a_port_in_use_stops_the_start_and_says_what_to_do() {
    let directory = Directory::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let url = directory.sqlite();
    let arguments = ["serve", "--listen", &address, "--database-url", &url];
    let output = run(godkjent(&directory).args(arguments));
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains(&address) && message.contains("Another program"), "{message}");
    let nowhere = ["serve", "--listen", "192.0.2.1:8080", "--database-url", &url];
    let message = String::from_utf8(run(godkjent(&directory).args(nowhere)).stderr).unwrap();
    assert!(message.contains("an address of this machine"), "{message}");
    let no_port = run(godkjent(&directory).args(["serve", "--listen", "localhost"]));
    assert_eq!(no_port.status.code(), Some(2));
    assert!(String::from_utf8(no_port.stderr).unwrap().contains("or a port alone"));
}

#[test]
fn a_key_file_that_holds_no_key_stops_the_start() {
    let directory = Directory::new();
    std::fs::write(directory.file("key"), "not a key").unwrap();
    let (url, key) = (directory.sqlite(), directory.file("key"));
    let mut command = godkjent(&directory);
    command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &url]);
    let output = run(command.arg("--local-issuer-key").arg(key));
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("GODKJENT_LOCAL_ISSUER_KEY"), "{message}");
}

#[test]
fn what_one_instance_writes_the_other_shows() {
    let Some(database) = TestDatabase::postgres() else { return };
    let directory = Directory::new();
    let one = Running::start(&directory, &database.url());
    let other = Running::start(&directory, &database.url());
    let path = format!("/v1/providers/{PROVIDER}");
    assert_eq!(other.client(None).get(&path).unwrap().status, 404);
    let provider = one.client(Some(token(&directory, "provider", PROVIDER, "Per")));
    let put = provider.send("PUT", &path, Some(("If-None-Match", "*")), Some(&profile())).unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(one.client(None).get(&path).unwrap().status, 200, "at once where it was written");
    until("the other shows it", || {
        other.client(None).get(&path).ok().filter(|answer| answer.status == 200)
    });
    // And back: the other one continues after the first one's writes.
    let etag = other.client(None).get(&path).unwrap().etag;
    let provider = other.client(Some(token(&directory, "provider", PROVIDER, "Per")));
    let mut renamed = profile();
    renamed["name"] = "Et annet navn AS".into();
    let put = provider.send("PUT", &path, Some(("If-Match", &etag)), Some(&renamed)).unwrap();
    assert_eq!((put.status, put.revision()), (200, 2), "{}", put.text);
    until("the first shows it", || {
        one.client(None).get(&path).ok().filter(|answer| answer.revision() == 2)
    });
    let changes = one.client(None).get("/v1/changes").unwrap().json();
    assert_eq!(changes["highWater"], 2);
}
