//! The JSON form of the draft of an offering's next version.

use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use super::difference::{self, VersionDifference};
use crate::{
    catalogue::Catalogue,
    domain::{
        offering::{
            OfferingClosure, OfferingState,
            content::{Compensation, ContentParts, OfferingContent},
        },
        validation::{FieldError, ValidationErrors},
        values::{ids::OfferingId, numbers::MunicipalityNumber, text::Code},
    },
    json::{
        field_error::FieldErrorForm,
        form::{
            Components, Form, Object, ObjectForm, ObjectSchema, Schema, parse_object, to_fields,
            write_object,
        },
    },
};

/// Content in the making: it may lack fields, but has no invalid ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftContent(Map<String, Value>);

impl DraftContent {
    /// The complete content, or all missing and invalid fields.
    ///
    /// # Errors
    /// `validation`.
    pub fn complete(&self, catalogue: &Catalogue) -> Result<OfferingContent, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let content = OfferingContent::parse(&Value::Object(self.0.clone()), "", &mut errors);
        self.check_topics(catalogue, &mut errors);
        errors.finish(content)
    }

    /// Adds an error for each criterion whose topic is not in the catalogue.
    pub fn check_topics(&self, catalogue: &Catalogue, errors: &mut ValidationErrors) {
        let criteria = self.0.get("criteria").and_then(Value::as_array).into_iter().flatten();
        for (i, criterion) in criteria.enumerate() {
            if let Some(topic) = criterion.get("matter").and_then(Value::as_str) {
                errors.collect(&format!("/criteria/{i}/matter"), catalogue.topic(topic));
            }
        }
    }

    /// The compensation, if it is complete.
    #[must_use]
    pub fn compensation(&self) -> Option<Compensation> {
        let value = self.0.get("compensation")?;
        Compensation::parse(value, "", &mut ValidationErrors::default())
    }

    /// Replaces the compensation.
    pub fn set_compensation(&mut self, compensation: &Compensation) {
        self.0.insert("compensation".to_owned(), Value::Object(to_fields(compensation)));
    }

    /// How it differs from a version.
    #[must_use]
    pub fn changes_from(&self, version: &OfferingContent) -> Vec<VersionDifference> {
        difference::between(
            &Value::Object(to_fields(version.parts())),
            &Value::Object(self.0.clone()),
        )
    }
}

impl From<&OfferingContent> for DraftContent {
    fn from(content: &OfferingContent) -> Self {
        Self(to_fields(content.parts()))
    }
}

/// Complete content is stored as a published version is. An incomplete one is stored as it was sent.
impl ObjectForm for DraftContent {
    fn parse_fields(object: &Object<'_>, errors: &mut ValidationErrors) -> Option<Self> {
        let mut found = ValidationErrors::default();
        match OfferingContent::parse_fields(object, &mut found) {
            Some(content) if found.is_empty() => Some((&content).into()),
            _ => {
                let (_, invalid) = found.split();
                let is_valid = invalid.is_empty();
                for FieldError { pointer, error } in invalid {
                    errors.add(pointer, error);
                }
                let mut names = Vec::new();
                Self::names(&mut names);
                is_valid.then(|| Self(object.pick(&names)))
            }
        }
    }

    fn write_fields<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(name, value)| object.serialize_entry(name, value))
    }

    fn names(names: &mut Vec<&'static str>) {
        ContentParts::names(names);
    }

    fn properties(schema: ObjectSchema) -> ObjectSchema {
        ContentParts::properties(schema)
    }

    fn components(components: &mut Components) {
        <ContentParts as ObjectForm>::components(components);
    }
}

impl Form for DraftContent {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_object(value, at, errors)
    }

    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_object(self, serializer)
    }

    fn schema() -> Schema {
        ContentParts::schema()
    }

    fn components(components: &mut Components) {
        <ContentParts as Form>::components(components);
    }
}

/// The next version of an offering in the making.
#[derive(Debug, Form)]
#[form(name = "OfferingDraft")]
pub struct OfferingDraft {
    /// The offering's id.
    pub id: OfferingId,
    /// The municipality's number.
    pub municipality: MunicipalityNumber,
    /// The code of the service.
    pub service: Code,
    /// Where the offering is in its life.
    pub state: OfferingState,
    /// The version in force, where one is published.
    pub version: Option<i32>,
    /// Its announced closing.
    pub closure: Option<OfferingClosure>,
    /// Content of the next version.
    pub content: DraftContent,
    /// How that differs from the version in force, where one is published.
    pub changes: Option<Vec<VersionDifference>>,
    /// Fields still missing for a publication.
    pub missing: Vec<FieldErrorForm>,
}
