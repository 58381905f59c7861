//! What hangs on a provider or an offering is told anew when that changes: once each, and whole.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        BAERUM, KRISTIANSAND, PROVIDER, World, bpa_content,
        people::{SERVICE, profile},
    },
};

on_both_databases!(
    a_provider_with_another_name_is_told_for_each_of_its_approvals,
    a_new_version_is_told_for_each_approval_of_the_offering,
    a_closing_is_told_on_its_day_and_once,
    an_offering_that_ends_is_told_for_each_approval,
);

/// The whole change feed.
async fn feed(world: &World) -> Vec<Value> {
    let page = world.anyone().get("/v1/changes?limit=1000").await.expect(200).json();
    assert_eq!(page["hasMore"], false);
    page["items"].as_array().unwrap().clone()
}

/// Type and subject of what came after the first `known`.
fn told(feed: &[Value], known: usize) -> Vec<(&str, &str)> {
    let told = feed[known..].iter().map(|it| {
        let kind = it["type"].as_str().unwrap();
        let kind = kind.trim_start_matches("no.godkjent.").trim_end_matches(".v1");
        (kind, it["subject"].as_str().unwrap())
    });
    told.collect()
}

/// What the feed said last of each approval is what is answered for it, apart from what time changes.
async fn the_feed_says_what_is_answered(world: &World) {
    let mut last = BTreeMap::new();
    for change in feed(world).await {
        let subject = change["subject"].as_str().unwrap().to_owned();
        if subject.starts_with("/v1/approvals/") {
            last.insert(subject, change["data"].clone());
        }
    }
    assert!(!last.is_empty());
    for (path, mut said) in last {
        let mut answered = world.anyone().get(&path).await.expect(200).json();
        for form in [&mut said, &mut answered] {
            let fields = form.as_object_mut().unwrap();
            fields.remove("status");
            fields.remove("nextChange");
        }
        assert_eq!(said, answered, "{path}");
    }
}

/// Approvals of the first provider in Kristiansand and in Bærum, both under contract, and one of the
/// other provider in Kristiansand that waits for its contract.
struct Scene {
    offering: String,
    kristiansand: String,
    baerum: String,
    waiting: String,
}

async fn scene(world: &World) -> Scene {
    let case = world.contracted().await;
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let practical = baerum.publish("practical-help", bpa_content()).await;
    let town = world.town(KRISTIANSAND);
    let other = world.other_provider();
    Scene {
        kristiansand: format!("/v1/approvals/{}", case.approval),
        baerum: format!(
            "/v1/approvals/{}",
            baerum.contract(&world.provider(), &practical, &["whole"]).await
        ),
        waiting: town.approval(&other, &case.offering, &["whole"]).await,
        offering: case.offering,
    }
}

async fn a_provider_with_another_name_is_told_for_each_of_its_approvals(world: World) {
    let Scene { kristiansand, baerum, waiting, .. } = scene(&world).await;
    let known = feed(&world).await.len();
    let (own, path) = (world.provider(), format!("/v1/providers/{PROVIDER}"));
    let before = own.get(&kristiansand).await.json();
    assert_eq!(before["profile"]["name"], "Eksempel Assistanse AS");

    let etag = own.get(&path).await.etag();
    let named = profile("Nytt Navn AS");
    own.act(Method::PUT, &path, &etag, Some(named)).await.expect(200);
    let all = feed(&world).await;
    assert_eq!(
        told(&all, known),
        [
            ("provider.updated", path.as_str()),
            ("approval.provider-changed", &kristiansand),
            ("approval.provider-changed", &baerum),
        ]
    );
    for change in &all[known + 1..] {
        assert_eq!(change["data"]["profile"]["name"], "Nytt Navn AS");
        assert_eq!(change["data"]["profile"]["revision"], 2);
    }
    let after = own.get(&kristiansand).await.json();
    assert_eq!(after["profile"]["name"], "Nytt Navn AS");
    assert_eq!(after["revision"], before["revision"], "the approval itself has not changed");
    the_feed_says_what_is_answered(&world).await;

    // A confirmation shows as well; what is not public yet stays so.
    world.pass(chrono::TimeDelta::days(1));
    let known = all.len();
    let etag = own.get(&path).await.etag();
    let confirmation = format!("{path}/confirmation");
    own.act(Method::POST, &confirmation, &etag, None).await.expect(200);
    let all = feed(&world).await;
    let kinds: Vec<_> = told(&all, known).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        ["provider.confirmed", "approval.provider-changed", "approval.provider-changed"]
    );
    world.anyone().get(&format!("/v1/approvals/{waiting}")).await.problem(404, "not-found");
    the_feed_says_what_is_answered(&world).await;
    let other = world.other_provider();
    let path = format!("/v1/providers/{}", crate::world::OTHER_PROVIDER);
    let known = all.len();
    let etag = other.get(&path).await.etag();
    other.act(Method::PUT, &path, &etag, Some(profile("Helt Annen AS"))).await.expect(200);
    assert_eq!(told(&feed(&world).await, known), [("provider.updated", path.as_str())]);

    // Another instance reads the same from the journal.
    let rebuilt = world.another_instance().await.anyone();
    for path in [&kristiansand, &baerum] {
        let here = world.anyone().get(path).await.expect(200);
        assert_eq!(rebuilt.get(path).await.expect(200).text, here.text);
    }
}

async fn a_new_version_is_told_for_each_approval_of_the_offering(world: World) {
    let Scene { offering, kristiansand, waiting, .. } = scene(&world).await;
    let (town, path) = (world.town(KRISTIANSAND), format!("/v1/offerings/{offering}"));
    let known = feed(&world).await.len();
    let title = json!({"title": {"nb": "Personlig assistent"}});
    town.editor.changes(&offering, title).await.expect(200);
    assert_eq!(feed(&world).await.len(), known, "a draft is nobody else's business");
    town.editor.publishes(&offering).await.expect(201);
    let all = feed(&world).await;
    assert_eq!(
        told(&all, known),
        [("offering.published", path.as_str()), ("approval.offering-changed", &kristiansand)]
    );
    let said = &all[known + 1]["data"];
    assert_eq!(said["offering"]["version"], 2);
    assert_eq!(said["offering"]["title"]["nb"], "Personlig assistent");
    assert_eq!((&said["version"], &said["service"]), (&json!(1), &json!(SERVICE)));
    the_feed_says_what_is_answered(&world).await;

    // What becomes public later tells of the version in force then.
    let signed = town.decision_maker.records_contract(&waiting, "2026-03-12", None);
    assert_eq!(signed.await.expect(200).json()["offering"]["version"], 2);
    the_feed_says_what_is_answered(&world).await;
}

/// Kristiansand's offering as a concession, which can be closed, and an approval under contract.
async fn concession(world: &World) -> (String, String) {
    let mut content = bpa_content();
    content["legalBasis"] = json!("concession");
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let offering = town.publish(SERVICE, content).await;
    world.registered_providers().await;
    let approval = town.approval(&world.provider(), &offering, &["whole"]).await;
    world.set_clock("2026-03-23T09:00:00Z");
    let signed = town.decision_maker.records_contract(&approval, "2026-03-23", None);
    signed.await.expect(200);
    world.catches_up().await;
    (offering, format!("/v1/approvals/{approval}"))
}

async fn closes(world: &World, offering: &str, body: Value) {
    let editor = world.editor();
    let etag = editor.get(&format!("/v1/offerings/{offering}/draft")).await.etag();
    let path = format!("/v1/offerings/{offering}/closure");
    editor.act(Method::POST, &path, &etag, Some(body)).await.expect(200);
}

async fn a_closing_is_told_on_its_day_and_once(world: World) {
    let (offering, approval) = concession(&world).await;
    let path = format!("/v1/offerings/{offering}");
    let known = feed(&world).await.len();
    let reason = json!({"nb": "Ordningen legges om."});
    closes(&world, &offering, json!({"kind": "to-new", "from": "2026-04-01", "reason": reason}))
        .await;
    let all = feed(&world).await;
    assert_eq!(told(&all, known), [("offering.closure-announced", path.as_str())]);

    let known = all.len();
    world.set_clock("2026-03-31T22:00:00Z");
    let seen = world.anyone().get(&approval).await.json();
    assert_eq!(seen["offering"]["state"], "closed-to-new", "as the day begins");
    world.catches_up().await;
    let all = feed(&world).await;
    assert_eq!(
        told(&all, known),
        [("offering.closed-to-new", path.as_str()), ("approval.offering-changed", &approval)]
    );
    assert_eq!(all[known + 1]["data"]["offering"]["state"], "closed-to-new");
    the_feed_says_what_is_answered(&world).await;
    world.catches_up().await;
    assert_eq!(feed(&world).await.len(), all.len(), "once");
}

async fn an_offering_that_ends_is_told_for_each_approval(world: World) {
    let (offering, approval) = concession(&world).await;
    let known = feed(&world).await.len();
    // Closed from today: the announcement itself changes the state, and its day brings nothing new.
    let reason = json!({"nb": "Ordningen legges om."});
    closes(&world, &offering, json!({"kind": "to-new", "from": "2026-03-23", "reason": reason}))
        .await;
    world.catches_up().await;
    let all = feed(&world).await;
    let path = format!("/v1/offerings/{offering}");
    assert_eq!(
        told(&all, known),
        [
            ("offering.closure-announced", path.as_str()),
            ("approval.offering-changed", &approval),
            ("offering.closed-to-new", &path),
        ]
    );
    the_feed_says_what_is_answered(&world).await;

    let known = all.len();
    let winding_down = json!({"until": "2026-06-30", "takenOverBy": "Kommunens egen tjeneste"});
    let end = json!({"kind": "ending", "on": "2026-06-30", "reason": reason,
        "windingDown": winding_down});
    closes(&world, &offering, end).await;
    world.set_clock("2026-06-30T22:00:00Z");
    world.catches_up().await;
    let all = feed(&world).await;
    assert_eq!(
        told(&all, known),
        [
            ("offering.closure-announced", path.as_str()),
            ("approval.ended-with-offering", &approval),
            ("offering.ended", &path),
            ("approval.offering-changed", &approval),
            ("approval.status-changed", &approval),
        ]
    );
    let last = all.last().unwrap();
    assert_eq!(last["data"]["status"], "ended");
    assert_eq!(last["data"]["offering"]["state"], "ended");
    the_feed_says_what_is_answered(&world).await;
}
