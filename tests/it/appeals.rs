//! Appeals from the receipt to the appeal body's decision, with their consequences.

mod of_another;
mod version;

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    decisions::{On, refuse_application, revoke_approval},
    on_both_databases,
    world::{Answer, KRISTIANSAND, Person, World, people::reasons},
};

on_both_databases!(
    a_refusal_is_changed_in_favour_by_findings_that_meet_everything,
    costs_are_claimed_after_a_reversal_without_an_appeal,
    the_appeal_body_upholds_or_sends_back,
    a_revocation_that_waited_takes_effect_when_it_is_upheld,
    a_revocation_that_is_changed_gives_the_approval_back,
    a_late_appeal_needs_a_ground_and_is_never_taken_after_a_year,
    a_decision_is_final_anew_when_a_late_appeal_is_closed,
    a_letter_with_defects_is_mended_or_dismissed,
    a_dismissal_that_is_annulled_on_appeal_takes_the_appeal_up_again,
    an_appeal_is_withdrawn_and_the_list_shows_it,
    a_case_worker_records_that_another_appellant_has_withdrawn,
    a_case_is_not_taken_up_again_beside_a_newer_application,
);

/// An appeal by its path.
pub struct Lodged {
    pub path: String,
}

impl Lodged {
    fn new(answer: &Answer) -> Self {
        Self { path: answer.header("location") }
    }

    pub async fn act(&self, who: &Person, act: &str, body: Value) -> Answer {
        let etag = who.get(&self.path).await.expect(200).etag();
        who.act(Method::POST, &format!("{}/{act}", self.path), &etag, Some(body)).await
    }

    pub async fn state(&self, who: &Person) -> String {
        let seen = who.get(&self.path).await.expect(200).json();
        seen["state"].as_str().unwrap().to_owned()
    }

    /// Taken, investigated.
    pub async fn review(&self, world: &World) {
        let worker = world.case_worker();
        self.act(&worker, "admission", json!({})).await.expect(200);
        let body = json!({"findings": "Planen er gjennomgått på nytt."});
        let seen = self.act(&worker, "review", body).await.expect(200).json();
        assert_eq!(seen["state"], "lower-body-review");
    }

    /// Taken, investigated, sent on.
    pub async fn forward(&self, world: &World) {
        self.review(world).await;
        let body = json!({"statement": "Kommunedirektøren fastholder vedtaket."});
        self.act(&world.case_worker(), "forwarding", body).await.expect(200);
    }
}

pub fn appeal() -> Value {
    json!({
        "text": "Beredskapsplanen lå ved søknaden.", "wantedChange": "Søknaden innvilges.",
        "signedBy": "Per Provider", "deferralWanted": true
    })
}

/// The appeal body decides today.
pub fn outcome(world: &World, ruling: &str) -> Value {
    json!({
        "ruling": ruling, "appealBody": "Klageutvalget", "decidedOn": world.now().date_naive(),
        "reasons": reasons()
    })
}

pub fn in_favour(outcome: &str) -> Value {
    json!({
        "ruling": "changed-in-favour", "reasons": reasons(),
        "findings": [{"criterion": "contingency-plan", "outcome": outcome, "note": "Vedlegg 4."}]
    })
}

/// A second decision maker, who has signed nothing in the case and has declared to be impartial.
pub async fn second_maker(world: &World, application: &str) -> Person {
    let ida = world.person("Ida Decision", Role::DecisionMaker, KRISTIANSAND);
    ida.declares_impartiality(application).await.expect(200);
    ida
}

/// The same after an approval: an appeal against a revocation belongs to that case.
pub async fn second_maker_after(world: &World, approval: &str) -> Person {
    let ida = world.person("Ida Decision", Role::DecisionMaker, KRISTIANSAND);
    ida.declares_impartiality_after(approval).await.expect(200);
    ida
}

pub async fn lodge(world: &World, decision: &On) -> Lodged {
    Lodged::new(&decision.act(&world.provider(), "appeals", appeal()).await.expect(201))
}

fn kinds(journal: &[Value], last: usize) -> Vec<&str> {
    journal[journal.len() - last..].iter().map(|row| row["event"].as_str().unwrap()).collect()
}

async fn a_refusal_is_changed_in_favour_by_findings_that_meet_everything(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let (provider, maker) = (world.provider(), world.decision_maker());
    let bare = decision.act(&provider, "appeals", json!({"text": "Vi klager"})).await.expect(422);
    assert_eq!(bare.pointers(), ["/wantedChange", "/signedBy"]);
    let lodged = lodge(&world, &decision).await;
    let seen = provider.get(&lodged.path).await.expect(200).json();
    assert_eq!((&seen["state"], &seen["inTime"]), (&json!("received"), &json!(true)));
    assert_eq!(decision.seen_by(&maker).await["status"], "appealed");
    decision.act(&provider, "appeals", appeal()).await.problem(409, "appeal-exists");
    world.other_provider().get(&lodged.path).await.problem(404, "not-found");

    lodged.act(&maker, "outcome", in_favour("met")).await.problem(409, "illegal-transition");
    lodged.review(&world).await;
    let failing = lodged.act(&maker, "outcome", in_favour("not-met")).await;
    failing.problem(409, "criteria-not-met");
    let signed = lodged.act(&maker, "outcome", in_favour("met")).await.expect(201).json();
    assert_eq!(
        (&signed["outcome"], &signed["ruling"]["ruling"]),
        (&json!("appeal"), &json!("changed-in-favour"))
    );
    let journal = world.auditor().audits_without_notices().await;
    let brought_about =
        ["appeal.decided", "decision.signed", "decision.reversed", "application.approved"];
    assert_eq!(kinds(&journal, 4), brought_about);

    let path = format!("/v1/applications/{}", case.application);
    let application = provider.get(&path).await.expect(200).json();
    assert_eq!(
        (&application["state"], &application["decisionId"]),
        (&json!("approved"), &signed["id"])
    );
    assert_eq!(application["case"]["lines"]["contingency-plan"]["outcome"], "met");
    let approval = signed["approvalId"].as_str().unwrap();
    maker.records_contract(approval, "2026-03-12", None).await.expect(200);
    assert_eq!(decision.seen_by(&maker).await["status"], "reversed");

    let claim = json!({
        "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer."
    });
    let seen = lodged.act(&provider, "costs-claim", claim.clone()).await.expect(200).json();
    assert_eq!(seen["costs"]["claimed"]["amount"], "18500.00");
    lodged.act(&provider, "costs-claim", claim).await.problem(409, "illegal-transition");
    let granted = json!({"amount": "12000.00", "currency": "NOK"});
    let answer = json!({"granted": granted, "reasons": reasons()});
    let own = lodged.act(&maker, "costs-decision", answer.clone()).await;
    own.problem(403, "signed-first-decision");
    let ida = second_maker(&world, &case.application).await;
    let mut above = answer.clone();
    above["appealBody"] = json!("Klageutvalget");
    above["decidedOn"] = json!("2026-03-12");
    let above = lodged.act(&ida, "costs-decision", above).await;
    assert_eq!(above.pointers(), ["/appealBody"]);
    let seen = lodged.act(&ida, "costs-decision", answer).await.expect(200).json();
    assert_eq!(seen["costs"]["answer"]["granted"]["amount"], "12000.00");
    let costs = seen["costs"]["answer"]["decisionId"].as_str().unwrap();
    let costs = On { path: format!("/v1/decisions/{costs}") };
    let decided = costs.seen_by(&provider).await;
    assert_eq!(
        (&decided["outcome"], &decided["earlierDecisionId"]),
        (&json!("costs"), &signed["id"])
    );
    let letter = provider.get(&format!("{}/letter", costs.path)).await.expect(200).text;
    assert!(letter.contains("Dere får dekket 12"), "{letter}");
    let lodged = costs.act(&provider, "appeals", appeal()).await.expect(201);
    assert_eq!(lodged.json()["state"], "received");
}

async fn costs_are_claimed_after_a_reversal_without_an_appeal(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let (provider, dag) = (world.provider(), world.decision_maker());
    let reversal = json!({"ground": "no-harm", "reasons": reasons()});
    let reversed = decision.act(&dag, "reversal", reversal).await.expect(201);
    let reversed = On { path: reversed.header("location") };
    let claim = json!({
        "amount": {"amount": "4000.00", "currency": "NOK"}, "whatFor": "Advokat, to timer."
    });
    decision.act(&provider, "costs-claim", claim.clone()).await.problem(409, "illegal-transition");
    let seen = reversed.act(&provider, "costs-claim", claim.clone()).await.expect(200).json();
    assert_eq!(seen["course"]["costs"]["claimed"]["amount"], "4000.00");
    reversed.act(&provider, "costs-claim", claim).await.problem(409, "illegal-transition");
    let refusal = json!({"reasons": reasons()});
    let own = reversed.act(&dag, "costs-decision", refusal.clone()).await;
    own.problem(403, "signed-first-decision");
    let ida = second_maker(&world, &case.application).await;
    let seen = reversed.act(&ida, "costs-decision", refusal).await.expect(200).json();
    let answer = &seen["course"]["costs"]["answer"];
    assert!(answer.get("granted").is_none());
    let costs = On { path: format!("/v1/decisions/{}", answer["decisionId"].as_str().unwrap()) };
    assert_eq!(costs.seen_by(&dag).await["status"], "notified");
}

async fn the_appeal_body_upholds_or_sends_back(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let provider = world.provider();
    let lodged = lodge(&world, &decision).await;
    lodged.forward(&world).await;
    let statement = provider.get(&lodged.path).await.expect(200).json();
    assert_eq!(
        statement["forwarding"]["notification"]["openings"][0]["by"]["name"],
        "Per Provider"
    );
    let dag = world.decision_maker();
    let own = lodged.act(&dag, "outcome", outcome(&world, "upheld")).await;
    own.problem(403, "signed-first-decision");
    let ida = second_maker(&world, &case.application).await;
    let signed = lodged.act(&ida, "outcome", outcome(&world, "upheld")).await.expect(201).json();
    assert_eq!(signed["ruling"]["appealBody"], "Klageutvalget");
    assert!(signed.get("appeal").is_none(), "nobody appeals against it");
    let about = On { path: format!("/v1/decisions/{}", signed["id"].as_str().unwrap()) };
    about.act(&provider, "appeals", appeal()).await.problem(409, "not-appealable");
    assert_eq!(lodged.state(&provider).await, "upheld");
    world.set_clock("2026-04-08T09:00:00Z");
    assert_eq!(decision.seen_by(&dag).await["status"], "final");

    // A second one, in time for nothing but § 31, is sent back.
    let late = lodge(&world, &decision).await;
    let excuse = json!({"lateGround": "special-reasons", "reasons": "Ny praksis."});
    late.act(&world.case_worker(), "admission", excuse).await.expect(200);
    let found = json!({"findings": "Planen lå ved."});
    late.act(&world.case_worker(), "review", found).await.expect(200);
    let statement = json!({"statement": "Oversendes."});
    late.act(&world.case_worker(), "forwarding", statement).await.expect(200);
    late.act(&ida, "outcome", outcome(&world, "annulled-returned")).await.expect(201);
    assert_eq!(decision.seen_by(&dag).await["status"], "annulled");
    let path = format!("/v1/applications/{}", case.application);
    let application = world.case_worker().get(&path).await.expect(200).json();
    assert_eq!(application["state"], "under-assessment");
    assert!(application["case"]["lines"]["tax-certificate"].is_object(), "the lines are kept");
}

async fn a_revocation_that_waited_takes_effect_when_it_is_upheld(world: World) {
    let (case, decision) = revoke_approval(&world).await;
    let (dag, anyone) = (world.decision_maker(), world.anyone());
    let approval = format!("/v1/approvals/{}", case.approval);
    let lodged = lodge(&world, &decision).await;
    assert_eq!(decision.seen_by(&dag).await["course"]["deferral"]["state"], "asked");
    let yes = json!({"granted": true, "reasons": reasons()});
    decision.act(&dag, "deferral", yes).await.expect(201);
    assert_eq!(anyone.get(&approval).await.json()["status"], "active");
    lodged.forward(&world).await;
    world.set_clock("2026-04-20T09:00:00Z");
    let ida = second_maker_after(&world, &case.approval).await;
    lodged.act(&ida, "outcome", outcome(&world, "upheld")).await.expect(201);
    assert_eq!(anyone.get(&approval).await.json()["status"], "revoked");
    assert_eq!(decision.seen_by(&dag).await["course"]["deferral"]["state"], "over");
    let journal = world.auditor().audits_without_notices().await;
    let closed = ["appeal.decided", "decision.signed", "decision.appeal-closed"];
    assert_eq!(kinds(&journal, 4)[..3], closed);
}

async fn a_revocation_that_is_changed_gives_the_approval_back(world: World) {
    let (case, decision) = revoke_approval(&world).await;
    let (dag, anyone) = (world.decision_maker(), world.anyone());
    let lodged = lodge(&world, &decision).await;
    lodged.review(&world).await;
    world.set_clock("2026-04-15T09:00:00Z");
    let body = json!({"ruling": "changed-in-favour", "reasons": reasons()});
    let signed = lodged.act(&dag, "outcome", body).await.expect(201).json();
    assert_eq!(signed["approvalId"], case.approval.as_str());
    let back = anyone.get(&format!("/v1/approvals/{}", case.approval)).await.json();
    assert_eq!(back["status"], "active");
    let text = back.to_string();
    for gap in ["2026-04-08T09:00:00Z", "2026-04-15T09:00:00Z"] {
        assert!(text.contains(gap), "the gap is kept: {text}");
    }
    assert_eq!(decision.seen_by(&dag).await["status"], "reversed");
}

async fn a_late_appeal_needs_a_ground_and_is_never_taken_after_a_year(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let (worker, dag) = (world.case_worker(), world.decision_maker());
    let ida = second_maker(&world, &case.application).await;
    world.set_clock("2026-04-07T22:00:00Z");
    let lodged = lodge(&world, &decision).await;
    let seen = worker.get(&lodged.path).await.json();
    assert_eq!((&seen["inTime"], &seen["missedLastDay"]), (&json!(false), &json!("2026-04-07")));
    lodged.act(&worker, "admission", json!({})).await.problem(409, "appeal-late");
    let dismissal = json!({"ground": "late", "reasons": reasons()});
    let own = lodged.act(&dag, "dismissal", dismissal.clone()).await;
    own.problem(403, "signed-first-decision");
    lodged.act(&ida, "dismissal", dismissal.clone()).await.expect(201);
    assert_eq!(lodged.state(&worker).await, "dismissed-late");

    let again = lodge(&world, &decision).await;
    let excuse = json!({"lateGround": "no-blame", "reasons": "Varselet gikk til feil adresse."});
    let taken = again.act(&worker, "admission", excuse.clone()).await.expect(200).json();
    assert_eq!(taken["admission"]["lateGround"], "no-blame");
    let withdrawn = again.act(&world.provider(), "withdrawal", json!({})).await.expect(200);
    assert_eq!(withdrawn.json()["state"], "withdrawn");

    world.set_clock("2027-03-12T23:00:00Z");
    let old = lodge(&world, &decision).await;
    old.act(&worker, "admission", excuse).await.problem(409, "appeal-too-old");
    old.act(&ida, "dismissal", dismissal).await.expect(201);
}

async fn a_decision_is_final_anew_when_a_late_appeal_is_closed(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let worker = world.case_worker();
    world.set_clock("2026-04-07T22:00:00Z");
    world.catches_up().await;
    let first = decision.seen_by(&worker).await;
    assert_eq!(first["course"]["finalAt"], "2026-04-07T22:00:00Z");
    world.set_clock("2026-04-20T09:00:00Z");
    let late = lodge(&world, &decision).await;
    let open = decision.seen_by(&worker).await;
    assert_eq!((&open["status"], open["course"].get("finalAt")), (&json!("appealed"), None));
    late.act(&world.provider(), "withdrawal", json!({})).await.expect(200);
    assert_eq!(world.catches_up().await, 1);
    let again = decision.seen_by(&worker).await;
    assert_eq!(
        (&again["status"], &again["course"]["finalAt"]),
        (&json!("final"), &json!("2026-04-20T09:00:00Z"))
    );
    assert_eq!(world.catches_up().await, 0);
}

async fn a_dismissal_that_is_annulled_on_appeal_takes_the_appeal_up_again(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let (worker, provider) = (world.case_worker(), world.provider());
    let ida = second_maker(&world, &case.application).await;
    world.set_clock("2026-04-08T09:00:00Z");
    let late = lodge(&world, &decision).await;
    let body = json!({"ground": "late", "reasons": reasons()});
    let dismissed = late.act(&ida, "dismissal", body.clone()).await.expect(201);
    let right = &dismissed.json()["appeal"];
    assert_eq!(right["body"], "Kristiansand kommunes klageutvalg");
    let dismissal = On::decision(&dismissed);
    assert_eq!(dismissal.seen_by(&worker).await["lastAppealDay"], "2026-04-29");
    let letter = provider.get(&format!("{}/letter", dismissal.path)).await.expect(200).text;
    assert!(letter.contains("Dere kan klage på avvisningen innen tre uker"), "{letter}");

    // The appeal against the dismissal goes to the appeal body, which annuls it.
    let mut against = appeal();
    against["text"] = "Klagen ble sendt i tide.".into();
    let second = Lodged::new(&dismissal.act(&provider, "appeals", against).await.expect(201));
    second.forward(&world).await;
    world.set_clock("2026-05-04T09:00:00Z");
    let eva = world.person("Eva Erstatter", Role::DecisionMaker, KRISTIANSAND);
    eva.declares_impartiality(&case.application).await.expect(200);
    let annul = outcome(&world, "annulled-returned");
    second.act(&eva, "outcome", annul).await.expect(201);
    assert_eq!(dismissal.seen_by(&worker).await["status"], "annulled");
    assert_eq!(decision.seen_by(&worker).await["status"], "appealed");
    let journal = world.auditor().audits_without_notices().await;
    let brought_about = [
        "appeal.decided",
        "decision.signed",
        "decision.annulled",
        "appeal.admitted",
        "decision.appealed",
    ];
    assert_eq!(kinds(&journal, 5), brought_about);

    // The first appeal is handled, and the lower body does not dismiss it once more.
    assert_eq!(late.state(&worker).await, "admitted");
    late.act(&ida, "dismissal", body).await.problem(409, "illegal-transition");
    let found = json!({"findings": "Planen lå ved."});
    late.act(&worker, "review", found).await.expect(200);
    late.act(&world.decision_maker(), "outcome", in_favour("met")).await.expect(201);
    assert_eq!(decision.seen_by(&worker).await["status"], "reversed");
}

async fn a_letter_with_defects_is_mended_or_dismissed(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let worker = world.case_worker();
    let ida = second_maker(&world, &case.application).await;
    world.set_clock("2026-04-14T09:00:00Z");
    let other = json!({
        "text": "Vedtaket rammer oss.", "appellant": "other", "name": "Nabo Omsorg AS",
        "legalInterest": "Deler personale med søkeren.", "knewOn": "2026-03-24",
        "receivedAt": "2026-04-13T09:00:00Z", "handedInOn": "2026-04-10"
    });
    let incomplete = json!({"text": "Vi klager", "appellant": "other"});
    let refused = decision.act(&worker, "appeals", incomplete).await.expect(422);
    assert_eq!(refused.pointers(), ["/name", "/legalInterest", "/knewOn"]);
    let lodged = Lodged::new(&decision.act(&worker, "appeals", other).await.expect(201));
    let seen = worker.get(&lodged.path).await.json();
    assert_eq!(
        (&seen["inTime"], &seen["appellant"]["name"]),
        (&json!(true), &json!("Nabo Omsorg AS"))
    );
    lodged.act(&worker, "admission", json!({})).await.problem(409, "appeal-defective");
    // The party cannot correct another's appeal, nor can read-only roles.
    let completed = json!({"wantedChange": "Klagen trekkes.", "signedBy": "Per Provider"});
    let seen = world.provider().get(&lodged.path).await.expect(200).json();
    assert!(!seen["actions"].to_string().contains("\"mend\""), "{seen:#}");
    let party = lodged.act(&world.provider(), "mending", completed.clone()).await;
    party.problem(404, "not-found");
    lodged.act(&ida, "mending", completed).await.problem(403, "role-missing");
    let ask = json!({"deadline": "2026-04-25"});
    let answer = lodged.act(&worker, "mending-request", ask).await.expect(200).json();
    assert_eq!(answer["mending"]["deadline"], "2026-04-27", "a Saturday moves on");
    let dismissal = json!({"ground": "not-mended", "reasons": reasons()});
    let early = lodged.act(&ida, "dismissal", dismissal.clone()).await;
    early.problem(409, "appeal-defective");
    world.set_clock("2026-04-27T22:00:00Z");
    let signed = lodged.act(&ida, "dismissal", dismissal).await.expect(201).json();
    assert_eq!(signed["ruling"]["dismissalGround"], "not-mended");

    let letter = json!({
        "text": "Vi klager.", "receivedAt": "2026-04-09T09:00:00Z", "handedInOn": "2026-04-07"
    });
    let posted = Lodged::new(&decision.act(&worker, "appeals", letter).await.expect(201));
    let mended = json!({"wantedChange": "Søknaden innvilges.", "signedBy": "Per Provider"});
    posted.act(&world.provider(), "mending", mended).await.expect(200);
    let taken = posted.act(&worker, "admission", json!({})).await.expect(200).json();
    assert_eq!((&taken["state"], &taken["inTime"]), (&json!("admitted"), &json!(true)));
}

async fn an_appeal_is_withdrawn_and_the_list_shows_it(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let (provider, worker) = (world.provider(), world.case_worker());
    for _ in 0..3 {
        let lodged = lodge(&world, &decision).await;
        let done = lodged.act(&provider, "withdrawal", json!({})).await.expect(200).json();
        let actions = done["actions"].as_array().unwrap();
        assert!(actions.iter().all(|action| action["possible"] == false), "{actions:?}");
    }
    let open = lodge(&world, &decision).await;
    assert_eq!(provider.pages("/v1/appeals?limit=2").await.len(), 4);
    let received = worker.pages("/v1/appeals?state=received").await;
    assert_eq!(received.len(), 1);
    assert!(open.path.ends_with(received[0]["id"].as_str().unwrap()));
    assert!(world.other_provider().pages("/v1/appeals").await.is_empty());
    worker.get("/v1/appeals?state=gone").await.problem(400, "invalid-parameter");
    world.auditor().get("/v1/appeals").await.problem(403, "role-missing");
    let list = worker.get("/v1/work-list").await.expect(200).json();
    assert!(list.to_string().contains("review-appeal"), "{list:#}");
}

async fn a_case_worker_records_that_another_appellant_has_withdrawn(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let (provider, worker) = (world.provider(), world.case_worker());
    let other = json!({
        "text": "Vedtaket rammer oss.", "appellant": "other", "name": "Nabo Omsorg AS",
        "legalInterest": "Deler personale med søkeren.", "knewOn": "2026-03-12",
        "receivedAt": "2026-03-12T09:00:00Z", "handedInOn": "2026-03-12"
    });
    let lodged = Lodged::new(&decision.act(&worker, "appeals", other).await.expect(201));
    lodged.act(&provider, "withdrawal", json!({})).await.problem(404, "not-found");
    let dag = world.decision_maker();
    lodged.act(&dag, "withdrawal", json!({})).await.problem(403, "role-missing");
    let done = lodged.act(&worker, "withdrawal", json!({})).await.expect(200).json();
    assert_eq!(done["state"], "withdrawn");
    assert_eq!(decision.seen_by(&dag).await["status"], "notified");
    let own = lodge(&world, &decision).await;
    own.act(&worker, "withdrawal", json!({})).await.problem(409, "illegal-transition");
}

async fn a_case_is_not_taken_up_again_beside_a_newer_application(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let (provider, dag) = (world.provider(), world.decision_maker());
    let lodged = lodge(&world, &decision).await;
    lodged.review(&world).await;
    let newer = provider.drafts_application(&case.offering).await;
    let annul = json!({"ruling": "annulled-returned", "reasons": reasons()});
    let refused = lodged.act(&dag, "outcome", annul.clone()).await;
    let problem = refused.problem(409, "duplicate-application");
    assert_eq!(problem["existing"], format!("/v1/applications/{newer}"));
    assert!(problem["detail"].as_str().unwrap().contains("applied again"), "{problem}");
    assert_eq!(lodged.state(&provider).await, "lower-body-review", "nothing was done");
    let reversal = json!({"ground": "no-harm", "reasons": reasons()});
    decision.act(&dag, "reversal", reversal).await.problem(409, "duplicate-application");
    provider.withdraws(&newer).await.expect(200);
    lodged.act(&dag, "outcome", annul).await.expect(201);
}
