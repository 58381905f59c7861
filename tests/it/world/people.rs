//! Verbs of the domain: commands of people in the registry, one line each, and stages of a case before a test.

use actix_web::{http::Method, rt};
use futures_util::future;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use super::{
    Answer, KRISTIANSAND, OTHER_PROVIDER, PROVIDER, Person, Request, World, answer as answer_of,
    bpa_content, serve, town::Town,
};

/// The service that the tests choose, in Kristiansand.
pub const SERVICE: &str = "personal-assistance";
/// Its portal page.
pub const PAGE: &str = "/v1/register/4204/personal-assistance";
/// Its criteria: mandatory but for the last.
pub const CRITERIA: [&str; 4] =
    ["tax-certificate", "police-certificate-routine", "contingency-plan", "environment"];
/// The required evidence, by criterion.
pub const EVIDENCE: [(&str, &str); 3] = [
    ("tax-certificate", "tax-certificate"),
    ("police-certificate-routine", "police-certificate"),
    ("contingency-plan", "contingency-plan"),
];

/// Ids of a case; those not reached yet are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    pub offering: String,
    pub application: String,
    pub approval: String,
    pub notice: String,
}

/// Outcome of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assessed {
    AllMet,
    /// The mandatory contingency plan is missing.
    OneFailing,
}

/// Settings of Kristiansand.
pub fn settings() -> Value {
    json!({
        "contact": {"name": "Innkjøp helse og mestring", "email": "brukervalg@example.no"},
        "decidingBody": "Kommunedirektøren",
        "delegation": "Delegasjonsreglementet punkt 4",
        "appealBody": "Kristiansand kommunes klageutvalg"
    })
}

/// Profile of a commercial provider of that name.
pub fn profile(name: &str) -> Value {
    json!({
        "name": name, "kind": "commercial", "notificationAddress": "post@example.no",
        "presentation": {"nb": "Vi har faste assistenter."}, "languages": ["nb", "en"]
    })
}

/// Evidence of a kind for a criterion, issued in February 2026.
pub fn evidence(criterion: &str, kind: &str) -> Value {
    json!({"criterion": criterion, "kind": kind, "title": "Vedlegg", "issuedOn": "2026-02-20"})
}

/// Rules, facts and considerations.
pub fn reasons() -> Value {
    json!({
        "rules": "Helse- og omsorgstjenesteloven § 3-1 siste ledd; kunngjorte vilkår.",
        "facts": "Forholdet er påpekt skriftlig 2. mars.",
        "considerations": "Vilkårene gjelder likt for alle leverandører."
    })
}

/// A refusal of an applicant without a contingency plan.
pub fn refusal() -> Value {
    json!({
        "outcome": "refuse", "reasons": reasons(),
        "grounds": [{"ground": "criteria-not-met", "facts": "Beredskapsplan mangler."}]
    })
}

/// A prior notice on this ground, to be answered by 7 April 2026.
pub fn warning(ground: &str) -> Value {
    json!({"grounds": [{"ground": ground, "facts": "Tre avvik."}], "replyBy": "2026-04-07"})
}

/// A revocation on this ground, at once.
pub fn revocation(notice: &str, ground: &str) -> Value {
    json!({
        "priorNoticeId": notice, "reasons": reasons(),
        "grounds": [{"ground": ground, "facts": "Tre avvik, ikke rettet."}],
        "windingDown": {"until": "2026-07-31", "takenOverBy": "Kommunens egen tjeneste"}
    })
}

/// A synthetic organisation number.
pub fn synthetic_number(count: usize) -> String {
    let weights = [3, 2, 7, 6, 5, 4, 3, 2];
    let check = |stem: u32| {
        let digits = (0..8).rev().map(|place| stem / 10_u32.pow(place) % 10);
        (11 - digits.zip(weights).map(|(d, w)| d * w).sum::<u32>() % 11) % 11
    };
    let mut stems = (31_300_100..).filter(|stem| check(*stem) < 10);
    let stem = stems.nth(count).unwrap();
    format!("{stem}{}", check(stem))
}

impl Person {
    /// Sends a command at the present revision, as read at `seen`.
    async fn acts(&self, seen: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let etag = self.get(seen).await.expect(200).etag();
        self.act(method, path, &etag, body).await
    }

    async fn posts(&self, application: &str, act: &str, body: Option<Value>) -> Answer {
        let path = format!("/v1/applications/{application}");
        self.acts(&path, Method::POST, &format!("{path}/{act}"), body).await
    }

    // An editor …

    pub async fn sets_up(&self, municipality: &str) -> Answer {
        self.create(&format!("/v1/municipalities/{municipality}"), settings()).await
    }

    /// Starts an offering; gives its id.
    pub async fn drafts(&self, service: &str, content: Value) -> String {
        let body = json!({"service": service, "content": content});
        id(&self.post("/v1/offerings", body).await.expect(201))
    }

    pub async fn changes(&self, offering: &str, patch: Value) -> Answer {
        let draft = format!("/v1/offerings/{offering}/draft");
        self.acts(&draft, Method::PATCH, &draft, Some(patch)).await
    }

    pub async fn publishes(&self, offering: &str) -> Answer {
        let draft = format!("/v1/offerings/{offering}/draft");
        let path = format!("/v1/offerings/{offering}/publication");
        self.acts(&draft, Method::POST, &path, None).await
    }

    // A provider …

    pub async fn registers(&self, number: &str, profile: Value) -> Answer {
        self.create(&format!("/v1/providers/{number}"), profile).await
    }

    /// Starts an application; gives its id.
    pub async fn drafts_application(&self, offering: &str) -> String {
        id(&self.post("/v1/applications", json!({"offeringId": offering})).await.expect(201))
    }

    pub async fn patches_application(&self, application: &str, patch: Value) -> Answer {
        let path = format!("/v1/applications/{application}");
        self.acts(&path, Method::PATCH, &path, Some(patch)).await
    }

    /// Supplies all requested items.
    pub async fn completes(&self, application: &str) {
        let contact = json!({"name": "Ola Eksempel", "email": "ola@example.no"});
        let patch = json!({"contact": contact, "zones": ["whole"]});
        self.patches_application(application, patch).await.expect(200);
        for criterion in CRITERIA {
            let path = format!("/v1/applications/{application}");
            let answer = format!("{path}/answers/{criterion}");
            let body = Some(json!({"declaredMet": true}));
            self.acts(&path, Method::PUT, &answer, body).await.expect(200);
        }
        for (criterion, kind) in EVIDENCE {
            let body = Some(evidence(criterion, kind));
            self.posts(application, "evidence", body).await.expect(200);
        }
    }

    pub async fn submits(&self, application: &str) -> Answer {
        self.posts(application, "submission", None).await
    }

    pub async fn withdraws(&self, application: &str) -> Answer {
        self.posts(application, "withdrawal", None).await
    }

    /// Replies, with nothing to add.
    pub async fn replies(&self, notice: &str) -> Answer {
        let path = format!("/v1/prior-notices/{notice}");
        let body = Some(json!({"text": "Avvikene er rettet, se vedlagt plan.", "final": true}));
        self.acts(&path, Method::POST, &format!("{path}/reply"), body).await
    }

    // A case worker …

    pub async fn declares_impartiality(&self, application: &str) -> Answer {
        self.posts(application, "impartiality", Some(json!({"impartial": true}))).await
    }

    /// … also after the approval.
    pub async fn declares_impartiality_after(&self, approval: &str) -> Answer {
        let case = format!("/v1/approvals/{approval}/case");
        let path = format!("/v1/approvals/{approval}/impartiality");
        self.acts(&case, Method::POST, &path, Some(json!({"impartial": true}))).await
    }

    pub async fn starts_assessment(&self, application: &str) -> Answer {
        self.posts(application, "assessment-start", None).await
    }

    pub async fn assesses(&self, application: &str, criterion: &str, outcome: &str) -> Answer {
        let path = format!("/v1/applications/{application}");
        let line = format!("{path}/assessments/{criterion}");
        let body = json!({"outcome": outcome, "note": "Vedlegget er sett."});
        self.acts(&path, Method::PUT, &line, Some(body)).await
    }

    pub async fn warns(&self, approval: &str, ground: &str) -> Answer {
        let case = format!("/v1/approvals/{approval}/case");
        let path = format!("/v1/approvals/{approval}/prior-notices");
        self.acts(&case, Method::POST, &path, Some(warning(ground))).await
    }

    // A decision maker …

    pub async fn decides(&self, application: &str, body: Value) -> Answer {
        self.posts(application, "decision", Some(body)).await
    }

    pub async fn records_contract(&self, approval: &str, from: &str, to: Option<&str>) -> Answer {
        let case = format!("/v1/approvals/{approval}/case");
        let path = format!("/v1/approvals/{approval}/contract");
        let mut body = json!({"number": "2026/118", "signedOn": "2026-03-12", "from": from});
        if let Some(to) = to {
            body["to"] = to.into();
        }
        self.acts(&case, Method::POST, &path, Some(body)).await
    }

    pub async fn revokes(&self, approval: &str, body: Value) -> Answer {
        let case = format!("/v1/approvals/{approval}/case");
        let path = format!("/v1/approvals/{approval}/revocation");
        self.acts(&case, Method::POST, &path, Some(body)).await
    }

    // An auditor …

    /// The whole journal, read page by page.
    pub async fn audits(&self) -> Vec<Value> {
        self.pages("/v1/audit?limit=20").await
    }

    /// The journal without what the sending of notices adds.
    pub async fn audits_without_notices(&self) -> Vec<Value> {
        let is_of_notices = |row: &Value| {
            let event = row["event"].as_str().unwrap();
            ["notice.", "message.", "provider.address-"].iter().any(|it| event.starts_with(it))
        };
        self.audits().await.into_iter().filter(|row| !is_of_notices(row)).collect()
    }

    /// Every item of a list, page by page.
    pub async fn pages(&self, first: &str) -> Vec<Value> {
        let (mut items, mut next) = (vec![], Some(first.to_owned()));
        while let Some(path) = next {
            let page = self.get(&path).await.expect(200).json();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            next = page["page"]["next"].as_str().map(str::to_owned);
            assert_eq!(page["page"]["hasMore"], next.is_some());
        }
        items
    }
}

/// The possible actions of a view.
pub fn possible(view: &Value) -> Vec<String> {
    let actions = view["actions"].as_array().unwrap();
    let possible = actions.iter().filter(|action| action["possible"] == true);
    possible.map(|action| action["act"].as_str().unwrap().to_owned()).collect()
}

/// The id of the created resource.
pub fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Sends two requests while the lock that every command needs is held from outside. Gives the answer of the one that does
/// not wait for it, and then that of the other.
pub async fn answered_while_the_other_runs([one, two]: [Request; 2]) -> [Answer; 2] {
    let (let_go, holder) = crate::overload::hold_request(one.world.database_url());
    let mut ready = vec![];
    for Request { world, inner, .. } in [one, two] {
        ready.push((serve(world.components.clone()).await, inner));
    }
    let send = |(app, request)| rt::spawn(async move { answer_of(&app, request).await });
    let [one, two] = [ready.remove(0), ready.remove(0)].map(send);
    let (first, other) = future::select(one, two).await.factor_first();
    let_go.send(()).unwrap();
    let answers = [first.unwrap(), other.await.unwrap()];
    holder.join().unwrap();
    answers
}

/// Sends requests that are all ready before the first one is sent; each through a separate service.
pub async fn at_once(requests: Vec<Request>) -> Vec<Answer> {
    let mut ready = vec![];
    for Request { world, inner, .. } in requests {
        ready.push((serve(world.components.clone()).await, inner));
    }
    let send = |(app, request)| rt::spawn(async move { answer_of(&app, request).await });
    let sent: Vec<_> = ready.into_iter().map(send).collect();
    let mut answers = vec![];
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

impl World {
    /// A provider of the synthetic series.
    pub fn provider_with_number(&self, count: usize) -> Person {
        self.person("Pål Provider", Role::Provider, &synthetic_number(count))
    }

    /// Kristiansand is set up and its offering of personal assistance published.
    pub async fn published_offering(&self) -> String {
        let requests = Box::pin(async {
            self.editor().sets_up("4204").await.expect(200);
            let offering = self.town(KRISTIANSAND).publish(SERVICE, bpa_content()).await;
            Case { offering, ..Case::default() }
        });
        self.scene("published", requests).await.offering
    }

    /// The two first providers have put their profiles.
    pub async fn registered_providers(&self) {
        let (one, other) = (profile("Eksempel Assistanse AS"), profile("Annen Omsorg AS"));
        self.provider().registers(PROVIDER, one).await.expect(200);
        self.other_provider().registers(OTHER_PROVIDER, other).await.expect(200);
    }

    /// A provider has a draft for the published offering.
    pub async fn drafted_application(&self) -> Case {
        let requests = Box::pin(async {
            let offering = self.published_offering().await;
            self.registered_providers().await;
            let application = self.provider().drafts_application(&offering).await;
            Case { offering, application, ..Case::default() }
        });
        self.scene("drafted", requests).await
    }

    pub async fn submitted_application(&self) -> Case {
        let requests = Box::pin(async {
            let case = self.drafted_application().await;
            self.provider().completes(&case.application).await;
            self.provider().submits(&case.application).await.expect(200);
            case
        });
        self.scene("submitted", requests).await
    }

    pub async fn assessed_application(&self, assessed: Assessed) -> Case {
        let requests = Box::pin(async {
            let case = self.submitted_application().await;
            self.assess(&case.application, assessed).await;
            case
        });
        let name = match assessed {
            Assessed::AllMet => "assessed",
            Assessed::OneFailing => "assessed, one failing",
        };
        self.scene(name, requests).await
    }

    pub async fn grant_approval(&self) -> Case {
        let requests = Box::pin(async {
            let case = self.assessed_application(Assessed::AllMet).await;
            let approval = self.approve(&case.application).await;
            Case { approval, ..case }
        });
        self.scene("approved", requests).await
    }

    /// Under contract from 12 March 2026.
    pub async fn create_contract(&self) -> Case {
        let requests = Box::pin(async {
            let case = self.grant_approval().await;
            let dag = self.decision_maker();
            dag.records_contract(&case.approval, "2026-03-12", None).await.expect(200);
            for who in [&dag, &self.case_worker()] {
                who.declares_impartiality_after(&case.approval).await.expect(200);
            }
            case
        });
        self.scene("contracted", requests).await
    }

    /// Warned of a breach of the terms, to reply by 7 April 2026.
    pub async fn send_notice(&self) -> Case {
        let requests = Box::pin(async {
            let case = self.create_contract().await;
            let notice = id(&self.case_worker().warns(&case.approval, "terms-breach").await);
            Case { notice, ..case }
        });
        self.scene("noticed", requests).await
    }

    /// Kristiansand's people assess a submitted application.
    pub async fn assess(&self, application: &str, assessed: Assessed) {
        self.town(KRISTIANSAND).assess(application, assessed).await;
    }

    /// Kristiansand's people approve an assessed application; returns the approval's id.
    pub async fn approve(&self, application: &str) -> String {
        self.town(KRISTIANSAND).approve(application).await
    }

    /// The people of a municipality.
    pub fn town(&self, organisation: &str) -> Town {
        Town {
            editor: self.person("Eva Editor", Role::Editor, organisation),
            case_worker: self.person("Kari Case", Role::CaseWorker, organisation),
            decision_maker: self.person("Dag Decision", Role::DecisionMaker, organisation),
        }
    }
}
