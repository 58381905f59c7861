//! The difference between two versions, over their JSON forms.
//!
//! Entries of a list are known by their code or key and not by their place, so that one that moved
//! is the same and one that was put in between shifts nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    domain::{keywords, offering::content::OfferingContent},
    json::form::{Form, escape, scalars::keyword_forms, serde_bridge::serde_by_form, to_fields},
};

keyword_forms!(DifferenceKind);
serde_by_form!(VersionDifference);

keywords! {
    /// Whether it is new, gone or worded otherwise.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DifferenceKind {
        Added = "added",
        Removed = "removed",
        Changed = "changed",
    }
}

/// One difference between a version and the previous one.
#[derive(Debug, Clone, PartialEq, Form)]
#[form(name = "Difference", example({
    "pointer": "/criteria/tax-certificate/mandatory", "kind": "changed", "before": true, "after": false
}))]
pub struct VersionDifference {
    /// JSON Pointer to it; a list entry is under its code or key: `code`, evidence under its `kind`, a round
    /// under `cutOff`, a line of the price table under `unit:zone:band:validFrom` (`all` if it names none),
    /// hours and later bands under `from`.
    pub pointer: String,
    /// Added, removed or changed.
    pub kind: DifferenceKind,
    /// The previous value; absent if added.
    pub before: Option<Value>,
    /// The new value; absent if removed.
    pub after: Option<Value>,
}

/// How a version differs from the former one, or from nothing.
#[must_use]
pub fn since(
    former: Option<&OfferingContent>,
    version: &OfferingContent,
) -> Vec<VersionDifference> {
    let before = former.map_or_else(|| Value::Object(Map::new()), to_json);
    between(&before, &to_json(version))
}

fn to_json(content: &OfferingContent) -> Value {
    Value::Object(to_fields(content.parts()))
}

/// How the JSON of a version's content differs from that of the former one.
#[must_use]
pub fn between(before: &Value, after: &Value) -> Vec<VersionDifference> {
    let mut found = vec![];
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(
    pointer: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<VersionDifference>,
) {
    if before == after {
        return;
    }
    let (Some(was), Some(is)) = (before, after) else {
        let kind = if before.is_none() { DifferenceKind::Added } else { DifferenceKind::Removed };
        found.push(difference(pointer, kind, before, after));
        return;
    };
    match (named(was), named(is)) {
        (Some(was), Some(is)) => {
            let same = was.iter().map(|(name, value)| (name, Some(*value), of(&is, name)));
            let new = is.iter().filter(|(name, _)| of(&was, name).is_none());
            for (name, was, is) in same.chain(new.map(|(name, value)| (name, None, Some(*value)))) {
                compare(&format!("{pointer}/{}", escape(name)), was, is, found);
            }
        }
        _ => found.push(difference(pointer, DifferenceKind::Changed, before, after)),
    }
}

fn difference(
    pointer: &str,
    kind: DifferenceKind,
    before: Option<&Value>,
    after: Option<&Value>,
) -> VersionDifference {
    let (before, after) = (before.cloned(), after.cloned());
    VersionDifference { pointer: pointer.to_owned(), kind, before, after }
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

#[cfg(test)]
mod tests;
