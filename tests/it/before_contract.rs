//! An approval before its contract: watched, warned of and revoked.

use godkjent::domain::role::Role;
use serde_json::json;

use crate::{
    approval_life::posts,
    decisions::On,
    on_both_databases,
    world::{
        KRISTIANSAND, World,
        people::{reasons, revocation},
    },
};

on_both_databases!(
    a_bankruptcy_between_decision_and_contract_ends_the_approval,
    an_approval_whose_contract_begins_later_is_warned_of_and_revoked,
);

async fn a_bankruptcy_between_decision_and_contract_ends_the_approval(world: World) {
    let case = world.grant_approval().await;
    let (worker, dag) = (world.case_worker(), world.decision_maker());
    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    for person in [&worker, &dag, &inspector] {
        person.declares_impartiality_after(&case.approval).await.expect(200);
    }
    let flag = json!({
        "kind": "register-flag", "entry": "bankrupt", "on": "2026-03-12",
        "incident": "Konkurs registrert i Konkursregisteret."
    });
    let found = posts(&inspector, &case.approval, "follow-ups", flag).await.expect(201);
    let found = found.json()["id"].clone();
    let warning = json!({
        "grounds": [{"ground": "bankruptcy", "facts": "Konkurs er åpnet 12. mars."}],
        "replyBy": "2026-03-27", "followUpId": found
    });
    let warned = posts(&worker, &case.approval, "prior-notices", warning).await.expect(201).json();

    world.set_clock("2026-03-28T09:00:00Z");
    let revoked = json!({
        "priorNoticeId": warned["id"], "reasons": reasons(),
        "grounds": [{"ground": "bankruptcy", "facts": "Konkurs er åpnet 12. mars."}]
    });
    let signed = posts(&dag, &case.approval, "revocation", revoked).await.expect(201).json();
    assert_eq!(signed["outcome"], "revoke");
    let path = format!("/v1/approvals/{}", case.approval);
    world.anyone().get(&path).await.problem(404, "not-found");
    let seen = worker.get(&format!("{path}/case")).await.expect(200).json();
    assert_eq!(seen["status"], "revoked", "{seen:#}");
    assert!(seen["revocation"].get("windingDown").is_none(), "nobody is taken over");
    let contract = json!({"number": "1", "signedOn": "2026-03-28", "from": "2026-04-01"});
    posts(&dag, &case.approval, "contract", contract).await.problem(409, "illegal-transition");
    let tasks = dag.pages("/v1/work-list").await;
    assert!(tasks.iter().all(|it| it["task"] != "record-contract"), "{tasks:#?}");

    // The estate appeals, and the provider can apply anew meanwhile.
    let provider = world.provider();
    let decision = On { path: format!("/v1/decisions/{}", signed["id"].as_str().unwrap()) };
    let appeal = json!({
        "text": "Konkursen er omgjort.", "wantedChange": "Tilbakekallet oppheves.",
        "signedBy": "Per Provider"
    });
    decision.act(&provider, "appeals", appeal).await.expect(201);
    provider.drafts_application(&case.offering).await;
}

async fn an_approval_whose_contract_begins_later_is_warned_of_and_revoked(world: World) {
    let case = world.grant_approval().await;
    let (worker, dag) = (world.case_worker(), world.decision_maker());
    for person in [&worker, &dag] {
        person.declares_impartiality_after(&case.approval).await.expect(200);
    }
    dag.records_contract(&case.approval, "2026-06-01", None).await.expect(200);
    let warned = worker.warns(&case.approval, "terms-breach").await.expect(201).json();
    let id = warned["id"].as_str().unwrap();
    world.provider().replies(id).await.expect(200);
    world.set_clock("2026-04-08T09:00:00Z");
    dag.revokes(&case.approval, revocation(id, "terms-breach")).await.expect(201);
    let path = format!("/v1/approvals/{}", case.approval);
    let ended = world.anyone().get(&path).await.expect(200).json();
    assert_eq!((&ended["status"], ended.get("nextChange")), (&json!("revoked"), None));
}
