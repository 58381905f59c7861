//! The one call under full load while the journal grows: without waits and without partial changes.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use godkjent::store::Store;

use super::{
    Options,
    country::{Loaded, metadata},
    data::{self, PublicEntry},
    http::{Answer, get, once},
    load::{Ask, Round, real, round},
    servers::{Directory, Program},
    sides::middle,
};

/// How often the writer writes: so many times a second.
const A_SECOND: usize = 20;
/// One change in this many is on the requested page.
const ON_PAGE: usize = 20;

/// The one call without writes, with the same writes elsewhere, and with changes of the register. The second
/// shows the cost of the writing itself.
pub struct Under {
    pub quiet: Round,
    pub elsewhere: Round,
    pub here: Round,
    /// Changes a second that were written.
    pub written: f64,
    /// Changes that the page showed, of those that were on it.
    pub shown: u64,
}

pub fn measure(options: &Options, place: &Directory, program: &Program, loaded: &Loaded) -> Under {
    let here = Store::open(&place.sqlite("register.db"), 1).unwrap();
    let elsewhere = Store::open(&place.sqlite("elsewhere.db"), 1).unwrap();
    let page = get(&format!("/v1/register/{}/{}", loaded.page.0, loaded.page.1), "");
    let size = (options.threads, options.connections);
    let ask = Ask { request: &page, check: &whole };
    let load = || round((&program.address, program.pid()), &ask, size, options.round());
    let (mut quiet, mut other, mut busy, mut written) = (vec![], vec![], vec![], vec![]);
    let mut made = made(options, loaded).into_iter();
    let each = made.len() / options.rounds.max(1);
    let mut rows = loaded.rows;
    for _ in 0..options.rounds {
        quiet.push(load());
        let some: Vec<_> = made.by_ref().take(each).collect();
        let (round, _, _) = while_writing(options, &elsewhere, some.clone(), load);
        other.push(round);
        let (round, rate, many) = while_writing(options, &here, some, load);
        busy.push(round);
        written.push(rate);
        rows += many;
        caught_up(program, rows);
    }
    let (_, _, body) = once(&program.address, &page);
    Under {
        quiet: middle(quiet.iter()),
        elsewhere: middle(other.iter()),
        here: middle(busy.iter()),
        written: super::load::median(written.into_iter()),
        shown: serials(&body).keys().max().copied().unwrap_or_default(),
    }
}

/// All writes, prepared before the measurement.
fn made(options: &Options, loaded: &Loaded) -> Vec<PublicEntry> {
    let mut changes = loaded.country.changes();
    let on_page = loaded.on_page();
    let seconds = options.round().as_secs_f64() * 1.5 + 1.0;
    let each = usize::try_from(Duration::from_secs_f64(seconds).as_millis()).unwrap();
    let many = each * options.changes / 1000 * options.rounds;
    let next = |number: usize| match number % ON_PAGE {
        0 => {
            let nth = on_page[number / ON_PAGE % on_page.len()];
            changes.listing(nth).unwrap()
        }
        _ => changes.next().unwrap(),
    };
    (0..many).map(next).collect()
}

/// Writes at an even pace while the load lasts; gives how many a second and in all too.
fn while_writing(
    options: &Options,
    store: &Store,
    changes: Vec<PublicEntry>,
    load: impl Fn() -> Round,
) -> (Round, f64, usize) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = &over;
        let writer = scope.spawn(move || {
            let begin = Instant::now();
            let (mut written, mut changes) = (0, changes.into_iter());
            let together = options.changes.div_ceil(A_SECOND);
            while !over.load(Ordering::Relaxed) {
                let due = begin + Duration::from_secs_f64(real(written) / real(options.changes));
                thread::sleep(due.saturating_duration_since(Instant::now()));
                written +=
                    data::append(store, &metadata(), changes.by_ref().take(together)).unwrap();
            }
            (real(written) / begin.elapsed().as_secs_f64(), written)
        });
        let round = load();
        over.store(true, Ordering::Relaxed);
        let (rate, written) = writer.join().unwrap();
        (round, rate, written)
    })
}

/// Waits until the register has followed the journal to a position.
fn caught_up(program: &Program, position: usize) {
    let wait = format!("Min-Position: {position}\r\nPrefer: wait=50\r\n");
    let (status, head, _) = once(&program.address, &get("/v1/changes?limit=1", &wait));
    assert_eq!(status, 200, "the register does not follow: {head}");
}

/// Ends the benchmark where an answer is not whole.
fn whole(answer: &Answer<'_>, newest: &mut u64) {
    assert_eq!(answer.status, 200);
    *newest = newest_whole(answer.body, *newest).unwrap();
}

/// The newest change on a page that follows one with that newest change.
///
/// Each change marks its texts with its serial: two of a profile, four of a listing. A partial change would
/// occur another number of times; and no page is older than its predecessor.
pub fn newest_whole(page: &[u8], before: u64) -> Result<u64, String> {
    let serials = serials(page);
    if let Some((serial, times)) = serials.iter().find(|(_, times)| !matches!(times, 2 | 4)) {
        return Err(format!("half applied: change {serial} is there {times} times"));
    }
    let newest = serials.keys().max().copied().unwrap_or_default();
    if newest < before { Err(format!("{newest} after {before}")) } else { Ok(newest) }
}

/// The serials in square brackets, with their number of occurrences.
pub fn serials(body: &[u8]) -> BTreeMap<u64, u32> {
    let mut found = BTreeMap::new();
    let mut rest = body;
    while let Some(at) = rest.iter().position(|byte| *byte == b'[') {
        rest = &rest[at + 1..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 && rest.get(digits) == Some(&b']') {
            let serial = rest[..digits].iter().fold(0, |sum, d| sum * 10 + u64::from(d - b'0'));
            *found.entry(serial).or_insert(0) += 1;
        }
    }
    found
}
