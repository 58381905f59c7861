//! Hull og overlapp: where bands leave a minute out, or have it twice.

use chrono::Weekday;

use super::{Bands, Clock, DayKind, edges};
use crate::domain::{validation::ValidationErrors, value_error::ValueError};

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
            let when = format!("{from}–{to} on {}", days_in_words(&finding.days));
            let name = |i: usize| self.bands.get(i).map_or("", |band| band.code.as_str());
            match finding.wrong {
                Wrong::Gap => {
                    let detail = format!("No band covers the service hours {when}.");
                    errors.add("/bands", ValueError::new("band-gap", detail));
                }
                Wrong::Overlap(first, second) => {
                    let (one, other) = (name(first), name(second));
                    let detail = format!("Both ‘{one}’ and ‘{other}’ have {when}.");
                    errors.add(format!("/bands/{second}"), ValueError::new("band-overlap", detail));
                }
                Wrong::Outside(i) => {
                    let detail = format!("‘{}’ covers {when}, outside the service hours.", name(i));
                    errors
                        .add(format!("/bands/{i}"), ValueError::new("band-outside-hours", detail));
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
fn days_in_words(days: &[DayKind]) -> String {
    let of = |is_holy: bool| -> Vec<Weekday> {
        days.iter().filter(|day| day.is_holy == is_holy).map(|day| day.weekday).collect()
    };
    let words = |days: &[Weekday], all: &str, of: &str| match days.len() {
        7 => all.to_owned(),
        _ => days.iter().map(|day| format!("{of}{day}")).collect::<Vec<_>>().join(", "),
    };
    let (plain, holy) = (of(false), of(true));
    if days.len() == 14 {
        return "every day".to_owned();
    }
    let parts = [words(&plain, "every weekday", ""), words(&holy, "every holy day", "holy ")];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", and ")
}
