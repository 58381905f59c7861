//! Long polls and streams: every waiting reader holds a slot.
//!
//! The number of slots is bounded, for each client and in total. A slot is freed when its reader disconnects:
//! the server then drops the handler's future or the stream's body. The fuller it is, the shorter a new wait
//! may be. When all slots are taken, a new reader takes the oldest slot of the network that has most, so that
//! one network cannot exclude the others.

use std::{
    collections::{BTreeMap, HashMap},
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

use prometheus_client::{metrics::gauge::Gauge, registry::Registry};
use tokio::{sync::Notify, time::Instant};

use super::bulkhead::overloaded;
use crate::{
    api::problem::{Problem, sentences},
    network::ReaderNetworks,
    register::Register,
};

/// The name of the limit in measurements.
const READERS: &str = "readers";
/// How many readers may wait at a time.
const MOST: usize = 2000;
/// Maximum slots of one client.
const MOST_OF_CLIENT: usize = 100;
/// Maximum slots of one site, which may have many addresses.
const MOST_OF_SITE: usize = 400;
/// The longest wait, in seconds, while at most half of the slots are taken.
pub const LONGEST: u64 = 60;
/// The longest wait, in seconds, in the last slot.
const LONGEST_WHEN_FULL: u64 = 5;

/// How often a wait is polled before it ends. A change or a timer is one poll. The server polls without pause while a client
/// pipelines more requests than the server buffers.
pub const MOST_POLLS: u32 = 10_000;

/// How a reader waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderKind {
    /// For one answer.
    LongPoll,
    /// For one event after another.
    Stream,
}

/// Marks a request that waited in a slot, so that its time is not counted as one of work.
#[derive(Debug, Clone, Copy)]
pub struct Waited;

/// The slots of all readers that wait.
#[derive(Debug, Default)]
pub struct LongPollSlots {
    table: Mutex<Table>,
    taken: [Gauge; 2],
}

#[derive(Debug, Default)]
struct Table {
    /// The oldest first.
    entries: BTreeMap<u64, Entry>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    networks: ReaderNetworks,
    kind: ReaderKind,
    revoked: Arc<Notify>,
}

/// The slot of one reader; it is freed when this is dropped.
#[derive(Debug)]
pub struct LongPollSlot {
    slots: Arc<LongPollSlots>,
    id: u64,
    longest: u64,
    revoked: Arc<Notify>,
}

impl Table {
    fn count(&self, is: impl Fn(&ReaderNetworks) -> bool) -> usize {
        self.entries.values().filter(|entry| is(&entry.networks)).count()
    }

    /// Takes the oldest slot from the sites that hold most, if they hold more than `own`.
    fn revoke_from_fullest(&mut self, own: usize) -> Option<()> {
        let mut sites: HashMap<u128, usize> = HashMap::new();
        for entry in self.entries.values() {
            *sites.entry(entry.networks.site).or_default() += 1;
        }
        let most = sites.values().copied().max().filter(|most| *most > own)?;
        let is_fullest = |entry: &Entry| sites.get(&entry.networks.site) == Some(&most);
        let oldest = self.entries.iter().find(|(_, entry)| is_fullest(entry));
        let oldest = oldest.map(|(id, _)| *id)?;
        // `notify_one` stores a permit for a reader that does not listen yet.
        self.entries.remove(&oldest)?.revoked.notify_one();
        Some(())
    }
}

impl LongPollSlots {
    /// Registers the numbers of taken slots as metrics.
    pub fn register(&self, registry: &mut Registry) {
        let [long_polls, streams] = self.taken.clone();
        registry.register("godkjent_open_long_polls", "Open long polls", long_polls);
        registry.register("godkjent_open_streams", "Open streams of the change feed", streams);
    }

    /// A slot for a reader.
    ///
    /// # Errors
    /// `overloaded`: too many wait from there; or all slots are taken, and no site holds more than this reader's.
    pub fn acquire(
        self: &Arc<Self>,
        networks: ReaderNetworks,
        kind: ReaderKind,
    ) -> Result<LongPollSlot, Problem> {
        let mut table = self.table();
        let of_client = table.count(|it| it.client == networks.client);
        let of_site = table.count(|it| it.site == networks.site);
        if of_client >= MOST_OF_CLIENT || of_site >= MOST_OF_SITE {
            return Err(too_many());
        }
        if table.entries.len() >= MOST {
            table.revoke_from_fullest(of_site).ok_or_else(|| overloaded(READERS))?;
        }
        let longest = longest(table.entries.len());
        let (id, revoked) = (table.next, Arc::<Notify>::default());
        table.next += 1;
        table.entries.insert(id, Entry { networks, kind, revoked: Arc::clone(&revoked) });
        self.update_gauge(&table);
        Ok(LongPollSlot { slots: Arc::clone(self), id, longest, revoked })
    }

    /// How many slots are taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.table().entries.len()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update_gauge(&self, table: &Table) {
        let streams = table.entries.values().filter(|it| it.kind == ReaderKind::Stream).count();
        let long_polls = table.entries.len() - streams;
        for (gauge, count) in self.taken.iter().zip([long_polls, streams]) {
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
}

/// The longest wait, in seconds, of a new reader with this number of slots taken.
fn longest(taken: usize) -> u64 {
    let spare = u64::try_from(MOST.saturating_sub(taken).min(MOST / 2)).unwrap_or(0);
    let half = u64::try_from(MOST / 2).unwrap_or(1);
    LONGEST_WHEN_FULL + (LONGEST - LONGEST_WHEN_FULL) * spare / half
}

fn too_many() -> Problem {
    let detail = sentences::overloaded_waiting(MOST_OF_CLIENT, MOST_OF_SITE);
    overloaded(READERS).with_detail(detail)
}

impl LongPollSlot {
    /// The granted seconds of the requested ones.
    #[must_use]
    pub fn granted(&self, seconds: u64) -> u64 {
        seconds.min(self.longest)
    }

    /// Waits until the register has reached the position, for at most so many seconds; returns whether it has.
    pub async fn wait_for(&self, register: &Register, position: i64, seconds: u64) -> bool {
        let mut watch = register.watch();
        let end = Instant::now() + Duration::from_secs(self.granted(seconds));
        let wait = async {
            tokio::select! {
                moved = watch.wait_for(|it| it.stopping || it.position >= position) => {
                    moved.is_ok_and(|reached| reached.position >= position)
                }
                () = tokio::time::sleep_until(end) => false,
                () = self.revoked() => false,
            }
        };
        let (mut wait, mut polls) = (pin!(wait), 0);
        poll_fn(|cx| {
            polls += 1;
            if polls > MOST_POLLS { Poll::Ready(false) } else { wait.as_mut().poll(cx) }
        })
        .await
    }

    /// Completes when another reader takes the slot.
    pub async fn revoked(&self) {
        self.revoked.notified().await;
    }
}

impl Drop for LongPollSlot {
    fn drop(&mut self) {
        let mut table = self.slots.table();
        table.entries.remove(&self.id);
        self.slots.update_gauge(&table);
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::network::neighbourhood;

    fn from(address: &str) -> ReaderNetworks {
        ReaderNetworks::of(neighbourhood(address.parse::<IpAddr>().unwrap()))
    }

    fn acquire(slots: &Arc<LongPollSlots>, address: &str) -> Result<LongPollSlot, Problem> {
        slots.acquire(from(address), ReaderKind::LongPoll)
    }

    fn fill(
        slots: &Arc<LongPollSlots>,
        sites: std::ops::Range<usize>,
        each: usize,
    ) -> Vec<LongPollSlot> {
        let addresses = sites.flat_map(|site| (0..each).map(move |it| (site, it)));
        let slot = |(site, it)| acquire(slots, &format!("2001:db8:{site:x}:{:x}00::1", it / 50));
        addresses.map(|it| slot(it).unwrap()).collect()
    }

    #[test]
    fn a_client_has_a_share_and_so_has_its_site() {
        let slots = Arc::new(LongPollSlots::default());
        let mut held: Vec<_> =
            (0..MOST_OF_CLIENT).map(|_| acquire(&slots, "192.0.2.1").unwrap()).collect();
        assert_eq!(acquire(&slots, "192.0.2.1").unwrap_err().code, "overloaded");
        // A line with 256 networks of 64 bits is one client.
        held.extend(
            (0..MOST_OF_CLIENT)
                .map(|it| acquire(&slots, &format!("2001:db8:0:{it:x}::1")).unwrap()),
        );
        assert_eq!(acquire(&slots, "2001:db8:0:ff::1").unwrap_err().code, "overloaded");
        // A site with many lines has no more than four.
        for line in 1..4 {
            let line = |_| acquire(&slots, &format!("2001:db8:0:{line}00::1")).unwrap();
            held.extend((0..MOST_OF_CLIENT).map(line));
        }
        assert_eq!(acquire(&slots, "2001:db8:0:400::1").unwrap_err().code, "overloaded");
        held.push(acquire(&slots, "2001:db8:1::1").unwrap());
        assert_eq!(slots.taken(), held.len());
        drop(held);
        assert_eq!(slots.taken(), 0);
    }

    #[test]
    fn a_new_reader_takes_a_slot_of_the_site_that_holds_most() {
        let slots = Arc::new(LongPollSlots::default());
        let many = fill(&slots, 0..1, MOST_OF_SITE);
        let others = fill(&slots, 1..17, 100);
        assert_eq!(slots.taken(), MOST);
        let newcomer = acquire(&slots, "192.0.2.1").unwrap();
        assert_eq!(slots.taken(), MOST);
        let revoked = |slot: &LongPollSlot| !slots.table().entries.contains_key(&slot.id);
        assert_eq!(many.iter().position(revoked), Some(0), "the oldest");
        assert_eq!(many.iter().chain(&others).filter(|it| revoked(it)).count(), 1);
        let more = acquire(&slots, "2001:db8:0:ff00::1");
        assert_eq!(more.unwrap_err().code, "overloaded", "the site that holds most takes no slot");
        assert_eq!(newcomer.longest, LONGEST_WHEN_FULL);
        drop((many, others));
        assert_eq!(slots.taken(), 1);
    }

    #[test]
    fn all_get_in_when_each_holds_one() {
        let slots = Arc::new(LongPollSlots::default());
        let crowd = fill(&slots, 0..MOST, 1);
        let late: Vec<_> =
            (0..3).map(|it| acquire(&slots, &format!("192.0.{it}.1")).unwrap()).collect();
        assert_eq!(slots.taken(), MOST);
        let again = acquire(&slots, "2001:db8:ff:1::1");
        assert_eq!(again.unwrap_err().code, "overloaded", "it has one already");
        drop((crowd, late));
        assert_eq!(slots.taken(), 0);
    }

    #[actix_web::test]
    async fn a_revoked_wait_ends_at_once() {
        let slots = Arc::new(LongPollSlots::default());
        let register = Register::new(Arc::new(crate::catalogue::Catalogue::load().unwrap()));
        let slot = acquire(&slots, "192.0.2.1").unwrap();
        slots.table().revoke_from_fullest(0).unwrap();
        assert!(!slot.wait_for(&register, 1, 60).await);
    }

    #[test]
    fn long_polls_and_streams_are_counted_apart() {
        let slots = Arc::new(LongPollSlots::default());
        let _poll = acquire(&slots, "192.0.2.1").unwrap();
        let stream = slots.acquire(from("192.0.2.2"), ReaderKind::Stream).unwrap();
        let _more = slots.acquire(from("192.0.2.2"), ReaderKind::Stream).unwrap();
        assert_eq!(slots.taken.each_ref().map(Gauge::get), [1, 2]);
        drop(stream);
        assert_eq!(slots.taken.each_ref().map(Gauge::get), [1, 1]);
    }

    #[test]
    fn the_fuller_it_is_the_shorter_is_a_wait() {
        let waits = [0, 1000, 1500, 1999, 2000].map(longest);
        assert_eq!(waits, [60, 60, 32, 5, 5]);
    }
}
