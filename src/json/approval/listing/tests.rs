use serde_json::{Value, json};

use super::*;
use crate::json::form::{Written, parse_json, parse_object};

fn now() -> Instant {
    "2026-03-12T09:00:00Z".parse().unwrap()
}

fn read(value: &Value) -> Result<Listing, Vec<(String, &'static str)>> {
    let mut errors = ValidationErrors::default();
    let body = parse_object::<ListingBody>(value, "", &mut errors);
    let body = errors.finish(body).map_err(|errors| {
        let errors = errors.into_vec().into_iter();
        errors.map(|found| (found.pointer, found.error.code)).collect::<Vec<_>>()
    })?;
    Ok(body.complete(None, now()).unwrap())
}

#[test]
fn what_is_said_is_read_and_shown_again() {
    let value = json!({
        "capacity": "limited", "capacityOn": "2026-03-01", "text": {"nb": "Vi har plass."},
        "languages": ["nb", "pl"], "timesOfDay": ["weekend", "day"],
        "openingHours": {"nb": "Kl. 8–16 på hverdager.", "en": "Weekdays from 8 to 16."},
        "continuity": {"nb": "Faste assistenter."}, "specialCompetence": {"nn": "Demens."},
        "startsWithin": {"amount": 2, "unit": "weeks"},
        "addOns": [{
            "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"},
            "unit": "hour", "partOfMunicipalService": false
        }],
        "lastConfirmedAt": "2026-03-02T09:00:00Z"
    });
    let listing: Listing = parse_json(&value.to_string()).unwrap();
    assert_eq!(listing.details.times_of_day.as_slice(), [TimeOfDay::Weekend, TimeOfDay::Day]);
    assert_eq!(serde_json::to_value(Written(&listing)).unwrap(), value);
}

#[test]
fn a_listing_without_details_has_its_capacity_from_today() {
    let listing = read(&json!({"capacity": "open"})).unwrap();
    assert_eq!((listing.capacity_on, listing.confirmed_at), (day_of(now()), now()));
    assert_eq!(listing.details, ListingDetails::default());
}

#[test]
fn times_of_day_are_known_words_and_each_stands_once() {
    let times = |words: Value| read(&json!({"capacity": "open", "timesOfDay": words}));
    let all = times(json!(["day", "evening", "night", "weekend"])).unwrap();
    assert_eq!(all.details.times_of_day.as_slice(), TimeOfDay::ALL);
    let at = |place: &str, code| vec![(format!("/timesOfDay/{place}"), code)];
    assert_eq!(times(json!(["day", "noon"])), Err(at("1", "unknown-value")));
    assert_eq!(times(json!(["day", "night", "day"])), Err(at("2", "duplicate")));
    let five = times(json!(["day", "evening", "night", "weekend", "night"]));
    assert_eq!(five, Err(vec![("/timesOfDay".to_owned(), "too-many")]));
}

#[test]
fn opening_hours_are_a_text_for_people() {
    let hours = |text: Value| read(&json!({"capacity": "open", "openingHours": text}));
    assert!(hours(json!({"nb": "Kl. 8–16."})).unwrap().details.opening_hours.is_some());
    for (text, pointer) in [(json!({}), "/openingHours"), (json!({"nb": ""}), "/openingHours/nb")] {
        assert_eq!(hours(text).unwrap_err()[0].0, pointer);
    }
}
