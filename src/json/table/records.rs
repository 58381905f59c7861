//! Rows of public records: of a municipality and of a provider.

use std::borrow::Cow;

use super::{Tabular, cell, instant, joined, maybe};
use crate::{
    catalogue::Catalogue,
    json::public::{MunicipalityRecord, ProviderRecord},
};

/// The settings of a municipality, with its name.
#[derive(Debug, Clone, Copy)]
pub struct MunicipalityTableRow<'a> {
    /// The settings.
    pub record: &'a MunicipalityRecord,
    /// Where its name is.
    pub catalogue: &'a Catalogue,
}

impl Tabular for MunicipalityTableRow<'_> {
    fn columns() -> Vec<&'static str> {
        vec![
            "number",
            "name",
            "contactName",
            "contactEmail",
            "contactPhone",
            "decidingBody",
            "appealBody",
            "language",
            "revision",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let Self { record, catalogue } = self;
        let name = catalogue.municipality(record.number.as_str()).map(|(_, entry)| &entry.name);
        vec![
            Cow::Borrowed(record.number.as_str()),
            maybe(name),
            Cow::Borrowed(record.contact.name.as_str()),
            Cow::Borrowed(record.contact.email.as_str()),
            maybe(record.contact.phone.as_ref()),
            Cow::Borrowed(record.deciding_body.as_str()),
            Cow::Borrowed(record.appeal_body.as_str()),
            Cow::Borrowed(record.language.as_str()),
            cell(Some(record.revision)),
        ]
    }
}

impl Tabular for ProviderRecord {
    fn columns() -> Vec<&'static str> {
        vec![
            "organisationNumber",
            "name",
            "kind",
            "presentation",
            "languages",
            "phone",
            "web",
            "lastConfirmedAt",
            "revision",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![
            Cow::Borrowed(self.organisation_number.as_str()),
            Cow::Borrowed(self.name.as_str()),
            Cow::Borrowed(self.kind.as_str()),
            Cow::Borrowed(self.presentation.in_form(false)),
            joined(&self.languages),
            maybe(self.phone.as_ref()),
            maybe(self.web.as_ref()),
            instant(self.last_confirmed_at),
            cell(Some(self.revision)),
        ]
    }
}
