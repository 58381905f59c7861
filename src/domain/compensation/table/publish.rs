//! Announcement of rates: permitted additions to a price table, and the parts that may never change.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{PriceGap, PriceTable, day_before};
use crate::domain::{
    compensation::{
        band::Bands,
        rate::{Rate, RateKey},
    },
    message::{fields, prices},
    validation::ValidationErrors,
    value_error::ValueError,
    values::text::Code,
};

/// An editor's announcement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Publication {
    /// Rates that were announced and have not begun, by key and first day: they fall away.
    pub withdrawn: Vec<(RateKey, NaiveDate)>,
    /// New rates. Each closes the rates it replaces on the day before.
    pub rates: Vec<Rate>,
    /// Bands from a day on, instead of all announced for that day or later. They close rates of removed bands
    /// on the day before.
    pub bands: Option<(NaiveDate, Bands)>,
}

/// The table after an announcement, and the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub table: PriceTable,
    /// Rates that are new.
    pub added: Vec<Rate>,
    /// Rates that have got another last day.
    pub closed: Vec<Rate>,
    /// Rates that fell away before they began.
    pub withdrawn: Vec<Rate>,
}

impl Published {
    /// The first day on which a price is another than before, where one is.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        let begin = self.added.iter().chain(&self.withdrawn).map(|rate| rate.from);
        let after = |rate: &Rate| rate.to.and_then(|end| end.succ_opt());
        begin.chain(self.closed.iter().filter_map(after)).min()
    }
}

impl PriceTable {
    /// Announces rates before they begin, without changing an amount that has been in force.
    ///
    /// A new rate closes each overlapping rate on the day before it begins, also one for all zones if it is for
    /// one: then the other zones need theirs in the same announcement.
    ///
    /// # Errors
    /// All errors: `required` (nothing is announced); at `/withdrawn/{i}` `line-unknown`, `amount-in-force`; at `/lines/{i}`
    /// `start-in-past`, `start-not-ahead` (today), `line-announced` (a rate that begins later stands in
    /// the way: withdraw it); those of [`PriceTable::new`]; then at `/lines` `coverage-gap` for each zone and
    /// band that would lose its price.
    pub fn publish(
        self,
        publication: Publication,
        today: NaiveDate,
    ) -> Result<Published, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let gone = self.check_publication(&publication, today, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let Publication { rates: added, bands, .. } = publication;
        let divisions = match bands {
            Some((from, bands)) => self.divisions.clone().changed(from, bands),
            None => self.divisions.clone(),
        };
        let mut table = Self { zones: self.zones.clone(), divisions, rates: vec![] };
        let remaining = self.rates.iter().filter(|rate| !gone.contains(rate)).cloned();
        let (remaining, closed) = table.close_replaced(remaining.collect(), &added, &mut errors);
        let known = remaining.len();
        table.rates = remaining;
        table.rates.extend(added.iter().cloned());
        table.check(known, &mut errors);
        if errors.is_empty() {
            table.opens_no_gap(&self, today, &mut errors);
        }
        errors.finish(Some(Published { table, added, closed, withdrawn: gone }))
    }

    /// Adds the errors of a publication by itself; returns the withdrawn rates.
    fn check_publication(
        &self,
        publication: &Publication,
        today: NaiveDate,
        errors: &mut ValidationErrors,
    ) -> Vec<Rate> {
        let Publication { withdrawn, rates: added, bands } = publication;
        if withdrawn.is_empty() && added.is_empty() && bands.is_none() {
            errors.missing("/lines", fields::required_line());
        }
        let mut gone = vec![];
        for (i, (key, from)) in withdrawn.iter().enumerate() {
            let at = format!("/withdrawn/{i}");
            match self.rates.iter().find(|rate| rate.key == *key && rate.from == *from) {
                None => errors.add(at, prices::line_unknown()),
                Some(rate) if rate.from <= today => errors.add(at, in_force(rate)),
                Some(rate) if gone.contains(rate) => {}
                Some(rate) => gone.push(rate.clone()),
            }
        }
        if let Some((from, _)) = bands {
            check_start(*from, today, "/bands", errors);
        }
        for (i, rate) in added.iter().enumerate() {
            let at = format!("/lines/{i}");
            check_start(rate.from, today, &at, errors);
            let mut remaining = self.rates.iter().filter(|old| !gone.contains(old));
            let later = remaining.find(|old| takes_over(rate, old) && old.from >= rate.from);
            // A rejected start is a sufficient error.
            if let Some(later) = later.filter(|_| today < rate.from) {
                errors.add(at, prices::line_announced_later(later.from));
            }
        }
        gone
    }

    /// Closes each rate that an added one replaces, or whose band is missing here; returns all, and the closed ones.
    fn close_replaced(
        &self,
        mut rates: Vec<Rate>,
        added: &[Rate],
        errors: &mut ValidationErrors,
    ) -> (Vec<Rate>, Vec<Rate>) {
        let mut closed = vec![];
        for old in &mut rates {
            let heirs = added.iter().filter(|rate| takes_over(rate, old)).map(|rate| rate.from);
            let Some(first) = heirs.chain(self.band_missing(old)).min() else { continue };
            if first <= old.from {
                let (band, since) = (old.key.band.as_ref().map_or("", Code::as_str), old.from);
                errors.add("/bands", prices::line_announced_band(since, band));
                continue;
            }
            old.to = Some(day_before(first));
            closed.push(old.clone());
        }
        (rates, closed)
    }

    /// Checks that the complete table of a new version of the offering continues an earlier one: rates that
    /// have been in force are unchanged, except a last day that is not past, and new ones begin after today. It
    /// permits the same changes as [`PriceTable::publish`].
    ///
    /// # Errors
    /// All errors: at `/lines/{i}` `amount-in-force` (something of it but the last day is another), `end-in-past`,
    /// `start-in-past`, `start-not-ahead`; at `/lines` `line-missing`, `coverage-gap`; at `/bands`
    /// `bands-in-force` (hours were changed that a rate has been in force for).
    pub fn succeeds(&self, old: &Self, today: NaiveDate) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let is_priced = old.rates.iter().any(|rate| rate.from <= today && rate.key.band.is_some());
        if is_priced && !self.divisions.same_until(&old.divisions, today) {
            errors.add("/bands", prices::bands_in_force());
        }
        let mut seen = BTreeSet::new();
        for (i, rate) in self.rates.iter().enumerate() {
            let at = format!("/lines/{i}");
            let before = |old: &&Rate| (&old.key, old.from) == (&rate.key, rate.from);
            let before = old.rates.iter().find(before);
            match before.filter(|old| old.from <= today) {
                Some(old) => {
                    seen.insert((&old.key, old.from));
                    check_kept(old, rate, today, &at, &mut errors);
                }
                None => check_start(rate.from, today, &at, &mut errors),
            }
        }
        let begun = old.rates.iter().filter(|rate| rate.from <= today);
        for rate in begun.filter(|rate| !seen.contains(&(&rate.key, rate.from))) {
            errors.add("/lines", prices::line_missing(rate.from, rate.key.unit.as_str()));
        }
        self.opens_no_gap(old, today, &mut errors);
        errors.finish(Some(()))
    }

    /// Notes each gap that the earlier table has not; zones and bands that are new to it count too.
    fn opens_no_gap(&self, old: &Self, today: NaiveDate, errors: &mut ValidationErrors) {
        let before = old.gaps(today);
        let is_new = |gap: &PriceGap| !before.iter().any(|old| old.contains(gap));
        for gap in self.gaps(today).into_iter().filter(is_new) {
            let (zone, band, from) = (gap.zone.as_str(), gap.band.as_str(), gap.from);
            let error = match gap.to {
                Some(to) => prices::coverage_gap_until(zone, band, from, to),
                None => prices::coverage_gap(zone, band, from),
            };
            errors.add("/lines", error);
        }
    }
}

/// Whether a new rate replaces an existing one.
fn takes_over(new: &Rate, old: &Rate) -> bool {
    new.key.meets(&old.key) && new.shares_a_day(old)
}

fn check_start(from: NaiveDate, today: NaiveDate, at: &str, errors: &mut ValidationErrors) {
    let at = format!("{at}/validFrom");
    if from < today {
        errors.add(at, prices::start_in_past());
    } else if from == today {
        errors.add(at, prices::start_not_ahead());
    }
}

fn check_kept(old: &Rate, rate: &Rate, today: NaiveDate, at: &str, errors: &mut ValidationErrors) {
    let same_but_end = Rate { to: old.to, ..rate.clone() };
    if same_but_end != *old {
        errors.add(at, in_force(old));
    }
    let is_past = |end: Option<NaiveDate>| end.is_some_and(|end| end < today);
    if rate.to != old.to && (is_past(old.to) || is_past(rate.to)) {
        errors.add(format!("{at}/validTo"), prices::end_in_past());
    }
}

fn in_force(rate: &Rate) -> ValueError {
    prices::amount_in_force(rate.from)
}
