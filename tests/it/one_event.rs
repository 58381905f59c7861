//! One change is one event in the public journal, and a command that changes nothing is none.

use actix_web::http::Method;
use godkjent::domain::rules::daily_limit::CHANGES_PER_DAY;
use serde_json::{Value, json};

use crate::{
    offering_life::concession,
    on_both_databases,
    world::{
        BAERUM, KRISTIANSAND, PROVIDER, Person, World, bpa_content,
        people::{SERVICE, profile, settings},
    },
};

on_both_databases!(
    a_provider_with_another_name_is_one_event_and_shows_in_all_its_approvals,
    a_new_version_is_one_event_and_shows_in_each_approval,
    a_closing_is_told_on_its_day_and_once,
    a_command_that_changes_nothing_is_answered_and_leaves_no_row,
    a_day_has_room_for_so_many_changes_and_midnight_for_more;
    sqlite_alone:
    a_public_presentation_is_short
);

/// The change feed after a position.
async fn feed_after(world: &World, position: i64) -> Vec<Value> {
    let page = world.anyone().get(&format!("/v1/changes?after={position}&limit=1000")).await;
    page.expect(200).json()["items"].as_array().unwrap().clone()
}

/// Type and subject of each change.
fn kinds_and_subjects(feed: &[Value]) -> Vec<(&str, &str)> {
    let changes = feed.iter().map(|it| {
        let kind = it["type"].as_str().unwrap();
        let kind = kind.trim_start_matches("no.godkjent.").trim_end_matches(".v1");
        (kind, it["subject"].as_str().unwrap())
    });
    changes.collect()
}

async fn put(person: &Person, path: &str, body: Value) -> crate::world::Answer {
    let etag = person.get(path).await.etag();
    person.act(Method::PUT, path, &etag, Some(body)).await
}

/// The ids of the approvals that a search finds.
async fn search(world: &World, query: &str) -> Vec<String> {
    let page = world.anyone().get(&format!("/v1/approvals?{query}")).await.expect(200).json();
    let ids = page["items"].as_array().unwrap().iter();
    ids.map(|it| format!("/v1/approvals/{}", it["id"].as_str().unwrap())).collect()
}

/// Approvals of the first provider in Kristiansand and in Bærum, both under contract.
async fn scene(world: &World) -> (String, [String; 2]) {
    let case = world.create_contract().await;
    let baerum = world.town(BAERUM);
    baerum.editor.sets_up("3201").await.expect(200);
    let practical = baerum.publish("practical-help", bpa_content()).await;
    let other = baerum.contract(&world.provider(), &practical, &["whole"]).await;
    let approvals = [case.approval, other].map(|id| format!("/v1/approvals/{id}"));
    (case.offering, approvals)
}

async fn a_provider_with_another_name_is_one_event_and_shows_in_all_its_approvals(world: World) {
    let (offering, approvals) = scene(&world).await;
    let (provider, path) = (world.provider(), format!("/v1/providers/{PROVIDER}"));
    let before = provider.get(&approvals[0]).await.json();
    let list = "/v1/approvals?municipality=4204";
    let listed = world.anyone().get(list).await.etag();

    // An approval's event names the others and carries neither.
    let feed = feed_after(&world, 0).await;
    let event = feed.iter().find(|it| it["subject"] == approvals[0].as_str()).unwrap();
    assert_eq!(
        (&event["data"]["provider"], &event["data"]["offeringId"]),
        (&json!(PROVIDER), &json!(offering))
    );
    assert_eq!((event["data"].get("profile"), event["data"].get("offering")), (None, None));

    let then = world.now().format("%Y-%m-%dT%H:%M:%SZ");
    world.pass(chrono::TimeDelta::hours(1));
    let known = world.state.register.position();
    let mut renamed = profile("Nytt Navn AS");
    renamed["presentation"] = json!({"nb": "Vi har fem kokker."});
    renamed["languages"] = json!(["se"]);
    put(&provider, &path, renamed).await.expect(200);
    let feed = feed_after(&world, known).await;
    assert_eq!(kinds_and_subjects(&feed), [("provider.updated", path.as_str())]);
    assert_eq!(feed[0]["data"]["name"], "Nytt Navn AS");
    for approval in &approvals {
        let after = provider.get(approval).await.json();
        assert_eq!(
            (&after["profile"]["name"], &after["profile"]["revision"]),
            (&json!("Nytt Navn AS"), &json!(2))
        );
    }
    let after = provider.get(&approvals[0]).await.json();
    assert_eq!(after["revision"], before["revision"], "the approval itself has not changed");
    assert_ne!(world.anyone().get(list).await.etag(), listed, "the list shows its provider");

    // The search follows the name, the words and the languages; the page and the file show them.
    for now in ["q=kokker", "q=nytt+navn", "language=se", "order=name"] {
        assert_eq!(search(&world, now).await.len(), 2, "{now}");
    }
    for former in ["q=assistenter", "q=eksempel", "language=en"] {
        assert_eq!(search(&world, former).await, Vec::<String>::new(), "{former}");
    }
    let page = world.anyone().get(&format!("/v1/register/4204/{SERVICE}")).await.json();
    let mut names = page["providers"].as_array().unwrap().iter().map(|it| &it["name"]);
    assert!(names.any(|name| name == "Nytt Navn AS"), "{page}");
    let town = world.anyone().get("/v1/municipalities/4204").await.json();
    assert_eq!(town["freshness"]["position"], known + 1, "it concerns the municipality");

    // Earlier records are unchanged.
    for time in ["knownAt", "validAt"] {
        let former = world.anyone().get(&format!("{}?{time}={then}", approvals[0])).await;
        assert_eq!(former.expect(200).json()["profile"]["name"], "Eksempel Assistanse AS");
        assert_eq!(search(&world, &format!("q=assistenter&{time}={then}")).await.len(), 2);
    }

    // Another instance makes the same of the journal, and so do the tables.
    let rebuilt = world.another_instance().await.anyone();
    for path in [&approvals[0], &approvals[1], list, "/v1/snapshots/register.ndjson"] {
        let here = world.anyone().get(path).await.expect(200);
        assert_eq!(rebuilt.get(path).await.expect(200).text, here.text, "{path}");
    }
    crate::rebuild::is_equal(&world, 6).await;
}

async fn a_new_version_is_one_event_and_shows_in_each_approval(world: World) {
    let (offering, approvals) = scene(&world).await;
    let (town, path) = (world.town(KRISTIANSAND), format!("/v1/offerings/{offering}"));
    let known = world.state.register.position();
    let title = json!({"title": {"nb": "Personlig assistent"}});
    town.editor.changes(&offering, title).await.expect(200);
    town.editor.publishes(&offering).await.expect(201);
    assert_eq!(
        kinds_and_subjects(&feed_after(&world, known).await),
        [("offering.published", path.as_str())]
    );
    let view = world.anyone().get(&approvals[0]).await.json();
    assert_eq!((&view["offering"]["version"], &view["version"]), (&json!(2), &json!(1)));
    assert_eq!(view["offering"]["title"]["nb"], "Personlig assistent");
    let list = world.anyone().get("/v1/approvals?municipality=4204").await.json();
    assert_eq!(list["items"][0], view, "put together and made anew is the same");
}

async fn a_closing_is_told_on_its_day_and_once(world: World) {
    let (_, offering, approval) = concession(&world).await;
    world.catches_up().await;
    let known = world.state.register.position();
    let editor = world.editor();
    let etag = editor.get(&format!("/v1/offerings/{offering}/draft")).await.etag();
    let path = format!("/v1/offerings/{offering}");
    let body =
        json!({"kind": "to-new", "from": "2026-04-01", "reason": {"nb": "Ordningen legges om."}});
    editor.act(Method::POST, &format!("{path}/closure"), &etag, Some(body)).await.expect(200);
    world.set_clock("2026-03-31T22:00:00Z");
    let seen = world.anyone().get(&format!("/v1/approvals/{approval}")).await.json();
    assert_eq!(seen["offering"]["state"], "closed-to-new", "as the day begins");
    world.catches_up().await;
    world.catches_up().await;
    assert_eq!(
        kinds_and_subjects(&feed_after(&world, known).await),
        [("offering.closure-announced", path.as_str()), ("offering.closed-to-new", path.as_str())]
    );
    let list = world.anyone().get("/v1/approvals?municipality=4204").await.json();
    assert_eq!(list["items"][0]["offering"]["state"], "closed-to-new");
}

async fn a_command_that_changes_nothing_is_answered_and_leaves_no_row(world: World) {
    let (offering, [approval, _]) = scene(&world).await;
    let (provider, editor) = (world.provider(), world.editor());
    let own = format!("/v1/providers/{PROVIDER}");
    let listing =
        (format!("{approval}/listing"), json!({"capacity": "open", "text": {"nb": "Ledig."}}));
    let own_listing =
        (format!("/v1/offerings/{offering}/own-listing"), json!({"capacity": "full"}));
    let (case, draft) = (format!("{approval}/case"), format!("/v1/offerings/{offering}/draft"));
    let town = "/v1/municipalities/4204".to_owned();
    let etag = provider.get(&case).await.etag();
    provider.act(Method::PATCH, &listing.0, &etag, Some(listing.1.clone())).await.expect(200);
    let etag = editor.get(&draft).await.etag();
    editor.act(Method::PATCH, &own_listing.0, &etag, Some(own_listing.1.clone())).await.expect(200);
    let body = json!({"title": {"nb": "Uten endring"}});
    editor.changes(&offering, body.clone()).await.expect(200);
    let other = world.other_provider();
    let application = format!("/v1/applications/{}", other.drafts_application(&offering).await);
    let answer = (format!("{application}/answers/tax-certificate"), json!({"declaredMet": true}));
    put_at(&other, &application, &answer.0, answer.1.clone()).await.expect(200);

    let rows = async || world.auditor().audits().await.len();
    let before = rows().await;
    let confirm = |path: &str| format!("{path}/confirmation");
    let acts: [(&Person, &str, Method, String, Option<Value>); 10] = [
        (&provider, &own, Method::PUT, own.clone(), Some(profile("Eksempel Assistanse AS"))),
        (&provider, &own, Method::POST, confirm(&own), None),
        (&provider, &case, Method::PATCH, listing.0.clone(), Some(listing.1)),
        (&provider, &case, Method::POST, confirm(&listing.0), None),
        (&editor, &draft, Method::PATCH, own_listing.0.clone(), Some(own_listing.1)),
        (&editor, &draft, Method::POST, confirm(&own_listing.0), None),
        (&editor, &draft, Method::PATCH, draft.clone(), Some(body)),
        (&editor, &town, Method::PUT, town.clone(), Some(settings())),
        (&other, &application, Method::PUT, answer.0, Some(answer.1)),
        (&other, &application, Method::PATCH, application.clone(), Some(json!({}))),
    ];
    for (person, seen, method, path, body) in acts {
        let etag = person.get(seen).await.expect(200).etag();
        let stale = person.act(method.clone(), &path, "\"99\"", body.clone()).await;
        stale.problem(412, "precondition-failed");
        let answer = person.act(method, &path, &etag, body).await.expect(200);
        // A public answer's tag has a digest behind the revision.
        let revision = |tag: &str| tag.trim_matches('"').split('-').next().unwrap().to_owned();
        assert_eq!(revision(&answer.etag()), revision(&etag), "{path}");
        assert_eq!(person.get(seen).await.etag(), etag, "{path}");
    }
    assert_eq!(rows().await, before, "nothing has happened");

    // The next day a confirmation counts again: one row, of this subject only.
    world.pass(chrono::TimeDelta::days(1));
    let known = world.state.register.position();
    let etag = provider.get(&own).await.etag();
    provider.act(Method::POST, &confirm(&own), &etag, None).await.expect(200);
    let again = provider.get(&own).await.etag();
    provider
        .act(Method::PUT, &own, &again, Some(profile("Eksempel Assistanse AS")))
        .await
        .expect(200);
    assert_eq!(
        kinds_and_subjects(&feed_after(&world, known).await),
        [("provider.confirmed", own.as_str())]
    );
}

async fn put_at(person: &Person, seen: &str, path: &str, body: Value) -> crate::world::Answer {
    let etag = person.get(seen).await.etag();
    person.act(Method::PUT, path, &etag, Some(body)).await
}

async fn a_day_has_room_for_so_many_changes_and_midnight_for_more(world: World) {
    world.registered_providers().await;
    world.set_clock("2026-03-13T22:30:00Z");
    let (provider, path) = (world.provider(), format!("/v1/providers/{PROVIDER}"));
    let elsewhere = world.another_instance().await.provider();
    for number in 0..CHANGES_PER_DAY {
        let name = profile(&format!("Navn {number} AS"));
        put(&provider, &path, name).await.expect(200);
    }
    let etag = world.anyone().get(&path).await.etag();
    for person in [&provider, &elsewhere] {
        let over = person.act(Method::PUT, &path, &etag, Some(profile("For mye AS"))).await;
        assert_eq!(over.header("retry-after"), "1800", "until midnight in Norway");
        over.problem(429, "too-many-changes");
    }
    let same = profile(&format!("Navn {} AS", CHANGES_PER_DAY - 1));
    provider.act(Method::PUT, &path, &etag, Some(same)).await.expect(200);
    let view = world.anyone().get(&path).await;
    assert_eq!((view.etag(), view.json()["name"] != "For mye AS"), (etag, true));
    let other = format!("/v1/providers/{}", crate::world::OTHER_PROVIDER);
    put(&world.other_provider(), &other, profile("Andres AS")).await.expect(200);
    world.set_clock("2026-03-13T23:00:00Z");
    put(&provider, &path, profile("Neste Dag AS")).await.expect(200);
}

async fn a_public_presentation_is_short(world: World) {
    let (_, [approval, _]) = scene(&world).await;
    let (provider, path) = (world.provider(), format!("/v1/providers/{PROVIDER}"));
    let (fits, long) = ("å".repeat(2_000), "å".repeat(2_001));
    let mut profile = profile("Kort AS");
    profile["presentation"] = json!({"nb": fits, "nn": long, "en": long});
    let refused = put(&provider, &path, profile.clone()).await.expect(422);
    assert_eq!(refused.pointers(), ["/presentation/nn", "/presentation/en"]);
    // One error for each text, also if it exceeds every limit.
    profile["presentation"] = json!({"nb": "å".repeat(10_001)});
    let refused = put(&provider, &path, profile.clone()).await.expect(422);
    assert_eq!(refused.pointers(), ["/presentation/nb"]);
    let detail = refused.json()["errors"][0]["detail"].to_string();
    assert!(detail.contains("2000"), "{detail}");
    profile["presentation"] = json!({"nb": fits, "nn": fits});
    put(&provider, &path, profile).await.expect(200);
    let listing = json!({"capacity": "open", "text": {"nb": long}, "continuity": {"nn": long}});
    let etag = provider.get(&format!("{approval}/case")).await.etag();
    let patch = format!("{approval}/listing");
    let refused = provider.act(Method::PATCH, &patch, &etag, Some(listing)).await.expect(422);
    assert_eq!(refused.pointers(), ["/text/nb", "/continuity/nn"]);
}
