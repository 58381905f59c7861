//! The JSON form of a municipality's settings.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ContactForm, form::serde_bridge::object_by_serde, one_of, words};
use crate::domain::{
    municipality::{LanguageForm, MunicipalitySettings},
    validation::ValidationErrors,
    values::text::Line,
};

object_by_serde!(SettingsForm);

/// A municipality's settings, with its deciding and appeal bodies.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MunicipalitySettings, example = json!({
    "contact": {"name": "Innkjøp helse og mestring", "email": "brukervalg@example.no"},
    "decidingBody": "Kommunedirektøren",
    "delegation": "Delegasjonsreglementet punkt 4",
    "appealBody": "Kommunens klageutvalg",
    "fourEyes": true,
    "language": "nb"
}))]
pub struct SettingsForm {
    /// Fixed contact towards providers.
    #[schema(required)]
    pub contact: Option<ContactForm>,
    /// The body that decides on applications.
    #[schema(required, min_length = 1, max_length = 200)]
    pub deciding_body: Option<String>,
    /// The delegation that gives it the power (kommuneloven § 13-1).
    #[schema(required, min_length = 1, max_length = 200)]
    pub delegation: Option<String>,
    /// The body that hears appeals (forvaltningsloven § 28).
    #[schema(required, min_length = 1, max_length = 200)]
    pub appeal_body: Option<String>,
    /// Whether the signer must be another person than the assessor. On unless switched off.
    #[serde(default = "on")]
    #[schema(default = true)]
    pub four_eyes: bool,
    /// Keys of the staff of the municipality's own provider. They handle none of its cases. Not public.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(max_items = 2000)]
    pub own_provider_staff: BTreeSet<String>,
    /// The written form of its letters: `nb` (default) or `nn`.
    #[serde(default = "bokmal")]
    #[schema(required = false, schema_with = languages)]
    pub language: String,
}

/// The default language.
pub(crate) fn bokmal() -> String {
    LanguageForm::default().as_str().to_owned()
}

pub(crate) fn languages() -> utoipa::openapi::schema::Object {
    words("The written form of its letters.", LanguageForm::ALL.map(LanguageForm::as_str))
}

const fn on() -> bool {
    true
}

impl SettingsForm {
    /// The settings, or all errors.
    pub fn read(&self) -> Result<MunicipalitySettings, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let contact =
            f.require("/contact", self.contact.as_ref()).and_then(|form| form.read(f, "/contact"));
        let deciding_body = f.parse("/decidingBody", self.deciding_body.as_ref(), Line::parse);
        let delegation = f.parse("/delegation", self.delegation.as_ref(), Line::parse);
        let appeal_body = f.parse("/appealBody", self.appeal_body.as_ref(), Line::parse);
        let staff: Option<BTreeSet<_>> = self
            .own_provider_staff
            .iter()
            .map(|key| f.collect("/ownProviderStaff", Line::parse(key)))
            .collect();
        let language = f
            .collect("/language", one_of(&self.language, &LanguageForm::ALL, LanguageForm::as_str));
        let settings = (|| {
            Some(MunicipalitySettings {
                contact: contact?,
                deciding_body: deciding_body?,
                delegation: delegation?,
                appeal_body: appeal_body?,
                four_eyes: self.four_eyes,
                own_provider_staff: staff?,
                language: language?,
            })
        })();
        errors.finish(settings)
    }
}

impl From<&MunicipalitySettings> for SettingsForm {
    fn from(settings: &MunicipalitySettings) -> Self {
        Self {
            contact: Some((&settings.contact).into()),
            deciding_body: Some(settings.deciding_body.to_string()),
            delegation: Some(settings.delegation.to_string()),
            appeal_body: Some(settings.appeal_body.to_string()),
            four_eyes: settings.four_eyes,
            own_provider_staff: settings
                .own_provider_staff
                .iter()
                .map(ToString::to_string)
                .collect(),
            language: settings.language.as_str().to_owned(),
        }
    }
}
