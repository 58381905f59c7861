//! Values of applications that are not objects.

use std::{convert::Infallible, str::FromStr};

use serde_json::Value;
use utoipa::openapi::schema::Schema as AnySchema;

use crate::{
    domain::{
        application::{ApplicationState, completion::Missing},
        error::{DomainError, Noun},
        message::fields,
        offering::VersionNumber,
        validation::ValidationErrors,
        values::text::Code,
    },
    json::form::{
        Components, Form, Schema, enumeration, parse_keyword, reference,
        scalars::{parse_string, string},
    },
};

/// The code of a criterion in a path. One that is no code names nothing.
#[derive(Debug)]
pub struct CriterionKey(String);

impl CriterionKey {
    /// The code.
    ///
    /// # Errors
    /// `not-found`.
    pub fn code(&self) -> Result<Code, DomainError> {
        Code::parse(&self.0).map_err(|_| DomainError::not_found(Noun::Criterion))
    }
}

impl FromStr for CriterionKey {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Form for CriterionKey {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_string(value, at, |text| Ok(Self(text.to_owned())), errors)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }

    fn schema() -> Schema {
        Schema::T(string().examples(["tax-certificate"]).build().into())
    }
}

/// The number of a version after the first.
#[derive(Debug, Clone, Copy)]
pub struct LaterVersion(pub VersionNumber);

impl Form for LaterVersion {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        VersionNumber::parse(value, at, errors).map(Self)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }

    fn schema() -> Schema {
        let mut schema = <VersionNumber as Form>::schema();
        if let Schema::T(AnySchema::Object(number)) = &mut schema {
            number.minimum = Some(2.into());
        }
        schema
    }
}

/// The requested items. A non-empty list is checked together with the deadline.
#[derive(Debug, Default)]
pub struct MissingItems(pub Vec<Missing>);

impl MissingItems {
    const MOST: usize = 200;
}

impl Form for MissingItems {
    const IS_OPTIONAL: bool = true;

    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        if value.as_array().is_some_and(|items| items.len() > Self::MOST) {
            errors.add(at, fields::too_many_items(Self::MOST));
            return None;
        }
        Vec::parse(value, at, errors).map(Self)
    }

    fn absent(_: &str, _: &mut ValidationErrors) -> Option<Self> {
        Some(Self::default())
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }

    fn schema() -> Schema {
        let mut schema = Vec::<Missing>::schema();
        if let Schema::T(AnySchema::Array(list)) = &mut schema {
            (list.min_items, list.max_items) = (Some(1), Some(Self::MOST));
        }
        schema
    }

    fn components(components: &mut Components) {
        Missing::components(components);
    }
}

/// Where an application is in its life.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateName(pub(super) &'static str);

impl Form for StateName {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_keyword(value, at, &ApplicationState::NAMES, |name| name, errors).map(Self)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }

    fn schema() -> Schema {
        reference("ApplicationState")
    }

    fn components(components: &mut Components) {
        let schema = enumeration("Where an application is in its life.", &ApplicationState::NAMES);
        components.push(("ApplicationState".to_owned(), schema));
    }
}
