//! A clock that jumps: an hour back, a year on, and home again, in the middle of a case.

use actix_web::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    rebuild::is_equal,
    world::{
        Answer, World,
        people::{revocation, warning},
    },
};

on_both_databases!(a_case_whose_clock_jumps_loses_nothing, two_instances_whose_clocks_differ_agree,);

/// Clock offset before each command; the sum is zero.
const JUMPS: [i64; 8] =
    [-3_600, 366 * 86_400, -366 * 86_400, 86_400, 1, -86_401, 10 * 86_400, -860_400];

/// The journal in the order of its positions, without a gap; no subject returns to an earlier revision.
async fn journal(world: &World) -> Vec<Value> {
    let rows = world.auditor().audits().await;
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row["position"], place + 1, "{row}");
        let is_before = |earlier: &&Value| earlier["subject"] == row["subject"];
        let before = rows.iter().take(place).rfind(is_before);
        let before = before.map_or(0, |it| it["revision"].as_i64().unwrap());
        assert!(row["revision"].as_i64().unwrap() >= before, "{row}");
    }
    rows
}

/// The answer of an accepted command: its row is the last of its subject.
async fn is_kept(world: &World, answer: &Answer, accepted: &mut usize) {
    assert!(answer.status.is_success(), "{}", answer.text);
    let rows = journal(world).await;
    assert!(rows.len() > *accepted, "the act left no row");
    *accepted = rows.len();
}

async fn a_case_whose_clock_jumps_loses_nothing(world: World) {
    let case = world.create_contract().await;
    let mut accepted = journal(&world).await.len();
    let approval = case.approval.as_str();
    let mut away = 0;
    for (count, jump) in JUMPS.into_iter().enumerate() {
        away += jump;
        world.pass(TimeDelta::seconds(jump));
        world.catches_up().await;
        // A token of the time before may be one of the future now.
        let (editor, provider) = (world.editor(), world.provider());
        let path = format!("/v1/approvals/{approval}/listing");
        let etag =
            world.anyone().get(&format!("/v1/approvals/{approval}")).await.expect(200).etag();
        let patch = json!({"capacity": "open", "text": {"nb": format!("Melding {count}")}});
        let patched = provider.act(Method::PATCH, &path, &etag, Some(patch)).await;
        is_kept(&world, &patched, &mut accepted).await;
        let title = json!({"title": {"nb": format!("Utkast {count}")}});
        is_kept(&world, &editor.changes(&case.offering, title).await, &mut accepted).await;
        // Before its publication nothing is in force; afterwards public reads match the tables.
        if away >= 0 {
            is_equal(&world, 4).await;
            let view = world.anyone().get(&format!("/v1/approvals/{approval}")).await.expect(200);
            assert_eq!(view.json()["listing"]["text"]["nb"], format!("Melding {count}"));
        }
    }
    assert_eq!(away, 0, "the clock is right again");
    // The case continues to its end unaffected.
    let notice = world.case_worker().warns(approval, "terms-breach").await.expect(201).json();
    let notice = notice["id"].as_str().unwrap().to_owned();
    world.provider().replies(&notice).await.expect(200);
    let revoked =
        world.decision_maker().revokes(approval, revocation(&notice, "terms-breach")).await;
    is_kept(&world, &revoked, &mut accepted).await;
    let again = world.another_instance().await;
    assert_eq!(again.state.register.position(), world.state.register.position());
    is_equal(&again, 4).await;
}

async fn two_instances_whose_clocks_differ_agree(world: World) {
    let case = world.create_contract().await;
    let other = world.another_instance().await;
    // A notice by the instance with the fast clock has the same deadline on both.
    world.pass(TimeDelta::hours(5));
    let warned = world.case_worker().warns(&case.approval, "terms-breach").await.expect(201).json();
    let path = format!("/v1/prior-notices/{}", warned["id"].as_str().unwrap());
    world.pass(TimeDelta::hours(-5));
    other.catches_up().await;
    let there = other.provider().get(&path).await.expect(200).json();
    assert_eq!(there["replyBy"], warned["replyBy"]);
    assert_eq!(warning("terms-breach")["replyBy"], warned["replyBy"]);
    assert_eq!(journal(&world).await, journal(&other).await);
    is_equal(&other, 4).await;
}
