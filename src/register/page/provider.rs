//! Providers on a page, with the same fields for all, for comparison.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use crate::{
    domain::{
        approval::{AddOn, ApprovalStatus, Listing, ListingCapacity},
        offering::content::OwnOffer,
        provider::{ProviderKind, stale_from},
        values::{
            numbers::Language,
            text::{LocalPresentation, Phone, WebAddress},
            time::{Instant, Period},
        },
    },
    json::{
        approval::times_of_day,
        provider::kinds,
        public::{OfferingRecord, ProviderRecord},
        words,
    },
    register::{ViewedApproval, index::NOT_SAID, text::collation_key},
};

/// The own offer's substitute for the id of an approval.
pub(in crate::register) const OWN: &str = "own";

/// Capacity, and its first day.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"state": "limited", "on": "2026-03-12"}))]
pub struct PageCapacity {
    /// Capacity for more users. A provider without capacity is still open to choice.
    #[schema(schema_with = capacities)]
    pub state: String,
    /// Since which day that is so; absent where it is unknown.
    pub on: Option<NaiveDate>,
}

fn capacities() -> Object {
    let known = ListingCapacity::ALL.map(ListingCapacity::as_str).into_iter();
    words("Whether there is room for more users.", known.chain([NOT_SAID]))
}

fn statuses() -> Object {
    let both = [ApprovalStatus::Active, ApprovalStatus::Ending].map(ApprovalStatus::as_str);
    words("Status: `ending` has a last day; others are not listed.", both)
}

/// A provider open to choice. The municipality's own offer has the same fields.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageProvider {
    /// The approval; absent for the municipality's own offer.
    pub approval_id: Option<uuid::Uuid>,
    /// Whether this is the municipality's own offer.
    pub own_offer: bool,
    /// The organisation number.
    pub organisation_number: String,
    /// The name.
    pub name: String,
    /// Kind of organisation.
    #[schema(schema_with = kinds)]
    pub kind: String,
    /// A short factual presentation.
    pub presentation: LocalPresentation,
    /// Its listing text in this place.
    pub text: Option<LocalPresentation>,
    /// Languages spoken with users here; those of its profile where it has named none for this place.
    pub languages: Vec<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Web page.
    pub web: Option<String>,
    /// The zones in which it can be chosen.
    pub zones: Vec<String>,
    /// Visiting times.
    #[schema(schema_with = times_of_day)]
    pub times_of_day: Vec<String>,
    /// When its office answers.
    pub opening_hours: Option<LocalPresentation>,
    /// Capacity.
    pub capacity: PageCapacity,
    /// How users meet the same people.
    pub continuity: Option<LocalPresentation>,
    /// Special competence.
    pub special_competence: Option<LocalPresentation>,
    /// How soon it starts.
    pub starts_within: Option<Period>,
    /// Services sold beside the municipal service, each marked as such.
    pub add_ons: Vec<AddOn>,
    /// `ending` where notice or the end of the offering sets a last day, else `active`.
    #[schema(schema_with = statuses)]
    pub status: String,
    /// The last day on which it can be chosen, where one is set, by a revocation too.
    pub available_until: Option<NaiveDate>,
    /// Last confirmation, of the profile or the listing, whichever is later.
    pub last_confirmed_at: DateTime<Utc>,
    /// Whether it has no confirmation for twelve months.
    pub stale: bool,
}

/// The common fields, before those of the listing.
struct Basis<'a> {
    approval_id: Option<uuid::Uuid>,
    organisation_number: &'a str,
    name: &'a str,
    kind: ProviderKind,
    presentation: &'a LocalPresentation,
    languages: &'a [Language],
    phone: Option<&'a Phone>,
    web: Option<&'a WebAddress>,
    zones: Vec<String>,
    status: ApprovalStatus,
    available_until: Option<NaiveDate>,
    confirmed_at: Instant,
}

impl PageProvider {
    /// A provider with an approval.
    pub(super) fn approved(profile: &ProviderRecord, approval: &ViewedApproval<'_>) -> Self {
        let record = approval.record();
        let basis = Basis {
            approval_id: Some(record.id),
            organisation_number: profile.organisation_number.as_str(),
            name: profile.name.as_str(),
            kind: profile.kind,
            presentation: &profile.presentation,
            languages: &profile.languages,
            phone: profile.phone.as_ref(),
            web: profile.web.as_ref(),
            zones: record.zones.clone(),
            status: approval.status(),
            available_until: approval.lifecycle().available_until(),
            confirmed_at: profile.last_confirmed_at,
        };
        Self::of(basis, record.listing.as_ref(), approval.at())
    }

    /// The municipality's own offer, in all its zones, until the offering ends.
    pub(super) fn own(offering: &OfferingRecord, municipality: &str, now: Instant) -> Self {
        let ending = offering.closure.as_ref().and_then(|closure| closure.ending.as_ref());
        let status = if ending.is_some() { ApprovalStatus::Ending } else { ApprovalStatus::Active };
        let OwnOffer { name, presentation, languages, phone, web } =
            &offering.content.parts().citizen.own_offer;
        let zones = offering.content.zones().iter();
        let basis = Basis {
            approval_id: None,
            organisation_number: municipality,
            name: name.as_str(),
            kind: ProviderKind::Municipal,
            presentation,
            languages,
            phone: phone.as_ref(),
            web: web.as_ref(),
            zones: zones.map(|zone| zone.code.to_string()).collect(),
            status,
            available_until: ending.map(|ending| ending.on),
            confirmed_at: offering.published_at,
        };
        Self::of(basis, offering.own_listing.as_ref(), now)
    }

    fn of(basis: Basis<'_>, listing: Option<&Listing>, now: Instant) -> Self {
        let details = listing.map(|it| it.details.clone()).unwrap_or_default();
        let here = &details.languages;
        let languages = if here.is_empty() { basis.languages } else { here };
        let confirmed_at =
            listing.map_or(basis.confirmed_at, |it| basis.confirmed_at.max(it.confirmed_at));
        let times = details.times_of_day.as_slice().iter();
        Self {
            approval_id: basis.approval_id,
            own_offer: basis.approval_id.is_none(),
            organisation_number: basis.organisation_number.to_owned(),
            name: basis.name.to_owned(),
            kind: basis.kind.as_str().to_owned(),
            presentation: basis.presentation.clone(),
            text: details.text,
            languages: languages.iter().map(ToString::to_string).collect(),
            phone: basis.phone.map(ToString::to_string),
            web: basis.web.map(ToString::to_string),
            zones: basis.zones,
            times_of_day: times.map(|time| time.as_str().to_owned()).collect(),
            opening_hours: details.opening_hours,
            capacity: PageCapacity {
                state: listing.map_or(NOT_SAID, |it| it.capacity.as_str()).to_owned(),
                on: listing.map(|it| it.capacity_on),
            },
            continuity: details.continuity,
            special_competence: details.special_competence,
            starts_within: details.starts_within,
            add_ons: details.add_ons,
            status: basis.status.as_str().to_owned(),
            available_until: basis.available_until,
            last_confirmed_at: confirmed_at,
            stale: stale_from(confirmed_at) <= now,
        }
    }

    /// Its identity in orders: the approval's id; that of the municipality's own offer is `own`.
    pub(in crate::register) fn place_id(&self) -> String {
        self.approval_id.map_or(OWN.to_owned(), |id| id.to_string())
    }

    /// Where in the order by name.
    pub(in crate::register) fn place_by_name(&self) -> String {
        format!("{}\0{}", collation_key(&self.name), self.place_id())
    }

    /// When its data becomes stale without a confirmation.
    pub(super) fn stale_from(&self) -> Instant {
        stale_from(self.last_confirmed_at)
    }
}
