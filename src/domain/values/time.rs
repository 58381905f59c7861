//! Frister: instants in UTC, days in Norwegian time, and time limits by domstolloven §§ 148–149.

use std::fmt;

use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Europe::Oslo;
use validator::ValidateRange;

use crate::domain::{
    message::fields, rules::calendar::next_working_day_from, value_error::ValueError,
};

/// A point in time, always UTC.
pub type Instant = DateTime<Utc>;

/// The length of a time limit: 1 to 600 days, weeks or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    amount: u16,
    unit: PeriodUnit,
}

keywords! {
    /// Unit of a period.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum PeriodUnit {
        /// Calendar days.
        Days = "days",
        /// Weeks: ends on the day with the same name.
        Weeks = "weeks",
        /// Months: ends on the day with the same number.
        Months = "months",
    }
}

/// A party's time limit for an appeal (forvaltningsloven § 29).
pub const APPEAL_PERIOD: Period = Period::fixed(3, PeriodUnit::Weeks);

/// From knowing that an appeal was lost until it must be repeated (forvaltningsloven § 30).
pub const LOST_APPEAL_PERIOD: Period = Period::fixed(1, PeriodUnit::Weeks);

/// The time of other appellants against a decision that grants a right, however late they learn of it
/// (forvaltningsloven § 29).
pub const OTHERS_LIMIT: Period = Period::fixed(3, PeriodUnit::Months);

/// After it no late appeal is taken on any ground (forvaltningsloven § 31).
pub const LATE_APPEAL_LIMIT: Period = Period::fixed(12, PeriodUnit::Months);

/// From the lower body's receipt of an appeal until a change to the appellant's harm must be sent
/// (forvaltningsloven § 34).
pub const HARM_LIMIT: Period = Period::fixed(3, PeriodUnit::Months);

/// From the arrival of the new decision until costs must be claimed (forvaltningsloven § 36).
pub const COSTS_PERIOD: Period = Period::fixed(3, PeriodUnit::Weeks);

/// How long a case may take before an answer is owed (forvaltningsloven § 11 a).
pub const ANSWER_PERIOD: Period = Period::fixed(1, PeriodUnit::Months);

/// The time until the second notice of an unopened message (eForvaltningsforskriften § 8).
pub const RENOTICE_PERIOD: Period = Period::fixed(1, PeriodUnit::Weeks);

/// The time in which a letter by post has arrived as a rule.
pub const ARRIVAL_PERIOD: Period = Period::fixed(1, PeriodUnit::Weeks);

/// The stand-still of a procurement after electronic dispatch (anskaffelsesforskriften § 30-9).
pub const STAND_STILL: Period = Period { amount: 10, unit: PeriodUnit::Days };

/// The same after any other dispatch.
pub const STAND_STILL_ON_PAPER: Period = Period { amount: 15, unit: PeriodUnit::Days };

/// How long something that was confirmed or reviewed holds.
pub const YEAR: Period = Period { amount: 12, unit: PeriodUnit::Months };

impl Period {
    /// The greatest amount, in any unit.
    pub const MAX: u16 = 600;

    /// A period of 1 to 600 units. Error: `period-range`.
    pub fn new(amount: u16, unit: PeriodUnit) -> Result<Self, ValueError> {
        if amount.validate_range(Some(1), Some(Self::MAX), None, None) {
            return Ok(Self { amount, unit });
        }
        Err(fields::period_range())
    }

    /// A period fixed by law.
    #[must_use]
    pub(super) const fn fixed(amount: u16, unit: PeriodUnit) -> Self {
        Self { amount, unit }
    }

    /// How many units, 1 to 600.
    #[must_use]
    pub const fn amount(self) -> u16 {
        self.amount
    }

    /// Unit of the period.
    #[must_use]
    pub const fn unit(self) -> PeriodUnit {
        self.unit
    }
}

impl fmt::Display for Period {
    /// In English: `1 week`, `3 weeks`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            PeriodUnit::Days => "day",
            PeriodUnit::Weeks => "week",
            PeriodUnit::Months => "month",
        };
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(f, "{} {unit}{plural}", self.amount)
    }
}

/// The Norwegian day (Europe/Oslo) on which an instant falls.
#[must_use]
pub fn day_of(at: Instant) -> NaiveDate {
    local(at).date()
}

/// Norwegian calendar and wall-clock time (Europe/Oslo) at an instant.
#[must_use]
pub fn local(at: Instant) -> NaiveDateTime {
    let utc = at.naive_utc();
    let offset = Oslo.offset_from_utc_datetime(&utc).fix();
    // Without the offset only in the last hours of chrono's range.
    utc.checked_add_offset(offset).unwrap_or(utc)
}

/// The instant at which a Norwegian day begins.
#[must_use]
pub fn start_of_day(day: NaiveDate) -> Instant {
    let midnight = day.and_time(NaiveTime::MIN);
    // No change of the clocks has ever omitted a Norwegian midnight, so UTC's is not reached.
    let local = Oslo.from_local_datetime(&midnight).earliest();
    local.map_or_else(|| midnight.and_utc(), |local| local.to_utc())
}

/// The instant at which a Norwegian day is over (exclusive): the start of the next.
#[must_use]
pub fn end_of_day(day: NaiveDate) -> Instant {
    start_of_day(day.succ_opt().unwrap_or(day))
}

/// The last day of a time limit; moved on from Saturdays and holy days (domstolloven § 149).
#[must_use]
pub fn deadline_day(start: NaiveDate, period: Period) -> NaiveDate {
    next_working_day_from(unrolled_day(start, period))
}

/// The last day before any moving (domstolloven § 148): the starting day is not counted; weeks and
/// months end on the day of the same name or number, or on the month's last. A time limit that
/// binds the authority should warn on this day.
#[must_use]
pub fn unrolled_day(start: NaiveDate, period: Period) -> NaiveDate {
    let amount = period.amount;
    let end = match period.unit {
        PeriodUnit::Days => start.checked_add_days(Days::new(amount.into())),
        PeriodUnit::Weeks => start.checked_add_days(Days::new(u64::from(amount) * 7)),
        PeriodUnit::Months => start.checked_add_months(Months::new(amount.into())),
    };
    end.unwrap_or(NaiveDate::MAX)
}

/// The day a period before another, which is how far back something not older than the period may
/// go; a month without that number gives its last day.
#[must_use]
pub fn day_before(end: NaiveDate, period: Period) -> NaiveDate {
    let amount = u64::from(period.amount);
    let day = match period.unit {
        PeriodUnit::Days => end.checked_sub_days(Days::new(amount)),
        PeriodUnit::Weeks => end.checked_sub_days(Days::new(7 * amount)),
        PeriodUnit::Months => end.checked_sub_months(Months::new(period.amount.into())),
    };
    day.unwrap_or(NaiveDate::MIN)
}

/// The last day on which a party may appeal, counted from the Norwegian day of the notification.
#[must_use]
pub fn last_appeal_day(notified: Instant) -> NaiveDate {
    deadline_day(day_of(notified), APPEAL_PERIOD)
}

/// Parses `YYYY-MM-DD` (ISO 8601) in the years 1900 to 2200. Errors: `date-form`, `date-does-not-exist`.
pub fn parse_day(value: &str) -> Result<NaiveDate, ValueError> {
    let has_form = value.len() == 10
        && value.bytes().zip(1..).all(|(byte, place)| match place {
            5 | 8 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let year = value.get(..4).unwrap_or_default();
    if !has_form || !("1900"..="2200").contains(&year) {
        return Err(fields::date_form());
    }
    value.parse().map_err(|_| fields::date_does_not_exist())
}

#[cfg(test)]
mod tests;
