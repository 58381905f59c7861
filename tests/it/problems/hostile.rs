//! Hostile input to every route of the document: no answer fails, and none tells what is inside.

use actix_web::http::Method;
use godkjent::{app, domain::role::Role};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::{
    on_both_databases,
    world::{Answer, PROVIDER, Person, World},
};

on_both_databases!(
    hostile_paths_and_queries_tell_nothing_and_break_nothing,
    hostile_bodies_and_headers_tell_nothing_and_break_nothing,
);

/// What must never be in an answer, in lower case.
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

/// Every operation of the document.
fn operations() -> Vec<(Method, String, Value)> {
    let document = serde_json::to_value(app::document()).unwrap();
    let mut found = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            found.push((method, path.clone(), operation.clone()));
        }
    }
    assert!(found.len() > 40);
    found
}

/// Fills every parameter of a path.
fn fill(path: &str, with: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        filled = filled + before + &with(name);
        rest = after;
    }
    filled + rest
}

/// A value that can be read, of something that is there where there is such.
fn known(scene: &Scene, path: &str, name: &str) -> String {
    match name {
        "service" => "personal-assistance".to_owned(),
        "criterion" => "environment".to_owned(),
        "organisation_number" => PROVIDER.to_owned(),
        "number" if path.contains("versions") => "1".to_owned(),
        "municipality" | "number" => "4204".to_owned(),
        "id" if path.contains("/offerings/") => scene.offering_id.clone(),
        "id" if path.contains("/applications/") => {
            scene.application.rsplit('/').next().unwrap().to_owned()
        }
        _ => uuid::Uuid::nil().to_string(),
    }
}

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
    // What the caller said may come back; what is inside may not.
    let said = answer.text.to_lowercase();
    for inside in INSIDE {
        assert!(!said.contains(inside), "{what}: ‘{inside}’ in {}", answer.text);
    }
    if let Some(token) = who.token() {
        assert!(!answer.text.contains(&token), "{what}: the token");
    }
}

/// People of every role, and somebody without a token.
fn people(scene: &Scene) -> Vec<Person> {
    let municipal = [Role::Editor, Role::CaseWorker, Role::DecisionMaker, Role::Auditor];
    let mut people: Vec<_> = municipal.into_iter().map(|role| scene.person(role)).collect();
    people.extend([scene.world.provider(), scene.world.anyone()]);
    people
}

async fn hostile_paths_and_queries_tell_nothing_and_break_nothing(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let people = people(&scene);
    for (i, (method, path, operation)) in operations().into_iter().enumerate() {
        for (j, garbage) in GARBAGE.iter().enumerate() {
            let who = &people[(i + j) % people.len()];
            let mut asked = vec![format!("{path}?colour={garbage}")];
            if path.contains('{') {
                asked.push(fill(&path, |_| (*garbage).to_owned()));
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] == "query" {
                    let name = parameter["name"].as_str().unwrap();
                    asked.push(format!("{path}?{name}={garbage}"));
                }
            }
            for asked in asked {
                let asked = fill(&asked, |name| known(&scene, &path, name));
                let answer = who.request(method.clone(), &asked).send().await;
                check(&answer, who, &format!("{method} {asked}"));
            }
        }
    }
    assert_eq!(scene.look().await, before);
}

async fn hostile_bodies_and_headers_tell_nothing_and_break_nothing(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let people = people(&scene);
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
    for (method, path, _) in operations() {
        if method == Method::GET {
            continue;
        }
        let asked = fill(&path, |name| known(&scene, &path, name));
        for who in &people {
            for (i, body) in bodies.iter().enumerate() {
                let kind = if i % 5 == 4 { "text/html" } else { "application/json" };
                let request = who.request(method.clone(), &asked).header("If-Match", "\"77\"");
                let answer = request.body(kind, body.to_vec()).send().await;
                check(&answer, who, &format!("{method} {asked} {body:?}"));
                assert!(answer.status.is_client_error(), "{method} {asked} {body:?}");
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
            let request = who.request(method.clone(), &asked).header(name, value);
            let answer = request.json(&json!({"colour": "red"})).send().await;
            check(&answer, who, &format!("{method} {asked} {name}: {value}"));
            assert!(answer.status.is_client_error(), "{method} {asked} {name}: {value}");
        }
    }
    assert_eq!(scene.look().await, before);
}
