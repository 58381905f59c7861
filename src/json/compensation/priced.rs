//! Prices for readers: with names and in words.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    compensation::{extra::Extra, rate::Rate},
    offering::content::OfferingContent,
    values::text::LocalText,
};

/// A line of the price table with names, and in words.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PricedLine)]
pub struct PricedLine {
    /// The line.
    #[serde(flatten)]
    pub line: Rate,
    /// Name of the band.
    pub band_name: Option<String>,
    /// Name of the zone.
    pub zone_name: Option<String>,
    /// The amount and the unit, such as `814 kr per time`.
    pub in_words: LocalText,
}

/// Payments beside the rates, and the same in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExtraInWords)]
pub struct ExtraInWords {
    /// The payment.
    #[serde(flatten)]
    pub extra: Extra,
    /// The same in words, such as `350 kr hver gang`.
    pub in_words: LocalText,
}

impl PricedLine {
    /// A rate of an offering on a day, or on its own first day if later.
    #[must_use]
    pub fn of(rate: &Rate, content: &OfferingContent, day: NaiveDate) -> Self {
        let bands = content.table().divisions().on(day.max(rate.from));
        let band = rate.key.band.as_ref().and_then(|code| bands.band(code));
        let zone = rate.key.zone.as_ref();
        let zone = zone.and_then(|code| content.zones().iter().find(|zone| zone.code == *code));
        Self {
            band_name: band.map(|band| band.name.to_string()),
            zone_name: zone.map(|zone| zone.name.to_string()),
            in_words: both(|nynorsk| rate.in_words(nynorsk)),
            line: rate.clone(),
        }
    }
}

impl From<Extra> for ExtraInWords {
    fn from(extra: Extra) -> Self {
        Self { extra, in_words: both(|nynorsk| extra.in_words(nynorsk)) }
    }
}

fn both(text: impl Fn(bool) -> String) -> LocalText {
    LocalText::of_registry(&text(false), &text(true), "")
}
