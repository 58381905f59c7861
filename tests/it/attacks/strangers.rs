//! A token of one municipality, or of another provider, on a case that is not theirs.

use serde_json::json;

use super::routes::{Route, Stage, send};
use crate::{
    on_sqlite,
    world::{BAERUM, KRISTIANSAND, Person, World, people::synthetic_number},
};

on_sqlite!(
    a_token_of_one_municipality_opens_nothing_of_anothers_case,
    a_token_of_one_provider_opens_nothing_of_anothers_case
);

/// Every private route with an id.
fn private() -> Vec<Route> {
    let all = Route::all().into_iter();
    let found: Vec<_> = all.filter(|it| it.needs_token() && it.path.contains("{id}")).collect();
    assert!(found.len() > 50, "{}", found.len());
    found
}

/// Tries a route with all of them; gives the names of the codes that they got.
async fn try_strangers(stage: &Stage, who: &[Person], route: &Route) -> Vec<String> {
    let mut body = route.example();
    // A municipality must send more than a provider, whose body the example is.
    if let Some(body) =
        body.as_mut().filter(|_| route.path.ends_with("/termination") && who.len() > 1)
    {
        body["reason"] = json!("Ordningen legges om.");
        body["windingDown"] = json!({"until": "2026-12-31", "takenOverBy": "Kommunen"});
    }
    let mut codes = vec![];
    for person in who {
        let answer = send(stage, person, route, body.as_ref()).await;
        let status = answer.status.as_u16();
        assert!([403, 404].contains(&status), "{} {status} {body:?} {}", route.name(), answer.text);
        codes.push(answer.json()["code"].as_str().unwrap().to_owned());
    }
    codes
}

/// Not found for the right role; others get a role error.
fn check(route: &Route, codes: &[String]) {
    for code in codes {
        assert!(code == "not-found" || code == "role-missing", "{} {code}", route.name());
    }
    assert!(codes.iter().any(|code| code == "not-found"), "{} {codes:?}", route.name());
}

async fn a_token_of_one_municipality_opens_nothing_of_anothers_case(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    // Providers are covered below.
    let mut strangers = stage.people(BAERUM);
    strangers.truncate(strangers.len() - 2);
    let home = stage.people(KRISTIANSAND);
    for route in private() {
        let codes = try_strangers(&stage, &strangers, &route).await;
        if codes.iter().any(|code| code != "role-missing") {
            check(&route, &codes);
        } else {
            // A command of providers only: no municipality may send it, not even the own one.
            let own = try_strangers(&stage, &home[..home.len() - 2], &route).await;
            assert!(own.iter().all(|code| code == "role-missing"), "{} {own:?}", route.name());
        }
    }
    assert_eq!(stage.journal().await, before);
}

async fn a_token_of_one_provider_opens_nothing_of_anothers_case(world: World) {
    let stage = Stage::new(world).await;
    let stranger = stage.world.provider_with_number(7);
    stranger
        .registers(&synthetic_number(7), crate::world::people::profile("Fremmed AS"))
        .await
        .expect(200);
    let before = stage.journal().await;
    let mut theirs = 0;
    for route in private() {
        let codes = try_strangers(&stage, std::slice::from_ref(&stranger), &route).await;
        if codes != ["role-missing"] {
            assert_eq!(codes, ["not-found"], "{}", route.name());
            theirs += 1;
        }
    }
    assert!(theirs > 15, "{theirs}");
    assert_eq!(stage.journal().await, before);
}
