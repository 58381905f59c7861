//! Read receipts: the first read of a formal message or its letter is recorded once; an unread one gets a
//! second notice.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    decisions::refuse_application,
    on_both_databases,
    tokens::scene::Scene,
    world::{Person, World, people::Assessed},
};

on_both_databases!(
    a_request_for_completion_is_opened_by_the_provider_that_reads_it,
    a_request_that_nobody_opens_in_a_week_is_notified_once_more,
    to_read_the_letter_of_a_decision_is_to_open_it,
    to_read_the_letter_of_a_prior_notice_is_to_open_it,
);

/// The provider has a request for completion until 26 March 2026; returns the path of the application.
async fn request_completion(world: &World) -> String {
    let case = world.assessed_application(Assessed::AllMet).await;
    let path = format!("/v1/applications/{}", case.application);
    asks(world, &path).await;
    path
}

async fn asks(world: &World, path: &str) {
    let worker = world.case_worker();
    let etag = worker.get(path).await.etag();
    let body = json!({
        "missing": [{"criterion": "tax-certificate", "note": "For gammel."}],
        "deadline": "2026-03-26"
    });
    let requests = format!("{path}/completion-requests");
    worker.act(Method::POST, &requests, &etag, Some(body)).await.expect(200);
}

/// The readers of the message at that pointer, as the case worker sees them.
async fn openings(world: &World, path: &str, pointer: &str) -> Vec<String> {
    let seen = world.case_worker().get(path).await.expect(200).json();
    let openings = seen.pointer(&format!("{pointer}/openings")).and_then(Value::as_array);
    let openings = openings.into_iter().flatten();
    openings.map(|it| it["by"]["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_token_that_may_only_read_opens_nothing() {
    let world = World::on_sqlite().await;
    let path = request_completion(&world).await;
    let scene = Scene::on(world, "maskinporten", |_| {}).await;
    let openings =
        async || openings(&scene.world, &path, "/case/completions/0/notification").await.len();
    let unspecified = scene.token_with(|claims| claims["aud"] = json!("unspecified"));
    scene.world.holder(unspecified).get(&path).await.expect(200);
    assert_eq!(openings().await, 0);
    scene.world.holder(scene.token()).get(&path).await.expect(200);
    assert_eq!(openings().await, 1);
}

async fn events(world: &World, kind: &str) -> usize {
    world.auditor().audits().await.iter().filter(|row| row["event"] == kind).count()
}

async fn a_request_for_completion_is_opened_by_the_provider_that_reads_it(world: World) {
    let path = request_completion(&world).await;
    let of = async || openings(&world, &path, "/case/completions/0/notification").await;
    assert_eq!(of().await, [""; 0], "whoever asked opens nothing");
    let provider = world.provider();
    let first = provider.get(&path).await.expect(200);
    assert_eq!(
        first.json()["case"]["completions"][0]["notification"]["availableAt"],
        "2026-03-12T09:00:00Z"
    );
    assert_eq!(of().await, ["Per Provider"]);
    assert_eq!(provider.get(&path).await.expect(200).etag(), first.etag(), "once");
    world.other_provider().get(&path).await.problem(404, "not-found");
    assert_eq!(events(&world, "application.completion-opened").await, 1);
    world.set_clock("2026-03-20T09:00:00Z");
    world.catches_up().await;
    assert_eq!(events(&world, "application.completion-re-notified").await, 0);

    // The next one is a separate message.
    let etag = first.etag();
    provider.act(Method::POST, &format!("{path}/completion"), &etag, None).await.expect(200);
    asks(&world, &path).await;
    let letter = |n: usize| format!("{path}/completion-requests/{n}/letter");
    provider.get(&letter(1)).await.expect(200);
    assert_eq!(openings(&world, &path, "/case/completions/1/notification").await, [""; 0]);
    provider.get(&letter(2)).await.expect(200);
    assert_eq!(openings(&world, &path, "/case/completions/1/notification").await, ["Per Provider"]);
    provider.get(&path).await.expect(200);
    assert_eq!(events(&world, "application.completion-opened").await, 2);
}

async fn a_request_that_nobody_opens_in_a_week_is_notified_once_more(world: World) {
    let path = request_completion(&world).await;
    world.set_clock("2026-03-19T22:59:59Z");
    world.catches_up().await;
    assert_eq!(events(&world, "application.completion-re-notified").await, 0);
    world.set_clock("2026-03-19T23:00:00Z");
    world.catches_up().await;
    world.catches_up().await;
    assert_eq!(events(&world, "application.completion-re-notified").await, 1);
    let seen = world.case_worker().get(&path).await.expect(200).json();
    let request = &seen["case"]["completions"][0];
    assert_eq!(request["notification"]["renotifiedAt"], "2026-03-19T23:00:00Z");
    assert_eq!(request["deadline"], "2026-03-26", "the deadline stays");
}

/// The provider reads the letter and then the resource: one receipt, by the letter.
async fn opened_by_letter(world: &World, path: &str, letter: &str, pointer: &str) {
    let (provider, worker): (Person, Person) = (world.provider(), world.case_worker());
    worker.get(letter).await.expect(200);
    assert_eq!(openings(world, path, pointer).await, [""; 0], "{letter}");
    provider.get(letter).await.expect(200);
    assert_eq!(openings(world, path, pointer).await, ["Per Provider"], "{letter}");
    let etag = worker.get(path).await.etag();
    provider.get(letter).await.expect(200);
    assert_eq!(provider.get(path).await.expect(200).etag(), etag, "{path}");
}

async fn to_read_the_letter_of_a_decision_is_to_open_it(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let letter = format!("{}/letter", decision.path);
    opened_by_letter(&world, &decision.path, &letter, "/course/notification").await;
}

async fn to_read_the_letter_of_a_prior_notice_is_to_open_it(world: World) {
    let case = world.send_notice().await;
    let path = format!("/v1/prior-notices/{}", case.notice);
    opened_by_letter(&world, &path, &format!("{path}/letter"), "/notification").await;
}
