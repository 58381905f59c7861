//! Maximum of providers: checked at every step that takes a place.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    appeals::{in_favour, lodge, second_maker_after},
    decisions::On,
    intake::concession_for_one,
    on_both_databases,
    world::{
        KRISTIANSAND, Person, World,
        people::{Assessed, SERVICE, at_once, reasons, refusal, revocation, warning},
    },
};

on_both_databases!(
    of_two_who_are_approved_at_once_the_one_place_takes_one,
    an_appeal_gives_no_place_that_is_taken,
    a_revoked_approval_gets_no_place_back_that_is_taken,
    no_action_is_offered_that_needs_a_place_while_there_is_none,
);

/// An offering for one provider. Gives its id.
async fn offering_for_one(world: &World) -> String {
    publishes(world, concession_for_one()).await
}

async fn publishes(world: &World, content: Value) -> String {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    world.registered_providers().await;
    town.publish(SERVICE, content).await
}

async fn submit_application(provider: &Person, offering: &str) -> String {
    let application = provider.drafts_application(offering).await;
    provider.completes(&application).await;
    provider.submits(&application).await.expect(200);
    application
}

/// The municipality publishes a version with two places.
async fn makes_room(world: &World, offering: &str) {
    let more = json!({"process": {"maxProviders": 2}});
    world.editor().changes(offering, more).await.expect(200);
    world.editor().publishes(offering).await.expect(201);
}

async fn of_two_who_are_approved_at_once_the_one_place_takes_one(world: World) {
    let offering = offering_for_one(&world).await;
    let dag = world.decision_maker();
    let mut requests = vec![];
    for provider in [world.provider(), world.other_provider()] {
        let application = submit_application(&provider, &offering).await;
        world.assess(&application, Assessed::AllMet).await;
        let path = format!("/v1/applications/{application}");
        let etag = dag.get(&path).await.etag();
        let request = dag.request(Method::POST, &format!("{path}/decision"));
        let approve = json!({"outcome": "approve", "reasons": reasons()});
        requests.push(request.header("If-Match", &etag).json(&approve));
    }
    let answers = at_once(requests).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{answers:?}");
    let late = answers.into_iter().find(|answer| answer.status.as_u16() == 409).unwrap();
    late.problem(409, "offering-full");
}

async fn an_appeal_gives_no_place_that_is_taken(world: World) {
    let offering = offering_for_one(&world).await;
    let dag = world.decision_maker();
    let own = submit_application(&world.provider(), &offering).await;
    let other = submit_application(&world.other_provider(), &offering).await;
    world.assess(&own, Assessed::OneFailing).await;
    let refused = On::decision(&dag.decides(&own, refusal()).await.expect(201));
    world.assess(&other, Assessed::AllMet).await;
    world.approve(&other).await;

    let lodged = lodge(&world, &refused).await;
    lodged.review(&world).await;
    let full = lodged.act(&dag, "outcome", in_favour("met")).await;
    full.problem(409, "offering-full");
    assert_eq!(lodged.state(&dag).await, "lower-body-review", "nothing was done");
    makes_room(&world, &offering).await;
    lodged.act(&dag, "outcome", in_favour("met")).await.expect(201);
}

async fn a_revoked_approval_gets_no_place_back_that_is_taken(world: World) {
    let offering = offering_for_one(&world).await;
    let (dag, kari) = (world.decision_maker(), world.case_worker());
    let own = submit_application(&world.provider(), &offering).await;
    world.assess(&own, Assessed::AllMet).await;
    let approval = world.approve(&own).await;
    world.set_clock("2026-03-24T09:00:00Z");
    dag.records_contract(&approval, "2026-03-24", None).await.expect(200);
    for who in [&dag, &kari] {
        who.declares_impartiality_after(&approval).await.expect(200);
    }
    let notice = warn(&kari, &approval).await;
    world.set_clock("2026-04-15T09:00:00Z");
    let body = revocation(&notice, "terms-breach");
    let revoked = On::decision(&dag.revokes(&approval, body).await.expect(201));
    let lodged = lodge(&world, &revoked).await;
    let other = submit_application(&world.other_provider(), &offering).await;
    world.assess(&other, Assessed::AllMet).await;
    world.approve(&other).await;

    let waits = json!({"granted": true, "reasons": reasons()});
    revoked.act(&dag, "deferral", waits.clone()).await.problem(409, "offering-full");
    lodged.review(&world).await;
    let changed = json!({"ruling": "changed-in-favour", "reasons": reasons()});
    lodged.act(&dag, "outcome", changed.clone()).await.problem(409, "offering-full");
    let ida = second_maker_after(&world, &approval).await;
    let path = revoked.path.clone();
    assert_eq!(code(&ida, &path, "reverse").await, json!("offering-full"));
    // Not to suspend it needs no place.
    assert_eq!(code(&ida, &path, "defer").await, json!(null));
    let reversal: Value = json!({"ground": "no-harm", "reasons": reasons()});
    revoked.act(&ida, "reversal", reversal).await.problem(409, "offering-full");
    let public = format!("/v1/approvals/{approval}");
    assert_eq!(world.anyone().get(&public).await.json()["status"], "revoked");
    makes_room(&world, &offering).await;
    assert_eq!(code(&ida, &path, "reverse").await, json!(null));
    lodged.act(&dag, "outcome", changed).await.expect(201);
    assert_eq!(world.anyone().get(&public).await.json()["status"], "active");
}

/// The problem code of an impossible action; null while it is possible.
async fn code(who: &Person, path: &str, act: &str) -> Value {
    let view = who.get(path).await.expect(200).json();
    let actions = view["actions"].as_array().unwrap();
    actions.iter().find(|action| action["act"] == act).unwrap()["code"].clone()
}

async fn no_action_is_offered_that_needs_a_place_while_there_is_none(world: World) {
    // With a further ground for a refusal, a decision would stay possible.
    let mut content = concession_for_one();
    content["terms"]["refusalGrounds"] = json!([]);
    let offering = publishes(&world, content).await;
    let (dag, other) = (world.decision_maker(), world.other_provider());
    let first = submit_application(&world.provider(), &offering).await;
    let second = submit_application(&other, &offering).await;
    world.assess(&first, Assessed::AllMet).await;
    world.assess(&second, Assessed::AllMet).await;
    let path = format!("/v1/applications/{second}");
    assert_eq!(code(&dag, &path, "decide").await, json!(null));
    world.approve(&first).await;

    assert_eq!(code(&dag, &path, "decide").await, json!("offering-full"));
    let listed = dag.get("/v1/applications").await.json();
    let same = |item: &&Value| item["id"] == second.as_str();
    let listed = listed["items"].as_array().unwrap().iter().find(same).unwrap().clone();
    assert_eq!(listed["actions"], dag.get(&path).await.json()["actions"]);
    dag.decides(&second, json!({"outcome": "approve"})).await.problem(409, "offering-full");
    dag.decides(&second, refusal()).await.problem(409, "no-ground-to-refuse");

    other.withdraws(&second).await.expect(200);
    let third = other.drafts_application(&offering).await;
    other.completes(&third).await;
    let path = format!("/v1/applications/{third}");
    assert_eq!(code(&other, &path, "submit").await, json!("offering-full"));
    other.submits(&third).await.problem(409, "offering-full");
    makes_room(&world, &offering).await;
    assert_eq!(code(&other, &path, "submit").await, json!(null));
}

async fn warn(kari: &Person, approval: &str) -> String {
    let case = format!("/v1/approvals/{approval}/case");
    let etag = kari.get(&case).await.expect(200).etag();
    let mut body = warning("terms-breach");
    body["replyBy"] = json!("2026-04-14");
    let path = format!("/v1/approvals/{approval}/prior-notices");
    let sent = kari.act(Method::POST, &path, &etag, Some(body)).await.expect(201);
    crate::world::people::id(&sent)
}
