//! One unreadable item or row is set aside, and the others continue.

use std::time::Duration;

use actix_web::{http::Method, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    decisions::refuse_application,
    on_both_databases,
    rebuild::alter,
    world::{PROVIDER, World, people::profile},
};

on_both_databases!(
    due_items_that_cannot_be_done_wait_and_the_others_are_done,
    an_item_that_is_set_aside_is_done_once_its_thing_can_be_read,
    a_public_row_of_a_later_version_stands_in_the_feed_and_stops_nothing,
    what_a_wrong_clock_has_done_is_done_again_in_its_time,
);

const NOBODY: &str = "0197f6c8-0000-7000-8000-0000000000ff";

/// An instant as SQL.
fn at(world: &World, instant: &str) -> String {
    let instant: DateTime<Utc> = instant.parse().unwrap();
    if world.database_url().starts_with("sqlite:") {
        instant.timestamp_micros().to_string()
    } else {
        format!("'{}'", instant.to_rfc3339())
    }
}

/// A due item unknown to the registry.
async fn insert_item(world: &World, task: &str, collection: &str, id: &str) {
    let due = at(world, "2026-03-12T08:00:00Z");
    let sql = format!(
        "INSERT INTO agenda (subject_type, subject_id, task, due_at, owner) \
         VALUES ('{collection}', '{id}', '{task}', {due}, 'registry')"
    );
    alter(world, &sql).await;
}

async fn body_of(world: &World, path: &str) -> String {
    world.anyone().get(path).await.expect(200).text
}

/// The journal rows of an event about a subject.
async fn rows_of(world: &World, event: &str, subject: &str) -> Vec<Value> {
    let rows = world.auditor().audits().await;
    rows.into_iter().filter(|row| row["event"] == event && row["subject"] == subject).collect()
}

async fn due_items_that_cannot_be_done_wait_and_the_others_are_done(world: World) {
    world.create_contract().await;
    insert_item(&world, "Re notify!", "applications", NOBODY).await;
    insert_item(&world, "renotify", "applications", "nobody").await;
    insert_item(&world, "become-final", "decisions", NOBODY).await;
    insert_item(&world, "weigh-anew", "wards", "7").await;
    world.set_clock("2027-04-01T09:00:00Z");
    assert!(world.catches_up().await > 0);
    let stale = rows_of(&world, "agenda.reminded", &format!("/v1/providers/{PROVIDER}")).await;
    assert_eq!(stale.len(), 1, "what can be done is done");
    let ready = body_of(&world, "/readyz").await;
    let lines: Vec<_> = ready.lines().collect();
    assert_eq!(lines[0], "ready");
    for name in [
        format!("set aside: Re notify! of /v1/applications/{NOBODY} (attempts: 1)"),
        "set aside: renotify of /v1/applications/nobody (attempts: 1)".to_owned(),
        format!("set aside: become-final of /v1/decisions/{NOBODY} (attempts: 1)"),
        "left to a later version: 1 due items".to_owned(),
    ] {
        assert!(lines.contains(&name.as_str()), "{name}\n{ready}");
    }
    assert_eq!(lines.len(), 5, "{ready}");
    let metrics = body_of(&world, "/metrics").await;
    for line in ["godkjent_due_set_aside 3", "godkjent_due_left 1"] {
        assert!(metrics.lines().any(|it| it == line), "{line}\n{metrics}");
    }

    // The wait holds on every instance and over a restart, and grows.
    let other = world.another_instance().await;
    assert_eq!(other.catches_up().await, 0);
    assert!(body_of(&other, "/readyz").await.contains("(attempts: 1)"));
    world.pass(TimeDelta::seconds(30));
    other.catches_up().await;
    assert!(body_of(&other, "/readyz").await.contains("(attempts: 2)"));
    world.pass(TimeDelta::seconds(30));
    world.catches_up().await;
    assert!(!body_of(&world, "/readyz").await.contains("(attempts: 3)"));
}

async fn an_item_that_is_set_aside_is_done_once_its_thing_can_be_read(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let subject = decision.path.as_str();
    alter(&world, "UPDATE decision_history SET body = '[' || body || ']'").await;
    world.set_clock("2026-09-01T09:00:00Z");
    world.catches_up().await;
    assert!(
        body_of(&world, "/readyz")
            .await
            .contains(&format!("become-final of {subject} (attempts: 1)"))
    );
    assert!(rows_of(&world, "decision.final", subject).await.is_empty());
    let mended = "UPDATE decision_history SET body = substr(body, 2, length(body) - 2)";
    alter(&world, mended).await;
    assert_eq!(world.catches_up().await, 0, "it waits");
    world.pass(TimeDelta::seconds(30));
    world.catches_up().await;
    assert_eq!(rows_of(&world, "decision.final", subject).await.len(), 1);
    assert_eq!(body_of(&world, "/readyz").await, "ready");
}

/// Puts a public row behind the last one, as a later version would.
async fn insert_public_row(world: &World, collection: &str, key: &str, record: &Value) {
    let before = world.state.register.position();
    let (now, blob) = (at(world, "2026-03-12T09:00:00Z"), "0197f6c8000070008000000000000abc");
    let sqlite = world.database_url().starts_with("sqlite:");
    let id = if sqlite { format!("x'{blob}'") } else { format!("'{blob}'::uuid") };
    let hash = if sqlite { "zeroblob(32)" } else { "decode(repeat('00', 32), 'hex')" };
    let sql = format!(
        "INSERT INTO journal (position, public_position, id, at, actor, actor_name, role, organisation, \
         request_id, kind, subject_type, subject_id, revision, detail, public, hash) \
         SELECT position + 1, {before} + 1, {id}, {now}, 'a', 'a', 'editor', '{PROVIDER}', 'r', \
         'ward.opened', '{collection}', '{key}', 1, '{{}}', '{record}', {hash} FROM journal_head; \
         UPDATE journal_head SET position = position + 1, public_position = public_position + 1"
    );
    alter(world, &sql).await;
}

async fn a_public_row_of_a_later_version_stands_in_the_feed_and_stops_nothing(world: World) {
    let case = world.create_contract().await;
    let approval = format!("/v1/approvals/{}", case.approval);
    let before = body_of(&world, &approval).await;
    let ward = json!({"beds": 12, "name": "Nord"});
    insert_public_row(&world, "wards", "7", &ward).await;
    world.catches_up().await;
    let position = world.state.register.position();
    // Later rows are read.
    let path = format!("/v1/providers/{PROVIDER}");
    let etag = world.provider().get(&path).await.expect(200).etag();
    let body = profile("Eksempel Assistanse og Omsorg AS");
    world.provider().act(Method::PUT, &path, &etag, Some(body)).await.expect(200);
    assert!(world.state.register.position() > position);
    let view = world.anyone().get(&path).await.expect(200).json();
    assert_eq!(view["name"], "Eksempel Assistanse og Omsorg AS");

    // A new instance gives the same: 1..N without a gap, and the row as written.
    let other = world.another_instance().await;
    other.catches_up().await;
    let mut after = 0;
    let mut data = None;
    let page = other.anyone().get("/v1/changes?after=0&limit=500").await.expect(200).json();
    for change in page["items"].as_array().unwrap() {
        after += 1;
        assert_eq!(change["sequence"], after.to_string());
        if change["subject"] == "/v1/wards/7" {
            data = Some(change["data"].clone());
        }
    }
    assert_eq!(data, Some(ward));
    assert_eq!(page["position"], after);
    let view: Value = serde_json::from_str(&body_of(&other, &approval).await).unwrap();
    let former: Value = serde_json::from_str(&before).unwrap();
    assert_eq!(view["status"], former["status"]);
    let name = format!("set aside: change {position} of the feed, about /v1/wards/7");
    assert!(body_of(&other, "/readyz").await.contains(&name));
    let metrics = body_of(&other, "/metrics").await;
    assert!(metrics.contains("\ngodkjent_public_rows_set_aside 1\n"), "{metrics}");
}

async fn what_a_wrong_clock_has_done_is_done_again_in_its_time(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let subject = decision.path.as_str();
    // Without a clock guard: the clock is 400 days ahead, and back again.
    world.pass(TimeDelta::days(400));
    world.catches_up().await;
    assert_eq!(rows_of(&world, "decision.final", subject).await.len(), 1);
    world.pass(TimeDelta::days(-400));
    let seen = decision.seen_by(&world.case_worker()).await;
    assert_eq!(seen["status"], "notified", "what counts is derived");
    let round = async |seconds| {
        let (state, upkeep) = (world.state.clone(), world.components.upkeep.clone());
        let work = move || {
            upkeep.round(&state.jobs(), &state.register, Duration::from_secs(seconds)).unwrap()
        };
        web::block(work).await.unwrap()
    };
    round(0).await;
    assert_eq!(rows_of(&world, "decision.final", subject).await.len(), 1, "it is not due yet");
    // A clock that jumps while it is watched has no effect at all.
    let journal = world.auditor().audits().await.len();
    world.pass(TimeDelta::days(400));
    assert_eq!(round(1).await, 0);
    assert_eq!(world.auditor().audits().await.len(), journal);
    let ready = body_of(&world, "/readyz").await;
    assert!(ready.contains("due work is suspended: the clock has jumped"), "{ready}");
    world.pass(TimeDelta::days(-400));
    round(2).await;
    assert_eq!(body_of(&world, "/readyz").await, "ready");
    // In its time it is final.
    world.pass(TimeDelta::days(60));
    world.catches_up().await;
    assert_eq!(rows_of(&world, "decision.final", subject).await.len(), 2);
}
