//! JSON columns.

use super::{connection::StoreError, sql::Json};
use crate::json::form::{self, Form};

/// Text of a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(form: &T) -> Result<Json, StoreError> {
    serde_json::to_string(form).map(Json).map_err(|error| StoreError::Database(error.to_string()))
}

/// The form in a JSON column, or a corrupt row.
pub(crate) fn parse_json<T: serde::de::DeserializeOwned>(
    json: &Json,
    table: &'static str,
    id: impl ToString,
) -> Result<T, StoreError> {
    serde_json::from_str(&json.0).map_err(|_| corrupt(table, id))
}

/// The value in a JSON column, which is read strictly; or a corrupt row.
pub(crate) fn parse_form<T: Form>(
    json: &Json,
    table: &'static str,
    id: impl ToString,
) -> Result<T, StoreError> {
    form::parse_json(&json.0).map_err(|_| corrupt(table, id))
}

/// A row that does not fit the domain.
pub(crate) fn corrupt(table: &'static str, id: impl ToString) -> StoreError {
    StoreError::Corrupt { table, id: id.to_string() }
}
