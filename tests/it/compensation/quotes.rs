//! Prices of visits, to the øre.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use godkjent::domain::rules::calendar::is_named_holy_day;
use serde_json::{Value, json};

use super::{PRICES, banded_content, kroner};
use crate::{
    bench::register::dice::Dice,
    on_sqlite,
    world::{KRISTIANSAND, World, people::SERVICE},
};

on_sqlite!(
    a_plan_is_split_over_midnight_weekends_and_holy_days,
    a_random_plan_costs_what_its_minutes_cost,
    anybody_may_ask_from_any_place
);

async fn scene(world: &World) -> String {
    world.editor().sets_up("4204").await.expect(200);
    world.town(KRISTIANSAND).publish(SERVICE, banded_content()).await
}

async fn quote(world: &World, visits: &[Value]) -> Value {
    let body = json!({"municipality": "4204", "service": SERVICE, "visits": visits});
    world.anyone().post("/v1/compensation/quotes", body).await.expect(200).json()
}

fn visit(date: &str, start: &str, minutes: i64) -> Value {
    json!({"date": date, "start": start, "minutes": minutes, "zone": "north"})
}

async fn a_plan_is_split_over_midnight_weekends_and_holy_days(world: World) {
    let offering = scene(&world).await;
    let plan = [
        visit("2026-03-12", "14:40", 45),
        visit("2026-03-12", "22:50", 140),
        visit("2026-05-16", "22:30", 180),
        visit("2026-03-28", "22:00", 480),
    ];
    let quote = quote(&world, &plan).await;
    assert_eq!(quote["offeringId"], offering);
    let parts = |nth: usize| {
        let visit = &quote["visits"][nth];
        let parts = visit["parts"].as_array().unwrap().iter();
        let describe = |part: &Value| {
            let text = |name: &str| part[name].as_str().unwrap().to_owned();
            let amount = part["amount"]["amount"].as_str().unwrap();
            format!("{} {} {} {amount}", text("begins"), text("band"), part["minutes"])
        };
        (parts.map(describe).collect::<Vec<_>>(), visit["amount"]["amount"].clone())
    };
    // Across 15:00 on a Thursday: each part to the øre, and their sum.
    let list = ["2026-03-12T14:40 day 20 316.67", "2026-03-12T15:00 evening 25 458.33"];
    assert_eq!(parts(0), (list.map(str::to_owned).to_vec(), json!("775.00")));
    // Across 23:00 and midnight.
    let list = ["2026-03-12T22:50 evening 10 183.33", "2026-03-12T23:00 night 130 2708.33"];
    assert_eq!(parts(1), (list.map(str::to_owned).to_vec(), json!("2891.66")));
    // From a Saturday into 17 May.
    let list = ["2026-05-16T22:30 weekend 90 2100.00", "2026-05-17T00:00 holy-day 90 2902.50"];
    assert_eq!(parts(2), (list.map(str::to_owned).to_vec(), json!("5002.50")));
    // Eight hours are eight hours, also in the night that skips one.
    let list = ["2026-03-28T22:00 weekend 480 11200.00"];
    assert_eq!(parts(3), (list.map(str::to_owned).to_vec(), json!("11200.00")));
    assert_eq!(quote["visits"][3]["ends"], "2026-03-29T05:00:00Z");
    assert_eq!(quote["total"], kroner("19869.16"));
    assert_eq!(quote["sums"], json!([{"vat": "exempt", "amount": kroner("19869.16")}]));
    let part = &quote["visits"][2]["parts"][1];
    assert_eq!((&part["bandName"], &part["price"]), (&json!("Helligdag"), &kroner("1935.00")));
    assert_eq!(part["inWords"]["nb"], "1\u{a0}935 kr per time");
}

/// The band of a minute, by an independent implementation.
fn band(day: NaiveDate, minute: i64) -> &'static str {
    if is_named_holy_day(day) {
        return "holy-day";
    }
    match (day.weekday(), minute) {
        (Weekday::Sat | Weekday::Sun, _) => "weekend",
        (_, 420..900) => "day",
        (_, 900..1_380) => "evening",
        _ => "night",
    }
}

async fn a_random_plan_costs_what_its_minutes_cost(world: World) {
    scene(&world).await;
    let mut dice = Dice::new(6);
    // April to September: no clock is turned. Easter and Whitsun are among the days.
    let april: NaiveDate = "2026-04-01".parse().unwrap();
    let mut roll = |most: usize| i64::try_from(dice.below(most)).unwrap();
    let (mut plan, mut expected) = (vec![], vec![]);
    for _ in 0..300 {
        let day = april + TimeDelta::days(roll(180));
        let (start, minutes) = (roll(1_440), 1 + roll(1_440));
        let clock = format!("{:02}:{:02}", start / 60, start % 60);
        plan.push(visit(&day.to_string(), &clock, minutes));
        let mut parts: Vec<(&str, i64)> = vec![];
        for minute in start..start + minutes {
            let band = band(day + TimeDelta::days(minute / 1_440), minute % 1_440);
            match parts.last_mut() {
                Some((last, count)) if *last == band => *count += 1,
                _ => parts.push((band, 1)),
            }
        }
        let ore = parts.into_iter().map(|(band, minutes)| {
            let price = PRICES.iter().find(|(code, _)| *code == band).unwrap().1;
            let price: i64 = price.replace('.', "").parse().unwrap();
            // To the nearest øre, half of one up.
            (2 * price * minutes + 60) / 120
        });
        expected.push(ore.sum::<i64>());
    }
    let quote = quote(&world, &plan).await;
    let amount =
        |money: &Value| money["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let visits = quote["visits"].as_array().unwrap().iter();
    let found: Vec<_> = visits.map(|visit| amount(&visit["amount"])).collect();
    assert_eq!(found, expected);
    assert_eq!(amount(&quote["total"]), expected.iter().sum::<i64>());
}

async fn anybody_may_ask_from_any_place(world: World) {
    scene(&world).await;
    let anyone = world.anyone();
    let answer = anyone
        .request(actix_web::http::Method::OPTIONS, "/v1/compensation/quotes")
        .header("Origin", "https://portal.example")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type")
        .send()
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    // A former municipality number leads to the present one.
    let body = json!({"municipality": "1001", "service": SERVICE, "visits": [visit("2026-03-12", "10:00", 30)]});
    let quote = anyone.post("/v1/compensation/quotes", body).await.expect(200).json();
    assert_eq!((&quote["municipality"], &quote["total"]), (&json!("4204"), &kroner("475.00")));
}
