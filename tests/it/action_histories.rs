//! Generated histories: at each step the server's answers are compared with `actions[]`. An impossible action is rejected
//! with the announced code, and a possible one succeeds, with the same `actions[]` in its answer as in the next read.

mod bodies;
mod coverage;
mod dead_ends;
mod people;
mod turn;

use std::{collections::BTreeMap, thread};

use actix_web::rt::System;
use chrono::TimeDelta;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use self::{
    bodies::{Body, Facts},
    coverage::{Coverage, key},
    people::{Participant, People},
    turn::{DEMANDED_REASONS, SEQUELS, Sequel, Turn, WON_APPEAL, ends},
};
use crate::{
    bench::register::dice::Dice,
    world::{Answer, Person, World, people::id},
};

/// Steps of each seed.
const STEPS: usize = 300;
const SEEDS: [u64; 4] = [1, 2, 3, 4];
/// In the last steps the offering is closed and ends.
const LAST_STEPS: usize = 60;

/// After so many steps each open task is checked.
const CHECKED_EVERY: usize = 30;
/// After this many observations in a history an action is tried less often.
const OFTEN: usize = 5;
/// An action that ends a case is candidate once in so many choices.
const ENDS_IN: usize = 8;

struct History<'a> {
    world: &'a World,
    people: People,
    dice: Dice,
    seed: u64,
    offering: String,
    /// Paths of resources outside of cases.
    resources: Vec<String>,
    /// Paths of resources of cases.
    cases: Vec<String>,
    /// Possible actions at the last read, by path and number of the participant.
    offered: BTreeMap<(String, usize), Vec<Value>>,
    /// Path of the last successful action.
    last: Option<String>,
    /// The operation to try next.
    sequel: Option<Sequel>,
    /// The only operation that is chosen now, if any.
    wanted: Option<&'static str>,
    seen: Coverage,
    step: usize,
}

#[test]
fn what_is_offered_succeeds_and_what_is_not_is_refused_as_announced() {
    let mut seen = Coverage::default();
    let histories: Vec<_> =
        SEEDS.into_iter().map(|seed| thread::spawn(move || history(seed))).collect();
    for history in histories {
        seen.add(history.join().unwrap());
    }
    seen.assert_complete();
}

/// Runs the history of a seed.
fn history(seed: u64) -> Coverage {
    System::new().block_on(async {
        let world = World::on_sqlite().await;
        let mut history = History::begin(&world, seed).await;
        history.take_first_steps().await;
        while history.step < STEPS {
            history.step().await;
            history.step += 1;
            if history.step.is_multiple_of(CHECKED_EVERY) {
                history.check_tasks().await;
            }
        }
        history.seen
    })
}

impl<'a> History<'a> {
    async fn begin(world: &'a World, seed: u64) -> Self {
        let people = People::of(world);
        let offering = people.set_up(seed).await;
        let file = people.upload_file().await;
        let mut resources = People::public_resources();
        resources.extend([file, format!("/v1/offerings/{offering}/draft")]);
        resources.push(format!("/v1/offerings/{offering}"));
        let cases = people.create_cases(world, &offering, seed).await;
        let (dice, seen, offered) = (Dice::new(seed), Coverage::default(), BTreeMap::default());
        Self {
            world,
            people,
            dice,
            seed,
            offering,
            resources,
            cases,
            offered,
            last: None,
            sequel: None,
            wanted: None,
            seen,
            step: 0,
        }
    }

    /// Lets a provider win an appeal against its refusal, or get the reasons of its approval.
    async fn take_first_steps(&mut self) {
        let mut decisions = self.cases.iter().filter(|it| it.contains("/decisions/")).cloned();
        let (approval, refusal) = (decisions.next().unwrap(), decisions.next().unwrap());
        drop(decisions);
        let (mut resource, operations) = if self.seed.is_multiple_of(2) {
            (refusal, &WON_APPEAL[..])
        } else {
            (approval, &DEMANDED_REASONS[..])
        };
        for operation in operations {
            self.try_sequel(Sequel { days: 0, operation, resource: resource.clone() }).await;
            let appeal = self.cases.iter().rfind(|it| it.contains("/appeals/"));
            resource = appeal.cloned().unwrap_or(resource);
        }
    }

    async fn step(&mut self) {
        if let Some(sequel) = self.sequel.take()
            && self.dice.one_in(2)
        {
            return self.try_sequel(sequel).await;
        }
        if self.dice.one_in(10) {
            let days = i64::try_from(1 + self.dice.below(10)).unwrap();
            self.world.pass(TimeDelta::days(days));
            self.world.catches_up().await;
            // A round may be over.
            let resource = format!("/v1/offerings/{}", self.offering);
            self.sequel = Some(Sequel { days: 0, operation: "lateAccessGrant", resource });
        }
        if self.dice.one_in(12) {
            self.start_application().await;
        }
        if let Some(last) = self.last.clone()
            && self.dice.one_in(2)
            && self.act_on(&last).await
        {
            return;
        }
        if let Some((resource, number)) = self.rarest_action()
            && self.check_actions(&resource, number).await
        {
            return;
        }
        let resource = self.random_resource();
        self.act_on(&resource).await;
    }

    /// Lets the first participant for whom the operation is possible run it: the providers come first.
    async fn try_sequel(&mut self, Sequel { days, operation, resource }: Sequel) {
        self.world.pass(TimeDelta::days(days));
        self.world.catches_up().await;
        self.wanted = Some(operation);
        for number in 0..self.people.participants_of(&resource).len() {
            if self.check_actions(&resource, number).await {
                break;
            }
        }
        self.wanted = None;
    }

    /// Lets the participants of a resource act in random order, until one action succeeds; returns whether one did.
    async fn act_on(&mut self, resource: &str) -> bool {
        let mut numbers: Vec<_> = (0..self.people.participants_of(resource).len()).collect();
        while !numbers.is_empty() {
            let number = numbers.swap_remove(self.dice.below(numbers.len()));
            if self.check_actions(resource, number).await {
                return true;
            }
        }
        false
    }

    /// A random resource, usually a new case.
    fn random_resource(&mut self) -> String {
        if self.is_last() && self.dice.one_in(8) {
            return format!("/v1/offerings/{}/draft", self.offering);
        }
        let among = if self.dice.one_in(6) { &self.resources } else { &self.cases };
        let recent = among.len().saturating_sub(if self.dice.one_in(2) { among.len() } else { 10 });
        among[recent + self.dice.below(among.len() - recent)].clone()
    }

    /// Path and participant of the rarest action at the last reads; `None` if all are frequent.
    fn rarest_action(&mut self) -> Option<(String, usize)> {
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

    /// A provider starts an application, and usually completes it. No `actions[]` has the start.
    async fn start_application(&mut self) {
        let provider = self.people.providers[self.dice.below(self.people.providers.len())].clone();
        let body = json!({"offeringId": self.offering});
        let answer = provider.person.post("/v1/applications", body).await;
        assert!([201, 409].contains(&answer.status.as_u16()), "{}", answer.text);
        if answer.status.is_success() && !self.dice.one_in(4) {
            provider.person.completes(&id(&answer)).await;
        }
        self.record_paths(&answer);
    }

    /// Compares the `actions[]` of a resource with the server's answers, and then runs one; returns whether it did.
    async fn check_actions(&mut self, resource: &str, number: usize) -> bool {
        let at = (resource.to_owned(), number);
        self.offered.remove(&at);
        let Some(turn) = self.read(resource, number).await else { return false };
        for action in turn.actions.iter().filter(|it| it["possible"] == false) {
            if !self.check_impossible(action, &turn).await {
                return false;
            }
        }
        let possible: Vec<_> = turn.actions.iter().filter(|it| self.is_candidate(it)).collect();
        let chosen = self.choose(&possible);
        let left = possible.iter().filter(|it| Some(**it) != chosen);
        self.offered.insert(at, left.map(|it| (*it).clone()).collect());
        match chosen {
            Some(action) => self.run(action, &turn).await,
            None => false,
        }
    }

    /// What a participant reads of a resource; `None` if it has no actions for them.
    async fn read(&self, resource: &str, number: usize) -> Option<Turn> {
        let Participant { person, role, name } =
            self.people.participants_of(resource).swap_remove(number);
        let read = person.get(resource).await;
        if [403, 404].contains(&read.status.as_u16()) {
            return None;
        }
        let view = read.expect(200);
        let (etag, view) = (view.etag(), view.json());
        let actions = view["actions"].as_array()?.clone();
        let facts = Facts {
            today: self.world.now().date_naive(),
            step: self.step,
            is_provider: role == Role::Provider,
            against: self.decision_behind(&person, &view).await,
            heard: self.heard_notice(&person, &view).await,
            version: self.version().await,
            seed: self.seed,
            name,
        };
        Some(Turn { resource: resource.to_owned(), person, etag, view, actions, facts })
    }

    /// Sends an impossible action, unless it is frequent; returns false if the answer is not as announced.
    async fn check_impossible(&mut self, action: &Value, turn: &Turn) -> bool {
        let operation = action["operation"].as_str().unwrap();
        let code = action["code"].as_str().unwrap();
        if !self.is_checked(operation, code) {
            return true;
        }
        let body = bodies::of(action, &turn.view, &turn.facts, &mut self.dice);
        let answer = turn.send(action, &body).await;
        let is_as_announced = answer.status.as_u16() >= 400 && answer.json()["code"] == code;
        if is_as_announced {
            *self.seen.impossible.entry(key(operation, code)).or_default() += 1;
        } else {
            self.record_difference(action, turn, &body, &answer.text);
        }
        is_as_announced
    }

    /// Runs a possible action; returns whether it succeeded.
    async fn run(&mut self, action: &Value, turn: &Turn) -> bool {
        let body = bodies::of(action, &turn.view, &turn.facts, &mut self.dice);
        // The answer is compared with a read before the notice of what it made available is sent.
        self.world.hold_notices(true);
        let answer = turn.send(action, &body).await;
        if !answer.status.is_success() {
            self.record_difference(action, turn, &body, &answer.text);
            return false;
        }
        let made = answer.header("location");
        let answered = if made.is_empty() { turn.resource.clone() } else { made };
        self.check_answer(action, turn, &body, (&answered, &answer)).await;
        self.world.sends_notices().await;
        let operation = action["operation"].as_str().unwrap().to_owned();
        let sequel = SEQUELS.into_iter().find(|(after, ..)| *after == operation);
        let sequel = sequel.map(|(_, days, operation, is_on_made)| {
            let resource = if is_on_made { answered } else { turn.resource.clone() };
            Sequel { days, operation, resource }
        });
        self.sequel = sequel.or_else(|| self.sequel.take());
        *self.seen.possible.entry(operation).or_default() += 1;
        self.record_paths(&answer);
        self.last = Some(turn.resource.clone());
        true
    }

    /// Compares the `actions[]` of an answer with those of the next read. A version of an offering has none.
    async fn check_answer(
        &mut self,
        action: &Value,
        turn: &Turn,
        body: &Body,
        (path, answer): (&str, &Answer),
    ) {
        if path.contains("/versions/") {
            return;
        }
        let read = turn.person.get(path).await.expect(200).json();
        let (answered, read) = (&answer.json()["actions"], &read["actions"]);
        if answered != read {
            self.record_difference(action, turn, body, &format!("{answered} but {read}"));
        }
    }

    /// Whether an impossible action is sent: always while it is rare, and sometimes when it is frequent.
    fn is_checked(&mut self, operation: &str, code: &str) -> bool {
        let seen = self.seen.impossible.get(&key(operation, code)).copied().unwrap_or_default();
        seen < OFTEN || self.dice.one_in(4)
    }

    fn record_difference(&mut self, action: &Value, turn: &Turn, body: &Body, answered: &str) {
        let Self { seed, step, .. } = self;
        let Turn { resource, facts: Facts { name, .. }, .. } = turn;
        let line = format!(
            "seed {seed} step {step}: {name} {} {} on {resource}, code {}: {body:?} {answered}",
            action["act"], action["operation"], action["code"]
        );
        self.seen.different.push(line.chars().take(900).collect());
    }

    fn is_candidate(&self, action: &Value) -> bool {
        action["possible"] == true && (self.is_last() || action["operation"] != "offeringClose")
    }

    const fn is_last(&self) -> bool {
        self.step + LAST_STEPS >= STEPS
    }

    /// The wanted action, else the rarest one; sometimes none, if all are frequent or end a case.
    fn choose<'v>(&mut self, possible: &[&'v Value]) -> Option<&'v Value> {
        if let Some(wanted) = self.wanted {
            return possible.iter().copied().find(|it| it["operation"] == wanted);
        }
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

    /// A prior notice that carries a revocation of the approval that is read.
    async fn heard_notice(&self, person: &Person, view: &Value) -> Value {
        if !view["priorNotices"].is_array() {
            return Value::Null;
        }
        let path = format!("/v1/prior-notices?open=true&approval={}", view["id"].as_str().unwrap());
        let open = person.get(&path).await.expect(200).json();
        let today = json!(self.world.now().date_naive());
        let is_heard = |notice: &&Value| {
            notice["state"] == "answered" || notice["replyBy"].as_str() < today.as_str()
        };
        let heard = open["items"].as_array().unwrap().iter().find(is_heard);
        heard.map_or(Value::Null, |notice| notice["id"].clone())
    }

    async fn version(&self) -> Value {
        let path = format!("/v1/offerings/{}", self.offering);
        self.world.anyone().get(&path).await.json()["version"].clone()
    }

    /// Records the paths of a new resource and of those named in an answer.
    fn record_paths(&mut self, answer: &Answer) {
        let location = answer.header("location");
        let answer = answer.json();
        let named = [("decisionId", "decisions", ""), ("approvalId", "approvals", "/case")];
        let named = named.into_iter().filter_map(|(field, kind, suffix)| {
            Some(format!("/v1/{kind}/{}{suffix}", answer[field].as_str()?))
        });
        let made = Some(location).filter(|it| !it.is_empty() && !it.contains("/versions/"));
        for path in made.into_iter().chain(named) {
            let (is_grant, is_file) = (path.contains("/late-access/"), path.contains("/evidence/"));
            let known = if is_grant || is_file { &mut self.resources } else { &mut self.cases };
            let has_grant = is_grant && known.iter().any(|it| it.contains("/late-access/"));
            if !known.contains(&path) && !has_grant {
                known.push(path);
            }
        }
    }
}
