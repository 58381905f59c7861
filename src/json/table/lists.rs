//! Rows of other public lists.

use std::borrow::Cow;

use super::{Tabular, instant, maybe, shown};
use crate::json::{LocalTextForm, public::OfferingRecord};

impl LocalTextForm {
    /// The text in the first language that it has: bokmål, nynorsk, English.
    #[must_use]
    pub fn first(&self) -> Option<&String> {
        self.nb.as_ref().or(self.nn.as_ref()).or(self.en.as_ref())
    }
}

impl Tabular for OfferingRecord {
    fn columns() -> Vec<&'static str> {
        vec![
            "id",
            "municipality",
            "service",
            "title",
            "state",
            "version",
            "publishedAt",
            "legalBasis",
            "contactName",
            "contactEmail",
            "contactPhone",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let contact = self.content.process.as_ref().and_then(|it| it.contact.as_ref());
        vec![
            shown(Some(self.id)),
            Cow::Borrowed(&self.municipality),
            Cow::Borrowed(&self.service),
            maybe(self.content.title.as_ref().and_then(LocalTextForm::first)),
            Cow::Borrowed(&self.state),
            shown(Some(self.version)),
            instant(self.published_at),
            maybe(self.content.legal_basis.as_ref()),
            maybe(contact.and_then(|it| it.name.as_ref())),
            maybe(contact.and_then(|it| it.email.as_ref())),
            maybe(contact.and_then(|it| it.phone.as_ref())),
        ]
    }
}
