//! A decision after its signature: read, reasoned, extended, corrected, suspended, reversed.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, Person, World,
        people::{Assessed, Case, reasons, refusal, revocation},
    },
};

on_both_databases!(
    the_partys_reading_is_logged_once_and_starts_no_clock,
    an_approval_gets_its_reasons_afterwards_and_three_new_weeks,
    a_letter_starts_the_clock_when_it_arrives,
    a_slip_is_mended_beside_the_original,
    a_refusal_that_is_reversed_is_assessed_again,
    a_revocation_waits_and_is_reversed_with_the_gap_in_history,
    what_falls_due_stands_in_the_work_lists,
    a_deferral_ends_with_the_period_where_nobody_appeals,
    what_nobody_opens_in_a_week_is_notified_once_more_and_the_last_day_stays,
);

/// A decision by its path, for commands at its present revision.
pub struct On {
    pub path: String,
}

impl On {
    pub fn decision(answer: &Answer) -> Self {
        Self { path: answer.header("location") }
    }

    pub async fn seen_by(&self, who: &Person) -> Value {
        who.get(&self.path).await.expect(200).json()
    }

    pub async fn act(&self, who: &Person, act: &str, body: Value) -> Answer {
        let etag = who.get(&self.path).await.expect(200).etag();
        who.act(Method::POST, &format!("{}/{act}", self.path), &etag, Some(body)).await
    }
}

/// Refused because of a missing plan.
pub async fn refuse_application(world: &World) -> (Case, On) {
    let case = world.assessed_application(Assessed::OneFailing).await;
    let answer = world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    (case, On::decision(&answer))
}

/// Approved without reasons, or decided otherwise.
async fn decide(world: &World, body: Value) -> (Case, On) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let answer = world.decision_maker().decides(&case.application, body).await.expect(201);
    (case, On::decision(&answer))
}

/// Under contract, warned and revoked on 8 April 2026.
pub async fn revoke_approval(world: &World) -> (Case, On) {
    let case = world.send_notice().await;
    world.set_clock("2026-04-08T09:00:00Z");
    let body = revocation(&case.notice, "terms-breach");
    let answer = world.decision_maker().revokes(&case.approval, body).await.expect(201);
    (case, On::decision(&answer))
}

fn action<'a>(view: &'a Value, act: &str) -> &'a Value {
    let actions = view["actions"].as_array().unwrap();
    actions.iter().find(|action| action["act"] == act).unwrap()
}

async fn the_partys_reading_is_logged_once_and_starts_no_clock(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let seen = decision.seen_by(&world.decision_maker()).await;
    assert_eq!(
        (&seen["status"], &seen["lastAppealDay"]),
        (&json!("notified"), &json!("2026-04-07"))
    );
    assert!(
        seen["course"]["notification"].get("openings").is_none(),
        "the municipality opens nothing"
    );
    assert_eq!(seen["course"]["notification"]["notice"]["channel"], "email");

    let before = world.auditor().audits().await.len();
    world.set_clock("2026-03-14T09:00:00Z");
    let opened = world.provider().get(&decision.path).await.expect(200);
    let openings = &opened.json()["course"]["notification"]["openings"];
    assert_eq!(openings[0]["by"]["name"], "Per Provider");
    assert_eq!(openings[0]["at"], "2026-03-14T09:00:00Z");
    assert_eq!(opened.json()["lastAppealDay"], "2026-04-07");
    let again = world.provider().get(&decision.path).await.expect(200);
    assert_eq!((again.etag(), again.json()), (opened.etag(), opened.json()));
    let journal = world.auditor().audits().await;
    assert_eq!(journal.len(), before + 1);
    assert_eq!(journal.last().unwrap()["event"], "decision.opened");
    world.other_provider().get(&decision.path).await.problem(404, "not-found");

    world.set_clock("2026-04-07T21:59:59Z");
    assert_eq!(decision.seen_by(&world.case_worker()).await["status"], "notified");
    world.set_clock("2026-04-07T22:00:00Z");
    assert_eq!(decision.seen_by(&world.case_worker()).await["status"], "final");
}

async fn an_approval_gets_its_reasons_afterwards_and_three_new_weeks(world: World) {
    let (_, decision) = decide(&world, json!({"outcome": "approve"})).await;
    let (provider, maker) = (world.provider(), world.decision_maker());
    decision.act(&maker, "reasons", reasons()).await.problem(409, "illegal-transition");
    world.set_clock("2026-03-30T09:00:00Z");
    let view = decision.act(&provider, "reasons-demands", json!({})).await.expect(200).json();
    assert!(view.get("lastAppealDay").is_none(), "the period is broken off");
    assert_eq!(action(&view, "demand-reasons")["code"], "reasons-awaited");
    world.set_clock("2026-04-10T09:00:00Z");
    assert_eq!(decision.seen_by(&maker).await["status"], "notified");
    let given = decision.act(&maker, "reasons", reasons()).await.expect(200).json();
    assert!(given.get("lastAppealDay").is_none(), "notice of them was not sent yet");
    assert_eq!(decision.seen_by(&maker).await["lastAppealDay"], "2026-05-04");
    assert_eq!(given["course"]["reasonsDemand"]["given"]["reasons"], reasons());
    assert!(given.get("reasons").is_none(), "the decision itself never changes");
    let demand = action(&decision.seen_by(&provider).await, "demand-reasons").clone();
    assert_eq!((&demand["possible"], &demand["code"]), (&json!(false), &json!("reasons-there")));
    let again = decision.act(&provider, "reasons-demands", json!({})).await;
    again.problem(409, "reasons-there");

    world.set_clock("2026-05-04T22:00:00Z");
    let late = json!({"to": "2026-06-01", "why": "Mer tid"});
    decision.act(&maker, "prolongation", late).await.problem(409, "appeal-period-over");
}

async fn a_letter_starts_the_clock_when_it_arrives(world: World) {
    let body = json!({"outcome": "approve", "channel": "paper"});
    let (_, decision) = decide(&world, body).await;
    let (worker, maker) = (world.case_worker(), world.decision_maker());
    let sent = decision.seen_by(&worker).await;
    assert_eq!(sent["status"], "signed");
    assert!(sent.get("lastAppealDay").is_none());
    let text = sent["appeal"]["text"].as_str().unwrap();
    assert!(text.contains("tre uker fra den dagen brevet kom fram"), "{text}");

    world.set_clock("2026-03-17T09:00:00Z");
    let tomorrow = json!({"arrivedOn": "2026-03-18"});
    let refused = decision.act(&worker, "arrival", tomorrow).await.expect(422);
    assert_eq!(refused.pointers(), ["/arrivedOn"]);
    let arrived = json!({"arrivedOn": "2026-03-16"});
    let seen = decision.act(&worker, "arrival", arrived).await.expect(200).json();
    assert_eq!(
        (&seen["status"], &seen["lastAppealDay"]),
        (&json!("notified"), &json!("2026-04-07"))
    );
    let longer = json!({"to": "2026-05-14", "why": "Parten får ikke dokumentene før i april."});
    let seen = decision.act(&maker, "prolongation", longer).await.expect(200).json();
    assert_eq!(seen["lastAppealDay"], "2026-05-15");
    let journal = world.auditor().audits_without_notices().await;
    assert_eq!(journal.last().unwrap()["detail"]["lastDay"], "2026-05-15");

    let shorter = json!({"to": "2026-04-20", "why": "Feil"});
    assert_eq!(decision.act(&maker, "prolongation", shorter).await.expect(422).pointers(), ["/to"]);
}

async fn a_slip_is_mended_beside_the_original(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let maker = world.decision_maker();
    let slip = json!({
        "pointer": "/reasons/facts", "before": "2. mars", "after": "3. mars", "why": "Skrivefeil"
    });
    let seen = decision.act(&maker, "correction", slip.clone()).await.expect(200).json();
    assert_eq!(seen["status"], "corrected");
    assert_eq!(seen["reasons"], reasons(), "the original stands");
    assert_eq!(seen["corrected"][0]["text"], "Forholdet er påpekt skriftlig 3. mars.");
    assert_eq!(seen["lastAppealDay"], "2026-04-07");
    assert_eq!(seen["course"]["corrections"][0]["notification"]["channel"], "electronic");
    let again = decision.act(&maker, "correction", slip).await.expect(422);
    assert_eq!(again.pointers(), ["/before"]);
    for pointer in ["/outcome", "/grounds/0/ground", "/appeal/lastDay"] {
        let body = json!({"pointer": pointer, "before": "a", "after": "b", "why": "c"});
        let refused = decision.act(&maker, "correction", body).await.expect(422);
        assert_eq!(refused.pointers(), ["/pointer"], "{pointer}");
    }
    decision.act(&world.provider(), "correction", json!({})).await.problem(403, "role-missing");
}

async fn a_refusal_that_is_reversed_is_assessed_again(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let maker = world.decision_maker();
    let body = |ground: &str| json!({"ground": ground, "reasons": reasons()});
    let fails = decision.act(&maker, "reversal", body("not-arrived")).await;
    fails.problem(409, "reversal-ground-fails");
    let bare = decision.act(&maker, "reversal", json!({"ground": "no-harm"})).await.expect(422);
    assert_eq!(bare.pointers(), ["/reasons/rules", "/reasons/facts", "/reasons/considerations"]);
    let signed = decision.act(&maker, "reversal", body("no-harm")).await.expect(201);
    let second = signed.json();
    assert_eq!(
        (&second["outcome"], &second["reversalGround"]),
        (&json!("reverse"), &json!("no-harm"))
    );
    assert_eq!(
        decision.path,
        format!("/v1/decisions/{}", second["earlierDecisionId"].as_str().unwrap())
    );
    assert_ne!(second["number"], decision.seen_by(&maker).await["number"]);
    assert!(second.get("appeal").is_none());

    let first = decision.seen_by(&maker).await;
    assert_eq!(
        (&first["status"], &first["course"]["end"]["how"]),
        (&json!("reversed"), &json!("reversed"))
    );
    let path = format!("/v1/applications/{}", case.application);
    let application = world.case_worker().get(&path).await.expect(200).json();
    assert_eq!(application["state"], "under-assessment");
    assert_eq!(application["case"]["lines"]["contingency-plan"]["outcome"], "not-met");
    world.case_worker().assesses(&case.application, "contingency-plan", "met").await.expect(200);
    maker.decides(&case.application, json!({"outcome": "approve"})).await.expect(201);
    let again = decision.act(&maker, "reversal", body("no-harm")).await;
    again.problem(409, "illegal-transition");
}

async fn a_revocation_waits_and_is_reversed_with_the_gap_in_history(world: World) {
    let (case, decision) = revoke_approval(&world).await;
    let (maker, anyone) = (world.decision_maker(), world.anyone());
    let approval = format!("/v1/approvals/{}", case.approval);
    assert_eq!(anyone.get(&approval).await.expect(200).json()["status"], "revoked");

    world.set_clock("2026-04-10T09:00:00Z");
    let no = json!({"granted": false, "reasons": reasons()});
    let refused = decision.act(&maker, "deferral", no).await.expect(201).json();
    assert_eq!((&refused["outcome"], &refused["deferred"]), (&json!("defer"), &json!(false)));
    assert_eq!(anyone.get(&approval).await.json()["status"], "revoked");
    let yes = json!({"granted": true, "reasons": reasons()});
    decision.act(&maker, "deferral", yes.clone()).await.expect(201);
    assert_eq!(anyone.get(&approval).await.json()["status"], "active");
    assert_eq!(decision.seen_by(&maker).await["course"]["deferral"]["state"], "granted");
    decision.act(&maker, "deferral", yes).await.problem(409, "illegal-transition");

    world.set_clock("2026-04-12T09:00:00Z");
    let body = json!({"ground": "invalid", "reasons": reasons()});
    decision.act(&maker, "reversal", body).await.expect(201);
    let back = anyone.get(&approval).await.json();
    assert_eq!(back["status"], "active");
    let text = back.to_string();
    assert!(
        text.contains("2026-04-08T09:00:00Z") && text.contains("2026-04-10T09:00:00Z"),
        "{text}"
    );
    let journal = world.auditor().audits_without_notices().await;
    let kinds: Vec<_> = journal.iter().map(|row| row["event"].as_str().unwrap()).collect();
    let brought_about = ["decision.reversed", "decision.signed", "approval.reinstated"];
    assert_eq!(kinds[kinds.len() - 3..], brought_about);

    // The notice has served: what comes later needs a new one.
    let again = maker.revokes(&case.approval, revocation(&case.notice, "terms-breach")).await;
    let problem = again.problem(409, "prior-notice-used");
    assert!(
        problem["detail"].as_str().unwrap().starts_with("A revocation was decided"),
        "{problem}"
    );

    let path = format!("/v1/decisions/{}", back["decisionId"].as_str().unwrap());
    let approving = On { path };
    let body = json!({"ground": "invalid", "reasons": reasons()});
    let refused = approving.act(&maker, "reversal", body).await;
    refused.problem(409, "reversal-by-revocation");
}

async fn what_falls_due_stands_in_the_work_lists(world: World) {
    let (_, decision) = decide(&world, json!({"outcome": "approve"})).await;
    decision.act(&world.provider(), "reasons-demands", json!({})).await.expect(200);
    let list = world.decision_maker().get("/v1/work-list").await.expect(200).json();
    let tasks: Vec<_> = list["items"].as_array().unwrap().iter().map(|it| &it["task"]).collect();
    assert!(tasks.contains(&&json!("give-reasons")), "{list:#}");
}

async fn what_nobody_opens_in_a_week_is_notified_once_more_and_the_last_day_stays(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let worker = world.case_worker();
    world.set_clock("2026-03-19T22:59:59Z");
    world.catches_up().await;
    let early = decision.seen_by(&worker).await;
    assert!(early["course"]["notification"].get("renotifiedAt").is_none(), "{early:#}");
    world.set_clock("2026-03-19T23:00:00Z");
    world.catches_up().await;
    let again = decision.seen_by(&worker).await;
    assert_eq!(again["course"]["notification"]["renotifiedAt"], "2026-03-19T23:00:00Z");
    assert_eq!(again["lastAppealDay"], "2026-04-07");
    world.set_clock("2026-04-07T22:00:00Z");
    world.catches_up().await;
    world.catches_up().await;
    let journal = world.auditor().audits().await;
    let count = |kind: &str| journal.iter().filter(|row| row["event"] == kind).count();
    assert_eq!((count("decision.re-notified"), count("decision.final")), (1, 1));
    let seen = decision.seen_by(&worker).await;
    assert_eq!(
        (&seen["status"], &seen["course"]["finalAt"]),
        (&json!("final"), &json!("2026-04-07T22:00:00Z"))
    );
}

async fn a_deferral_ends_with_the_period_where_nobody_appeals(world: World) {
    let (case, decision) = revoke_approval(&world).await;
    let approval = format!("/v1/approvals/{}", case.approval);
    let yes = json!({"granted": true, "reasons": reasons()});
    decision.act(&world.decision_maker(), "deferral", yes).await.expect(201);
    let status = async || world.anyone().get(&approval).await.json()["status"].clone();
    assert_eq!(status().await, "active");
    // Revoked on 8 April: the last day to appeal is 29 April.
    world.set_clock("2026-04-29T22:00:00Z");
    world.catches_up().await;
    assert_eq!(status().await, "revoked");
    let seen = decision.seen_by(&world.case_worker()).await;
    assert_eq!(
        (&seen["status"], &seen["course"]["deferral"]["state"]),
        (&json!("final"), &json!("over"))
    );
}
