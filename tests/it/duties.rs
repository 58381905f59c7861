//! Deadlines of a provider: its own work list, and the registry's reminders.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    decisions::revoke_approval,
    on_both_databases,
    world::{
        Answer, KRISTIANSAND, PROVIDER, Person, World,
        people::{Assessed, id, reasons},
    },
};

on_both_databases!(
    evidence_that_runs_out_is_told_of_three_times_and_renewed,
    reminders_that_come_late_say_what_is_to_come_alone,
    what_falls_due_with_evidence_goes_and_comes_with_the_approval,
    a_profile_goes_stale_once_and_is_confirmed,
    a_provider_finds_its_own_deadlines_and_no_others,
);

/// The provider attaches an expiring certificate.
async fn attaches(world: &World, application: &str, expires_on: &str) -> Answer {
    let path = format!("/v1/applications/{application}");
    let provider = world.provider();
    let etag = provider.get(&path).await.expect(200).etag();
    let body = json!({
        "criterion": "tax-certificate", "kind": "tax-certificate", "title": "Attest",
        "issuedOn": "2026-03-10", "expiresOn": expires_on
    });
    provider.act(Method::POST, &format!("{path}/evidence"), &etag, Some(body)).await
}

/// The provider's own items, but for its profile.
async fn list_duties(who: &Person) -> Vec<(String, String)> {
    let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let all = who.pages("/v1/work-list").await;
    let all = all.iter().map(|item| (text(item, "task"), text(item, "dueOn")));
    all.filter(|(task, _)| task != "confirm-profile").collect()
}

/// How often the registry has reminded of it.
async fn count_reminders(world: &World, task: &str) -> usize {
    let rows = world.auditor().audits().await;
    let is_reminder =
        |row: &&Value| row["event"] == "agenda.reminded" && row["detail"]["task"] == task;
    rows.iter().filter(is_reminder).count()
}

fn item(task: &str, on: &str) -> (String, String) {
    (task.to_owned(), on.to_owned())
}

async fn evidence_that_runs_out_is_told_of_three_times_and_renewed(world: World) {
    let case = world.create_contract().await;
    let provider = world.provider();
    assert_eq!(list_duties(&provider).await, []);
    attaches(&world, &case.application, "2026-06-30").await.expect(200);
    assert_eq!(list_duties(&provider).await, [item("renew-evidence", "2026-06-30")]);
    for (clock, times) in [
        ("2026-04-30T21:59:59Z", 0),
        ("2026-04-30T22:00:00Z", 1),
        ("2026-05-30T22:00:00Z", 2),
        ("2026-06-22T22:00:00Z", 3),
    ] {
        world.set_clock(clock);
        world.catches_up().await;
        world.catches_up().await;
        assert_eq!(count_reminders(&world, "evidence-expires").await, times, "{clock}");
    }
    let rows = world.auditor().audits().await;
    let last = rows.iter().rfind(|row| row["event"] == "agenda.reminded").unwrap();
    assert_eq!(last["subject"], format!("/v1/applications/{}", case.application));
    assert!(!last["detail"]["evidence"].as_str().unwrap().is_empty());
    attaches(&world, &case.application, "2027-06-30").await.expect(200);
    assert_eq!(list_duties(&provider).await, [item("renew-evidence", "2027-06-30")]);
    world.set_clock("2026-07-01T09:00:00Z");
    world.catches_up().await;
    assert_eq!(count_reminders(&world, "evidence-expires").await, 3);
}

async fn reminders_that_come_late_say_what_is_to_come_alone(world: World) {
    let case = world.create_contract().await;
    attaches(&world, &case.application, "2026-06-30").await.expect(200);
    world.set_clock("2026-06-25T09:00:00Z");
    assert!(world.catches_up().await >= 3);
    assert_eq!(count_reminders(&world, "evidence-expires").await, 1);
    assert_eq!(world.catches_up().await, 0);
}

async fn what_falls_due_with_evidence_goes_and_comes_with_the_approval(world: World) {
    let (case, decision) = revoke_approval(&world).await;
    let provider = world.provider();
    attaches(&world, &case.application, "2026-06-30").await.expect(200);
    assert_eq!(list_duties(&provider).await, [], "nothing rests on it any more");
    let body = json!({"ground": "invalid", "reasons": reasons()});
    decision.act(&world.decision_maker(), "reversal", body).await.expect(201);
    assert_eq!(list_duties(&provider).await, [item("renew-evidence", "2026-06-30")]);
    world.set_clock("2026-05-01T09:00:00Z");
    world.catches_up().await;
    assert_eq!(count_reminders(&world, "evidence-expires").await, 1);
}

async fn a_profile_goes_stale_once_and_is_confirmed(world: World) {
    world.registered_providers().await;
    let provider = world.provider();
    let due = async || provider.get("/v1/work-list").await.expect(200).json()["items"].clone();
    assert_eq!(due().await[0]["task"], "confirm-profile");
    assert_eq!(due().await[0]["dueOn"], "2027-03-12");
    world.set_clock("2027-03-12T23:00:00Z");
    assert_eq!(world.catches_up().await, 2, "one for each provider");
    assert_eq!(world.catches_up().await, 0);
    assert_eq!(due().await[0]["overdue"], true);
    let path = format!("/v1/providers/{PROVIDER}");
    let etag = provider.get(&path).await.expect(200).etag();
    let confirm = format!("{path}/confirmation");
    provider.act(Method::POST, &confirm, &etag, None).await.expect(200);
    assert_eq!(due().await.as_array().unwrap().len(), 1);
    assert_eq!(due().await[0]["dueOn"], "2028-03-13");
    assert_eq!(world.catches_up().await, 0);
}

async fn a_provider_finds_its_own_deadlines_and_no_others(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let (provider, worker, dag) = (world.provider(), world.case_worker(), world.decision_maker());
    let path = format!("/v1/applications/{}", case.application);
    let etag = worker.get(&path).await.etag();
    let body = json!({
        "missing": [{"criterion": "tax-certificate", "note": "For gammel."}],
        "deadline": "2026-03-26"
    });
    let requests = format!("{path}/completion-requests");
    worker.act(Method::POST, &requests, &etag, Some(body)).await.expect(200);
    assert_eq!(list_duties(&provider).await, [item("complete-application", "2026-03-26")]);
    assert_eq!(list_duties(&world.other_provider()).await, []);
    let etag = provider.get(&path).await.etag();
    provider.act(Method::POST, &format!("{path}/completion"), &etag, None).await.expect(200);
    assert_eq!(list_duties(&provider).await, []);

    worker.assesses(&case.application, "tax-certificate", "met").await.expect(200);
    let approval = world.approve(&case.application).await;
    dag.records_contract(&approval, "2026-03-12", None).await.expect(200);
    worker.declares_impartiality_after(&approval).await.expect(200);
    let notice = id(&worker.warns(&approval, "terms-breach").await);
    assert_eq!(list_duties(&provider).await, [item("reply-to-notice", "2026-04-07")]);
    provider.replies(&notice).await.expect(200);
    assert_eq!(list_duties(&provider).await, []);

    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    inspector.declares_impartiality_after(&approval).await.expect(200);
    let path = format!("/v1/approvals/{approval}");
    let etag = inspector.get(&format!("{path}/case")).await.etag();
    let plan = json!({"kind": "yearly-review", "plannedOn": "2026-03-12"});
    let follow_ups = format!("{path}/follow-ups");
    let planned = inspector.act(Method::POST, &follow_ups, &etag, Some(plan)).await;
    let path = planned.expect(201).header("location");
    let does = async |who: &Person, act: &str, body: Value| {
        let etag = who.get(&path).await.expect(200).etag();
        who.act(Method::POST, &format!("{path}/{act}"), &etag, Some(body)).await.expect(200);
    };
    let report = json!({
        "on": "2026-03-12", "findings": "Opplæringsplan mangler.",
        "deviations": [{"facts": "Ingen plan.", "breaks": "Krav K4", "deadline": "2026-04-01"}]
    });
    does(&inspector, "report", report).await;
    assert_eq!(list_duties(&provider).await, [item("correct-deviation", "2026-04-01")]);
    does(&provider, "deviations/1/correction", json!({"text": "Planen er laget."})).await;
    assert_eq!(list_duties(&provider).await, []);
    let no = json!({"accepted": false, "note": "Planen er uferdig."});
    does(&inspector, "deviations/1/assessment", no).await;
    assert_eq!(list_duties(&provider).await, [item("correct-deviation", "2026-04-01")]);
}
