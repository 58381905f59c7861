//! Hostile input to every route of the document: no answer fails, and none reveals internals.

use actix_web::http::Method;
use serde_json::json;

use super::routes::{Route, Stage, fill};
use crate::{
    on_both_databases,
    world::{Answer, KRISTIANSAND, Person, World},
};

on_both_databases!(
    hostile_paths_and_queries_tell_nothing_and_break_nothing,
    hostile_bodies_and_headers_tell_nothing_and_break_nothing,
);

/// Texts that must never be in an answer, in lower case.
const INSIDE: [&str; 15] = [
    "diesel",
    "sqlite",
    "postgres",
    "select ",
    "insert into",
    "update \"",
    "sql",
    "panicked",
    "unwrap",
    "src/",
    ".rs:",
    "backtrace",
    "/work",
    "/tmp",
    "connection pool",
];

const GARBAGE: [&str; 10] = [
    "x",
    "0",
    "-1",
    "%00",
    "%27%3B%20DROP%20TABLE%20journal%3B--",
    "..%2F..%2Fetc%2Fpasswd",
    "%F0%9F%98%80",
    "%ff%fe",
    "99999999999999999999999999",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
];

#[track_caller]
fn check(answer: &Answer, who: &Person, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.text);
    if status < 400 {
        return;
    }
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{what}");
    assert_eq!(problem["instance"], answer.header("x-request-id"), "{what}");
    for field in ["type", "title", "detail", "code"] {
        assert!(!problem[field].as_str().unwrap().is_empty(), "{what}: no {field}");
    }
    // The caller's own input may be echoed; internals may not.
    let text = answer.text.to_lowercase();
    for inside in INSIDE {
        assert!(!text.contains(inside), "{what}: ‘{inside}’ in {}", answer.text);
    }
    if let Some(token) = who.token() {
        assert!(!answer.text.contains(&token), "{what}: the token");
    }
}

/// People of every role, and a client without a token.
fn people(stage: &Stage) -> Vec<Person> {
    let mut people = stage.people(KRISTIANSAND);
    people.push(stage.world.anyone());
    people
}

async fn hostile_paths_and_queries_tell_nothing_and_break_nothing(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    let people = people(&stage);
    for (i, Route { method, path, operation }) in Route::all().into_iter().enumerate() {
        for (j, garbage) in GARBAGE.iter().enumerate() {
            let who = &people[(i + j) % people.len()];
            let mut urls = vec![format!("{path}?colour={garbage}")];
            if path.contains('{') {
                urls.push(fill(&path, |_| (*garbage).to_owned()));
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] == "query" {
                    let name = parameter["name"].as_str().unwrap();
                    urls.push(format!("{path}?{name}={garbage}"));
                }
            }
            for url in urls {
                let url = stage.fill_known(&url);
                let answer = who.request(method.clone(), &url).send().await;
                check(&answer, who, &format!("{method} {url}"));
            }
        }
    }
    assert_eq!(stage.journal().await, before);
}

async fn hostile_bodies_and_headers_tell_nothing_and_break_nothing(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    let people = people(&stage);
    let deep = format!("{}1{}", "{\"a\":".repeat(300), "}".repeat(300));
    let bodies: [&[u8]; 10] = [
        b"",
        b"null",
        b"[]",
        b"\"'; DROP TABLE journal;--\"",
        b"{\"__proto__\": {}, \"$where\": 1}",
        b"{\"name\": \"\\u0000\", \"text\": \"\\u0000\", \"note\": \"\\u0000\", \"impartial\": 1}",
        b"\xff\xfe\x00",
        b"{\"a\": 1e999999}",
        b"{\"offeringId\": \"x\", \"service\": 9223372036854775808}",
        deep.as_bytes(),
    ];
    for Route { method, path, .. } in Route::all() {
        if method == Method::GET {
            continue;
        }
        let url = stage.fill_known(&path);
        for who in &people {
            for (i, body) in bodies.iter().enumerate() {
                let kind = if i % 5 == 4 { "text/html" } else { "application/json" };
                let request = who.request(method.clone(), &url).header("If-Match", "\"77\"");
                let answer = request.body(kind, body.to_vec()).send().await;
                check(&answer, who, &format!("{method} {url} {body:?}"));
                assert!(answer.status.is_client_error(), "{method} {url} {body:?}");
            }
        }
        for (name, value) in [
            ("If-Match", "\"'; DROP TABLE journal;--\""),
            ("If-None-Match", "*"),
            ("X-Request-Id", "'; DROP TABLE journal;--"),
            ("Content-Length", "5"),
            ("Accept", "text/html"),
        ] {
            let who = &people[0];
            let request = who.request(method.clone(), &url).header(name, value);
            let answer = request.json(&json!({"colour": "red"})).send().await;
            check(&answer, who, &format!("{method} {url} {name}: {value}"));
            assert!(answer.status.is_client_error(), "{method} {url} {name}: {value}");
        }
    }
    assert_eq!(stage.journal().await, before);
}
