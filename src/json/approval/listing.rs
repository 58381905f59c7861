//! The JSON form of a provider's listing in one place.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::schema::{Array, ArrayBuilder, Object},
};

use crate::{
    domain::{
        approval::{AddOn, Listing, ListingCapacity, TimeOfDay},
        error::DomainError,
        validation::ValidationErrors,
        value_error::ValueError,
        values::{
            text::{Line, LocalText},
            time::{Instant, day_of, parse_day},
        },
    },
    json::{
        LocalTextForm, MoneyForm, PeriodForm, each, form::serde_bridge::object_by_serde, languages,
        one_of, presentation, words,
    },
};

object_by_serde!(ListingForm);

/// How many add-on services one may list.
const MAX_ADD_ONS: usize = 20;

/// A service sold by the provider beside the municipal service.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AddOn, example = json!({
    "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"}, "unit": "time"
}))]
pub struct AddOnForm {
    /// Name of the service.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// For how much; the user pays the provider.
    #[schema(required)]
    pub price: Option<MoneyForm>,
    /// Unit of the price.
    #[schema(required, min_length = 1, max_length = 200)]
    pub unit: Option<String>,
    /// Always false: an add-on is never part of the municipal service.
    #[serde(default)]
    pub part_of_municipal_service: bool,
}

impl AddOnForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<AddOn> {
        if self.part_of_municipal_service {
            f.add(
                format!("{at}/partOfMunicipalService"),
                ValueError::new(
                    "unknown-value",
                    "An add-on is never part of the municipal service.",
                ),
            );
        }
        let name = f.parse(&format!("{at}/name"), self.name.as_ref(), Line::parse);
        let unit = f.parse(&format!("{at}/unit"), self.unit.as_ref(), Line::parse);
        let price = f.require(&format!("{at}/price"), self.price.as_ref());
        let price = price.and_then(|price| price.read(f, &format!("{at}/price")));
        Some(AddOn { name: name?, price: price?, unit: unit? })
    }
}

impl From<&AddOn> for AddOnForm {
    fn from(add_on: &AddOn) -> Self {
        Self {
            name: Some(add_on.name.to_string()),
            price: Some(add_on.price.money().into()),
            unit: Some(add_on.unit.to_string()),
            part_of_municipal_service: false,
        }
    }
}

/// A provider's listing in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Listing, example = json!({
    "capacity": "limited", "text": {"nb": "Vi har ledig kapasitet på dagtid."},
    "timesOfDay": ["day", "evening"], "openingHours": {"nb": "Kl. 8–16 på hverdager."}
}))]
pub struct ListingForm {
    /// Capacity for more users. A provider without capacity stays listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required, schema_with = capacities)]
    pub capacity: Option<String>,
    /// First day of this capacity; today by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub capacity_on: Option<String>,
    /// A short factual presentation for this place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = presentation)]
    pub text: Option<LocalTextForm>,
    /// Languages spoken with users here, ISO 639.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub languages: Vec<String>,
    /// Visiting times.
    #[serde(default)]
    #[schema(schema_with = times_of_day)]
    pub times_of_day: Vec<String>,
    /// When its office answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = presentation)]
    pub opening_hours: Option<LocalTextForm>,
    /// How users meet the same people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = presentation)]
    pub continuity: Option<LocalTextForm>,
    /// Special competence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = presentation)]
    pub special_competence: Option<LocalTextForm>,
    /// How soon it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_within: Option<PeriodForm>,
    /// Services sold beside the municipal service, at most 20.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub add_ons: Vec<AddOnForm>,
    /// When the provider last confirmed that this is right; set by the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(read_only)]
    pub last_confirmed_at: Option<DateTime<Utc>>,
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
    let says = "Visiting times, each once; empty if not stated.";
    let most = Some(TimeOfDay::ALL.len());
    ArrayBuilder::new()
        .items(word)
        .max_items(most)
        .unique_items(true)
        .description(Some(says))
        .build()
}

/// The times of day, each named once.
fn read_times(f: &mut ValidationErrors, at: &str, said: &[String]) -> Option<Vec<TimeOfDay>> {
    if said.len() > TimeOfDay::ALL.len() {
        f.add(at, ValueError::new("too-many", "Name each time of day once: there are four."));
        return None;
    }
    let mut seen = vec![];
    each(f, at, said, |f, at, word: &String| {
        let time = f.collect(at, one_of(word, &TimeOfDay::ALL, TimeOfDay::as_str))?;
        if seen.contains(&time) {
            f.add(at, ValueError::new("duplicate", "Name each time of day once."));
        }
        seen.push(time);
        Some(time)
    })
}

impl ListingForm {
    /// The listing before a patch: a changed capacity begins today, unless the patch has a day.
    #[must_use]
    pub fn before(listing: Option<&Listing>, patch: &Value) -> Self {
        let mut before: Self = listing.map(Into::into).unwrap_or_default();
        let names_day = patch.get("capacityOn").is_some();
        let is_other =
            patch.get("capacity").is_some_and(|it| it.as_str() != before.capacity.as_deref());
        if is_other && !names_day {
            before.capacity_on = None;
        }
        before
    }

    /// The listing after a patch, confirmed now.
    ///
    /// # Errors
    /// `validation`, with every error; also for another time of confirmation, which is the registry's to set.
    pub fn complete_patch(
        mut self,
        confirmed_at: Option<Instant>,
        now: Instant,
    ) -> Result<Listing, DomainError> {
        let mut errors = ValidationErrors::default();
        let detail = "The registry sets this, and now: leave it out.";
        let is_other = self.last_confirmed_at.take() != confirmed_at;
        errors.unexpected("/lastConfirmedAt", is_other, detail);
        let listing = self.read(&mut errors, now);
        errors.finish(listing).map_err(DomainError::validation)
    }

    /// The submitted listing.
    ///
    /// # Errors
    /// `validation`, with every error.
    pub fn complete(&self, now: Instant) -> Result<Listing, DomainError> {
        let mut errors = ValidationErrors::default();
        let listing = self.read(&mut errors, now);
        errors.finish(listing).map_err(DomainError::validation)
    }

    /// The listing, or its errors.
    pub fn read(&self, f: &mut ValidationErrors, now: Instant) -> Option<Listing> {
        let capacity = f.parse("/capacity", self.capacity.as_ref(), |said| {
            one_of(said, &ListingCapacity::ALL, ListingCapacity::as_str)
        });
        let on = f.parse_optional("/capacityOn", self.capacity_on.as_ref(), parse_day);
        let mut text = |at: &str, form: &Option<LocalTextForm>| -> Option<LocalText> {
            form.as_ref().and_then(|form| form.read_presentation(f, at))
        };
        let shown = text("/text", &self.text);
        let opening_hours = text("/openingHours", &self.opening_hours);
        let continuity = text("/continuity", &self.continuity);
        let special_competence = text("/specialCompetence", &self.special_competence);
        if self.add_ons.len() > MAX_ADD_ONS {
            f.add("/addOns", ValueError::new("too-many", "List at most 20 add-on services."));
        }
        let languages = languages(f, "/languages", &self.languages);
        let times_of_day = read_times(f, "/timesOfDay", &self.times_of_day);
        let starts_within =
            self.starts_within.as_ref().and_then(|form| form.read(f, "/startsWithin"));
        let add_ons = each(f, "/addOns", &self.add_ons, |f, at, form| form.read(f, at));
        Some(Listing {
            capacity: capacity?,
            capacity_on: on.unwrap_or_else(|| day_of(now)),
            text: shown,
            languages: languages?,
            times_of_day: times_of_day?,
            opening_hours,
            continuity,
            special_competence,
            starts_within,
            add_ons: add_ons?,
            confirmed_at: self.last_confirmed_at.unwrap_or(now),
        })
    }
}

impl From<&Listing> for ListingForm {
    fn from(listing: &Listing) -> Self {
        let text = |text: &Option<LocalText>| text.as_ref().map(Into::into);
        let period = |it: &crate::domain::values::time::Period| PeriodForm {
            amount: it.amount(),
            unit: it.unit().as_str().to_owned(),
        };
        Self {
            capacity: Some(listing.capacity.as_str().to_owned()),
            capacity_on: Some(NaiveDate::to_string(&listing.capacity_on)),
            text: text(&listing.text),
            languages: listing.languages.iter().map(ToString::to_string).collect(),
            times_of_day: listing.times_of_day.iter().map(|it| it.as_str().to_owned()).collect(),
            opening_hours: text(&listing.opening_hours),
            continuity: text(&listing.continuity),
            special_competence: text(&listing.special_competence),
            starts_within: listing.starts_within.as_ref().map(period),
            add_ons: listing.add_ons.iter().map(Into::into).collect(),
            last_confirmed_at: Some(listing.confirmed_at),
        }
    }
}

#[cfg(test)]
mod tests;
