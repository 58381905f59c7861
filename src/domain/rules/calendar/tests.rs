use super::*;

fn day(value: &str) -> NaiveDate {
    value.parse().unwrap()
}

#[test]
fn easter_falls_where_the_almanac_says() {
    for value in [
        "1818-03-22", // the earliest possible
        "1943-04-25", // the latest possible
        "1954-04-18", // the first exception of the computus
        "1981-04-19", // the second
        "2000-04-23",
        "2021-04-04",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2038-04-25",
    ] {
        assert_eq!(easter_sunday(day(value).year()), day(value));
    }
}

#[test]
fn easter_is_always_a_sunday_between_22_march_and_25_april() {
    for year in 1583..=4099 {
        let easter = easter_sunday(year);
        assert_eq!(easter.weekday(), Weekday::Sun, "{easter}");
        assert!(((3, 22)..=(4, 25)).contains(&(easter.month(), easter.day())), "{easter}");
    }
}

#[test]
fn the_holy_days_of_2026_are_these_and_the_sundays() {
    let year = day("2026-01-01").iter_days().take(365);
    let holy: Vec<String> = year
        .filter(|day| is_holy_day(*day) && day.weekday() != Weekday::Sun)
        .map(|day| day.to_string())
        .collect();
    assert_eq!(
        holy,
        [
            "2026-01-01",
            "2026-04-02",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-05-14",
            "2026-05-25",
            "2026-12-25",
            "2026-12-26",
        ]
    );
    for sunday in ["2026-04-05", "2026-05-17", "2026-05-24", "2026-08-02"] {
        assert!(is_holy_day(day(sunday)), "{sunday}");
    }
}

#[test]
fn christmas_eve_and_new_years_eve_are_working_days_and_saturdays_are_not() {
    assert!(is_working_day(day("2026-12-24")));
    assert!(is_working_day(day("2026-12-31")));
    assert!(!is_working_day(day("2026-04-04")), "Easter Eve");
    assert!(!is_holy_day(day("2026-04-04")), "Easter Eve is only a Saturday");
}

#[test]
fn the_next_working_day_is_the_same_day_or_after_the_holy_days() {
    for (from, to) in [
        ("2026-04-01", "2026-04-01"),
        ("2026-04-02", "2026-04-07"),
        ("2026-05-16", "2026-05-18"),
        ("2027-01-01", "2027-01-04"),
    ] {
        assert_eq!(next_working_day_from(day(from)), day(to));
    }
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    assert_eq!(easter_sunday(i32::MAX), NaiveDate::MAX);
    assert_eq!(easter_sunday(i32::MIN), NaiveDate::MAX);
    assert!(next_working_day_from(NaiveDate::MAX) <= NaiveDate::MAX);
    assert!(next_working_day_from(NaiveDate::MIN) >= NaiveDate::MIN);
}

#[test]
fn a_sunday_is_a_named_holy_day_only_by_its_own_name() {
    for (value, named) in [
        ("2026-04-05", true), // Easter
        ("2026-05-17", true),
        ("2026-05-24", true), // Whitsun
        ("2026-08-02", false),
        ("2026-05-14", true), // Ascension, a Thursday
        ("2026-12-24", false),
        ("2026-12-31", false),
        ("2026-04-04", false), // Easter Eve
    ] {
        assert_eq!(is_named_holy_day(day(value)), named, "{value}");
    }
    let year = day("2026-01-01").iter_days().take(365);
    for one in year {
        let is_sunday = one.weekday() == Weekday::Sun;
        assert_eq!(is_holy_day(one), is_sunday || is_named_holy_day(one), "{one}");
    }
}
