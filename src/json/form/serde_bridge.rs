//! Forms of types that serde reads and writes, and serde for types that have a form.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned, ser::SerializeMap};
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema as AnySchema},
};

use super::{
    Form, Object, ObjectSchema, Schema, UNKNOWN_FIELD, WRONG_TYPE, escape, excerpt, wrong_type,
};
use crate::domain::{
    validation::{FieldError, ValidationErrors},
    value_error::ValueError,
};

/// Gives a serde type an object form, with the schema of utoipa. A `write_only` type is never parsed.
macro_rules! object_by_serde {
    (write_only $($type:ty),+ $(,)?) => {$(
        impl $crate::json::form::ObjectForm for $type {
            fn parse_fields(
                object: &$crate::json::form::Object<'_>,
                errors: &mut $crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                $crate::json::form::serde_bridge::refuse_to_read(object.at(), errors)
            }

            $crate::json::form::serde_bridge::object_by_serde!(@object);
        }

        $crate::json::form::serde_bridge::object_by_serde!(@whole $type);
    )+};
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::json::form::ObjectForm for $type {
            fn parse_fields(
                object: &$crate::json::form::Object<'_>,
                errors: &mut $crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                let mut names = Vec::new();
                <Self as $crate::json::form::ObjectForm>::names(&mut names);
                $crate::json::form::serde_bridge::parse(object, &names, errors)
            }

            $crate::json::form::serde_bridge::object_by_serde!(@object);
        }

        $crate::json::form::serde_bridge::object_by_serde!(@whole $type);
    )+};
    (@object) => {
        fn write_fields<M: serde::ser::SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
            $crate::json::form::serde_bridge::write(self, object)
        }

        fn names(names: &mut Vec<&'static str>) {
            static NAMES: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
            let own = NAMES.get_or_init($crate::json::form::serde_bridge::names::<Self>);
            names.extend(own.iter().map(String::as_str));
        }

        fn properties(
            schema: $crate::json::form::ObjectSchema,
        ) -> $crate::json::form::ObjectSchema {
            $crate::json::form::serde_bridge::properties::<Self>(schema)
        }

        fn components(components: &mut $crate::json::form::Components) {
            <Self as utoipa::ToSchema>::schemas(components);
        }
    };
    (@whole $type:ty) => {
        impl $crate::json::form::Form for $type {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut $crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                $crate::json::form::parse_object(value, at, errors)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(self, serializer)
            }

            fn schema() -> $crate::json::form::Schema {
                $crate::json::form::reference(&<Self as utoipa::ToSchema>::name())
            }

            fn components(components: &mut $crate::json::form::Components) {
                let name = <Self as utoipa::ToSchema>::name().into_owned();
                components.push((name, <Self as utoipa::PartialSchema>::schema()));
                <Self as utoipa::ToSchema>::schemas(components);
            }
        }

        impl $crate::json::form::Described for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <Self as utoipa::ToSchema>::name()
            }

            fn docs() -> std::borrow::Cow<'static, str> {
                $crate::json::form::serde_bridge::docs::<Self>().into()
            }

            fn whole_schema() -> $crate::json::form::Schema {
                <Self as utoipa::PartialSchema>::schema()
            }
        }
    };
}
pub(crate) use object_by_serde;

/// Gives a type that has a form serde and the schema of utoipa, so that types of serde can have fields of it.
macro_rules! serde_by_form {
    ($($type:ty),+ $(,)?) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::json::form::Form::write(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::json::form::serde_bridge::deserialize(deserializer)
            }
        }

        impl utoipa::PartialSchema for $type {
            fn schema() -> $crate::json::form::Schema {
                <Self as $crate::json::form::Described>::whole_schema()
            }
        }

        impl utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                <Self as $crate::json::form::Described>::schema_name()
            }

            fn schemas(schemas: &mut $crate::json::form::Components) {
                <Self as $crate::json::form::Form>::components(schemas);
            }
        }
    )+};
}
pub(crate) use serde_by_form;

/// Reads the fields of these names as serde does; every null is an error.
pub(crate) fn parse<T: DeserializeOwned>(
    object: &Object<'_>,
    names: &[&str],
    errors: &mut ValidationErrors,
) -> Option<T> {
    let own = object.fields.iter().filter(|(name, _)| names.contains(&name.as_str()));
    let own = Value::Object(own.map(|(name, value)| (name.clone(), value.clone())).collect());
    if has_null(&own, object.at, errors) {
        return None;
    }
    match serde_path_to_error::deserialize(own) {
        Ok(read) => Some(read),
        Err(error) => {
            let FieldError { pointer, error } = field_error(&error);
            errors.add(format!("{}{pointer}", object.at), error);
            None
        }
    }
}

/// Adds the error of a type that is only written.
pub(crate) fn refuse_to_read<T>(at: &str, errors: &mut ValidationErrors) -> Option<T> {
    errors.add(at, ValueError::new("read-only", "This is not sent: leave it out."));
    None
}

fn has_null(value: &Value, at: &str, errors: &mut ValidationErrors) -> bool {
    match value {
        Value::Null => {
            wrong_type::<()>(value, at, "a value", errors);
            true
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .fold(false, |found, (i, item)| has_null(item, &format!("{at}/{i}"), errors) || found),
        Value::Object(fields) => fields.iter().fold(false, |found, (name, value)| {
            has_null(value, &format!("{at}/{}", escape(name)), errors) || found
        }),
        _ => false,
    }
}

/// The error of serde, with its location.
pub(crate) fn field_error(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let pointer = pointer(error.path());
    let message = error.inner().to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(it, _)| it);
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let Some((name, _)) = unknown else {
        let detail = format!("The value does not fit: {}.", excerpt(message));
        return FieldError {
            pointer: excerpt(&pointer),
            error: ValueError::new(WRONG_TYPE, detail),
        };
    };
    let segment = escape(name);
    let pointer = match pointer.strip_suffix(&segment) {
        Some(parent) if parent.ends_with('/') => pointer,
        _ => format!("{pointer}/{segment}"),
    };
    let detail =
        format!("‘{}’ is not a field here: leave it out or correct its name.", excerpt(name));
    FieldError { pointer: excerpt(&pointer), error: ValueError::new(UNKNOWN_FIELD, detail) }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&escape(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// Writes the fields as serde does.
pub(crate) fn write<M: SerializeMap>(
    value: &impl Serialize,
    object: &mut M,
) -> Result<(), M::Error> {
    let fields = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
    for (name, value) in fields.as_object().into_iter().flatten() {
        object.serialize_entry(name, value)?;
    }
    Ok(())
}

/// The names of the fields.
pub(crate) fn names<T: ToSchema>() -> Vec<String> {
    let ObjectSchema(schema) = properties::<T>(ObjectSchema::default());
    schema.properties.into_keys().collect()
}

/// Adds the fields of a schema of utoipa, those of flattened parts among them.
pub(crate) fn properties<T: ToSchema>(mut schema: ObjectSchema) -> ObjectSchema {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    add_properties(&T::schema(), &parts, &mut schema);
    schema
}

fn add_properties(from: &Schema, parts: &[(String, Schema)], to: &mut ObjectSchema) {
    match from {
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next();
            if let Some((_, part)) = parts.iter().find(|(part, _)| Some(part.as_str()) == name) {
                add_properties(part, parts, to);
            }
        }
        RefOr::T(AnySchema::Object(object)) => {
            for (name, property) in &object.properties {
                to.add(name, property.clone(), object.required.contains(name));
            }
        }
        RefOr::T(AnySchema::AllOf(all)) => {
            for part in &all.items {
                add_properties(part, parts, to);
            }
        }
        RefOr::T(_) => {}
    }
}

/// The doc comment.
pub(crate) fn docs<T: ToSchema>() -> String {
    match T::schema() {
        RefOr::T(AnySchema::Object(object)) => object.description,
        RefOr::T(AnySchema::AllOf(all)) => all.description,
        _ => None,
    }
    .unwrap_or_default()
}

/// Reads a form as serde does. Only its first error is reported.
pub(crate) fn deserialize<'de, T: Form, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let mut errors = ValidationErrors::default();
    let parsed = T::parse(&value, "", &mut errors);
    errors.finish(parsed).map_err(|errors| {
        let first = errors.into_vec().into_iter().next();
        serde::de::Error::custom(first.map_or_else(String::new, |it| it.error.detail))
    })
}

#[cfg(test)]
mod tests;
