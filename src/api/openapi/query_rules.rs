//! Checks a query against the parameters of its operation in the document, before the handler reads it.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::{
    Number,
    openapi::{
        KnownFormat, OpenApi, RefOr, Required, Schema, SchemaFormat, Type,
        path::Parameter,
        schema::{Object, SchemaType},
    },
};
use uuid::Uuid;

use crate::{
    api::{
        extract::as_of,
        problem::{HttpError, Problem, sentences},
    },
    catalogue::Catalogue,
    domain::{
        message::{Message, fields},
        values::{numbers::OrganisationNumber, time::parse_day},
    },
};

/// The query parameters of an operation.
#[derive(Debug)]
pub(in crate::api) struct QueryRules(BTreeMap<String, Rule>);

/// What a query parameter must be.
#[derive(Debug)]
struct Rule {
    is_required: bool,
    form: ParameterForm,
}

/// The form of a value.
#[derive(Debug)]
enum ParameterForm {
    Boolean,
    /// A whole number; outside its limits it is another error.
    Integer {
        min: i64,
        max: Option<i64>,
        outside: HttpError,
    },
    /// One of some words.
    Word(Vec<String>),
    /// A text with a number of characters.
    Text {
        min: usize,
        max: usize,
    },
    Day,
    DayOrInstant,
    Uuid,
    /// Two digits.
    County,
    /// The number of a municipality in the catalogue, present or former.
    Municipality,
    /// The code of a service in the catalogue.
    Service,
    OrganisationNumber,
    /// The handler reads it.
    Any,
}

/// Why a value is invalid.
type Invalid = (HttpError, Message);

impl QueryRules {
    /// The rules for parameters of the document.
    pub(super) fn of<'a>(
        parameters: impl Iterator<Item = &'a Parameter>,
        document: &OpenApi,
    ) -> Self {
        let rule = |it: &Parameter| Rule {
            is_required: it.required == Required::True,
            form: ParameterForm::of(it, document),
        };
        Self(parameters.map(|it| (it.name.clone(), rule(it))).collect())
    }

    /// Rejects unknown parameters, whatever the values of the others.
    ///
    /// # Errors
    /// `unknown-parameter`.
    pub(in crate::api) fn check_names(&self, query: &str) -> Result<(), Problem> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let unknown = pairs.filter(|(name, _)| !self.0.contains_key(name.as_ref()));
        listed(unknown.map(|(name, _)| (name.to_string(), unknown_parameter(&name))))
    }

    /// Checks a query. All its errors are named.
    ///
    /// # Errors
    /// `unknown-parameter`, `invalid-parameter`, `limit-out-of-range`, `impossible-time`: the code of the first error.
    pub(in crate::api) fn check(&self, query: &str, catalogue: &Catalogue) -> Result<(), Problem> {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let is_sent = |name: &str| pairs.iter().any(|(sent, _)| sent == name);
        // A set, since a query may have some ten thousand parameters.
        let mut earlier = BTreeSet::new();
        let sent = pairs.iter().filter_map(|(name, value)| {
            let is_repeated = !earlier.insert(name);
            let error = match self.0.get(name.as_ref()) {
                None => Some(unknown_parameter(name)),
                // The handler answers such a cursor with `invalid-cursor`.
                Some(_) if value.contains('\u{FFFD}') && name != "cursor" => {
                    Some(invalid(sentences::invalid_parameter_encoding()))
                }
                Some(_) if is_repeated => Some(invalid(sentences::invalid_parameter_duplicate())),
                Some(rule) => rule.form.check(value, catalogue).err(),
            };
            error.map(|error| (name.to_string(), error))
        });
        let required = self.0.iter().filter(|(name, rule)| rule.is_required && !is_sent(name));
        let missing = required
            .map(|(name, _)| (name.clone(), invalid(sentences::invalid_parameter_missing())));
        listed(sent.chain(missing))
    }
}

impl ParameterForm {
    fn of(parameter: &Parameter, document: &OpenApi) -> Self {
        let schema = match &parameter.schema {
            Some(RefOr::Ref(named)) => {
                let name = named.ref_location.rsplit('/').next().unwrap_or_default();
                document.components.as_ref().and_then(|it| it.schemas.get(name))
            }
            other => other.as_ref(),
        };
        match (parameter.name.as_str(), schema) {
            // These have one meaning everywhere.
            ("municipality", _) => Self::Municipality,
            ("service", _) => Self::Service,
            ("provider", _) => Self::OrganisationNumber,
            ("county", _) => Self::County,
            ("limit", Some(RefOr::T(Schema::Object(schema)))) => {
                Self::integer(schema, HttpError::LimitOutOfRange)
            }
            (_, Some(RefOr::T(Schema::Object(schema)))) => Self::of_schema(schema),
            _ => Self::Any,
        }
    }

    fn of_schema(schema: &Object) -> Self {
        if let Some(words) = &schema.enum_values {
            let words = words.iter().filter_map(|it| it.as_str().map(str::to_owned));
            return Self::Word(words.collect());
        }
        if schema.pattern.as_deref() == Some(as_of::DAY_OR_INSTANT) {
            return Self::DayOrInstant;
        }
        match (&schema.schema_type, &schema.format) {
            (SchemaType::Type(Type::Boolean), _) => Self::Boolean,
            (SchemaType::Type(Type::Integer), _) => {
                Self::integer(schema, HttpError::InvalidParameter)
            }
            (_, Some(SchemaFormat::KnownFormat(KnownFormat::Date))) => Self::Day,
            (_, Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))) => Self::Uuid,
            _ => schema
                .max_length
                .map_or(Self::Any, |max| Self::Text { min: schema.min_length.unwrap_or(0), max }),
        }
    }

    fn integer(schema: &Object, outside: HttpError) -> Self {
        let min = schema.minimum.as_ref().map_or(0, whole);
        Self::Integer { min, max: schema.maximum.as_ref().map(whole), outside }
    }

    fn check(&self, value: &str, catalogue: &Catalogue) -> Result<(), Invalid> {
        match self {
            Self::Any => Ok(()),
            Self::Boolean => {
                holds(["true", "false"].contains(&value), sentences::invalid_parameter_boolean)
            }
            Self::Integer { min, max, outside } => {
                let number: Option<i64> = value.parse().ok();
                let is_inside = |it: i64| *min <= it && max.is_none_or(|max| it <= max);
                if number.is_some_and(is_inside) {
                    return Ok(());
                }
                let error = number.map_or(HttpError::InvalidParameter, |_| *outside);
                Err((error, within(*min, *max)))
            }
            Self::Word(words) => {
                let is_known = words.iter().any(|word| word == value);
                holds(is_known, || fields::unknown_value(words.join(", ")).detail)
            }
            Self::Text { min, max } => {
                holds((*min..=*max).contains(&value.chars().count()), || {
                    sentences::invalid_parameter_length(*min, *max)
                })
            }
            Self::Day => parse_day(value).map(drop).map_err(|error| invalid(error.detail)),
            Self::DayOrInstant => as_of::instant(value)
                .map(drop)
                .ok_or_else(|| (HttpError::ImpossibleTime, sentences::impossible_time_form())),
            Self::Uuid => holds(Uuid::try_parse(value).is_ok(), sentences::invalid_parameter_uuid),
            Self::County => {
                let is_county = value.len() == 2 && value.bytes().all(|it| it.is_ascii_digit());
                holds(is_county, sentences::invalid_parameter_county)
            }
            Self::Municipality => holds(
                catalogue.municipality(value).is_some(),
                sentences::invalid_parameter_municipality,
            ),
            Self::Service => {
                let codes = || {
                    let codes = catalogue.service_types.iter().map(|it| it.code.as_str());
                    codes.collect::<Vec<_>>().join(", ")
                };
                holds(catalogue.service_type(value).is_some(), || {
                    fields::unknown_value(codes()).detail
                })
            }
            Self::OrganisationNumber => match OrganisationNumber::parse(value) {
                // A body may have spaces in it, a filter is compared as it is.
                Ok(number) if number.as_str() == value => Ok(()),
                Ok(_) => Err(invalid(fields::organisation_number_form().detail)),
                Err(error) => Err(invalid(error.detail)),
            },
        }
    }
}

/// A problem with all errors; the code is that of the first.
fn listed(errors: impl Iterator<Item = (String, Invalid)>) -> Result<(), Problem> {
    let problem = errors.fold(None, |problem: Option<Problem>, (name, (error, detail))| {
        Some(match problem {
            None => Problem::parameter(error, &name, detail),
            Some(problem) => problem
                .with_parameter(error, &name, detail)
                .with_detail(sentences::invalid_parameter_many()),
        })
    });
    problem.map_or(Ok(()), Err)
}

fn unknown_parameter(name: &str) -> Invalid {
    (HttpError::UnknownParameter, sentences::unknown_parameter(name))
}

fn whole(number: &Number) -> i64 {
    match number {
        Number::Int(number) => i64::try_from(*number).unwrap_or(i64::MAX),
        Number::UInt(number) => i64::try_from(*number).unwrap_or(i64::MAX),
        // No parameter has such a limit.
        Number::Float(_) => i64::MAX,
    }
}

fn within(min: i64, max: Option<i64>) -> Message {
    match max {
        Some(max) => sentences::invalid_parameter_within(min, max),
        None => sentences::invalid_parameter_from(min),
    }
}

const fn invalid(detail: Message) -> Invalid {
    (HttpError::InvalidParameter, detail)
}

fn holds(is_valid: bool, detail: impl FnOnce() -> Message) -> Result<(), Invalid> {
    if is_valid { Ok(()) } else { Err(invalid(detail())) }
}
