//! The synthetic country, loaded into the journal and read publicly.

mod records;

use std::sync::Arc;

use actix_web::web;
use godkjent::{
    catalogue::Catalogue,
    domain::{role::Actor, values::text::Line},
    jobs,
    store::{CommandMetadata, Store},
};

use crate::{
    bench::register::data::{self, Country},
    on_both_databases,
    world::World,
};

on_both_databases!(a_country_is_loaded_and_lives_on);

/// Loads a country of so many approvals, and then so many changes; gives how many rows.
pub fn load(store: &Store, approvals: usize, changes: usize) -> (Country, usize) {
    let country = Country::new(Arc::new(Catalogue::load().unwrap()), 4, approvals).unwrap();
    let line = |text: &str| Line::parse(text).unwrap();
    let metadata = CommandMetadata {
        id: uuid::Uuid::nil(),
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        actor: Actor { subject: line("demo"), name: line("Demo") },
        role: "registry",
        organisation: "313000028".to_owned(),
        request_id: "country".to_owned(),
    };
    let mut rows = data::append(store, &metadata, country.records()).unwrap();
    rows += data::append(store, &metadata, country.changes().take(changes)).unwrap();
    (country, rows)
}

async fn a_country_is_loaded_and_lives_on(world: World) {
    // The journal is not empty before: positions continue.
    world.editor().sets_up("4204").await.expect(200);
    let state = world.state.clone();
    let loaded = web::block(move || {
        let loaded = load(&state.store, 40, 10);
        jobs::follow(&state.store, &state.register, state.context.now()).unwrap();
        loaded
    });
    let (country, rows) = loaded.await.unwrap();
    assert_eq!(rows, country.size() + 10);
    let feed = world.anyone().get("/v1/changes?limit=1000").await.expect(200).json();
    let sequences: Vec<_> =
        feed["items"].as_array().unwrap().iter().map(|it| it["sequence"].clone()).collect();
    crate::chain::is_intact(&world, i64::try_from(rows).unwrap() + 1).await;
    let expected: Vec<_> = (1..=rows + 1).map(|position| position.to_string()).collect();
    assert_eq!(sequences, expected);
    for place in 0..country.places() {
        let (municipality, service) = country.place(place).unwrap();
        let path = format!("/v1/register/{municipality}/{service}");
        let page = world.anyone().get(&path).await.expect(200).json();
        assert_eq!(page["providers"].as_array().unwrap().len(), 21, "with the own offer");
    }
    // A later command gets the next position.
    world.registered_providers().await;
    let feed = world.anyone().get(&format!("/v1/changes?after={}", rows + 1)).await.json();
    assert_eq!(feed["items"][0]["sequence"], (rows + 2).to_string());
}
