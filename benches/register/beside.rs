//! Small reads beside eight clients of the costliest public queries: how long they take.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{
    Options,
    country::Loaded,
    http::{Connection, get, once},
    load::{median, real},
    servers::Program,
};

/// Number of clients with heavy queries.
const CLIENTS: usize = 8;
/// Pause of such a client after a rejection.
const PAUSE: Duration = Duration::from_millis(50);
/// How many providers are looked up at once.
const NUMBERS: usize = 500;

/// Latencies of small reads, in milliseconds: medians over the rounds.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    pub p50: f64,
    pub p99: f64,
    pub longest: f64,
}

/// Small reads alone, and beside the heavy queries.
pub struct Beside {
    pub quiet: Latency,
    pub crowded: Latency,
    /// Costly queries that were answered in a second.
    pub answered: f64,
    /// Heavy queries rejected per second.
    pub refused: f64,
}

pub fn measure(options: &Options, program: &Program, loaded: &Loaded) -> Beside {
    let (municipality, service) = &loaded.page;
    let small = [
        format!("/v1/register/{municipality}/{service}"),
        format!("/v1/approvals?municipality={municipality}&service={service}&limit=20"),
        format!("/v1/municipalities/{municipality}"),
    ];
    let small = small.map(|path| get(&path, ""));
    let heavy = heavy(program);
    let (mut quiet, mut crowded, mut answered, mut refused) = (vec![], vec![], vec![], vec![]);
    for _ in 0..options.rounds {
        quiet.push(latency(program, &small, options.round()));
        let counts = [AtomicUsize::new(0), AtomicUsize::new(0)];
        let over = AtomicBool::new(false);
        let begin = Instant::now();
        crowded.push(thread::scope(|scope| {
            for heavy in heavy.iter().cycle().take(CLIENTS) {
                let (counts, over) = (&counts, &over);
                scope.spawn(move || ask_heavy(program, heavy, counts, over));
            }
            let latency = latency(program, &small, options.round());
            over.store(true, Ordering::Relaxed);
            latency
        }));
        let seconds = begin.elapsed().as_secs_f64();
        let [done, not] = counts.map(|count| real(count.into_inner()) / seconds);
        answered.push(done);
        refused.push(not);
    }
    Beside {
        quiet: middle(&quiet),
        crowded: middle(&crowded),
        answered: median(answered.into_iter()),
        refused: median(refused.into_iter()),
    }
}

fn middle(rounds: &[Latency]) -> Latency {
    let of = |field: fn(&Latency) -> f64| median(rounds.iter().map(field));
    Latency { p50: of(|it| it.p50), p99: of(|it| it.p99), longest: of(|it| it.longest) }
}

/// The heaviest public queries, one for each client.
fn heavy(program: &Program) -> Vec<Vec<u8>> {
    // Of a time for which no index helps.
    let then = "validAt=2024-06-01&knownAt=2024-06-01";
    let plain = [
        format!("/v1/approvals?{then}&limit=200"),
        format!("/v1/approvals?{then}&q=bj%C3%B8rkely&limit=200"),
        format!("/v1/snapshots/approvals.csv?{then}"),
        "/v1/changes?limit=1000".to_owned(),
    ];
    let gzip =
        ["/v1/approvals?limit=200", "/v1/offerings?limit=200", "/v1/municipalities?limit=200"];
    let mut heavy: Vec<_> = plain.iter().map(|it| get(it, "Connection: close\r\n")).collect();
    heavy.extend(gzip.iter().map(|it| get(it, "Connection: close\r\nAccept-Encoding: gzip\r\n")));
    let body = serde_json::json!({"organisationNumbers": providers(program)}).to_string();
    let length = body.len();
    let head = format!(
        "POST /v1/approvals/lookup HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    heavy.push((head + &body).into_bytes());
    heavy
}

fn providers(program: &Program) -> Vec<String> {
    let (mut found, mut next) = (vec![], Some("/v1/approvals?view=summary&limit=200".to_owned()));
    while let Some(path) = next.filter(|_| found.len() < NUMBERS) {
        let (_, _, body) = once(&program.address, &get(&path, ""));
        let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let numbers = page["items"].as_array().unwrap().iter();
        found.extend(numbers.map(|it| it["provider"].as_str().unwrap().to_owned()));
        found.sort();
        found.dedup();
        next = page["page"]["next"].as_str().map(str::to_owned);
    }
    found.truncate(NUMBERS);
    found
}

/// Repeats the same heavy query until the end.
fn ask_heavy(
    program: &Program,
    heavy: &[u8],
    [answered, refused]: &[AtomicUsize; 2],
    over: &AtomicBool,
) {
    let mut answer = vec![];
    while !over.load(Ordering::Relaxed) {
        answer.clear();
        let mut stream = TcpStream::connect(&program.address).expect("the server listens");
        stream.write_all(heavy).unwrap();
        let whole = stream.read_to_end(&mut answer).is_ok();
        if whole && answer.starts_with(b"HTTP/1.1 200") {
            answered.fetch_add(1, Ordering::Relaxed);
        } else {
            refused.fetch_add(1, Ordering::Relaxed);
            thread::sleep(PAUSE);
        }
    }
}

/// Sends small reads in turn, one at a time.
fn latency(program: &Program, small: &[Vec<u8>], time: Duration) -> Latency {
    let mut connection = Connection::open(&program.address).expect("the server listens");
    let (mut took, begin) = (vec![], Instant::now());
    for request in small.iter().cycle() {
        if begin.elapsed() >= time && took.len() >= small.len() {
            break;
        }
        let asked = Instant::now();
        connection.send(request);
        assert_eq!(connection.answer().status, 200);
        took.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    Latency { p50: at(50), p99: at(99), longest: at(100) }
}
