use chrono::TimeDelta;

use super::{check::Wrong, *};
use crate::domain::{
    compensation::samples::{
        clock, hours, plain, plain_has, random_bands as random, usual_bands as usual,
    },
    samples::{SampleDice, code, day, line},
    values::time::{local, start_of_day},
};

fn errors(hours: Vec<Hours>, bands: Vec<Band>) -> Vec<(String, &'static str, String)> {
    let errors = Bands::new(hours, bands).unwrap_err().into_vec();
    errors.into_iter().map(|f| (f.pointer, f.error.code, f.error.detail.to_string())).collect()
}

#[test]
fn the_clock_is_read_to_the_minute() {
    for (value, minutes) in [("00:00", 0), ("07:30", 450), ("23:59", 1_439), ("24:00", 1_440)] {
        assert_eq!(clock(value).minutes(), minutes);
        assert_eq!(clock(value).to_string(), value);
    }
    for value in ["", "7:00", "07.00", "07:60", "24:01", "-1:00", "07:00:00", "+7:00"] {
        assert_eq!(Clock::parse(value).unwrap_err().code, "clock-form", "{value}");
    }
    assert_eq!(Clock::new(1_441).unwrap_err().code, "clock-form");
}

#[test]
fn hours_need_days_and_an_order() {
    let new = |days: &[Weekday], from, to| {
        Hours::new(days, HolyDays::Included, clock(from), clock(to)).map_err(|f| f.code)
    };
    assert_eq!(new(&[], "07:00", "08:00"), Err("weekdays-missing"));
    assert_eq!(new(&WEEK, "23:00", "07:00"), Err("hours-order"));
    assert_eq!(new(&WEEK, "07:00", "07:00"), Err("hours-order"));
}

#[test]
fn each_day_finds_its_band() {
    let (hours, bands) = usual();
    let bands = Bands::new(hours, bands).unwrap();
    for (date, time, expected) in [
        ("2026-03-12", "06:59", None),
        ("2026-03-12", "07:00", Some("dag")),
        ("2026-03-12", "15:00", Some("kveld")),
        ("2026-03-12", "23:00", None),
        ("2026-03-14", "12:00", Some("helg")),
        ("2026-03-15", "12:00", Some("helg")), // an ordinary Sunday
        ("2026-04-05", "12:00", Some("hellig")), // Easter Sunday
        ("2026-05-01", "12:00", Some("hellig")), // a Friday
        ("2026-05-17", "12:00", Some("hellig")), // a Sunday
        ("2026-12-24", "17:00", Some("kveld")), // not holy in law
        ("2026-12-25", "12:00", Some("hellig")),
        ("2026-12-31", "17:00", Some("kveld")),
    ] {
        let found = bands.at(DayKind::of(day(date)), clock(time));
        assert_eq!(found.map(|band| band.code.as_str()), expected, "{date} {time}");
    }
}

#[test]
fn each_gap_overlap_and_excess_is_told_with_its_hours_and_days() {
    let (open, mut bands) = usual();
    bands[0].rules = vec![hours(&WEEK[..5], HolyDays::Excluded, "08:00", "15:30")];
    bands[3].rules = vec![hours(&WEEK, HolyDays::Only, "06:00", "23:00")];
    assert_eq!(
        errors(open, bands),
        [
            (
                "/bands".into(),
                "band-gap",
                "band-gap from=07:00 to=08:00 days=day-mon, day-tue, day-wed, day-thu, day-fri".into()
            ),
            (
                "/bands/1".into(),
                "band-overlap",
                "band-overlap one=dag other=kveld from=15:00 to=15:30 days=day-mon, day-tue, day-wed, day-thu, day-fri".into()
            ),
            (
                "/bands/3".into(),
                "band-outside-hours",
                "band-outside-hours band=hellig from=06:00 to=07:00 days=days-holy".into()
            ),
        ]
    );
}

#[test]
fn holy_days_left_out_are_a_gap() {
    let (open, mut bands) = usual();
    bands.pop();
    let detail = "band-gap from=07:00 to=23:00 days=days-holy";
    assert_eq!(errors(open, bands), [("/bands".into(), "band-gap", detail.into())]);
    let none = errors(vec![Hours::round_the_clock()], vec![]);
    let detail = "band-gap from=00:00 to=24:00 days=days-all";
    assert_eq!(none, [("/bands".into(), "band-gap", detail.into())]);
}

#[test]
fn lists_are_checked_before_hours() {
    let (open, mut bands) = usual();
    bands[1].code = code("dag");
    bands[2].rules.clear();
    let found = errors(vec![], bands);
    let found: Vec<_> = found.iter().map(|(at, code, _)| (at.as_str(), *code)).collect();
    let expected = [
        ("/hours", "hours-missing"),
        ("/bands/1/code", "duplicate"),
        ("/bands/2/rules", "rules-missing"),
    ];
    assert_eq!(found, expected);
    let many = vec![open[0].clone(); Bands::MAX + 1];
    assert_eq!(errors(many, vec![])[0].1, "too-many");
}

/// One real date of each of the fourteen kinds.
fn one_of_each_kind() -> Vec<NaiveDate> {
    let years: Vec<_> = day("2000-01-01").iter_days().take(366 * 60).collect();
    DayKind::all()
        .map(|kind| *years.iter().find(|date| DayKind::of(**date) == kind).unwrap())
        .collect()
}

#[test]
fn findings_agree_with_every_minute_of_every_kind_of_day() {
    let (mut dice, dates, mut whole) = (SampleDice(4), one_of_each_kind(), 0);
    for _ in 0..60 {
        let (open, bands) = random(&mut dice);
        let made = Bands { hours: open, bands };
        let findings = made.findings();
        let mut wrongs = 0;
        for date in &dates {
            let (kind, day) = (DayKind::of(*date), plain(*date));
            let findings: Vec<_> = findings.iter().filter(|f| f.days.contains(&kind)).collect();
            let is_found = |wrong: Wrong, minute: u16| {
                let here = |f: &&&check::BandFault| {
                    f.wrong == wrong && (f.from.0..f.to.0).contains(&minute)
                };
                findings.iter().filter(here).count()
            };
            for minute in 0..1_440 {
                let given = plain_has(&made.hours, day, minute);
                let has: Vec<bool> =
                    made.bands.iter().map(|b| plain_has(&b.rules, day, minute)).collect();
                let mut expect = |wrong, is: bool| {
                    assert_eq!(is_found(wrong, minute), usize::from(is), "{wrong:?} {date}");
                    wrongs += usize::from(is);
                };
                expect(Wrong::Gap, given && !has.contains(&true));
                for i in 0..has.len() {
                    expect(Wrong::Outside(i), !given && has[i]);
                    for j in 0..i {
                        expect(Wrong::Overlap(j, i), has[i] && has[j]);
                    }
                }
            }
        }
        let accepted = Bands::new(made.hours, made.bands).is_ok();
        assert_eq!(accepted, wrongs == 0);
        whole += usize::from(accepted);
    }
    assert!((8..52).contains(&whole), "{whole} of 60 were whole");
}

#[test]
fn every_minute_of_a_year_is_in_exactly_one_band_also_when_the_clocks_change() {
    let mut dice = SampleDice(26);
    let (start, end) = (start_of_day(day("2026-01-01")), start_of_day(day("2027-01-01")));
    let tried: Vec<_> = (0..1_000).map(|_| random(&mut dice)).collect();
    let mut whole = tried.into_iter().filter_map(|(open, bands)| Bands::new(open, bands).ok());
    for _ in 0..2 {
        let bands = whole.next().unwrap();
        let (mut at, mut minutes, mut repeated) = (start, 0, 0);
        let mut before = local(start - TimeDelta::minutes(1));
        let mut today = (NaiveDate::MIN, (0, false), DayKind::of(day("2026-01-01")));
        while at < end {
            let wall = local(at);
            repeated += u32::from(wall <= before);
            before = before.max(wall);
            let (date, minute) = (wall.date(), Clock::of(wall));
            if today.0 != date {
                today = (date, plain(date), DayKind::of(date));
            }
            let has: Vec<_> = bands
                .bands()
                .iter()
                .filter(|band| plain_has(&band.rules, today.1, minute.0))
                .map(|band| &band.code)
                .collect();
            let given = plain_has(bands.hours(), today.1, minute.0);
            assert_eq!(has.len(), usize::from(given), "{wall}");
            let found = bands.at(today.2, minute);
            assert_eq!(found.map(|band| &band.code), has.first().copied(), "{wall}");
            at += TimeDelta::minutes(1);
            minutes += 1;
        }
        // A year has the usual number of minutes, and one hour of wall-clock time occurs twice.
        assert_eq!((minutes, repeated), (365 * 1_440, 60));
    }
}

#[test]
fn until_the_next_edge_the_band_is_the_same() {
    let (mut dice, dates) = (SampleDice(9), one_of_each_kind());
    for _ in 0..100 {
        let (open, bands) = random(&mut dice);
        let bands = Bands { hours: open, bands };
        let kind = DayKind::of(dice.of(&dates));
        let minute = u16::try_from(dice.roll(1_440)).unwrap();
        let edge = bands.next_edge(kind, Clock(minute)).0;
        assert!(minute < edge);
        let first = bands.at(kind, Clock(minute));
        assert!((minute..edge).all(|m| bands.at(kind, Clock(m)) == first));
    }
}

#[test]
fn one_band_can_have_all_hours() {
    let open = vec![Hours::daily(clock("07:00"), clock("23:00")).unwrap()];
    let single = Bands::single(open.clone(), code("alle"), line("Alle timer"));
    assert_eq!(Bands::new(open, single.bands().to_vec()), Ok(single));
}
