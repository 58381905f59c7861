//! Steps 7 and 8: warned, heard and revoked; and the journal of it all.

use godkjent::domain::role::Role;
use serde_json::{Value, json};

use super::{MUNICIPAL_PARTIES, tell};
use crate::world::{
    KRISTIANSAND, OTHER_PROVIDER, PROVIDER, World,
    guarded::Act,
    people::{Case, PAGE, id, revocation, warning},
};

/// Step 7, until the time to reply runs.
pub async fn the_provider_is_warned(world: &World, case: &Case) -> String {
    let (kari, dag) = (world.case_worker(), world.decision_maker());
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = dag.get(&format!("{path}/case")).await.expect(200).etag();
    // The ETag of the public resource is valid for commands too.
    let public = kari.get(&path).await.expect(200).etag();
    let revoke = |body: Value| Act::post(format!("{path}/revocation")).at(&etag).with(body);
    let warn = |body: Value| Act::post(format!("{path}/prior-notices")).at(&public).with(body);

    let unsaid = warn(warning("terms-breach")).by(&kari).await;
    unsaid.problem(409, "impartiality-not-declared");
    let yes = json!({"impartial": true});
    let declare = Act::post(format!("{path}/impartiality")).at(&public).with(yes);
    let declare =
        || declare.clone().also(&[Role::CaseWorker, Role::DecisionMaker, Role::Inspector]);
    world.only(&kari, Role::CaseWorker, declare()).await.expect(200);
    world.only(&dag, Role::DecisionMaker, declare()).await.expect(200);
    tell("   Whoever warns and revokes declares impartiality first.");

    let mut unannounced = revocation("", "terms-breach");
    unannounced.as_object_mut().unwrap().shift_remove("priorNoticeId");
    revoke(unannounced).by(&dag).await.problem(409, "prior-notice-missing");
    let invented = revocation(&case.application, "terms-breach");
    revoke(invented).by(&dag).await.problem(409, "prior-notice-missing");
    tell("7. A revocation without prior notice is refused.");

    let probable = warn(warning("bankruptcy-probable")).by(&kari).await;
    assert_eq!(probable.json()["errors"][0]["code"], "ground-cannot-revoke");
    warn(warning("health-law-not-met")).by(&kari).await.problem(409, "ground-not-in-terms");
    let mut hasty = warning("terms-breach");
    hasty["replyBy"] = json!("2026-03-16");
    assert_eq!(warn(hasty).by(&kari).await.pointers(), ["/replyBy"]);
    // Version 1 lists the breach of terms, version 2 does not: the approval lives by version 1.
    let mut easter = warning("terms-breach");
    easter["replyBy"] = json!("2026-04-02");
    let sent = world.only(&kari, Role::CaseWorker, warn(easter)).await.expect(201);
    let notice = id(&sent);
    assert_eq!(sent.header("location"), format!("/v1/prior-notices/{notice}"));
    assert_eq!(sent.json()["replyBy"], "2026-04-07", "the next working day after Easter");
    assert_eq!(sent.json()["sentBy"]["name"], "Kari Case");
    assert_eq!(sent.json()["state"], "sent");
    let read = Act::get(sent.header("location")).also(MUNICIPAL_PARTIES);
    let read = world.only(&world.provider(), Role::Provider, read).await.expect(200);
    assert_eq!(read.json()["grounds"], sent.json()["grounds"]);
    let case_view = dag.get(&format!("{path}/case")).await.json();
    assert_eq!(case_view["priorNotices"][0]["id"], sent.json()["id"]);
    assert_eq!(
        case_view["priorNotices"][0]["notification"]["openings"][0]["by"]["name"],
        "Per Provider"
    );
    assert_eq!(case_view["status"], "active", "a warning takes nothing away");
    tell("   It is warned of a breach of the terms, with time to reply until 2026-04-07.");

    let too_early = revoke(revocation(&notice, "terms-breach")).by(&dag).await;
    let problem = too_early.problem(409, "prior-notice-running");
    assert!(problem["detail"].as_str().unwrap().contains("2026-04-07"), "{problem}");
    world.set_clock("2026-04-07T21:59:59Z");
    let running = revoke(revocation(&notice, "terms-breach")).by(&dag).await;
    running.problem(409, "prior-notice-running");
    tell("   To revoke before the time to reply is out is refused, up to the last second.");
    notice
}

/// Step 7, from the reply on.
pub async fn it_replies_and_is_revoked(world: &World, case: &Case) {
    let (dag, anyone) = (world.decision_maker(), world.anyone());
    let path = format!("/v1/prior-notices/{}", case.notice);
    let etag = world.provider().get(&path).await.expect(200).etag();
    let reply = json!({"text": "Avvikene er rettet, se vedlagt plan."});
    let reply = Act::post(format!("{path}/reply")).at(&etag).with(reply);
    let replied = world.only(&world.provider(), Role::Provider, reply).await.expect(200);
    assert_eq!(replied.json()["state"], "answered");
    let first = &replied.json()["replies"][0];
    assert_eq!(first["text"], "Avvikene er rettet, se vedlagt plan.");
    assert_eq!((&first["at"], &first["final"]), (&json!("2026-04-07T21:59:59Z"), &json!(false)));

    let path = format!("/v1/approvals/{}", case.approval);
    let etag = dag.get(&path).await.expect(200).etag();
    let revoke = |body: Value| Act::post(format!("{path}/revocation")).at(&etag).with(body);
    let on = |ground: &str| revocation(&case.notice, ground);
    revoke(on("terms-breach")).by(&dag).await.problem(409, "prior-notice-running");
    let notice = format!("/v1/prior-notices/{}", case.notice);
    let again = Act::post(format!("{notice}/reply")).at(&replied.etag());
    let again = again.with(json!({"text": "Og en ting til.", "final": true}));
    let again = again.by(&world.provider()).await.expect(200);
    assert_eq!(again.json()["replies"][1]["final"], true);
    tell("   It replies; to revoke is refused until it has said that it has nothing to add.");
    let probable = revoke(on("bankruptcy-probable")).by(&dag).await;
    assert_eq!(probable.pointers(), ["/grounds/0/ground"]);
    assert_eq!(probable.json()["errors"][0]["code"], "ground-cannot-revoke");
    probable.problem(422, "validation");
    revoke(on("health-law-not-met")).by(&dag).await.problem(409, "ground-not-in-terms");
    revoke(on("supervisory-breach")).by(&dag).await.problem(409, "ground-not-notified");
    let mut bare = on("terms-breach");
    for part in ["grounds", "reasons", "windingDown"] {
        bare.as_object_mut().unwrap().shift_remove(part);
    }
    assert_eq!(
        revoke(bare).by(&dag).await.pointers(),
        ["/grounds", "/reasons/rules", "/reasons/facts", "/reasons/considerations"]
    );
    let kari = world.person("Kari Case", Role::DecisionMaker, KRISTIANSAND);
    revoke(on("terms-breach")).by(&kari).await.problem(403, "four-eyes");
    let mut past = on("terms-breach");
    past["effectiveAt"] = json!("2026-04-01T00:00:00Z");
    assert_eq!(revoke(past).by(&dag).await.pointers(), ["/effectiveAt"]);
    let mut short = on("terms-breach");
    short["windingDown"]["until"] = json!("2026-04-01");
    assert_eq!(revoke(short).by(&dag).await.pointers(), ["/windingDown/until"]);
    tell("   Not on bankruptcy-probable, a ground not in the terms or not notified, nor alone.");

    world.set_clock("2026-04-08T07:00:00Z");
    let mut body = on("terms-breach");
    body["effectiveAt"] = json!("2026-04-30T22:00:00Z");
    let revoked = world.only(&dag, Role::DecisionMaker, revoke(body)).await.expect(201);
    let decision = revoked.json();
    assert_eq!(
        (&decision["outcome"], &decision["number"]),
        (&json!("revoke"), &json!("4204-2026/3"))
    );
    assert_eq!(decision["approvalId"], case.approval);
    assert_eq!(decision["authority"]["caseWorker"], "Kari Case");
    assert_eq!(decision["grounds"][0]["facts"], "Tre avvik, ikke rettet.");
    let signed = format!("/v1/decisions/{}", decision["id"].as_str().unwrap());
    assert_eq!(dag.get(&signed).await.json()["lastAppealDay"], "2026-04-29");
    tell("   It is revoked as 4204-2026/3, with effect from 1 May.");
    until_it_takes_effect(world, case, &decision).await;
    let again = Act::post(format!("{path}/revocation")).at(&anyone.get(&path).await.etag());
    let again = again.with(on("terms-breach")).by(&dag).await.problem(409, "illegal-transition");
    assert_eq!(again["currentState"], "revoked");
}

async fn until_it_takes_effect(world: &World, case: &Case, decision: &Value) {
    let anyone = world.anyone();
    let path = format!("/v1/approvals/{}", case.approval);
    let selectable = async || {
        let page = anyone.get(PAGE).await.expect(200);
        let listed = anyone.get("/v1/approvals").await.expect(200).json();
        let on_page = page.text.contains(&case.approval);
        assert_eq!(on_page, !listed["items"].as_array().unwrap().is_empty());
        (on_page, page.etag())
    };
    let revocation = json!({
        "decisionId": decision["id"], "effectiveAt": "2026-04-30T22:00:00Z",
        "setAt": "2026-04-08T07:00:00Z", "grounds": ["terms-breach"],
        "windingDown": {"until": "2026-07-31", "takenOverBy": "Kommunens egen tjeneste"}
    });
    world.set_clock("2026-04-30T21:59:59Z");
    let announced = anyone.get(&path).await.expect(200).json();
    assert_eq!((&announced["status"], &announced["revocation"]), (&json!("active"), &revocation));
    let (before, etag) = selectable().await;
    assert!(before, "until the very instant");
    world.set_clock("2026-04-30T22:00:00Z");
    let (after, new_etag) = selectable().await;
    assert!(!after, "gone at it");
    assert_ne!(etag, new_etag);
    let ended = anyone.get(&path).await.expect(200).json();
    assert_eq!((&ended["status"], &ended["revocation"]), (&json!("revoked"), &revocation));
    let history = anyone.get(&format!("/v1/providers/{PROVIDER}")).await.expect(200).json();
    assert_eq!(history["approvals"][0]["id"], case.approval);
    assert_eq!(history["approvals"][0]["status"], "revoked");
    let revoked = anyone.get("/v1/approvals?status=revoked").await.expect(200).json();
    assert_eq!(revoked["items"], json!([ended]));
    tell(
        "   Selectable until the instant, gone at it; still in history: when and on which ground.",
    );
}

/// Step 8.
pub async fn the_journal_has_it_all(world: &World, case: &Case) {
    let anyone = world.anyone();
    let feed = anyone.get("/v1/changes?after=0").await.expect(200).json();
    let changes = feed["items"].as_array().unwrap();
    let of = |what: &str, name: &str| (format!("no.godkjent.{what}.v1"), name.to_owned());
    let (offering, approval) =
        (format!("/v1/offerings/{}", case.offering), format!("/v1/approvals/{}", case.approval));
    let decisions = anyone.get("/v1/decisions").await.expect(200).json()["items"].clone();
    let signed = |place: usize| {
        let id = decisions[place]["id"].as_str().unwrap();
        of("decision.signed", &format!("/v1/decisions/{id}"))
    };
    let expected = [
        of("municipality.updated", "/v1/municipalities/4204"),
        of("offering.published", &offering),
        of("provider.registered", &format!("/v1/providers/{PROVIDER}")),
        of("provider.registered", &format!("/v1/providers/{OTHER_PROVIDER}")),
        of("offering.published", &offering),
        signed(0),
        of("approval.contract-recorded", &approval),
        signed(1),
        of("approval.revoked", &approval),
        signed(2),
    ];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events: Vec<_> = changes.iter().map(|c| (text(&c["type"]), text(&c["subject"]))).collect();
    assert_eq!(events, expected);
    let sequence: Vec<_> = changes.iter().map(|change| text(&change["sequence"])).collect();
    assert_eq!(sequence, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    assert_eq!(
        [&feed["position"], &feed["highWater"], &feed["hasMore"]],
        [10, 10, 0].map(|n| if n == 0 { json!(false) } else { json!(n) }).each_ref()
    );
    let versions = anyone.get(&format!("{offering}/versions")).await.json();
    assert_eq!([&changes[1]["data"], &changes[4]["data"]], [&versions[0], &versions[1]]);
    let mut profile = anyone.get(&format!("/v1/providers/{PROVIDER}")).await.json();
    profile.as_object_mut().unwrap().shift_remove("approvals");
    assert_eq!(profile.as_object_mut().unwrap().shift_remove("stale"), Some(json!(false)));
    assert_eq!(changes[2]["data"], profile);
    let municipality = anyone.get("/v1/municipalities/4204").await.json();
    assert_eq!(changes[0]["data"], municipality["settings"]);
    assert_eq!(changes[6]["data"].get("revocation"), None, "as it was then");
    let mut ended = anyone.get(&approval).await.json();
    ended["status"] = json!("active");
    ended["nextChange"] = changes[8]["data"]["nextChange"].clone();
    // The event is of the approval only: related data is joined by id.
    for joined in ["profile", "offering"] {
        assert!(ended.as_object_mut().unwrap().shift_remove(joined).is_some(), "{joined}");
    }
    assert_eq!(changes[8]["data"], ended, "as it was when it was decided");
    for (change, decision) in [5, 7, 9].iter().zip(decisions.as_array().unwrap()) {
        assert_eq!(changes[*change]["data"], *decision);
    }
    let part = anyone.get("/v1/changes?after=2&limit=3").await.json();
    assert_eq!(part["items"], json!(changes[2..5]));
    assert_eq!((&part["position"], &part["hasMore"]), (&json!(5), &json!(true)));
    assert_eq!(anyone.get("/v1/changes?after=10").await.json()["items"], json!([]));
    tell("8. The change feed replays the 10 public steps in order, each with its whole data.");
    the_auditor_reads_every_step(world).await;
}

/// The events of the whole story: a row per accepted command and per decision, none for rejected ones.
fn every_step() -> Vec<&'static str> {
    let apply = |answers: usize| {
        let mut steps = vec!["application.drafted", "application.draft-changed"];
        steps.extend(vec!["application.answer-given"; answers]);
        steps.extend(["application.evidence-attached"; 3]);
        steps
    };
    let mut steps = vec![
        "offering.drafted",
        "municipality.updated",
        "offering.draft-changed",
        "offering.published",
        "provider.registered",
        "provider.registered",
    ];
    let mut first = apply(4);
    first.insert(1, "application.draft-changed");
    steps.extend(first);
    steps.extend(["application.submitted", "offering.draft-changed", "offering.published"]);
    let declared = "application.impartiality-declared";
    steps.extend([declared, "application.assessment-started", declared]);
    steps.extend(["application.criterion-assessed"; 5]);
    steps.extend([
        "application.approved",
        "decision.signed",
        "decision.opened",
        "approval.contract-recorded",
    ]);
    steps.extend(apply(4));
    steps.extend(["application.answer-given", "application.submitted"]);
    steps.extend([declared, "application.assessment-started"]);
    steps.extend(["application.criterion-assessed"; 4]);
    steps.extend([declared, "application.criterion-assessed", "application.refused"]);
    steps.extend(["decision.signed", "decision.opened"]);
    steps.extend(["approval.impartiality-declared"; 2]);
    steps.extend([
        "approval.prior-notice-sent",
        "approval.prior-notice-opened",
        "approval.prior-notice-answered",
        "approval.prior-notice-answered",
    ]);
    steps.extend(["approval.revoked", "decision.signed"]);
    steps
}

async fn the_auditor_reads_every_step(world: &World) {
    let auditor = world.auditor();
    world.only(&auditor, Role::Auditor, Act::get("/v1/audit")).await.expect(200);
    let rows = auditor.audits_without_notices().await;
    let events: Vec<_> = rows.iter().map(|row| row["event"].as_str().unwrap()).collect();
    assert_eq!(events, every_step());
    for (row, position) in auditor.audits().await.iter().zip(1..) {
        assert_eq!(row["position"], position, "in journal order, without gaps");
    }
    for row in &rows {
        assert!(!row["requestId"].as_str().unwrap().is_empty());
        let by = (row["role"].as_str().unwrap(), row["actorName"].as_str().unwrap());
        let expected = match row["event"].as_str().unwrap() {
            "municipality.updated" => [("editor", "Eva Editor")].to_vec(),
            event if event.starts_with("offering.") => [("editor", "Eva Editor")].to_vec(),
            "application.assessment-started"
            | "application.criterion-assessed"
            | "approval.prior-notice-sent" => [("case-worker", "Kari Case")].to_vec(),
            "application.impartiality-declared" | "approval.impartiality-declared" => {
                [("case-worker", "Kari Case"), ("decision-maker", "Dag Decision")].to_vec()
            }
            "application.approved"
            | "application.refused"
            | "approval.contract-recorded"
            | "approval.revoked"
            | "decision.signed" => [("decision-maker", "Dag Decision")].to_vec(),
            _ => [("provider", "Per Provider"), ("provider", "Pia Provider")].to_vec(),
        };
        assert!(expected.contains(&by), "{row:#}");
    }
    let public: Vec<_> = rows.iter().filter_map(|row| row["publicPosition"].as_i64()).collect();
    assert_eq!(public, (1..=10).collect::<Vec<_>>());
    let decided = rows.iter().find(|row| row["event"] == "application.approved").unwrap();
    assert_eq!(decided["detail"]["number"], "4204-2026/1");
    assert_eq!(decided["at"], "2026-03-12T09:00:00Z");
    tell(&format!("   The auditor reads all {} rows, in order.", rows.len()));
}
