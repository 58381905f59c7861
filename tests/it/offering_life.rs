//! The life of an offering: versions and their differences, closing to new providers, the end.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    appeals::{in_favour, lodge},
    decisions::refuse_application,
    on_both_databases,
    world::{
        Answer, KRISTIANSAND, World, bpa_content,
        guarded::Act,
        people::{Assessed, PAGE, SERVICE},
        town::Town,
    },
};

on_both_databases!(
    two_versions_of_the_requirements_while_an_application_is_open,
    a_publication_says_what_it_changes_and_what_it_touches,
    an_offering_ends_with_its_last_day_and_stays_as_history,
    a_concession_closes_to_new_providers_and_ends_later,
    what_is_approved_after_the_end_was_announced_ends_with_it,
    what_an_appeal_gives_after_the_end_was_announced_ends_with_it,
    an_offering_that_has_ended_can_have_a_successor;
    sqlite_alone:
    a_closure_names_all_its_faults_at_once
);

/// One criterion changed, and the optional one removed.
fn stricter(criteria: &Value) -> Value {
    let mut criteria = criteria.clone();
    criteria[2]["text"]["nb"] = json!("Beredskap, bakvakt og en øvelse hvert år.");
    criteria.as_array_mut().unwrap().pop();
    json!({"criteria": criteria})
}

async fn two_versions_of_the_requirements_while_an_application_is_open(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let path = format!("/v1/applications/{}", case.application);
    let editor = world.editor();
    editor.changes(&case.offering, stricter(&bpa_content()["criteria"])).await.expect(200);
    let published = editor.publishes(&case.offering).await.expect(201).json();
    assert_eq!(published["touched"]["applications"], json!([case.application]));

    // Nothing in the case changes by itself.
    let provider = world.provider();
    let before = provider.get(&path).await.json();
    assert_eq!(
        (&before["state"], &before["case"]["receipt"]["version"]),
        (&json!("ready"), &json!(1))
    );
    let ask = async |version: i32| {
        let etag = provider.get(&path).await.etag();
        let body = json!({"version": version});
        provider.act(Method::POST, &format!("{path}/version"), &etag, Some(body)).await
    };
    for version in [0, 1, 3] {
        assert_eq!(ask(version).await.expect(422).pointers(), ["/version"], "{version}");
    }
    let etag = provider.get(&path).await.etag();
    let act = Act::post(format!("{path}/version")).at(&etag).with(json!({"version": 2}));
    let moved = world.only(&provider, Role::Provider, act).await.expect(200).json();
    assert_eq!(moved["state"], "under-assessment");
    assert_eq!(moved["case"]["newerVersion"], 2);
    assert_eq!(moved["case"]["receipt"], before["case"]["receipt"]);
    let lines = moved["case"]["lines"].as_object().unwrap();
    let closed: Vec<_> = lines.keys().map(String::as_str).collect();
    assert_eq!(closed, ["police-certificate-routine", "tax-certificate"]);
    assert_eq!(ask(1).await.expect(422).pointers(), ["/version"], "and never back");

    let worker = world.case_worker();
    let ready = worker.assesses(&case.application, "contingency-plan", "met").await.expect(200);
    assert_eq!(ready.json()["state"], "ready");
    let approval = world.approve(&case.application).await;
    let seen = provider.get(&format!("/v1/approvals/{approval}/case")).await.json();
    assert_eq!(seen["version"], 2);
    let decided = ask(2).await.problem(409, "illegal-transition");
    assert_eq!(decided["currentState"], "approved");
}

async fn a_publication_says_what_it_changes_and_what_it_touches(world: World) {
    let case = world.create_contract().await;
    let editor = world.editor();
    let draft = format!("/v1/offerings/{}/draft", case.offering);
    assert_eq!(editor.get(&draft).await.json()["changes"], json!([]));
    let mut patch = stricter(&bpa_content()["criteria"]);
    patch["citizen"] = json!({"switchNotice": {"amount": 3, "unit": "weeks"}});
    patch["process"] = json!({"maxProviders": null});
    let changed = editor.changes(&case.offering, patch).await.expect(200).json();
    let describe = |changes: &Value| -> Vec<(String, String)> {
        let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
        let changes = changes.as_array().unwrap().iter();
        changes.map(|change| (text(change, "pointer"), text(change, "kind"))).collect()
    };
    let wanted =
        [("/criteria/contingency-plan/text/nb", "changed"), ("/criteria/environment", "removed")]
            .map(|(pointer, kind)| (pointer.to_owned(), kind.to_owned()));
    assert_eq!(describe(&changed["changes"])[..2], wanted);
    assert!(describe(&changed["changes"])[2].0.starts_with("/citizen/switchNotice/"));

    let published = editor.publishes(&case.offering).await.expect(201).json();
    assert_eq!(published["changes"], changed["changes"]);
    assert_eq!(published["touched"], json!({"approvals": [case.approval], "applications": []}));
    let anyone = world.anyone();
    let versions = format!("/v1/offerings/{}/versions", case.offering);
    let second = anyone.get(&format!("{versions}/2/changes")).await.expect(200).json();
    assert_eq!((&second["former"], &second["items"]), (&json!(1), &changed["changes"]));
    assert!(second.get("touched").is_none());
    let first = anyone.get(&format!("{versions}/1/changes")).await.expect(200).json();
    assert!(first.get("former").is_none());
    assert!(first["items"].as_array().unwrap().iter().all(|item| item["kind"] == "added"));
    anyone.get(&format!("{versions}/3/changes")).await.problem(404, "not-found");
    assert_eq!(editor.get(&draft).await.json()["changes"], json!([]));
}

pub fn ending() -> Value {
    json!({
        "kind": "ending", "on": "2026-06-30",
        "reason": {"nb": "Kommunestyret har avviklet ordningen."},
        "windingDown": {"until": "2026-08-31", "takenOverBy": "Kommunens egen tjeneste"},
    })
}

pub fn closing() -> Value {
    json!({"kind": "to-new", "from": "2026-04-01", "reason": {"nb": "Nok leverandører."}})
}

impl Town {
    pub async fn closes(&self, offering: &str, body: Value) -> Answer {
        let etag = self.editor.get(&format!("/v1/offerings/{offering}/draft")).await.etag();
        let path = format!("/v1/offerings/{offering}/closure");
        self.editor.act(Method::POST, &path, &etag, Some(body)).await
    }
}

/// The possible actions of the draft.
async fn possible(town: &Town, offering: &str) -> Vec<String> {
    let draft = town.editor.get(&format!("/v1/offerings/{offering}/draft")).await.json();
    let actions = draft["actions"].as_array().unwrap().clone();
    assert_eq!(actions.len(), 8);
    let possible = actions.iter().filter(|action| action["possible"] == true);
    possible.map(|action| action["act"].as_str().unwrap().to_owned()).collect()
}

async fn an_offering_ends_with_its_last_day_and_stays_as_history(world: World) {
    let case = world.create_contract().await;
    let (town, offering) = (world.town(KRISTIANSAND), case.offering.as_str());
    let (anyone, path) = (world.anyone(), format!("/v1/offerings/{offering}"));
    let version = anyone.get(&format!("{path}/versions/1")).await.json();
    let waiting = world.other_provider().drafts_application(offering).await;
    world.other_provider().completes(&waiting).await;

    town.closes(offering, closing()).await.problem(409, "must-stay-open");
    assert_eq!(
        possible(&town, offering).await,
        ["change-draft", "publish", "end", "change-own-listing", "announce-compensation"]
    );
    let etag = town.editor.get(&format!("{path}/draft")).await.etag();
    let act = Act::post(format!("{path}/closure")).at(&etag).with(ending());
    let announced = world.only(&town.editor, Role::Editor, act).await.expect(200);
    let announced = announced.json_without_actions();
    assert_eq!((&announced["state"], &announced["version"]), (&json!("published"), &json!(1)));
    assert_eq!(announced["closure"]["ending"]["on"], "2026-06-30");
    assert_eq!(anyone.get(&path).await.expect(200).json(), announced);
    town.closes(offering, ending()).await.problem(409, "illegal-transition");
    let changes = anyone.get("/v1/changes").await.json()["items"].clone();
    let is_closure = |change: &Value| change["type"] == "no.godkjent.offering.closure-announced.v1";
    assert!(changes.as_array().unwrap().iter().any(is_closure));

    // The last second of the last day, and the next.
    world.set_clock("2026-06-30T21:59:59Z");
    assert_eq!(anyone.get(&path).await.json()["state"], "published");
    assert_ne!(anyone.get(PAGE).await.json()["providers"], json!([]));
    world.set_clock("2026-06-30T22:00:00Z");
    assert_eq!(anyone.get(&path).await.json()["state"], "ended");
    assert_eq!(possible(&town, offering).await, [""; 0]);
    let patch = town.editor.changes(offering, json!({"title": {"nb": "Ny"}})).await;
    assert_eq!(patch.problem(409, "illegal-transition")["currentState"], "ended");
    let other = world.other_provider();
    let refused = other.submits(&waiting).await.problem(409, "offering-not-open");
    assert_eq!(refused["currentState"], "ended");
    let again = world.provider().post("/v1/applications", json!({"offeringId": offering})).await;
    again.problem(409, "offering-not-open");

    let page = anyone.get(PAGE).await.expect(200).json();
    assert_eq!((&page["offering"]["state"], &page["providers"]), (&json!("ended"), &json!([])));
    assert_eq!(page["offering"]["closure"], announced["closure"]);
    let list = anyone.get("/v1/offerings?municipality=4204").await.json();
    assert_eq!(
        (&list["items"][0]["id"], &list["items"][0]["state"]),
        (&json!(offering), &json!("ended"))
    );
    assert_eq!(anyone.get(&format!("{path}/versions/1")).await.json(), version);
}

/// A concession in Kristiansand and an approval under contract there.
pub async fn concession(world: &World) -> (Town, String, String) {
    let mut content = bpa_content();
    content["legalBasis"] = json!("concession");
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let offering = town.publish(SERVICE, content).await;
    world.registered_providers().await;
    let approval = town.approval(&world.provider(), &offering, &["whole"]).await;
    world.set_clock("2026-03-24T09:00:00Z");
    town.decision_maker.records_contract(&approval, "2026-03-24", None).await.expect(200);
    (town, offering, approval)
}

async fn a_concession_closes_to_new_providers_and_ends_later(world: World) {
    let (town, offering, _) = concession(&world).await;
    let closed = town.closes(&offering, closing()).await.expect(200).json();
    assert_eq!(
        (&closed["state"], &closed["closure"]["toNew"]["from"]),
        (&json!("published"), &json!("2026-04-01"))
    );
    // A legal basis that forbids an announced closing is rejected.
    town.editor.changes(&offering, json!({"legalBasis": "hol-3-1-open-to-all"})).await.expect(200);
    town.editor.publishes(&offering).await.problem(409, "must-stay-open");

    world.set_clock("2026-03-31T22:00:00Z");
    let anyone = world.anyone();
    let path = format!("/v1/offerings/{offering}");
    assert_eq!(anyone.get(&path).await.json()["state"], "closed-to-new");
    let other = world.other_provider();
    let refused = other.post("/v1/applications", json!({"offeringId": offering})).await;
    assert_eq!(refused.problem(409, "offering-not-open")["currentState"], "closed-to-new");
    // Approved providers continue.
    let page = anyone.get(PAGE).await.json();
    assert_eq!(page["offering"]["state"], "closed-to-new");
    assert_eq!(page["providers"].as_array().unwrap().len(), 2);
    town.closes(&offering, closing()).await.problem(409, "illegal-transition");
    let ended = town.closes(&offering, ending()).await.expect(200).json();
    assert_eq!(
        (&ended["state"], ended["closure"].as_object().unwrap().len()),
        (&json!("closed-to-new"), 2)
    );
    world.set_clock("2026-07-01T09:00:00Z");
    assert_eq!(anyone.get(&path).await.json()["state"], "ended");
}

async fn a_closure_names_all_its_faults_at_once(world: World) {
    let offering = world.published_offering().await;
    let town = world.town(KRISTIANSAND);
    let pointers = async |body: Value| town.closes(&offering, body).await.expect(422).pointers();
    assert_eq!(pointers(json!({})).await, ["/kind", "/reason"]);
    assert_eq!(pointers(json!({"kind": "later", "reason": {"nb": "R."}})).await, ["/kind"]);
    let bare = pointers(json!({"kind": "ending", "from": "2026-06-30"})).await;
    assert_eq!(bare, ["/from", "/on", "/windingDown", "/reason"]);
    let mut mixed = ending();
    (mixed["kind"], mixed["from"]) = (json!("to-new"), json!("2026-04-01"));
    assert_eq!(pointers(mixed).await, ["/on", "/windingDown"]);
    let mut early = ending();
    early["windingDown"]["until"] = json!("2026-06-29");
    assert_eq!(pointers(early).await, ["/windingDown/until"]);
    let mut past = ending();
    past["on"] = json!("2026-03-11");
    assert_eq!(pointers(past).await, ["/on"]);
    let draft = town.editor.drafts("practical-help", json!({})).await;
    town.closes(&draft, ending()).await.problem(409, "illegal-transition");
}

async fn what_is_approved_after_the_end_was_announced_ends_with_it(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let town = world.town(KRISTIANSAND);
    town.closes(&case.offering, ending()).await.expect(200);
    let approval = world.approve(&case.application).await;
    let path = format!("/v1/approvals/{approval}/case");
    let seen = world.provider().get(&path).await.expect(200).json();
    assert_eq!(seen["status"], "pending-contract");
    assert!(seen.to_string().contains("2026-06-30"), "{seen:#}");
    let journal = world.auditor().audits_without_notices().await;
    assert_eq!(journal.last().unwrap()["event"], "approval.ended-with-offering");
    let signed = town.decision_maker.records_contract(&approval, "2026-03-12", None).await;
    signed.problem(409, "illegal-transition");
    world.set_clock("2026-06-30T22:00:00Z");
    assert_eq!(world.provider().get(&path).await.json()["status"], "ended");
}

async fn an_offering_that_has_ended_can_have_a_successor(world: World) {
    let case = world.create_contract().await;
    let town = world.town(KRISTIANSAND);
    town.closes(&case.offering, ending()).await.expect(200);
    let body = json!({"service": SERVICE, "content": bpa_content()});
    let early = town.editor.post("/v1/offerings", body.clone()).await;
    early.problem(409, "offering-exists");

    // The day has come, without an event yet.
    world.set_clock("2026-06-30T22:00:00Z");
    let second = town.publish(SERVICE, bpa_content()).await;
    assert_ne!(second, case.offering);
    world.catches_up().await;
    let anyone = world.anyone();
    let page = anyone.get(PAGE).await.expect(200).json();
    assert_eq!(
        (&page["offering"]["id"], &page["offering"]["state"]),
        (&json!(second), &json!("published"))
    );
    let former = anyone.get(&format!("/v1/offerings/{}", case.offering)).await.expect(200).json();
    assert_eq!(former["state"], "ended");
    let again = town.editor.post("/v1/offerings", body).await.problem(409, "offering-exists");
    assert_eq!(again["existing"], format!("/v1/offerings/{second}/draft"));
    world.provider().drafts_application(&second).await;
}

async fn what_an_appeal_gives_after_the_end_was_announced_ends_with_it(world: World) {
    let (case, decision) = refuse_application(&world).await;
    world.town(KRISTIANSAND).closes(&case.offering, ending()).await.expect(200);
    let lodged = lodge(&world, &decision).await;
    lodged.review(&world).await;
    let dag = world.decision_maker();
    let signed = lodged.act(&dag, "outcome", in_favour("met")).await.expect(201).json();
    let path = format!("/v1/approvals/{}/case", signed["approvalId"].as_str().unwrap());
    world.set_clock("2026-06-30T21:59:59Z");
    assert_eq!(world.provider().get(&path).await.json()["status"], "pending-contract");
    world.set_clock("2026-06-30T22:00:00Z");
    assert_eq!(world.provider().get(&path).await.json()["status"], "ended");
}
