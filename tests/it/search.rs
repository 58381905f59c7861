//! Orders, counts and lookups over the country.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    on_both_databases,
    register::{PROVIDERS, a_country, names},
    world::{
        World,
        people::{PAGE, synthetic_number},
    },
};

on_both_databases!(
    a_search_is_ordered_counted_and_shown_in_few_words,
    a_fair_order_is_the_same_for_a_seed_and_pages_without_a_gap,
    many_numbers_are_looked_up_at_once,
);

async fn items(world: &World, query: &str) -> Vec<Value> {
    let found = world.anyone().get(&format!("/v1/approvals?{query}")).await.expect(200).json();
    found["items"].as_array().unwrap().clone()
}

async fn a_search_is_ordered_counted_and_shown_in_few_words(world: World) {
    a_country(&world).await;
    let anyone = world.anyone();
    let by_name = [
        "annen omsorg AS",
        "Bjørk Assistanse AS",
        "Zebra Omsorg AS",
        "Ærlig Omsorg AS",
        "Østlandet Pleie AS",
        "Østlandet Pleie AS",
        "Åpen Assistanse AS",
        "Aasen Hjelp AS",
    ];
    assert_eq!(names(&items(&world, "order=name").await), by_name);
    for limit in [1, 3, 7] {
        let pages = anyone.pages(&format!("/v1/approvals?order=name&limit={limit}")).await;
        assert_eq!(names(&pages), by_name, "by {limit}");
    }
    for (query, total) in [("", 8), ("municipality=4204", 7), ("q=omsorg", 3), ("status=ended", 0)]
    {
        let page = anyone.get(&format!("/v1/approvals?{query}&count=true&limit=1")).await;
        assert_eq!(page.expect(200).json()["page"]["total"], total, "{query}");
    }
    let first = &items(&world, "view=summary&zone=east").await[0];
    let expected = json!({
        "id": first["id"], "status": "active", "municipality": "4204",
        "service": "personal-assistance", "provider": synthetic_number(2),
        "name": "Åpen Assistanse AS", "kind": "commercial", "zones": ["east"],
    });
    assert_eq!(*first, expected);
    let whole = &items(&world, "zone=east").await[0];
    let path = format!("/v1/approvals/{}", first["id"].as_str().unwrap());
    assert_eq!(*whole, anyone.get(&path).await.expect(200).json());
}

async fn a_fair_order_is_the_same_for_a_seed_and_pages_without_a_gap(world: World) {
    a_country(&world).await;
    let anyone = world.anyone();
    let names_of = |page: &Value| names(page["providers"].as_array().unwrap());
    let all = anyone.get(&format!("{PAGE}?order=fair&seed=one")).await.expect(200).json();
    assert_eq!(all["page"], json!({"limit": 8, "hasMore": false}));
    let again = anyone.get(&format!("{PAGE}?seed=one&order=fair")).await.expect(200).json();
    assert_eq!(names_of(&all), names_of(&again));
    let by_name = anyone.get(PAGE).await.expect(200).json();
    let everyone: BTreeSet<_> = names_of(&by_name).into_iter().collect();
    let (mut firsts, mut orders) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..40 {
        let page = anyone.get(&format!("{PAGE}?order=fair&seed={seed}")).await.expect(200).json();
        let order = names_of(&page);
        assert_eq!(order.iter().cloned().collect::<BTreeSet<_>>(), everyone, "complete for {seed}");
        firsts.insert(order[0].clone());
        orders.insert(order);
    }
    assert!(firsts.len() > 4 && orders.len() == 40, "{} firsts", firsts.len());
    // Pages are disjoint and complete, also during additions and removals.
    for order in ["order=fair&seed=one", "order=name"] {
        let whole = anyone.get(&format!("{PAGE}?{order}")).await.expect(200).json();
        let (mut next, mut found) = (Some(format!("{PAGE}?{order}&limit=3")), vec![]);
        while let Some(path) = next.take() {
            let page = anyone.get(&path).await.expect(200).json();
            assert_eq!(page["description"], whole["description"]);
            found.extend(names_of(&page));
            next = page["page"]["next"].as_str().map(str::to_owned);
        }
        assert_eq!(found, names_of(&whole), "{order}");
    }
    let fair = items(&world, "order=fair&seed=s").await;
    let pages = anyone.pages("/v1/approvals?order=fair&seed=s&limit=3").await;
    assert_eq!(json!(fair), json!(pages));
    let mut ids: Vec<_> = fair.iter().map(|it| it["id"].as_str().unwrap()).collect();
    let order = ids.clone();
    ids.sort_by_cached_key(|id| godkjent::register::shuffle::place("s", id));
    assert_eq!(ids, order, "as anyone can compute it");
    anyone.get(&format!("{PAGE}?order=public")).await.problem(400, "invalid-parameter");
    anyone
        .get(&format!("{PAGE}?order=fair&seed=one&limit=0"))
        .await
        .problem(400, "limit-out-of-range");
}

async fn many_numbers_are_looked_up_at_once(world: World) {
    a_country(&world).await;
    let anyone = world.anyone();
    let path = "/v1/approvals/lookup";
    let ask = |numbers: Value| anyone.post(path, json!({"organisationNumbers": numbers}));
    let unknown = synthetic_number(400);
    let found = ask(json!([synthetic_number(1), unknown, synthetic_number(2)])).await.expect(200);
    assert_eq!(found.header("access-control-allow-origin"), "*");
    let found = found.json();
    let name = |place: usize| found["items"][place]["name"].clone();
    assert_eq!(
        (name(0), name(1), name(2)),
        (json!(PROVIDERS[0].0), Value::Null, json!(PROVIDERS[1].0))
    );
    let approvals = |place: usize| found["items"][place]["approvals"].as_array().unwrap().len();
    assert_eq!((approvals(0), approvals(1), approvals(2)), (2, 0, 1));
    assert_eq!(found["items"][1]["organisationNumber"], unknown);
    assert_eq!(
        (&found["items"][0]["choosable"], &found["items"][1]["choosable"]),
        (&json!(true), &json!(false))
    );
    let many: Vec<_> = (1..=500).map(synthetic_number).collect();
    assert_eq!(ask(json!(many)).await.expect(200).json()["items"].as_array().unwrap().len(), 500);
    let too_many: Vec<_> = (1..=501).map(synthetic_number).collect();
    ask(json!(too_many)).await.problem(422, "validation");
    ask(json!([])).await.problem(422, "validation");
    let wrong = ask(json!([synthetic_number(1), "123456789"])).await.problem(422, "validation");
    assert_eq!(wrong["errors"][0]["pointer"], "/organisationNumbers/1");
    let past = format!("{path}?knownAt=2020-01-01");
    let past = anyone.post(&past, json!({"organisationNumbers": [synthetic_number(1)]})).await;
    assert_eq!(past.expect(200).json()["items"][0]["approvals"], json!([]));
}
