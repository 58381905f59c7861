//! Prices for readers: with names and in words.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{BandForm, CompensationForm, CompensationLineForm, ExtraForm};
use crate::{
    domain::{
        compensation::{extra::Extra, rate::Rate},
        values::time::parse_day,
    },
    json::{LocalTextForm, offering::ContentForm},
};

/// A line of the price table with names, and in words.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PricedLine)]
pub struct PricedLine {
    /// The line.
    #[serde(flatten)]
    pub line: CompensationLineForm,
    /// Name of the band.
    pub band_name: Option<String>,
    /// Name of the zone.
    pub zone_name: Option<String>,
    /// The amount and the unit, such as `814 kr per time`.
    pub in_words: LocalTextForm,
}

/// Payments beside the rates, and the same in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExtraInWords)]
pub struct ExtraInWords {
    /// The payment.
    #[serde(flatten)]
    pub extra: ExtraForm,
    /// The same in words, such as `350 kr hver gang`.
    pub in_words: LocalTextForm,
}

impl PricedLine {
    /// A rate of an offering on a day, or on its own first day if later.
    #[must_use]
    pub fn of(rate: &Rate, content: &ContentForm, day: NaiveDate) -> Self {
        let line = CompensationLineForm::from(rate);
        let bands = content.compensation.as_ref().map(|it| it.bands_on(day.max(rate.from)));
        let bands = bands.unwrap_or_default();
        let band = bands.iter().find(|band| Some(&band.code) == line.band.as_ref());
        let zones = content.service.iter().flat_map(|service| &service.zones);
        let zone = zones.into_iter().find(|zone| Some(&zone.code) == line.zone.as_ref());
        Self {
            band_name: band.map(|band| band.name.clone()),
            zone_name: zone.map(|zone| zone.name.clone()),
            in_words: both(|nynorsk| rate.in_words(nynorsk)),
            line,
        }
    }
}

impl ExtraInWords {
    /// The payment, parsed before.
    #[must_use]
    pub fn of(form: &ExtraForm, extra: Extra) -> Self {
        Self { extra: form.clone(), in_words: both(|nynorsk| extra.in_words(nynorsk)) }
    }
}

impl CompensationForm {
    /// The bands on a day; none where one price holds at all hours.
    #[must_use]
    pub fn bands_on(&self, day: NaiveDate) -> &[BandForm] {
        let begun = |from: &str| parse_day(from).is_ok_and(|from| from <= day);
        let later = self.later_bands.iter().rev().find(|later| begun(&later.from));
        later.map_or(&self.bands, |later| &later.bands)
    }
}

fn both(value: impl Fn(bool) -> String) -> LocalTextForm {
    LocalTextForm { nb: Some(value(false)), nn: Some(value(true)), en: None }
}
