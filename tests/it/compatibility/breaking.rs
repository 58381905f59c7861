//! Finds the differences of two OpenAPI documents that break clients.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::schemas::{Alternative, Direction, Document, Shape};

/// A difference that breaks clients.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Break {
    /// The operation or the schema.
    pub subject: String,
    /// The difference, as a sentence without its subject.
    pub what: String,
}

/// Compares the document of the last release with the present one.
pub fn breaking_changes(old: &Value, new: &Value) -> Vec<Break> {
    let (old, new) = (Document(old), Document(new));
    let mut comparison = Comparison { old, new, seen: HashSet::new(), breaks: BTreeSet::new() };
    comparison.operations();
    for (name, _) in old.schemas() {
        if new.schema(name).is_none() {
            comparison.found(name, "the schema is gone".to_owned());
        }
    }
    comparison.breaks.into_iter().collect()
}

struct Comparison<'a> {
    old: Document<'a>,
    new: Document<'a>,
    /// Pairs of named schemas that are compared already, or are being compared.
    seen: HashSet<(String, String, Direction)>,
    breaks: BTreeSet<Break>,
}

/// The place of a schema: the operation or named schema, and the path in it.
#[derive(Clone)]
struct Place {
    subject: String,
    path: String,
}

impl Place {
    fn in_operation(id: &str, part: &str) -> Self {
        Self { subject: id.to_owned(), path: format!("the {part}") }
    }

    fn below(&self, name: &str) -> Self {
        let path = match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        Self { subject: self.subject.clone(), path }
    }
}

impl<'a> Comparison<'a> {
    fn found(&mut self, subject: &str, what: String) {
        self.breaks.insert(Break { subject: subject.to_owned(), what });
    }

    fn found_at(&mut self, place: &Place, what: &str) {
        let what =
            if place.path.is_empty() { what.to_owned() } else { format!("{} {what}", place.path) };
        self.found(&place.subject, what);
    }

    fn operations(&mut self) {
        for (method, path, old) in self.old.operations() {
            let id = old["operationId"].as_str().unwrap_or(path);
            let new = &self.new.0["paths"][path][method];
            if new.is_null() {
                self.found(id, format!("{} {path} is gone", method.to_uppercase()));
                continue;
            }
            if new["operationId"] != old["operationId"] {
                self.found(id, format!("its operationId is {} now", new["operationId"]));
            }
            if self.old.is_open(old) && !self.new.is_open(new) {
                self.found(id, "it needs a token now".to_owned());
            }
            self.parameters(id, old, new);
            self.body(id, &old["requestBody"], &new["requestBody"]);
            self.responses(id, &old["responses"], &new["responses"]);
        }
    }

    fn parameters(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        let (former, present) = (self.old.parameters(old), self.new.parameters(new));
        for (name, parameter) in &present {
            let was_required = former.get(name).is_some_and(|it| it["required"] == true);
            if parameter["required"] == true && !was_required {
                self.found(id, format!("the parameter {name} is required now"));
            }
        }
        for (name, parameter) in former {
            let part = format!("parameter {name}");
            match present.get(&name) {
                None => self.found(id, format!("the {part} is gone")),
                Some(now) => {
                    let place = Place::in_operation(id, &part);
                    let schemas = (&parameter["schema"], &now["schema"]);
                    self.schemas(Direction::Request, &place, schemas);
                }
            }
        }
    }

    fn body(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        let (old, new) = (self.old.resolve(old), self.new.resolve(new));
        if new["required"] == true && old["required"] != true {
            self.found(id, "the body is required now".to_owned());
        }
        self.contents(id, Direction::Request, "body", (&old["content"], &new["content"]));
    }

    fn responses(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        for (status, former) in Document::entries(old) {
            let Some(present) = new.get(status) else {
                self.found(id, format!("the status {status} is gone"));
                continue;
            };
            let (old, new) = (self.old.resolve(former), self.new.resolve(present));
            for (name, _) in Document::entries(&old["headers"]) {
                if new["headers"].get(name).is_none() {
                    self.found(id, format!("the header {name} of {status} is gone"));
                }
            }
            let contents = (&old["content"], &new["content"]);
            self.contents(id, Direction::Response, &format!("response {status}"), contents);
        }
    }

    fn contents(
        &mut self,
        id: &str,
        direction: Direction,
        part: &str,
        contents: (&'a Value, &'a Value),
    ) {
        let (old, new) = contents;
        for (media_type, former) in Document::entries(old) {
            match new.get(media_type) {
                None => self.found(id, format!("the {part} is no longer {media_type}")),
                Some(present) => {
                    let place = Place::in_operation(id, part);
                    self.schemas(direction, &place, (&former["schema"], &present["schema"]));
                }
            }
        }
    }

    /// Compares what two schemas permit, each alternative with its counterpart.
    fn schemas(&mut self, direction: Direction, place: &Place, schemas: (&'a Value, &'a Value)) {
        let (old, new) = (Document::alternatives(schemas.0), Document::alternatives(schemas.1));
        let only = |all: &[Alternative<'a>]| {
            let mut values = all.iter().filter(|it| !it.is_null());
            values.next().copied().filter(|_| values.next().is_none())
        };
        let single = only(&old).zip(only(&new));
        let counterpart = |all: &[Alternative<'a>], wanted: &Alternative<'a>| match single {
            // One may have another name than the other.
            Some(_) if !wanted.is_null() => only(all),
            _ => all.iter().find(|it| it.label == wanted.label).copied(),
        };
        for former in &old {
            match counterpart(&new, former) {
                Some(present) => self.alternative(direction, place, (*former, present)),
                None if direction == Direction::Request => {
                    self.found_at(place, &format!("is never {} now", former.label));
                }
                None => {}
            }
        }
        for present in new {
            if direction == Direction::Response && counterpart(&old, &present).is_none() {
                self.found_at(place, &format!("may be {} now", present.label));
            }
        }
    }

    fn alternative(
        &mut self,
        direction: Direction,
        place: &Place,
        pair: (Alternative<'a>, Alternative<'a>),
    ) {
        let (old, new) = pair;
        let place = match (old.name, new.name) {
            (Some(former), Some(present)) => {
                if !self.seen.insert((former.to_owned(), present.to_owned(), direction)) {
                    return;
                }
                Place { subject: former.to_owned(), path: String::new() }
            }
            _ => place.clone(),
        };
        let (former, present) = (self.old.shape(old.schema), self.new.shape(new.schema));
        if let Some(what) = former.changed_type(&present, direction) {
            self.found_at(&place, &what);
            return;
        }
        for what in former.narrowed_or_widened(&present, direction) {
            self.found_at(&place, &what);
        }
        self.properties(direction, &place, &former, &present);
        for part in ["items", "additionalProperties"] {
            if let (Some(old), Some(new)) = (former.part(part), present.part(part)) {
                self.schemas(direction, &place.below(part), (old, new));
            }
        }
    }

    fn properties(
        &mut self,
        direction: Direction,
        place: &Place,
        old: &Shape<'a>,
        new: &Shape<'a>,
    ) {
        for (name, former) in &old.properties {
            let below = place.below(name);
            let Some(present) = new.properties.get(name) else {
                self.found_at(&below, "is gone");
                continue;
            };
            if direction == Direction::Response
                && old.required.contains(name)
                && !new.required.contains(name)
            {
                self.found_at(&below, "may be missing now");
            }
            self.schemas(direction, &below, (former, present));
        }
        for name in &new.required {
            if direction == Direction::Request && !old.required.contains(name) {
                self.found_at(&place.below(name), "is required now");
            }
        }
    }
}
