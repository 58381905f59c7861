//! How much of a provider is kept, and for how long.

use actix_web::http::Method;
use chrono::TimeDelta;
use godkjent::jobs::evidence::remove_unused;
use serde_json::Value;

use super::kept;
use crate::{
    on_both_databases,
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
    assert_eq!(kept(&world).len(), 4, "nothing of it is kept");
    let room = 4 * (1 << 20) - 4_000_000;
    me.gives(metadata("insurance"), &pdf(room)).await.expect(201);
    me.gives(metadata("insurance"), &pdf(100)).await.problem(413, "provider-files-too-large");
    let other = world.other_provider().gives(metadata("insurance"), &pdf(1_000_000)).await;
    other.expect(201);
}

/// Removes what is due by the world's clock.
async fn removes(world: &World) -> usize {
    remove_unused(&world.state.store, &world.state.context, LIMITS.unused).await.unwrap()
}

async fn removed_after(world: &World, file: &str) -> Value {
    let view = world.provider().get(&format!("/v1/evidence/{file}")).await.expect(200).json();
    view["removedAfter"].clone()
}

async fn a_file_that_no_case_is_shown_is_removed_when_its_time_is_up(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let unused = me.gives_pdf("insurance").await;
    let shown = me.gives_pdf("tax-certificate").await;
    assert_eq!(removed_after(&world, &unused).await, "2026-06-10T09:00:00Z");
    me.shows(&case.application, "tax-certificate", &shown).await.expect(200);
    assert_eq!(removed_after(&world, &shown).await, Value::Null);
    world.pass(TimeDelta::days(90) - TimeDelta::seconds(1));
    assert_eq!(removes(&world).await, 0);
    world.pass(TimeDelta::seconds(1));
    assert_eq!((removes(&world).await, removes(&world).await), (1, 0));
    me.get(&format!("/v1/evidence/{unused}")).await.problem(404, "not-found");
    let left = me.pages("/v1/evidence").await;
    assert_eq!(left.iter().map(|it| it["id"].clone()).collect::<Vec<_>>(), [shown.as_str()]);
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
