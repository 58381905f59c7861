//! The page says what the register says: the same providers in the same order, and nothing of a case.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{PREFIXES, SERVICE_PAGE, browse, names};
use crate::{
    on_sqlite,
    register::{a_country, names as names_of},
    world::{
        PROVIDER, World,
        people::{Assessed, PAGE, profile},
    },
};

on_sqlite!(
    the_page_names_the_providers_of_the_api_in_the_order_of_the_day,
    a_filter_keeps_those_that_have_the_value,
    a_case_changes_nothing_before_its_contract,
    the_page_follows_the_register
);

async fn providers(world: &World, query: &str) -> Vec<Value> {
    let page = world.anyone().get(&format!("{PAGE}{query}")).await.expect(200).json();
    page["providers"].as_array().unwrap().clone()
}

async fn the_page_names_the_providers_of_the_api_in_the_order_of_the_day(world: World) {
    a_country(&world).await;
    let anyone = world.anyone();
    let mut firsts = BTreeSet::new();
    for day in 12..=25 {
        let day = format!("2026-03-{day}");
        world.set_clock(&format!("{day}T09:00:00Z"));
        let fair = names_of(&providers(&world, &format!("?order=fair&seed={day}")).await);
        assert_eq!(fair.len(), 8);
        for prefix in PREFIXES {
            let page = browse(&anyone, &format!("{prefix}{SERVICE_PAGE}")).await.expect(200);
            assert_eq!(names(&page.text), fair, "{prefix} {day}");
        }
        let paper = browse(&anyone, &format!("{SERVICE_PAGE}/utskrift")).await.expect(200);
        assert_eq!(names(&paper.text), fair, "{day}");
        let sorted = browse(&anyone, &format!("{SERVICE_PAGE}?rekkefolge=navn")).await.expect(200);
        assert_eq!(names(&sorted.text), names_of(&providers(&world, "").await), "{day}");
        firsts.insert(fair.into_iter().next().unwrap());
    }
    assert!(firsts.len() > 3, "the first of the day: {firsts:?}");
    // The day is that of Norway.
    world.set_clock("2026-03-25T23:30:00Z");
    let fair = names_of(&providers(&world, "?order=fair&seed=2026-03-26").await);
    assert_eq!(names(&browse(&anyone, SERVICE_PAGE).await.expect(200).text), fair);
}

async fn a_filter_keeps_those_that_have_the_value(world: World) {
    a_country(&world).await;
    let all = providers(&world, "?order=fair&seed=2026-03-12").await;
    let has = |one: &Value, name: &str, value: &str| match &one[name] {
        Value::Array(values) => values.iter().any(|it| it == value),
        other => other == value,
    };
    for (query, wanted) in [
        ("sprak=pl", &[("languages", "pl")][..]),
        ("omrade=east", &[("zones", "east")]),
        ("type=non-profit", &[("kind", "non-profit")]),
        ("type=municipal", &[("kind", "municipal")]),
        ("omrade=east&sprak=pl", &[("zones", "east"), ("languages", "pl")]),
        ("sprak=&omrade=&tid=&type=&plass=", &[]),
        ("sprak=zz", &[("languages", "zz")]),
        ("unknown=1", &[]),
    ] {
        let kept =
            all.iter().filter(|one| wanted.iter().all(|(name, value)| has(one, name, value)));
        let kept = names_of(kept);
        let page = browse(&world.anyone(), &format!("{SERVICE_PAGE}?{query}")).await.expect(200);
        assert_eq!(names(&page.text), kept, "{query}");
        let says = page.text.contains(&format!("Viser {} av 8.", kept.len()));
        assert_eq!(says, !wanted.is_empty(), "{query}");
    }
    // No one has said that there is room.
    let free = browse(&world.anyone(), &format!("{SERVICE_PAGE}?plass=ledig")).await.expect(200);
    assert!(names(&free.text).is_empty() && free.text.contains("Vis alle"));
}

async fn a_case_changes_nothing_before_its_contract(world: World) {
    let case = world.drafted_application().await;
    let (anyone, provider, application) = (world.anyone(), world.provider(), case.application);
    let before = browse(&anyone, SERVICE_PAGE).await.expect(200).text;
    provider.completes(&application).await;
    provider.submits(&application).await.expect(200);
    world.assess(&application, Assessed::AllMet).await;
    let approval = world.approve(&application).await;
    assert_eq!(browse(&anyone, SERVICE_PAGE).await.expect(200).text, before);
    for path in [format!("/godkjenning/{approval}"), format!("/godkjenning/{application}")] {
        let page = browse(&anyone, &path).await.expect(404);
        assert!(!page.text.contains("Eksempel Assistanse"), "{}", page.text);
    }
}

async fn the_page_follows_the_register(world: World) {
    let case = world.create_contract().await;
    let (anyone, provider, editor) = (world.anyone(), world.provider(), world.editor());
    let first = browse(&anyone, SERVICE_PAGE).await.expect(200);
    let again = anyone.request(Method::GET, SERVICE_PAGE);
    again.header("If-None-Match", &first.etag()).send().await.expect(304);
    let path = format!("/v1/providers/{PROVIDER}");
    let etag = provider.get(&path).await.etag();
    let renamed = provider.act(Method::PUT, &path, &etag, Some(profile("Nytt Navn AS"))).await;
    renamed.expect(200);
    let renamed = browse(&anyone, SERVICE_PAGE).await.expect(200);
    assert!(renamed.text.contains("Nytt Navn AS") && renamed.etag() != first.etag());
    let title = json!({"title": {"nb": "Assistanse slik du vil"}});
    editor.changes(&case.offering, title).await.expect(200);
    editor.publishes(&case.offering).await.expect(201);
    let page = browse(&anyone, SERVICE_PAGE).await.expect(200);
    assert!(page.text.contains("<h1>Assistanse slik du vil</h1>"));
}
