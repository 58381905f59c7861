//! The JSON form of the draft of an offering's next version.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ContentForm, difference::DifferenceForm};
use crate::{
    domain::offering::OfferingClosure,
    json::{
        field_error::FieldErrorForm, form::serde_bridge::object_by_serde, public::offering_states,
    },
};

/// The next version of an offering in the making.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferingDraft {
    /// The offering's id.
    pub id: uuid::Uuid,
    /// The municipality's number.
    pub municipality: String,
    /// The code of the service.
    pub service: String,
    /// Where the offering is in its life.
    #[schema(schema_with = offering_states)]
    pub state: String,
    /// The version in force, where one is published.
    pub version: Option<i32>,
    /// Its announced closing.
    pub closure: Option<OfferingClosure>,
    /// Content of the next version.
    pub content: ContentForm,
    /// How that differs from the version in force, where one is published.
    pub changes: Option<Vec<DifferenceForm>>,
    /// Fields still missing for a publication.
    pub missing: Vec<FieldErrorForm>,
}

object_by_serde!(write_only OfferingDraft);
