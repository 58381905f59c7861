//! A simulated year: twenty municipalities, three hundred applications, every possible course of a case. At its
//! end all counts agree: commands, cases, approvals, the public register, the journal, and automatic events.

mod books;
mod fates;
mod reconcile;
mod steps;
mod town;

use std::collections::{BTreeMap, VecDeque};

use chrono::{Days, NaiveDate};

use crate::{
    mail::server::{Script, SmtpServer},
    notices::through,
    on_both_databases,
    world::World,
};
use fates::{Fate, Step};
use steps::Case;
use town::{Country, Thing};

on_both_databases!(a_year_of_twenty_municipalities_reconciles);

const MUNICIPALITIES: usize = 20;
const PROVIDERS: usize = 60;
const APPLICATIONS: usize = 300;
/// The mail server refuses one message in so many for now.
const FAILING: usize = 10;
/// When notices that were refused are due again.
const RETRIES: [&str; 3] = ["09:02:00", "09:10:00", "09:50:00"];
const FIRST_DAY: &str = "2026-03-12";
/// How many days pass: a year and a day, so that no profile is fresh any more.
const DAYS: u64 = 366;
/// The municipality that gives it up.
const ENDING_TOWN: usize = 19;
/// The day of the final count, when every case has ended.
const ENDING_SAID: u64 = 345;
/// The last day of its offering.
const ENDING_DAY: u64 = 358;

async fn a_year_of_twenty_municipalities_reconciles(world: World) {
    let server = SmtpServer::start(Script::FailEvery(FAILING));
    let world = world.mailing_through(Some(through(&server))).await;
    world.hold_notices(false);
    let country = Country::new(&world, MUNICIPALITIES, PROVIDERS).await;
    let (cases, by_time) = lives(&world, &country).await;
    reconcile::everything(&world, &country, &cases, by_time).await;
}

/// Day by day: first automatic events, then people. Returns the cases, and the number of automatic events.
async fn lives(world: &World, country: &Country) -> (Vec<Case>, usize) {
    let first: NaiveDate = FIRST_DAY.parse().unwrap();
    let mut cases: Vec<_> = (0..APPLICATIONS).map(case).collect();
    let mut plans: Vec<_> = (0..APPLICATIONS).map(|number| fate(number).steps()).collect();
    let mut calendar: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for number in 0..APPLICATIONS {
        calendar.entry(first_day(number)).or_default().push(number);
    }
    let mut by_time = 0;
    for day in 0..=DAYS {
        let date = first.checked_add_days(Days::new(day)).unwrap();
        world.set_clock(&format!("{date}T09:00:00Z"));
        by_time += world.catches_up().await;
        world.sends_notices().await;
        for number in calendar.remove(&day).unwrap_or_default() {
            let plan: &mut VecDeque<(u64, Step)> = &mut plans[number];
            let (_, step) = plan.pop_front().unwrap();
            country.takes(&mut cases[number], step, date).await;
            if let Some((wait, _)) = plan.front() {
                calendar.entry(day + wait).or_default().push(number);
            }
        }
        // What the mail server has refused for now is tried again the same morning.
        for time in RETRIES {
            world.set_clock(&format!("{date}T{time}Z"));
            world.sends_notices().await;
        }
        if day == ENDING_SAID {
            let last = first.checked_add_days(Days::new(ENDING_DAY)).unwrap();
            country.ends_offering(&country.towns[ENDING_TOWN], last).await;
        }
    }
    assert!(plans.iter().all(VecDeque::is_empty), "every case has come to its end");
    assert_eq!(world.catches_up().await, 0, "nothing is done twice");
    (cases, by_time)
}

fn fate(number: usize) -> Fate {
    let round = number / PROVIDERS;
    Fate::ALL[(number + 7 * round) % Fate::ALL.len()]
}

/// Applications arrive over the first seven months, by a fixed rule independent of their course.
fn first_day(number: usize) -> u64 {
    u64::try_from(number * 7919 % 200).unwrap()
}

/// The case of that number: a provider applies in each municipality at most once.
fn case(number: usize) -> Case {
    Case {
        town: (number + number / PROVIDERS * 4) % MUNICIPALITIES,
        provider: number % PROVIDERS,
        fate: fate(number),
        application: Thing::default(),
        decision: Thing::default(),
        approval: Thing::default(),
        notice: Thing::default(),
        appeal: Thing::default(),
        decisions: vec![],
    }
}
