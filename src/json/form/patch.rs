//! Merge patches of forms.

use serde_json::{Map, Value};

use super::{ObjectForm, to_fields};

/// The fields of a form with a JSON Merge Patch applied (RFC 7396).
#[must_use]
pub fn merge_patch(form: &impl ObjectForm, patch: &Value) -> Map<String, Value> {
    let mut whole = Value::Object(to_fields(form));
    json_patch::merge(&mut whole, patch);
    match whole {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
