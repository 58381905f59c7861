//! Index adjustment: previewed, published, and stored with its computation.

use serde_json::{Value, json};

use super::{announces, errors, hour, kroner, posts, read_stored};
use crate::{
    on_both_databases,
    rebuild::is_equal,
    world::{KRISTIANSAND, World, bpa_content, people::SERVICE},
};

on_both_databases!(
    the_preview_says_what_publication_does_and_the_computation_is_kept;
    sqlite_alone:
    what_is_wrong_in_an_adjustment_has_its_code_and_leaves_nothing
);

/// 814 kr, of which 85 per cent follow an index from January 2026.
async fn scene(world: &World) -> String {
    let mut content = bpa_content();
    content["compensation"]["lines"][0]["index"] =
        json!({"name": "Kommunal deflator", "baseMonth": "2026-01", "share": "0.85"});
    world.editor().sets_up("4204").await.expect(200);
    world.town(KRISTIANSAND).publish(SERVICE, content).await
}

fn adjustment() -> Value {
    json!({
        "index": "Kommunal deflator", "month": "2027-01", "from": "2027-01-01",
        "figures": {"2026-01": "118", "2027-01": "121.3"},
    })
}

async fn the_preview_says_what_publication_does_and_the_computation_is_kept(world: World) {
    let offering = scene(&world).await;
    let editor = world.editor();
    let before = read_stored(&world, &offering).await;
    let path = format!("/v1/offerings/{offering}/index-adjustments");
    let preview = editor.post(&format!("{path}/preview"), adjustment()).await.expect(200).json();
    assert_eq!(read_stored(&world, &offering).await, before, "a preview does nothing");
    let done = posts(&editor, &offering, "index-adjustments", adjustment()).await.expect(200);
    let done = done.json_without_actions();
    assert_eq!(done, preview);

    // 814 × 0.15 + 814 × 0.85 × 121.3 / 118 = 833.34975…, to whole kroner.
    let [line] = &done["added"].as_array().unwrap()[..] else { panic!("{done:#}") };
    assert_eq!(line["amount"], kroner("833.00"));
    assert_eq!(line["index"]["baseMonth"], "2027-01", "the next adjustment goes on from here");
    let computation = &line["computation"];
    assert_eq!(computation["before"], kroner("814.00"));
    assert_eq!(
        (&computation["baseFigure"], &computation["figure"]),
        (&json!("118"), &json!("121.3"))
    );
    let steps: Vec<_> =
        computation["steps"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(steps, ["index-factor", "fixed-part", "adjusted-part", "exact-amount", "amount"]);
    assert_eq!(computation["steps"][1]["exact"], "122.1");
    assert_eq!(done["closed"][0]["validTo"], "2026-12-31");

    // The quote multiplies the rounded price.
    let visit = json!({"date": "2027-01-04", "start": "10:00", "minutes": 600, "zone": "whole"});
    let body = json!({"offeringId": offering, "visits": [visit]});
    let quote = world.anyone().post("/v1/compensation/quotes", body).await.expect(200).json();
    assert_eq!(quote["total"], kroner("8330.00"));
    let audit = world.auditor().audits().await;
    let row = audit.iter().find(|it| it["event"] == "offering.compensation-announced").unwrap();
    assert_eq!(row["detail"]["index"], "Kommunal deflator");

    // The computation continues in the next version unchanged, and cannot be written by hand.
    editor.changes(&offering, json!({"title": {"nb": "Assistanse"}})).await.expect(200);
    let published = editor.publishes(&offering).await.expect(201).json();
    let lines = published["content"]["compensation"]["lines"].clone();
    assert_eq!(&lines[1], line);
    let mut forged = lines;
    forged[1]["computation"]["figure"] = json!("130");
    let refused = editor.changes(&offering, json!({"compensation": {"lines": forged}})).await;
    assert_eq!(
        errors(&refused),
        [("/compensation/lines/1/computation".to_owned(), "computation-differs".to_owned())]
    );
    let mut by_hand = hour("900.00", "2028-01-01");
    by_hand["computation"] = computation.clone();
    let refused = announces(&editor, &offering, json!({"lines": [by_hand]})).await;
    assert_eq!(errors(&refused)[0].1, "unexpected");
    is_equal(&world, 3).await;
}

async fn what_is_wrong_in_an_adjustment_has_its_code_and_leaves_nothing(world: World) {
    let offering = scene(&world).await;
    let editor = world.editor();
    let before = read_stored(&world, &offering).await;
    let with = |name: &str, value: Value| {
        let mut body = adjustment();
        body[name] = value;
        body
    };
    let path = format!("/v1/offerings/{offering}/index-adjustments");
    for (body, pointer, code) in [
        (json!({}), "/index", "required"),
        (with("figures", json!({"2027-01": "121.3"})), "/figures/2026-01", "figure-missing"),
        (
            with("figures", json!({"2026-01": "0", "2027-01": "121.3"})),
            "/figures/2026-01",
            "figure-not-positive",
        ),
        (with("figures", json!({"2026-01": "118", "2027-01": "1213"})), "", "figure-absurd"),
        (
            with("figures", json!({"2026-01": "118", "2027-13": "121.3"})),
            "/figures/2027-13",
            "month-form",
        ),
        (
            with("figures", json!({"2026-01": "118", "2027-01": "1e3"})),
            "/figures/2027-01",
            "number-form",
        ),
        (
            with("figures", json!({"2025-01": "115", "2026-01": "118", "2027-01": "121.3"})),
            "/figures/2025-01",
            "unexpected",
        ),
        (with("month", json!("2025-12")), "/month", "index-month-order"),
        (with("index", json!("KPI")), "/index", "nothing-to-adjust"),
        (with("from", json!("2026-03-12")), "/lines/0/validFrom", "start-not-ahead"),
        (with("from", json!("2026-01-01")), "/lines/0/validFrom", "start-in-past"),
        // No amount changes, so there is nothing to announce.
        (with("figures", json!({"2026-01": "118", "2027-01": "118.01"})), "/lines", "required"),
    ] {
        let previewed = editor.post(&format!("{path}/preview"), body.clone()).await;
        let refused = posts(&editor, &offering, "index-adjustments", body.clone()).await;
        for answer in [previewed, refused] {
            let found = errors(&answer);
            assert!(found.contains(&(pointer.to_owned(), code.to_owned())), "{body}: {found:?}");
            answer.problem(422, "validation");
        }
        assert_eq!(read_stored(&world, &offering).await, before, "{body}");
    }
}
