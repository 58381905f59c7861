//! Price table: the rates of an offering over time, never two for one key on one day.
//!
//! A rate for all zones and one for a single zone may not be valid together, nor may bands: there is no
//! precedence. Every provider gets the same amount for the same service, zone and band, and a reader of a line
//! for all zones must not be wrong about any of them.

mod publish;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

pub use publish::{Publication, Published};

use super::{
    division::{Divisions, Span},
    rate::{Rate, RateKey, Unit},
};
use crate::domain::{
    message::{fields, prices},
    validation::ValidationErrors,
    value_error::ValueError,
    values::text::Code,
};

/// The price table of one offering, with everything that was ever in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    zones: BTreeSet<Code>,
    divisions: Divisions,
    rates: Vec<Rate>,
}

/// Days on which a band of a zone has no price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceGap {
    pub zone: Code,
    pub band: Code,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it never ends.
    pub to: Option<NaiveDate>,
}

impl PriceTable {
    /// The most rates in one table, past ones too.
    pub const MAX: usize = 2_000;

    /// A table whose rates agree with its zones and bands, and with each other. The start days of rates are
    /// checked elsewhere: see [`PriceTable::publish`] and [`PriceTable::succeeds`].
    ///
    /// # Errors
    /// All errors, at `/lines/{i}`: `too-many`, `unknown-zone`, `unknown-band`, `band-for-unit` (the unit
    /// has no hours), `date-order`, `amount-absurd`; on days in common with an earlier rate
    /// `compensation-overlap` (same key), `all-zones-overlap`, `all-bands-overlap`.
    pub fn new(
        zones: impl IntoIterator<Item = Code>,
        divisions: Divisions,
        rates: Vec<Rate>,
    ) -> Result<Self, ValidationErrors> {
        let table = Self { zones: zones.into_iter().collect(), divisions, rates };
        let mut errors = ValidationErrors::default();
        table.check(0, &mut errors);
        errors.finish(Some(table))
    }

    /// Records errors of the rates from that index on; the earlier ones are valid. Pointers count from that
    /// index.
    fn check(&self, known: usize, errors: &mut ValidationErrors) {
        if self.rates.len() > Self::MAX {
            errors.add("/lines", fields::too_many_lines(Self::MAX));
            return;
        }
        for (i, rate) in self.rates.iter().enumerate().skip(known) {
            let at = format!("/lines/{}", i - known);
            self.check_one(rate, &at, errors);
            for earlier in self.rates.iter().take(i) {
                if earlier.key.meets(&rate.key) && earlier.shares_a_day(rate) {
                    errors.add(at.clone(), overlap(earlier, &rate.key));
                    break;
                }
            }
        }
    }

    fn check_one(&self, rate: &Rate, at: &str, errors: &mut ValidationErrors) {
        let RateKey { unit, zone, band } = &rate.key;
        if zone.as_ref().is_some_and(|zone| !self.zones.contains(zone)) {
            errors.add(format!("{at}/zone"), fields::unknown_zone_or_none());
        }
        match band {
            Some(_) if !unit.has_hours() => {
                errors.add(format!("{at}/band"), prices::band_for_unit(unit.as_str()));
            }
            Some(_) if self.band_missing(rate).is_some() => {
                errors.add(format!("{at}/band"), prices::unknown_band());
            }
            _ => {}
        }
        if rate.to.is_some_and(|end| end < rate.from) {
            errors.add(format!("{at}/validTo"), fields::date_order_last_day());
        }
        if rate.amount.money() > unit.greatest() {
            let error = prices::amount_absurd(unit.greatest().to_string(), unit.as_str());
            errors.add(format!("{at}/amount"), error);
        }
    }

    #[must_use]
    pub const fn zones(&self) -> &BTreeSet<Code> {
        &self.zones
    }

    /// The bands over time.
    #[must_use]
    pub const fn divisions(&self) -> &Divisions {
        &self.divisions
    }

    /// Every rate, past, present and announced, in the order of announcement.
    #[must_use]
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// The rates in force on a day.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Rate> {
        self.rates.iter().filter(move |rate| rate.valid_on(day))
    }

    /// The one rate for a unit in a zone and a band on a day.
    #[must_use]
    pub fn rate(&self, unit: Unit, zone: &Code, band: &Code, day: NaiveDate) -> Option<&Rate> {
        self.on(day).find(|rate| rate.key.unit == unit && rate.key.covers(zone, band))
    }

    /// All that a key has cost and will cost, by day.
    #[must_use]
    pub fn history(&self, key: &RateKey) -> Vec<&Rate> {
        let mut rates: Vec<_> = self.rates.iter().filter(|rate| rate.key == *key).collect();
        rates.sort_by_key(|rate| rate.from);
        rates
    }

    /// The first day from which the bands have not the one that a rate names, though it is valid.
    fn band_missing(&self, rate: &Rate) -> Option<NaiveDate> {
        let band = rate.key.band.as_ref()?;
        let is_valid_in = |span: &Span<'_>| {
            span.to.is_none_or(|end| rate.from <= end) && rate.to.is_none_or(|end| span.from <= end)
        };
        let mut spans = self.divisions.spans().filter(is_valid_in);
        spans.find(|span| span.bands.band(band).is_none()).map(|span| span.from)
    }

    /// Where a band of a zone has no price in any unit, from a day on; by zone, band and day.
    #[must_use]
    pub fn gaps(&self, from: NaiveDate) -> Vec<PriceGap> {
        let mut gaps: Vec<PriceGap> = vec![];
        for span in self.divisions.spans().filter(|span| span.to.is_none_or(|end| from <= end)) {
            let span = Span { from: span.from.max(from), ..span };
            for (zone, band) in self
                .zones
                .iter()
                .flat_map(|zone| span.bands.bands().iter().map(move |band| (zone, &band.code)))
            {
                gaps.extend(self.gaps_of(zone, band, span));
            }
        }
        gaps.sort_by(|a, b| (&a.zone, &a.band, a.from).cmp(&(&b.zone, &b.band, b.from)));
        // A gap that continues in the next set of bands is one gap.
        gaps.dedup_by(|next, gap| {
            let goes_on = (&gap.zone, &gap.band) == (&next.zone, &next.band)
                && gap.to.and_then(|end| end.succ_opt()) == Some(next.from);
            if goes_on {
                gap.to = next.to;
            }
            goes_on
        });
        gaps
    }

    fn gaps_of(&self, zone: &Code, band: &Code, span: Span<'_>) -> Vec<PriceGap> {
        let mut rates: Vec<_> =
            self.rates.iter().filter(|rate| rate.key.covers(zone, band)).collect();
        rates.sort_by_key(|rate| rate.from);
        let gap = |from, to| PriceGap { zone: zone.clone(), band: band.clone(), from, to };
        let (mut gaps, mut open) = (vec![], Some(span.from));
        for rate in rates {
            let Some(since) = open else { break };
            if since < rate.from {
                gaps.push(gap(since, Some(day_before(rate.from))));
            }
            // A rate without an end leaves nothing open after it.
            open = rate.to.map(|end| since.max(end.succ_opt().unwrap_or(NaiveDate::MAX)));
        }
        gaps.extend(open.map(|since| gap(since, None)));
        let Some(last) = span.to else { return gaps };
        gaps.retain(|gap| gap.from <= last);
        for gap in &mut gaps {
            gap.to = Some(gap.to.map_or(last, |end| end.min(last)));
        }
        gaps
    }
}

impl PriceGap {
    /// Whether all days of the other, in the same zone and band, are days of this.
    fn contains(&self, other: &Self) -> bool {
        let ends_later = match (self.to, other.to) {
            (None, _) => true,
            (Some(own), Some(theirs)) => theirs <= own,
            (Some(_), None) => false,
        };
        (&self.zone, &self.band) == (&other.zone, &other.band)
            && self.from <= other.from
            && ends_later
    }
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

fn overlap(earlier: &Rate, key: &RateKey) -> ValueError {
    let since = earlier.from;
    if earlier.key == *key {
        return prices::compensation_overlap(since);
    }
    if earlier.key.zone == key.zone {
        prices::all_bands_overlap(since)
    } else {
        prices::all_zones_overlap(since)
    }
}
