//! Rows of other public lists.

use std::borrow::Cow;

use super::{Tabular, cell, instant, maybe};
use crate::json::public::OfferingRecord;

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
        let contact = &self.content.process().contact;
        vec![
            cell(Some(self.id)),
            Cow::Borrowed(&self.municipality),
            Cow::Borrowed(&self.service),
            Cow::Borrowed(self.content.title().in_form(false)),
            Cow::Borrowed(self.state.as_str()),
            cell(Some(self.version)),
            instant(self.published_at),
            Cow::Borrowed(self.content.legal_basis().as_str()),
            Cow::Borrowed(contact.name.as_str()),
            Cow::Borrowed(contact.email.as_str()),
            maybe(contact.phone.as_ref()),
        ]
    }
}
