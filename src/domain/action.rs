//! Actions: the commands that a caller may send for a resource now, and the obstacles to the others.

use super::error::DomainError;

/// A command of the caller's role, with the result of its guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Name of the command.
    pub command: &'static str,
    /// Why it cannot be done now.
    pub because: Option<DomainError>,
}

impl Action {
    /// The command, with the result of its guard.
    #[must_use]
    pub fn of<T>(command: &'static str, guard: Result<T, DomainError>) -> Self {
        Self { command, because: guard.err() }
    }
}
