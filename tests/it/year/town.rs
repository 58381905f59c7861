//! The country of the simulated year: its people, and their requests.

use std::cell::Cell;

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::world::{
    Answer, Person, World, bpa_content,
    people::{SERVICE, profile, settings, synthetic_number},
};

/// The criteria that the offerings of this country have: enough to fail one, few enough for a year.
pub const CRITERIA: [&str; 2] = ["tax-certificate", "contingency-plan"];

/// The content of an offering with these criteria.
fn content() -> Value {
    let mut content = bpa_content();
    let criteria = content["criteria"].as_array_mut().unwrap();
    criteria.retain(|criterion| CRITERIA.iter().any(|code| criterion["code"] == *code));
    content
}

/// A resource by its path, at the last seen revision; empty if unknown.
#[derive(Debug, Clone, Default)]
pub struct Thing {
    pub path: String,
    pub etag: String,
}

impl Thing {
    /// A created resource. Its notice gives it another revision, so it is read before the next command.
    pub fn of_answer(answer: &Answer) -> Self {
        Self { path: answer.header("location"), etag: String::new() }
    }
}

/// The people of a municipality.
pub struct Town {
    pub number: String,
    pub editor: Person,
    pub case_worker: Person,
    pub decision_maker: Person,
    /// Signs decisions that the first decision maker may not: outcomes of appeals against them.
    pub second: Person,
    pub offering: String,
}

/// Everyone, and how much they have done.
pub struct Country {
    pub towns: Vec<Town>,
    pub providers: Vec<Person>,
    /// Requests that changed something.
    pub acts: Cell<usize>,
    /// Requests that only read.
    pub reads: Cell<usize>,
    /// The municipality of the case that is handled.
    pub now_in: Cell<usize>,
}

impl Country {
    /// Sets up municipalities with a published offering each, and registers providers.
    pub async fn new(world: &World, towns: usize, providers: usize) -> Self {
        let (acts, reads, now_in) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let mut country = Self { towns: vec![], providers: vec![], acts, reads, now_in };
        let listed = world.anyone().get("/v1/municipalities?limit=200").await.expect(200).json();
        for municipality in listed["items"].as_array().unwrap().iter().take(towns) {
            let town = country.settle(world, municipality).await;
            country.towns.push(town);
        }
        for count in 0..providers {
            let number = synthetic_number(count);
            let provider = world.person(&format!("Pål {count}"), Role::Provider, &number);
            let profile = profile(&format!("Leverandør {count} AS"));
            provider.registers(&number, profile).await.expect(200);
            country.did();
            country.providers.push(provider);
        }
        country
    }

    async fn settle(&self, world: &World, municipality: &Value) -> Town {
        let number = municipality["number"].as_str().unwrap();
        let organisation = municipality["organisationNumber"].as_str().unwrap();
        let person =
            |name: &str, role| world.person(&format!("{name} {number}"), role, organisation);
        let editor = person("Eva", Role::Editor);
        editor.create(&format!("/v1/municipalities/{number}"), settings()).await.expect(200);
        let body = json!({"service": SERVICE, "content": content()});
        let drafted = editor.post("/v1/offerings", body).await.expect(201);
        let offering = drafted.json()["id"].as_str().unwrap().to_owned();
        let publication = format!("/v1/offerings/{offering}/publication");
        editor.act(Method::POST, &publication, &drafted.etag(), None).await.expect(201);
        self.acts.update(|acts| acts + 3);
        Town {
            number: number.to_owned(),
            case_worker: person("Kari", Role::CaseWorker),
            decision_maker: person("Dag", Role::DecisionMaker),
            second: person("Siv", Role::DecisionMaker),
            editor,
            offering,
        }
    }

    /// Counts a command.
    fn did(&self) {
        self.acts.update(|acts| acts + 1);
    }

    /// Creates an independent resource.
    pub async fn starts(&self, who: &Person, path: &str, body: Value) -> Thing {
        self.did();
        Thing::of_answer(&who.post(path, body).await.expect(201))
    }

    /// Sends a command on a resource; returns the answer or the created resource.
    pub async fn posts(
        &self,
        who: &Person,
        on: &mut Thing,
        act: &str,
        body: Option<Value>,
    ) -> Answer {
        self.acts_on(who, on, Method::POST, act, body).await
    }

    /// Sends a command at the present revision.
    pub async fn acts_on(
        &self,
        who: &Person,
        on: &mut Thing,
        method: Method,
        act: &str,
        body: Option<Value>,
    ) -> Answer {
        if let Some(tag) = self.tag(who, &on.path).await {
            on.etag = tag;
        }
        let path = if act.is_empty() { on.path.clone() } else { format!("{}/{act}", on.path) };
        let answer = who.act(method, &path, &on.etag, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        self.did();
        answer
    }

    /// The present revision of a case, as the case worker sees it; a draft is the provider's alone. No message is opened. None of
    /// an offering, and of what is not public yet.
    async fn tag(&self, who: &Person, path: &str) -> Option<String> {
        if path.starts_with("/v1/offerings/") {
            return None;
        }
        self.reads.update(|reads| reads + 1);
        let seen = self.towns[self.now_in.get()].case_worker.get(path).await;
        let seen = if seen.status.is_success() { seen } else { who.get(path).await };
        seen.status.is_success().then(|| seen.etag())
    }

    /// Reads, which leaves no trace.
    pub async fn reads(&self, who: &Person, path: &str) -> Answer {
        self.reads.update(|reads| reads + 1);
        who.get(path).await.expect(200)
    }

    /// The party reads its message for the first time; that is recorded, and so counts.
    pub async fn opens(&self, who: &Person, what: &mut Thing) {
        self.did();
        what.etag = who.get(&what.path).await.expect(200).etag();
    }
}
