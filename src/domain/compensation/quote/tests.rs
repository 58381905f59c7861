use super::*;
use crate::domain::{
    compensation::{
        band::{Bands, Hours},
        division::Divisions,
        samples::{
            clock, errors_of, expected, plain, plain_has, random_bands, rate, table, until, zones,
        },
    },
    samples::{SampleDice, code, day, line},
    values::money::Price,
};

fn visit(on: &str, start: &str, minutes: u32) -> Visit {
    let length = VisitLength::new(minutes).unwrap();
    Visit { day: day(on), start: clock(start), second_time: false, length, zone: code("nord") }
}

/// The usual bands with a price each, from the new year on.
fn priced() -> PriceTable {
    let prices = [("dag", "950"), ("kveld", "1100"), ("helg", "1400"), ("hellig", "1935")];
    table(prices.map(|(band, kroner)| rate(None, Some(band), kroner, "2026-01-01")).into()).unwrap()
}

/// Round the clock: nights from 22 to 06, and the rest.
fn day_and_night() -> PriceTable {
    let all = |name: &str, spans: &[(&str, &str)]| {
        let rules = spans.iter().map(|(from, to)| Hours::daily(clock(from), clock(to)).unwrap());
        crate::domain::compensation::band::Band {
            code: code(name),
            name: line(name),
            rules: rules.collect(),
        }
    };
    let bands = vec![
        all("natt", &[("00:00", "06:00"), ("22:00", "24:00")]),
        all("dag", &[("06:00", "22:00")]),
    ];
    let bands = Bands::new(vec![Hours::round_the_clock()], bands).unwrap();
    let rates = vec![
        until(rate(None, Some("natt"), "1000", "2025-01-01"), "2025-12-31"),
        rate(None, Some("natt"), "1200", "2026-01-01"),
        rate(None, Some("dag"), "600", "2025-01-01"),
    ];
    PriceTable::new(zones(), Divisions::always(bands), rates).unwrap()
}

/// The parts as band, minutes and amount, and the whole amount.
fn parts(table: &PriceTable, visit: Visit) -> (Vec<(String, u32, String)>, String) {
    let quote = table.quote(Unit::Hour, &[visit]).unwrap();
    let one = quote.visits[0]
        .parts
        .iter()
        .map(|part| (part.band.to_string(), part.minutes, part.amount.to_string()))
        .collect();
    (one, quote.total.to_string())
}

fn value(list: &[(&str, u32, &str)], total: &str) -> (Vec<(String, u32, String)>, String) {
    let one = |(band, minutes, amount): &(&str, u32, &str)| {
        ((*band).to_owned(), *minutes, (*amount).to_owned())
    };
    (list.iter().map(one).collect(), total.to_owned())
}

#[test]
fn a_visit_is_split_by_band() {
    let table = priced();
    // 45 minutes across 15:00 on a Thursday.
    let found = parts(&table, visit("2026-03-12", "14:40", 45));
    assert_eq!(found, value(&[("dag", 20, "316.67"), ("kveld", 25, "458.33")], "775.00"));
    // The same on a Saturday, on Ascension Day, on Christmas Eve (no holy day) and on Christmas Day.
    for (on, list, total) in [
        ("2026-03-14", vec![("helg", 45, "1050.00")], "1050.00"),
        ("2026-05-14", vec![("hellig", 45, "1451.25")], "1451.25"),
        ("2026-12-24", vec![("dag", 20, "316.67"), ("kveld", 25, "458.33")], "775.00"),
        ("2026-12-25", vec![("hellig", 45, "1451.25")], "1451.25"),
    ] {
        assert_eq!(parts(&table, visit(on, "14:40", 45)), value(&list, total), "{on}");
    }
}

#[test]
fn each_part_is_rounded_and_the_visit_is_the_sum_of_what_is_shown() {
    // Twice 316.666… is 633.333…; displayed is twice 316.67.
    let at = |band| rate(None, Some(band), "950", "2026-01-01");
    let table = table(vec![at("dag"), at("kveld")]).unwrap();
    let found = parts(&table, visit("2026-03-12", "14:40", 40));
    assert_eq!(found, value(&[("dag", 20, "316.67"), ("kveld", 20, "316.67")], "633.34"));
}

#[test]
fn midnight_splits_only_where_the_band_or_the_price_changes() {
    let table = day_and_night();
    let found = parts(&table, visit("2026-03-12", "21:00", 600));
    let list = [("dag", 60, "600.00"), ("natt", 480, "9600.00"), ("dag", 60, "600.00")];
    assert_eq!(found, value(&list, "10800.00"));
    // A new price at midnight on 1 January.
    let found = parts(&table, visit("2025-12-31", "23:30", 60));
    assert_eq!(found, value(&[("natt", 30, "500.00"), ("natt", 30, "600.00")], "1100.00"));
}

#[test]
fn the_hour_that_summer_time_skips_is_not_paid_and_the_repeated_one_is_paid_twice() {
    let table = day_and_night();
    // 29 March 2026: from 02:00 to 03:00 there is nothing; the night to 06:00 has seven hours.
    let spring = parts(&table, visit("2026-03-28", "22:00", 480));
    assert_eq!(spring, value(&[("natt", 420, "8400.00"), ("dag", 60, "600.00")], "9000.00"));
    // 25 October 2026: 02:00 to 03:00 occurs twice; the night has nine hours.
    let autumn = parts(&table, visit("2026-10-24", "22:00", 600));
    assert_eq!(autumn, value(&[("natt", 540, "10800.00"), ("dag", 60, "600.00")], "11400.00"));
    let begins = |second_time| {
        let one = Visit { second_time, ..visit("2026-10-25", "02:30", 10) };
        table.quote(Unit::Hour, &[one]).unwrap().visits[0].begins.to_rfc3339()
    };
    assert_eq!(begins(false), "2026-10-25T00:30:00+00:00");
    assert_eq!(begins(true), "2026-10-25T01:30:00+00:00");
}

#[test]
fn a_visit_that_is_priced_as_such_costs_the_rate_where_it_begins() {
    let by_visit = |band, kroner| {
        let mut one = rate(None, Some(band), kroner, "2026-01-01");
        one.key.unit = Unit::Visit;
        one
    };
    let table = table(vec![by_visit("dag", "400"), by_visit("kveld", "500")]).unwrap();
    let quote = table.quote(Unit::Visit, &[visit("2026-03-12", "14:59", 90)]).unwrap();
    let part = &quote.visits[0].parts[0];
    assert_eq!((quote.visits[0].parts.len(), part.minutes, part.band.as_str()), (1, 90, "dag"));
    assert_eq!(quote.total.to_string(), "400.00");
    // There is no price by the hour.
    let by_hour = table.quote(Unit::Hour, &[visit("2026-03-12", "14:59", 90)]);
    assert_eq!(errors_of(by_hour), expected(&[("/visits/0", "no-rate")]));
    let by_month = table.quote(Unit::Month, &[visit("2026-03-12", "14:59", 90)]);
    assert_eq!(errors_of(by_month), expected(&[("/unit", "unit-without-hours")]));
}

#[test]
fn sums_are_kept_apart_by_value_added_tax() {
    let mut rates = vec![rate(None, Some("dag"), "600", "2026-01-01")];
    rates.push(Rate { vat: Vat::Excluded, ..rate(None, Some("kveld"), "600", "2026-01-01") });
    let table = table(rates).unwrap();
    let plan = [visit("2026-03-12", "14:00", 90), visit("2026-03-13", "14:00", 60)];
    let quote = table.quote(Unit::Hour, &plan).unwrap();
    let kr = |value: &str| Money::parse(value).unwrap();
    assert_eq!(quote.sums, [(Vat::Exempt, kr("1200")), (Vat::Excluded, kr("300"))]);
    assert_eq!(quote.total, kr("1500"));
}

#[test]
fn every_fault_of_a_plan_is_told_at_its_visit() {
    let table = priced();
    let elsewhere = Visit { zone: code("vest"), ..visit("2026-03-12", "10:00", 10) };
    let again = Visit { second_time: true, ..visit("2026-03-12", "10:00", 10) };
    let plan = [
        visit("2026-03-12", "10:00", 10),
        elsewhere,
        visit("2026-03-29", "02:30", 10),
        again,
        visit("2026-03-12", "24:00", 10),
        visit("2026-03-12", "22:30", 31),
        visit("2025-12-30", "10:00", 10),
    ];
    assert_eq!(
        errors_of(table.quote(Unit::Hour, &plan)),
        expected(&[
            ("/visits/1/zone", "unknown-zone"),
            ("/visits/2/start", "start-skipped"),
            ("/visits/3/start", "start-not-repeated"),
            ("/visits/4/start", "start-form"),
            ("/visits/5", "outside-hours"),
            ("/visits/6", "no-rate"),
        ])
    );
    for count in [0, VisitPlan::MAX + 1] {
        let refused = VisitPlan::new(vec![visit("2026-03-12", "10:00", 10); count]).unwrap_err();
        assert_eq!(refused.code, "plan-size");
    }
    let length = |minutes| VisitLength::new(minutes).map_err(|error| error.code);
    assert_eq!(length(0), Err("visit-without-length"));
    assert_eq!(length(1_441), Err("visit-too-long"));
    // A whole day is allowed.
    let day_long = [visit("2026-03-12", "10:00", 1_440)];
    assert!(day_and_night().quote(Unit::Hour, &day_long).is_ok());
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    let open = Rate { from: NaiveDate::MIN, ..rate(None, None, "1", "2026-01-01") };
    let table = PriceTable::new(zones(), day_and_night().divisions().clone(), vec![open]).unwrap();
    for day in [NaiveDate::MIN, NaiveDate::MAX, NaiveDate::MAX.pred_opt().unwrap()] {
        for start in ["00:00", "12:00", "23:59"] {
            let one = Visit { day, ..visit("2026-03-12", start, 1_440) };
            match table.quote(Unit::Hour, &[one]) {
                Ok(quote) => assert_eq!(quote.total.ore(), 2_400),
                Err(errors) => assert_eq!(errors.into_vec().len(), 1),
            }
        }
    }
}

/// Random bands that others take over from in spring or autumn, and prices to the øre that change on
/// random days; now and then one is missing.
fn random_table(dice: &mut SampleDice) -> PriceTable {
    let mut bands = || {
        let mut tried = (0..1_000).map(|_| random_bands(dice));
        tried.find_map(|(hours, bands)| Bands::new(hours, bands).ok()).unwrap()
    };
    let (first, second) = (bands(), bands());
    let cuts = ["2026-01-01", "2026-03-29", "2026-04-02", "2026-10-25", "2027-01-01"];
    let turn = dice.of(&["2026-03-29", "2026-10-25"]);
    let mut rates = vec![];
    for (from, to) in cuts.iter().zip(&cuts[1..]) {
        let bands = if *from < turn { &first } else { &second };
        let pairs = bands.bands().iter().flat_map(|band| zones().map(|zone| (band, zone)));
        for (band, zone) in pairs {
            if dice.roll(40) == 0 {
                continue;
            }
            let one = rate(Some(zone.as_str()), Some(band.code.as_str()), "1", from);
            let ore = 1 + i64::try_from(dice.roll(200_000)).unwrap();
            let amount = Price::new(Money::from_ore(ore)).unwrap();
            rates.push(Rate { amount, to: day(to).pred_opt(), ..one });
        }
    }
    let divisions = Divisions::new(first, vec![(day(turn), second)]).unwrap();
    PriceTable::new(zones(), divisions, rates).unwrap()
}

fn random_visit(dice: &mut SampleDice) -> Visit {
    let near = [
        "2026-01-01",
        "2026-03-12",
        "2026-03-28",
        "2026-03-29",
        "2026-04-01",
        "2026-04-02",
        "2026-05-16",
        "2026-07-04",
        "2026-10-24",
        "2026-10-25",
        "2026-12-24",
        "2026-12-31",
    ];
    let minutes = match dice.roll(3) {
        0 => 1 + dice.roll(1_440),
        _ => 1 + dice.roll(120),
    };
    Visit {
        day: day(dice.of(&near)),
        start: Clock::new(u16::try_from(dice.roll(1_440)).unwrap()).unwrap(),
        second_time: dice.roll(20) == 0,
        length: VisitLength::new(u32::try_from(minutes).unwrap()).unwrap(),
        zone: dice.of(&zones()),
    }
}

/// The rate of one minute, by an independent implementation.
fn plain_rate<'a>(
    table: &'a PriceTable,
    zone: &Code,
    at: Instant,
) -> Result<&'a Rate, &'static str> {
    let wall = local(at);
    let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap();
    let (turn, second) = &table.divisions().later()[0];
    let bands = if wall.date() < *turn { table.divisions().first() } else { second };
    let here = bands.bands().iter().find(|band| plain_has(&band.rules, plain(wall.date()), minute));
    let band = here.ok_or("outside-hours")?;
    let mut rates = table.rates().iter();
    let found = rates.find(|rate| {
        rate.key.zone.as_ref() == Some(zone)
            && rate.key.band.as_ref() == Some(&band.code)
            && (rate.from..=rate.to.unwrap()).contains(&wall.date())
    });
    found.ok_or("no-rate")
}

/// The first instant with the visit's wall-clock time, or the second.
fn plain_begin(visit: &Visit) -> Option<Instant> {
    let wall =
        visit.day.and_time(NaiveTime::MIN) + TimeDelta::minutes(visit.start.minutes().into());
    let around = (0..=6).map(|half_hours| {
        wall.and_utc() - TimeDelta::hours(3) + TimeDelta::minutes(30 * half_hours)
    });
    let shows: Vec<_> = around.filter(|at| local(*at) == wall).collect();
    match (shows.as_slice(), visit.second_time) {
        ([only], false) => Some(*only),
        ([first, _], false) => Some(*first),
        ([_, second], true) => Some(*second),
        _ => None,
    }
}

#[test]
fn a_quote_is_the_sum_of_its_minutes() {
    let (mut dice, mut quoted, mut refused) = (SampleDice(814), 0, 0);
    for run in 0..60 {
        let table = random_table(&mut dice);
        for _ in 0..40 {
            let visit = random_visit(&mut dice);
            let outcome = table.quote(Unit::Hour, std::slice::from_ref(&visit));
            let Some(begins) = plain_begin(&visit) else {
                assert!(errors_of(outcome)[0].1.starts_with("start-"), "{visit:?}");
                continue;
            };
            let minutes = (0..visit.length.get()).map(|n| begins + TimeDelta::minutes(n.into()));
            let rates: Result<Vec<_>, _> =
                minutes.map(|at| plain_rate(&table, &visit.zone, at)).collect();
            let rates = match rates {
                Ok(rates) => rates,
                Err(code) => {
                    assert_eq!(errors_of(outcome), expected(&[("/visits/0", code)]), "{visit:?}");
                    refused += 1;
                    continue;
                }
            };
            let quote = outcome.unwrap();
            // Integers only: øre times minutes, and sixty of them are one øre.
            let by_part: Vec<_> = rates
                .chunk_by(|a, b| a == b)
                .map(|same| {
                    let minutes = i64::try_from(same.len()).unwrap();
                    (minutes, (2 * minutes * same[0].amount.money().ore() + 60) / 120)
                })
                .collect();
            let found: Vec<_> = quote.visits[0]
                .parts
                .iter()
                .map(|part| (i64::from(part.minutes), part.amount.ore()))
                .collect();
            assert_eq!(found, by_part, "run {run}: {visit:?}");
            let total: i64 = by_part.iter().map(|(_, ore)| ore).sum();
            assert_eq!((quote.total.ore(), quote.visits[0].amount.ore()), (total, total));
            // Before rounding it is the minute-by-minute sum, and no part moves it by more than half an øre.
            let sixtieths: i64 = rates.iter().map(|rate| rate.amount.money().ore()).sum();
            let parts = i64::try_from(by_part.len()).unwrap();
            assert!((60 * total - sixtieths).abs() <= 30 * parts);
            assert_eq!(
                quote.visits[0].ends - begins,
                TimeDelta::minutes(visit.length.get().into())
            );
            quoted += 1;
        }
    }
    assert!(quoted > 500 && refused > 100, "{quoted} quoted, {refused} refused");
}
