//! Route of a command, and its precondition.

use std::fmt::Display;

use uuid::Uuid;

use crate::domain::{
    error::{DomainError, Noun},
    message::fields,
    role::CallerIdentity,
    values::{
        ids::Revision,
        numbers::{MunicipalityNumber, OrganisationNumber},
        time::Instant,
    },
};

/// The route of a command.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method of the request.
    pub method: Method,
    /// The path below `/v1`, with the key of the target as a parameter.
    pub path: &'static str,
    /// The id of the OpenAPI operation, and the key of the title.
    pub operation: &'static str,
    /// The name in `actions[]`.
    pub action: &'static str,
    /// Whether it makes a new resource, and answers 201 with its location.
    pub creates: bool,
    /// The precondition on the target's revision.
    pub precondition: Precondition,
}

/// The method of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Runs a command.
    Post,
    /// Replaces something as a whole.
    Put,
    /// Changes fields by a JSON Merge Patch (RFC 7396).
    Patch,
}

/// A precondition on the target's revision (RFC 9110 section 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    None,
    /// `If-Match` with the revision that was read.
    Revision,
    /// `If-Match` to replace, `If-None-Match: *` to create.
    RevisionOrAbsence,
}

impl Method {
    /// Its name in HTTP.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }
}

impl Route {
    /// A command that changes its target.
    #[must_use]
    pub const fn change(action: &'static str, operation: &'static str, path: &'static str) -> Self {
        let (method, precondition) = (Method::Post, Precondition::Revision);
        Self { method, path, operation, action, creates: false, precondition }
    }

    /// A command that makes a new resource below its target.
    #[must_use]
    pub const fn create(action: &'static str, operation: &'static str, path: &'static str) -> Self {
        Self { creates: true, ..Self::change(action, operation, path) }
    }

    /// A command that replaces a part of its target.
    #[must_use]
    pub const fn put(action: &'static str, operation: &'static str, path: &'static str) -> Self {
        Self { method: Method::Put, ..Self::change(action, operation, path) }
    }

    /// A command that changes some fields of its target.
    #[must_use]
    pub const fn patch(action: &'static str, operation: &'static str, path: &'static str) -> Self {
        Self { method: Method::Patch, ..Self::change(action, operation, path) }
    }

    /// The same with another precondition.
    #[must_use]
    pub const fn with(self, precondition: Precondition) -> Self {
        Self { precondition, ..self }
    }
}

/// The revision of the target that the caller expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any.
    Any,
    /// The target does not exist yet.
    Absent,
    /// This one.
    Revision(Revision),
}

impl Expected {
    /// Compares with the present revision; `None` where there is no target yet.
    ///
    /// # Errors
    /// `stale`.
    pub fn check(self, present: Option<Revision>) -> Result<(), DomainError> {
        let is_met = match self {
            Self::Any => true,
            Self::Absent => present.is_none(),
            Self::Revision(expected) => present == Some(expected),
        };
        if is_met { Ok(()) } else { Err(DomainError::stale()) }
    }
}

/// Key of a target in a path.
pub trait Key: Display + Clone + Send + Sized + 'static {
    /// The name of the path parameter; empty where the path has none.
    const PARAMETER: &'static str;
    /// The name of a text key; `None` for a UUID.
    const EXAMPLE: Option<&'static str>;

    /// Parses the path parameter.
    fn parse(text: &str) -> Result<Self, DomainError>;

    /// Description of the path parameter in the OpenAPI document.
    fn describe(noun: &str) -> String {
        format!("Id of the {noun}")
    }
}

impl Key for Uuid {
    const PARAMETER: &'static str = "id";
    const EXAMPLE: Option<&'static str> = None;

    fn parse(text: &str) -> Result<Self, DomainError> {
        Self::try_parse(text)
            .map_err(|_| DomainError::invalid("", fields::invalid_identifier_uuid()))
    }
}

impl Key for OrganisationNumber {
    const PARAMETER: &'static str = "organisation_number";
    const EXAMPLE: Option<&'static str> = Some("313000028");

    fn parse(text: &str) -> Result<Self, DomainError> {
        Self::parse(text).map_err(|error| DomainError::invalid("/organisationNumber", error))
    }

    fn describe(_: &str) -> String {
        "Organisation number, nine digits".to_owned()
    }
}

impl Key for MunicipalityNumber {
    const PARAMETER: &'static str = "number";
    const EXAMPLE: Option<&'static str> = Some("4204");

    fn parse(text: &str) -> Result<Self, DomainError> {
        Self::parse(text).map_err(|_| DomainError::not_found(Noun::Municipality))
    }

    fn describe(_: &str) -> String {
        "Municipality number".to_owned()
    }
}

/// The key of the registry itself: its path has no parameter.
#[derive(Debug, Clone, Copy)]
pub struct NoKey;

impl Display for NoKey {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl Key for NoKey {
    const PARAMETER: &'static str = "";
    const EXAMPLE: Option<&'static str> = None;

    fn parse(_: &str) -> Result<Self, DomainError> {
        Ok(Self)
    }
}

/// A command with its own handler, as far as `actions[]` needs it.
#[derive(Debug, Clone, Copy)]
pub struct HandlerAction<T> {
    /// Where it is.
    pub route: Route,
    /// Whether it is possible now.
    pub guard: fn(&T, &CallerIdentity, Instant) -> Result<(), DomainError>,
}
