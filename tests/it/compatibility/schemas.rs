//! Reads an OpenAPI document for a comparison: references are followed, and `allOf` is one object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Who reads what a schema describes: requests may have more than before, and responses must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    Request,
    Response,
}

#[derive(Clone, Copy)]
pub struct Document<'a>(pub &'a Value);

/// One of the schemas of which a value has one.
#[derive(Clone, Copy)]
pub struct Alternative<'a> {
    /// The name of its component, or else its type.
    pub label: &'a str,
    /// The name of its component.
    pub name: Option<&'a str>,
    pub schema: &'a Value,
}

impl Alternative<'_> {
    pub fn is_null(&self) -> bool {
        self.label == "null"
    }
}

impl<'a> Document<'a> {
    /// The members of an object; none of anything else.
    pub fn entries(value: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
        value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
    }

    /// Every operation with its method and path.
    pub fn operations(self) -> Vec<(&'a str, &'a str, &'a Value)> {
        let paths = Self::entries(&self.0["paths"]);
        let operations = paths.flat_map(|(path, item)| {
            Self::entries(item).map(move |(method, operation)| (method, path, operation))
        });
        operations.filter(|(_, _, operation)| operation["responses"].is_object()).collect()
    }

    pub fn schemas(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        Self::entries(&self.0["components"]["schemas"])
    }

    pub fn schema(self, name: &str) -> Option<&'a Value> {
        self.0["components"]["schemas"].get(name)
    }

    /// The component to which a reference leads; anything else is itself.
    pub fn resolve(self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
            Some(pointer) => self.resolve(self.0.pointer(pointer).expect(pointer)),
            None => value,
        }
    }

    /// Whether an operation is answered without a token.
    pub fn is_open(self, operation: &Value) -> bool {
        let security = operation.get("security").unwrap_or(&self.0["security"]);
        let mut choices = security.as_array().into_iter().flatten().peekable();
        choices.peek().is_none()
            || choices.any(|it| it.as_object().is_some_and(serde_json::Map::is_empty))
    }

    /// The parameters of an operation by place and name.
    pub fn parameters(self, operation: &'a Value) -> BTreeMap<String, &'a Value> {
        let all = operation["parameters"].as_array().into_iter().flatten();
        let all = all.map(|parameter| {
            let parameter = self.resolve(parameter);
            let text = |name| parameter[name].as_str().unwrap_or_default();
            (format!("{} ({})", text("name"), text("in")), parameter)
        });
        all.collect()
    }

    /// The alternatives of a schema. A type that may be null is two.
    pub fn alternatives(schema: &'a Value) -> Vec<Alternative<'a>> {
        let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
        if let Some(choices) = choices {
            return choices.iter().flat_map(Self::alternatives).collect();
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next();
            return vec![Alternative { label: name.unwrap_or_default(), name, schema }];
        }
        let types = types(schema);
        let label = types.iter().find(|it| **it != "null").copied().unwrap_or("a value");
        let null =
            types.contains(&"null").then_some(Alternative { label: "null", name: None, schema });
        let value = (types.is_empty() || types.iter().any(|it| *it != "null"))
            .then_some(Alternative { label, name: None, schema });
        value.into_iter().chain(null).collect()
    }

    /// What a schema says, with its reference followed and its `allOf` joined.
    pub fn shape(self, schema: &'a Value) -> Shape<'a> {
        let schema = self.resolve(schema);
        let mut shape = Shape { keywords: vec![schema], ..Shape::default() };
        shape.properties.extend(Document::entries(&schema["properties"]));
        let required = schema["required"].as_array().into_iter().flatten();
        shape.required.extend(required.filter_map(Value::as_str));
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let part = self.shape(part);
            shape.properties.extend(part.properties);
            shape.required.extend(part.required);
            shape.keywords.extend(part.keywords);
        }
        shape
    }
}

/// The types of a schema; none if it permits all.
fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(only) => vec![only],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

#[derive(Default)]
pub struct Shape<'a> {
    pub properties: BTreeMap<&'a str, &'a Value>,
    pub required: BTreeSet<&'a str>,
    /// The schema and the parts of its `allOf`.
    keywords: Vec<&'a Value>,
}

/// Keywords that limit a value, each with whether a greater limit permits more, and its value where it is missing.
const LIMITS: [(&str, bool, Option<f64>); 10] = [
    ("maximum", true, None),
    ("exclusiveMaximum", true, None),
    ("maxLength", true, None),
    ("maxItems", true, None),
    ("maxProperties", true, None),
    ("minimum", false, None),
    ("exclusiveMinimum", false, None),
    ("minLength", false, Some(0.0)),
    ("minItems", false, Some(0.0)),
    ("minProperties", false, Some(0.0)),
];

impl<'a> Shape<'a> {
    /// The schema of a part: of the items, or of the other properties.
    pub fn part(&self, name: &str) -> Option<&'a Value> {
        self.keywords.iter().find_map(|it| it.get(name)).filter(|it| it.is_object())
    }

    fn keyword(&self, name: &str) -> Option<&'a Value> {
        self.keywords.iter().find_map(|it| it.get(name))
    }

    /// The values that are listed; `None` if all are permitted.
    fn values(&self) -> Option<Vec<&'a Value>> {
        let constant = self.keyword("const").map(|it| vec![it]);
        constant.or_else(|| Some(self.keyword("enum")?.as_array()?.iter().collect()))
    }

    fn types(&self) -> BTreeSet<&'a str> {
        self.keywords.iter().flat_map(|it| types(it)).filter(|it| *it != "null").collect()
    }

    /// The shape that must be within the other, and the other.
    const fn inner_and_outer<'s>(
        &'s self,
        new: &'s Self,
        direction: Direction,
    ) -> (&'s Self, &'s Self) {
        match direction {
            Direction::Request => (self, new),
            Direction::Response => (new, self),
        }
    }

    /// Another type than before.
    pub fn changed_type(&self, new: &Self, direction: Direction) -> Option<String> {
        let (inner, outer) = self.inner_and_outer(new, direction);
        let (types, permitted) = (inner.types(), outer.types());
        let fits =
            |it: &&str| permitted.contains(it) || *it == "integer" && permitted.contains("number");
        if permitted.is_empty() || !types.is_empty() && types.iter().all(fits) {
            return None;
        }
        let text = |shape: &Self| match Vec::from_iter(shape.types()) {
            all if all.is_empty() => "any".to_owned(),
            all => all.join(" or "),
        };
        Some(format!("is of the type {}, not {}", text(new), text(self)))
    }

    /// What the new schema no longer takes of a request, or newly gives in a response.
    pub fn narrowed_or_widened(&self, new: &Self, direction: Direction) -> Vec<String> {
        let mut found = vec![];
        let (inner, outer) = self.inner_and_outer(new, direction);
        match (inner.values(), outer.values()) {
            (_, None) => {}
            (None, Some(_)) if direction == Direction::Request => {
                found.push("takes listed values only".to_owned());
            }
            (None, Some(_)) => found.push("may have any value now".to_owned()),
            (Some(inner), Some(outer)) => {
                let odd = inner.into_iter().filter(|it| !outer.contains(it));
                found.extend(odd.map(|value| match direction {
                    Direction::Request => format!("no longer takes {value}"),
                    Direction::Response => format!("may be {value} now"),
                }));
            }
        }
        if self.keyword("format") != new.keyword("format")
            && (direction == Direction::Response || new.keyword("format").is_some())
        {
            found.push("has another format".to_owned());
        }
        if direction == Direction::Request {
            found.extend(self.narrowed_limits(new));
        }
        found
    }

    fn narrowed_limits(&self, new: &Self) -> Vec<String> {
        let narrowed = LIMITS.iter().filter(|(name, more, default)| {
            let limit = |shape: &Self| shape.keyword(name).and_then(Value::as_f64).or(*default);
            match (limit(self), limit(new)) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(former), Some(now)) if *more => now < former,
                (Some(former), Some(now)) => now > former,
            }
        });
        let mut found: Vec<_> =
            narrowed.map(|(name, ..)| format!("has a narrower {name}")).collect();
        let other = |name| new.keyword(name).is_some() && new.keyword(name) != self.keyword(name);
        let changed = ["pattern", "multipleOf"].into_iter().filter(|name| other(name));
        found.extend(changed.map(|name| format!("has another {name}")));
        let closed =
            |shape: &Self| shape.keyword("additionalProperties") == Some(&Value::Bool(false));
        if closed(new) && !closed(self) {
            found.push("takes no other properties now".to_owned());
        }
        if new.keyword("uniqueItems") == Some(&Value::Bool(true))
            && self.keyword("uniqueItems") != new.keyword("uniqueItems")
        {
            found.push("takes no equal items now".to_owned());
        }
        found
    }
}
