//! Parsers of external input: no panic, and accepted values round-trip.
//!
//! The cases are pseudo-random with fixed seeds, so a failure is reproducible.

use std::fmt::{Debug, Display};

use actix_web::http::Method;
use chrono::DateTime;
use godkjent::{
    api::auth::PresentedToken,
    domain::{
        compensation::number::{Ratio, Share},
        value_error::ValueError,
        values::{
            money::{Money, Price},
            numbers::{Language, MunicipalityNumber, OrganisationNumber},
            text::{Code, Email, Line, Note, Phone, Prose, WebAddress},
            time::{end_of_day, parse_day, start_of_day},
        },
    },
    register::body::Coding,
    words::english,
};
use serde_json::{Value, json};

use super::routes::Stage;
use crate::{
    bench::register::dice::Dice,
    on_both_databases,
    world::{Answer, PROVIDER, World, people},
};

on_both_databases!(
    a_cursor_that_was_changed_is_refused_or_gives_what_anyone_may_list,
    a_query_that_was_changed_is_refused_or_answered,
    a_body_that_was_changed_is_refused_or_kept_as_it_says;
    sqlite_alone:
    a_header_that_was_changed_is_refused_or_heeded,
    a_token_that_was_changed_is_not_one
);

/// Difficult input for parsers.
const ODD: [&str; 40] = [
    "",
    " ",
    "0",
    "1",
    "9",
    "-",
    "--",
    "+",
    ".",
    "..",
    ",",
    ":",
    ";",
    "/",
    "\\",
    "@",
    "%",
    "=",
    "&",
    "\"",
    "'",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\u{7f}",
    "\u{a0}",
    "\u{202e}",
    "\u{feff}",
    "é",
    "å",
    "٣",
    "𝟗",
    "😀",
    "e\u{301}",
    "null",
    "NaN",
    "1e9",
    "99999999999999999999",
    "\u{fffd}",
];

/// A text that is like another one, with something left out, doubled, turned or put in.
pub fn mutate(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(letters.len() + 1);
        let odd = ODD[dice.below(ODD.len())];
        match dice.below(5) {
            0 if at < letters.len() => drop(letters.remove(at)),
            1 if at < letters.len() => letters.insert(at, letters[at]),
            2 => letters.truncate(at),
            3 if at < letters.len() => {
                letters.splice(at..=at, odd.chars());
            }
            _ => {
                letters.splice(at..at, odd.chars());
            }
        }
    }
    letters.into_iter().collect()
}

/// Whether it is a valid header value; others are not sent.
pub fn is_header(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' && byte != 0x7f)
}

/// Bytes with something cut off, left out, doubled, turned or put in.
pub fn splice(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(2) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.extend_from_within(at..end),
            3 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            _ => drop(bytes.splice(at..at, ODD[dice.below(ODD.len())].bytes())),
        }
    }
}

/// Some thousand texts around a few that are good: whatever is taken is printed, and read back as the same.
fn holds<T: Debug + PartialEq + Display>(
    good: &[&str],
    parse: impl Fn(&str) -> Result<T, ValueError>,
) {
    for input in good {
        parse(input).unwrap_or_else(|error| panic!("{input:?}: {error}"));
    }
    let (mut dice, mut refused) = (Dice::new(5), 0);
    for _ in 0..4_000 {
        let mut input = good[dice.below(good.len())].to_owned();
        for _ in 0..=dice.below(2) {
            input = mutate(&mut dice, &input);
        }
        match parse(&input) {
            Ok(value) => {
                let printed = value.to_string();
                assert_eq!(
                    parse(&printed).as_ref(),
                    Ok(&value),
                    "{input:?} is printed {printed:?}"
                );
            }
            Err(error) => {
                assert!(
                    !error.code.is_empty() && english(&error.detail).ends_with('.'),
                    "{error:?}"
                );
                refused += 1;
            }
        }
    }
    // Long, and of one kind: nothing takes time or stack in step with it.
    for odd in ODD.into_iter().filter(|odd| !odd.is_empty()) {
        let _ = parse(&odd.repeat(200_000 / odd.len()));
    }
    assert!(refused > 0, "{good:?} takes everything");
}

#[test]
fn numbers_and_amounts_hold() {
    holds(&["313000028", "820852982", "935478715"], OrganisationNumber::parse);
    holds(&["4204", "0301"], MunicipalityNumber::parse);
    holds(&["814", "814.5", "10872340.50", "0"], Money::parse);
    holds(&["814.00", "0.01", "9999999999.99"], Price::parse);
    holds(&["110942.25", "0.000001", "999999999999"], Ratio::parse);
    holds(&["0.12", "1", "0", "1.000000"], Share::parse);
}

#[test]
fn texts_hold() {
    holds(&["Eksempel Assistanse AS", "Ærlig Hjelp Ås"], Line::parse);
    holds(&["To linjer\nmed tekst.", "x"], Prose::parse);
    holds(&["Sett."], Note::parse);
    holds(&["tax-certificate", "a"], Code::parse);
    holds(&["post@example.no", "a.b@c.de"], Email::parse);
    holds(&["+47 38 07 50 00", "12345"], Phone::parse);
    holds(&["https://example.no/side?x=1#y", "http://example.no"], WebAddress::parse);
    holds(&["nb", "nn", "se", "pl"], Language::parse);
}

#[test]
fn days_hold_and_each_has_its_beginning_and_its_end() {
    holds(&["2026-03-12", "2024-02-29", "1900-01-01", "2200-12-31"], parse_day);
    let mut dice = Dice::new(6);
    for _ in 0..4_000 {
        let input = mutate(&mut dice, "2026-03-29");
        if let Ok(day) = parse_day(&input) {
            let hours = (end_of_day(day) - start_of_day(day)).num_hours();
            assert!((23..=25).contains(&hours), "{input}: {hours}");
        }
    }
}

#[test]
fn a_coding_is_chosen_whatever_is_accepted() {
    let mut dice = Dice::new(7);
    for _ in 0..4_000 {
        let input = mutate(&mut dice, "gzip;q=0.5, br;q=1.0, identity");
        let again = Coding::wanted(&input);
        assert_eq!(Coding::wanted(&input), again, "{input:?}");
    }
    assert_eq!(Coding::wanted("br;q=NaN, gzip"), Coding::Gzip);
}

/// Text as a part of a query.
fn escape(text: &str) -> String {
    text.bytes().flat_map(|byte| ['%', hex(byte >> 4), hex(byte & 15)]).collect()
}

/// Answered completely, or rejected with a problem: never an internal error.
#[track_caller]
pub fn sound(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.text);
    if status >= 400 {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        assert!(!answer.json()["code"].as_str().unwrap().is_empty(), "{what}");
    }
}

async fn a_cursor_that_was_changed_is_refused_or_gives_what_anyone_may_list(world: World) {
    let stage = Stage::new(world).await;
    let mut dice = Dice::new(8);
    let everything = stage.world.anyone();
    let all = everything.pages("/v1/municipalities?limit=100").await;
    for (who, list) in [
        (stage.world.anyone(), "/v1/municipalities?limit=2"),
        (stage.world.anyone(), "/v1/decisions?limit=1"),
        (stage.world.auditor(), "/v1/audit?limit=2"),
    ] {
        let first = who.get(list).await.expect(200).json();
        let next = first["page"]["next"].as_str().unwrap();
        let (path, cursor) = next.split_once("cursor=").unwrap();
        for _ in 0..150 {
            let input = mutate(&mut dice, cursor);
            let answer = who.get(&format!("{path}cursor={}", escape(&input))).await;
            sound(&answer, &format!("{list} {input:?}"));
            if answer.status == 200 {
                let items = answer.json()["items"].as_array().unwrap().clone();
                assert!(items.len() <= 2, "{input}");
                let known = list.starts_with("/v1/municipalities");
                assert!(!known || items.iter().all(|item| all.contains(item)), "{input}");
            } else {
                answer.problem(400, "invalid-cursor");
            }
        }
        who.get(next).await.expect(200);
    }
}

async fn a_query_that_was_changed_is_refused_or_answered(world: World) {
    let stage = Stage::new(world).await;
    let mut dice = Dice::new(9);
    for list in [
        "/v1/approvals?municipality=4204&language=nb&capacity=open&limit=5&count=true",
        "/v1/approvals?q=eksempel&order=fair&seed=one&view=summary",
        "/v1/approvals?validAt=2026-03-12&knownAt=2026-03-12T09:00:00Z",
        "/v1/register/4204/personal-assistance?order=name&limit=3",
        "/v1/changes?after=0&limit=10",
        "/v1/decisions?outcome=refuse&from=2026-01-01&to=2026-12-31",
        "/v1/statistics?municipality=4204",
    ] {
        let (path, query) = list.split_once('?').unwrap();
        let anyone = stage.world.anyone();
        anyone.get(list).await.expect(200);
        for _ in 0..60 {
            let pairs: Vec<_> = query.split('&').collect();
            let at = dice.below(pairs.len());
            let parts = pairs.iter().enumerate().map(|(i, pair)| {
                let (name, value) = pair.split_once('=').unwrap();
                let value = if i == at { mutate(&mut dice, value) } else { value.to_owned() };
                format!("{name}={}", escape(&value))
            });
            let url = format!("{path}?{}", parts.collect::<Vec<_>>().join("&"));
            sound(&anyone.get(&url).await, &url);
        }
    }
}

async fn a_header_that_was_changed_is_refused_or_heeded(world: World) {
    let stage = Stage::new(world).await;
    let mut dice = Dice::new(10);
    for (path, name, value) in [
        ("/v1/approvals", "If-None-Match", "W/\"abc\", \"7-def\""),
        ("/v1/approvals", "Accept", "text/csv;q=0.5, application/json"),
        ("/v1/approvals", "Accept-Encoding", "br;q=1.0, gzip;q=0.5"),
        ("/v1/approvals", "Min-Position", "3"),
        ("/v1/changes", "Prefer", "wait=0, respond-async"),
        (people::PAGE, "If-Modified-Since", "Thu, 12 Mar 2026 09:00:00 GMT"),
        ("/v1/snapshots/register.ndjson", "Range", "bytes=0-99"),
        ("/v1/snapshots/register.ndjson", "If-Range", "\"7-abc\""),
        ("/v1/changes/stream", "Last-Event-ID", "3"),
    ] {
        for _ in 0..40 {
            let input = mutate(&mut dice, value);
            if !is_header(&input) {
                continue;
            }
            let request = stage.world.anyone().request(Method::GET, path).header(name, &input);
            sound(&request.send().await, &format!("{path} {name}: {input:?}"));
        }
    }
    // The revision of a precondition: no other form of it is accepted.
    let provider = stage.world.provider();
    let before = stage.journal().await;
    let path = format!("/v1/providers/{PROVIDER}");
    for _ in 0..150 {
        let input = mutate(&mut dice, "\"7\"");
        if is_header(&input) {
            let body = Some(people::profile("Nytt Navn AS"));
            let answer = provider.act(Method::PUT, &path, &input, body).await;
            sound(&answer, &input);
            assert!([400, 412, 428].contains(&answer.status.as_u16()), "{input} {}", answer.text);
        }
    }
    assert_eq!(stage.journal().await, before);
}

async fn a_token_that_was_changed_is_not_one(world: World) {
    let stage = Stage::new(world).await;
    let token = stage.world.case_worker().token().unwrap();
    let now: DateTime<chrono::Utc> = "2026-03-12T09:00:00Z".parse().unwrap();
    assert!(stage.world.components.tokens.identify(PresentedToken::Bearer(&token), now).is_ok());
    let mut dice = Dice::new(11);
    for _ in 0..1_000 {
        let input = mutate(&mut dice, &token);
        if input == token {
            continue;
        }
        assert!(
            stage.world.components.tokens.identify(PresentedToken::Bearer(&input), now).is_err(),
            "{input}"
        );
    }
}

/// The pointers of all parts of a value.
fn places(value: &Value, at: &str) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, it)| (format!("{at}/{name}"), it)).collect(),
        Value::Array(all) => {
            all.iter().enumerate().map(|(i, it)| (format!("{at}/{i}"), it)).collect()
        }
        _ => vec![],
    };
    let own = std::iter::once(at.to_owned());
    own.chain(parts.into_iter().flat_map(|(at, it)| places(it, &at))).collect()
}

async fn a_body_that_was_changed_is_refused_or_kept_as_it_says(world: World) {
    let stage = Stage::new(world).await;
    let provider = stage.world.provider();
    let path = format!("/v1/providers/{PROVIDER}");
    let mut good = people::profile("Eksempel Assistanse AS");
    good["phone"] = json!("+47 38 07 50 00");
    good["web"] = json!("https://example.no");
    let mut dice = Dice::new(12);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..250 {
        let mut body = good.clone();
        let all = places(&good, "");
        let at = &all[1 + dice.below(all.len() - 1)];
        let place = body.pointer_mut(at).unwrap();
        *place = match (dice.below(8), place.as_str()) {
            (0, _) => json!(null),
            (1, _) => json!(-1.5e300),
            (2, _) => json!([[]]),
            (3, _) => json!({"nb": "x", "": 1}),
            (_, Some(text)) => json!(mutate(&mut dice, text)),
            _ => json!(true),
        };
        let etag = provider.get(&path).await.expect(200).etag();
        let answer = provider.act(Method::PUT, &path, &etag, Some(body.clone())).await;
        sound(&answer, &body.to_string());
        if answer.status == 200 {
            let answer = provider.get(&path).await.expect(200).json();
            for (name, value) in body.as_object().unwrap() {
                // Its location is known to the registry only.
                if !value.is_null() && name != "notificationAddress" {
                    assert_eq!(&answer[name], value, "{name} of {body}");
                }
            }
            accepted += 1;
        } else {
            refused += 1;
        }
        // The same, with a slip of the pen in the JSON itself.
        let text = mutate(&mut dice, &body.to_string());
        let request = provider.request(Method::PUT, &path).header("If-Match", "\"0\"");
        sound(&request.body("application/json", text.clone()).send().await, &text);
    }
    assert!(accepted > 10 && refused > 10, "{accepted} {refused}");
}

fn hex(half: u8) -> char {
    char::from_digit(half.into(), 16).unwrap()
}
