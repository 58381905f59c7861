//! The JSON form of a provider's listing in one place.

use chrono::NaiveDate;
use serde::Serializer;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{Array, ArrayBuilder, Object};

use crate::{
    domain::{
        approval::{AddOn, Listing, ListingCapacity, ListingDetails, TimeOfDay, TimesOfDay},
        compensation::rate::Unit,
        error::DomainError,
        message::fields,
        validation::ValidationErrors,
        values::{
            money::Price,
            numbers::Language,
            text::{Line, LocalPresentation},
            time::{Instant, Period, day_of},
        },
    },
    json::{
        form::{
            ConvertedForm, Form, Schema, form, scalars::keyword_forms, serde_bridge::serde_by_form,
            to_fields, wrong_type,
        },
        words,
    },
};

keyword_forms!(ListingCapacity, TimeOfDay);
serde_by_form!(AddOn, Listing);

/// Always false: an add-on is never part of the municipal service.
#[derive(Debug, Default)]
pub(super) struct Never;

impl Form for Never {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        if bool::parse(value, at, errors)? {
            errors.add(at, fields::unknown_value_add_on());
            return None;
        }
        Some(Self)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }

    fn schema() -> Schema {
        bool::schema()
    }
}

/// A service sold by the provider beside the municipal service.
#[derive(Debug, Form)]
#[form(name = "AddOn", closed, example({
    "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"}, "unit": "visit"
}))]
pub struct AddOnFields {
    /// Name of the service.
    name: Line,
    /// For how much; the user pays the provider.
    price: Price,
    /// Unit of the price, as in compensation.
    unit: Unit,
    /// Always false: an add-on is never part of the municipal service.
    #[form(default)]
    part_of_municipal_service: Never,
}

impl ConvertedForm for AddOn {
    type Fields = AddOnFields;

    fn to_fields(&self) -> AddOnFields {
        let Self { name, price, unit } = self.clone();
        AddOnFields { name, price, unit, part_of_municipal_service: Never }
    }

    fn from_fields(fields: AddOnFields, _: &str, _: &mut ValidationErrors) -> Option<Self> {
        let AddOnFields { name, price, unit, .. } = fields;
        Some(Self { name, price, unit })
    }
}

impl Form for TimesOfDay {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let Value::Array(items) = value else {
            return wrong_type(value, at, fields::wrong_type_list(), errors);
        };
        if items.len() > TimeOfDay::ALL.len() {
            errors.add(at, fields::too_many_times_of_day());
            return None;
        }
        let times = Self::new(Vec::parse(value, at, errors)?).map_err(|position| {
            let error = fields::duplicate_time_of_day();
            errors.add(format!("{at}/{position}"), error);
        });
        times.ok()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.as_slice().iter().map(|time| time.as_str()))
    }

    fn schema() -> Schema {
        Schema::T(times_of_day().into())
    }
}

form! {
    /// Optional parts of a listing.
    struct ListingDetails {
        /// A short factual presentation for this place.
        text: Option<LocalPresentation>,
        /// Languages spoken with users here, ISO 639.
        #[form(default, max_items = 40)]
        languages: Vec<Language>,
        /// Visiting times.
        #[form(default)]
        times_of_day: TimesOfDay,
        /// When its office answers.
        opening_hours: Option<LocalPresentation>,
        /// How users meet the same people.
        continuity: Option<LocalPresentation>,
        /// Special competence.
        special_competence: Option<LocalPresentation>,
        /// How soon it starts.
        starts_within: Option<Period>,
        /// Services sold beside the municipal service, at most 20.
        #[form(default, max_items = 20)]
        add_ons: Vec<AddOn>,
    }
}

form! {
    /// A provider's listing in one place.
    #[form(name = "Listing", closed, example({
        "capacity": "limited", "capacityOn": "2026-03-12", "text": {"nb": "Vi har ledig kapasitet på dagtid."},
        "timesOfDay": ["day", "evening"], "openingHours": {"nb": "Kl. 8–16 på hverdager."},
        "lastConfirmedAt": "2026-03-12T09:00:00Z"
    }))]
    struct Listing {
        /// Capacity for more users. A provider without capacity stays listed.
        capacity: ListingCapacity,
        /// First day of this capacity.
        capacity_on: NaiveDate,
        #[form(flatten)]
        details: ListingDetails,
        /// When the provider last confirmed that this is right; set by the registry.
        #[form(name = "lastConfirmedAt", read_only)]
        confirmed_at: Instant,
    }
}

/// A listing as its owner sends it.
#[derive(Debug, Form)]
pub struct ListingBody {
    /// Capacity for more users. A provider without capacity stays listed.
    capacity: ListingCapacity,
    /// First day of this capacity; today by default.
    capacity_on: Option<NaiveDate>,
    #[form(flatten)]
    details: ListingDetails,
    /// When the provider last confirmed that this is right; set by the registry.
    #[form(read_only)]
    last_confirmed_at: Option<Instant>,
}

impl ListingBody {
    /// The fields before a patch: a changed capacity begins today, unless the patch has a day.
    #[must_use]
    pub fn before(listing: Option<&Listing>, patch: &Value) -> Map<String, Value> {
        let mut fields = listing.map(to_fields).unwrap_or_default();
        let is_other = patch.get("capacity").is_some_and(|it| Some(it) != fields.get("capacity"));
        if is_other && patch.get("capacityOn").is_none() {
            fields.remove("capacityOn");
        }
        fields
    }

    /// The listing after a patch, confirmed now.
    ///
    /// # Errors
    /// `validation` for another time of confirmation, which is the registry's to set.
    pub fn complete(self, before: Option<&Listing>, now: Instant) -> Result<Listing, DomainError> {
        let mut errors = ValidationErrors::default();
        let is_other = self.last_confirmed_at != before.map(|it| it.confirmed_at);
        let detail = fields::unexpected_by_registry();
        errors.unexpected("/lastConfirmedAt", is_other, detail);
        let Self { capacity, capacity_on, details, .. } = self;
        let capacity_on = capacity_on.unwrap_or_else(|| day_of(now));
        let listing = Listing { capacity, capacity_on, details, confirmed_at: now };
        errors.finish(Some(listing)).map_err(DomainError::validation)
    }
}

pub(crate) fn capacities() -> Object {
    words(
        "Whether there is room for more users.",
        ListingCapacity::ALL.map(ListingCapacity::as_str),
    )
}

/// The schema of the times of day: each word once.
pub(crate) fn times_of_day() -> Array {
    let word = words("A time of the day or the week.", TimeOfDay::ALL.map(TimeOfDay::as_str));
    let description = "Visiting times, each once; empty if not stated.";
    let most = Some(TimeOfDay::ALL.len());
    ArrayBuilder::new()
        .items(word)
        .max_items(most)
        .unique_items(true)
        .description(Some(description))
        .build()
}

#[cfg(test)]
mod tests;
