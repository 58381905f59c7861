//! An application with defects: requested, completed, continued, dismissed – never dropped.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{World, people::Assessed},
};

on_both_databases!(a_case_with_defects_is_never_dropped, a_dismissal_says_why_and_can_be_appealed);

fn request_body() -> Value {
    json!({
        "missing": [{"criterion": "tax-certificate", "note": "Attesten er eldre enn seks måneder."}],
        "deadline": "2026-03-26",
    })
}

fn evidence() -> Value {
    json!({
        "criterion": "tax-certificate", "kind": "tax-certificate",
        "title": "Ny attest", "issuedOn": "2026-03-11",
    })
}

async fn a_case_with_defects_is_never_dropped(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let path = format!("/v1/applications/{}", case.application);
    let (worker, provider) = (world.case_worker(), world.provider());
    let act = async |who: &crate::world::Person, act: &str, body: Option<Value>| {
        let etag = who.get(&path).await.etag();
        who.act(Method::POST, &format!("{path}/{act}"), &etag, body).await
    };

    let early = json!({"missing": [], "deadline": "2026-03-12"});
    let refused = act(&worker, "completion-requests", Some(early)).await.expect(422);
    assert_eq!(refused.pointers(), ["/missing", "/deadline"]);
    act(&provider, "completion-requests", Some(request_body())).await.problem(403, "role-missing");

    let case = act(&worker, "completion-requests", Some(request_body())).await.expect(200).json();
    assert_eq!(case["state"], "awaiting-completion");
    let request = &case["case"]["completions"][0];
    assert_eq!(request["deadline"], "2026-03-26");
    assert_eq!(request["notification"]["availableAt"], "2026-03-12T09:00:00Z");
    assert!(case["case"]["lines"].get("tax-certificate").is_none(), "the line is open again");

    // The case waits for the provider's deadline, and the provider supplies only requested items.
    act(&worker, "resumption", None).await.problem(409, "deadline-running");
    let other = json!({"criterion": "contingency-plan", "kind": "x", "title": "x", "issuedOn": "2026-03-01"});
    act(&provider, "evidence", Some(other)).await.problem(409, "not-asked-for");
    act(&provider, "evidence", Some(evidence())).await.expect(200);
    let completed = act(&provider, "completion", None).await.expect(200).json();
    assert_eq!(completed["state"], "under-assessment");

    // A second request without an answer: after the day the case continues with the present content.
    act(&worker, "completion-requests", Some(request_body())).await.expect(200);
    world.set_clock("2026-03-26T22:59:59Z");
    act(&worker, "resumption", None).await.problem(409, "deadline-running");
    world.set_clock("2026-03-26T23:00:00Z");
    let resumed = act(&worker, "resumption", None).await.expect(200).json();
    assert_eq!(resumed["state"], "under-assessment");
    assert_eq!(resumed["case"]["completions"].as_array().unwrap().len(), 2);

    // The age of the certificate refers to the day of the decision, and is displayed.
    let newest = resumed["evidenceAges"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(newest["countedTo"], "decision-notified");
    assert_eq!((&newest["notBefore"], &newest["tooOld"]), (&json!("2025-09-27"), &json!(false)));
    world.set_clock("2026-09-12T09:00:00Z");
    let later = worker.get(&path).await.json();
    assert_eq!(later["evidenceAges"].as_array().unwrap().last().unwrap()["tooOld"], true);
}

async fn a_dismissal_says_why_and_can_be_appealed(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let path = format!("/v1/applications/{}", case.application);
    let (worker, maker) = (world.case_worker(), world.decision_maker());
    let decide = async |body: Value| {
        let etag = maker.get(&path).await.etag();
        maker.act(Method::POST, &format!("{path}/decision"), &etag, Some(body)).await
    };
    let reasons =
        json!({"rules": "fvl § 11", "facts": "Ikke rettet.", "considerations": "Varslet."});
    let dismiss = json!({"outcome": "dismiss", "formalGround": "not-mended", "reasons": reasons});

    decide(dismiss.clone()).await.problem(409, "nothing-unmended");
    let bare = decide(json!({"outcome": "dismiss"})).await.expect(422);
    let wanted = ["/formalGround", "/reasons/rules", "/reasons/facts", "/reasons/considerations"];
    assert_eq!(bare.pointers(), wanted);
    let mixed = json!({"outcome": "approve", "formalGround": "not-mended"});
    assert_eq!(decide(mixed).await.expect(422).pointers(), ["/formalGround"]);

    let etag = worker.get(&path).await.etag();
    let requests = format!("{path}/completion-requests");
    worker.act(Method::POST, &requests, &etag, Some(request_body())).await.expect(200);
    decide(dismiss.clone()).await.problem(409, "deadline-running");
    world.set_clock("2026-03-27T09:00:00Z");
    let decision = decide(dismiss).await.expect(201).json();
    assert_eq!(decision["outcome"], "dismiss");
    assert_eq!(decision["formalGround"], "not-mended");
    assert_eq!(decision["reasons"], reasons);
    // Three weeks from 27 March 2026.
    assert_eq!(world.provider().get(&path).await.json()["state"], "dismissed");
    let id = decision["id"].as_str().unwrap();
    let read = world.provider().get(&format!("/v1/decisions/{id}")).await.expect(200).json();
    assert_eq!(read["lastAppealDay"], "2026-04-17");
    for part in ["number", "outcome", "formalGround", "reasons", "authority", "appeal"] {
        assert_eq!(read[part], decision[part], "{part}");
    }
}
