//! Rows of public records: of a municipality and of a provider.

use std::borrow::Cow;

use super::{Tabular, instant, maybe, shown};
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
        let name = catalogue.municipality(&record.number).map(|(_, entry)| &entry.name);
        vec![
            Cow::Borrowed(&record.number),
            maybe(name),
            maybe(record.contact.name.as_ref()),
            maybe(record.contact.email.as_ref()),
            maybe(record.contact.phone.as_ref()),
            Cow::Borrowed(&record.deciding_body),
            Cow::Borrowed(&record.appeal_body),
            Cow::Borrowed(&record.language),
            shown(Some(record.revision)),
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
            Cow::Borrowed(&self.organisation_number),
            Cow::Borrowed(&self.name),
            Cow::Borrowed(&self.kind),
            maybe(self.presentation.first()),
            Cow::Owned(self.languages.join(", ")),
            maybe(self.phone.as_ref()),
            maybe(self.web.as_ref()),
            instant(self.last_confirmed_at),
            shown(Some(self.revision)),
        ]
    }
}
