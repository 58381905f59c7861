//! JSON forms of domain values: one form for requests, storage and responses.
//!
//! Parsing a form gives the domain value, or every error with its JSON Pointer. Changing a form changes the contract
//! and needs a migration of stored values.

pub mod appeal;
pub mod application;
pub mod approval;
pub mod calculation;
pub mod case;
mod case_summary;
pub mod compensation;
pub mod decision;
pub mod decision_history;
pub mod evidence;
pub mod field_error;
pub mod follow_up;
pub mod form;
pub mod impartiality;
mod local_text;
pub mod money;
pub mod municipality;
pub mod notice;
pub mod notification;
pub mod offering;
pub mod preliminary;
pub mod prior_notice;
pub mod provider;
pub mod public;
pub mod table;

use form::{
    ConvertedForm, Form, form,
    scalars::{integer, keyword_forms, newtype_forms},
    serde_bridge::serde_by_form,
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use crate::domain::{
    message::fields,
    role::Actor,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        text::Line,
        time::{Period, PeriodUnit},
    },
};

/// An amount of a period.
#[derive(Debug)]
struct PeriodAmount(u16);

impl PeriodAmount {
    fn new(amount: u16) -> Result<Self, ValueError> {
        Period::new(amount, PeriodUnit::Days).map(|_| Self(amount))
    }

    const fn get(&self) -> u16 {
        self.0
    }
}

newtype_forms!(PeriodAmount(u16): integer(1, Some(Period::MAX.into())));

/// A length of time.
#[derive(Debug, Form)]
#[form(name = "Period", closed, example({"amount": 2, "unit": "weeks"}))]
pub struct PeriodFields {
    /// How many, from 1 to 600.
    amount: PeriodAmount,
    /// Unit.
    unit: PeriodUnit,
}

impl ConvertedForm for Period {
    type Fields = PeriodFields;

    fn to_fields(&self) -> PeriodFields {
        PeriodFields { amount: PeriodAmount(self.amount()), unit: self.unit() }
    }

    fn from_fields(fields: PeriodFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        errors.collect(at, Self::new(fields.amount.0, fields.unit))
    }
}

form! {
    /// A person or a system that acted.
    #[form(example({"subject": "kari", "name": "Kari Nordmann"}))]
    struct Actor {
        /// The issuer's key for the actor.
        subject: Line,
        /// The actor's name.
        name: Line,
    }
}

keyword_forms!(PeriodUnit);
serde_by_form!(Period);

/// A command of the caller's role, and whether it is possible now.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Action, example = json!({"act": "submit", "possible": true}))]
pub struct ActionForm {
    /// Name of the command.
    pub act: &'static str,
    /// The id of its operation in the OpenAPI document.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: Option<&'static str>,
    /// The path, or a URI Template (RFC 6570) where a part of it is still to be chosen.
    pub href: Option<String>,
    /// Label of a button, in the reader's language.
    pub title: Option<String>,
    /// Whether this caller can do it now.
    pub possible: bool,
    /// The problem code if it is impossible, see `/problems`.
    pub code: Option<&'static str>,
    /// The obstacle, and the step to remove it.
    pub because: Option<String>,
}

/// The value of that name among all of them.
pub(crate) fn one_of<T: Copy>(
    input: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, ValueError> {
    all.iter().copied().find(|value| name(*value) == input).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|value| name(*value)).collect();
        fields::unknown_value(names.join(", "))
    })
}

/// The schema of a text enumeration, with its description.
pub(crate) fn words(
    description: &'static str,
    words: impl IntoIterator<Item = &'static str>,
) -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    text.description(Some(description)).build()
}

/// Position of a page in its list.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// The requested maximum number of items.
    pub limit: u16,
    /// Whether there is more.
    pub has_more: bool,
    /// The path and query of the next page.
    pub next: Option<String>,
    /// The total number, if requested with `count=true`.
    pub total: Option<usize>,
}

/// Gives a query parameter the schema of a function, and leaves it its own description.
macro_rules! parameter_schema {
    ($name:ident, $schema:path) => {
        #[doc = concat!("The schema of `", stringify!($schema), "` for a parameter.")]
        #[derive(Debug)]
        pub(crate) struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema().into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use parameter_schema;
