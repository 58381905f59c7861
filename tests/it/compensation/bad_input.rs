//! Each error has its own code, and nothing is stored.

use serde_json::{Value, json};

use super::{announces, banded_content, bands, errors, hour, hour_in, kroner, read_stored};
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, World, people::SERVICE},
};

on_sqlite!(
    what_is_wrong_in_an_announcement_has_its_code_and_leaves_nothing,
    what_is_wrong_in_a_plan_of_visits_has_its_code,
    what_is_wrong_in_a_draft_has_its_code_and_leaves_nothing,
    a_question_about_the_table_that_has_no_answer_is_refused
);

async fn scene(world: &World) -> String {
    world.editor().sets_up("4204").await.expect(200);
    world.town(KRISTIANSAND).publish(SERVICE, banded_content()).await
}

fn with(mut line: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        line[*name] = value.clone();
    }
    line
}

/// Errors of an announcement, with location and code.
fn wrong_announcements() -> Vec<(Value, &'static str, &'static str)> {
    let day = |amount: &str, from: &str| hour_in("day", amount, from);
    let line =
        |changes: &[(&str, Value)]| json!({"lines": [with(day("990.00", "2027-01-01"), changes)]});
    let lines = |lines: &[Value]| json!({"lines": lines});
    let round_the_clock = json!([{"from": "00:00", "to": "24:00"}]);
    let other_bands = |change: fn(&mut Value)| {
        let mut bands = bands();
        change(&mut bands);
        json!({"bands": {"from": "2027-01-01", "hours": round_the_clock, "bands": bands}})
    };
    let index = |share: &str| json!({"name": "KPI", "baseMonth": "2026-01", "share": share});
    vec![
        (json!({}), "/lines", "required"),
        // Overlapping lines.
        (
            lines(&[day("990.00", "2027-01-01"), day("991.00", "2027-01-01")]),
            "/lines/1",
            "compensation-overlap",
        ),
        (
            lines(&[day("990.00", "2027-01-01"), hour("1000.00", "2027-02-01")]),
            "/lines/1",
            "all-bands-overlap",
        ),
        (
            lines(&[
                day("990.00", "2027-01-01"),
                with(day("991.00", "2027-02-01"), &[("zone", json!("north"))]),
            ]),
            "/lines/1",
            "all-zones-overlap",
        ),
        // Gaps, overlaps and more in bands.
        (
            other_bands(|bands| bands[1]["rules"][0]["from"] = json!("15:30")),
            "/bands/bands",
            "band-gap",
        ),
        (
            other_bands(|bands| bands[1]["rules"][0]["from"] = json!("14:30")),
            "/bands/bands/1",
            "band-overlap",
        ),
        (
            json!({"bands": {"from": "2027-01-01", "hours": [{"from": "07:00", "to": "23:00"}], "bands": bands()}}),
            "/bands/bands/2",
            "band-outside-hours",
        ),
        (
            other_bands(|bands| bands[0]["rules"][0]["weekdays"] = json!(["funday"])),
            "/bands/bands/0/rules/0/weekdays/0",
            "unknown-value",
        ),
        (
            other_bands(|bands| bands[0]["rules"][0]["to"] = json!("06:00")),
            "/bands/bands/0/rules/0",
            "hours-order",
        ),
        // A past start.
        (lines(&[day("990.00", "2026-03-11")]), "/lines/0/validFrom", "start-in-past"),
        (lines(&[day("990.00", "2026-03-12")]), "/lines/0/validFrom", "start-not-ahead"),
        // Negative, empty and absurd amounts.
        (line(&[("amount", kroner("-1.00"))]), "/lines/0/amount/amount", "money-negative"),
        (line(&[("amount", kroner("0.00"))]), "/lines/0/amount/amount", "money-not-positive"),
        (line(&[("amount", kroner("99999.00"))]), "/lines/0/amount", "amount-absurd"),
        (
            line(&[("amount", kroner("12345678901.00"))]),
            "/lines/0/amount/amount",
            "money-too-large",
        ),
        // References missing in the offering.
        (line(&[("zone", json!("east"))]), "/lines/0/zone", "unknown-zone"),
        (line(&[("band", json!("twilight"))]), "/lines/0/band", "unknown-band"),
        (line(&[("unit", json!("month"))]), "/lines/0/band", "band-for-unit"),
        (line(&[("unit", json!("minute"))]), "/lines/0/unit", "unknown-value"),
        (line(&[("validTo", json!("2026-12-31"))]), "/lines/0/validTo", "date-order"),
        (line(&[("index", index("1.2"))]), "/lines/0/index/share", "share-range"),
        (
            line(&[("parts", json!({"wage": kroner("800.00"), "overhead": kroner("100.00")}))]),
            "/lines/0/parts",
            "parts-do-not-add-up",
        ),
        // A lost price, and lines that cannot be withdrawn.
        (line(&[("zone", json!("north"))]), "/lines", "coverage-gap"),
        (line(&[("validTo", json!("2027-06-30"))]), "/lines", "coverage-gap"),
        (
            json!({"withdrawn": [{"unit": "hour", "band": "day", "validFrom": "2026-01-01"}]}),
            "/withdrawn/0",
            "amount-in-force",
        ),
        (
            json!({"withdrawn": [{"unit": "hour", "band": "day", "validFrom": "2027-01-01"}]}),
            "/withdrawn/0",
            "line-unknown",
        ),
    ]
}

async fn what_is_wrong_in_an_announcement_has_its_code_and_leaves_nothing(world: World) {
    let offering = scene(&world).await;
    let before = read_stored(&world, &offering).await;
    for (body, pointer, code) in wrong_announcements() {
        let refused = announces(&world.editor(), &offering, body.clone()).await;
        let found = errors(&refused);
        assert!(found.contains(&(pointer.to_owned(), code.to_owned())), "{body}: {found:?}");
        refused.problem(422, "validation");
        assert_eq!(read_stored(&world, &offering).await, before, "{body}");
    }
    // Values unknown to the table.
    for name in ["addOn", "provider"] {
        let line = with(hour("990.00", "2027-01-01"), &[(name, json!("313000028"))]);
        let body = json!({"lines": [line]});
        announces(&world.editor(), &offering, body).await.problem(422, "unknown-field");
        assert_eq!(read_stored(&world, &offering).await, before, "{name}");
    }
}

async fn what_is_wrong_in_a_plan_of_visits_has_its_code(world: World) {
    let offering = scene(&world).await;
    let before = read_stored(&world, &offering).await;
    let visit = json!({"date": "2026-03-12", "start": "10:00", "minutes": 60, "zone": "north"});
    let plan = |changes: &[(&str, Value)]| json!({"offeringId": offering, "visits": [with(visit.clone(), changes)]});
    for (body, pointer, code) in [
        (plan(&[("minutes", json!(1_441))]), "/visits/0/minutes", "visit-too-long"),
        (plan(&[("minutes", json!(0))]), "/visits/0/minutes", "visit-without-length"),
        (plan(&[("zone", json!("east"))]), "/visits/0/zone", "unknown-zone"),
        (plan(&[("zone", json!("Øst"))]), "/visits/0/zone", "code-form"),
        (plan(&[("date", json!("2026-02-30"))]), "/visits/0/date", "date-does-not-exist"),
        (plan(&[("date", json!("2025-12-31"))]), "/visits/0", "no-rate"),
        (plan(&[("start", json!("25:00"))]), "/visits/0/start", "clock-form"),
        (plan(&[("start", json!("24:00"))]), "/visits/0/start", "start-form"),
        (
            plan(&[("date", json!("2026-03-29")), ("start", json!("02:30"))]),
            "/visits/0/start",
            "start-skipped",
        ),
        (plan(&[("secondTime", json!(true))]), "/visits/0/start", "start-not-repeated"),
        (json!({"offeringId": offering, "visits": []}), "/visits", "plan-size"),
        (
            json!({"offeringId": offering, "visits": vec![visit.clone(); 1_001]}),
            "/visits",
            "plan-size",
        ),
        (
            json!({"offeringId": offering, "unit": "month", "visits": [visit]}),
            "/unit",
            "unit-without-hours",
        ),
        (json!({"service": SERVICE, "visits": [visit]}), "/municipality", "required"),
    ] {
        let refused = world.anyone().post("/v1/compensation/quotes", body).await;
        let found = errors(&refused);
        assert!(found.contains(&(pointer.to_owned(), code.to_owned())), "{code}: {found:?}");
        refused.problem(422, "validation");
    }
    let ask = async |body: Value| world.anyone().post("/v1/compensation/quotes", body).await;
    ask(plan(&[("minutes", json!(-60))])).await.problem(422, "wrong-type");
    ask(plan(&[("minutes", json!(60.5))])).await.problem(422, "wrong-type");
    let at = |municipality: &str, service: &str| json!({"municipality": municipality, "service": service, "visits": [visit]});
    for (municipality, service, part) in [
        ("3201", SERVICE, "3201"),
        ("4204", "home-nursing", SERVICE),
        ("9999", SERVICE, "municipality"),
    ] {
        let problem = ask(at(municipality, service)).await.problem(404, "not-found");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(part), "{municipality}/{service}: {detail}");
    }
    let nothing = errors(&ask(json!({})).await);
    let missing = |pointer: &str| (pointer.to_owned(), "required".to_owned());
    assert_eq!(nothing, ["/municipality", "/service", "/visits"].map(missing));
    let zones = ask(plan(&[("zone", json!("east"))])).await.problem(422, "validation");
    let detail = zones["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("north"), "{detail}");
    assert_eq!(read_stored(&world, &offering).await, before);
}

async fn what_is_wrong_in_a_draft_has_its_code_and_leaves_nothing(world: World) {
    let offering = scene(&world).await;
    let before = read_stored(&world, &offering).await;
    let extra = |field: &str, form: Value| json!({field: form});
    for (compensation, pointer, code) in [
        (
            json!({"bands": [{"code": "day", "name": "Dag", "rules": []}]}),
            "/bands/0/rules",
            "rules-missing",
        ),
        (json!({"hours": null}), "/hours", "hours-missing"),
        (
            json!({"laterBands": [{"from": "2027-01-01"}, {"from": "2026-07-01"}]}),
            "/laterBands",
            "bands-order",
        ),
        (
            json!({"lines": [hour("814.00", "2026-01-01"), hour("815.00", "2026-02-01")]}),
            "/lines/1",
            "compensation-overlap",
        ),
        (extra("callOut", json!({"kind": "each-time"})), "/callOut/amount", "required"),
        (extra("callOut", json!({"kind": "often"})), "/callOut/kind", "unknown-value"),
        (
            extra("wastedTrip", json!({"kind": "nothing", "share": "0.5"})),
            "/wastedTrip/share",
            "unexpected",
        ),
        (
            extra("standBy", json!({"kind": "of-visit", "share": "0.5"})),
            "/standBy",
            "stand-by-of-visit",
        ),
    ] {
        let patch = json!({"compensation": compensation});
        let answer = world.editor().changes(&offering, patch).await;
        if code == "required" {
            // A draft may lack fields, and lists them.
            let draft = answer.expect(200).json();
            assert_eq!(draft["missing"][0]["pointer"], format!("/compensation{pointer}"));
            world.editor().publishes(&offering).await.problem(422, "offering-incomplete");
            let back = json!({"compensation": {"callOut": {"kind": "nothing"}}});
            world.editor().changes(&offering, back).await.expect(200);
            continue;
        }
        let found = errors(&answer);
        let expected = (format!("/compensation{pointer}"), code.to_owned());
        assert!(found.contains(&expected), "{compensation}: {found:?}");
        answer.problem(422, "validation");
    }
    let after = read_stored(&world, &offering).await;
    assert_eq!((after.2, after.3), (before.2, before.3));
}

async fn a_question_about_the_table_that_has_no_answer_is_refused(world: World) {
    let offering = scene(&world).await;
    let anyone = world.anyone();
    let list = "/v1/compensation";
    anyone.get(&format!("{list}?unit=minute")).await.problem(400, "invalid-parameter");
    anyone.get(&format!("{list}?amount=814")).await.problem(400, "unknown-parameter");
    anyone.get(&format!("{list}?limit=0")).await.problem(400, "limit-out-of-range");
    anyone.get(&format!("{list}?validAt=2026-02-30")).await.problem(400, "impossible-time");
    anyone.get(&format!("{list}?cursor=x")).await.problem(400, "invalid-cursor");
    let history = format!("/v1/offerings/{offering}/compensation");
    anyone.get(&format!("{history}?unit=minute")).await.problem(400, "invalid-parameter");
    let nothing = offering.replace('0', "9");
    anyone.get(&format!("/v1/offerings/{nothing}/compensation")).await.problem(404, "not-found");
}
