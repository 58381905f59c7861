//! A contract on the wrong approval is struck before its first day, and the public sees a tombstone.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    offering_life::ending,
    on_both_databases,
    world::{
        Answer, KRISTIANSAND, PROVIDER, Person, World,
        guarded::Act,
        people::{PAGE, possible},
    },
};

on_both_databases!(
    a_contract_on_the_wrong_approval_is_struck_and_recorded_anew,
    a_contract_that_has_begun_or_was_given_notice_of_is_not_struck,
    what_was_struck_stays_unseen_when_its_offering_ends,
);

/// A contract from 1 May, long before its first day.
async fn record_contract(world: &World) -> (String, String) {
    let case = world.grant_approval().await;
    let dag = world.decision_maker();
    dag.records_contract(&case.approval, "2026-05-01", None).await.expect(200);
    (case.offering, case.approval)
}

fn reason() -> Value {
    json!({"reason": "Ført på feil godkjenning."})
}

pub async fn strikes(who: &Person, approval: &str, body: Value) -> Answer {
    let path = format!("/v1/approvals/{approval}");
    let etag = who.get(&format!("{path}/case")).await.expect(200).etag();
    who.act(Method::POST, &format!("{path}/contract-annulment"), &etag, Some(body)).await
}

async fn changes(world: &World) -> Vec<Value> {
    let feed = world.anyone().get("/v1/changes").await.expect(200).json();
    feed["items"].as_array().unwrap().clone()
}

/// Nothing that is public shows the approval.
async fn is_gone(world: &World, approval: &str, at: &str) {
    let anyone = world.anyone();
    let gone = anyone.get(&format!("/v1/approvals/{approval}")).await.problem(410, "gone");
    assert!(gone["detail"].as_str().unwrap().contains(at), "{gone:#}");
    for status in ["", "?status=pending-contract", "?status=active", "?status=ended"] {
        let list = anyone.get(&format!("/v1/approvals{status}")).await.expect(200);
        assert_eq!(list.json()["items"], json!([]), "{status}");
    }
    let provider = anyone.get(&format!("/v1/providers/{PROVIDER}")).await.expect(200);
    assert!(!provider.text.contains(approval), "{}", provider.text);
    assert!(!anyone.get(PAGE).await.expect(200).text.contains(approval));
}

async fn a_contract_on_the_wrong_approval_is_struck_and_recorded_anew(world: World) {
    let (_, approval) = record_contract(&world).await;
    let (anyone, dag) = (world.anyone(), world.decision_maker());
    let path = format!("/v1/approvals/{approval}");
    let case = format!("{path}/case");
    anyone.get(&path).await.expect(200);
    let before = changes(&world).await;
    let seen = dag.get(&case).await.expect(200);
    assert!(possible(&seen.json()).contains(&"annul-contract".to_owned()));

    let annulment = format!("{path}/contract-annulment");
    dag.post(&annulment, reason()).await.problem(428, "precondition-required");
    for bad in [json!({}), json!({"reason": ""})] {
        assert_eq!(strikes(&dag, &approval, bad).await.expect(422).pointers(), ["/reason"]);
    }
    assert_eq!(changes(&world).await, before, "nothing was changed");
    world.set_clock("2026-04-30T21:59:59Z");
    let act = Act::post(&annulment).at(&seen.etag()).with(reason());
    let struck = world.only(&dag, Role::DecisionMaker, act).await.expect(200).json();
    assert_eq!((&struck["status"], struck.get("contract")), (&json!("pending-contract"), None));

    let after = changes(&world).await;
    assert_eq!(after.len(), before.len() + 1);
    let last = after.last().unwrap();
    assert_eq!(last["type"], "no.godkjent.approval.removed.v1");
    assert_eq!((&last["subject"], &last["data"]), (&json!(path), &Value::Null));
    assert!(last.as_object().unwrap().contains_key("data"), "null, and not left out");
    assert!(!last.to_string().contains("feil godkjenning"), "the reason is not public");
    let rows = world.auditor().audits().await;
    let row = rows.last().unwrap();
    assert_eq!(
        (&row["event"], &row["detail"]["reason"]),
        (&json!("approval.removed"), &json!("Ført på feil godkjenning."))
    );
    is_gone(&world, &approval, "2026-04-30T21:59:59Z").await;
    let second = world.another_instance().await;
    is_gone(&second, &approval, "2026-04-30T21:59:59Z").await;
    assert_eq!(changes(&second).await, after, "rebuilt from the journal");

    // It has no more due items, and its parties see the pending contract.
    world.set_clock("2026-05-02T09:00:00Z");
    world.catches_up().await;
    is_gone(&world, &approval, "2026-04-30T21:59:59Z").await;
    let seen = world.provider().get(&case).await.expect(200).json();
    assert_eq!(seen["status"], "pending-contract");
    let acts = possible(&dag.get(&case).await.json());
    assert!(acts.contains(&"record-contract".to_owned()), "{acts:?}");
    assert!(!acts.contains(&"annul-contract".to_owned()), "{acts:?}");
    strikes(&dag, &approval, reason()).await.problem(409, "illegal-transition");

    dag.records_contract(&approval, "2026-05-02", None).await.expect(200);
    let back = anyone.get(&path).await.expect(200).json();
    assert_eq!(
        (&back["status"], &back["contract"]["from"]),
        (&json!("active"), &json!("2026-05-02"))
    );
    let last = changes(&world).await.last().unwrap().clone();
    assert_eq!(last["type"], "no.godkjent.approval.contract-recorded.v1");
    assert_eq!(last["data"]["id"], approval);
    assert!(anyone.get(PAGE).await.text.contains(&approval));
    // The instance with the tombstone, after an update, and a new one.
    second.catches_up().await;
    for instance in [second, world.another_instance().await] {
        assert_eq!(instance.anyone().get(&path).await.expect(200).json(), back);
        assert_eq!(instance.anyone().get(PAGE).await.text, anyone.get(PAGE).await.text);
    }
}

async fn a_contract_that_has_begun_or_was_given_notice_of_is_not_struck(world: World) {
    let (_, approval) = record_contract(&world).await;
    let dag = world.decision_maker();
    let path = format!("/v1/approvals/{approval}");
    let elsewhere = world.person("Bo Decision", Role::DecisionMaker, crate::world::BAERUM);
    let etag = dag.get(&format!("{path}/case")).await.etag();
    let annulment = format!("{path}/contract-annulment");
    let body = Some(reason());
    elsewhere.act(Method::POST, &annulment, &etag, body).await.problem(404, "not-found");
    let first = "2026-04-30T22:00:00Z";
    world.set_clock(first);
    let begun = strikes(&dag, &approval, reason()).await.problem(409, "illegal-transition");
    assert_eq!(begun["currentState"], "active");
    world.set_clock("2026-03-12T09:00:00Z");
    let provider = world.provider();
    let terminate = format!("{path}/termination");
    let notice = provider.act(Method::POST, &terminate, &etag, Some(json!({}))).await;
    notice.expect(200);
    strikes(&dag, &approval, reason()).await.problem(409, "illegal-transition");
    assert_eq!(world.anyone().get(&path).await.expect(200).json()["status"], "pending-contract");
}

async fn what_was_struck_stays_unseen_when_its_offering_ends(world: World) {
    let (offering, approval) = record_contract(&world).await;
    world.town(KRISTIANSAND).closes(&offering, ending()).await.expect(200);
    let dag = world.decision_maker();
    let struck = strikes(&dag, &approval, reason()).await.expect(200).json();
    assert_eq!(struck["offeringEnd"]["on"], "2026-06-30", "it still ends with the offering");
    world.set_clock("2026-06-30T22:00:00Z");
    world.catches_up().await;
    is_gone(&world, &approval, "2026-03-12T09:00:00Z").await;
    is_gone(&world.another_instance().await, &approval, "2026-03-12T09:00:00Z").await;
    let seen = dag.get(&format!("/v1/approvals/{approval}/case")).await.expect(200).json();
    assert_eq!(seen["status"], "ended");
}
