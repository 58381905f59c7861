//! Compensation: one table for every provider, announced before it begins, comparable over the country, quoted to the øre.

mod announcements;
mod bad_input;
mod index;
mod quotes;
mod table;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Person, World, bpa_content};

/// An amount in kroner as it is sent.
fn kroner(amount: &str) -> Value {
    json!({"amount": amount, "currency": "NOK"})
}

/// An hour at a price from a day on, in every zone and band.
fn hour(amount: &str, from: &str) -> Value {
    json!({"unit": "hour", "amount": kroner(amount), "vat": "exempt", "validFrom": from})
}

/// The same in a band.
fn hour_in(band: &str, amount: &str, from: &str) -> Value {
    let mut line = hour(amount, from);
    line["band"] = json!(band);
    line
}

const WORKDAYS: [&str; 5] = ["monday", "tuesday", "wednesday", "thursday", "friday"];

/// The bands of a round-the-clock service.
fn bands() -> Value {
    let rule = |from: &str, to: &str| json!({"weekdays": WORKDAYS, "holyDays": "no", "from": from, "to": to});
    json!([
        {"code": "day", "name": "Dag", "rules": [rule("07:00", "15:00")]},
        {"code": "evening", "name": "Kveld", "rules": [rule("15:00", "23:00")]},
        {"code": "night", "name": "Natt", "rules": [rule("00:00", "07:00"), rule("23:00", "24:00")]},
        {"code": "weekend", "name": "Helg", "rules": [
            {"weekdays": ["saturday", "sunday"], "holyDays": "no", "from": "00:00", "to": "24:00"}
        ]},
        {"code": "holy-day", "name": "Helligdag", "rules": [
            {"holyDays": "only", "from": "00:00", "to": "24:00"}
        ]},
    ])
}

/// The price of an hour in each of them.
const PRICES: [(&str, &str); 5] = [
    ("day", "950.00"),
    ("evening", "1100.00"),
    ("night", "1250.00"),
    ("weekend", "1400.00"),
    ("holy-day", "1935.00"),
];

/// An offering in two zones with prices by band since 2026.
fn banded_content() -> Value {
    let mut content = bpa_content();
    content["service"]["zones"] =
        json!([{"code": "north", "name": "Nord"}, {"code": "south", "name": "Sør"}]);
    content["compensation"]["hours"] = json!([{"from": "00:00", "to": "24:00"}]);
    content["compensation"]["bands"] = bands();
    let lines = PRICES.map(|(band, amount)| hour_in(band, amount, "2026-01-01"));
    content["compensation"]["lines"] = json!(lines);
    content
}

/// Posts something on an offering at the revision that it has now.
async fn posts(who: &Person, offering: &str, act: &str, body: Value) -> Answer {
    let etag = who.get(&format!("/v1/offerings/{offering}/draft")).await.expect(200).etag();
    let path = format!("/v1/offerings/{offering}/{act}");
    who.act(Method::POST, &path, &etag, Some(body)).await
}

async fn announces(who: &Person, offering: &str, body: Value) -> Answer {
    posts(who, offering, "compensation", body).await
}

/// All that could be stored: the draft with its revision, the public offering, the length of the feed.
async fn read_stored(world: &World, offering: &str) -> (String, String, String, Value) {
    let path = format!("/v1/offerings/{offering}");
    let draft = world.editor().get(&format!("{path}/draft")).await.expect(200);
    let public = world.anyone().get(&path).await.expect(200);
    let feed = world.anyone().get("/v1/changes?limit=1000").await.expect(200).json();
    (draft.etag(), draft.text, public.text, feed["highWater"].clone())
}

/// Codes and pointers of all errors.
fn errors(answer: &Answer) -> Vec<(String, String)> {
    let problem = answer.json();
    let all = problem["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}
