//! Eksempler: bands and rates for the tests of the compensation.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    band::{Band, Bands, Clock, HolyDays, Hours, WEEK},
    division::Divisions,
    rate::{Rate, RateBasis, RateKey, Unit, Vat},
    table::PriceTable,
};
use crate::domain::{
    rules::calendar::is_named_holy_day,
    samples::{SampleDice, code, day, line},
    validation::ValidationErrors,
    values::{money::Price, text::Code},
};

fn at(minutes: u16) -> Clock {
    Clock::new(minutes).unwrap()
}

pub(super) fn clock(value: &str) -> Clock {
    Clock::parse(value).unwrap()
}

pub(super) fn hours(weekdays: &[Weekday], holy_days: HolyDays, from: &str, to: &str) -> Hours {
    Hours::new(weekdays, holy_days, clock(from), clock(to)).unwrap()
}

pub(super) fn band(name: &str, rules: Vec<Hours>) -> Band {
    Band { code: code(name), name: line(name), rules }
}

/// Five days with day and evening, weekend and holy day for themselves; 07 to 23 every day.
pub(super) fn usual_bands() -> (Vec<Hours>, Vec<Band>) {
    let (work, weekend) = WEEK.split_at(5);
    let bands = vec![
        band("dag", vec![hours(work, HolyDays::Excluded, "07:00", "15:00")]),
        band("kveld", vec![hours(work, HolyDays::Excluded, "15:00", "23:00")]),
        band("helg", vec![hours(weekend, HolyDays::Excluded, "07:00", "23:00")]),
        band("hellig", vec![hours(&WEEK, HolyDays::Only, "07:00", "23:00")]),
    ];
    (vec![Hours::daily(clock("07:00"), clock("23:00")).unwrap()], bands)
}

/// Cuts the day at random into pieces, assigns them to three bands by groups of days, and sometimes moves an
/// edge, so that some sets are complete and others are not.
pub(super) fn random_bands(dice: &mut SampleDice) -> (Vec<Hours>, Vec<Band>) {
    let groups: [(&[Weekday], HolyDays); 3] = [
        (&WEEK[..5], HolyDays::Excluded),
        (&WEEK[5..], HolyDays::Excluded),
        (&WEEK, HolyDays::Only),
    ];
    let (open, close) = dice.of(&[(0, 1_440), (420, 1_380), (435, 1_000)]);
    let mut bands = vec![band("a", vec![]), band("b", vec![]), band("c", vec![])];
    for (i, (days, holy_days)) in groups.into_iter().enumerate() {
        let mut cuts: Vec<u16> = (0..dice.roll(4))
            .map(|_| open + 1 + u16::try_from(dice.roll(u64::from(close - open - 1))).unwrap())
            .chain([open, close])
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let pairs: Vec<_> = cuts.windows(2).map(|w| (w[0], w[1])).collect();
        for (nth, (mut from, mut to)) in pairs.into_iter().enumerate() {
            match dice.roll(24) {
                0 => from = from.saturating_sub(5),
                1 => to = (to + 7).min(1_440),
                2 if to - from > 3 => from += 2,
                3 if to - from > 3 => to -= 1,
                _ => {}
            }
            let rule = Hours::new(days, holy_days, at(from), at(to)).unwrap();
            bands[(i + nth) % 3].rules.push(rule);
        }
    }
    bands.retain(|band| !band.rules.is_empty());
    (vec![Hours::daily(at(open), at(close)).unwrap()], bands)
}

/// A day as plain values: its place in the week, from 0, and whether it is holy.
pub(super) type Plain = (usize, bool);

pub(super) fn plain(date: NaiveDate) -> Plain {
    let index = usize::try_from(date.weekday().num_days_from_monday()).unwrap();
    (index, is_named_holy_day(date))
}

/// Independent implementation: whether a rule covers a minute of a day.
pub(super) fn plain_has(rules: &[Hours], (index, holy): Plain, minute: u16) -> bool {
    rules.iter().any(|rule| {
        let (from, to) = rule.span();
        rule.weekdays().any(|day| day == WEEK[index])
            && (from.minutes()..to.minutes()).contains(&minute)
            && (holy || rule.holy_days() != HolyDays::Only)
            && !(holy && rule.holy_days() == HolyDays::Excluded)
    })
}

/// For an hour, as the municipality fixed it, from a day on.
pub(super) fn rate(zone: Option<&str>, band: Option<&str>, kroner: &str, from: &str) -> Rate {
    Rate {
        key: RateKey { unit: Unit::Hour, zone: zone.map(code), band: band.map(code) },
        amount: Price::parse(kroner).unwrap(),
        vat: Vat::Exempt,
        from: day(from),
        to: None,
        index: None,
        basis: RateBasis::Stated { parts: None, note: None },
    }
}

pub(super) fn until(rate: Rate, to: &str) -> Rate {
    Rate { to: Some(day(to)), ..rate }
}

/// The zones `nord` and `sentrum`.
pub(super) fn zones() -> [Code; 2] {
    [code("nord"), code("sentrum")]
}

/// With the usual bands.
pub(super) fn table(rates: Vec<Rate>) -> Result<PriceTable, ValidationErrors> {
    let (hours, bands) = usual_bands();
    let bands = Bands::new(hours, bands).unwrap();
    PriceTable::new(zones(), Divisions::always(bands), rates)
}

/// Where errors are, and their codes.
pub(super) fn errors_of<T: std::fmt::Debug>(
    outcome: Result<T, ValidationErrors>,
) -> Vec<(String, &'static str)> {
    let errors = outcome.unwrap_err().into_vec();
    errors.into_iter().map(|f| (f.pointer, f.error.code)).collect()
}

pub(super) fn expected(list: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    list.iter().map(|(at, code)| ((*at).to_owned(), *code)).collect()
}
