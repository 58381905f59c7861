//! Decisions as everyone sees them: codes and days, neither facts nor names.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    appeals::{in_favour, lodge},
    decisions::refuse_application,
    on_both_databases,
    world::{
        BAERUM, PROVIDER, World, bpa_content,
        people::{Assessed, SERVICE, refusal, revocation},
    },
};

on_both_databases!(
    every_signed_decision_is_told_without_persons_or_facts,
    a_revocation_tells_its_grounds,
    what_loses_its_force_says_by_which_decision,
    decisions_are_found_by_what_they_concern,
);

async fn list(world: &World, query: &str) -> Vec<Value> {
    world.anyone().pages(&format!("/v1/decisions?limit=2{query}")).await
}

/// The last feed record of each decision, in the order of signing.
async fn list_decisions(world: &World) -> Vec<Value> {
    let feed = world.anyone().get("/v1/changes?limit=1000").await.expect(200).json();
    let mut last = std::collections::BTreeMap::new();
    for change in feed["items"].as_array().unwrap() {
        if change["subject"].as_str().unwrap().starts_with("/v1/decisions/") {
            last.insert(change["subject"].as_str().unwrap().to_owned(), change["data"].clone());
        }
    }
    last.into_values().collect()
}

async fn every_signed_decision_is_told_without_persons_or_facts(world: World) {
    let case = world.submitted_application().await;
    world.pass(TimeDelta::days(9));
    world.assess(&case.application, Assessed::OneFailing).await;
    assert!(list(&world, "").await.is_empty());
    let signed = world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    let signed = signed.json();
    let expected = json!({
        "id": signed["id"], "outcome": "refuse", "municipality": "4204", "service": SERVICE,
        "offeringId": case.offering, "version": 1, "provider": PROVIDER,
        "decidedAt": "2026-03-21T09:00:00Z", "receivedOn": "2026-03-12",
        "grounds": ["criteria-not-met"], "criteria": ["contingency-plan"],
    });
    assert_eq!(list(&world, "").await, std::slice::from_ref(&expected));
    assert_eq!(list_decisions(&world).await, [expected]);
    let feed = world.anyone().get("/v1/changes").await.json();
    let last = feed["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["type"], "no.godkjent.decision.signed.v1");
    let text = last.to_string();
    for private in ["Beredskapsplan", "Dag Decision", "Kari Case", "reasons"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    // The decision itself stays between its parties.
    let path = format!("/v1/decisions/{}", signed["id"].as_str().unwrap());
    world.anyone().get(&path).await.expect(401);
}

async fn a_revocation_tells_its_grounds(world: World) {
    let case = world.send_notice().await;
    world.provider().replies(&case.notice).await.expect(200);
    let body = revocation(&case.notice, "terms-breach");
    world.decision_maker().revokes(&case.approval, body).await.expect(201);
    let all = list(&world, "").await;
    let outcomes: Vec<_> = all.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["approve", "revoke"]);
    for decision in &all {
        assert_eq!(decision["approvalId"], json!(case.approval));
    }
    assert_eq!(all[0]["receivedOn"], "2026-03-12");
    assert_eq!((&all[1]["grounds"], all[1].get("receivedOn")), (&json!(["terms-breach"]), None));
    assert_eq!(list_decisions(&world).await, all);
}

async fn what_loses_its_force_says_by_which_decision(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let appeal = lodge(&world, &decision).await;
    appeal.review(&world).await;
    let maker = world.decision_maker();
    appeal.act(&maker, "outcome", in_favour("met")).await.expect(201);
    let all = list(&world, "").await;
    let outcomes: Vec<_> = all.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["refuse", "appeal"], "{case:?}");
    assert_eq!(all[1]["ruling"], "changed-in-favour");
    assert_eq!(all[1]["earlierDecisionId"], all[0]["id"]);
    assert_eq!(all[0]["end"]["kind"], "reversed");
    assert_eq!(all[0]["end"]["decisionId"], all[1]["id"]);
    assert_eq!(list_decisions(&world).await, all);
    let rebuilt = world.another_instance().await;
    assert_eq!(list(&rebuilt, "").await, all);
}

async fn decisions_are_found_by_what_they_concern(world: World) {
    let case = world.create_contract().await;
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let practical = baerum.publish("practical-help", bpa_content()).await;
    world.pass(TimeDelta::days(3));
    baerum.contract(&world.provider(), &practical, &["whole"]).await;
    baerum.contract(&world.other_provider(), &practical, &["whole"]).await;
    let other = crate::world::OTHER_PROVIDER;
    for (query, meant) in [
        (String::new(), 3),
        ("&municipality=4204".to_owned(), 1),
        ("&municipality=1018".to_owned(), 1),
        ("&municipality=3201".to_owned(), 2),
        ("&municipality=0301".to_owned(), 0),
        (format!("&service={SERVICE}"), 1),
        (format!("&provider={PROVIDER}"), 2),
        (format!("&provider={other}&municipality=3201"), 1),
        (format!("&provider={other}&municipality=4204"), 0),
        ("&outcome=approve".to_owned(), 3),
        ("&outcome=refuse".to_owned(), 0),
        ("&from=2026-03-12&to=2026-03-12".to_owned(), 1),
        ("&from=2026-03-13".to_owned(), 2),
        ("&to=2026-03-11".to_owned(), 0),
    ] {
        assert_eq!(list(&world, &query).await.len(), meant, "{query}");
    }
    let first = &list(&world, "").await[0];
    assert_eq!(first["approvalId"], json!(case.approval));
    for wrong in ["outcome=perhaps", "from=2026-02-30", "to=soon", "limit=0"] {
        let answer = world.anyone().get(&format!("/v1/decisions?{wrong}")).await.expect(400);
        assert!(!answer.json()["code"].as_str().unwrap().is_empty(), "{wrong}");
    }
}
