//! The price table over the country.

use serde_json::{Value, json};

use super::{announces, banded_content, hour, hour_in};
use crate::{
    on_both_databases,
    world::{
        BAERUM, KRISTIANSAND, World, bpa_content,
        people::{PAGE, SERVICE},
    },
};

on_both_databases!(
    the_history_of_one_price_says_when_it_was_told;
    sqlite_alone:
    prices_of_municipalities_stand_side_by_side,
    the_table_is_that_of_any_day,
    the_page_says_what_is_paid_beside_the_prices
);

/// Kristiansand and Bærum with an hour at one price and at several.
async fn scene(world: &World) -> [String; 2] {
    let (kristiansand, baerum) = (world.town(KRISTIANSAND), world.town(BAERUM));
    kristiansand.editor.sets_up("4204").await.expect(200);
    baerum.editor.sets_up("3201").await.expect(200);
    let mut single = bpa_content();
    single["compensation"]["lines"] = json!([hour_in("all", "849.00", "2025-01-01")]);
    single["compensation"]["lines"][0].as_object_mut().unwrap().remove("band");
    [kristiansand.publish(SERVICE, banded_content()).await, baerum.publish(SERVICE, single).await]
}

/// Municipality, band, zone and amount of each line.
fn summarize(list: &Value) -> Vec<String> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or("all").to_owned();
    let one = |line: &Value| {
        let amount = line["amount"]["amount"].as_str().unwrap();
        format!("{} {} {amount}", text(line, "municipality"), text(line, "band"))
    };
    list["items"].as_array().unwrap().iter().map(one).collect()
}

async fn prices_of_municipalities_stand_side_by_side(world: World) {
    let [kristiansand, _] = scene(&world).await;
    let anyone = world.anyone();
    let list = async |query: &str| {
        summarize(&anyone.get(&format!("/v1/compensation{query}")).await.expect(200).json())
    };
    let all = [
        "3201 all 849.00",
        "4204 day 950.00",
        "4204 evening 1100.00",
        "4204 holy-day 1935.00",
        "4204 night 1250.00",
        "4204 weekend 1400.00",
    ];
    assert_eq!(list("").await, all);
    // Lines valid in the evening: one of the evening, and one for all bands.
    assert_eq!(list("?band=evening").await, ["3201 all 849.00", "4204 evening 1100.00"]);
    assert_eq!(list("?band=evening&municipality=4204").await, ["4204 evening 1100.00"]);
    assert_eq!(list("?zone=north&band=day").await, ["3201 all 849.00", "4204 day 950.00"]);
    assert_eq!(list("?unit=visit").await, [""; 0]);
    assert_eq!(list("?service=home-nursing").await, [""; 0]);
    assert_eq!(list("?municipality=3024").await, ["3201 all 849.00"], "a former number");
    let first = anyone.get("/v1/compensation?unit=hour&limit=2").await.expect(200).json();
    assert_eq!(summarize(&first), all[..2]);
    let pages = anyone.pages("/v1/compensation?unit=hour&limit=2").await;
    assert_eq!(summarize(&json!({"items": pages})), all);
    let one =
        anyone.get("/v1/compensation?municipality=4204&band=day").await.json()["items"][0].clone();
    assert_eq!(one["municipalityName"], "Kristiansand");
    assert_eq!(one["bandName"], "Dag");
    assert_eq!(one["settlement"], "decided-time");
    assert_eq!(one["inWords"], json!({"nb": "950 kr per time", "nn": "950 kr per time"}));
    assert_eq!(one["offeringId"], kristiansand);

    let csv = anyone.get("/v1/compensation.csv?band=evening").await.expect(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    let lines: Vec<_> = csv.text.trim_start_matches('\u{feff}').lines().collect();
    assert!(
        lines[0]
            .starts_with("service;serviceName;unit;band;bandName;municipality;municipalityName")
    );
    assert!(
        lines[1].contains("hour;;;3201;Bærum;;;849.00;NOK;exempt;2025-01-01;;849 kr per time"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].contains("hour;evening;Kveld;4204;Kristiansand;;;1100.00;NOK"),
        "{}",
        lines[2]
    );
    assert_eq!(lines.len(), 3);
    let request = anyone.request(actix_web::http::Method::GET, "/v1/compensation?band=evening");
    let answer = request.header("Accept", "text/csv").send().await.expect(200);
    assert_eq!(answer.text, csv.text);
}

async fn the_table_is_that_of_any_day(world: World) {
    let [_, baerum] = scene(&world).await;
    let known = world.state.context.now().format("%Y-%m-%dT%H:%M:%SZ");
    world.pass(chrono::TimeDelta::days(1));
    let editor = world.town(BAERUM).editor;
    announces(&editor, &baerum, json!({"lines": [hour("880.00", "2027-01-01")]})).await.expect(200);
    let amounts = async |query: &str| {
        let path = format!("/v1/compensation?municipality=3201&{query}");
        summarize(&world.anyone().get(&path).await.expect(200).json())
    };
    let (old, new) = (["3201 all 849.00"], ["3201 all 880.00"]);
    assert_eq!(amounts("").await, old);
    assert_eq!(amounts("validAt=2024-12-31").await, [""; 0]);
    assert_eq!(amounts("validAt=2025-01-01").await, old, "before the registry, by its own days");
    assert_eq!(amounts("validAt=2026-12-31T22:59:59Z").await, old);
    assert_eq!(amounts("validAt=2026-12-31T23:00:00Z").await, new, "midnight in Oslo");
    assert_eq!(amounts(&format!("validAt=2027-01-01&knownAt={known}")).await, old);
    assert_eq!(amounts("knownAt=2026-03-01").await, [""; 0], "nobody had said anything");
    let again = world.another_instance().await;
    let path = "/v1/compensation?validAt=2027-01-01";
    assert_eq!(again.anyone().get(path).await.text, world.anyone().get(path).await.text);
}

async fn the_history_of_one_price_says_when_it_was_told(world: World) {
    let [offering, _] = scene(&world).await;
    let editor = world.editor();
    let first = world.state.context.now();
    world.set_clock("2026-11-02T09:00:00Z");
    let body = json!({"lines": [hour_in("day", "990.00", "2027-01-01")]});
    announces(&editor, &offering, body).await.expect(200);
    editor.changes(&offering, json!({"title": {"nb": "Assistanse"}})).await.expect(200);
    world.pass(chrono::TimeDelta::days(1));
    editor.publishes(&offering).await.expect(201);
    let path = format!("/v1/offerings/{offering}/compensation");
    let history = world
        .anyone()
        .get(&format!("{path}?unit=hour&band=day&zone=north"))
        .await
        .expect(200)
        .json();
    let describe = |nth: usize| {
        let line = &history["items"][nth];
        (line["amount"]["amount"].clone(), line["standing"].clone(), line["toldAt"].clone())
    };
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    assert_eq!(describe(0), (json!("950.00"), json!("in-force"), json!(first)));
    assert_eq!(describe(1), (json!("990.00"), json!("announced"), json!("2026-11-02T09:00:00Z")));
    let whole = world.anyone().get(&path).await.expect(200).json();
    assert_eq!(whole["items"].as_array().unwrap().len(), 6);
    assert_eq!(whole["rules"]["bands"][4]["code"], "holy-day");
    assert_eq!(whole["rules"]["callOut"], json!({"kind": "nothing"}));
}

async fn the_page_says_what_is_paid_beside_the_prices(world: World) {
    let mut content = banded_content();
    content["compensation"]["callOut"] =
        json!({"kind": "each-time", "amount": super::kroner("350.00"), "vat": "exempt"});
    content["compensation"]["wastedTrip"] = json!({"kind": "of-visit", "share": "0.75"});
    world.editor().sets_up("4204").await.expect(200);
    world.town(KRISTIANSAND).publish(SERVICE, content).await;
    let page = world.anyone().get(PAGE).await.expect(200).json();
    let words = |extra: &str| page["extras"][extra]["inWords"].clone();
    assert_eq!(words("callOut"), json!({"nb": "350 kr hver gang", "nn": "350 kr kvar gong"}));
    assert_eq!(words("wastedTrip")["nb"], "75 % av det planlagte besøket");
    assert_eq!(words("standBy")["nn"], "Inga betaling utover satsane");
    assert_eq!(page["extras"]["callOut"]["amount"]["amount"], "350.00");
    assert_eq!(page["terms"]["settlement"], "decided-time");
    assert_eq!(page["choice"]["userPayment"]["nb"], "Samme egenbetaling uansett leverandør.");
    let lines = page["compensation"].as_array().unwrap();
    assert_eq!(lines.len(), 5);
    assert_eq!(
        (&lines[1]["bandName"], &lines[1]["inWords"]["nb"]),
        (&json!("Kveld"), &json!("1\u{a0}100 kr per time"))
    );
    assert_eq!(page["bands"].as_array().unwrap().len(), 5);
}
