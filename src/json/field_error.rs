//! The JSON form of an error in a request or a resource.

use super::form::{Form, serde_bridge::serde_by_form};
use crate::{
    domain::validation::FieldError,
    words::{self, Locale},
};

/// One error in a request.
#[derive(Debug, Clone, PartialEq, Eq, Form)]
#[form(name = "Fault", example({
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

serde_by_form!(FieldErrorForm);

/// In English; a view writes it in the language of its reader.
impl From<&FieldError> for FieldErrorForm {
    fn from(error: &FieldError) -> Self {
        Self::new(error, Locale::En)
    }
}

impl FieldErrorForm {
    /// An error in a language.
    #[must_use]
    pub fn new(FieldError { pointer, error }: &FieldError, locale: Locale) -> Self {
        Self {
            pointer: Some(pointer.clone()),
            parameter: None,
            code: error.code.to_owned(),
            detail: words::sentence(locale, &error.detail),
        }
    }
}
