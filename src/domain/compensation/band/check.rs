//! Hull og overlapp: where bands leave a minute out, or have it twice.

use chrono::Weekday;

use super::{Bands, Clock, DayKind, edges};
use crate::domain::{
    message::{Arg, MessageKey, prices},
    validation::ValidationErrors,
};

/// A coverage error at some hours of a day; bands by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Service hours without a band.
    Gap,
    /// Two bands have it.
    Overlap(usize, usize),
    /// A band outside the service hours.
    Outside(usize),
}

/// Hours at which something is wrong, and the days that share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BandFault {
    pub(super) wrong: Wrong,
    pub(super) from: Clock,
    pub(super) to: Clock,
    pub(super) days: Vec<DayKind>,
}

impl Bands {
    /// Notes each gap, overlap and band outside the hours.
    pub(super) fn check(&self, errors: &mut ValidationErrors) {
        for finding in self.findings() {
            let (from, to) = (finding.from, finding.to);
            let days = days_in_words(&finding.days);
            let (from, to) = (from.to_string(), to.to_string());
            let name = |i: usize| self.bands.get(i).map_or("", |band| band.code.as_str());
            match finding.wrong {
                Wrong::Gap => errors.add("/bands", prices::band_gap(from, to, days)),
                Wrong::Overlap(first, second) => {
                    let error = prices::band_overlap(name(first), name(second), from, to, days);
                    errors.add(format!("/bands/{second}"), error);
                }
                Wrong::Outside(i) => {
                    let error = prices::band_outside_hours(name(i), from, to, days);
                    errors.add(format!("/bands/{i}"), error);
                }
            }
        }
    }

    /// All that is wrong: hours as long as possible, days that share them together.
    pub(super) fn findings(&self) -> Vec<BandFault> {
        let mut found: Vec<BandFault> = vec![];
        for day in DayKind::all() {
            for (wrong, from, to) in self.findings_on(day) {
                let same = |f: &&mut BandFault| (f.wrong, f.from, f.to) == (wrong, from, to);
                match found.iter_mut().find(same) {
                    Some(finding) => finding.days.push(day),
                    None => found.push(BandFault { wrong, from, to, days: vec![day] }),
                }
            }
        }
        found
    }

    fn findings_on(&self, day: DayKind) -> Vec<(Wrong, Clock, Clock)> {
        let rules = self.bands.iter().flat_map(|band| &band.rules).chain(&self.hours);
        let edges = edges(rules, day);
        let mut found: Vec<(Wrong, Clock, Clock)> = vec![];
        for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
            for wrong in self.wrong_at(day, *from) {
                // A continuation of the previous finding is part of it.
                let before = found.iter_mut().find(|(w, _, end)| *w == wrong && *end == *from);
                match before {
                    Some((_, _, end)) => *end = *to,
                    None => found.push((wrong, *from, *to)),
                }
            }
        }
        found
    }

    fn wrong_at(&self, day: DayKind, minute: Clock) -> Vec<Wrong> {
        let is_given = self.hours.iter().any(|hours| hours.has(day, minute));
        let bands = self.bands.iter().enumerate();
        let has = bands.filter(|(_, band)| band.rules.iter().any(|rule| rule.has(day, minute)));
        let has: Vec<usize> = has.map(|(i, _)| i).collect();
        let mut wrong = vec![];
        if is_given && has.is_empty() {
            wrong.push(Wrong::Gap);
        }
        if !is_given {
            wrong.extend(has.iter().map(|i| Wrong::Outside(*i)));
        }
        for (nth, second) in has.iter().enumerate() {
            wrong.extend(has.iter().take(nth).map(|first| Wrong::Overlap(*first, *second)));
        }
        wrong
    }
}

/// Such as `Mon, Tue and every holy day`.
fn days_in_words(days: &[DayKind]) -> Arg {
    let of = |is_holy: bool| -> Vec<Weekday> {
        days.iter().filter(|day| day.is_holy == is_holy).map(|day| day.weekday).collect()
    };
    let (plain, holy) = (of(false), of(true));
    if days.len() == 14 {
        return Arg::Words(vec![prices::DAYS_ALL]);
    }
    let words = |days: Vec<Weekday>, all: MessageKey, is_holy: bool| match days.len() {
        7 => vec![all],
        _ => days.into_iter().map(|day| day_word(day, is_holy)).collect(),
    };
    let mut parts = words(plain, prices::DAYS_PLAIN, false);
    parts.extend(words(holy, prices::DAYS_HOLY, true));
    Arg::Words(parts)
}

const fn day_word(day: Weekday, is_holy: bool) -> MessageKey {
    match (day, is_holy) {
        (Weekday::Mon, false) => prices::DAY_MON,
        (Weekday::Tue, false) => prices::DAY_TUE,
        (Weekday::Wed, false) => prices::DAY_WED,
        (Weekday::Thu, false) => prices::DAY_THU,
        (Weekday::Fri, false) => prices::DAY_FRI,
        (Weekday::Sat, false) => prices::DAY_SAT,
        (Weekday::Sun, false) => prices::DAY_SUN,
        (Weekday::Mon, true) => prices::DAY_MON_HOLY,
        (Weekday::Tue, true) => prices::DAY_TUE_HOLY,
        (Weekday::Wed, true) => prices::DAY_WED_HOLY,
        (Weekday::Thu, true) => prices::DAY_THU_HOLY,
        (Weekday::Fri, true) => prices::DAY_FRI_HOLY,
        (Weekday::Sat, true) => prices::DAY_SAT_HOLY,
        (Weekday::Sun, true) => prices::DAY_SUN_HOLY,
    }
}
