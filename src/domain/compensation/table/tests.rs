use super::*;
use crate::domain::{
    compensation::{
        band::Bands,
        rate::Vat,
        samples::{errors_of, expected, rate, table, until, usual_bands, zones},
    },
    samples::{code, day},
    values::money::{Money, Price},
};

mod property;

fn today() -> NaiveDate {
    day("2026-03-12")
}

/// One price for all hours in all zones from the new year on.
fn simple() -> PriceTable {
    table(vec![rate(None, None, "814", "2026-01-01")]).unwrap()
}

fn announce(table: PriceTable, rates: Vec<Rate>) -> Result<Published, ValidationErrors> {
    table.publish(Publication { rates, ..Publication::default() }, today())
}

fn bands_of(zone: Option<&str>, from: &str) -> Vec<Rate> {
    let prices = [("dag", "950"), ("kveld", "1100"), ("helg", "1400"), ("hellig", "1935")];
    prices.map(|(band, kroner)| rate(zone, Some(band), kroner, from)).into()
}

#[test]
fn a_rate_agrees_with_zones_bands_unit_dates_and_sense() {
    let other = |change: fn(&mut Rate)| {
        let mut one = rate(Some("nord"), Some("dag"), "814", "2026-01-01");
        change(&mut one);
        errors_of(table(vec![one]))
    };
    assert_eq!(
        other(|r| r.key.zone = Some(code("vest"))),
        expected(&[("/lines/0/zone", "unknown-zone")])
    );
    assert_eq!(
        other(|r| r.key.band = Some(code("natt"))),
        expected(&[("/lines/0/band", "unknown-band")])
    );
    for unit in [Unit::PlaceDay, Unit::Month, Unit::PupilYear] {
        let mut one = rate(None, Some("dag"), "814", "2026-01-01");
        one.key.unit = unit;
        assert_eq!(errors_of(table(vec![one])), expected(&[("/lines/0/band", "band-for-unit")]));
    }
    assert_eq!(
        other(|r| r.to = Some(day("2025-12-31"))),
        expected(&[("/lines/0/validTo", "date-order")])
    );
    assert_eq!(
        other(|r| r.amount = Price::parse("81400").unwrap()),
        expected(&[("/lines/0/amount", "amount-absurd")])
    );
    for unit in Unit::ALL {
        let mut one = rate(None, None, "1", "2026-01-01");
        one.key.unit = unit;
        one.amount = Price::new(unit.greatest()).unwrap();
        assert!(table(vec![one.clone()]).is_ok());
        one.amount = Price::new(Money::from_ore(unit.greatest().ore() + 1)).unwrap();
        assert_eq!(errors_of(table(vec![one])), expected(&[("/lines/0/amount", "amount-absurd")]));
    }
    // Zero and less are no prices at all.
    assert_eq!(Price::parse("0").unwrap_err().code, "money-not-positive");
    assert_eq!(Price::parse("-814").unwrap_err().code, "money-negative");
}

#[test]
fn no_two_rates_of_one_key_are_valid_on_one_day() {
    let pair = |first: Rate, second: Rate| table(vec![first, second]);
    let closed = until(rate(None, None, "814", "2026-01-01"), "2026-12-31");
    assert!(pair(closed.clone(), rate(None, None, "849", "2027-01-01")).is_ok());
    let overlap = pair(closed.clone(), rate(None, None, "849", "2026-12-31"));
    assert_eq!(errors_of(overlap), expected(&[("/lines/1", "compensation-overlap")]));
    // One zone against all, and one band against all.
    let zone = pair(closed.clone(), rate(Some("nord"), None, "849", "2026-12-31"));
    assert_eq!(errors_of(zone), expected(&[("/lines/1", "all-zones-overlap")]));
    let band = pair(rate(None, Some("dag"), "849", "2026-12-31"), closed.clone());
    assert_eq!(errors_of(band), expected(&[("/lines/1", "all-bands-overlap")]));
    let both = pair(
        rate(None, Some("dag"), "1", "2026-01-01"),
        rate(Some("nord"), None, "1", "2026-01-01"),
    );
    assert_eq!(errors_of(both), expected(&[("/lines/1", "all-zones-overlap")]));
    // Another unit, another zone, another band.
    let mut visit = closed.clone();
    visit.key.unit = Unit::Visit;
    assert!(pair(closed, visit).is_ok());
    let at = |zone, band| rate(Some(zone), Some(band), "1", "2026-01-01");
    assert!(pair(at("nord", "dag"), at("sentrum", "dag")).is_ok());
    assert!(pair(at("nord", "dag"), at("nord", "kveld")).is_ok());
}

#[test]
fn a_new_rate_closes_the_old_the_day_before_and_both_stay_visible() {
    let done = announce(simple(), vec![rate(None, None, "849", "2027-01-01")]).unwrap();
    let key = done.added[0].key.clone();
    let history: Vec<_> = done
        .table
        .history(&key)
        .into_iter()
        .map(|r| (r.amount.to_string(), r.from, r.to))
        .collect();
    assert_eq!(
        history,
        [
            ("814.00".into(), day("2026-01-01"), Some(day("2026-12-31"))),
            ("849.00".into(), day("2027-01-01"), None)
        ]
    );
    assert_eq!((done.closed.len(), done.withdrawn.len()), (1, 0));
    let price = |on: &str| {
        let rate = done.table.rate(Unit::Hour, &code("nord"), &code("dag"), day(on));
        rate.map(|rate| rate.in_words(false))
    };
    assert_eq!(price("2026-12-31"), Some("814 kr per time".into()));
    assert_eq!(price("2027-01-01"), Some("849 kr per time".into()));
    assert_eq!(price("2025-12-31"), None);
}

#[test]
fn a_price_is_announced_before_it_begins() {
    let on = |from: &str| announce(simple(), vec![rate(None, None, "849", from)]);
    assert_eq!(errors_of(on("2026-03-11")), expected(&[("/lines/0/validFrom", "start-in-past")]));
    assert_eq!(errors_of(on("2026-03-12")), expected(&[("/lines/0/validFrom", "start-not-ahead")]));
    assert!(on("2026-03-13").is_ok());
    assert_eq!(errors_of(announce(simple(), vec![])), expected(&[("/lines", "required")]));
}

#[test]
fn what_is_announced_is_withdrawn_before_another_takes_its_place() {
    let announced = announce(simple(), vec![rate(None, None, "849", "2027-01-01")]).unwrap().table;
    let earlier = vec![rate(None, None, "830", "2026-07-01")];
    let refused = announce(announced.clone(), earlier.clone());
    assert_eq!(errors_of(refused), expected(&[("/lines/0", "line-announced")]));
    // It may end before the later one begins.
    let between = vec![until(earlier[0].clone(), "2026-12-31")];
    assert!(announce(announced.clone(), between).is_ok());
    let key = earlier[0].key.clone();
    let withdrawn = vec![(key.clone(), day("2027-01-01"))];
    let done = announced
        .clone()
        .publish(Publication { withdrawn: withdrawn.clone(), rates: earlier, bands: None }, today())
        .unwrap();
    assert_eq!(done.withdrawn.len(), 1);
    assert_eq!(done.table.history(&key).len(), 2);
    // A withdrawal alone would leave no price, since the first rate is already closed.
    let alone =
        announced.clone().publish(Publication { withdrawn, ..Publication::default() }, today());
    assert!(errors_of(alone).iter().all(|(_, code)| *code == "coverage-gap"));
    let other = |from: &str| {
        let withdrawn = vec![(key.clone(), day(from))];
        errors_of(
            announced.clone().publish(Publication { withdrawn, ..Publication::default() }, today()),
        )
    };
    assert_eq!(other("2026-01-01"), expected(&[("/withdrawn/0", "amount-in-force")]));
    assert_eq!(other("2027-01-02"), expected(&[("/withdrawn/0", "line-unknown")]));
}

#[test]
fn one_zone_leaves_the_common_price_only_when_the_others_get_theirs() {
    let nord = rate(Some("nord"), None, "900", "2027-01-01");
    let gaps = errors_of(announce(simple(), vec![nord.clone()]));
    assert_eq!(gaps, expected(&[("/lines", "coverage-gap"); 4])); // four bands of `sentrum`
    let mut all = bands_of(Some("sentrum"), "2027-01-01");
    all.push(nord);
    let done = announce(simple(), all).unwrap();
    assert_eq!((done.added.len(), done.closed.len()), (5, 1));
    // And back to one price for all.
    let back = announce(done.table, vec![rate(None, None, "999", "2028-01-01")]).unwrap();
    assert_eq!(back.closed.len(), 5);
    assert_eq!(back.table.gaps(today()), []);
}

#[test]
fn a_price_with_an_end_leaves_no_gap() {
    let short = vec![until(rate(None, None, "849", "2027-01-01"), "2027-06-30")];
    assert!(
        errors_of(announce(simple(), short.clone())).contains(&("/lines".into(), "coverage-gap"))
    );
    let mut both = short;
    both.push(rate(None, None, "850", "2027-07-01"));
    assert!(announce(simple(), both).is_ok());
}

#[test]
fn gaps_are_told_for_each_zone_and_band() {
    let mut rates = bands_of(None, "2026-01-01");
    rates[1] = until(rates[1].clone(), "2026-05-31");
    rates.push(rate(Some("nord"), Some("kveld"), "1200", "2026-07-01"));
    let table = table(rates).unwrap();
    let gap = |zone: &str, from: &str, to: Option<&str>| PriceGap {
        zone: code(zone),
        band: code("kveld"),
        from: day(from),
        to: to.map(day),
    };
    let expected =
        [gap("nord", "2026-06-01", Some("2026-06-30")), gap("sentrum", "2026-06-01", None)];
    assert_eq!(table.gaps(today()), expected);
}

#[test]
fn a_table_written_whole_keeps_what_was_in_force() {
    let old = announce(simple(), vec![rate(None, None, "849", "2027-01-01")]).unwrap().table;
    let follows = |rates: Vec<Rate>| table(rates).unwrap().succeeds(&old, today());
    let first = || old.rates()[0].clone();
    let second = || old.rates()[1].clone();
    assert_eq!(follows(vec![first(), second()]), Ok(()));
    // An announced line may still change.
    assert_eq!(
        follows(vec![first(), Rate { amount: Price::parse("850").unwrap(), ..second() }]),
        Ok(())
    );
    let dearer = Rate { amount: Price::parse("815").unwrap(), ..first() };
    let expected_one = |at, code| expected(&[(at, code)]);
    assert_eq!(
        errors_of(follows(vec![dearer, second()])),
        expected_one("/lines/0", "amount-in-force")
    );
    let taxed = Rate { vat: Vat::Included, ..first() };
    assert_eq!(
        errors_of(follows(vec![taxed, second()])),
        expected_one("/lines/0", "amount-in-force")
    );
    let gone = errors_of(follows(vec![second()]));
    assert_eq!(gone[0], ("/lines".into(), "line-missing"));
    assert!(gone[1..].iter().all(|(_, code)| *code == "coverage-gap"));
    let back = until(first(), "2026-03-11");
    let from_tomorrow = rate(None, None, "849", "2026-03-12");
    assert_eq!(
        errors_of(follows(vec![back, from_tomorrow])),
        expected(&[("/lines/0/validTo", "end-in-past"), ("/lines/1/validFrom", "start-not-ahead")])
    );
}

#[test]
fn hours_that_are_priced_stay_as_they_are() {
    let old = table(bands_of(None, "2026-01-01")).unwrap();
    let (hours, mut bands) = usual_bands();
    bands[0].name = crate::domain::samples::line("Dagtid");
    let renamed = Bands::new(hours.clone(), bands.clone()).unwrap();
    let renamed =
        PriceTable::new(zones(), Divisions::always(renamed), old.rates().to_vec()).unwrap();
    assert_eq!(renamed.succeeds(&old, today()), Ok(()));
    let (first, second) = (bands[0].rules.clone(), bands[1].rules.clone());
    (bands[0].rules, bands[1].rules) = (second, first);
    let moved = Bands::new(hours, bands).unwrap();
    let moved = PriceTable::new(zones(), Divisions::always(moved), old.rates().to_vec()).unwrap();
    assert_eq!(errors_of(moved.succeeds(&old, today())), expected(&[("/bands", "bands-in-force")]));
}

/// One band for all hours, called so.
fn single(name: &str) -> Bands {
    Bands::single(usual_bands().0, code(name), crate::domain::samples::line(name))
}

#[test]
fn other_bands_take_over_ahead_of_time_and_close_what_names_the_old() {
    let old = table(bands_of(None, "2026-01-01")).unwrap();
    let change = |from: &str, rates: Vec<Rate>| {
        let bands = Some((day(from), single("alle")));
        old.clone().publish(Publication { withdrawn: vec![], rates, bands }, today())
    };
    let one = |from: &str| vec![rate(None, Some("alle"), "1000", from)];
    let done = change("2026-07-01", one("2026-07-01")).unwrap();
    assert_eq!((done.added.len(), done.closed.len()), (1, 4));
    assert!(done.closed.iter().all(|rate| rate.to == Some(day("2026-06-30"))));
    assert_eq!(done.table.gaps(today()), []);
    assert_eq!(done.table.succeeds(&old, today()), Ok(()));
    // Too early, too late for the price, and a price before its band.
    let errors_for = |from, price_from| errors_of(change(from, one(price_from)));
    assert_eq!(
        errors_for("2026-03-12", "2026-07-01"),
        expected(&[("/bands/validFrom", "start-not-ahead")])
    );
    assert_eq!(
        errors_for("2026-03-11", "2026-07-01"),
        expected(&[("/bands/validFrom", "start-in-past")])
    );
    assert_eq!(errors_for("2026-07-01", "2026-07-02"), expected(&[("/lines", "coverage-gap"); 2]));
    assert_eq!(
        errors_for("2026-07-01", "2026-06-30"),
        expected(&[("/lines/0/band", "unknown-band")])
    );
    // A price that is announced for the new band holds the band there.
    let back = Some((day("2026-07-01"), old.divisions().first().clone()));
    let back = Publication { bands: back, ..Publication::default() };
    assert_eq!(
        errors_of(done.table.clone().publish(back, today()))[0],
        ("/bands".into(), "line-announced")
    );
    // A begun line is not moved.
    let moved =
        Divisions::new(old.divisions().first().clone(), vec![(day("2026-03-12"), single("dag"))]);
    let dag = vec![until(old.rates()[0].clone(), "2026-03-12")];
    let moved = PriceTable::new(zones(), moved.unwrap(), dag).unwrap();
    assert_eq!(errors_of(moved.succeeds(&old, today()))[0], ("/bands".into(), "bands-in-force"));
}

#[test]
fn sets_of_bands_stand_in_order() {
    let two = |first: &str, second: &str| {
        let later = vec![(day(first), single("dag")), (day(second), single("alle"))];
        Divisions::new(single("alle"), later)
    };
    assert_eq!(two("2026-07-01", "2026-07-01").unwrap_err().code, "bands-order");
    let divisions = two("2026-07-01", "2026-08-01").unwrap();
    let on = |value| divisions.on(day(value)).bands()[0].code.to_string();
    let found = ["2026-06-30", "2026-07-01", "2026-07-31", "2026-08-01"].map(on);
    assert_eq!(found, ["alle", "dag", "dag", "alle"]);
}
