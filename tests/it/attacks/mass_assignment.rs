//! Read-only fields: the document lists the fields of a body, and all others are rejected.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Map, Value, json};

use super::routes::{Route, Stage, resolve, send};
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, World, people},
};

on_sqlite!(
    a_field_that_the_registry_sets_is_refused_in_every_body,
    a_field_that_nobody_knows_is_refused_in_every_part_of_every_body,
    a_patch_takes_no_field_that_the_registry_sets,
    a_field_that_is_shown_but_set_by_the_registry_has_no_effect
);

/// Read-only fields of resources, with forged values.
const PROTECTED: [&str; 30] = [
    "id",
    "revision",
    "state",
    "status",
    "version",
    "organisation",
    "organisationNumber",
    "org",
    "actor",
    "by",
    "caller",
    "role",
    "tenant",
    "subject",
    "sub",
    "admin",
    "isAdmin",
    "municipality",
    "provider",
    "position",
    "publicPosition",
    "createdAt",
    "publishedAt",
    "submittedAt",
    "signedAt",
    "approvalId",
    "decisionId",
    "actions",
    "etag",
    "__proto__",
];

/// Every route that takes a body in JSON, with its schema and a body that fits.
fn writes() -> Vec<(Route, Value, Value)> {
    let found: Vec<_> = Route::all()
        .into_iter()
        .filter_map(|route| {
            let ((_, schema), example) = (route.body()?, route.example()?);
            Some((route, schema, example))
        })
        .collect();
    assert!(found.len() > 45, "{}", found.len());
    found
}

/// A patch is merged with the present values: it is tested separately, at the present revision.
fn is_whole(write: &(Route, Value, Value)) -> bool {
    write.0.method != Method::PATCH
}

/// Sends a body as everyone; permitted callers must get an unknown-field error.
async fn expect_refusal(stage: &Stage, route: &Route, body: &Value, pointer: &str) {
    let mut named = 0;
    for who in stage.people(KRISTIANSAND) {
        let answer = send(stage, &who, route, Some(body)).await;
        let status = answer.status.as_u16();
        assert!(
            (400..500).contains(&status),
            "{} {pointer}: {status} {}",
            route.name(),
            answer.text
        );
        let problem = answer.json();
        // If names are data, such as months, an invalid one has its own error.
        if ["unknown-field", "validation"].iter().any(|code| problem["code"] == *code) {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{}", route.name());
            named += 1;
        } else {
            // Another's, in another state, or at another revision: the body is not reached.
            assert!([403, 404, 409, 412].contains(&status), "{} {problem}", route.name());
        }
    }
    assert!(named > 0, "{} {pointer}", route.name());
}

async fn a_field_that_the_registry_sets_is_refused_in_every_body(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    for (number, (route, schema, example)) in writes().into_iter().filter(is_whole).enumerate() {
        let known = properties(&schema);
        let unknown: Vec<_> = PROTECTED.iter().filter(|name| !known.contains_key(**name)).collect();
        // The choice does not matter to the code: all of them over all bodies, three for each.
        for turn in 0..3 {
            let name = unknown[(3 * number + turn) % unknown.len()];
            let mut body = example.clone();
            body[*name] = json!("1");
            expect_refusal(&stage, &route, &body, &format!("/{name}")).await;
        }
    }
    assert_eq!(stage.journal().await, before);
}

async fn a_field_that_nobody_knows_is_refused_in_every_part_of_every_body(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    let mut deepest = 0;
    for (route, _, example) in writes().into_iter().filter(is_whole) {
        for pointer in objects(&example, "") {
            let mut body = example.clone();
            body.pointer_mut(&pointer).unwrap()["colour"] = json!("red");
            expect_refusal(&stage, &route, &body, &format!("{pointer}/colour")).await;
            deepest = deepest.max(pointer.matches('/').count());
        }
    }
    assert!(deepest >= 2, "{deepest}");
    assert_eq!(stage.journal().await, before);
}

async fn a_patch_takes_no_field_that_the_registry_sets(world: World) {
    let stage = Stage::new(world).await;
    let applicant = stage.world.provider_with_number(7);
    let profile = people::profile("Tredje Omsorg AS");
    applicant.registers(&people::synthetic_number(7), profile).await.expect(200);
    let application = applicant.drafts_application(&stage.offering()).await;
    let application = format!("/v1/applications/{application}");
    let (provider, editor) = (stage.world.provider(), stage.world.editor());
    let before = stage.journal().await;
    let mut patches: Vec<_> = writes().into_iter().filter(|it| !is_whole(it)).collect();
    for (who, path, seen) in [
        (&applicant, application.as_str(), application.as_str()),
        (&editor, "/v1/offerings/{id}/draft", "/v1/offerings/{id}/draft"),
        (&editor, "/v1/offerings/{id}/own-listing", "/v1/offerings/{id}/draft"),
        (&provider, "/v1/approvals/{id}/listing", "/v1/approvals/{id}/case"),
    ] {
        let pattern = if path == application { "/v1/applications/{id}" } else { path };
        let at = patches.iter().position(|(route, ..)| route.path == pattern).unwrap();
        let (_, schema, _) = patches.remove(at);
        let (path, seen) = (stage.fill_known(path), stage.fill_known(seen));
        let etag = who.get(&seen).await.expect(200).etag();
        let known = properties(&schema);
        for name in PROTECTED.into_iter().filter(|name| !known.contains_key(*name)) {
            let answer = who.act(Method::PATCH, &path, &etag, Some(json!({name: "1"}))).await;
            assert!(answer.pointers().contains(&format!("/{name}")), "{path} {}", answer.text);
            answer.problem(422, "unknown-field");
        }
    }
    let forgotten: Vec<_> = patches.iter().map(|(route, ..)| route.name()).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
    assert_eq!(stage.journal().await, before);
}

/// The pointers of a value's objects.
fn objects(value: &Value, at: &str) -> Vec<String> {
    let (own, parts): (_, Vec<(String, &Value)>) = match value {
        Value::Object(map) => {
            let parts = map.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect();
            (Some(at.to_owned()), parts)
        }
        Value::Array(items) => {
            (None, items.iter().enumerate().map(|(i, it)| (format!("{at}/{i}"), it)).collect())
        }
        _ => (None, vec![]),
    };
    own.into_iter().chain(parts.into_iter().flat_map(|(at, it)| objects(it, &at))).collect()
}

/// The document's promise, for every object in every body and not only in the examples.
#[test]
fn every_object_in_every_body_is_closed_in_the_document() {
    let mut seen = BTreeSet::new();
    for (route, schema, _) in writes() {
        check_closed(&schema, &route.name(), &mut seen);
    }
    assert!(seen.len() > 60, "{}", seen.len());
}

fn check_closed(schema: &Value, at: &str, seen: &mut BTreeSet<String>) {
    let schema = resolve(schema);
    if let Some(properties) = schema["properties"].as_object() {
        assert_eq!(schema["additionalProperties"], json!(false), "{at}: {schema}");
        if !seen.insert(schema.to_string()) {
            return;
        }
        for (name, property) in properties {
            check_closed(property, &format!("{at} {name}"), seen);
        }
    }
    for part in ["items", "additionalProperties"] {
        if schema[part].is_object() {
            check_closed(&schema[part], at, seen);
        }
    }
    for part in ["oneOf", "anyOf", "allOf"] {
        schema[part].as_array().into_iter().flatten().for_each(|it| check_closed(it, at, seen));
    }
}

/// Two types of one name would hide one another, and one of the bodies would be described wrongly.
#[test]
fn no_two_schemas_have_the_same_name() {
    let mut names = std::collections::BTreeMap::<String, Vec<String>>::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for name in schemas_in(&text) {
                    names.entry(name).or_default().push(path.display().to_string());
                }
            }
        }
    }
    assert!(names.len() > 100, "{}", names.len());
    // The command that answers a criterion has the fields of the answer.
    names.retain(|name, files| files.len() > 1 && name != "Answer");
    assert!(names.is_empty(), "{names:#?}");
}

/// The names of the schemas in a file: those given to forms, and of derived schemas that of the type or the given one.
fn schemas_in(text: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect()
    };
    let forms = text.split("#[form(").skip(1).filter_map(|rest| {
        let (_, rest) = rest.split_once("name = \"").filter(|(before, _)| !before.contains(']'))?;
        rest.starts_with(|first: char| first.is_ascii_uppercase()).then(|| word(rest))
    });
    let derived = text.split("#[derive(").skip(1).filter_map(|rest| {
        let (derives, rest) = rest.split_once(")]")?;
        if !derives.contains("ToSchema") {
            return None;
        }
        let end = rest.find("\n}").or_else(|| rest.find(';'))?;
        let (attributes, declared) = rest[..end].split_once("pub ").or_else(|| {
            rest[..end].split_once("struct ").or_else(|| rest[..end].split_once("enum "))
        })?;
        let given = attributes.split_once("(as = ").map(|(_, name)| word(name));
        let own = declared.split_once("struct ").or_else(|| declared.split_once("enum "));
        Some(given.unwrap_or_else(|| word(own.map_or(declared, |(_, name)| name))))
    });
    derived.chain(forms).collect()
}

/// The fields of a body; `None` if undocumented.
fn properties(schema: &Value) -> Map<String, Value> {
    schema["properties"].as_object().cloned().unwrap_or_default()
}

async fn a_field_that_is_shown_but_set_by_the_registry_has_no_effect(world: World) {
    let stage = Stage::new(world).await;
    let mut found = vec![];
    for (route, schema, _) in writes() {
        let read_only = properties(&schema).into_iter().filter(|(_, it)| it["readOnly"] == true);
        found.extend(read_only.map(|(name, _)| format!("{} {name}", route.path)));
    }
    let listings = [
        (stage.world.provider(), "/v1/approvals/{id}/listing", "/v1/approvals/{id}/case"),
        (stage.world.editor(), "/v1/offerings/{id}/own-listing", "/v1/offerings/{id}/draft"),
    ];
    for (who, path, seen) in listings {
        let at = found.iter().position(|it| *it == format!("{path} lastConfirmedAt")).unwrap();
        found.remove(at);
        let (path, seen) = (stage.fill_known(path), stage.fill_known(seen));
        for body in [
            json!({"capacity": "open", "lastConfirmedAt": "1999-12-31T00:00:00Z"}),
            json!({"capacity": "full", "lastConfirmedAt": null}),
        ] {
            let etag = who.get(&seen).await.expect(200).etag();
            let answer = who.act(Method::PATCH, &path, &etag, Some(body)).await;
            assert!([200, 422].contains(&answer.status.as_u16()), "{path} {}", answer.text);
        }
    }
    assert!(found.is_empty(), "{found:?}");
    let journal = Value::from(stage.journal().await).to_string();
    assert!(!journal.contains("1999-12-31"));
    let anyone = stage.world.anyone();
    for open in ["/v1/changes?limit=1000", people::PAGE, "/v1/approvals"] {
        let public = anyone.get(open).await.expect(200).text;
        assert!(!public.contains("1999-12-31"), "{open}");
    }
}
