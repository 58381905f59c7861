//! The difference between two versions, over their JSON forms.
//!
//! Entries of a list are known by their code or key and not by their place, so that one that moved
//! is the same and one that was put in between shifts nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::{ToSchema, openapi::schema::Object};

use super::ContentForm;
use crate::json::{form::serde_bridge::object_by_serde, words};

object_by_serde!(write_only DifferenceForm);

/// One difference between a version and the previous one.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Difference, example = json!({
    "pointer": "/criteria/tax-certificate/mandatory", "kind": "changed", "before": true, "after": false
}))]
pub struct DifferenceForm {
    /// JSON Pointer to it; a list entry is under its code or key: `code`, evidence under its `kind`, a round
    /// under `cutOff`, a line of the price table under `unit:zone:band:validFrom` (`all` if it names none),
    /// hours and later bands under `from`.
    pub pointer: String,
    /// Added, removed or changed.
    #[schema(schema_with = kinds)]
    pub kind: &'static str,
    /// The previous value; absent if added.
    #[schema(value_type = Value)]
    pub before: Option<Value>,
    /// The new value; absent if removed.
    #[schema(value_type = Value)]
    pub after: Option<Value>,
}

const ADDED: &str = "added";
const REMOVED: &str = "removed";
const CHANGED: &str = "changed";

fn kinds() -> Object {
    words("Whether it is new, gone or worded otherwise.", [ADDED, REMOVED, CHANGED])
}

/// How the content of a version differs from that of the former one, in the order of the form.
#[must_use]
pub fn between(before: &ContentForm, after: &ContentForm) -> Vec<DifferenceForm> {
    let json = |form| serde_json::to_value(form).unwrap_or_default();
    let mut found = vec![];
    compare("", Some(&json(before)), Some(&json(after)), &mut found);
    found
}

fn compare(
    pointer: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<DifferenceForm>,
) {
    if before == after {
        return;
    }
    let (Some(was), Some(is)) = (before, after) else {
        let kind = if before.is_none() { ADDED } else { REMOVED };
        found.push(difference(pointer, kind, before, after));
        return;
    };
    match (named(was), named(is)) {
        (Some(was), Some(is)) => {
            let kept = was.iter().map(|(name, value)| (name, Some(*value), of(&is, name)));
            let new = is.iter().filter(|(name, _)| of(&was, name).is_none());
            for (name, was, is) in kept.chain(new.map(|(name, value)| (name, None, Some(*value)))) {
                compare(&format!("{pointer}/{}", escaped(name)), was, is, found);
            }
        }
        _ => found.push(difference(pointer, CHANGED, before, after)),
    }
}

fn difference(
    pointer: &str,
    kind: &'static str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> DifferenceForm {
    let (before, after) = (before.cloned(), after.cloned());
    DifferenceForm { pointer: pointer.to_owned(), kind, before, after }
}

type Named<'a> = Vec<(String, &'a Value)>;

fn of<'a>(parts: &Named<'a>, name: &str) -> Option<&'a Value> {
    parts.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
}

/// The parts of an object by name, and of a list by the key of each entry; none of a scalar.
fn named(value: &Value) -> Option<Named<'_>> {
    match value {
        Value::Object(fields) => {
            Some(fields.iter().map(|(name, value)| (name.clone(), value)).collect())
        }
        Value::Array(entries) => {
            // Two with the same key, as in a list of evidence, are distinguished by their count.
            let mut seen = BTreeMap::new();
            let mut count = |key: String| {
                let times = seen.entry(key.clone()).and_modify(|times| *times += 1).or_insert(1);
                if *times == 1 { key } else { format!("{key}:{times}") }
            };
            Some(entries.iter().map(|entry| (count(key(entry)), entry)).collect())
        }
        _ => None,
    }
}

/// The key of a list entry.
fn key(entry: &Value) -> String {
    let input = |name: &str| entry.get(name).and_then(Value::as_str);
    let line = || {
        let all = |name| input(name).unwrap_or("all");
        let (unit, from) = (input("unit")?, input("validFrom")?);
        Some(format!("{unit}:{}:{}:{from}", all("zone"), all("band")))
    };
    let name = || ["code", "cutOff", "kind", "from"].into_iter().find_map(input).map(str::to_owned);
    line().or_else(name).or_else(|| entry.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A name as a part of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;
