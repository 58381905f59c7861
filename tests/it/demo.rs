use std::sync::atomic::{AtomicU64, Ordering};

use godkjent::{context::Context, demo, domain::role::Role};

use crate::{on_both_databases, world::World};

on_both_databases!(
    the_demo_is_loaded_once_and_every_offering_of_it_is_public,
    a_demo_that_broke_off_is_carried_on_where_it_stopped,
    other_data_is_left_alone,
    what_a_newcomer_changes_is_not_undone;
    sqlite_alone:
    every_demo_provider_is_marked_and_stands_on_the_synthetic_series,
    every_listing_of_the_demo_is_complete,
    one_service_has_nine_providers_another_none_and_one_comes_to_its_end,
    a_demo_whose_offering_has_ended_starts_again,
    the_decisions_of_the_demo_become_final_as_all_do
);

/// Loads the demo like a start, and updates the register.
pub async fn load(world: &World) -> bool {
    let (state, notices) = (world.state.clone(), world.components.notices.clone());
    let loaded = actix_web::web::block(move || {
        let context = demo::with_numbered_ids(&state.context, &state.store).unwrap();
        let loaded = demo::load(&state.store, &state.catalogue, &context, &notices).unwrap();
        godkjent::jobs::follow(&state.store, &state.register, state.context.now()).unwrap();
        loaded
    });
    loaded.await.unwrap()
}

/// The kinds of events in the journal, in order.
async fn events(world: &World) -> Vec<String> {
    let (auditor, mut path) = (world.auditor(), "/v1/audit?limit=200".to_owned());
    let mut events = vec![];
    loop {
        let page = auditor.get(&path).await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        events.extend(items.iter().map(|item| item["event"].as_str().unwrap().to_owned()));
        match page["page"]["next"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => return events,
        }
    }
}

async fn the_demo_is_loaded_once_and_every_offering_of_it_is_public(world: World) {
    assert!(load(&world).await);
    let first = events(&world).await;
    assert!(!load(&world).await, "the second start has nothing to do");
    assert_eq!(events(&world).await, first);

    let anyone = world.anyone();
    for (path, amounts) in [
        ("/v1/register/4204/practical-help", vec!["814.00"]),
        ("/v1/register/3201/home-nursing", vec!["849.00"]),
        ("/v1/register/0301/home-nursing", vec!["950.00", "1935.00"]),
    ] {
        let page = anyone.get(path).await.expect(200).json();
        let lines = page["compensation"].as_array().unwrap();
        let values: Vec<_> = lines.iter().map(|line| line["amount"]["amount"].clone()).collect();
        assert_eq!(values, amounts, "{path}");
        let providers = page["providers"].as_array().unwrap();
        assert_eq!(providers.len(), 4, "three, and the municipality's own: {path}");
    }
    let holy_day =
        anyone.get("/v1/register/0301/home-nursing").await.json()["compensation"][1].clone();
    assert_eq!((&holy_day["band"], &holy_day["unit"]), (&"holy-day".into(), &"hour".into()));
    // Left for the newcomer.
    anyone.get("/v1/register/4204/personal-assistance").await.problem(404, "not-found");
}

async fn a_demo_that_broke_off_is_carried_on_where_it_stopped(world: World) {
    let whole = World::on_sqlite().await;
    load(&whole).await;
    // The id generator fails after a few ids, so that each start is interrupted elsewhere.
    let mut starts = 0;
    while !load_with_few_ids(&world, starts).await {
        starts += 1;
        assert!(starts < 200, "no start comes to the end");
    }
    assert!(starts > 10, "the demo was not broken off: {starts}");
    assert!(!load(&world).await, "nothing is left to do");
    let (broken_off, at_once) = (events(&world).await, events(&whole).await);
    assert_eq!(of_commands(&broken_off), of_commands(&at_once));
    // Notices are sent by the start that can, and each once.
    let sorted = |mut events: Vec<String>| {
        events.sort_unstable();
        events
    };
    assert_eq!(sorted(broken_off), sorted(at_once));
}

/// The events without those of notices, whose order depends on where a start broke off.
fn of_commands(events: &[String]) -> Vec<&String> {
    let is_of_notices = |it: &str| it.starts_with("notice.") || it.starts_with("message.");
    events.iter().filter(|it| !is_of_notices(it)).collect()
}

/// Loads with seven good ids; every later one is the same, which the database does not take.
async fn load_with_few_ids(world: &World, start: u64) -> bool {
    let (state, used) = (world.state.clone(), AtomicU64::new(0));
    let notices = world.components.notices.clone();
    let good = world.state.context.clone();
    let context = Context::new(
        move || good.now(),
        move || {
            let count = used.fetch_add(1, Ordering::SeqCst).min(7);
            let number = u128::from(start * 100 + count);
            uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number)
        },
    );
    let load = move || {
        let loaded = demo::load(&state.store, &state.catalogue, &context, &notices);
        godkjent::jobs::follow(&state.store, &state.register, context.now()).unwrap();
        loaded.is_ok()
    };
    actix_web::web::block(load).await.unwrap()
}

async fn other_data_is_left_alone(world: World) {
    let settings = include_str!("../../data/demo/municipalities.json");
    let settings: serde_json::Value = serde_json::from_str(settings).unwrap();
    let path = "/v1/municipalities/4204";
    world.editor().create(path, settings[0]["settings"].clone()).await.expect(200);
    assert!(!load(&world).await);
    assert_eq!(events(&world).await, ["municipality.updated"]);
}

async fn every_demo_provider_is_marked_and_stands_on_the_synthetic_series(world: World) {
    load(&world).await;
    let page = world.anyone().get("/v1/approvals?limit=200").await.expect(200).json();
    let approvals = page["items"].as_array().unwrap();
    assert_eq!(approvals.len(), 18);
    for approval in approvals {
        let profile = &approval["profile"];
        assert!(profile["name"].as_str().unwrap().ends_with(" (demo)"), "{profile}");
        assert!(profile["organisationNumber"].as_str().unwrap().starts_with("3130"), "{profile}");
        assert!(approval["contract"]["number"].as_str().unwrap().starts_with("Demo "));
    }
}

const PAGES: [&str; 5] = [
    "/v1/register/4204/practical-help",
    "/v1/register/3201/home-nursing",
    "/v1/register/0301/home-nursing",
    "/v1/register/1508/personal-assistance",
    "/v1/register/4207/practical-help",
];

async fn every_listing_of_the_demo_is_complete(world: World) {
    load(&world).await;
    let (anyone, mut capacities) = (world.anyone(), vec![]);
    for path in PAGES {
        let page = anyone.get(path).await.expect(200).json();
        for provider in page["providers"].as_array().unwrap() {
            let name = &provider["name"];
            for field in
                ["text", "languages", "timesOfDay", "openingHours", "continuity", "startsWithin"]
            {
                let value = &provider[field];
                let is_there =
                    value.is_object() || value.as_array().is_some_and(|it| !it.is_empty());
                assert!(is_there, "{name} has no {field}");
            }
            capacities.push(provider["capacity"]["state"].as_str().unwrap().to_owned());
            assert!(provider["phone"].as_str().is_some(), "{name} has no phone");
            assert!(provider["web"].as_str().is_some(), "{name} has no web page");
            assert!(!provider["zones"].as_array().unwrap().is_empty(), "{name} has no zone");
        }
    }
    for state in ["open", "limited", "full"] {
        assert!(capacities.iter().any(|it| it == state), "nobody is {state}");
    }
}

async fn one_service_has_nine_providers_another_none_and_one_comes_to_its_end(world: World) {
    load(&world).await;
    let anyone = world.anyone();
    let providers = async |path: &str| {
        let page = anyone.get(path).await.expect(200).json();
        let all = page["providers"].as_array().unwrap().clone();
        all.into_iter().filter(|it| it["kind"] != "municipal").collect::<Vec<_>>()
    };
    assert_eq!(providers("/v1/register/1508/personal-assistance").await.len(), 9);
    assert_eq!(providers("/v1/register/4207/practical-help").await.len(), 0);
    let ending = providers("/v1/register/3201/home-nursing").await;
    assert!(ending.iter().all(|it| it["status"] == "ending"), "{ending:?}");
    let offerings = anyone.get("/v1/offerings?municipality=3201").await.expect(200).json();
    let closure = &offerings["items"][0]["closure"];
    assert_eq!(closure["ending"]["on"], "2026-09-08", "{closure}");
}

async fn a_demo_whose_offering_has_ended_starts_again(world: World) {
    assert!(load(&world).await);
    world.pass(chrono::TimeDelta::days(200));
    world.catches_up().await;
    assert!(!load(&world).await);
}

async fn what_a_newcomer_changes_is_not_undone(world: World) {
    load(&world).await;
    let provider = world.person("Newcomer", Role::Provider, "313000044");
    let path = "/v1/providers/313000044";
    let etag = provider.get(path).await.expect(200).etag();
    let profile = serde_json::json!({
        "name": "Nytt navn AS", "kind": "commercial", "notificationAddress": "ny@example.no",
        "presentation": {"nb": "Nytt."}
    });
    provider.act(actix_web::http::Method::PUT, path, &etag, Some(profile)).await.expect(200);
    assert!(!load(&world).await);
    assert_eq!(provider.get(path).await.json()["name"], "Nytt navn AS");
}

async fn the_decisions_of_the_demo_become_final_as_all_do(world: World) {
    assert!(load(&world).await);
    let count = |events: &[String], kind: &str| events.iter().filter(|it| *it == kind).count();
    let signed = count(&events(&world).await, "decision.signed");
    assert!(signed > 0);
    world.pass(chrono::TimeDelta::days(60));
    world.catches_up().await;
    assert_eq!(count(&events(&world).await, "decision.final"), signed);
}
