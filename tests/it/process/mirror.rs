//! A mirror of the register: a file of it at some moment, and the change feed from there. It proves at
//! every position that it is complete, although instances are killed and started again meanwhile.

mod acts;

use std::{collections::BTreeSet, sync::Arc};

use godkjent::{
    catalogue::Catalogue, context::Context, demo, jobs::NoticeSender, mail::Mailer, store::Store,
};
use serde_json::Value;

use super::program::{Client, Directory, Running, godkjent, run};
use crate::{
    bench::register::dice::Dice, mirror::Mirror, rebuild::behind_its_back,
    world::database::TestDatabase,
};
use acts::{Acting, People};

/// At how many positions the mirror proves that it is complete.
const PROOFS: usize = 10;
/// After which of them an instance is killed.
const KILL: usize = 3;
/// After which of them the second instance is started again.
const START: usize = 6;
/// Events that the feed must have contained at the end.
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
    let (people, one) = scene(Directory::new(), &database.url());
    let start = || Running::start(people.directory(), &database.url());
    let (mut other, mut dice) = (Some(start()), Dice::new(4));
    let acting = Acting::start(&one, &people);
    let mut mirror = Follower::begin(&one, other.as_ref().unwrap(), &mut dice);
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
    audit_mirror(people.directory(), &database.url());
}

#[test]
fn on_sqlite_a_mirror_outlives_a_kill() {
    let directory = Directory::new();
    let url = directory.sqlite();
    let (people, mut only) = scene(directory, &url);
    let (mut acting, mut dice) = (Acting::start(&only, &people), Dice::new(5));
    let mut mirror = Follower::begin(&only, &only, &mut dice);
    for proof in 0..PROOFS {
        if proof == KILL {
            only.kill();
            assert!(acting.stop().iter().any(Result::is_err), "killed in the middle of acts");
            only = Running::start(people.directory(), &url);
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
    audit_mirror(people.directory(), &url);
}

/// The demo's municipalities and providers, their people, and a running instance.
fn scene(directory: Directory, url: &str) -> (Arc<People>, Running) {
    let store = Store::open(url, 2).unwrap();
    let catalogue = Arc::new(Catalogue::load().unwrap());
    let notices = NoticeSender {
        mailer: Some(Mailer::folder(directory.file("mail"), None)),
        public_url: url.to_owned(),
    };
    assert!(demo::load(&store, &catalogue, &Context::system(), &notices).unwrap());
    drop(store);
    // The first start makes the key that the tokens are signed with.
    let running = Running::start(&directory, url);
    (People::prepare(directory, &running), running)
}

/// The audit of the register finds it equal, and later the manual alterations.
fn audit_mirror(directory: &Directory, url: &str) {
    let audit = || {
        let output = run(godkjent(directory).args(["audit", "register", "--database-url", url]));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, message) = audit();
    assert_eq!(code, Some(0), "{message}");
    assert!(
        message.starts_with("equal: ") && message.contains(" records at position "),
        "{message}"
    );
    behind_its_back(url, "UPDATE approval SET zones = replace(zones, 'whole', 'north')");
    let (code, message) = audit();
    assert_eq!(code, Some(1), "{message}");
    assert!(
        message.starts_with("differs: /v1/approvals/") && message.contains(" at /zones/0"),
        "{message}"
    );
}

/// A file of the register at a position that is not before `least`.
fn file(client: &Client, least: i64) -> Mirror {
    let headers = [("Min-Position", least.to_string()), ("Prefer", "wait=30".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = client.ask("GET", "/v1/snapshots/register.ndjson", &headers, None).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    Mirror::of(&answer.text)
}

/// A mirror that follows running instances.
struct Follower {
    mirror: Mirror,
    kinds: BTreeSet<String>,
    /// The digests that it has compared.
    proved: Vec<Value>,
}

impl Follower {
    /// Waits for a moment when people are at work, and takes the file from one of two instances.
    fn begin(one: &Running, other: &Running, dice: &mut Dice) -> Self {
        let now = one.client(None).get("/v1/changes?limit=1").unwrap().json();
        let begun = now["highWater"].as_i64().unwrap();
        let moment = begun + 5 + i64::try_from(dice.below(40)).unwrap();
        let side = if dice.one_in(2) { other } else { one };
        let mirror = file(&side.client(None), moment);
        assert!(mirror.position() >= moment);
        Self { mirror, kinds: BTreeSet::new(), proved: vec![] }
    }

    /// Reads a page of the feed from an instance, waiting until it reaches the position.
    fn reads_on(&mut self, from: &Running, dice: &mut Dice) {
        let (limit, after) = (1 + dice.below(25), self.mirror.position());
        let path = format!("/v1/changes?after={after}&limit={limit}");
        let least = after.to_string();
        let headers = [("Min-Position", least.as_str()), ("Prefer", "wait=30")];
        let answer = from.client(None).ask("GET", &path, &headers, None).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        for change in answer.json()["items"].as_array().unwrap() {
            let kind = change["type"].as_str().unwrap();
            let kind = kind.trim_start_matches("no.godkjent.").trim_end_matches(".v1");
            self.kinds.insert(kind.to_owned());
            self.mirror.apply(change);
        }
    }

    /// The instance gives the same digest at the mirror's position.
    fn proves(&mut self, with: &Running) {
        let proof = self.mirror.digest();
        check_proof(with, &proof);
        if self.proved.last() != Some(&proof) {
            self.proved.push(proof);
        }
    }

    /// The instance returns all earlier digests.
    fn proved_before(&self, with: &Running) {
        for proof in &self.proved {
            check_proof(with, proof);
        }
    }

    fn has_seen_everything(&self) -> bool {
        assert!(self.mirror.position() < 20_000, "in vain: only {:?}", self.kinds);
        KINDS.iter().all(|kind| self.kinds.contains(*kind))
    }

    /// At the end: it reads the rest, equals a new file line by line, and builds every register page byte by
    /// byte.
    fn ends_as_the_register(&mut self, instances: &[&Running]) {
        assert_eq!(self.proved.len(), PROOFS, "each at a position of its own");
        let now = instances[0].client(None).get("/v1/changes?limit=1").unwrap().json();
        let last = now["highWater"].as_i64().unwrap();
        let mut dice = Dice::new(0);
        for instance in instances.iter().cycle() {
            if self.mirror.position() >= last {
                break;
            }
            self.reads_on(instance, &mut dice);
        }
        let pages = self.mirror.pages(Context::system().now());
        assert!(pages.len() > 2, "{:?}", pages.keys());
        for instance in instances {
            self.proves(instance);
            let client = instance.client(None);
            let new = file(&client, self.mirror.position());
            assert_eq!(new.position(), self.mirror.position());
            assert_eq!(new.things(), self.mirror.things());
            for (path, page) in &pages {
                assert_eq!(client.get(path).unwrap().text, *page, "{path}");
            }
        }
    }
}

/// The instance returns this digest at this position.
fn check_proof(with: &Running, proof: &Value) {
    let path = format!("/v1/snapshots/digest?position={}", proof["position"]);
    let answer = with.client(None).ask("GET", &path, &[("Prefer", "wait=30")], None).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json(), *proof);
}
