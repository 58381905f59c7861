//! The JSON form of texts in several languages.

use std::borrow::Cow;

use serde::{Serializer, ser::SerializeMap};
use serde_json::Value;

use super::form::{
    Components, Described, Form, Schema, put, reference, serde_bridge::serde_by_form,
};
use crate::domain::{
    validation::ValidationErrors,
    values::text::{LocalPresentation, LocalText, Prose, Text},
};

/// A text for people, in bokmål, nynorsk or both, and English where it helps.
#[derive(Debug, Form)]
#[form(name = "LocalText", closed, example({"nb": "Personlig assistanse i hele kommunen"}))]
struct Languages<const MAX: usize> {
    /// Bokmål. This or `nn` is required.
    nb: Option<Text<MAX>>,
    /// Nynorsk.
    nn: Option<Text<MAX>>,
    /// English.
    en: Option<Text<MAX>>,
}

impl<const MAX: usize> Languages<MAX> {
    /// The name of the schema: a presentation is shorter than other texts.
    const NAME: &str = if MAX < Prose::MAX { "LocalPresentation" } else { "LocalText" };
}

impl<const MAX: usize> Form for LocalText<MAX> {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let Languages { nb, nn, en } = Languages::parse(value, at, errors)?;
        errors.collect(at, Self::new(nb, nn, en))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut languages = serializer.serialize_map(None)?;
        for (name, text) in [("nb", self.nb()), ("nn", self.nn()), ("en", self.en())] {
            if let Some(text) = text {
                put(&mut languages, name, text)?;
            }
        }
        languages.end()
    }

    fn schema() -> Schema {
        reference(Languages::<MAX>::NAME)
    }

    fn components(components: &mut Components) {
        components.push((Languages::<MAX>::NAME.to_owned(), Self::whole_schema()));
    }
}

impl<const MAX: usize> Described for LocalText<MAX> {
    fn schema_name() -> Cow<'static, str> {
        Languages::<MAX>::NAME.into()
    }

    fn docs() -> Cow<'static, str> {
        Languages::<MAX>::docs()
    }

    fn whole_schema() -> Schema {
        Languages::<MAX>::whole_schema()
    }
}

serde_by_form!(LocalText, LocalPresentation);
