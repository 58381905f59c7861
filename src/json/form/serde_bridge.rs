//! serde for types that have a form.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Form;
use crate::{domain::validation::ValidationErrors, words::english};

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

/// Reads a form as serde does. Only its first error is reported.
pub(crate) fn deserialize<'de, T: Form, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let mut errors = ValidationErrors::default();
    let parsed = T::parse(&value, "", &mut errors);
    errors.finish(parsed).map_err(|errors| {
        let first = errors.into_vec().into_iter().next();
        serde::de::Error::custom(first.map_or_else(String::new, |it| english(&it.error.detail)))
    })
}

#[cfg(test)]
mod tests;
