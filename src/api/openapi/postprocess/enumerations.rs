//! Names each enumeration, so that code generators have one type for it.

use std::collections::BTreeMap;

use utoipa::openapi::{
    OpenApi, Ref, RefOr, Schema,
    path::Parameter,
    schema::{ArrayItems, Object},
};

use crate::api::openapi::methods::{operations, pascal_case};

/// Moves each enumeration to the components. One with the words of a named one is a reference to it; another is named
/// after its schema and its property, or after its operation and its parameter.
pub(super) fn name(document: &mut OpenApi) {
    let Some(mut components) = document.components.take() else { return };
    let mut known = Enumerations::named(&components.schemas);
    for (owner, schema) in &mut components.schemas {
        known.replace_in_parts(owner, schema);
    }
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        let owner = pascal_case(operation.operation_id.as_deref().unwrap_or_default());
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(Parameter { name, schema: Some(schema), .. }) = parameter {
                known.replace(schema, || owner.clone() + &pascal_case(name));
                clear_description(schema);
            }
        }
    }
    components.schemas.extend(known.new);
    document.components = Some(components);
}

#[derive(Default)]
struct Enumerations {
    /// The name and the description of each, by its words.
    by_words: BTreeMap<String, (String, Option<String>)>,
    /// Those without a component yet.
    new: BTreeMap<String, RefOr<Schema>>,
}

impl Enumerations {
    /// The components that are enumerations.
    fn named(schemas: &BTreeMap<String, RefOr<Schema>>) -> Self {
        let mut all = Self::default();
        for (name, schema) in schemas {
            if let Some((words, object)) = enumeration(schema) {
                let entry = (name.clone(), object.description.clone());
                all.by_words.entry(words).or_insert(entry);
            }
        }
        all
    }

    /// Replaces the enumerations among the properties of a schema.
    fn replace_in_parts(&mut self, owner: &str, schema: &mut RefOr<Schema>) {
        let RefOr::T(schema) = schema else { return };
        match schema {
            Schema::Object(object) => {
                for (name, property) in &mut object.properties {
                    self.replace_in_property(owner, name, property);
                }
            }
            Schema::AllOf(parts) => {
                parts.items.iter_mut().for_each(|part| self.replace_in_parts(owner, part));
            }
            Schema::OneOf(parts) => {
                parts.items.iter_mut().for_each(|part| self.replace_in_parts(owner, part));
            }
            _ => {}
        }
    }

    fn replace_in_property(&mut self, owner: &str, name: &str, property: &mut RefOr<Schema>) {
        if let RefOr::T(Schema::Array(list)) = property {
            if let ArrayItems::RefOrSchema(items) = &mut list.items {
                if let RefOr::T(Schema::Object(items)) = &mut **items {
                    items.description =
                        items.description.take().or_else(|| list.description.clone());
                }
                let singular = name.strip_suffix('s').unwrap_or(name);
                self.replace(items, || owner.to_owned() + &pascal_case(singular));
                clear_description(items);
            }
            return;
        }
        self.replace(property, || owner.to_owned() + &pascal_case(name));
    }

    /// Replaces an enumeration by a reference. Its description stays where it differs from the component's.
    fn replace(&mut self, schema: &mut RefOr<Schema>, name: impl FnOnce() -> String) {
        let Some((words, object)) = enumeration(schema) else { return };
        let mut object = object.clone();
        let (default, description) = (object.default.take(), object.description.clone());
        let (name, general) = self.by_words.entry(words).or_insert_with(|| {
            let name = name();
            let component = RefOr::T(Schema::Object(object));
            self.new.insert(name.clone(), component);
            (name, description.clone())
        });
        let mut reference = Ref::from_schema_name(name.as_str());
        reference.default = default;
        let own = description.filter(|own| Some(own) != general.as_ref());
        reference.description = own.unwrap_or_default();
        *schema = RefOr::Ref(reference);
    }
}

/// A parameter and a list have the description beside the schema.
fn clear_description(schema: &mut RefOr<Schema>) {
    if let RefOr::Ref(reference) = schema {
        reference.description.clear();
    }
}

/// The words of an enumeration as JSON, and its schema.
fn enumeration(schema: &RefOr<Schema>) -> Option<(String, &Object)> {
    let RefOr::T(Schema::Object(object)) = schema else { return None };
    let words = object.enum_values.as_ref()?;
    Some((serde_json::to_string(words).ok()?, object))
}
