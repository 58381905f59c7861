//! What code generators need of the document: names of their own, one media type an answer, null only where it is taken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{operations, shared_document};

/// The document as it is served.
fn served() -> Value {
    serde_json::to_value(shared_document()).unwrap()
}

fn visit<'a>(value: &'a Value, at: &str, look: &mut dyn FnMut(&str, &'a Value)) {
    look(at, value);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(name, _)| *name != "examples") {
                visit(field, &format!("{at}/{name}"), look);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                visit(item, &format!("{at}/{i}"), look);
            }
        }
        _ => {}
    }
}

/// Generators write class names in their own case, and drop other characters than letters and digits.
fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[test]
fn no_two_schemas_have_one_name_in_a_generated_client() {
    let document = served();
    let mut known = BTreeMap::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(name.chars().all(|it| it.is_ascii_alphanumeric()), "{name}");
        assert!(name.starts_with(|it: char| it.is_ascii_uppercase()), "{name}");
        if let Some(before) = known.insert(folded(name), name) {
            panic!("{before} and {name} are one class");
        }
        // Some generators prefer the title to the name.
        assert_eq!(schema.get("title"), None, "{name}");
    }
}

#[test]
fn every_enumeration_has_a_name_and_no_two_of_one_name_have_other_words() {
    let document = served();
    let mut named = 0;
    visit(&document, "", &mut |at, schema| {
        if schema.get("enum").is_some_and(Value::is_array) {
            let name = at.strip_prefix("/components/schemas/");
            assert!(name.is_some_and(|name| !name.contains('/')), "{at} has no name");
            assert_eq!(schema["type"], "string", "{at}");
            named += 1;
        }
    });
    assert!(named > 50, "{named}");
}

#[test]
fn every_answer_and_body_in_json_is_a_named_schema() {
    let document = served();
    visit(&document, "", &mut |at, content| {
        let Some(schema) = content.get("application/json").map(|it| &it["schema"]) else { return };
        // The document itself has no schema here.
        let is_document = at.contains("/openapi.json/");
        let named = [&schema["$ref"], &schema["items"]["$ref"]].into_iter().any(Value::is_string);
        assert!(named || is_document, "{at}: {schema}");
    });
}

#[test]
fn every_alternative_is_a_bare_reference_or_null() {
    let document = served();
    visit(&document, "", &mut |at, schema| {
        for alternative in schema["oneOf"].as_array().into_iter().flatten() {
            let fields: Vec<_> = alternative.as_object().unwrap().keys().collect();
            assert!(fields == ["$ref"] || alternative["type"] == "null", "{at}: {alternative}");
        }
        assert_eq!(schema.get("anyOf"), None, "{at}");
    });
    let change = &document["components"]["schemas"]["Change"];
    assert_eq!(change["discriminator"]["propertyName"], "type");
    let mapping = change["discriminator"]["mapping"].as_object().unwrap();
    let mapped: BTreeSet<_> = mapping.values().map(|it| it.as_str().unwrap()).collect();
    let alternatives = change["oneOf"].as_array().unwrap();
    let listed: BTreeSet<_> = alternatives.iter().map(|it| it["$ref"].as_str().unwrap()).collect();
    assert_eq!(mapped, listed);
    assert_eq!(mapping["no.godkjent.approval.removed.v1"], "#/components/schemas/ApprovalRemoval");
}

/// A merge patch removes a field with null, and the change of a removed approval has none.
#[test]
fn null_stands_only_where_it_is_taken() {
    let document = served();
    let mut patches = BTreeSet::new();
    visit(&document, "", &mut |at, schema| {
        let is_null = |kind: &Value| kind == "null";
        let takes_null = is_null(&schema["type"])
            || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null));
        if !takes_null {
            return;
        }
        let name = at.split('/').nth(3).unwrap();
        assert!(at.starts_with("/components/schemas/"), "{at}");
        assert!(name.ends_with("Patch") || name == "ApprovalRemoval", "{at}");
        patches.insert(name.to_owned());
    });
    assert!(patches.len() > 5, "{patches:?}");
}

#[test]
fn an_answer_in_json_has_no_other_form_beside_it() {
    for (method, path, operation) in operations(&served()) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let Some(content) = answer["content"].as_object() else { continue };
            let kinds: Vec<_> = content.keys().map(String::as_str).collect();
            let has_json = kinds.contains(&"application/json");
            assert!(!has_json || kinds.len() == 1, "{method} {path} {status}: {kinds:?}");
        }
    }
}

/// A link leads to an operation that exists, with parameters that it has.
#[test]
fn every_link_leads_to_an_operation_with_its_parameters() {
    let document = served();
    let operations = operations(&document);
    let links = document["components"]["links"].as_object().unwrap();
    assert!(links.len() > 8);
    for (name, link) in links {
        let (_, _, operation) = operations
            .iter()
            .find(|(_, _, operation)| operation["operationId"] == link["operationId"])
            .unwrap_or_else(|| panic!("{name}: {link}"));
        let parameters = operation["parameters"].as_array().unwrap().iter();
        let known: Vec<_> = parameters
            .map(|it| match it["$ref"].as_str() {
                Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
                None => it,
            })
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        for parameter in link["parameters"].as_object().unwrap().keys() {
            assert!(known.contains(&parameter.as_str()), "{name}: {parameter} of {known:?}");
        }
    }
}

/// Only a command with a precondition takes `If-Match`, and only such a command finds it missing or stale.
#[test]
fn if_match_is_described_exactly_where_it_is_taken() {
    for (method, path, operation) in
        operations(&serde_json::to_value(godkjent::app::document()).unwrap())
    {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let takes_it = parameters.clone().any(|it| it["name"] == "If-Match");
        let answers = operation["responses"].as_object().unwrap();
        for status in ["412", "428"] {
            assert_eq!(answers.contains_key(status), takes_it, "{method} {path} {status}");
        }
    }
}
