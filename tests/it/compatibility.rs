//! The document is compared with the one of the last release: what breaks clients needs an entry in the changelog.

mod breaking;
mod schemas;

use breaking::{Break, breaking_changes};
use serde_json::{Value, json};

const CHANGELOG: &str = include_str!("../../CHANGELOG.md");
const RELEASED: &str = include_str!("../../openapi/released.json");
const PRESENT: &str = include_str!("../../openapi/openapi.json");

#[test]
fn what_breaks_clients_since_the_last_release_is_in_the_changelog() {
    let (old, new) = (parse(RELEASED), parse(PRESENT));
    let missing = unannounced(breaking_changes(&old, &new), CHANGELOG);
    let lines: Vec<_> = missing.iter().map(|it| format!("`{}`: {}", it.subject, it.what)).collect();
    assert!(
        missing.is_empty(),
        "these break clients of the last release (openapi/released.json). Keep the former form, or add an entry to the \
         unreleased section of CHANGELOG.md that has **Breaking** and the name:\n{}",
        lines.join("\n")
    );
}

/// See “A release” in CONTRIBUTING.md.
#[test]
fn a_release_keeps_its_document() {
    if unreleased(CHANGELOG).is_none() {
        assert!(RELEASED == PRESENT, "copy openapi/openapi.json to openapi/released.json");
    }
}

fn parse(document: &str) -> Value {
    serde_json::from_str(document).unwrap()
}

/// The first section, unless it has a date.
fn unreleased(changelog: &str) -> Option<&str> {
    let section = changelog.split("\n## ").nth(1).expect("a section");
    section.lines().next().is_some_and(|title| title.ends_with("unreleased")).then_some(section)
}

/// Those without an entry that is marked as breaking and has their name.
fn unannounced(breaks: Vec<Break>, changelog: &str) -> Vec<Break> {
    let section = unreleased(changelog).unwrap_or_default();
    let entries: Vec<_> =
        section.split("\n- ").skip(1).filter(|entry| entry.contains("**Breaking**")).collect();
    let announced =
        |it: &Break| entries.iter().any(|entry| entry.contains(&format!("`{}`", it.subject)));
    breaks.into_iter().filter(|it| !announced(it)).collect()
}

/// A document with one read and one command.
fn sample() -> Value {
    json!({
        "security": [{"token": []}],
        "paths": {
            "/things/{id}": {"get": {
                "operationId": "thing",
                "security": [],
                "parameters": [
                    {"$ref": "#/components/parameters/Id"},
                    {"name": "view", "in": "query", "schema": {"type": "string", "enum": ["full", "short"]}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            }},
            "/things": {"post": {
                "operationId": "thingCreate",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingBody"}}}},
                "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
            }},
        },
        "components": {
            "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}},
            "responses": {"NotFound": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
            "schemas": {
                "Thing": {
                    "type": "object",
                    "required": ["id", "state", "parts"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "state": {"$ref": "#/components/schemas/State"},
                        "note": {"type": "string"},
                        "size": {"type": "integer"},
                        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                        "origin": {"oneOf": [{"$ref": "#/components/schemas/Person"}, {"$ref": "#/components/schemas/Office"}]},
                    },
                },
                "State": {"type": "string", "enum": ["open", "closed"]},
                "Person": {"type": "object", "properties": {"name": {"type": "string"}}},
                "Office": {"type": "object", "properties": {"number": {"type": "string"}}},
                "ThingBody": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "maxLength": 200},
                        "note": {"type": ["string", "null"], "pattern": "^a"},
                        "amount": {"type": "number"},
                        "kind": {"type": "string", "enum": ["a", "b"]},
                        "zones": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                        "by": {"oneOf": [{"$ref": "#/components/schemas/Person"}, {"$ref": "#/components/schemas/Office"}]},
                    },
                },
            },
        },
    })
}

/// The sample with the value at a JSON Pointer replaced; `null` removes it.
fn changed(pointer: &str, value: Value) -> Value {
    let mut document = sample();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).expect(pointer);
    let name = name.replace("~1", "/");
    match parent {
        Value::Object(members) if value.is_null() => drop(members.remove(&name).expect(pointer)),
        Value::Object(members) => drop(members.insert(name, value)),
        Value::Array(items) if value.is_null() => drop(items.remove(name.parse().unwrap())),
        Value::Array(items) if name == "-" => items.push(value),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        other => panic!("{other}"),
    }
    document
}

const GET: &str = "/paths/~1things~1{id}/get";
const POST: &str = "/paths/~1things/post";
const THING: &str = "/components/schemas/Thing";
const BODY: &str = "/components/schemas/ThingBody";

/// A place, a place below it, its new value (null: removed), and the break.
type Case = (&'static str, &'static str, Value, &'static str);

fn breaks_of_operations() -> Vec<Case> {
    vec![
        ("/paths/~1things", "", Value::Null, "thingCreate: POST /things is gone"),
        (GET, "", Value::Null, "thing: GET /things/{id} is gone"),
        (GET, "/operationId", json!("thingRead"), "thing: its operationId is \"thingRead\" now"),
        (GET, "/security", json!([{"token": []}]), "thing: it needs a token now"),
        (GET, "/security", Value::Null, "thing: it needs a token now"),
        (GET, "/parameters/1", Value::Null, "thing: the parameter view (query) is gone"),
        (
            GET,
            "/parameters/1/required",
            json!(true),
            "thing: the parameter view (query) is required now",
        ),
        (
            GET,
            "/parameters/-",
            json!({"name": "at", "in": "query", "required": true}),
            "thing: the parameter at (query) is required now",
        ),
        (
            GET,
            "/parameters/1/schema/enum",
            json!(["full"]),
            "thing: the parameter view (query) no longer takes \"short\"",
        ),
        (
            GET,
            "/parameters/2/schema/maximum",
            json!(100),
            "thing: the parameter limit (query) has a narrower maximum",
        ),
        (
            GET,
            "/parameters/2/schema/minimum",
            json!(2),
            "thing: the parameter limit (query) has a narrower minimum",
        ),
        (GET, "/responses/404", Value::Null, "thing: the status 404 is gone"),
        (GET, "/responses/200/headers/ETag", Value::Null, "thing: the header ETag of 200 is gone"),
        (
            GET,
            "/responses/200/content/text~1csv",
            Value::Null,
            "thing: the response 200 is no longer text/csv",
        ),
        (
            GET,
            "/responses/200/content/text~1csv/schema/type",
            json!("array"),
            "thing: the response 200 is of the type array, not string",
        ),
        (POST, "/requestBody/required", json!(true), "thingCreate: the body is required now"),
        (
            POST,
            "/requestBody/content/application~1json",
            Value::Null,
            "thingCreate: the body is no longer application/json",
        ),
    ]
}

fn breaks_of_schemas() -> Vec<Case> {
    vec![
        (THING, "/properties/note", Value::Null, "Thing: note is gone"),
        (THING, "/required/0", Value::Null, "Thing: id may be missing now"),
        (THING, "/properties/note/type", json!(["string", "null"]), "Thing: note may be null now"),
        (
            THING,
            "/properties/size/type",
            json!("number"),
            "Thing: size is of the type number, not integer",
        ),
        (THING, "/properties/id/format", Value::Null, "Thing: id has another format"),
        (
            THING,
            "/properties/parts/items",
            json!({"type": "string"}),
            "Thing: parts.items is of the type string, not object",
        ),
        (
            THING,
            "/properties/origin/oneOf/-",
            json!({"$ref": "#/components/schemas/State"}),
            "Thing: origin may be State now",
        ),
        ("/components/schemas/State/enum/-", "", json!("lost"), "State: may be \"lost\" now"),
        ("/components/schemas/State/enum", "", Value::Null, "State: may have any value now"),
        ("/components/schemas/Person/properties/name", "", Value::Null, "Person: name is gone"),
        (BODY, "/required/-", json!("note"), "ThingBody: note is required now"),
        (BODY, "/properties/kind", Value::Null, "ThingBody: kind is gone"),
        (BODY, "/properties/kind/enum/0", Value::Null, "ThingBody: kind no longer takes \"a\""),
        (BODY, "/properties/name/enum", json!(["x"]), "ThingBody: name takes listed values only"),
        (BODY, "/properties/note/type", json!("string"), "ThingBody: note is never null now"),
        (BODY, "/properties/note/pattern", json!("^b"), "ThingBody: note has another pattern"),
        (BODY, "/properties/name/format", json!("email"), "ThingBody: name has another format"),
        (
            BODY,
            "/properties/name/maxLength",
            json!(100),
            "ThingBody: name has a narrower maxLength",
        ),
        (BODY, "/properties/name/minLength", json!(1), "ThingBody: name has a narrower minLength"),
        (
            BODY,
            "/properties/amount/type",
            json!("integer"),
            "ThingBody: amount is of the type integer, not number",
        ),
        (BODY, "/properties/zones/minItems", json!(2), "ThingBody: zones has a narrower minItems"),
        (
            BODY,
            "/properties/zones/uniqueItems",
            json!(true),
            "ThingBody: zones takes no equal items now",
        ),
        (
            BODY,
            "/properties/zones/items/maxLength",
            json!(9),
            "ThingBody: zones.items has a narrower maxLength",
        ),
        (BODY, "/properties/by/oneOf/1", Value::Null, "ThingBody: by is never Office now"),
        (BODY, "/additionalProperties", json!(false), "ThingBody: takes no other properties now"),
    ]
}

#[test]
fn every_kind_of_break_is_found() {
    let cases = breaks_of_operations().into_iter().chain(breaks_of_schemas());
    for (base, below, value, expected) in cases {
        let new = changed(&format!("{base}{below}"), value);
        let found = breaking_changes(&sample(), &new);
        let found: Vec<_> = found.iter().map(|it| format!("{}: {}", it.subject, it.what)).collect();
        assert_eq!(found, [expected], "{base}{below}");
        let lost = unannounced(breaking_changes(&sample(), &new), CHANGELOG_WITHOUT);
        assert_eq!(lost.len(), 1, "{base}{below}");
    }
}

const CHANGELOG_WITHOUT: &str =
    "# Changelog\n\n## 0.2.0 – unreleased\n\n- **More**: `thing` has a note.\n";

#[test]
fn a_renamed_schema_breaks_generated_clients() {
    let document = sample().to_string().replace("schemas/State", "schemas/Status");
    let document = document.replace("\"State\":", "\"Status\":");
    let found = breaking_changes(&sample(), &parse(&document));
    assert_eq!(
        found,
        [Break { subject: "State".to_owned(), what: "the schema is gone".to_owned() }]
    );
}

#[test]
fn additions_break_nothing() {
    let cases = [
        ("/paths/~1more", json!({"get": {"operationId": "more", "responses": {}}})),
        (&*format!("{GET}/parameters/-"), json!({"name": "at", "in": "query"})),
        (&*format!("{GET}/parameters/1/schema/enum/-"), json!("long")),
        (&*format!("{GET}/parameters/2/schema/maximum"), json!(500)),
        (&*format!("{GET}/parameters/2/schema/minimum"), json!(0)),
        (&*format!("{GET}/responses/503"), json!({"description": "Busy."})),
        (&*format!("{GET}/description"), json!("Another description.")),
        (&*format!("{POST}/security"), json!([])),
        (&*format!("{THING}/properties/more"), json!({"type": "string"})),
        (&*format!("{THING}/required/-"), json!("note")),
        (&*format!("{THING}/properties/note/maxLength"), json!(10)),
        (&*format!("{THING}/properties/origin/oneOf/1"), Value::Null),
        ("/components/schemas/State/enum/0", Value::Null),
        (&*format!("{BODY}/properties/more"), json!({"type": "string"})),
        (&*format!("{BODY}/required"), json!([])),
        (&*format!("{BODY}/properties/kind/enum/-"), json!("c")),
        (&*format!("{BODY}/properties/note/pattern"), Value::Null),
        (&*format!("{BODY}/properties/name/maxLength"), Value::Null),
        (&*format!("{BODY}/properties/zones/minItems"), json!(0)),
        (&*format!("{BODY}/properties/by/oneOf/-"), json!({"$ref": "#/components/schemas/State"})),
    ];
    for (pointer, value) in cases {
        assert_eq!(breaking_changes(&sample(), &changed(pointer, value)), [], "{pointer}");
    }
    let document = sample();
    assert_eq!(breaking_changes(&document, &document), []);
}

#[test]
fn a_break_needs_a_marked_entry_that_names_it() {
    let new = changed(&format!("{BODY}/properties/kind"), Value::Null);
    let missing = |changelog: &str| unannounced(breaking_changes(&sample(), &new), changelog).len();
    let entry = |text: &str| {
        format!(
            "# Changelog\n\n## 0.2.0 – unreleased\n\n- **More**: a.\n{text}\n\n## 0.1.0 – 2026-01-01\n"
        )
    };
    assert_eq!(missing(&entry("- **Breaking**: `ThingBody` has no\n  `kind`.")), 0);
    assert_eq!(missing(&entry("- **Breaking**: `kind` is gone.")), 1);
    assert_eq!(missing(&entry("- `ThingBody` has no `kind`.")), 1);
    assert_eq!(missing(&entry("").replace("unreleased", "2026-06-01")), 1);
    let former = entry("") + "\n- **Breaking**: `ThingBody` has no `kind`.\n";
    assert_eq!(missing(&former), 1);
}
