//! The OpenAPI document: the checked-in file equals the served one, and follows our conventions.

mod clients;
mod examples;

use std::{collections::BTreeSet, path::Path};

use actix_web::http::Method;
use godkjent::app::{self, shared_document};
use serde_json::{Value, json};

use crate::world::World;

fn document() -> Value {
    serde_json::to_value(app::document()).unwrap()
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let found: Vec<_> = paths
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(|(method, operation)| (method.clone(), path.clone(), operation.clone()))
        })
        .collect();
    assert!(found.len() > 40);
    found
}

/// Components with their names.
fn schemas(document: &Value) -> Vec<(String, Value)> {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.len() > 50);
    schemas.iter().map(|(name, schema)| (name.clone(), schema.clone())).collect()
}

fn has_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

/// `UPDATE=1` rewrites the file; never in continuous integration.
#[test]
fn the_document_that_is_checked_in_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let mut now = shared_document().to_pretty_json().unwrap();
    now.push('\n');
    let update = std::env::var_os("UPDATE").is_some() && std::env::var_os("CI").is_none();
    if update {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let former = std::fs::read_to_string(&path).unwrap_or_default();
    let first = former.lines().zip(now.lines()).position(|(former, now)| former != now);
    assert!(
        former == now,
        "openapi/openapi.json is not what the routes say (first at line {:?}): look at the \
         difference after UPDATE=1 cargo test --test it openapi",
        first.map(|line| line + 1)
    );
}

#[actix_web::test]
async fn the_document_is_served() {
    let world = World::on_sqlite().await;
    let served = world.anyone().get("/openapi.json").await.expect(200);
    assert_eq!(served.header("content-type"), "application/json");
    assert_eq!(served.json(), serde_json::to_value(shared_document()).unwrap());
    // 951 kB were too slow to open in a browser.
    assert!(served.text.len() < 440_000, "{}", served.text.len());
    assert_eq!(served.json()["openapi"], "3.1.0");
    assert_eq!(served.json()["info"]["license"]["identifier"], "MIT");
}

#[test]
fn every_operation_has_an_id_of_its_own_one_tag_and_a_summary() {
    let document = document();
    let tags = document["tags"].as_array().unwrap();
    let known: BTreeSet<_> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert!(tags.iter().all(|tag| has_text(&tag["description"])));
    let (mut ids, mut used) = (BTreeSet::new(), BTreeSet::new());
    let operations = operations(&document);
    for (method, path, operation) in &operations {
        let id = operation["operationId"].as_str().unwrap();
        let camel = id.chars().all(|c| c.is_ascii_alphanumeric())
            && id.starts_with(|c: char| c.is_ascii_lowercase());
        assert!(camel, "{id}");
        assert!(ids.insert(id), "{id} stands twice");
        let own = operation["tags"].as_array().unwrap();
        assert_eq!(own.len(), 1, "{method} {path}");
        let tag = own[0].as_str().unwrap();
        assert!(known.contains(tag), "{method} {path}: {tag}");
        used.insert(tag);
        assert!(has_text(&operation["summary"]), "{method} {path}");
    }
    assert_eq!(used, known);
}

#[test]
fn every_answer_is_described_and_every_no_is_a_problem() {
    for (method, path, operation) in operations(&document()) {
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{method} {path}");
        assert!(answers.keys().any(|status| status.starts_with('4')), "{method} {path}");
        for (status, answer) in answers {
            let place = format!("{method} {path} {status}");
            assert!(has_text(&answer["description"]), "{place}");
            if status.starts_with(['4', '5']) {
                let content = answer["content"].as_object().unwrap();
                let kinds: Vec<_> = content.keys().collect();
                assert_eq!(kinds, ["application/problem+json"], "{place}");
                let schema = &content["application/problem+json"]["schema"];
                assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{place}");
            }
        }
    }
}

#[test]
fn every_parameter_schema_and_property_is_described() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let place = format!("{method} {path} {}", parameter["name"]);
            assert!(has_text(&parameter["description"]), "{place}");
            assert!(parameter["schema"].is_object(), "{place}");
        }
        let placeholders: BTreeSet<_> = path
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap().to_owned())
            .collect();
        let declared = operation["parameters"].as_array().into_iter().flatten();
        let declared: BTreeSet<_> = declared
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(declared, placeholders, "{method} {path}");
    }
    for (name, schema) in schemas(&document) {
        assert!(has_text(&schema["description"]), "{name}");
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            let described = has_text(&schema["description"]) || schema.get("$ref").is_some();
            assert!(described, "{name}.{property}");
        }
    }
}

#[test]
fn every_example_fits_its_schema() {
    let document = document();
    let components = &document["components"];
    let mut looked_at = 0;
    for (name, schema) in schemas(&document) {
        let examples = schema["examples"].as_array().into_iter().flatten();
        for example in examples.chain(schema.get("example")) {
            let whole = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$ref": format!("#/components/schemas/{name}"),
                "components": components,
            });
            let validator = jsonschema::options().should_validate_formats(true).build(&whole);
            let validator = validator.unwrap();
            let errors: Vec<_> = validator.iter_errors(example).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?} in {example}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 20);
}

/// Whether a token is needed is found by calling without one.
#[actix_web::test]
async fn security_is_said_exactly_where_a_token_is_needed() {
    let world = World::on_sqlite().await;
    let document = document();
    for (method, path, operation) in operations(&document) {
        let mut url = path.clone();
        while let Some((before, rest)) = url.split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            let value = match name {
                "id" => "00000000-0000-0000-0000-000000000000",
                "number" if path.contains("versions") => "1",
                _ => "4204",
            };
            url = format!("{before}{value}{after}");
        }
        let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let answer = world.anyone().request(verb, &url).send().await;
        let needed = answer.status.as_u16() == 401;
        let security = &operation["security"];
        let expected = match (needed, *security == json!([])) {
            (true, _) => json!([{"token": []}]),
            (false, true) => json!([]),
            // With a token it says what the caller may do.
            (false, false) => json!([{}, {"token": []}]),
        };
        assert_eq!(*security, expected, "{method} {path} answers {}", answer.status);
        let answers = operation["responses"].as_object().unwrap();
        assert_eq!(answers.contains_key("401"), needed, "{method} {path}");
    }
}
