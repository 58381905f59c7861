//! Generated histories: at each step what `actions[]` says is held against what the server does. What it calls impossible
//! is refused with the code that it announces, and what it calls possible succeeds.

mod bodies;
mod people;
mod seen;

use std::{collections::BTreeMap, thread};

use actix_web::{http::Method, rt::System};
use chrono::TimeDelta;
use serde_json::{Value, json};

use self::{
    bodies::{Body, Facts},
    people::{People, Seat},
    seen::{Seen, key},
};
use crate::{
    bench::register::dice::Dice,
    world::{Answer, Person, World, people::id},
};

/// So many steps for each seed.
const STEPS: usize = 300;
const SEEDS: [u64; 4] = [1, 2, 3, 4];
/// In the last steps the offering is closed and ends.
const LAST_STEPS: usize = 60;

/// What was seen so many times in a history is asked for more seldom.
const OFTEN: usize = 5;
/// One time in so many, what ends a case is done.
const ENDS_IN: usize = 8;

/// What ends a case, or stops a person in it.
const ENDS: [&str; 6] = [
    "applicationChallengeImpartiality",
    "applicationWithdraw",
    "appealWithdraw",
    "approvalTerminate",
    "approvalRevoke",
    "priorNoticeClose",
];

struct Walk<'a> {
    world: &'a World,
    people: People,
    dice: Dice,
    seed: u64,
    offering: String,
    /// Paths of what is there from the beginning.
    things: Vec<String>,
    /// Paths of what belongs to cases.
    cases: Vec<String>,
    /// What was possible when somebody last saw a thing: by its path and the number of their seat.
    offered: BTreeMap<(String, usize), Vec<Value>>,
    /// Where something was done last.
    last: Option<String>,
    seen: Seen,
    step: usize,
}

#[test]
fn what_is_offered_succeeds_and_what_is_not_is_refused_as_announced() {
    let mut seen = Seen::default();
    let walks: Vec<_> = SEEDS.into_iter().map(|seed| thread::spawn(move || walk(seed))).collect();
    for walk in walks {
        seen.add(walk.join().unwrap());
    }
    seen.has_all();
}

/// Walks through the history of a seed.
fn walk(seed: u64) -> Seen {
    System::new().block_on(async {
        let world = World::on_sqlite().await;
        let mut walk = Walk::begin(&world, seed).await;
        while walk.step < STEPS {
            walk.step().await;
            walk.step += 1;
        }
        walk.seen
    })
}

impl<'a> Walk<'a> {
    async fn begin(world: &'a World, seed: u64) -> Self {
        let people = People::of(world);
        let offering = people.set_up(seed).await;
        let file = people.gives_a_file().await;
        let mut things = People::public_things();
        things.extend([file, format!("/v1/offerings/{offering}/draft")]);
        things.push(format!("/v1/offerings/{offering}"));
        let cases = people.bring_cases(world, &offering, seed).await;
        let (dice, seen, offered) = (Dice::new(seed), Seen::default(), BTreeMap::default());
        Self {
            world,
            people,
            dice,
            seed,
            offering,
            things,
            cases,
            offered,
            last: None,
            seen,
            step: 0,
        }
    }

    async fn step(&mut self) {
        if self.dice.one_in(10) {
            let days = i64::try_from(1 + self.dice.below(10)).unwrap();
            self.world.pass(TimeDelta::days(days));
            self.world.catches_up().await;
        }
        if self.dice.one_in(12) {
            self.applies().await;
        }
        if let Some(last) = self.last.clone()
            && self.dice.one_in(2)
            && self.explore(&last).await
        {
            return;
        }
        if let Some((thing, number)) = self.least_done()
            && self.look(&thing, number).await
        {
            return;
        }
        let thing = self.any_thing();
        self.explore(&thing).await;
    }

    /// Lets one after the other look at a thing, until somebody does something; says whether.
    async fn explore(&mut self, thing: &str) -> bool {
        let mut seats: Vec<_> = (0..self.people.who_act_on(thing).len()).collect();
        while !seats.is_empty() {
            let number = seats.swap_remove(self.dice.below(seats.len()));
            if self.look(thing, number).await {
                return true;
            }
        }
        false
    }

    /// Some thing, most often a case that is new.
    fn any_thing(&mut self) -> String {
        if self.is_last() && self.dice.one_in(8) {
            return format!("/v1/offerings/{}/draft", self.offering);
        }
        let among = if self.dice.one_in(6) { &self.things } else { &self.cases };
        let recent = among.len().saturating_sub(if self.dice.one_in(2) { among.len() } else { 10 });
        among[recent + self.dice.below(among.len() - recent)].clone()
    }

    /// Where somebody could, when last seen, do what was done least; nowhere if all was done often.
    fn least_done(&mut self) -> Option<(String, usize)> {
        let may_end = self.dice.one_in(ENDS_IN);
        let seen = &self.seen;
        let all = self.offered.iter().flat_map(|(at, actions)| {
            actions.iter().filter(|it| may_end || !ends(it)).map(move |it| (seen.times(it), at))
        });
        let all: Vec<_> = all.collect();
        let least = all.iter().map(|(times, _)| *times).min().filter(|it| *it < OFTEN)?;
        let least: Vec<_> = all.iter().filter(|(times, _)| *times == least).collect();
        let (_, at) = least[self.dice.below(least.len())];
        Some((*at).clone())
    }

    /// A provider starts an application, and most often puts together what it needs. Nothing offers the start.
    async fn applies(&mut self) {
        let provider = self.people.providers[self.dice.below(self.people.providers.len())].clone();
        let body = json!({"offeringId": self.offering});
        let answer = provider.person.post("/v1/applications", body).await;
        assert!([201, 409].contains(&answer.status.as_u16()), "{}", answer.text);
        if answer.status.is_success() && !self.dice.one_in(4) {
            provider.person.completes(&id(&answer)).await;
        }
        self.learn(&answer);
    }

    /// Holds everything that somebody is told of a thing against the server, and then does something; says whether.
    async fn look(&mut self, thing: &str, number: usize) -> bool {
        let Seat { person, role, name } = &self.people.who_act_on(thing)[number];
        let at = (thing.to_owned(), number);
        self.offered.remove(&at);
        let read = person.get(thing).await;
        if [403, 404].contains(&read.status.as_u16()) {
            return false;
        }
        let view = read.expect(200);
        let (etag, view) = (view.etag(), view.json());
        let Some(actions) = view["actions"].as_array().cloned() else { return false };
        let facts = Facts {
            today: self.world.now().date_naive(),
            step: self.step,
            is_provider: *role == godkjent::domain::role::Role::Provider,
            against: self.decision_behind(person, &view).await,
            version: self.version().await,
            seed: self.seed,
            name,
        };
        for action in actions.iter().filter(|it| it["possible"] == false) {
            let operation = action["operation"].as_str().unwrap();
            let code = action["code"].as_str().unwrap();
            if !self.wants_to_see(operation, code) {
                continue;
            }
            let body = bodies::of(action, &view, &facts, &mut self.dice);
            let answer = send(person, action, &etag, &body).await;
            let is_as_announced = answer.status.as_u16() >= 400 && answer.json()["code"] == code;
            if !is_as_announced {
                self.differs(action, (thing, name), &body, &answer);
                return false;
            }
            *self.seen.impossible.entry(key(operation, code)).or_default() += 1;
        }
        let possible: Vec<_> = actions.iter().filter(|it| self.may_take(it)).collect();
        let chosen = self.choose(&possible);
        let left = possible.iter().filter(|it| Some(**it) != chosen);
        self.offered.insert(at, left.map(|it| (*it).clone()).collect());
        let Some(action) = chosen else { return false };
        let body = bodies::of(action, &view, &facts, &mut self.dice);
        let answer = send(person, action, &etag, &body).await;
        if !answer.status.is_success() {
            self.differs(action, (thing, name), &body, &answer);
            return false;
        }
        let operation = action["operation"].as_str().unwrap().to_owned();
        *self.seen.possible.entry(operation).or_default() += 1;
        self.learn(&answer);
        self.last = Some(thing.to_owned());
        true
    }

    /// A refusal is asked for again and again, but more seldom once it was seen often.
    fn wants_to_see(&mut self, operation: &str, code: &str) -> bool {
        let seen = self.seen.impossible.get(&key(operation, code)).copied().unwrap_or_default();
        seen < OFTEN || self.dice.one_in(4)
    }

    fn differs(
        &mut self,
        action: &Value,
        (thing, name): (&str, &str),
        body: &Body,
        answer: &Answer,
    ) {
        let Self { seed, step, .. } = self;
        let (said, answered) = (&action["code"], &answer.text);
        let line = format!(
            "seed {seed} step {step}: {name} {} {} on {thing}, code {said}: {body:?} {answered}",
            action["act"], action["operation"]
        );
        self.seen.different.push(line.chars().take(900).collect());
    }

    fn may_take(&self, action: &Value) -> bool {
        action["possible"] == true && (self.is_last() || action["operation"] != "offeringClose")
    }

    const fn is_last(&self) -> bool {
        self.step + LAST_STEPS >= STEPS
    }

    /// What was done least; seldom what was done often or ends a case.
    fn choose<'v>(&mut self, possible: &[&'v Value]) -> Option<&'v Value> {
        let may_end = self.dice.one_in(ENDS_IN);
        let possible = possible.iter().copied().filter(|it| may_end || !ends(it));
        let least = possible.min_by_key(|action| self.seen.times(action))?;
        let is_wanted = self.seen.times(least) < OFTEN || self.dice.one_in(4);
        is_wanted.then_some(least)
    }

    /// The decision that an appeal is against, as the same person sees it.
    async fn decision_behind(&self, person: &Person, view: &Value) -> Value {
        match (view["handedInOn"].as_str(), view["decisionId"].as_str()) {
            (Some(_), Some(id)) => person.get(&format!("/v1/decisions/{id}")).await.json(),
            _ => Value::Null,
        }
    }

    async fn version(&self) -> Value {
        let path = format!("/v1/offerings/{}", self.offering);
        self.world.anyone().get(&path).await.json()["version"].clone()
    }

    /// Notes the path of what was made, and of what an answer names.
    fn learn(&mut self, answer: &Answer) {
        let location = answer.header("location");
        let answer = answer.json();
        let named = [("decisionId", "decisions", ""), ("approvalId", "approvals", "/case")];
        let named = named.into_iter().filter_map(|(field, kind, suffix)| {
            Some(format!("/v1/{kind}/{}{suffix}", answer[field].as_str()?))
        });
        let made = Some(location).filter(|it| !it.is_empty() && !it.contains("/versions/"));
        for path in made.into_iter().chain(named) {
            let (is_grant, is_file) = (path.contains("/late-access/"), path.contains("/evidence/"));
            let known = if is_grant || is_file { &mut self.things } else { &mut self.cases };
            let has_grant = is_grant && known.iter().any(|it| it.contains("/late-access/"));
            if !known.contains(&path) && !has_grant {
                known.push(path);
            }
        }
    }
}

/// Whether an action ends a case.
fn ends(action: &Value) -> bool {
    ENDS.contains(&action["operation"].as_str().unwrap()) || action["act"] == "dismiss"
}

/// Does what an action says.
async fn send(person: &Person, action: &Value, etag: &str, body: &Body) -> Answer {
    let mut href = action["href"].as_str().unwrap().to_owned();
    if let Some((name, value)) = &body.parameter {
        href = href.replace(&format!("{{{name}}}"), value);
    }
    if let Some(bytes) = &body.file {
        return person.gives(crate::world::files::metadata("tax-certificate"), bytes).await;
    }
    let method = Method::from_bytes(action["method"].as_str().unwrap().as_bytes()).unwrap();
    person.act(method, &href, etag, body.json.clone()).await
}
