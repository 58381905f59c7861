//! Error of a single value.

use std::fmt;

use super::message::Message;

/// Error of a value: a stable kebab-case code and a sentence with the required form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// Stable kebab-case code; part of the contract.
    pub code: &'static str,
    /// One sentence for people; may change.
    pub detail: Message,
}

impl ValueError {
    /// An error with its code and its sentence.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<Message>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// The code is the first part of the key.
impl From<Message> for ValueError {
    fn from(detail: Message) -> Self {
        Self { code: detail.code(), detail }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for ValueError {}
