//! Access log: reads of private files by other organisations are logged before the answer is sent, and the
//! provider can list them.

use std::{sync::Arc, thread};

use actix_web::{http::Method, web};
use godkjent::{
    domain::{
        access::{AccessLogEntry, Right},
        role::{Actor, Assured, CallerIdentity, Role},
        values::{numbers::OrganisationNumber, text::Line},
    },
    store::{CaseFile, Reader, Store},
};
use serde_json::{Value, json};

use crate::{
    appeals::appeal,
    decisions::refuse_application,
    on_both_databases,
    rebuild::alter,
    world::{BAERUM, KRISTIANSAND, PROVIDER, World, people::revocation},
};

on_both_databases!(
    a_provider_reads_who_looked_at_its_application_when_and_by_what_right,
    an_approvals_case_tells_of_notices_follow_ups_and_revocation,
    a_list_is_a_look_at_each_thing_that_it_shows,
    a_file_of_evidence_is_a_part_of_each_case_that_shows_it,
    an_auditor_is_seen_by_those_whose_files_the_page_tells_of,
    nothing_is_shown_that_could_not_be_logged,
    readers_who_come_at_once_are_all_kept,
);

/// Name, role, right and subject of each entry, the first first.
async fn list_accesses(world: &World, path: &str) -> Vec<[String; 4]> {
    let mut entries = world.provider().pages(&format!("{path}/accesses?limit=2")).await;
    entries.reverse();
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap().to_owned();
    entries
        .iter()
        .map(|it| ["actorName", "role", "right", "subject"].map(|f| text(it, f)))
        .collect()
}

fn entry(name: &str, role: &str, right: &str, subject: &str) -> [String; 4] {
    [name, role, right, subject].map(str::to_owned)
}

/// Removes the log entries of the setup.
async fn forget(world: &World) {
    alter(world, "DELETE FROM access_log").await;
}

async fn a_provider_reads_who_looked_at_its_application_when_and_by_what_right(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let path = format!("/v1/applications/{}", case.application);
    let lodged = decision.act(&world.provider(), "appeals", appeal()).await.expect(201);
    let lodged = lodged.header("location");
    forget(&world).await;
    world.set_clock("2026-03-20T10:00:00Z");
    let inspector = world.person("Inga Inspector", Role::Inspector, KRISTIANSAND);
    let (worker, maker) = (world.case_worker(), world.decision_maker());
    worker.get(&path).await.expect(200);
    maker.get(&decision.path).await.expect(200);
    maker.get(&format!("{}/letter", decision.path)).await.expect(200);
    inspector.get(&lodged).await.expect(200);
    worker.get(&format!("{path}/receipt/letter")).await.expect(200);
    // Reads by its own people are not logged, nor failed ones.
    for own in [&path, &decision.path, &lodged] {
        world.provider().get(own).await.expect(200);
        world.other_provider().get(own).await.problem(404, "not-found");
        world.person("Bo Case", Role::CaseWorker, BAERUM).get(own).await.problem(404, "not-found");
    }
    let kari = |subject: &str| entry("Kari Case", "case-worker", "deciding-body", subject);
    let dag = |subject: &str| entry("Dag Decision", "decision-maker", "deciding-body", subject);
    let expected = [
        kari(&path),
        dag(&decision.path),
        dag(&decision.path),
        entry("Inga Inspector", "inspector", "supervision", &lodged),
        kari(&path),
    ];
    assert_eq!(list_accesses(&world, &path).await, expected);
    let accesses = format!("{path}/accesses");
    let page = world.provider().get(&accesses).await.expect(200).json();
    assert_eq!(page["items"][0]["at"], "2026-03-20T10:00:00Z");
    assert_eq!(page["items"][0]["organisation"], KRISTIANSAND);
    assert!(!page["items"][0]["requestId"].as_str().unwrap().is_empty());
    world.other_provider().get(&accesses).await.problem(404, "not-found");
    worker.get(&accesses).await.problem(403, "role-missing");
}

async fn an_approvals_case_tells_of_notices_follow_ups_and_revocation(world: World) {
    let case = world.send_notice().await;
    let path = format!("/v1/approvals/{}", case.approval);
    let (worker, notice) = (world.case_worker(), format!("/v1/prior-notices/{}", case.notice));
    let etag = worker.get(&format!("{path}/case")).await.etag();
    let plan = json!({"kind": "spot-check", "incident": "Klage fra pårørende."});
    let planned = worker.act(Method::POST, &format!("{path}/follow-ups"), &etag, Some(plan)).await;
    let follow_up = planned.expect(201).header("location");
    world.set_clock("2026-04-08T09:00:00Z");
    let body = revocation(&case.notice, "terms-breach");
    let revoked = world.decision_maker().revokes(&case.approval, body).await.expect(201);
    let decision = revoked.header("location");
    forget(&world).await;
    let mut expected = vec![];
    for (read, subject) in [
        (format!("{path}/case"), &path),
        (notice.clone(), &notice),
        (format!("{notice}/letter"), &notice),
        (follow_up.clone(), &follow_up),
        (decision.clone(), &decision),
    ] {
        worker.get(&read).await.expect(200);
        expected.push(entry("Kari Case", "case-worker", "deciding-body", subject));
    }
    assert_eq!(list_accesses(&world, &path).await, expected);
}

async fn a_list_is_a_look_at_each_thing_that_it_shows(world: World) {
    let case = world.submitted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    forget(&world).await;
    let worker = world.case_worker();
    worker.get("/v1/applications?limit=1").await.expect(200);
    world.provider().get("/v1/applications").await.expect(200);
    let kari = entry("Kari Case", "case-worker", "deciding-body", &path);
    assert_eq!(list_accesses(&world, &path).await, std::slice::from_ref(&kari));
    // The work list shows that a case exists, and none of its content.
    worker.get("/v1/work-list").await.expect(200);
    assert_eq!(list_accesses(&world, &path).await, [kari]);
}

async fn a_file_of_evidence_is_a_part_of_each_case_that_shows_it(world: World) {
    let case = world.drafted_application().await;
    let (path, own) = (format!("/v1/applications/{}", case.application), world.provider());
    let file = own.gives_pdf("tax-certificate").await;
    own.shows(&case.application, "tax-certificate", &file).await.expect(200);
    own.completes(&case.application).await;
    own.submits(&case.application).await.expect(200);
    forget(&world).await;
    own.fetches(&file).await.expect(200);
    let worker = world.case_worker();
    worker.fetches(&file).await.expect(200);
    worker.get(&format!("/v1/evidence/{file}")).await.expect(200);
    world
        .person("Bo Case", Role::CaseWorker, BAERUM)
        .fetches(&file)
        .await
        .problem(404, "not-found");
    let kari =
        || entry("Kari Case", "case-worker", "deciding-body", &format!("/v1/evidence/{file}"));
    assert_eq!(list_accesses(&world, &path).await, [kari(), kari()]);
}

async fn an_auditor_is_seen_by_those_whose_files_the_page_tells_of(world: World) {
    let case = world.submitted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    forget(&world).await;
    let auditor = world.auditor();
    // Kristiansand's settings and offering only.
    auditor.get("/v1/audit?limit=2").await.expect(200);
    assert_eq!(list_accesses(&world, &path).await, Vec::<[String; 4]>::new());
    let query = format!("/v1/audit?subject={path}");
    auditor.get(&query).await.expect(200);
    auditor.get("/v1/audit").await.expect(200);
    let aud = |subject: &str| entry("Aud Auditor", "auditor", "audit", subject);
    assert_eq!(list_accesses(&world, &path).await, [aud(&query), aud("/v1/audit")]);
}

async fn nothing_is_shown_that_could_not_be_logged(world: World) {
    let case = world.submitted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    alter(&world, "ALTER TABLE access_log RENAME TO gone").await;
    let refused = world.case_worker().get(&path).await;
    assert!(!refused.text.contains("dossier"));
    refused.problem(500, "internal");
    world.provider().get(&path).await.expect(200);
    alter(&world, "ALTER TABLE gone RENAME TO access_log").await;
    world.case_worker().get(&path).await.expect(200);
}

async fn readers_who_come_at_once_are_all_kept(world: World) {
    const READERS: usize = 40;
    const LOOKS: usize = 5;
    let case = world.submitted_application().await;
    let application = case.application.parse().unwrap();
    forget(&world).await;
    let state = world.state.clone();
    let work = move || {
        let store: Arc<Store> = Arc::new(state.store.clone());
        let id = godkjent::domain::values::ids::ApplicationId::new(application);
        let threads = (0..READERS).map(|nth| {
            let store = Arc::clone(&store);
            thread::spawn(move || {
                let line = Line::parse(&format!("Reader {nth}")).unwrap();
                let caller = CallerIdentity {
                    actor: Actor { subject: line.clone(), name: line },
                    role: Role::CaseWorker,
                    organisation: OrganisationNumber::parse(PROVIDER).unwrap(),
                    municipality: None,
                    assured: Assured::default(),
                    reads_only: None,
                };
                let reader =
                    Reader { caller, right: Right::DecidingBody, request_id: "r".to_owned() };
                for _ in 0..LOOKS {
                    let entry = AccessLogEntry {
                        application: Some(id),
                        ..AccessLogEntry::at_the_journal(String::new())
                    };
                    let now = "2026-03-12T09:00:00Z".parse().unwrap();
                    store.log_accesses(&reader, now, vec![entry]).unwrap();
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        for thread in threads {
            thread.join().unwrap();
        }
        store.read(|session| session.accesses(CaseFile::Application(id), i64::MAX, 10_000)).unwrap()
    };
    let rows = web::block(work).await.unwrap();
    assert_eq!(rows.len(), READERS * LOOKS);
    for nth in 0..READERS {
        let name = format!("Reader {nth}");
        assert_eq!(rows.iter().filter(|row| row.actor_name == name).count(), LOOKS);
    }
}
