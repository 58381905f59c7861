//! Schemas of forms (OpenAPI 3.1).

use serde_json::Value;
use utoipa::openapi::{
    Object as JsonSchema, ObjectBuilder, Ref, RefOr, Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{AdditionalProperties, ArrayItems, Schema as AnySchema},
};

use super::{Form, ObjectForm, Schema};

/// The schema of an object while its fields are added.
#[expect(missing_debug_implementations, reason = "utoipa's types have none")]
#[derive(Default)]
pub struct ObjectSchema(pub(super) JsonSchema);

impl ObjectSchema {
    /// Adds a field.
    #[must_use]
    pub fn field<T: Form>(
        mut self,
        name: &'static str,
        description: &str,
        may_be_left_out: bool,
        max_items: Option<usize>,
    ) -> Self {
        let mut schema = describe(T::schema(), description);
        if let RefOr::T(AnySchema::Array(list)) = &mut schema {
            list.max_items = max_items.or(list.max_items);
        }
        self.add(name, schema, !T::IS_OPTIONAL && !may_be_left_out);
        self
    }

    /// Sets the least number of items of a field.
    #[must_use]
    pub fn at_least(mut self, name: &str, items: usize) -> Self {
        if let Some(RefOr::T(AnySchema::Array(list))) = self.0.properties.get_mut(name) {
            list.min_items = Some(items);
        }
        self
    }

    /// Marks a field as set by the registry.
    #[must_use]
    pub fn read_only(mut self, name: &str) -> Self {
        match self.0.properties.get_mut(name) {
            Some(RefOr::T(AnySchema::Object(field))) => field.read_only = Some(true),
            Some(RefOr::Ref(field)) => field.read_only = Some(true),
            _ => {}
        }
        self
    }

    /// Sets the words of a list's items.
    #[must_use]
    pub fn words_of_items(mut self, name: &str, words: Vec<&'static str>) -> Self {
        if let Some(RefOr::T(AnySchema::Array(list))) = self.0.properties.get_mut(name) {
            list.items = ArrayItems::RefOrSchema(Box::new(keyword_schema(&words)));
        }
        self
    }

    /// Adds a field that is one of some words.
    #[must_use]
    pub fn keyword(mut self, name: &'static str, description: &str, words: &[&str]) -> Self {
        self.add(name, describe(keyword_schema(words), description), true);
        self
    }

    /// Adds the fields of another object.
    #[must_use]
    pub fn with(self, properties: fn(Self) -> Self) -> Self {
        properties(self)
    }

    /// Adds the fields of another object, which may all be omitted.
    #[must_use]
    pub fn with_optional(self, properties: fn(Self) -> Self) -> Self {
        let required = self.0.required.len();
        let Self(mut schema) = properties(self);
        schema.required.truncate(required);
        Self(schema)
    }

    pub(super) fn add(&mut self, name: &str, schema: Schema, is_required: bool) {
        self.0.properties.insert(name.to_owned(), schema);
        if is_required {
            self.0.required.push(name.to_owned());
        }
    }
}

/// A parameter of a path.
#[expect(missing_debug_implementations, reason = "utoipa's types have none")]
pub struct PathParameter(Parameter);

impl PathParameter {
    /// A parameter with the schema of its type.
    #[must_use]
    pub fn new<T: Form>(name: &str, description: &str) -> Self {
        Self(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(description))
                .schema(Some(T::schema()))
                .build(),
        )
    }
}

impl From<PathParameter> for Parameter {
    fn from(PathParameter(parameter): PathParameter) -> Self {
        parameter
    }
}

/// The whole schema of an object.
#[must_use]
pub fn object_schema<T: ObjectForm>(
    description: &str,
    is_closed: bool,
    example: Option<Value>,
) -> Schema {
    let builder = ObjectBuilder::new().description(Some(description)).examples(example);
    let closed = is_closed.then_some(AdditionalProperties::FreeForm(false));
    let ObjectSchema(schema) =
        T::properties(ObjectSchema(builder.additional_properties(closed).build()));
    RefOr::T(AnySchema::Object(schema))
}

/// A reference to a named schema.
#[must_use]
pub fn reference(name: &str) -> Schema {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// A schema with a description, where there is one.
#[must_use]
pub fn describe(mut schema: Schema, description: &str) -> Schema {
    if description.is_empty() {
        return schema;
    }
    match &mut schema {
        RefOr::Ref(named) => description.clone_into(&mut named.description),
        RefOr::T(AnySchema::Object(object)) => object.description = Some(description.to_owned()),
        RefOr::T(AnySchema::Array(list)) => list.description = Some(description.to_owned()),
        RefOr::T(_) => {}
    }
    schema
}

/// The named schema of a text that is one of some words.
#[must_use]
pub fn enumeration(description: &str, words: &[&str]) -> Schema {
    describe(keyword_schema(words), description.trim())
}

/// The schema of a text that is one of some words.
#[must_use]
pub fn keyword_schema(words: &[&str]) -> Schema {
    let text = ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
    RefOr::T(text.enum_values(Some(words.iter().copied())).build().into())
}
