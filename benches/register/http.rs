//! Minimal HTTP/1.1 client for a load generator: persistent connections, explicit lengths.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// How long an answer may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// The head of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Bytes of the head with its empty line.
    pub end: usize,
    /// Bytes of the body.
    pub body: usize,
}

impl Head {
    /// Parses the header; `None` while it is incomplete.
    pub fn read(bytes: &[u8]) -> Option<Result<Self, String>> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let text = String::from_utf8_lossy(&bytes[..end]);
        Some(Self::of(&text, end + 4))
    }

    fn of(text: &str, end: usize) -> Result<Self, String> {
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = first.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        let status = status.ok_or_else(|| format!("not HTTP/1.1: {first:?}"))?;
        let lengths = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())
        });
        let length: Vec<Option<usize>> = lengths.collect();
        let body = match (status, &length[..]) {
            // These never have a body, whatever length they speak of (RFC 9112 section 6.3).
            (204 | 304, _) => 0,
            (_, [Some(body)]) => *body,
            _ => return Err(format!("no length: {text:?}")),
        };
        Ok(Self { status, end, body })
    }
}

/// A persistent connection, with at most one request in flight.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    /// The header of the previous answer, raw and parsed.
    before: Option<(Vec<u8>, Head)>,
}

/// An answer in the connection's buffer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

impl Connection {
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(REQUEST_TIMEOUT))?;
        Ok(Self { stream, buffer: vec![0; 1 << 16], filled: 0, before: None })
    }

    pub fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).expect("the server takes the request");
    }

    /// The answer to the request that was sent.
    pub fn answer(&mut self) -> Answer<'_> {
        self.filled = 0;
        let head = loop {
            self.fill();
            if let Some(head) = self.head() {
                break head;
            }
        };
        let whole = head.end + head.body;
        if whole > self.buffer.len() {
            self.buffer.resize(whole, 0);
        }
        while self.filled < whole {
            self.fill();
        }
        assert_eq!(self.filled, whole, "more came than the answer said");
        let (said, body) = self.buffer[..whole].split_at(head.end);
        Answer { status: head.status, head: said, body }
    }

    /// The header, once complete. An unchanged one is recognised by its bytes: the load generator shares the
    /// machine with the server, and must not take longer for more headers.
    fn head(&mut self) -> Option<Head> {
        let came = &self.buffer[..self.filled];
        let same = self.before.as_ref().filter(|(bytes, _)| came.starts_with(bytes));
        if let Some((_, head)) = same {
            return Some(*head);
        }
        let head = Head::read(came)?.expect("an answer that can be read");
        self.before = Some((came[..head.end].to_vec(), head));
        Some(head)
    }

    fn fill(&mut self) {
        if self.filled == self.buffer.len() {
            self.buffer.resize(2 * self.filled, 0);
        }
        let read = self.stream.read(&mut self.buffer[self.filled..]).expect("an answer in time");
        assert!(read > 0, "the server closed the connection");
        self.filled += read;
    }
}

/// A GET with these headers, each ended by `\r\n`.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n").into_bytes()
}

/// A separate answer, with its header as text.
pub fn once(address: &str, request: &[u8]) -> (u16, String, Vec<u8>) {
    let mut connection = Connection::open(address).expect("the server listens");
    connection.send(request);
    let answer = connection.answer();
    (answer.status, String::from_utf8_lossy(answer.head).into_owned(), answer.body.to_vec())
}

/// A header in the head of an answer.
pub fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(wanted).then(|| value.trim())
    })
}
