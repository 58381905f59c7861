//! Changes by time: each once, however late and on however many instances.

use serde_json::Value;

use crate::{
    on_both_databases,
    world::{World, people::Assessed},
};

on_both_databases!(
    a_contract_that_runs_out_is_told_once_by_however_many_instances,
    what_was_due_long_ago_is_done_when_the_registry_wakes_up,
    each_role_finds_its_work_the_oldest_first,
);

/// The rows of the journal that time brought about.
async fn by_time(world: &World) -> Vec<Value> {
    let mut rows = world.auditor().audits().await;
    rows.retain(|row| row["role"] == "registry");
    rows
}

async fn a_contract_that_runs_out_is_told_once_by_however_many_instances(world: World) {
    let case = world.grant_approval().await;
    let dag = world.decision_maker();
    dag.records_contract(&case.approval, "2026-03-20", Some("2026-04-30")).await.expect(200);
    let other = world.another_instance().await;
    assert_eq!(world.catches_up().await, 0, "nothing is due");

    world.set_clock("2026-03-19T23:00:00Z");
    let (one, two) = futures(&world, &other).await;
    assert_eq!(one + two, 2, "the contract has begun, and nobody has opened the decision");
    world.set_clock("2026-04-30T22:00:00Z");
    let (one, two) = futures(&world, &other).await;
    assert_eq!(one + two, 2, "the decision is final, and the contract has run out");

    let rows = by_time(&world).await;
    let rows: Vec<_> =
        rows.iter().filter(|row| row["event"] == "approval.status-changed").collect();
    let statuses: Vec<_> = rows.iter().map(|row| &row["detail"]["status"]).collect();
    assert_eq!(statuses, ["active", "expired"]);
    for instance in [&world, &other] {
        let feed = instance.anyone().get("/v1/changes").await.expect(200).json();
        let last = feed["items"].as_array().unwrap().last().unwrap();
        assert_eq!(last["type"], "no.godkjent.approval.status-changed.v1");
        assert_eq!(last["data"]["status"], "expired");
    }
}

/// Both instances wake up at the same time.
async fn futures(one: &World, other: &World) -> (usize, usize) {
    let first = actix_web::rt::spawn({
        let one = one.clone();
        async move { one.catches_up().await }
    });
    let second = other.catches_up().await;
    let first = first.await.unwrap();
    one.catches_up().await;
    (first, second)
}

async fn what_was_due_long_ago_is_done_when_the_registry_wakes_up(world: World) {
    let case = world.grant_approval().await;
    let dag = world.decision_maker();
    dag.records_contract(&case.approval, "2026-03-20", Some("2026-04-30")).await.expect(200);
    world.set_clock("2031-01-01T00:00:00Z");
    assert!(world.catches_up().await >= 2);
    assert_eq!(world.catches_up().await, 0);
    let rows = by_time(&world).await;
    let rows = rows.iter().filter(|row| row["event"] == "approval.status-changed");
    assert_eq!(rows.count(), 2, "late, and each once");
}

async fn tasks(who: &crate::world::Person, path: &str) -> Vec<(String, String, bool)> {
    let item = |item: &Value| {
        let text = |key: &str| item[key].as_str().unwrap().to_owned();
        (text("task"), text("dueOn"), item["overdue"].as_bool().unwrap())
    };
    who.pages(path).await.iter().map(item).collect()
}

async fn each_role_finds_its_work_the_oldest_first(world: World) {
    let worker = world.case_worker();
    assert_eq!(tasks(&worker, "/v1/work-list").await, []);
    let case = world.submitted_application().await;
    let list = worker.get("/v1/work-list").await.expect(200).json();
    let item = &list["items"][0];
    assert_eq!(item["subject"], format!("/v1/applications/{}", case.application));
    assert_eq!(list["counts"]["total"], list["items"].as_array().unwrap().len());
    assert_eq!(list["counts"]["overdue"], 0);

    // A month later without an answer: the counts show it.
    world.set_clock("2026-04-14T08:00:00Z");
    let late = worker.get("/v1/work-list?limit=1").await.expect(200).json();
    assert!(late["counts"]["overdue"].as_i64().unwrap() >= 1, "{late:#}");
    assert_eq!(late["items"][0]["overdue"], true);
    let all = tasks(&worker, "/v1/work-list?limit=1").await;
    let days: Vec<_> = all.iter().map(|(_, day, _)| day.clone()).collect();
    assert!(days.is_sorted(), "{all:?}");

    // Another municipality, another role, another provider: other lists.
    let baerum = world.town(crate::world::BAERUM);
    assert_eq!(tasks(&baerum.case_worker, "/v1/work-list").await, []);
    let own = tasks(&world.other_provider(), "/v1/work-list").await;
    assert_eq!(own, [("confirm-profile".to_owned(), "2027-03-12".to_owned(), false)]);
    let wrong = world.other_provider().get("/v1/work-list?role=case-worker").await;
    wrong.problem(400, "invalid-parameter");
    world.editor().get("/v1/work-list").await.problem(403, "role-missing");
    world.anyone().get("/v1/work-list").await.problem(401, "unauthenticated");

    // A decided case has no more tasks; the contract is the decision maker's.
    world.assess(&case.application, Assessed::AllMet).await;
    let dag = world.decision_maker();
    let to_sign = tasks(&dag, "/v1/work-list").await;
    assert!(to_sign.iter().any(|(task, ..)| task == "sign"), "{to_sign:?}");
    world.approve(&case.application).await;
    let of_case = format!("/v1/applications/{}", case.application);
    for path in ["/v1/work-list", "/v1/work-list?role=decision-maker"] {
        let left = worker.pages(path).await;
        assert!(left.iter().all(|item| item["subject"] != of_case), "{left:?}");
    }
    let next = tasks(&dag, "/v1/work-list").await;
    assert!(next.iter().any(|(task, ..)| task == "record-contract"), "{next:?}");
}
