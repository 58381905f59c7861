//! Limits and retention of a provider's files.

use actix_web::{http::Method, rt};
use chrono::TimeDelta;
use futures_util::FutureExt;
use godkjent::jobs::evidence::remove_unused;
use serde_json::{Value, json};

use super::list_stored;
use crate::{
    on_both_databases,
    rebuild::alter,
    world::{
        World,
        files::{LIMITS, metadata, pdf},
        people::id,
    },
};

on_both_databases!(
    a_providers_files_have_a_limit_together,
    a_file_that_no_case_is_shown_is_removed_when_its_time_is_up,
    a_file_that_is_taken_off_a_case_gets_its_time_anew,
    a_file_that_is_removed_while_a_case_is_shown_it_is_missing,
    a_row_that_cannot_be_read_does_not_keep_others_from_being_removed,
);

async fn a_providers_files_have_a_limit_together(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    for _ in 0..4 {
        me.gives(metadata("insurance"), &pdf(1_000_000)).await.expect(201);
    }
    let refused = me.gives(metadata("insurance"), &pdf(1_000_000)).await;
    assert!(refused.json()["detail"].as_str().unwrap().contains("4194304 bytes"));
    refused.problem(413, "provider-files-too-large");
    assert_eq!(list_stored(&world).len(), 4, "nothing of it is kept");
    let room = 4 * (1 << 20) - 4_000_000;
    me.gives(metadata("insurance"), &pdf(room)).await.expect(201);
    me.gives(metadata("insurance"), &pdf(100)).await.problem(413, "provider-files-too-large");
    let other = world.other_provider().gives(metadata("insurance"), &pdf(1_000_000)).await;
    other.expect(201);
}

/// Removes unused files by the world's clock.
async fn removes(world: &World) -> usize {
    remove_unused(&world.state.jobs(), LIMITS.unused).await.unwrap()
}

async fn removed_after(world: &World, file: &str) -> Value {
    let view = world.provider().get(&format!("/v1/evidence/{file}")).await.expect(200).json();
    view["removedAfter"].clone()
}

async fn a_file_that_no_case_is_shown_is_removed_when_its_time_is_up(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let unused = me.gives_pdf("insurance").await;
    let attached = me.gives_pdf("tax-certificate").await;
    assert_eq!(removed_after(&world, &unused).await, "2026-06-10T09:00:00Z");
    me.shows(&case.application, "tax-certificate", &attached).await.expect(200);
    assert_eq!(removed_after(&world, &attached).await, Value::Null);
    world.pass(TimeDelta::days(90) - TimeDelta::seconds(1));
    assert_eq!(removes(&world).await, 0);
    world.pass(TimeDelta::seconds(1));
    assert_eq!((removes(&world).await, removes(&world).await), (1, 0));
    me.get(&format!("/v1/evidence/{unused}")).await.problem(404, "not-found");
    let left = me.pages("/v1/evidence").await;
    assert_eq!(left.iter().map(|it| it["id"].clone()).collect::<Vec<_>>(), [attached.as_str()]);
    let journal = world.auditor().audits().await;
    let removed: Vec<_> = journal.iter().filter(|it| it["event"] == "evidence.removed").collect();
    assert_eq!(removed.len(), 1);
    assert_eq!(removed[0]["role"], "registry");
    assert!(world.directory().join(&unused).is_file(), "its bytes are left to the sweep");
}

async fn a_file_that_is_taken_off_a_case_gets_its_time_anew(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let file = me.gives_pdf("tax-certificate").await;
    let view = me.shows(&case.application, "tax-certificate", &file).await.expect(200);
    let piece = view.json()["evidence"][0]["id"].as_str().unwrap().to_owned();
    world.pass(TimeDelta::days(100));
    assert_eq!(removes(&world).await, 0);
    let path = format!("/v1/applications/{}/evidence/{piece}/consent-withdrawal", case.application);
    let etag = me.get(&format!("/v1/applications/{}", case.application)).await.etag();
    me.act(Method::POST, &path, &etag, None).await.expect(200);
    assert_eq!(removes(&world).await, 0);
    assert_eq!(removed_after(&world, &file).await, "2026-09-18T09:00:00Z");
    let again = id(&me.gives(metadata("tax-certificate"), &pdf(100)).await.expect(201));
    world.pass(TimeDelta::days(89));
    me.shows(&case.application, "tax-certificate", &file).await.expect(200);
    world.pass(TimeDelta::days(1));
    assert_eq!(removes(&world).await, 1);
    me.get(&format!("/v1/evidence/{again}")).await.problem(404, "not-found");
    me.fetches(&file).await.expect(200);
}

async fn a_file_that_is_removed_while_a_case_is_shown_it_is_missing(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let file = me.gives_pdf("tax-certificate").await;
    let path = format!("/v1/applications/{}", case.application);
    let etag = me.get(&path).await.expect(200).etag();
    // Commands have no permit, so this one waits before its transaction until the file is gone.
    let acts = &world.state.concurrency.commands;
    let mut permits = vec![];
    while let Some(permit) = acts.enter().now_or_never() {
        permits.push(permit.unwrap());
    }
    let waiting: Vec<_> = (1..permits.len() * 8)
        .map(|_| {
            let state = world.state.clone();
            rt::spawn(async move { state.concurrency.commands.enter().await.map(drop) })
        })
        .collect();
    let body = json!({"criterion": "tax-certificate", "evidenceId": file, "consent": true});
    let attach = me.request(Method::POST, &format!("{path}/evidence")).header("If-Match", &etag);
    let attach = rt::spawn(attach.json(&body).send());
    // Its place is the last one in the queue.
    while !matches!(acts.enter().now_or_never(), Some(Err(_))) {
        assert!(!attach.is_finished());
        rt::task::yield_now().await;
    }
    alter(&world, "UPDATE evidence SET remove_after = uploaded_at").await;
    assert_eq!(removes(&world).await, 1);
    drop(permits);
    attach.await.unwrap().problem(404, "not-found");
    for waits in waiting {
        waits.await.unwrap().unwrap();
    }
    assert_eq!(me.get(&path).await.expect(200).etag(), etag, "nothing was changed");
}

async fn a_row_that_cannot_be_read_does_not_keep_others_from_being_removed(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    me.gives_pdf("insurance").await;
    alter(&world, "UPDATE evidence SET body = '[' || body || ']'").await;
    let good = me.gives_pdf("insurance").await;
    world.pass(TimeDelta::days(90));
    assert_eq!((removes(&world).await, removes(&world).await), (1, 0));
    me.get(&format!("/v1/evidence/{good}")).await.problem(404, "not-found");
}
