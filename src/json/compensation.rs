//! JSON form of part 5: the price table with its hours, and payments beside it.

mod announcement;
mod computation;
mod line;
mod priced;
mod read;

pub use self::announcement::{
    AdjustedLineForm, AnnouncedForm, AnnouncementBody, AnnouncementForm, IndexAdjustmentBody,
    WithdrawnLineForm,
};
pub use self::computation::{ComputationForm, IndexStepForm};
pub use self::line::{CompensationLineForm, Identity, IndexRuleForm, PartsForm};
pub use self::priced::{ExtraInWords, PricedLine};

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{Array, ArrayBuilder, Object},
};

use super::{MoneyForm, words};
use crate::domain::{
    compensation::{band::HolyDays, rate::Unit},
    offering::content::{Settlement, Vat},
};

/// Part 5: the fixed compensation, the same for every provider. Add-ons have no place here.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Compensation)]
pub struct CompensationForm {
    /// Service hours; round the clock by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub hours: Vec<HoursForm>,
    /// Hours with one price, which cover the service hours without gap or overlap; by default one named `all`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub bands: Vec<BandForm>,
    /// Other bands, each from a day on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 49)]
    pub later_bands: Vec<LaterBandsForm>,
    /// The price table: past, present and future lines, at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 2000)]
    pub lines: Vec<CompensationLineForm>,
    /// Payment for an alarm or a call outside the plan.
    pub call_out: Option<ExtraForm>,
    /// Payment if the user is absent.
    pub wasted_trip: Option<ExtraForm>,
    /// Payment for stand-by; never a share of a visit.
    pub stand_by: Option<ExtraForm>,
}

/// Some hours of some days. A night is two: to 24:00, and from 00:00.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Hours, example = json!({"weekdays": ["monday", "tuesday"], "holyDays": "no", "from": "07:00", "to": "15:00"}))]
pub struct HoursForm {
    /// Days of the week; by default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = weekdays)]
    pub weekdays: Vec<String>,
    /// Public holidays too, not on them, or only on them; `yes` by default. An ordinary Sunday is a weekday
    /// here.
    #[serde(default = "included", skip_serializing_if = "is_included")]
    #[schema(required = false, schema_with = holy_days)]
    pub holy_days: String,
    /// The first minute.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: String,
    /// The minute after the last, at most `24:00`.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    pub to: String,
}

/// Hours with one price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Band, example = json!({"code": "evening", "name": "Kveld", "rules": [{"from": "15:00", "to": "23:00"}]}))]
pub struct BandForm {
    /// Its code within the offering. `day`, `evening`, `night`, `weekend` and `holy-day` make tables of municipalities
    /// easy to compare.
    #[schema(max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub code: String,
    /// Display name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// When it is: at any hours of these.
    #[schema(min_items = 1, max_items = 50)]
    pub rules: Vec<HoursForm>,
}

/// The bands from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LaterBands)]
pub struct LaterBandsForm {
    /// Their first day.
    #[schema(format = Date)]
    pub from: String,
    /// Service hours; round the clock by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub hours: Vec<HoursForm>,
    /// Hours with one price; by default one named `all`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub bands: Vec<BandForm>,
}

/// Payment when no service, or more than the service, is given.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Extra, example = json!({"kind": "each-time", "amount": {"amount": "350.00", "currency": "NOK"}, "vat": "exempt"}))]
pub struct ExtraForm {
    /// None, an amount each time or per hour, or a share of the price of the planned visit.
    #[schema(schema_with = extras)]
    pub kind: String,
    /// `each-time` and `each-hour`: how much.
    pub amount: Option<MoneyForm>,
    /// `each-time` and `each-hour`: how value added tax is treated.
    #[schema(schema_with = vats)]
    pub vat: Option<String>,
    /// `of-visit`: which share, such as `0.75`.
    #[schema(max_length = 8)]
    pub share: Option<String>,
}

/// The names of the days, from Monday.
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const EXTRAS: [&str; 4] = ["nothing", "each-time", "each-hour", "of-visit"];

fn included() -> String {
    HolyDays::Included.as_str().to_owned()
}

fn is_included(value: &str) -> bool {
    value == HolyDays::Included.as_str()
}

fn weekdays() -> Array {
    let day = words("A day of the week.", WEEKDAYS);
    let says = "Days of the week; by default all.";
    ArrayBuilder::new().items(day).description(Some(says)).build()
}

fn holy_days() -> Object {
    words("Whether on holy days.", HolyDays::ALL.map(HolyDays::as_str))
}

fn extras() -> Object {
    words("What is paid.", EXTRAS)
}

pub(crate) fn units() -> Object {
    words("Per what.", Unit::ALL.map(Unit::as_str))
}

pub(crate) fn vats() -> Object {
    words("How value added tax is treated.", Vat::ALL.map(Vat::as_str))
}

pub(crate) fn settlements() -> Object {
    words("Basis of the payment.", Settlement::ALL.map(Settlement::as_str))
}
