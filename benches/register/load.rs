//! Full load: threads with many connections, a request on each, then all answers.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{
    http::{Answer, Connection},
    servers::cpu,
};

/// A request, and the check of its answer. The check gets its state of this connection.
pub struct Ask<'a> {
    pub request: &'a [u8],
    pub check: &'a (dyn Fn(&Answer<'_>, &mut u64) + Sync),
}

/// One round of load on one server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Round {
    /// Answers a second.
    pub rate: f64,
    /// Microseconds of the server's processor for each answer.
    pub cpu: f64,
    /// The longest that anybody waited for a batch of answers, in milliseconds.
    pub longest: f64,
}

/// Sends requests for this time. All connections are open before it begins.
pub fn round(
    (address, pid): (&str, u32),
    ask: &Ask<'_>,
    (threads, connections): (usize, usize),
    time: Duration,
) -> Round {
    let (go, over) = (std::sync::Barrier::new(threads + 1), AtomicBool::new(false));
    thread::scope(|scope| {
        let askers: Vec<_> = (0..threads)
            .map(|_| {
                let (go, over) = (&go, &over);
                scope.spawn(move || {
                    let open = || (Connection::open(address).expect("the server listens"), 0);
                    let mut open: Vec<_> = (0..connections).map(|_| open()).collect();
                    batch(&mut open, ask);
                    go.wait();
                    let (mut answers, mut longest) = (0_u32, Duration::ZERO);
                    while !over.load(Ordering::Relaxed) {
                        let begin = Instant::now();
                        batch(&mut open, ask);
                        longest = longest.max(begin.elapsed());
                        answers += u32::try_from(connections).unwrap();
                    }
                    (answers, longest)
                })
            })
            .collect();
        go.wait();
        let (begin, used) = (Instant::now(), cpu(pid));
        thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        let done: Vec<_> = askers.into_iter().map(|asker| asker.join().unwrap()).collect();
        let (took, used) = (begin.elapsed().as_secs_f64(), cpu(pid).saturating_sub(used));
        let answers = f64::from(done.iter().map(|(answers, _)| answers).sum::<u32>());
        let longest = done.iter().map(|(_, longest)| *longest).max().unwrap_or_default();
        Round {
            rate: answers / took,
            cpu: used.as_secs_f64() * 1e6 / answers.max(1.0),
            longest: longest.as_secs_f64() * 1e3,
        }
    })
}

fn batch(open: &mut [(Connection, u64)], ask: &Ask<'_>) {
    for (connection, _) in &mut *open {
        connection.send(ask.request);
    }
    for (connection, kept) in open {
        (ask.check)(&connection.answer(), kept);
    }
}

/// A count as a real number; those here are small.
pub fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// The one in the middle.
pub fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
