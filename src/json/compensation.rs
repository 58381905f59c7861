//! JSON form of part 5: the price table with its hours, and payments beside it.

mod announcement;
mod computation;
mod line;
mod priced;

pub use self::announcement::{AnnouncementView, WithdrawnLine};
pub use self::computation::ComputationFields;
pub use self::line::{RateFields, StatedRate};
pub use self::priced::{ExtraInWords, PricedLine};

use chrono::{NaiveDate, Weekday};
use serde::Serializer;
use serde_json::Value;
use utoipa::openapi::schema::Object;

use super::{
    form::{
        Components, ConvertedForm, Form, Schema, enumeration, form, parse_keyword, reference,
        scalars::{keyword_forms, string, strings},
        serde_bridge::serde_by_form,
    },
    words,
};
use crate::domain::{
    compensation::{
        band::{Band, Bands, Clock, HolyDays, Hours, WEEK},
        division::Divisions,
        extra::{Extra, Extras},
        index::Month,
        number::{Ratio, Share},
        rate::{Rate, Unit},
    },
    offering::content::{Compensation, Settlement, Vat},
    validation::ValidationErrors,
    values::{
        money::Price,
        text::{Code, Line},
    },
};

keyword_forms!(HolyDays, Settlement, Unit, Vat);
strings!(
    Clock: string().pattern(Some("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")),
    Month: string().pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$")),
    Ratio: string().max_length(Some(19)).pattern(Some(r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$")),
    Share: string().max_length(Some(8)).pattern(Some(r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$")),
);
serde_by_form!(Band, Compensation, Extra);

/// The names of the days, from Monday.
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn weekday_name(day: Weekday) -> &'static str {
    WEEK.iter().zip(WEEKDAYS).find(|(known, _)| **known == day).map_or("", |(_, name)| name)
}

impl Form for Weekday {
    fn parse(value: &Value, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        parse_keyword(value, at, &WEEK, weekday_name, errors)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(weekday_name(*self))
    }

    fn schema() -> Schema {
        reference("Weekday")
    }

    fn components(components: &mut Components) {
        components.push(("Weekday".to_owned(), enumeration("A day of the week.", &WEEKDAYS)));
    }
}

/// Some hours of some days. A night is two: to 24:00, and from 00:00.
#[derive(Debug, Form)]
#[form(name = "Hours", closed, example({
    "weekdays": ["monday", "tuesday"], "holyDays": "no", "from": "07:00", "to": "15:00"
}))]
pub struct HoursFields {
    /// Days of the week; by default all.
    #[form(omit_default)]
    weekdays: Vec<Weekday>,
    /// Public holidays too, not on them, or only on them; `yes` by default. An ordinary Sunday is a weekday
    /// here.
    #[form(omit_default)]
    holy_days: HolyDays,
    /// The first minute.
    from: Clock,
    /// The minute after the last, at most `24:00`.
    to: Clock,
}

impl ConvertedForm for Hours {
    type Fields = HoursFields;

    fn to_fields(&self) -> HoursFields {
        let mut weekdays: Vec<_> = self.weekdays().collect();
        if weekdays == WEEK {
            weekdays.clear();
        }
        let (from, to) = self.span();
        HoursFields { weekdays, holy_days: self.holy_days(), from, to }
    }

    fn from_fields(fields: HoursFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let HoursFields { mut weekdays, holy_days, from, to } = fields;
        if weekdays.is_empty() {
            weekdays.extend(WEEK);
        }
        errors.collect(at, Self::new(&weekdays, holy_days, from, to))
    }
}

form! {
    /// Hours with one price.
    #[form(name = "Band", closed, example({
        "code": "evening", "name": "Kveld", "rules": [{"from": "15:00", "to": "23:00"}]
    }))]
    struct Band {
        /// Its code within the offering. `day`, `evening`, `night`, `weekend` and `holy-day` make tables of
        /// municipalities easy to compare.
        code: Code,
        /// Display name.
        name: Line,
        /// When it is: at any hours of these.
        #[form(schema_min_items = 1, max_items = 50)]
        rules: Vec<Hours>,
    }
}

/// Hours and bands from a day on.
#[derive(Debug, Form)]
#[form(name = "BandSet")]
pub struct BandsFields {
    /// Service hours, round the clock where both lists are left out. With `bands` they are required.
    #[form(omit_default, max_items = 50)]
    hours: Vec<Hours>,
    /// Hours with one price, which cover the service hours without gap or overlap; by default one named `all`.
    #[form(omit_default, max_items = 50)]
    bands: Vec<Band>,
}

/// The band of an offering without bands: all its hours.
fn whole_band(hours: &[Hours]) -> Option<Band> {
    let (code, name) = (Code::parse("all").ok()?, Line::parse("Hele tiden").ok()?);
    Some(Band { code, name, rules: hours.to_vec() })
}

/// The bands of a day; none where a price holds at all hours.
#[must_use]
pub fn stated_bands(bands: &Bands) -> Vec<Band> {
    let is_whole = bands.bands().iter().eq(whole_band(bands.hours()).iter());
    if is_whole { Vec::new() } else { bands.bands().to_vec() }
}

/// What is the default is not written.
impl ConvertedForm for Bands {
    type Fields = BandsFields;

    fn to_fields(&self) -> BandsFields {
        let (hours, bands) = (self.hours(), stated_bands(self));
        let is_default = bands.is_empty() && hours == [Hours::round_the_clock()];
        BandsFields { hours: if is_default { Vec::new() } else { hours.to_vec() }, bands }
    }

    fn from_fields(fields: BandsFields, at: &str, errors: &mut ValidationErrors) -> Option<Self> {
        let BandsFields { mut hours, mut bands } = fields;
        if bands.is_empty() {
            if hours.is_empty() {
                hours.push(Hours::round_the_clock());
            }
            bands.extend(whole_band(&hours));
        }
        Self::new(hours, bands).map_err(|found| errors.extend(found.under(at))).ok()
    }
}

/// The bands from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Form)]
#[form(name = "LaterBands", closed)]
pub struct LaterBands {
    /// Their first day.
    pub from: NaiveDate,
    #[form(flatten)]
    pub bands: Bands,
}

form! {
    /// Payment when no service, or more than the service, is given.
    #[form(name = "Extra", tag = "kind", closed, example({
        "kind": "each-time", "amount": {"amount": "350.00", "currency": "NOK"}, "vat": "exempt"
    }), tag_docs = "None, an amount each time or per hour, or a share of the price of the planned visit.")]
    enum Extra {
        Nothing,
        EachTime {
            amount: Price,
            vat: Vat,
        },
        EachHour {
            /// `each-time` and `each-hour`: how much.
            amount: Price,
            /// `each-time` and `each-hour`: how value added tax is treated.
            vat: Vat,
        },
        OfVisit {
            /// `of-visit`: which share, such as `0.75`.
            share: Share,
        },
    }
}

/// Part 5: the fixed compensation, the same for every provider. Add-ons have no place here.
#[derive(Debug, Form)]
#[form(name = "Compensation", closed, partial, expand_absent)]
pub struct CompensationFields {
    #[form(flatten)]
    first: Bands,
    /// Other bands, each from a day on.
    #[form(omit_default, max_items = 49)]
    later_bands: Vec<LaterBands>,
    /// The price table: past, present and future lines, at least one.
    #[form(omit_default, min_items = 1, max_items = 2000)]
    lines: Vec<Rate>,
    /// Payment for an alarm or a call outside the plan.
    call_out: Extra,
    /// Payment if the user is absent.
    wasted_trip: Extra,
    /// Payment for stand-by; never a share of a visit.
    stand_by: Extra,
}

/// [`OfferingContent::new`](crate::domain::offering::content::OfferingContent::new) checks the lines against each
/// other.
impl ConvertedForm for Compensation {
    type Fields = CompensationFields;

    fn to_fields(&self) -> CompensationFields {
        let later = self.divisions.later().iter();
        CompensationFields {
            first: self.divisions.first().clone(),
            later_bands: later
                .map(|(from, bands)| LaterBands { from: *from, bands: bands.clone() })
                .collect(),
            lines: self.rates.clone(),
            call_out: self.extras.call_out(),
            wasted_trip: self.extras.wasted_trip(),
            stand_by: self.extras.stand_by(),
        }
    }

    fn from_fields(
        fields: CompensationFields,
        at: &str,
        errors: &mut ValidationErrors,
    ) -> Option<Self> {
        let CompensationFields { first, later_bands, lines, .. } = fields;
        let later = later_bands.into_iter().map(|it| (it.from, it.bands)).collect();
        let divisions = errors.collect(&format!("{at}/laterBands"), Divisions::new(first, later));
        let extras = Extras::new(fields.call_out, fields.wasted_trip, fields.stand_by);
        let extras = errors.collect(&format!("{at}/standBy"), extras);
        Some(Self { divisions: divisions?, rates: lines, extras: extras? })
    }
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
