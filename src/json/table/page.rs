//! A row for each provider of a register page.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Tabular, cell, maybe};

/// A provider on a register page, in one row.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderTableRow {
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
    last_confirmed_at: String,
    own_offer: bool,
    capacity: Room,
    #[serde(default)]
    times_of_day: Vec<String>,
    status: String,
    available_until: Option<String>,
    stale: bool,
}

#[derive(Debug, Deserialize)]
struct Room {
    state: String,
    on: Option<String>,
}

/// The rows of a register page, from its JSON: in the same order.
pub fn provider_rows(page: &[u8]) -> serde_json::Result<Vec<ProviderTableRow>> {
    #[derive(Deserialize)]
    struct Page {
        providers: Vec<ProviderTableRow>,
    }
    Ok(serde_json::from_slice::<Page>(page)?.providers)
}

impl Tabular for ProviderTableRow {
    fn columns() -> Vec<&'static str> {
        vec![
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
            "ownOffer",
            "status",
            "availableUntil",
            "stale",
            "timesOfDay",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![
            Cow::Borrowed(&self.organisation_number),
            Cow::Borrowed(&self.name),
            Cow::Borrowed(&self.kind),
            Cow::Owned(self.zones.join(", ")),
            Cow::Owned(self.languages.join(", ")),
            Cow::Borrowed(&self.capacity.state),
            maybe(self.capacity.on.as_ref()),
            maybe(self.phone.as_ref()),
            maybe(self.web.as_ref()),
            Cow::Borrowed(&self.last_confirmed_at),
            maybe(self.approval_id.as_ref()),
            cell(Some(self.own_offer)),
            Cow::Borrowed(&self.status),
            maybe(self.available_until.as_ref()),
            cell(Some(self.stale)),
            Cow::Owned(self.times_of_day.join(", ")),
        ]
    }
}
