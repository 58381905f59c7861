//! Durable commands per second: clients that create provider profiles, compared with the disk in the same run.

use std::{
    fs::OpenOptions,
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use godkjent::{
    api::auth::LocalIssuer,
    context::Context,
    domain::{
        role::{Actor, Role},
        values::{numbers::OrganisationNumber, text::Line},
    },
};

use super::{
    Options,
    http::{Connection, get, once},
    load::{median, real},
    postgres::Postgres,
    servers::{Directory, Program},
};

/// Bytes that are appended before each `fdatasync`: a page of a database.
const PAGE: usize = 4096;
/// Tokens live so long, in seconds.
const VALID: i64 = 3600;
/// Requests that each client has ready for each second.
const READY: usize = 600;

/// Result of one database, median of the rounds.
pub struct Commands {
    pub database: &'static str,
    /// Answers a second.
    pub rate: f64,
    /// Appends with `fdatasync` a second, on the same file system, before and after each round.
    pub disk: f64,
    /// Median of the response times, in milliseconds.
    pub half: f64,
    /// The same for 99 of 100.
    pub most: f64,
}

struct Round {
    rate: f64,
    disk: f64,
    half: f64,
    most: f64,
}

pub fn measure(options: &Options) -> Vec<Commands> {
    let place = Directory::new(options.directory.as_deref());
    let mut measured = vec![on(options, &place, "SQLite", &place.sqlite("commands.db"))];
    let place = Directory::new(options.directory.as_deref());
    if let Some(postgres) = Postgres::start(&place) {
        measured.push(on(options, &place, "PostgreSQL", &postgres.url()));
    }
    measured
}

fn on(options: &Options, place: &Directory, database: &'static str, url: &str) -> Commands {
    let key = place.file("issuer.key");
    let issuer = LocalIssuer::from_file(&key).unwrap();
    let key = key.display().to_string();
    let program = Program::on(options, place, url, &["--local-issuer-key", &key]);
    let mut numbers = numbers();
    let rounds: Vec<_> = (0..options.rounds)
        .map(|_| {
            let requests = requests(options, &issuer, &mut numbers);
            let before = disk(place, options.round() / 4);
            let mut round = round(&program.address, requests, options.round());
            round.disk = f64::midpoint(before, disk(place, options.round() / 4));
            round
        })
        .collect();
    let (status, _, _) = once(&program.address, &get("/v1/changes?limit=1", ""));
    assert_eq!(status, 200);
    let of = |part: fn(&Round) -> f64| median(rounds.iter().map(part));
    Commands {
        database,
        rate: of(|it| it.rate),
        disk: of(|it| it.disk),
        half: of(|it| it.half),
        most: of(|it| it.most),
    }
}

/// The requests of each client, each for a separate provider.
fn requests(
    options: &Options,
    issuer: &LocalIssuer,
    numbers: &mut impl Iterator<Item = String>,
) -> Vec<Vec<Vec<u8>>> {
    let each = f64::ceil(options.seconds * real(READY));
    let each = Duration::from_secs_f64(each).as_secs().max(20);
    let line = |said: &str| Line::parse(said).unwrap();
    let actor = Actor { subject: line("bench"), name: line("Benchmark") };
    let body = r#"{"name":"Benk AS","kind":"commercial","notificationAddress":"post@example.no",
        "presentation":{"nb":"Vi har faste assistenter."},"languages":["nb","en"]}"#;
    let mut request = || {
        let number = numbers.next().unwrap();
        let parsed = OrganisationNumber::parse(&number).unwrap();
        let now = Context::system().now();
        let token = issuer.sign(&actor, Role::Provider, &parsed, now, VALID).unwrap();
        format!(
            "PUT /v1/providers/{number} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
             If-None-Match: *\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    (0..options.writers).map(|_| (0..each).map(|_| request()).collect()).collect()
}

/// Each client sends its next request when the last is answered.
fn round(address: &str, requests: Vec<Vec<Vec<u8>>>, time: Duration) -> Round {
    let (go, over) = (std::sync::Barrier::new(requests.len() + 1), AtomicBool::new(false));
    thread::scope(|scope| {
        let clients: Vec<_> = requests
            .into_iter()
            .map(|requests| {
                let (go, over) = (&go, &over);
                scope.spawn(move || {
                    let mut connection = Connection::open(address).expect("the server listens");
                    go.wait();
                    let mut took = vec![];
                    for request in requests {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let begin = Instant::now();
                        connection.send(&request);
                        let answer = connection.answer();
                        let said = String::from_utf8_lossy(answer.body).into_owned();
                        assert_eq!(answer.status, 200, "{said}");
                        took.push(begin.elapsed());
                    }
                    took
                })
            })
            .collect();
        go.wait();
        let begin = Instant::now();
        thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        let took = clients.into_iter().flat_map(|client| client.join().unwrap());
        let mut took: Vec<_> = took.map(|it| it.as_secs_f64() * 1e3).collect();
        let rate = real(took.len()) / begin.elapsed().as_secs_f64();
        took.sort_by(f64::total_cmp);
        let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
        Round { rate, disk: 0.0, half: at(50), most: at(99) }
    })
}

/// Appends of a page with `fdatasync` a second, one after the other.
fn disk(place: &Directory, time: Duration) -> f64 {
    let path = place.file("disk");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
    let (begin, mut done) = (Instant::now(), 0);
    while begin.elapsed() < time {
        file.write_all(&[1; PAGE]).unwrap();
        file.sync_data().unwrap();
        done += 1;
    }
    let rate = real(done) / begin.elapsed().as_secs_f64();
    std::fs::remove_file(path).unwrap();
    rate
}

/// Organisation numbers with a valid check digit.
fn numbers() -> impl Iterator<Item = String> {
    (31_300_100_u32..).filter_map(|stem| {
        let digits = (0..8).rev().map(|place| stem / 10_u32.pow(place) % 10);
        let sum = digits.zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight);
        let check = (11 - sum.sum::<u32>() % 11) % 11;
        (check < 10).then(|| format!("{stem}{check}"))
    })
}
