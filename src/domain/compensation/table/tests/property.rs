//! Against brute force: every day, zone, band and unit for itself.

use super::*;
use crate::domain::samples::Dice;

const DAYS: u64 = 24;
const UNITS: [Unit; 3] = [Unit::Hour, Unit::Visit, Unit::PlaceDay];

fn nth(n: u64) -> NaiveDate {
    day("2026-03-01") + Days::new(n)
}

/// Days on both sides of today, and one beyond the last that a rate can name.
fn days() -> impl Iterator<Item = NaiveDate> {
    (0..=DAYS).map(nth)
}

fn random_rate(dice: &mut Dice, earliest: u64) -> Rate {
    let unit = dice.of(&[Unit::Hour, Unit::Hour, Unit::Visit, Unit::PlaceDay]);
    let zone = dice.of(&[None, Some("nord"), Some("sentrum")]);
    let bands = [None, Some("dag"), Some("kveld"), Some("helg"), Some("hellig")];
    let band = if unit.has_hours() { dice.of(&bands) } else { None };
    let from = earliest + dice.roll(DAYS - earliest);
    let to = (dice.roll(2) == 0).then(|| nth(from + dice.roll(DAYS - from)));
    let mut made = rate(zone, band, "1", "2026-03-01");
    made.key.unit = unit;
    made.amount =
        Price::new(Money::from_ore(1 + i64::try_from(dice.roll(100_000)).unwrap())).unwrap();
    Rate { from: nth(from), to, ..made }
}

fn cells(table: &Table) -> Vec<(Code, Code)> {
    let bands = table.divisions().first().bands().iter().map(|band| band.code.clone());
    let bands: Vec<_> = bands.collect();
    let zones = table.zones().iter();
    zones.flat_map(|zone| bands.iter().map(move |band| (zone.clone(), band.clone()))).collect()
}

/// The rates that price a cell on a day, said anew and without the module.
fn plain<'a>(rates: &'a [Rate], unit: Unit, cell: &(Code, Code), on: NaiveDate) -> Vec<&'a Rate> {
    rates
        .iter()
        .filter(|r| r.key.unit == unit && r.from <= on && r.to.unwrap_or(NaiveDate::MAX) >= on)
        .filter(|r| *r.key.zone.as_ref().unwrap_or(&cell.0) == cell.0)
        .filter(|r| *r.key.band.as_ref().unwrap_or(&cell.1) == cell.1)
        .collect()
}

fn random_table(dice: &mut Dice, most: u64) -> Table {
    let mut rates = vec![];
    for _ in 0..=dice.roll(most) {
        rates.push(random_rate(dice, 0));
        if table(rates.clone()).is_err() {
            rates.pop();
        }
    }
    table(rates).unwrap()
}

#[test]
fn overlaps_are_refused_exactly_where_a_day_would_have_two_prices() {
    let (mut dice, mut accepted) = (Dice(63), 0);
    let empty = table(vec![]).unwrap();
    for run in 0..600 {
        let rates: Vec<_> = (0..=dice.roll(6)).map(|_| random_rate(&mut dice, 0)).collect();
        let has_two = cells(&empty).iter().any(|cell| {
            days().any(|on| UNITS.iter().any(|unit| plain(&rates, *unit, cell, on).len() > 1))
        });
        let outcome = table(rates);
        assert_eq!(outcome.is_err(), has_two, "run {run}");
        accepted += usize::from(!has_two);
    }
    assert!((100..500).contains(&accepted), "{accepted} of 600 were accepted");
}

#[test]
fn gaps_are_exactly_the_days_without_a_price() {
    let mut dice = Dice(64);
    for _ in 0..200 {
        let table = random_table(&mut dice, 12);
        let from = nth(dice.roll(DAYS));
        let gaps = table.gaps(from);
        for cell in cells(&table) {
            for on in days() {
                let priced =
                    UNITS.iter().any(|unit| !plain(table.rates(), *unit, &cell, on).is_empty());
                let here = gaps.iter().filter(|g| (&g.zone, &g.band) == (&cell.0, &cell.1));
                let in_gap =
                    here.filter(|g| g.from <= on && g.to.is_none_or(|end| on <= end)).count();
                assert_eq!(in_gap, usize::from(on >= from && !priced), "{cell:?} {on}");
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
    let (mut dice, mut accepted) = (Dice(65), 0);
    let now = nth(9);
    for run in 0..400 {
        let old = random_table(&mut dice, 10);
        let earliest = dice.of(&[8, 9, 10, 10, 10, 10]);
        let mut new: Vec<_> =
            (0..=dice.roll(2)).map(|_| random_rate(&mut dice, earliest)).collect();
        if dice.roll(3) > 0 {
            for rate in &mut new {
                rate.to = None;
            }
        }
        let publication = Publication { rates: new.clone(), ..Publication::default() };
        let outcome = old.clone().publish(publication, now);

        // What every day should cost afterwards: the new price where there is one; else the old, until
        // a new rate that takes something over from it has begun.
        let heirs = |rate: &Rate| -> Vec<NaiveDate> {
            let both = |h: &&Rate| {
                cells(&old).iter().any(|cell| {
                    days().any(|on| {
                        let has = |r: &Rate| {
                            !plain(std::slice::from_ref(r), rate.key.unit, cell, on).is_empty()
                        };
                        has(rate) && has(h)
                    })
                })
            };
            new.iter().filter(both).map(|heir| heir.from).collect()
        };
        let ends: Vec<_> = old.rates().iter().map(heirs).collect();
        let left: Vec<Rate> = old
            .rates()
            .iter()
            .zip(&ends)
            .filter_map(|(rate, heirs)| match heirs.iter().min() {
                Some(first) if *first <= rate.from => None,
                Some(first) => Some(Rate { to: Some(*first - Days::new(1)), ..rate.clone() }),
                None => Some(rate.clone()),
            })
            .collect();
        let swallows = left.len() < old.rates().len();
        let after: Vec<Rate> = left.into_iter().chain(new.clone()).collect();
        let each = |what: &dyn Fn(&(Code, Code), NaiveDate) -> bool| {
            cells(&old).iter().any(|cell| days().any(|on| what(cell, on)))
        };
        let two = each(&|cell, on| UNITS.iter().any(|u| plain(&after, *u, cell, on).len() > 1));
        let has = |rates: &[Rate], cell: &(Code, Code), on| {
            UNITS.iter().any(|unit| !plain(rates, *unit, cell, on).is_empty())
        };
        let lost =
            each(&|cell, on| on >= now && has(old.rates(), cell, on) && !has(&after, cell, on));
        let late = new.iter().any(|rate| rate.from <= now);
        assert_eq!(outcome.is_err(), late || swallows || two || lost, "run {run}: {outcome:?}");

        let Ok(done) = outcome else { continue };
        accepted += 1;
        assert_eq!(done.table.rates(), after);
        for cell in cells(&old) {
            for on in days().filter(|on| *on <= now) {
                for unit in UNITS {
                    let price = |table: &Table| {
                        table.rate(unit, &cell.0, &cell.1, on).map(|rate| rate.amount)
                    };
                    assert_eq!(price(&done.table), price(&old), "{cell:?} {on}");
                }
            }
        }
        // Written whole, the same table is a lawful successor.
        assert_eq!(done.table.succeeds(&old, now), Ok(()), "run {run}");
    }
    assert!(accepted > 40, "only {accepted} of 400 were accepted");
}
