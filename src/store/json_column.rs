//! JSON columns.

use super::{connection::StoreError, sql::Json};
use crate::json::form::{self, Form, Written};

/// Text of a JSON column.
pub(crate) fn to_json(value: &impl Form) -> Result<Json, StoreError> {
    let json = serde_json::to_string(&Written(value));
    json.map(Json).map_err(|error| StoreError::Database(error.to_string()))
}

/// Text of a JSON column that may be empty.
pub(crate) fn optional_json<T: Form>(value: Option<&T>) -> Result<Option<Json>, StoreError> {
    value.map(to_json).transpose()
}

/// The value in a JSON column, or a corrupt row.
pub(crate) fn parse_json<T: Form>(
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
