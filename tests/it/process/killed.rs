//! Killed during writes: every accepted command survives, and none is partly executed.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use super::{
    load::{Follower, Load, People, check, prepare},
    program::{Directory, Running, until},
};
use crate::world::database::TestDatabase;

/// How many kills there are at the least, and how many accepted writes.
const ROUNDS: usize = 5;
const WRITES: usize = 500;

#[test]
fn on_sqlite_every_accepted_answer_outlives_a_kill() {
    let directory = Directory::new();
    let url = directory.sqlite();
    rounds(&directory, &url);
}

#[test]
fn on_postgres_every_accepted_answer_outlives_a_kill() {
    let Some(database) = TestDatabase::postgres() else { return };
    rounds(&Directory::new(), &database.url());
}

fn rounds(directory: &Directory, url: &str) {
    // The first start makes the key that the tokens are signed with.
    drop(Running::start(directory, url));
    let people = People::of(directory);
    let mut accepted = prepare(&Running::start(directory, url), &people);
    let (mut round, mut replayed) = (0, 0);
    let mut follower = Follower::default();
    while round < ROUNDS || accepted.len() < WRITES {
        let mut running = Running::start(directory, url);
        let load = Load::start(&running, &people);
        let unheard = Arc::clone(&load.unheard);
        let following = follower.follow(running.client(None));
        // A random moment: after some tens of answers.
        let moment = 10 + RandomState::new().hash_one(round) % 90;
        let written = || u64::try_from(load.count_accepted()).unwrap();
        until("the writers write", || (written() >= moment).then_some(()));
        running.kill();
        let (more, turned_away) = load.end();
        assert_eq!(turned_away, BTreeMap::new());
        accepted.extend(more);
        follower = following.join().unwrap();
        let again = Running::start(directory, url);
        for command in unheard.lock().unwrap().drain(..) {
            replayed += usize::from(command.again(&again));
        }
        let found = check(&again, &people, &accepted, round);
        round += 1;
        println!(
            "kill {round}: {} accepted, all found again; {found} in the journal; {replayed} replayed",
            accepted.len()
        );
    }
    follower.ends(&Running::start(directory, url).client(None));
}
