//! The JSON form of a provider's profile.

use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    LocalTextForm, form::serde_bridge::object_by_serde, languages, need_presentation, one_of,
    presentation, words,
};
use crate::domain::{
    provider::{Profile, ProviderKind},
    validation::ValidationErrors,
    values::text::{Email, Line, Phone, WebAddress},
};

object_by_serde!(ProfileForm);

/// A provider's profile.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProviderProfile, example = json!({
    "name": "Eksempel Assistanse AS", "kind": "commercial",
    "notificationAddress": "post@example.no",
    "presentation": {"nb": "Vi har faste assistenter i hele Agder."},
    "languages": ["nb", "en"], "phone": "38 00 00 00", "web": "https://example.no"
}))]
pub struct ProfileForm {
    /// Name as in Enhetsregisteret.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Kind of organisation.
    #[schema(required, schema_with = kinds)]
    pub kind: Option<String>,
    /// Where notices are sent. Not public.
    #[schema(required, min_length = 3, max_length = 254)]
    pub notification_address: Option<String>,
    /// A short factual presentation.
    #[schema(required, schema_with = presentation)]
    pub presentation: Option<LocalTextForm>,
    /// Languages spoken with users, ISO 639.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub languages: Vec<String>,
    /// Public telephone.
    #[schema(min_length = 5, max_length = 40)]
    pub phone: Option<String>,
    /// Public web page.
    #[schema(min_length = 8, max_length = 500)]
    pub web: Option<String>,
}

pub(crate) fn kinds() -> Object {
    words("Kind of organisation.", ProviderKind::ALL.map(ProviderKind::as_str))
}

impl ProfileForm {
    /// The profile, or all errors.
    pub fn read(&self) -> Result<Profile, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let name = f.parse("/name", self.name.as_ref(), Line::parse);
        let kind = f.parse("/kind", self.kind.as_ref(), |value| {
            one_of(value, &ProviderKind::ALL, ProviderKind::as_str)
        });
        let address =
            f.parse("/notificationAddress", self.notification_address.as_ref(), Email::parse);
        let presentation = need_presentation(f, "/presentation", self.presentation.as_ref());
        let languages = languages(f, "/languages", &self.languages);
        let phone = f.parse_optional("/phone", self.phone.as_ref(), Phone::parse);
        let web = f.parse_optional("/web", self.web.as_ref(), WebAddress::parse);
        let profile = (|| {
            Some(Profile {
                name: name?,
                kind: kind?,
                notification_address: address?,
                presentation: presentation?,
                languages: languages?,
                phone,
                web,
            })
        })();
        errors.finish(profile)
    }
}

impl From<&Profile> for ProfileForm {
    fn from(profile: &Profile) -> Self {
        Self {
            name: Some(profile.name.to_string()),
            kind: Some(profile.kind.as_str().to_owned()),
            notification_address: Some(profile.notification_address.to_string()),
            presentation: Some((&profile.presentation).into()),
            languages: profile.languages.iter().map(ToString::to_string).collect(),
            phone: profile.phone.as_ref().map(ToString::to_string),
            web: profile.web.as_ref().map(ToString::to_string),
        }
    }
}
