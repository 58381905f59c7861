//! Handlinger: what somebody may do with a thing now and, where not, because of what.

use super::error::DomainError;

/// An act that belongs to the caller's role. The guard of the act itself has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The act's name.
    pub command: &'static str,
    /// Why it cannot be done now.
    pub because: Option<DomainError>,
}

impl Action {
    /// The act, with the answer of its guard.
    #[must_use]
    pub fn of<T>(command: &'static str, guard: Result<T, DomainError>) -> Self {
        Self { command, because: guard.err() }
    }
}
