//! Every published code, with a request that causes it.
//!
//! The table is run: a code without a row, or with a row that does not cause it, fails here.

mod appeals;
mod evidence;
mod tokens;

use std::collections::BTreeSet;

use actix_web::{http::Method, web};
use godkjent::{
    api::middleware::rate_limits::{RateLimits, Rates},
    app::ServerComponents,
    domain::role::Role,
};
use serde_json::{Value, json};

use super::scene::{Scene, profile};
use crate::{
    on_both_databases,
    world::{
        Answer, BAERUM, OTHER_PROVIDER, PROVIDER, World, bpa_content,
        people::answered_while_the_other_runs,
    },
};

on_both_databases!(every_published_code_is_provoked_or_explained);

/// Codes that no request can provoke, and why.
const EXPLAINED: [(&str, &str); 9] = [
    ("internal", "a fault of ours: a test that could provoke it would be a bug to mend"),
    ("storage-full", "only on a full disk: the tests of evidence mount a little one"),
    ("busy", "only under load: the store's own tests provoke it"),
    ("outcome-unknown", "only in the midst of a commit: `process::database_gone` provokes it"),
    (
        "not-writable",
        "only on a disk or server that takes nothing: `process::unwritable` provokes it",
    ),
    ("not-ready", "only without a database: `process::database_gone` provokes it"),
    ("overloaded", "only under load: `overload` provokes it"),
    ("too-many-changes", "only after hundreds of changes in a day: `one_event` provokes it"),
    ("request-timeout", "only over a socket: `process::slow` provokes it"),
];

/// The rows: the code, and the response.
struct Table {
    provoked: BTreeSet<String>,
    published: Vec<Value>,
}

impl Table {
    #[track_caller]
    fn row(&mut self, code: &str, answer: Answer) {
        let known = self.published.iter().find(|row| row["code"] == code);
        let row = known.unwrap_or_else(|| panic!("‘{code}’ is not published"));
        let status = u16::try_from(row["status"].as_u64().unwrap()).unwrap();
        let problem = answer.problem(status, code);
        assert_eq!(problem["title"], row["title"]);
        assert_eq!(problem["type"], format!("/problems#{code}"));
        self.provoked.insert(code.to_owned());
    }
}

async fn every_published_code_is_provoked_or_explained(world: World) {
    let published = world.anyone().get("/problems").await.expect(200).json();
    let published = published["items"].as_array().unwrap().clone();
    let mut table = Table { provoked: BTreeSet::new(), published };
    requests(&mut table, &world).await;
    appeals::codes(&mut table).await;
    tokens::codes(&mut table).await;
    gone(&mut table, &World::on_sqlite().await).await;
    evidence::codes(&mut table, World::on_sqlite().await).await;
    let scene = Scene::new(world.clone()).await;
    drafts(&mut table, &scene).await;
    intake(&mut table, &scene).await;
    scene.submit().await;
    assessment(&mut table, &scene).await;
    decision(&mut table, &scene).await;
    revocation(&mut table, &scene).await;
    let explained = EXPLAINED.iter().map(|(code, why)| {
        assert!(!table.provoked.contains(*code), "‘{code}’ needs no explanation: {why}");
        (*code).to_owned()
    });
    let mut covered = table.provoked.clone();
    covered.extend(explained.collect::<Vec<_>>());
    let published = table.published.iter().map(|row| row["code"].as_str().unwrap().to_owned());
    assert_eq!(covered, published.collect::<BTreeSet<_>>());
}

/// HTTP codes, without existing resources.
async fn requests(table: &mut Table, world: &World) {
    let (anyone, provider) = (world.anyone(), world.provider());
    let me = format!("/v1/providers/{PROVIDER}");
    let put = |kind: &'static str, body: Vec<u8>| {
        let request = provider.request(Method::PUT, &me).header("If-None-Match", "*");
        request.body(kind, body).send()
    };
    let json = "application/json";
    table.row("malformed-json", put(json, b"{".to_vec()).await);
    let deep = [vec![b'['; 65], vec![b']'; 65]].concat();
    table.row("json-too-deep", put(json, deep).await);
    table.row("wrong-type", put(json, b"{\"name\": 7}".to_vec()).await);
    table.row("unknown-field", put(json, b"{\"colour\": 7}".to_vec()).await);
    table.row("validation", put(json, b"{}".to_vec()).await);
    table.row("payload-too-large", put(json, vec![b' '; 1024 * 1024 + 1]).await);
    table.row("unsupported-media-type", put("text/plain", b"{}".to_vec()).await);
    table.row("unknown-parameter", anyone.get("/v1/approvals?colour=red").await);
    table.row("invalid-parameter", anyone.get("/v1/approvals?kind=x").await);
    table.row("limit-out-of-range", anyone.get("/v1/approvals?limit=0").await);
    table.row("impossible-time", anyone.get("/v1/approvals?validAt=2026-02-30").await);
    table.row("invalid-cursor", anyone.get("/v1/approvals?cursor=x").await);
    let first = anyone.get("/v1/municipalities?limit=1").await.json();
    let next = first["page"]["next"].as_str().unwrap_or_default();
    table.row("foreign-cursor", anyone.get(&next.replace("municipalities", "offerings")).await);
    table.row("invalid-identifier", anyone.get("/v1/approvals/x").await);
    let twice = anyone.request(Method::POST, "/v1/approvals/lookup").json(&json!({}));
    let twice = twice.header("Content-Length", "2").header("Transfer-Encoding", "chunked");
    table.row("doubtful-length", twice.send().await);
    table.row("unauthenticated", anyone.get("/v1/audit").await);
    table.row("unknown-route", anyone.get("/v1/nothing").await);
    let delete = anyone.request(Method::DELETE, "/v1/approvals").send().await;
    table.row("method-not-allowed", delete);
    table.row("role-missing", provider.get("/v1/audit").await);
    let nobody = world.person("Nils Ingen", Role::Editor, PROVIDER);
    table.row("not-a-municipality", nobody.post("/v1/offerings", json!({})).await);
    let nothing = format!("/v1/approvals/{}", uuid::Uuid::nil());
    table.row("position-ahead", anyone.get("/v1/changes?after=4000000").await);
    let beyond = anyone.request(Method::GET, "/v1/snapshots/approvals.csv");
    let beyond = beyond.header("Range", "bytes=4000000-").send().await;
    table.row("range-not-satisfiable", beyond);
    table.row("not-found", anyone.get(&nothing).await);
    let keyed = |key: &str, service: &str| {
        let neighbour = world.person("Bo Nabo", Role::Editor, "929911709");
        let request = neighbour.request(Method::POST, "/v1/offerings");
        request.header("Idempotency-Key", key).json(&json!({"service": service}))
    };
    table.row("idempotency-key-form", keyed("a b", "practical-help").send().await);
    let twice = ["k", "k"].map(|key| keyed(key, "practical-help"));
    let [refused, _] = answered_while_the_other_runs(twice).await;
    table.row("idempotency-in-progress", refused);
    table.row("idempotency-key-reused", keyed("k", "personal-assistance").send().await);
    let rates = Rates { reads: 1, ..Rates::default() };
    let limited = world.another_instance_with(move |it| ServerComponents {
        limits: web::Data::new(RateLimits::new(rates)),
        ..it
    });
    let limited = limited.await.anyone();
    limited.get("/v1/municipalities").await.expect(200);
    table.row("rate-limited", limited.get("/v1/municipalities").await);
}

/// An approval with an annulled contract.
async fn gone(table: &mut Table, world: &World) {
    let (case, dag) = (world.grant_approval().await, world.decision_maker());
    dag.records_contract(&case.approval, "2026-05-01", None).await.expect(200);
    let reason = json!({"reason": "Feilført."});
    crate::tombstone::strikes(&dag, &case.approval, reason).await.expect(200);
    table.row("gone", world.anyone().get(&format!("/v1/approvals/{}", case.approval)).await);
}

/// Codes of offerings, profiles and drafts of applications.
async fn drafts(table: &mut Table, scene: &Scene) {
    let (provider, editor) = (scene.world.provider(), scene.world.editor());
    let baerum = scene.world.person("Bo Editor", Role::Editor, BAERUM);
    let me = format!("/v1/providers/{PROVIDER}");
    let replace = |etag: &'static str| provider.act(Method::PUT, &me, etag, Some(profile()));
    table.row("precondition-failed", replace("\"9\"").await);
    table.row("etag-form", replace("9").await);
    let request = provider.request(Method::PUT, &me).json(&profile());
    table.row("precondition-required", request.send().await);
    let other = scene.world.other_provider();
    table.row("not-your-organisation", other.create(&me, profile()).await);
    let body = json!({"service": "personal-assistance", "content": bpa_content()});
    table.row("offering-exists", editor.post("/v1/offerings", body).await);
    let body = json!({"service": "personal-assistance"});
    let draft = baerum.post("/v1/offerings", body).await.expect(201);
    let path = draft.header("location").replace("/draft", "/publication");
    let publish = baerum.act(Method::POST, &path, &draft.etag(), None).await;
    table.row("offering-incomplete", publish);
    let body = json!({"offeringId": scene.offering_id});
    table.row("provider-not-registered", other.post("/v1/applications", body.clone()).await);
    table.row("duplicate-application", provider.post("/v1/applications", body).await);
    let submit = scene.act(&provider, Method::POST, "submission", None).await;
    table.row("application-incomplete", submit);
}

/// Codes of the intake, at an offering of Bærum's own.
async fn intake(table: &mut Table, scene: &Scene) {
    let world = &scene.world;
    let late = json!({
        "provider": PROVIDER, "reason": {"nb": "Uvær."}, "expiresOn": "2026-03-20"
    });
    let path = format!("{}/late-access", scene.offering);
    table.row("no-round-missed", world.decision_maker().post(&path, late).await);
    let close = json!({"kind": "to-new", "from": "2026-03-12", "reason": {"nb": "Nok."}});
    let closure = format!("{}/closure", scene.offering);
    let etag = scene.draft_etag().await;
    let closed = world.editor().act(Method::POST, &closure, &etag, Some(close.clone())).await;
    table.row("must-stay-open", closed);

    let (town, provider, other) = (world.town(BAERUM), world.provider(), world.other_provider());
    other.registers(OTHER_PROVIDER, profile()).await.expect(200);
    town.editor.sets_up("3201").await.expect(200);
    let mut content = bpa_content();
    content["legalBasis"] = json!("concession");
    content["process"]["maxProviders"] = json!(1);
    let offering = town.publish("practical-help", content).await;
    town.approval(&other, &offering, &["whole"]).await;
    let again = other.drafts_application(&offering).await;
    other.completes(&again).await;
    table.row("already-approved", other.submits(&again).await);
    let application = provider.drafts_application(&offering).await;
    provider.completes(&application).await;
    table.row("offering-full", provider.submits(&application).await);
    let over = [json!({"cutOff": "2026-03-01T12:00:00Z", "startsOn": "2026-04-01"})];
    let process = json!({"maxProviders": null, "intake": {"mode": "rounds", "rounds": over}});
    town.editor.changes(&offering, json!({"process": process})).await.expect(200);
    town.editor.publishes(&offering).await.expect(201);
    table.row("no-round-left", provider.submits(&application).await);
    let etag = town.editor.get(&format!("/v1/offerings/{offering}/draft")).await.etag();
    let closure = format!("/v1/offerings/{offering}/closure");
    town.editor.act(Method::POST, &closure, &etag, Some(close)).await.expect(200);
    table.row("offering-not-open", provider.submits(&application).await);
}

/// Codes of the assessment.
async fn assessment(table: &mut Table, scene: &Scene) {
    let (worker, provider) = (scene.world.case_worker(), scene.world.provider());
    let submit = scene.act(&provider, Method::POST, "submission", None).await;
    table.row("illegal-transition", submit);
    let start = || scene.act(&worker, Method::POST, "assessment-start", None);
    table.row("impartiality-not-declared", start().await);
    let no = Some(json!({"impartial": false, "ground": "party"}));
    scene.act(&worker, Method::POST, "impartiality", no).await.expect(200);
    table.row("not-impartial", start().await);
    scene.start().await;
    let maker = scene.world.decision_maker();
    let yes = Some(json!({"impartial": true}));
    scene.act(&maker, Method::POST, "impartiality", yes).await.expect(200);
    impartiality(table, scene).await;
    let approve = Some(json!({"outcome": "approve"}));
    let early = scene.act(&maker, Method::POST, "decision", approve).await;
    table.row("review-incomplete", early);
    completion(table, scene).await;
}

/// Codes of impartiality beside one's own declaration.
async fn impartiality(table: &mut Table, scene: &Scene) {
    let kristiansand = crate::world::KRISTIANSAND;
    let (worker, maker) = (scene.world.case_worker(), scene.world.decision_maker());
    let post = |who: &crate::world::Person, act: &'static str, body: Value| {
        let who = who.clone();
        async move { scene.act(&who, Method::POST, act, Some(body)).await }
    };
    let challenge = json!({"name": "Kari Case", "reason": "Svoger av en konkurrent."});
    post(&scene.world.provider(), "impartiality-challenges", challenge).await.expect(200);
    let line = Some(json!({"outcome": "met", "note": "Sett."}));
    let assess = scene.act(&worker, Method::PUT, "assessments/environment", line).await;
    table.row("impartiality-unsettled", assess);
    let ruling = json!({"subject": "Kari Case", "impartial": true});
    let both = scene.world.person("Kari Case", Role::DecisionMaker, kristiansand);
    let rule = |who: &crate::world::Person| post(who, "impartiality-rulings", ruling.clone());
    table.row("ruling-on-oneself", rule(&both).await);
    rule(&maker).await.expect(200);
    table.row("no-impartiality-question", rule(&maker).await);
    let siv = scene.world.person("Siv Sjef", Role::DecisionMaker, kristiansand);
    let under = json!({"impartial": true, "superior": "Siv Sjef"});
    post(&maker, "impartiality", under).await.expect(200);
    let barred = json!({"impartial": false, "ground": "kin"});
    post(&siv, "impartiality", barred).await.expect(200);
    table.row(
        "superior-not-impartial",
        post(&maker, "decision", json!({"outcome": "approve"})).await,
    );
    post(&siv, "impartiality", json!({"impartial": true})).await.expect(200);
    let editor = scene.world.editor();
    let mut settings = super::scene::settings();
    settings["ownProviderStaff"] = json!(["Stine Stab"]);
    let path = "/v1/municipalities/4204";
    editor.act(Method::PUT, path, "\"1\"", Some(settings)).await.expect(200);
    let stine = scene.world.person("Stine Stab", Role::CaseWorker, kristiansand);
    table.row("own-provider-staff", post(&stine, "impartiality", json!({"impartial": true})).await);
}

/// Codes of a case with defects.
async fn completion(table: &mut Table, scene: &Scene) {
    let (worker, provider) = (scene.world.case_worker(), scene.world.provider());
    let ask = json!({
        "missing": [{"criterion": "environment", "note": "Sertifikat?"}], "deadline": "2026-03-20"
    });
    scene.act(&worker, Method::POST, "completion-requests", Some(ask)).await.expect(200);
    table.row("deadline-running", scene.act(&worker, Method::POST, "resumption", None).await);
    let answer = Some(json!({"declaredMet": true}));
    let other = scene.act(&provider, Method::PUT, "answers/tax-certificate", answer).await;
    table.row("not-asked-for", other);
    scene.act(&provider, Method::POST, "completion", None).await.expect(200);
    let dismiss = json!({
        "outcome": "dismiss", "formalGround": "not-mended",
        "reasons": {"rules": "R.", "facts": "F.", "considerations": "C."}
    });
    let maker = scene.world.decision_maker();
    let refused = scene.act(&maker, Method::POST, "decision", Some(dismiss)).await;
    table.row("nothing-unmended", refused);
}

/// Codes of the decision.
async fn decision(table: &mut Table, scene: &Scene) {
    let maker = scene.world.decision_maker();
    let letter = scene.at("receipt/letter");
    let pdf = maker.request(Method::GET, &letter).header("Accept", "application/pdf");
    table.row("not-acceptable", pdf.send().await);
    let decide = |body: Value| scene.act(&maker, Method::POST, "decision", Some(body));
    let reasons = json!({"rules": "R.", "facts": "F.", "considerations": "C."});
    scene.assess("not-met").await;
    table.row("criteria-not-met", decide(json!({"outcome": "approve"})).await);
    scene.assess("met").await;
    let refuse = json!({"outcome": "refuse", "reasons": reasons});
    table.row("no-ground-to-refuse", decide(refuse.clone()).await);
    let mut unheard = refuse.clone();
    unheard["grounds"] = json!([{"ground": "bankruptcy-probable", "facts": "F."}]);
    table.row("applicant-not-heard", decide(unheard).await);
    let mut unlisted = refuse;
    unlisted["grounds"] = json!([{"ground": "withheld-information", "facts": "F."}]);
    table.row("ground-not-in-terms", decide(unlisted).await);
    // The assessor, now with the other role.
    let both = scene.world.person("Kari Case", Role::DecisionMaker, crate::world::KRISTIANSAND);
    let approve = Some(json!({"outcome": "approve"}));
    table.row("four-eyes", scene.act(&both, Method::POST, "decision", approve).await);
}

/// Codes of the revocation: a second approval, of the same provider, lends its prior notice.
async fn revocation(table: &mut Table, scene: &Scene) {
    let first = scene.approve().await;
    let maker = scene.world.decision_maker();
    // With an end, so that the provider may apply again.
    let contract = json!({
        "number": "1", "signedOn": "2026-03-12", "from": "2026-03-12", "to": "2030-12-31"
    });
    let sign = format!("{first}/contract");
    maker.act(Method::POST, &sign, "\"1\"", Some(contract.clone())).await.expect(200);
    let body = json!({"offeringId": scene.offering_id});
    let again = scene.world.provider().post("/v1/applications", body).await.expect(201);
    let second = Scene {
        world: scene.world.clone(),
        offering: scene.offering.clone(),
        offering_id: scene.offering_id.clone(),
        application: again.header("location"),
    };
    let patch = json!({"legalBasis": "framework-agreement"});
    let editor = scene.world.editor();
    let change = editor.request(Method::PATCH, &scene.draft());
    let change = change.header("If-Match", &scene.draft_etag().await);
    change.body("application/merge-patch+json", patch.to_string()).send().await.expect(200);
    let publication = format!("{}/publication", scene.offering);
    let etag = scene.draft_etag().await;
    editor.act(Method::POST, &publication, &etag, None).await.expect(201);
    second.submit().await;
    second.start().await;
    second.assess("met").await;
    let other = second.approve().await;
    let sign_other = format!("{other}/contract");
    // The second revision is that after the notice of the decision.
    let sign = || maker.act(Method::POST, &sign_other, "\"2\"", Some(contract.clone()));
    table.row("stand-still", sign().await);
    scene.world.set_clock("2026-03-24T09:00:00Z");
    sign().await.expect(200);
    let notice = json!({
        "reason": "R.", "windingDown": {"until": "2029-09-01", "takenOverBy": "Kommunen"}
    });
    let end = maker.act(Method::POST, &format!("{first}/termination"), "\"2\"", Some(notice)).await;
    table.row("termination-needs-ground", end);
    for approval in [&first, &other] {
        for who in [scene.world.case_worker(), maker.clone()] {
            let path = format!("{approval}/impartiality");
            let yes = Some(json!({"impartial": true}));
            let etag = who.get(&format!("{approval}/case")).await.expect(200).etag();
            who.act(Method::POST, &path, &etag, yes).await.expect(200);
        }
    }
    follow_up(table, scene, &first).await;
    let revoke = |notice: Option<String>, ground: &str| {
        let mut body = json!({
            "grounds": [{"ground": ground, "facts": "F."}],
            "reasons": {"rules": "R.", "facts": "F.", "considerations": "C."},
            "windingDown": {"until": "2026-09-01", "takenOverBy": "Kommunen"}
        });
        if let Some(notice) = notice {
            body["priorNoticeId"] = json!(notice);
        }
        let path = format!("{first}/revocation");
        let maker = maker.clone();
        async move { maker.act(Method::POST, &path, "\"2\"", Some(body)).await }
    };
    let warn = |approval: String| async move {
        let body = json!({
            "grounds": [{"ground": "terms-breach", "facts": "F."}], "replyBy": "2026-04-15"
        });
        let (path, worker) = (format!("{approval}/prior-notices"), scene.world.case_worker());
        let etag = worker.get(&format!("{approval}/case")).await.expect(200).etag();
        let sent = worker.act(Method::POST, &path, &etag, Some(body)).await;
        sent.expect(201).json()["id"].as_str().unwrap().to_owned()
    };
    table.row("prior-notice-missing", revoke(None, "terms-breach").await);
    scene.world.hold_notices(true);
    let unsent = warn(first.clone()).await;
    table.row("notice-not-sent", revoke(Some(unsent), "terms-breach").await);
    scene.world.hold_notices(false);
    let (notice, lent) = (warn(first.clone()).await, warn(other).await);
    table.row("prior-notice-running", revoke(Some(notice.clone()), "terms-breach").await);
    scene.world.set_clock("2026-04-16T09:00:00Z");
    table.row("prior-notice-used", revoke(Some(lent), "terms-breach").await);
    table.row("ground-not-notified", revoke(Some(notice.clone()), "bankruptcy").await);
    let close = format!("/v1/prior-notices/{notice}/closure");
    let reason = Some(json!({"reason": "R."}));
    let worker = scene.world.case_worker();
    let etag = worker.get(&format!("/v1/prior-notices/{notice}")).await.expect(200).etag();
    worker.act(Method::POST, &close, &etag, reason).await.expect(200);
    table.row("prior-notice-closed", revoke(Some(notice), "terms-breach").await);
}

/// Codes of a follow-up and of notices based on it.
async fn follow_up(table: &mut Table, scene: &Scene, approval: &str) {
    let worker = scene.world.case_worker();
    let plan = Some(json!({"kind": "inspection", "plannedOn": "2026-03-24"}));
    let plans = format!("{approval}/follow-ups");
    let planned = worker.act(Method::POST, &plans, "\"2\"", plan).await.expect(201);
    let path = planned.header("location");
    let report = json!({
        "on": "2026-03-24", "findings": "F.",
        "deviations": [{"facts": "F.", "breaks": "K4", "deadline": "2026-04-10"}]
    });
    let reported = worker.act(Method::POST, &format!("{path}/report"), "\"1\"", Some(report)).await;
    reported.expect(200);
    let close = Some(json!({"conclusion": "C."}));
    let closed = worker.act(Method::POST, &format!("{path}/closure"), "\"2\"", close).await;
    table.row("deviations-open", closed);
    let warning = json!({
        "grounds": [{"ground": "bankruptcy", "facts": "F."}], "replyBy": "2026-04-15"
    });
    let notices = format!("{approval}/prior-notices");
    let unfounded = worker.act(Method::POST, &notices, "\"2\"", Some(warning)).await;
    table.row("not-founded", unfounded);
}
