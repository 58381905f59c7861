//! Against brute force: every day, zone, band and unit for itself.

use super::*;
use crate::domain::{
    compensation::{band::Hours, samples::clock},
    samples::{SampleDice, line},
};

const DAYS: u64 = 24;
const UNITS: [Unit; 3] = [Unit::Hour, Unit::Visit, Unit::PlaceDay];
const BANDS: [&str; 5] = ["dag", "kveld", "helg", "hellig", "alle"];

type Cell = (Code, Code);

fn nth(n: u64) -> NaiveDate {
    day("2026-03-01") + Days::new(n)
}

/// Days on both sides of today, and one beyond the last that a rate can name.
fn days() -> impl Iterator<Item = NaiveDate> {
    (0..=DAYS).map(nth)
}

/// The usual bands, or one for all hours, which may be called as one of the usual.
fn random_bands(dice: &mut SampleDice) -> Bands {
    let (hours, bands) = usual_bands();
    match dice.of(&["usual", "dag", "alle"]) {
        "usual" => Bands::new(hours, bands).unwrap(),
        name => Bands::single(
            vec![Hours::daily(clock("07:00"), clock("23:00")).unwrap()],
            code(name),
            line(name),
        ),
    }
}

fn random_divisions(dice: &mut SampleDice) -> Divisions {
    let (hours, bands) = usual_bands();
    let first = Bands::new(hours, bands).unwrap();
    let mut starts: Vec<_> = (0..dice.roll(3)).map(|_| nth(dice.roll(DAYS))).collect();
    starts.sort_unstable();
    starts.dedup();
    let later = starts.into_iter().map(|from| (from, random_bands(dice))).collect();
    Divisions::new(first, later).unwrap()
}

fn random_rate(dice: &mut SampleDice, earliest: u64) -> Rate {
    let unit = dice.of(&[Unit::Hour, Unit::Hour, Unit::Visit, Unit::PlaceDay]);
    let zone = dice.of(&[None, Some("nord"), Some("sentrum")]);
    let bands =
        [None, None, Some("dag"), Some("kveld"), Some("helg"), Some("hellig"), Some("alle")];
    let band = if unit.has_hours() { dice.of(&bands) } else { None };
    let from = earliest + dice.roll(DAYS - earliest);
    let to = (dice.roll(2) == 0).then(|| nth(from + dice.roll(DAYS - from)));
    let mut made = rate(zone, band, "1", "2026-03-01");
    made.key.unit = unit;
    let ore = 1 + i64::try_from(dice.roll(100_000)).unwrap();
    made.amount = Price::new(Money::from_ore(ore)).unwrap();
    Rate { from: nth(from), to, ..made }
}

/// Each zone with each band that there ever is.
fn cells() -> Vec<Cell> {
    let pairs = |zone: Code| BANDS.map(|band| (zone.clone(), code(band)));
    zones().into_iter().flat_map(pairs).collect()
}

/// Whether the band of a cell exists on a day, by an independent implementation.
fn is_there(divisions: &Divisions, cell: &Cell, on: NaiveDate) -> bool {
    let mut bands = divisions.first();
    for (from, next) in divisions.later() {
        if *from <= on {
            bands = next;
        }
    }
    bands.bands().iter().any(|band| band.code == cell.1)
}

fn runs(rate: &Rate, on: NaiveDate) -> bool {
    rate.from <= on && rate.to.unwrap_or(NaiveDate::MAX) >= on
}

/// The first day of a rate without its band.
fn without_band(divisions: &Divisions, rate: &Rate) -> Option<NaiveDate> {
    let cell = (code("nord"), rate.key.band.clone()?);
    days().find(|on| runs(rate, *on) && !is_there(divisions, &cell, *on))
}

/// The rates that price a cell on a day, by an independent implementation.
fn plain<'a>(rates: &'a [Rate], unit: Unit, cell: &Cell, on: NaiveDate) -> Vec<&'a Rate> {
    rates
        .iter()
        .filter(|r| r.key.unit == unit && runs(r, on))
        .filter(|r| *r.key.zone.as_ref().unwrap_or(&cell.0) == cell.0)
        .filter(|r| *r.key.band.as_ref().unwrap_or(&cell.1) == cell.1)
        .collect()
}

fn priced(rates: &[Rate], cell: &Cell, on: NaiveDate) -> bool {
    UNITS.iter().any(|unit| !plain(rates, *unit, cell, on).is_empty())
}

fn has_two(rates: &[Rate]) -> bool {
    let two = |cell: &Cell, on| UNITS.iter().any(|unit| plain(rates, *unit, cell, on).len() > 1);
    cells().iter().any(|cell| days().any(|on| two(cell, on)))
}

fn random_table(dice: &mut SampleDice, most: u64) -> PriceTable {
    let divisions = random_divisions(dice);
    let made = |rates| PriceTable::new(zones(), divisions.clone(), rates);
    let mut rates = vec![];
    for _ in 0..=dice.roll(most) {
        rates.push(random_rate(dice, 0));
        if made(rates.clone()).is_err() {
            rates.pop();
        }
    }
    made(rates).unwrap()
}

#[test]
fn a_table_is_refused_exactly_where_a_day_has_two_prices_or_not_the_band() {
    let (mut dice, mut accepted) = (SampleDice(63), 0);
    for run in 0..600 {
        let divisions = random_divisions(&mut dice);
        let rates: Vec<_> = (0..=dice.roll(5)).map(|_| random_rate(&mut dice, 0)).collect();
        let lacks_band = rates.iter().any(|rate| without_band(&divisions, rate).is_some());
        let is_wrong = lacks_band || has_two(&rates);
        assert_eq!(PriceTable::new(zones(), divisions, rates).is_err(), is_wrong, "run {run}");
        accepted += usize::from(!is_wrong);
    }
    assert!((100..500).contains(&accepted), "{accepted} of 600 were accepted");
}

#[test]
fn gaps_are_exactly_the_days_without_a_price() {
    let mut dice = SampleDice(64);
    for _ in 0..300 {
        let table = random_table(&mut dice, 12);
        let from = nth(dice.roll(DAYS));
        let gaps = table.gaps(from);
        for cell in cells() {
            let here: Vec<_> =
                gaps.iter().filter(|g| (&g.zone, &g.band) == (&cell.0, &cell.1)).collect();
            // Gaps are as long as can be: between two there is a day.
            for pair in here.windows(2) {
                assert!(pair[0].to.unwrap() + Days::new(1) < pair[1].from);
            }
            for on in days() {
                let is_gap = on >= from
                    && is_there(table.divisions(), &cell, on)
                    && !priced(table.rates(), &cell, on);
                let lies_in =
                    |gap: &&&PriceGap| gap.from <= on && gap.to.is_none_or(|end| on <= end);
                let found = here.iter().filter(lies_in).count();
                assert_eq!(found, usize::from(is_gap), "{cell:?} {on}");
                for unit in UNITS {
                    let found = table.rate(unit, &cell.0, &cell.1, on);
                    assert_eq!(found, plain(table.rates(), unit, &cell, on).first().copied());
                }
            }
        }
    }
}

#[test]
fn an_announcement_changes_no_day_until_today_and_takes_no_price_away() {
    let (mut dice, mut accepted, mut moved) = (SampleDice(65), 0, 0);
    let now = nth(9);
    for run in 0..500 {
        let old = random_table(&mut dice, 10);
        let earliest = dice.of(&[8, 9, 10, 10, 10, 10]);
        let mut new: Vec<_> =
            (0..=dice.roll(3)).map(|_| random_rate(&mut dice, earliest)).collect();
        if dice.roll(3) > 0 {
            for rate in &mut new {
                rate.to = None;
            }
        }
        let from = nth(earliest + dice.roll(DAYS - earliest));
        let bands = (dice.roll(3) == 0).then(|| (from, random_bands(&mut dice)));
        let publication =
            Publication { withdrawn: vec![], rates: new.clone(), bands: bands.clone() };
        let outcome = old.clone().publish(publication, now);

        // The expected price of every day: the new one if any; else the old, until a new rate that replaces
        // part of it begins, or its band is removed.
        let later = old.divisions().later().iter().cloned();
        let divisions = match &bands {
            Some((from, _)) => {
                later.filter(|(since, _)| since < from).chain(bands.clone()).collect()
            }
            None => later.collect(),
        };
        let divisions = Divisions::new(old.divisions().first().clone(), divisions).unwrap();
        let end_of = |rate: &Rate| {
            let has = |r: &Rate, cell: &Cell, on| {
                !plain(std::slice::from_ref(r), rate.key.unit, cell, on).is_empty()
            };
            let both = |heir: &&Rate| {
                let on = |cell: &Cell| days().any(|on| has(rate, cell, on) && has(heir, cell, on));
                cells().iter().any(on)
            };
            let heirs = new.iter().filter(both).map(|heir| heir.from);
            heirs.chain(without_band(&divisions, rate)).min()
        };
        let left: Vec<Rate> = old
            .rates()
            .iter()
            .filter_map(|rate| match end_of(rate) {
                Some(first) if first <= rate.from => None,
                Some(first) => Some(Rate { to: Some(first - Days::new(1)), ..rate.clone() }),
                None => Some(rate.clone()),
            })
            .collect();
        let swallows = left.len() < old.rates().len();
        let after: Vec<Rate> = left.into_iter().chain(new.clone()).collect();
        let is_gap = |divisions: &Divisions, rates: &[Rate], cell: &Cell, on| {
            is_there(divisions, cell, on) && !priced(rates, cell, on)
        };
        let lost = cells().iter().any(|cell| {
            days().filter(|on| *on >= now).any(|on| {
                is_gap(&divisions, &after, cell, on)
                    && !is_gap(old.divisions(), old.rates(), cell, on)
            })
        });
        let late = new.iter().any(|rate| rate.from <= now)
            || bands.as_ref().is_some_and(|(from, _)| *from <= now);
        let lacks_band = new.iter().any(|rate| without_band(&divisions, rate).is_some());
        let refused = late || swallows || lacks_band || has_two(&after) || lost;
        assert_eq!(outcome.is_err(), refused, "run {run}: {outcome:?}");

        let Ok(done) = outcome else { continue };
        accepted += 1;
        moved += usize::from(bands.is_some());
        assert_eq!((done.table.rates(), done.table.divisions()), (after.as_slice(), &divisions));
        for cell in cells() {
            for on in days().filter(|on| *on <= now) {
                for unit in UNITS {
                    let price = |table: &PriceTable| {
                        table.rate(unit, &cell.0, &cell.1, on).map(|rate| rate.amount)
                    };
                    assert_eq!(price(&done.table), price(&old), "{cell:?} {on}");
                }
            }
        }
        // Written whole, the same table is a lawful successor.
        assert_eq!(done.table.succeeds(&old, now), Ok(()), "run {run}");
    }
    assert!(accepted > 30 && moved > 4, "{accepted} of 500 were accepted, {moved} with bands");
}
