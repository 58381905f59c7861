//! A registry with some history, and a check that a request changed nothing.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, PROVIDER, Person, World, bpa_content};

/// Ids and paths of existing resources.
pub struct Scene {
    pub world: World,
    /// The path of the offering.
    pub offering: String,
    pub offering_id: String,
    /// The path of the application, which is a draft at first.
    pub application: String,
}

/// Indicators of a change.
#[derive(Debug, PartialEq)]
pub struct Seen {
    journal: usize,
    etags: Vec<String>,
}

pub fn settings() -> Value {
    json!({
        "contact": {"name": "Innkjøp", "email": "brukervalg@example.no"},
        "decidingBody": "Kommunedirektøren", "delegation": "Punkt 4",
        "appealBody": "Klageutvalget", "fourEyes": true
    })
}

pub fn profile() -> Value {
    json!({
        "name": "Eksempel Assistanse AS", "kind": "commercial",
        "notificationAddress": "post@example.no",
        "presentation": {"nb": "Faste assistenter."}, "languages": ["nb"]
    })
}

impl Scene {
    /// A published offering, a registered provider, and its draft of an application.
    pub async fn new(world: World) -> Self {
        let editor = world.editor();
        editor.create("/v1/municipalities/4204", settings()).await.expect(200);
        let body = json!({"service": "personal-assistance", "content": bpa_content()});
        let draft = editor.post("/v1/offerings", body).await.expect(201);
        let offering_id = draft.json()["id"].as_str().unwrap().to_owned();
        let offering = format!("/v1/offerings/{offering_id}");
        let publication = format!("{offering}/publication");
        editor.act(Method::POST, &publication, &draft.etag(), None).await.expect(201);
        let provider = world.provider();
        let me = format!("/v1/providers/{PROVIDER}");
        provider.create(&me, profile()).await.expect(200);
        let body = json!({"offeringId": offering_id});
        let answer = provider.post("/v1/applications", body).await.expect(201);
        let application = answer.header("location");
        Self { world, offering, offering_id, application }
    }

    /// The paths of the offering's draft and of the application's commands.
    pub fn draft(&self) -> String {
        format!("{}/draft", self.offering)
    }

    pub fn at(&self, sub: &str) -> String {
        format!("{}/{sub}", self.application)
    }

    pub async fn draft_etag(&self) -> String {
        self.world.editor().get(&self.draft()).await.expect(200).etag()
    }

    pub async fn etag(&self) -> String {
        self.world.provider().get(&self.application).await.expect(200).etag()
    }

    /// Sends a command at the application's present revision.
    pub async fn act(
        &self,
        who: &Person,
        method: Method,
        sub: &str,
        body: Option<Value>,
    ) -> Answer {
        let path = if sub.is_empty() { self.application.clone() } else { self.at(sub) };
        who.act(method, &path, &self.etag().await, body).await
    }

    /// Everything that the application needs, then its submission.
    pub async fn submit(&self) {
        let me = self.world.provider();
        let patch = json!({
            "contact": {"name": "Ola Eksempel", "email": "ola@example.no"}, "zones": ["whole"]
        });
        self.act(&me, Method::PATCH, "", Some(patch)).await.expect(200);
        for code in CRITERIA {
            let answer = Some(json!({"declaredMet": true}));
            self.act(&me, Method::PUT, &format!("answers/{code}"), answer).await.expect(200);
        }
        let evidence = [
            ("tax-certificate", "tax-certificate"),
            ("police-certificate-routine", "police-certificate"),
            ("contingency-plan", "contingency-plan"),
        ];
        for (criterion, kind) in evidence {
            let body = json!({
                "criterion": criterion, "kind": kind, "title": "Bevis", "issuedOn": "2026-02-20"
            });
            self.act(&me, Method::POST, "evidence", Some(body)).await.expect(200);
        }
        self.act(&me, Method::POST, "submission", None).await.expect(200);
    }

    /// The case worker is impartial and begins.
    pub async fn start(&self) {
        let worker = self.world.case_worker();
        let yes = Some(json!({"impartial": true}));
        self.act(&worker, Method::POST, "impartiality", yes).await.expect(200);
        self.act(&worker, Method::POST, "assessment-start", None).await.expect(200);
    }

    /// The case worker closes every line, the first with the given outcome.
    pub async fn assess(&self, first: &str) {
        let worker = self.world.case_worker();
        for (i, code) in CRITERIA.iter().enumerate() {
            let outcome = if i == 0 { first } else { "met" };
            let body = Some(json!({"outcome": outcome, "note": "Sett."}));
            self.act(&worker, Method::PUT, &format!("assessments/{code}"), body).await.expect(200);
        }
    }

    /// The decision maker is impartial and approves; the answer is the approval's path.
    pub async fn approve(&self) -> String {
        let maker = self.world.decision_maker();
        let yes = Some(json!({"impartial": true}));
        self.act(&maker, Method::POST, "impartiality", yes).await.expect(200);
        let reasons = json!({"rules": "R.", "facts": "F.", "considerations": "C."});
        let body = Some(json!({"outcome": "approve", "reasons": reasons}));
        let decision = self.act(&maker, Method::POST, "decision", body).await.expect(201).json();
        format!("/v1/approvals/{}", decision["approvalId"].as_str().unwrap())
    }

    /// The length of the journal and the entity tags of existing resources.
    pub async fn look(&self) -> Seen {
        let (mut journal, mut next) = (0, Some("/v1/audit?limit=200".to_owned()));
        while let Some(path) = next {
            let page = self.world.auditor().get(&path).await.expect(200).json();
            journal += page["items"].as_array().unwrap().len();
            next = page["page"]["next"].as_str().map(str::to_owned);
        }
        let anyone = self.world.anyone();
        let open =
            ["/v1/municipalities/4204", &format!("/v1/providers/{PROVIDER}"), &self.offering];
        let mut etags = vec![self.etag().await, self.draft_etag().await];
        for path in open {
            etags.push(anyone.get(path).await.expect(200).etag());
        }
        Seen { journal, etags }
    }
}

/// The criteria of the offering.
pub const CRITERIA: [&str; 4] =
    ["tax-certificate", "police-certificate-routine", "contingency-plan", "environment"];
