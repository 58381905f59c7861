//! Forms of values other than objects. Their limits are in the domain types.

use chrono::{DateTime, NaiveDate, SecondsFormat};
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::{
    Object, ObjectBuilder, RefOr, Type,
    schema::{ArrayBuilder, KnownFormat, SchemaFormat},
};
use uuid::Uuid;

use super::{Form, Schema, wrong_type};
use crate::domain::{
    message::fields,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        ids::Id,
        numbers::{Language, MunicipalityNumber, OrganisationNumber},
        text::{Code, Email, Line, Phone, Text, WebAddress},
        time::{Instant, parse_day},
    },
};

/// Gives a type that is parsed from a string its form: from `parse` and `Display`.
macro_rules! strings {
    ($($type:ty: $schema:expr),+ $(,)?) => {$(
        impl $crate::json::form::Form for $type {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut $crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                $crate::json::form::scalars::parse_string(value, at, <$type>::parse, errors)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }

            fn schema() -> $crate::json::form::Schema {
                let schema: utoipa::openapi::ObjectBuilder = $schema;
                utoipa::openapi::RefOr::T(schema.build().into())
            }
        }
    )+};
}
pub(crate) use strings;

/// Gives a type around another one, with its own limits, its form: from `new` and `get`.
macro_rules! newtype_forms {
    ($($type:ident($inner:ty): $schema:expr),+ $(,)?) => {$(
        impl $crate::json::form::Form for $type {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut $crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                let inner = <$inner as $crate::json::form::Form>::parse(value, at, errors)?;
                errors.collect(at, Self::new(inner))
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let inner = self.get();
                let inner: &$inner = std::borrow::Borrow::borrow(&inner);
                $crate::json::form::Form::write(inner, serializer)
            }

            fn schema() -> $crate::json::form::Schema {
                $schema
            }

            fn components(components: &mut $crate::json::form::Components) {
                <$inner as $crate::json::form::Form>::components(components);
            }
        }
    )+};
}
pub(crate) use newtype_forms;

/// The schema of a list with limits.
pub(crate) fn list<T: Form>(least: usize, most: usize) -> Schema {
    let list = ArrayBuilder::new().items(T::schema()).min_items(Some(least)).max_items(Some(most));
    RefOr::T(list.build().into())
}

/// The schema of a whole number with limits.
pub(crate) fn integer(least: u32, most: Option<u32>) -> Schema {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least));
    RefOr::T(number.maximum(most).build().into())
}

impl<const MAX: usize> Form for Text<MAX> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, Self::parse, errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }

    fn schema() -> Schema {
        RefOr::T(text(1, MAX).build().into())
    }
}

strings!(
    Line: text(1, Self::MAX),
    Code: string().max_length(Some(Self::MAX)).pattern(Some("^[a-z0-9]+(-[a-z0-9]+)*$")),
    Email: text(3, Self::MAX),
    Phone: text(5, 40),
    WebAddress: text(8, Self::MAX),
    Language: string(),
    MunicipalityNumber: string(),
    OrganisationNumber: string(),
);

/// Gives an enum of words its form and its named schema: from `ALL`, `as_str` and `DOCS`.
macro_rules! keyword_forms {
    ($($type:ident),+ $(,)?) => {$(
        impl $crate::json::form::Form for $type {
            fn parse(
                value: &serde_json::Value,
                at: &str,
                errors: &mut $crate::domain::validation::ValidationErrors,
            ) -> Option<Self> {
                $crate::json::form::parse_keyword(value, at, &Self::ALL, Self::as_str, errors)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }

            fn schema() -> $crate::json::form::Schema {
                $crate::json::form::reference(stringify!($type))
            }

            fn components(components: &mut $crate::json::form::Components) {
                let words = Self::ALL.map(Self::as_str);
                let schema = $crate::json::form::enumeration(Self::DOCS, &words);
                components.push((stringify!($type).to_owned(), schema));
            }
        }
    )+};
}
pub(crate) use keyword_forms;

impl Form for NaiveDate {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, parse_day, errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }

    fn schema() -> Schema {
        formatted(KnownFormat::Date)
    }
}

impl Form for Instant {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let parse = |input: &str| {
            let read = DateTime::parse_from_rfc3339(input).map(|it| it.to_utc());
            read.map_err(|_| fields::time_form())
        };
        parse_string(value, at, parse, errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    fn schema() -> Schema {
        formatted(KnownFormat::DateTime)
    }
}

impl Form for bool {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        value.as_bool().or_else(|| wrong_type(value, at, fields::wrong_type_boolean(), errors))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn schema() -> Schema {
        RefOr::T(ObjectBuilder::new().schema_type(Type::Boolean).build().into())
    }
}

/// Gives a type of whole numbers its form.
macro_rules! integers {
    ($($type:ty),+ $(,)?) => {$(
        impl Form for $type {
            fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
                let number = value.as_i64().and_then(|it| Self::try_from(it).ok());
                number.or_else(|| {
                    // Only a number beyond the range gets the limits of the type.
                    let is_natural = <$type>::MIN == 0 && value.as_u64().is_none();
                    let wanted = match i64::try_from(<$type>::MAX) {
                        _ if is_natural => fields::wrong_type_natural(),
                        Ok(max) if max < i64::MAX => {
                            fields::wrong_type_within(i64::from(<$type>::MIN), max)
                        }
                        _ => fields::wrong_type_integer(),
                    };
                    wrong_type(value, at, wanted, errors)
                })
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }

            fn schema() -> Schema {
                <$type as utoipa::PartialSchema>::schema()
            }
        }
    )+};
}

integers!(i32, i64, u16, u32);

impl Form for usize {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let number = value.as_u64().and_then(|it| Self::try_from(it).ok());
        number.or_else(|| wrong_type(value, at, fields::wrong_type_natural(), errors))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn schema() -> Schema {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        RefOr::T(number.build().into())
    }
}

/// Any value in JSON.
impl Form for Value {
    fn parse(value: &Self, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        Some(value.clone())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn schema() -> Schema {
        <Self as utoipa::PartialSchema>::schema()
    }
}

impl Form for Uuid {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, |input| Self::try_parse(input).map_err(|_| id_form()), errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }

    fn schema() -> Schema {
        formatted(KnownFormat::Uuid)
    }
}

/// A text that the registry writes, without limits.
impl Form for String {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, |text| Ok(text.to_owned()), errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }

    fn schema() -> Schema {
        RefOr::T(string().build().into())
    }
}

impl<T> Form for Id<T> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        Uuid::parse(value, at, errors).map(Self::new)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }

    fn schema() -> Schema {
        formatted(KnownFormat::Uuid)
    }
}

fn id_form() -> ValueError {
    fields::id_form()
}

/// Reads a string.
pub(crate) fn parse_string<T>(
    value: &Value,
    at: &str,
    parse: impl FnOnce(&str) -> Result<T, ValueError>,
    errors: &mut ValidationErrors,
) -> Option<T> {
    match value {
        Value::String(input) => errors.collect(at, parse(input)),
        _ => wrong_type(value, at, fields::wrong_type_string(), errors),
    }
}

/// The schema of a string.
pub(crate) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// The schema of a string with limits.
pub(crate) fn text(least: usize, most: usize) -> ObjectBuilder {
    string().min_length(Some(least)).max_length(Some(most))
}

fn formatted(format: KnownFormat) -> Schema {
    let schema: Object = string().format(Some(SchemaFormat::KnownFormat(format))).build();
    RefOr::T(schema.into())
}
