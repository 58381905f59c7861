//! The document for the viewer at `/docs`, as OpenAPI 3.0: the viewer resolves a document of 3.1 as a whole before it is
//! drawn, which takes a browser seconds, and one of 3.0 part by part.

use serde_json::{Map, Value, json};

const VERSION: &str = "3.0.4";

/// Rewrites the document: nothing is left out but what 3.0 has no form for.
pub(super) fn for_viewer(mut document: Value) -> Value {
    rewrite(&mut document);
    if let Some(license) = document.pointer_mut("/info/license").and_then(Value::as_object_mut) {
        license.remove("identifier");
    }
    if let Some(fields) = document.as_object_mut() {
        fields.insert("openapi".to_owned(), json!(VERSION));
    }
    document
}

fn rewrite(part: &mut Value) {
    match part {
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        Value::Object(fields) => {
            fields.values_mut().for_each(rewrite);
            rewrite_null_type(fields);
            rewrite_null_alternative(fields);
            rewrite_example(fields);
            rewrite_reference(fields);
        }
        _ => {}
    }
}

/// `type: [string, null]` is `type: string, nullable: true`.
fn rewrite_null_type(schema: &mut Map<String, Value>) {
    let Some(Value::Array(kinds)) = schema.get_mut("type") else { return };
    let all = kinds.len();
    kinds.retain(|kind| *kind != "null");
    let (is_nullable, only) = (kinds.len() < all, kinds.pop());
    schema.insert("type".to_owned(), only.unwrap_or_default());
    if is_nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

/// `oneOf: [A, null]` is `allOf: [A], nullable: true`.
fn rewrite_null_alternative(schema: &mut Map<String, Value>) {
    let Some(Value::Array(alternatives)) = schema.get_mut("oneOf") else { return };
    let all = alternatives.len();
    alternatives.retain(|it| it.get("type").is_none_or(|kind| kind != "null"));
    if alternatives.len() == all {
        return;
    }
    if alternatives.len() == 1
        && let Some(only) = schema.remove("oneOf")
    {
        schema.insert("allOf".to_owned(), only);
    }
    schema.insert("nullable".to_owned(), json!(true));
}

/// A schema has one example.
fn rewrite_example(schema: &mut Map<String, Value>) {
    let Some(Value::Array(examples)) = schema.get_mut("examples") else { return };
    let first = examples.drain(..).next();
    schema.remove("examples");
    schema.extend(first.map(|first| ("example".to_owned(), first)));
}

/// A reference has nothing beside it.
fn rewrite_reference(schema: &mut Map<String, Value>) {
    if schema.len() > 1
        && let Some(Value::String(reference)) = schema.get("$ref").cloned()
    {
        schema.remove("$ref");
        schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_3_1_have_the_form_of_3_0() {
        for (part, rewritten) in [
            (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true})),
            (
                json!({"oneOf": [{"$ref": "#/a"}, {"type": "null"}]}),
                json!({"allOf": [{"$ref": "#/a"}], "nullable": true}),
            ),
            (
                json!({"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}, {"type": "null"}]}),
                json!({"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}], "nullable": true}),
            ),
            (json!({"examples": [1, 2]}), json!({"example": 1})),
            (
                json!({"examples": {"one": {"value": 1}}}),
                json!({"examples": {"one": {"value": 1}}}),
            ),
            (json!({"$ref": "#/a"}), json!({"$ref": "#/a"})),
            (
                json!({"properties": {"name": {"$ref": "#/a", "description": "The name."}}}),
                json!({"properties": {"name": {"allOf": [{"$ref": "#/a"}], "description": "The name."}}}),
            ),
        ] {
            let mut part = part;
            rewrite(&mut part);
            assert_eq!(part, rewritten);
        }
    }

    #[test]
    fn the_license_has_no_identifier() {
        let document =
            json!({"openapi": "3.1.0", "info": {"license": {"name": "MIT", "identifier": "MIT"}}});
        let expected = json!({"openapi": VERSION, "info": {"license": {"name": "MIT"}}});
        assert_eq!(for_viewer(document), expected);
    }
}
