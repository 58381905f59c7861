//! JSON forms of domain values: one form for requests, storage and responses.
//!
//! Input is stored unchanged; parsing a form gives the domain value, or every error with its JSON Pointer. A
//! required field of a draft is an `Option` here, so that one answer can list all missing ones. Changing a form
//! changes the contract and needs a migration of stored values.

pub mod appeal;
pub mod application;
pub mod approval;
pub mod calculation;
pub mod case;
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
pub mod notification;
pub mod offering;
pub mod preliminary;
pub mod prior_notice;
pub mod provider;
pub mod public;
pub mod table;

pub use self::money::MoneyForm;

use form::{
    form,
    serde_bridge::{object_by_serde, serde_by_form},
};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Type},
};

use crate::domain::{
    role::Actor,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        numbers::Language,
        text::{Line, LocalText, Presentation, Prose, Text},
        time::{Period, PeriodUnit},
    },
};

/// A text for people, in bokmål, nynorsk or both, and English where it helps.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LocalText, example = json!({"nb": "Personlig assistanse i hele kommunen"}))]
pub struct LocalTextForm {
    /// Bokmål. This or `nn` is required.
    #[schema(min_length = 1, max_length = 10000)]
    pub nb: Option<String>,
    /// Nynorsk.
    #[schema(min_length = 1, max_length = 10000)]
    pub nn: Option<String>,
    /// English.
    #[schema(min_length = 1, max_length = 10000)]
    pub en: Option<String>,
}

impl LocalTextForm {
    /// The text, or the errors of its languages.
    pub fn read(&self, errors: &mut ValidationErrors, at: &str) -> Option<LocalText> {
        self.read_each(errors, at, Prose::parse)
    }

    /// The text of a public presentation, or the errors of its languages.
    pub fn read_presentation(&self, errors: &mut ValidationErrors, at: &str) -> Option<LocalText> {
        self.read_each(errors, at, |said| {
            Presentation::parse(said).and_then(|short| Prose::parse(short.as_str()))
        })
    }

    fn read_each(
        &self,
        errors: &mut ValidationErrors,
        at: &str,
        parse: impl Fn(&str) -> Result<Prose, ValueError>,
    ) -> Option<LocalText> {
        let mut own = ValidationErrors::default();
        let mut language = |name: &str, said: &Option<String>| {
            own.parse_optional(&format!("{at}/{name}"), said.as_ref(), &parse)
        };
        let (nb, nn, en) =
            (language("nb", &self.nb), language("nn", &self.nn), language("en", &self.en));
        if !own.is_empty() {
            errors.extend(own);
            return None;
        }
        errors.collect(at, LocalText::new(nb, nn, en))
    }
}

/// The schema of a public presentation: a local text with its own limit.
pub(crate) fn presentation() -> Object {
    let text = |says: &str| {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(says));
        text.min_length(Some(1)).max_length(Some(Presentation::MAX)).build()
    };
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "A short public text, in bokmål, nynorsk or both, and optionally English.",
        ))
        .property("nb", text("Bokmål. This or `nn` is required."))
        .property("nn", text("Nynorsk."))
        .property("en", text("English."))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .build()
}

impl<const MAX: usize> From<&LocalText<MAX>> for LocalTextForm {
    fn from(text: &LocalText<MAX>) -> Self {
        let said = |text: Option<&Text<MAX>>| text.map(ToString::to_string);
        Self { nb: said(text.nb()), nn: said(text.nn()), en: said(text.en()) }
    }
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Period, example = json!({"amount": 2, "unit": "weeks"}))]
pub struct PeriodForm {
    /// How many, from 1 to 600.
    #[schema(minimum = 1, maximum = 600)]
    pub amount: u16,
    /// Unit.
    #[schema(schema_with = period_units)]
    pub unit: String,
}

impl PeriodForm {
    /// The period, or its errors.
    pub fn read(&self, errors: &mut ValidationErrors, at: &str) -> Option<Period> {
        let unit = errors.collect(
            &format!("{at}/unit"),
            one_of(&self.unit, &PeriodUnit::ALL, PeriodUnit::as_str),
        )?;
        errors.collect(&format!("{at}/amount"), Period::new(self.amount, unit))
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

serde_by_form!(Actor);
object_by_serde!(LocalTextForm);

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

/// A required text in local languages.
pub(crate) fn need_text(
    errors: &mut ValidationErrors,
    at: &str,
    form: Option<&LocalTextForm>,
) -> Option<LocalText> {
    errors.require(at, form).and_then(|form| form.read(errors, at))
}

/// A required public presentation in local languages.
pub(crate) fn need_presentation(
    errors: &mut ValidationErrors,
    at: &str,
    form: Option<&LocalTextForm>,
) -> Option<LocalText> {
    errors.require(at, form).and_then(|form| form.read_presentation(errors, at))
}

/// A required period.
pub(crate) fn need_period(
    errors: &mut ValidationErrors,
    at: &str,
    form: Option<&PeriodForm>,
) -> Option<Period> {
    errors.require(at, form).and_then(|form| form.read(errors, at))
}

/// Parses every element of a list; `None` if one of them has an error.
pub(crate) fn each<F, T>(
    errors: &mut ValidationErrors,
    at: &str,
    forms: &[F],
    mut read: impl FnMut(&mut ValidationErrors, &str, &F) -> Option<T>,
) -> Option<Vec<T>> {
    let mut all = Some(Vec::new());
    for (i, form) in forms.iter().enumerate() {
        if errors.is_full() {
            errors.more();
            return None;
        }
        let one = read(errors, &format!("{at}/{i}"), form);
        all = all.zip(one).map(|(mut all, one)| {
            all.push(one);
            all
        });
    }
    all
}

/// Languages by ISO 639 code, at most 40.
pub(crate) fn languages(
    errors: &mut ValidationErrors,
    at: &str,
    said: &[String],
) -> Option<Vec<Language>> {
    if said.len() > 40 {
        errors.add(at, ValueError::new("too-many", "Name at most 40 languages."));
        return None;
    }
    each(errors, at, said, |errors, at, code| errors.collect(at, Language::parse(code)))
}

/// The value of that name among all of them.
pub(crate) fn one_of<T: Copy>(
    said: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, ValueError> {
    all.iter().copied().find(|value| name(*value) == said).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|value| name(*value)).collect();
        ValueError::new("unknown-value", format!("Use one of {}.", names.join(", ")))
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

fn period_units() -> Object {
    words("Of what.", PeriodUnit::ALL.map(PeriodUnit::as_str))
}
