//! Readiness follows the needs of commands: here, an instance that applies changes of others.

use chrono::TimeDelta;

use crate::{on_both_databases, world::World};

on_both_databases!(an_instance_that_does_not_follow_the_journal_is_not_ready);

async fn an_instance_that_does_not_follow_the_journal_is_not_ready(world: World) {
    let anyone = world.anyone();
    anyone.get("/readyz").await.expect(200);
    world.pass(TimeDelta::seconds(4));
    anyone.get("/readyz").await.expect(200);
    world.pass(TimeDelta::seconds(2));
    let problem = anyone.get("/readyz").await.problem(503, "not-ready");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("not been followed since 2026-03-12T09:00:00Z"), "{detail}");
    world.pass(TimeDelta::seconds(2));
    world.catches_up().await;
    anyone.get("/readyz").await.expect(200);
}
