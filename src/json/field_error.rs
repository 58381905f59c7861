//! The JSON form of an error in a request or a resource.

use serde::Serialize;
use utoipa::ToSchema;

use super::form::serde_bridge::object_by_serde;
use crate::domain::validation::FieldError;

/// One error in a request.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Fault, example = json!({
    "pointer": "/name", "code": "required", "detail": "This value is required."
}))]
pub struct FieldErrorForm {
    /// JSON Pointer (RFC 6901) into the body or the resource.
    pub pointer: Option<String>,
    /// The query parameter or header with the error.
    pub parameter: Option<String>,
    /// A stable code.
    pub code: String,
    /// The required form.
    pub detail: String,
}

impl From<FieldError> for FieldErrorForm {
    fn from(FieldError { pointer, error }: FieldError) -> Self {
        Self {
            pointer: Some(pointer),
            parameter: None,
            code: error.code.to_owned(),
            detail: error.detail,
        }
    }
}

object_by_serde!(write_only FieldErrorForm);
