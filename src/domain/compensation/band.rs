//! Bands: parts of the week and the day with separate prices, defined by each offering.
//!
//! A rule covers a calendar day in wall-clock time, so a night from 23 to 07 is two rules: 23–24 and 00–07. A
//! public holiday is one by its own name ([`is_named_holy_day`]), since an ordinary Sunday is a weekday here.
//! 24 and 31 December and Easter Eve are not public holidays by law, so not here either.

mod check;

use std::{collections::BTreeSet, fmt};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

use crate::domain::{
    message::{fields, prices},
    rules::calendar::is_named_holy_day,
    validation::ValidationErrors,
    value_error::ValueError,
    values::text::{Code, Line},
};

/// A minute of the clock on the wall, 00:00 to 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

keywords! {
    /// Whether a rule concerns holy days.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum HolyDays {
        /// Whether the day is holy makes no difference.
        #[default]
        Included = "yes",
        /// Not on holy days.
        Excluded = "no",
        /// Public holidays only.
        Only = "only",
    }
}

/// Some hours of some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    weekdays: [bool; 7],
    holy_days: HolyDays,
    from: Clock,
    to: Clock,
}

/// A band: hours with one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Its code within the offering.
    pub code: Code,
    /// Display name, such as `Kveld`.
    pub name: Line,
    /// When it is: at any hours that one of its rules names.
    pub rules: Vec<Hours>,
}

/// The bands of an offering: each minute of the service's hours is in exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands {
    hours: Vec<Hours>,
    bands: Vec<Band>,
}

/// The properties of a day that select its hours: its weekday, and whether it is a public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayKind {
    /// Its name in the week.
    pub weekday: Weekday,
    /// Whether it is holy by its own name.
    pub is_holy: bool,
}

impl Clock {
    /// The start of a day.
    pub const START: Self = Self(0);

    /// The end of a day.
    pub const END: Self = Self(24 * 60);

    /// Minutes from the start of the day, at most 1440. Error: `clock-form`.
    pub fn new(minutes: u16) -> Result<Self, ValueError> {
        if minutes <= Self::END.0 {
            return Ok(Self(minutes));
        }
        Err(clock_form())
    }

    /// Reads `07:00`; `24:00` is the end of the day. Error: `clock-form`.
    pub fn parse(value: &str) -> Result<Self, ValueError> {
        let two = |text: &str| -> Option<u16> {
            let is_two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            is_two.then(|| text.parse().ok()).flatten()
        };
        let parts = value.split_once(':').and_then(|(h, m)| Some((two(h)?, two(m)?)));
        let (hours, minutes) = parts.filter(|(_, m)| *m < 60).ok_or_else(clock_form)?;
        Self::new(60 * hours + minutes)
    }

    /// The minute that a local time falls in.
    #[must_use]
    pub fn of(local: NaiveDateTime) -> Self {
        let minutes = local.hour() * 60 + local.minute();
        Self(u16::try_from(minutes).unwrap_or(0))
    }

    /// Minutes from the start of the day.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Hours {
    /// Hours from (inclusive) to (exclusive) on these days of the week.
    /// Errors: `hours-order`, `weekdays-missing`.
    pub fn new(
        weekdays: &[Weekday],
        holy_days: HolyDays,
        from: Clock,
        to: Clock,
    ) -> Result<Self, ValueError> {
        if weekdays.is_empty() {
            return Err(prices::weekdays_missing());
        }
        if from >= to {
            return Err(prices::hours_order());
        }
        Ok(Self { weekdays: WEEK.map(|day| weekdays.contains(&day)), holy_days, from, to })
    }

    /// Every day, holy or not, at these hours. Error: `hours-order`.
    pub fn daily(from: Clock, to: Clock) -> Result<Self, ValueError> {
        Self::new(&WEEK, HolyDays::Included, from, to)
    }

    /// Every minute there is.
    #[must_use]
    pub const fn round_the_clock() -> Self {
        let holy_days = HolyDays::Included;
        Self { weekdays: [true; 7], holy_days, from: Clock::START, to: Clock::END }
    }

    /// The days of the week, from Monday.
    pub fn weekdays(&self) -> impl Iterator<Item = Weekday> + '_ {
        WEEK.into_iter().zip(self.weekdays).filter_map(|(day, is_in)| is_in.then_some(day))
    }

    /// Whether holy days are among them.
    #[must_use]
    pub const fn holy_days(&self) -> HolyDays {
        self.holy_days
    }

    /// The first minute, and the one after the last.
    #[must_use]
    pub const fn span(&self) -> (Clock, Clock) {
        (self.from, self.to)
    }

    fn has_day(&self, day: DayKind) -> bool {
        let fits = match self.holy_days {
            HolyDays::Included => true,
            HolyDays::Excluded => !day.is_holy,
            HolyDays::Only => day.is_holy,
        };
        let names = || WEEK.iter().zip(&self.weekdays);
        fits && names().any(|(name, is_in)| *is_in && *name == day.weekday)
    }

    fn has(&self, day: DayKind, minute: Clock) -> bool {
        self.from <= minute && minute < self.to && self.has_day(day)
    }
}

impl DayKind {
    /// The kind of a Norwegian day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { weekday: day.weekday(), is_holy: is_named_holy_day(day) }
    }

    /// Every kind: each occurs in some year.
    pub fn all() -> impl Iterator<Item = Self> {
        [false, true].into_iter().flat_map(|is_holy| WEEK.map(|weekday| Self { weekday, is_holy }))
    }
}

impl Bands {
    /// The most bands, and the most rules in one of them or in the service's hours.
    pub const MAX: usize = 50;

    /// Bands that cover the service's hours.
    ///
    /// # Errors
    /// All errors: `hours-missing`, `rules-missing`, `too-many`, `duplicate` (codes); then `band-gap` for
    /// each hours without a band, `band-overlap` for each that two have, `band-outside-hours` for each
    /// that a band has and the service has not. An error names the hours and all days that share it.
    pub fn new(hours: Vec<Hours>, bands: Vec<Band>) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        if hours.is_empty() {
            errors.add("/hours", prices::hours_missing());
        }
        let too_many = || fields::too_many_given(Self::MAX);
        if hours.len() > Self::MAX {
            errors.add("/hours", too_many());
        }
        if bands.len() > Self::MAX {
            errors.add("/bands", too_many());
        }
        let mut seen = BTreeSet::new();
        for (i, band) in bands.iter().enumerate() {
            if !seen.insert(&band.code) {
                errors.add(format!("/bands/{i}/code"), fields::duplicate_code());
            }
            if band.rules.is_empty() {
                errors.add(format!("/bands/{i}/rules"), prices::rules_missing());
            }
            if band.rules.len() > Self::MAX {
                errors.add(format!("/bands/{i}/rules"), too_many());
            }
        }
        let made = Self { hours, bands };
        if errors.is_empty() {
            made.check(&mut errors);
        }
        errors.finish(Some(made))
    }

    /// One band for all hours, for an offering with one price.
    #[must_use]
    pub fn single(hours: Vec<Hours>, code: Code, name: Line) -> Self {
        let band = Band { code, name, rules: hours.clone() };
        Self { hours, bands: vec![band] }
    }

    /// The service's hours.
    #[must_use]
    pub fn hours(&self) -> &[Hours] {
        &self.hours
    }

    /// The bands, in published order.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The band of that code.
    #[must_use]
    pub fn band(&self, code: &Code) -> Option<&Band> {
        self.bands.iter().find(|band| band.code == *code)
    }

    /// The band at a minute of a day; none outside the service's hours.
    #[must_use]
    pub fn at(&self, day: DayKind, minute: Clock) -> Option<&Band> {
        self.bands.iter().find(|band| band.rules.iter().any(|rule| rule.has(day, minute)))
    }

    /// Whether both have the same hours under the same codes; names may differ.
    #[must_use]
    pub fn same_hours(&self, other: &Self) -> bool {
        let rules = |bands: &Self| -> Vec<_> {
            bands.bands.iter().map(|band| (band.code.clone(), band.rules.clone())).collect()
        };
        self.hours == other.hours && rules(self) == rules(other)
    }

    /// The first minute after this one at which another band may begin, at most the end of the day.
    #[must_use]
    pub fn next_edge(&self, day: DayKind, minute: Clock) -> Clock {
        let edges = edges(self.bands.iter().flat_map(|band| &band.rules), day);
        edges.into_iter().find(|edge| *edge > minute).unwrap_or(Clock::END)
    }
}

/// The days of the week, from Monday.
pub const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// The minutes of a day at which something may begin or end; its start and its end too.
fn edges<'a>(rules: impl Iterator<Item = &'a Hours>, day: DayKind) -> BTreeSet<Clock> {
    let of_rules = rules.filter(|rule| rule.has_day(day)).flat_map(|rule| [rule.from, rule.to]);
    of_rules.chain([Clock::START, Clock::END]).collect()
}

fn clock_form() -> ValueError {
    prices::clock_form()
}

#[cfg(test)]
mod tests;
