//! Bitemporal reads, compared with a naive reading of the feed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        KRISTIANSAND, World, bpa_content,
        people::{PAGE, SERVICE, profile, synthetic_number},
    },
};

on_both_databases!(
    a_name_is_what_it_was_then;
    sqlite_alone:
    what_is_asked_of_an_impossible_time_is_refused
);

fn z(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

async fn a_name_is_what_it_was_then(world: World) {
    let world = &world;
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let before = world.state.context.now();
    world.set_clock(&z(before + TimeDelta::days(1)));
    let offering = town.publish(SERVICE, bpa_content()).await;
    let provider = world.provider_with_number(1);
    provider.registers(&synthetic_number(1), profile("Gammelt Navn AS")).await.expect(200);
    town.contract(&provider, &offering, &["whole"]).await;
    let first = world.state.context.now();
    world.set_clock(&z(first + TimeDelta::days(10)));
    let path = format!("/v1/providers/{}", synthetic_number(1));
    let etag = world.anyone().get(&path).await.etag();
    let renamed = Some(profile("Nytt Navn AS"));
    provider.act(actix_web::http::Method::PUT, &path, &etag, renamed).await.expect(200);

    let anyone = world.anyone();
    let names = |page: Value| {
        let providers = page["providers"].as_array().unwrap().iter();
        providers.map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let then = z(first + TimeDelta::days(1));
    for (query, expected) in [
        (String::new(), "Nytt Navn AS"),
        (format!("?validAt={then}"), "Gammelt Navn AS"),
        (format!("?knownAt={then}"), "Gammelt Navn AS"),
        (format!("?validAt={}&knownAt={then}", z(first + TimeDelta::days(20))), "Gammelt Navn AS"),
    ] {
        let page = anyone.get(&format!("{PAGE}{query}")).await.expect(200).json();
        assert!(names(page).contains(&expected.to_owned()), "{query}");
        let found = anyone.get(&format!("{path}{query}")).await.expect(200).json();
        assert_eq!(found["name"], expected, "{query}");
        let list = format!("/v1/approvals?q={}&{}", &expected[..4], query.trim_start_matches('?'));
        let found = anyone.get(&list).await.expect(200).json();
        assert_eq!(found["items"][0]["profile"]["name"], expected, "{list}");
        let other = if expected.starts_with("Nytt") { "Gamm" } else { "Nytt" };
        let list = format!("/v1/approvals?q={other}&{}", query.trim_start_matches('?'));
        assert_eq!(anyone.get(&list).await.expect(200).json()["items"], json!([]), "{list}");
    }
    let whole = |query: String| async move {
        let path = format!("/v1/snapshots/register.ndjson{query}");
        world.anyone().get(&path).await.expect(200).text
    };
    assert!(whole(String::new()).await.contains("Nytt Navn AS"));
    let old = whole(format!("?knownAt={then}")).await;
    assert!(old.contains("Gammelt Navn AS") && !old.contains("Nytt Navn AS"), "{old}");
    let early = whole(format!("?knownAt={}", z(before))).await;
    let kinds = ["offerings", "providers", "approvals"].map(|kind| format!("/v1/{kind}/"));
    assert!(!kinds.iter().any(|kind| early.contains(kind)), "{early}");
    for gone in [format!("{PAGE}?validAt={}", z(before)), format!("{PAGE}?knownAt={}", z(before))] {
        anyone.get(&gone).await.problem(404, "not-found");
    }
    let none = anyone.get(&format!("/v1/approvals?knownAt={}", z(before))).await.expect(200).json();
    assert_eq!(none["items"], json!([]));
}

async fn what_is_asked_of_an_impossible_time_is_refused(world: World) {
    let anyone = world.anyone();
    let ahead = z(world.state.context.now() + TimeDelta::seconds(1));
    for list in ["/v1/approvals", "/v1/offerings", "/v1/municipalities"] {
        for time in
            ["2026-02-30", "2026-13-01", "yesterday", "2026-03-12T25:00:00Z", "12.03.2026", ""]
        {
            for parameter in ["validAt", "knownAt"] {
                let problem = anyone.get(&format!("{list}?{parameter}={time}")).await;
                let problem = problem.problem(400, "impossible-time");
                assert_eq!(problem["errors"][0]["parameter"], parameter, "{list} {time}");
            }
        }
        anyone.get(&format!("{list}?knownAt={ahead}")).await.problem(400, "impossible-time");
        anyone.get(&format!("{list}?validAt={ahead}")).await.expect(200);
        anyone.get(&format!("{list}?validAt=2026-03-12")).await.expect(200);
    }
}
