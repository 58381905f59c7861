//! The appeal of another against an approval: the provider is heard, and the approval can fall.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use super::Lodged;
use crate::{
    decisions::On,
    on_both_databases,
    world::{
        KRISTIANSAND, Person, World,
        people::{Case, possible, reasons},
    },
};

on_both_databases!(
    an_appeal_of_another_that_wins_ends_the_approval_after_the_provider_was_heard,
    what_the_lower_body_takes_away_the_provider_gets_back_on_its_own_appeal,
);

const LATER: &str = "2026-04-01T09:00:00Z";

/// An approval under contract, and the appeal of a neighbour against it.
async fn appealed(world: &World) -> (Case, On, Lodged) {
    let case = world.create_contract().await;
    let worker = world.case_worker();
    let seen = worker.get(&format!("/v1/approvals/{}", case.approval)).await.expect(200).json();
    let decision = On { path: format!("/v1/decisions/{}", seen["decisionId"].as_str().unwrap()) };
    let appeal = json!({
        "text": "Leverandøren oppfyller ikke kravene.", "wantedChange": "Søknaden avslås.",
        "signedBy": "Eli Eksempel", "appellant": "other", "name": "Nabo Omsorg AS",
        "legalInterest": "Søkte om det samme området.", "knewOn": "2026-03-20",
        "contact": "Nabogata 1, 4600 Kristiansand"
    });
    world.set_clock(LATER);
    let lodged = Lodged::new(&decision.act(&worker, "appeals", appeal).await.expect(201));
    lodged.act(&worker, "admission", json!({})).await.expect(200);
    (case, decision, lodged)
}

/// Who has heard the provider out, with the lower body's review.
async fn heard(world: &World, lodged: &Lodged) {
    let (worker, provider) = (world.case_worker(), world.provider());
    let review = json!({"findings": "Sett på nytt."});
    let early = lodged.act(&worker, "review", review.clone()).await;
    early.problem(409, "counterparty-not-heard");
    lodged.act(&worker, "hearing", json!({"deadline": "2026-04-20"})).await.expect(200);
    let seen = provider.get(&lodged.path).await.expect(200).json();
    assert!(possible(&seen).contains(&"state".to_owned()), "{seen:#}");
    let notices = provider.pages("/v1/notices?kind=appeal-hearing").await;
    assert_eq!(notices.len(), 1, "the provider was told of the appeal");
    let tasks = provider.pages("/v1/work-list").await;
    assert!(tasks.iter().any(|it| it["task"] == "state-on-appeal"), "{tasks:#?}");
    let statement = json!({"text": "Vi oppfyller kravene.", "final": true});
    lodged.act(&provider, "statements", statement).await.expect(200);
    lodged.act(&worker, "review", review).await.expect(200);
}

/// The kinds of the messages to the other appellant, each by a case worker.
async fn told(worker: &Person) -> Vec<Value> {
    let notices = worker.pages("/v1/notices").await;
    let to_another = notices.iter().filter(|it| it["appellant"] == "Nabo Omsorg AS");
    to_another.map(|it| json!([it["kind"], it["state"]])).collect()
}

fn outcome(ruling: &str) -> Value {
    json!({
        "ruling": ruling, "reasons": reasons(),
        "windingDown": {"until": "2026-06-30", "takenOverBy": "Kommunens hjemmetjeneste"}
    })
}

async fn an_appeal_of_another_that_wins_ends_the_approval_after_the_provider_was_heard(
    world: World,
) {
    let (case, decision, lodged) = appealed(&world).await;
    let (worker, dag) = (world.case_worker(), world.decision_maker());
    heard(&world, &lodged).await;
    let statement = json!({"statement": "Vedtaket bør stå."});
    lodged.act(&worker, "forwarding", statement).await.expect(200);
    let ida = world.person("Ida Lie", Role::DecisionMaker, KRISTIANSAND);
    ida.declares_impartiality(&case.application).await.expect(200);
    let mut body = outcome("changed");
    body["appealBody"] = json!("Klagenemnda");
    body["decidedOn"] = json!("2026-04-01");
    let mut bare = body.clone();
    bare.as_object_mut().unwrap().remove("windingDown");
    let bare = lodged.act(&ida, "outcome", bare).await.expect(422);
    assert_eq!(bare.pointers(), ["/windingDown"]);
    lodged.act(&ida, "outcome", body).await.expect(201);

    assert_eq!(decision.seen_by(&dag).await["status"], "reversed");
    let path = format!("/v1/approvals/{}", case.approval);
    let ended = world.anyone().get(&path).await.expect(200).json();
    assert_eq!(ended["status"], "revoked");
    assert_eq!(ended["revocation"]["grounds"], json!([]));
    assert_eq!(ended["revocation"]["windingDown"]["takenOverBy"], "Kommunens hjemmetjeneste");
    let application = format!("/v1/applications/{}", case.application);
    assert_eq!(worker.get(&application).await.expect(200).json()["state"], "refused");
    // The provider may apply anew, and the appellant is told of each step by letter.
    world.provider().drafts_application(&case.offering).await;
    let waiting = |kind: &str| json!([kind, "waiting"]);
    let expected = ["appeal-received", "appeal-statement", "decision"].map(waiting);
    assert_eq!(told(&worker).await, expected);
    let tasks = worker.pages("/v1/work-list").await;
    assert_eq!(tasks.iter().filter(|it| it["task"] == "send-notice").count(), 3, "{tasks:#?}");
    let decided = worker.pages("/v1/notices?kind=decision").await;
    let decided = decided.iter().find(|it| it["appellant"].is_string()).unwrap();
    let path = format!("/v1/notices/{}/letter", decided["id"].as_str().unwrap());
    let letter = worker.request(Method::GET, &path).header("Accept", "text/plain").send().await;
    let letter = letter.expect(200).text;
    for part in ["Til: Nabo Omsorg AS", "Nabogata 1", "Godkjenningen gjelder ikke lenger fra"] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    assert!(!letter.contains("Dere kan klage på vedtaket"), "{letter}");
    world.provider().get(&path).await.problem(404, "not-found");
    let seen = world.provider().pages("/v1/notices").await;
    assert!(seen.iter().all(|it| it.get("appellant").is_none()), "{seen:#?}");
}

async fn what_the_lower_body_takes_away_the_provider_gets_back_on_its_own_appeal(world: World) {
    let (case, _, lodged) = appealed(&world).await;
    heard(&world, &lodged).await;
    let dag = world.decision_maker();
    let taken = lodged.act(&dag, "outcome", outcome("changed-in-favour")).await.expect(201);
    let taken = On::decision(&taken);
    let path = format!("/v1/approvals/{}", case.approval);
    assert_eq!(world.anyone().get(&path).await.json()["status"], "revoked");
    let provider = world.provider();
    let body = json!({
        "text": "Vi oppfyller kravene.", "wantedChange": "Godkjenningen gjelder.",
        "signedBy": "Per Provider"
    });
    let own = Lodged::new(&taken.act(&provider, "appeals", body).await.expect(201));
    own.review(&world).await;
    let body = json!({"ruling": "changed-in-favour", "reasons": reasons()});
    own.act(&dag, "outcome", body).await.expect(201);
    let restored = world.anyone().get(&path).await.expect(200).json();
    assert_eq!(restored["status"], "active", "{restored:#}");
    let application = format!("/v1/applications/{}", case.application);
    let worker = world.case_worker();
    assert_eq!(worker.get(&application).await.expect(200).json()["state"], "approved");
}
