//! Merge patches of forms.

use serde_json::{Map, Value};

/// Fields with a JSON Merge Patch applied (RFC 7396).
#[must_use]
pub fn merge_patch(fields: Map<String, Value>, patch: &Value) -> Map<String, Value> {
    let mut whole = Value::Object(fields);
    json_patch::merge(&mut whole, patch);
    match whole {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
