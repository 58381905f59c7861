//! Fifty concurrent writers, each slow between its position and its commit, and one follower.

use std::{collections::BTreeMap, thread, time::Duration};

use actix_web::web;
use godkjent::{
    domain::{
        error::DomainError,
        event::{Event, EventKind, Subject},
        provider::ProviderKind,
        role::Actor,
        values::{
            ids::Revision,
            numbers::{Language, OrganisationNumber},
            text::{Line, LocalPresentation},
        },
    },
    jobs,
    json::public::ProviderRecord,
    store::{CommandMetadata, Done, Failure, RelatedChange, Store, StoreError},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    bench::register::dice::Dice,
    on_both_databases,
    world::{World, people::synthetic_number},
};

const WRITERS: usize = 50;
/// Number of commands of each writer.
const ACTS: usize = 6;
const SEED: u64 = 2026;

on_both_databases!(fifty_slow_writers_leave_a_feed_without_gap_or_repeat);

/// Outcome of a command.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// One public row.
    Public,
    /// A public row with a consequence: two positions in one transaction.
    WithConsequence,
    /// A private journal row.
    Hidden,
    /// Rejected after its position was assigned.
    Refused,
}

/// Common content of all rows of a command, to detect a partial one.
fn mark(writer: usize, act: usize, row: usize) -> String {
    format!("writer {writer} act {act} row {row}")
}

fn record(number: &str, mark: &str, act: usize) -> ProviderRecord {
    ProviderRecord {
        organisation_number: OrganisationNumber::parse(number).unwrap(),
        name: Line::parse(mark).unwrap(),
        kind: ProviderKind::Commercial,
        presentation: LocalPresentation::of_registry(mark, mark, mark),
        languages: vec![Language::parse("nb").unwrap()],
        phone: None,
        web: None,
        last_confirmed_at: "2026-03-12T09:00:00Z".parse().unwrap(),
        revision: i64::try_from(act).unwrap(),
    }
}

/// One command, in which the writer waits with its position assigned.
fn act(store: &Store, writer: usize, act: usize, fate: Fate, pause: Duration) -> bool {
    let number = synthetic_number(writer);
    let line = |text: &str| Line::parse(text).unwrap();
    let count = |row| u128::try_from((writer * ACTS + act) * 2 + row).unwrap();
    let id = |row| Uuid::from_u128(count(row) << 16);
    let metadata = CommandMetadata {
        id: id(0),
        at: "2026-03-12T09:00:00Z".parse().unwrap(),
        actor: Actor { subject: line("writer"), name: line("Wera Writer") },
        role: "provider",
        organisation: number.clone(),
        request_id: mark(writer, act, 0),
    };
    let event = Event {
        kind: EventKind::ProviderUpdated,
        subject: Subject::Provider(OrganisationNumber::parse(&number).unwrap()),
        revision: Revision(i64::try_from(act).unwrap()),
        municipality: None,
        provider: None,
        detail: vec![],
    };
    let public = |row| Some(record(&number, &mark(writer, act, row), act).into());
    let outcome = store.write(&metadata, |_| {
        // The pause is the test: others may not commit a later position meanwhile.
        thread::sleep(pause);
        if fate == Fate::Refused {
            return Err(DomainError::stale().into());
        }
        let consequence = RelatedChange { id: id(1), event: event.clone(), public: public(1) };
        let related = if fate == Fate::WithConsequence { vec![consequence] } else { vec![] };
        let public = if fate == Fate::Hidden { None } else { public(0) };
        Ok(Done { event: event.clone(), public, related, answer: () })
    });
    match outcome {
        Ok(()) => true,
        Err(Failure::Refused(_)) => {
            assert!(fate == Fate::Refused);
            true
        }
        // Fifty wait for one lock: after a timeout a writer retries, like a caller.
        Err(Failure::Store(StoreError::Busy)) => false,
        Err(failure) => panic!("{failure}"),
    }
}

/// All commands of one writer, and the marks of its public ones, in order.
fn write(store: &Store, writer: usize) -> Vec<String> {
    let mut dice = Dice::of(SEED, writer);
    let mut made = vec![];
    for number in 0..ACTS {
        let fate = match dice.below(6) {
            0 => Fate::Refused,
            1 => Fate::Hidden,
            2 => Fate::WithConsequence,
            _ => Fate::Public,
        };
        let pause = Duration::from_micros(dice.throw() % 4000);
        while !act(store, writer, number, fate, pause) {}
        if matches!(fate, Fate::Public | Fate::WithConsequence) {
            made.push(mark(writer, number, 0));
        }
        if fate == Fate::WithConsequence {
            made.push(mark(writer, number, 1));
        }
    }
    made
}

/// The mark of a change, which each of its fields must bear.
fn read_mark(change: &Value) -> String {
    let data = &change["data"];
    let mark = data["name"].as_str().unwrap().to_owned();
    let text = &data["presentation"];
    for field in [&text["nb"], &text["nn"], &text["en"], &data["name"]] {
        assert_eq!(*field, mark, "not whole: {change:#}");
    }
    let number = data["organisationNumber"].as_str().unwrap();
    assert_eq!(change["subject"], format!("/v1/providers/{number}"));
    assert!(mark.contains(&format!(" act {} ", data["revision"])), "{change:#}");
    mark
}

/// The writer of a mark.
fn writer_of(mark: &str) -> usize {
    mark.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Starts all writers, each on its own thread; returns the public marks of each.
///
/// On PostgreSQL they use two pools in turn, as on two instances. SQLite has one process.
fn start(world: &World) -> thread::JoinHandle<Vec<Vec<String>>> {
    let (url, pools) = (world.database_url(), if world.is_postgres() { 2 } else { 1 });
    thread::spawn(move || {
        // A connection each: all of them queue in the database itself.
        let size = u32::try_from(WRITERS / pools).unwrap();
        let stores: Vec<_> = (0..pools).map(|_| Store::open(&url, size).unwrap()).collect();
        thread::scope(|scope| {
            let writers = stores.iter().cycle().zip(0..WRITERS);
            let writers = writers.map(|(store, writer)| scope.spawn(move || write(store, writer)));
            let writers: Vec<_> = writers.collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        })
    })
}

/// The journal rows missing in the register, on an instance that only follows.
async fn follow(world: &World) {
    let state = world.state.clone();
    let followed = web::block(move || {
        jobs::follow(&state.store, &state.register, state.context.now()).unwrap();
    });
    followed.await.unwrap();
}

async fn fifty_slow_writers_leave_a_feed_without_gap_or_repeat(world: World) {
    let writers = start(&world);
    let (mut seen, mut rounds) = (vec![], 0);
    loop {
        let written = writers.is_finished();
        follow(&world).await;
        let before = seen.len();
        loop {
            let path = format!("/v1/changes?after={}&limit=37", seen.len());
            let page = world.anyone().get(&path).await.expect(200).json();
            for change in page["items"].as_array().unwrap() {
                seen.push(read_mark(change));
                assert_eq!(change["sequence"], seen.len().to_string(), "a gap or a repeat");
            }
            assert_eq!(page["position"], seen.len());
            if page["hasMore"] == false {
                break;
            }
        }
        rounds += u32::from(seen.len() > before);
        if written {
            break;
        }
    }
    let made = writers.join().unwrap();
    assert!(rounds > 3, "the follower came too late to see anything happen");

    // Every public command is there once, in each writer's order; no rejected one.
    let mut of_writer: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for mark in &seen {
        of_writer.entry(writer_of(mark)).or_default().push(mark.clone());
    }
    assert_eq!(of_writer.into_values().collect::<Vec<_>>(), made);
    // The rows of a transaction are adjacent.
    for (at, mark) in seen.iter().enumerate().filter(|(_, mark)| mark.ends_with(" row 1")) {
        assert_eq!(seen[at - 1], mark.replace(" row 1", " row 0"));
    }
    // And an instance that starts now reads the same.
    let other = world.another_instance().await;
    assert_eq!(other.state.register.position(), i64::try_from(seen.len()).unwrap());
}
