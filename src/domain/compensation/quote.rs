//! Quote: the price of planned visits, minute by minute of Norwegian time.
//!
//! The elapsed time counts: over the hour that summer time skips or repeats, wall-clock time selects the band
//! and elapsed minutes determine the amount. Consecutive minutes under one rate are one part. **Each part is
//! rounded to the øre, half an øre up, and a visit is the sum of its displayed parts**: published figures are
//! rounded first and used in later calculations, so that every sum can be verified. A visit priced as a whole
//! costs the rate of its first minute.

use chrono::{
    DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike,
};
use chrono_tz::{Europe::Oslo, Tz};

use super::{
    band::{Clock, DayKind},
    number::Ratio,
    rate::{Rate, Unit, Vat},
    table::PriceTable,
};
use crate::domain::{
    message::{fields, prices},
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        money::Money,
        text::Code,
        time::{Instant, local},
    },
};

/// How long a visit takes: 1 to 1440 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitLength(u32);

impl VisitLength {
    /// The longest visit: a day.
    pub const MAX: u32 = 24 * 60;

    /// Minutes. Errors: `visit-without-length`, `visit-too-long`.
    pub fn new(minutes: u32) -> Result<Self, ValueError> {
        if minutes == 0 {
            return Err(prices::visit_without_length());
        }
        if minutes > Self::MAX {
            return Err(prices::visit_too_long());
        }
        Ok(Self(minutes))
    }

    /// The minutes.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A planned visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The Norwegian day on which it begins.
    pub day: NaiveDate,
    /// When it begins, by the clock on the wall; before 24:00.
    pub start: Clock,
    /// In the repeated hour at the end of summer time: begins in the second one.
    pub second_time: bool,
    /// How long it takes.
    pub length: VisitLength,
    /// Where.
    pub zone: Code,
}

/// The visits of a plan: 1 to 1000.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitPlan(Vec<Visit>);

impl VisitPlan {
    /// The most visits.
    pub const MAX: usize = 1_000;

    /// Error: `plan-size`.
    pub fn new(visits: Vec<Visit>) -> Result<Self, ValueError> {
        if !(1..=Self::MAX).contains(&visits.len()) {
            return Err(prices::plan_size(Self::MAX));
        }
        Ok(Self(visits))
    }

    /// The visits.
    #[must_use]
    pub const fn get(&self) -> &Vec<Visit> {
        &self.0
    }
}

/// Consecutive minutes of a visit under one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotePart<'a> {
    /// When it begins, by the clock on the wall.
    pub begins: NaiveDateTime,
    /// How many minutes.
    pub minutes: u32,
    /// In which band.
    pub band: &'a Code,
    pub rate: &'a Rate,
    /// Price, rounded to the øre.
    pub amount: Money,
}

/// Price of one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitQuote<'a> {
    /// When it begins.
    pub begins: Instant,
    /// When it is over.
    pub ends: Instant,
    /// Its parts, in order.
    pub parts: Vec<QuotePart<'a>>,
    /// The sum of the parts.
    pub amount: Money,
}

/// Price of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote<'a> {
    /// Each visit, in the order of the plan.
    pub visits: Vec<VisitQuote<'a>>,
    /// The sum per treatment of value added tax, since such amounts are not comparable.
    pub sums: Vec<(Vat, Money)>,
    /// The sum of all.
    pub total: Money,
}

impl Visit {
    /// The instant at which it begins.
    /// Errors: `start-form` (24:00), `start-skipped`, `start-not-repeated`.
    fn begins(&self) -> Result<Instant, ValueError> {
        let minutes = u32::from(self.start.minutes());
        let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)
            .ok_or_else(prices::start_form)?;
        let begins: MappedLocalTime<DateTime<Tz>> =
            Oslo.from_local_datetime(&self.day.and_time(time));
        match (begins, self.second_time) {
            (MappedLocalTime::Single(at), false) => Ok(at.to_utc()),
            (MappedLocalTime::Ambiguous(first, _), false) => Ok(first.to_utc()),
            (MappedLocalTime::Ambiguous(_, second), true) => Ok(second.to_utc()),
            (MappedLocalTime::Single(_), true) => Err(prices::start_not_repeated()),
            (MappedLocalTime::None, _) => Err(prices::start_skipped()),
        }
    }
}

impl PriceTable {
    /// Price of a plan in a unit with hours.
    ///
    /// # Errors
    /// All errors: `unit-without-hours`; at `/visits/{i}` `unknown-zone`, `start-form`, `start-skipped`,
    /// `start-not-repeated`, `outside-hours`, `no-rate`, `date-form` (at the end of the calendar).
    pub fn quote(&self, unit: Unit, visits: &[Visit]) -> Result<Quote<'_>, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        if !unit.has_hours() {
            errors.add("/unit", prices::unit_without_hours());
            return Err(errors);
        }
        let mut quoted = vec![];
        for (i, visit) in visits.iter().enumerate() {
            match self.quote_one(unit, visit) {
                Ok(quote) => quoted.push(quote),
                Err((field, error)) => errors.add(format!("/visits/{i}{field}"), error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let parts = || quoted.iter().flat_map(|visit| &visit.parts);
        let of = |vat: Vat| parts().filter(move |part| part.rate.vat == vat);
        let present = Vat::ALL.into_iter().filter(|vat| of(*vat).next().is_some());
        let sums = present.map(|vat| (vat, sum(of(vat)))).collect();
        let total = sum(parts());
        Ok(Quote { visits: quoted, sums, total })
    }

    fn quote_one(
        &self,
        unit: Unit,
        visit: &Visit,
    ) -> Result<VisitQuote<'_>, (&'static str, ValueError)> {
        if !self.zones().contains(&visit.zone) {
            let zones: Vec<_> = self.zones().iter().map(Code::as_str).collect();
            return Err(("/zone", fields::unknown_zone(zones.join(", "))));
        }
        let begins = visit.begins().map_err(|error| ("/start", error))?;
        let length = TimeDelta::minutes(visit.length.get().into());
        let ends =
            begins.checked_add_signed(length).ok_or_else(|| ("/date", fields::date_form_year()))?;
        let mut parts = self.split(unit, &visit.zone, begins, ends).map_err(|error| ("", error))?;
        for part in &mut parts {
            part.amount = match unit {
                Unit::Visit => part.rate.amount.money(),
                _ => cost(part.minutes, part.rate).map_err(|error| ("", error))?,
            };
        }
        let amount = sum(parts.iter());
        Ok(VisitQuote { begins, ends, parts, amount })
    }

    /// The parts of a visit, not yet priced.
    fn split(
        &self,
        unit: Unit,
        zone: &Code,
        begins: Instant,
        ends: Instant,
    ) -> Result<Vec<QuotePart<'_>>, ValueError> {
        let mut parts: Vec<QuotePart<'_>> = vec![];
        let mut at = begins;
        while at < ends {
            let wall = local(at);
            let (day, minute) = (wall.date(), Clock::of(wall));
            let (kind, bands) = (DayKind::of(day), self.divisions().on(day));
            let band = bands.at(kind, minute).ok_or_else(|| outside_hours(minute, day))?;
            let rate = match parts.first() {
                Some(first) if unit == Unit::Visit => first.rate,
                _ => {
                    let rate = self.rate(unit, zone, &band.code, day);
                    rate.ok_or_else(|| no_rate(unit, &band.code, day))?
                }
            };
            let to_edge = bands.next_edge(kind, minute).minutes() - minute.minutes();
            let left = within_hour(at, to_edge).min(ends - at);
            let minutes = u32::try_from(left.num_minutes()).unwrap_or(0);
            let goes_on = |last: &QuotePart<'_>| {
                unit == Unit::Visit || *last.band == band.code && std::ptr::eq(last.rate, rate)
            };
            match parts.last_mut() {
                Some(last) if goes_on(last) => last.minutes += minutes,
                _ => {
                    let (band, amount) = (&band.code, Money::from_ore(0));
                    parts.push(QuotePart { begins: wall, minutes, band, rate, amount });
                }
            }
            at += left;
        }
        Ok(parts)
    }
}

/// So many minutes, and at most to the full hour: clock changes are on the full hour only, so within one hour wall-clock
/// time runs like elapsed time.
fn within_hour(at: Instant, minutes: u16) -> TimeDelta {
    let to_hour = 60 - u16::try_from(at.minute()).unwrap_or(0);
    TimeDelta::minutes(minutes.min(to_hour).into())
}

fn outside_hours(minute: Clock, day: NaiveDate) -> ValueError {
    prices::outside_hours(minute.to_string(), day)
}

fn no_rate(unit: Unit, band: &Code, day: NaiveDate) -> ValueError {
    prices::no_rate(unit.as_str(), band.as_str(), day)
}

/// Minutes at the price of an hour, to the øre.
fn cost(minutes: u32, rate: &Rate) -> Result<Money, ValueError> {
    let hours = Ratio::of(minutes.into(), 60)?;
    Ratio::kroner(rate.amount.money()).times(hours)?.to_ore()
}

/// Parts are few and bounded, so their sum is far from the end of the range.
fn sum<'a, 'b: 'a>(parts: impl Iterator<Item = &'a QuotePart<'b>>) -> Money {
    Money::from_ore(parts.map(|part| part.amount.ore()).sum())
}

#[cfg(test)]
mod tests;
