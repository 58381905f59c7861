//! Error of a single value, in plain English.

use std::fmt;

/// Error of a value: a stable kebab-case code and one English sentence with the required form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// Stable kebab-case code; part of the contract.
    pub code: &'static str,
    /// One sentence for people; may change.
    pub detail: String,
}

impl ValueError {
    /// An error with its code and its sentence.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for ValueError {}
