//! Removes components that nothing refers to, such as the forms of merge patches.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::OpenApi;

const SCHEMAS: &str = "#/components/schemas/";

/// Keeps the schemas that the paths refer to, directly or through others.
pub(super) fn remove(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let schemas = serde_json::to_value(&components.schemas).unwrap_or_default();
    let mut used = BTreeSet::new();
    let mut open = Vec::new();
    references(&serde_json::to_value(&document.paths).unwrap_or_default(), &mut open);
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && used.insert(name)
        {
            references(schema, &mut open);
        }
    }
    components.schemas.retain(|name, _| used.contains(name));
}

/// Adds the names of the schemas that a part of the document refers to, also by the mapping of a discriminator.
fn references(part: &Value, names: &mut Vec<String>) {
    match part {
        Value::String(text) => names.extend(text.strip_prefix(SCHEMAS).map(ToOwned::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        Value::Object(fields) => fields.values().for_each(|field| references(field, names)),
        _ => {}
    }
}
