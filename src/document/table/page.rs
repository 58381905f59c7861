//! A row for each provider of a register page.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Tabular, maybe};

/// What a register page says of somebody who can be chosen, as far as it fits in a row.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderRow {
    approval_id: Option<String>,
    organisation_number: String,
    name: String,
    kind: String,
    #[serde(default)]
    zones: Vec<String>,
    #[serde(default)]
    languages: Vec<String>,
    phone: Option<String>,
    web: Option<String>,
    last_confirmed_at: Option<String>,
    listing: Option<Listing>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    capacity: Option<String>,
    capacity_on: Option<String>,
    #[serde(default)]
    languages: Vec<String>,
}

/// The rows of a register page, from its JSON: in the same order.
///
/// # Errors
/// The bytes are not a page.
pub fn provider_rows(page: &[u8]) -> serde_json::Result<Vec<ProviderRow>> {
    #[derive(Deserialize)]
    struct Page {
        providers: Vec<ProviderRow>,
    }
    Ok(serde_json::from_slice::<Page>(page)?.providers)
}

impl Tabular for ProviderRow {
    const COLUMNS: &'static [&'static str] = &[
        "organisationNumber",
        "name",
        "kind",
        "zones",
        "languages",
        "capacity",
        "capacityOn",
        "phone",
        "web",
        "lastConfirmedAt",
        "approvalId",
    ];

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let listing = self.listing.as_ref();
        let here = listing.map(|it| &it.languages).filter(|spoken| !spoken.is_empty());
        vec![
            Cow::Borrowed(&self.organisation_number),
            Cow::Borrowed(&self.name),
            Cow::Borrowed(&self.kind),
            Cow::Owned(self.zones.join(", ")),
            Cow::Owned(here.unwrap_or(&self.languages).join(", ")),
            maybe(listing.and_then(|it| it.capacity.as_ref())),
            maybe(listing.and_then(|it| it.capacity_on.as_ref())),
            maybe(self.phone.as_ref()),
            maybe(self.web.as_ref()),
            maybe(self.last_confirmed_at.as_ref()),
            maybe(self.approval_id.as_ref()),
        ]
    }
}
