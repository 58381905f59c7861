//! A mirror of the register: a file of it at some moment, and the change feed from there. It proves at
//! every position that it is complete, although instances are killed and started again meanwhile.

mod acts;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aws_lc_rs::digest::{SHA256, digest};
use godkjent::{catalogue::Catalogue, context::Context, demo, demo::dice::Dice, store::Store};
use serde_json::Value;

use super::program::{Client, Directory, Running, godkjent, run};
use crate::{rebuild::behind_its_back, world::database::TestDatabase};
use acts::{Acting, People};

/// At how many positions the mirror proves that it is complete.
const PROOFS: usize = 10;
/// After which of them an instance is killed.
const KILL: usize = 3;
/// After which of them the second instance is started again.
const START: usize = 6;
/// What must have come through the feed before the end.
const KINDS: [&str; 7] = [
    "provider.registered",
    "provider.updated",
    "approval.listing-changed",
    "approval.contract-recorded",
    "approval.terminated",
    "approval.revoked",
    "offering.published",
];

#[test]
fn a_mirror_over_two_instances_of_which_one_is_killed_has_the_registers_digest() {
    let Some(database) = TestDatabase::postgres() else { return };
    let (people, one) = scene(&database.url());
    let start = || Running::start(people.directory(), &database.url());
    let (mut other, mut dice) = (Some(start()), Dice::new(4));
    let acting = Acting::start(&one, &people);
    let mut mirror = Mirror::begin(&one, other.as_ref().unwrap(), &mut dice);
    for proof in 0..PROOFS {
        match proof {
            KILL => {
                let mut killed = other.take().unwrap();
                killed.kill();
                assert!(killed.client(None).get("/livez").is_err());
            }
            START => other = Some(start()),
            _ => {}
        }
        for _ in 0..=dice.below(3) {
            let side = other.as_ref().filter(|_| dice.one_in(2)).unwrap_or(&one);
            mirror.reads_on(side, &mut dice);
        }
        mirror.proves(&one);
        if let Some(other) = &other {
            mirror.proves(other);
        }
    }
    let other = other.unwrap();
    // Also at the positions that it did not see.
    mirror.proved_before(&other);
    while !mirror.has_seen_everything() {
        mirror.reads_on(&one, &mut dice);
        mirror.reads_on(&other, &mut dice);
    }
    for ended in acting.stop() {
        ended.expect("the first instance is never killed");
    }
    mirror.ends_as_the_register(&[&one, &other]);
    audited(people.directory(), &database.url());
}

#[test]
fn on_sqlite_a_mirror_outlives_a_kill() {
    let database = TestDatabase::sqlite();
    let (people, mut only) = scene(&database.url());
    let (mut acting, mut dice) = (Acting::start(&only, &people), Dice::new(5));
    let mut mirror = Mirror::begin(&only, &only, &mut dice);
    for proof in 0..PROOFS {
        if proof == KILL {
            only.kill();
            assert!(acting.stop().iter().any(Result::is_err), "killed in the middle of acts");
            only = Running::start(people.directory(), &database.url());
            mirror.proved_before(&only);
            acting = Acting::start(&only, &people);
        }
        for _ in 0..=dice.below(3) {
            mirror.reads_on(&only, &mut dice);
        }
        mirror.proves(&only);
    }
    while !mirror.has_seen_everything() {
        mirror.reads_on(&only, &mut dice);
    }
    for ended in acting.stop() {
        ended.expect("it is killed only once");
    }
    mirror.ends_as_the_register(&[&only]);
    audited(people.directory(), &database.url());
}

/// The demo's municipalities and providers, those who act, and a running instance.
fn scene(url: &str) -> (Arc<People>, Running) {
    let store = Store::open(url, 2).unwrap();
    let catalogue = Catalogue::load().unwrap();
    assert!(demo::load(&store, &catalogue, &Context::system()).unwrap());
    drop(store);
    let directory = Directory::new();
    // The first start makes the key that the tokens are signed with.
    let running = Running::start(&directory, url);
    (People::prepare(directory, &running), running)
}

/// The audit of the register finds it equal, and then what was altered by hand.
fn audited(directory: &Directory, url: &str) {
    let audit = || {
        let output = run(godkjent(directory).args(["audit", "register", "--database-url", url]));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = audit();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("equal: ") && said.contains(" records at position "), "{said}");
    behind_its_back(url, "UPDATE approval SET zones = replace(zones, 'whole', 'north')");
    let (code, said) = audit();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("differs: /v1/approvals/") && said.contains(" at /zones/0"), "{said}");
}

fn sha256(bytes: &[u8]) -> String {
    let sum = digest(&SHA256, bytes);
    sum.as_ref().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// The file of all approvals at a position that is not before `least`: the manifest, and each
/// approval by its id with the position of its last change.
fn file(client: &Client, least: i64) -> (Value, BTreeMap<String, (i64, Value)>) {
    let headers = [("Min-Position", least.to_string()), ("Prefer", "wait=30".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let said = client.ask("GET", "/v1/snapshots/approvals.ndjson", &headers, None).unwrap();
    assert_eq!(said.status, 200, "{}", said.text);
    let (first, rest) = said.text.split_once('\n').unwrap();
    let manifest: Value = serde_json::from_str(first).unwrap();
    assert_eq!(manifest["sha256"], sha256(rest.as_bytes()));
    let approvals: BTreeMap<_, _> = rest.lines().map(approval).collect();
    assert_eq!(number(&manifest["count"]), i64::try_from(approvals.len()).unwrap());
    (manifest, approvals)
}

/// A line of the file.
fn approval(line: &str) -> (String, (i64, Value)) {
    let mut data: Value = serde_json::from_str(line).unwrap();
    let fields = data.as_object_mut().unwrap();
    let position = number(&fields.remove("position").unwrap());
    // The file joins what the feed tells of by itself.
    assert!(fields.remove("profile").is_some() && fields.remove("offering").is_some());
    (data["id"].as_str().unwrap().to_owned(), (position, data))
}

/// What somebody keeps who was given a file once and reads the change feed.
struct Mirror {
    position: i64,
    /// The latest of each approval, with the position of its last change.
    approvals: BTreeMap<String, (i64, Value)>,
    kinds: BTreeSet<String>,
    /// What it has proved: position, count and digest.
    proved: Vec<(i64, usize, String)>,
}

impl Mirror {
    /// Waits for a moment when people are at work, and takes the file from one of two instances.
    fn begin(one: &Running, other: &Running, dice: &mut Dice) -> Self {
        let now = one.client(None).get("/v1/changes?limit=1").unwrap().json();
        let begun = number(&now["highWater"]);
        let moment = begun + 5 + i64::try_from(dice.below(40)).unwrap();
        let side = if dice.one_in(2) { other } else { one };
        let (manifest, approvals) = file(&side.client(None), moment);
        let position = number(&manifest["position"]);
        assert!(position >= moment);
        let (kinds, proved) = (BTreeSet::new(), vec![]);
        let mirror = Self { position, approvals, kinds, proved };
        assert_eq!(manifest["digest"], mirror.digest());
        mirror
    }

    /// Reads a page of the feed from an instance, which may have to wait until it has come so far.
    fn reads_on(&mut self, from: &Running, dice: &mut Dice) {
        let (limit, after) = (1 + dice.below(25), self.position);
        let path = format!("/v1/changes?after={after}&limit={limit}");
        let least = after.to_string();
        let headers = [("Min-Position", least.as_str()), ("Prefer", "wait=30")];
        let said = from.client(None).ask("GET", &path, &headers, None).unwrap();
        assert_eq!(said.status, 200, "{}", said.text);
        for change in said.json()["items"].as_array().unwrap() {
            self.position += 1;
            assert_eq!(change["sequence"], self.position.to_string(), "a gap or a repeat");
            self.apply(change);
        }
    }

    fn apply(&mut self, change: &Value) {
        let kind = change["type"].as_str().unwrap();
        let kind = kind.trim_start_matches("no.godkjent.").trim_end_matches(".v1");
        self.kinds.insert(kind.to_owned());
        let subject = change["subject"].as_str().unwrap();
        let Some(id) = subject.strip_prefix("/v1/approvals/") else { return };
        if change["data"].is_null() {
            self.approvals.remove(id);
        } else {
            let latest = (self.position, change["data"].clone());
            self.approvals.insert(id.to_owned(), latest);
        }
    }

    fn digest(&self) -> String {
        let line = |(id, (position, _)): (&String, &(i64, _))| format!("{id} {position}\n");
        sha256(self.approvals.iter().map(line).collect::<String>().as_bytes())
    }

    /// The instance gives the same proof at the mirror's position.
    fn proves(&mut self, with: &Running) {
        let proof = (self.position, self.approvals.len(), self.digest());
        proved(with, &proof);
        if self.proved.last() != Some(&proof) {
            self.proved.push(proof);
        }
    }

    /// The instance gives all the proofs that were given before.
    fn proved_before(&self, with: &Running) {
        for proof in &self.proved {
            proved(with, proof);
        }
    }

    fn has_seen_everything(&self) -> bool {
        assert!(self.position < 20_000, "in vain: only {:?}", self.kinds);
        KINDS.iter().all(|kind| self.kinds.contains(*kind))
    }

    /// When nobody acts any more: it reads to the end, and has what a new file has, line by line.
    fn ends_as_the_register(&mut self, instances: &[&Running]) {
        assert_eq!(self.proved.len(), PROOFS, "each at a position of its own");
        let now = instances[0].client(None).get("/v1/changes?limit=1").unwrap().json();
        let last = number(&now["highWater"]);
        let mut dice = Dice::new(0);
        for instance in instances.iter().cycle() {
            if self.position >= last {
                break;
            }
            self.reads_on(instance, &mut dice);
        }
        for instance in instances {
            self.proves(instance);
            let (manifest, approvals) = file(&instance.client(None), self.position);
            assert_eq!(manifest["position"], self.position);
            assert_eq!(manifest["digest"], self.digest());
            assert_eq!(approvals, self.approvals);
        }
    }
}

/// The instance says the same of a position, when it has come so far.
fn proved(with: &Running, (position, count, digest): &(i64, usize, String)) {
    let path = format!("/v1/snapshots/approvals/digest?position={position}");
    let said = with.client(None).ask("GET", &path, &[("Prefer", "wait=30")], None).unwrap();
    assert_eq!(said.status, 200, "{}", said.text);
    let said = said.json();
    assert_eq!((number(&said["position"]), said["digest"].as_str()), (*position, Some(&**digest)));
    assert_eq!(said["count"], *count);
}
