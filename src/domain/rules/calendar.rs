//! Helligdager: the Norwegian holy days, and the days that are equal to them when time is counted.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

/// Holy days that follow Easter, in days from Easter Sunday: Maundy Thursday, Good Friday, Easter
/// Sunday and Monday, Ascension, Whit Sunday and Monday (lov 24 February 1995 no. 12 § 2).
const FROM_EASTER: [i64; 7] = [-3, -2, 0, 1, 39, 49, 50];

/// Holy days with a fixed month and day (lov 24 February 1995 no. 12 § 2), and 1 and 17 May, which
/// are equal to Sundays (lov 26 April 1947 no. 1). 24 and 31 December are not among them.
const FIXED: [(u32, u32); 5] = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)];

/// Easter Sunday of the Gregorian calendar; [`NaiveDate::MAX`] for a year that cannot be expressed.
#[must_use]
pub fn easter_sunday(year: i32) -> NaiveDate {
    // The "anonymous" computus (Meeus, Astronomical Algorithms, chapter 8), counted from 22 March.
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let moon_drift = (century - (century + 8) / 25 + 1) / 3;
    let full_moon = (19 * golden + century - century / 4 - moon_drift + 15).rem_euclid(30);
    let leap_days = 2 * (century % 4) + 2 * (in_century / 4) - in_century % 4;
    let to_sunday = (32 + leap_days - full_moon).rem_euclid(7);
    let late = (golden + 11 * full_moon + 22 * to_sunday) / 451;
    let after = TimeDelta::days(i64::from(full_moon + to_sunday - 7 * late));
    NaiveDate::from_ymd_opt(year, 3, 22)
        .and_then(|earliest| earliest.checked_add_signed(after))
        .unwrap_or(NaiveDate::MAX)
}

/// A Sunday, another holy day, or a day equal to one.
#[must_use]
pub fn is_holy_day(day: NaiveDate) -> bool {
    day.weekday() == Weekday::Sun || is_named_holy_day(day)
}

/// A public holiday, or an equivalent day, by its own name and not only as a Sunday: prices for holidays mean
/// this, since Sundays have prices as weekdays. Easter Sunday and Whit Sunday are both.
#[must_use]
pub fn is_named_holy_day(day: NaiveDate) -> bool {
    let from_easter = day.signed_duration_since(easter_sunday(day.year())).num_days();
    FIXED.contains(&(day.month(), day.day())) || FROM_EASTER.contains(&from_easter)
}

/// Neither Saturday nor holy day.
#[must_use]
pub fn is_working_day(day: NaiveDate) -> bool {
    day.weekday() != Weekday::Sat && !is_holy_day(day)
}

/// The day itself if it is a working day, else the next one. Where no day is left, the day itself.
#[must_use]
pub fn next_working_day_from(day: NaiveDate) -> NaiveDate {
    day.iter_days().find(|day| is_working_day(*day)).unwrap_or(day)
}

#[cfg(test)]
mod tests;
