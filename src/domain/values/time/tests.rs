use chrono::TimeDelta;

use super::*;

fn day(value: &str) -> NaiveDate {
    parse_day(value).unwrap()
}

fn at(value: &str) -> Instant {
    value.parse().unwrap()
}

fn months(amount: u16) -> Period {
    Period::new(amount, PeriodUnit::Months).unwrap()
}

#[test]
fn golden_deadlines_of_three_weeks_end_where_the_courts_act_says() {
    for (name, start, raw, last) in [
        ("plain case", "2026-08-03", "2026-08-24", "2026-08-24"),
        ("Maundy Thursday, over Easter Monday", "2026-03-12", "2026-04-02", "2026-04-07"),
        ("1 May, then weekend", "2026-04-10", "2026-05-01", "2026-05-04"),
        ("Ascension Day", "2026-04-23", "2026-05-14", "2026-05-15"),
        ("17 May on a Sunday", "2026-04-26", "2026-05-17", "2026-05-18"),
        ("Whit Monday", "2026-05-04", "2026-05-25", "2026-05-26"),
        ("Christmas Eve is a working day", "2026-12-03", "2026-12-24", "2026-12-24"),
        ("25, 26 and Sunday 27 December", "2026-12-04", "2026-12-25", "2026-12-28"),
        ("New Year, then weekend", "2026-12-11", "2027-01-01", "2027-01-04"),
    ] {
        assert_eq!(unrolled_day(day(start), APPEAL_PERIOD), day(raw), "{name}: raw end");
        assert_eq!(deadline_day(day(start), APPEAL_PERIOD), day(last), "{name}: final end");
    }
}

#[test]
fn golden_months_end_on_the_same_number_or_the_last_day_of_the_month() {
    for (name, start, amount, raw, last) in [
        ("no 31 February", "2026-01-31", 1, "2026-02-28", "2026-03-02"),
        ("no 30 February", "2026-11-30", 3, "2027-02-28", "2027-03-01"),
        ("Ascension Day", "2026-02-14", 3, "2026-05-14", "2026-05-15"),
    ] {
        assert_eq!(unrolled_day(day(start), months(amount)), day(raw), "{name}: raw end");
        assert_eq!(deadline_day(day(start), months(amount)), day(last), "{name}: final end");
    }
}

#[test]
fn the_starting_day_is_not_counted() {
    let ten_days = Period::new(10, PeriodUnit::Days).unwrap();
    assert_eq!(unrolled_day(day("2026-08-03"), ten_days), day("2026-08-13"));
}

#[test]
fn an_appeal_is_counted_from_the_norwegian_day() {
    assert_eq!(last_appeal_day(at("2026-03-12T22:59:59Z")), day("2026-04-07"));
    assert_eq!(last_appeal_day(at("2026-08-03T21:59:59Z")), day("2026-08-24"));
    assert_eq!(last_appeal_day(at("2026-08-03T22:00:00Z")), day("2026-08-25"));
}

#[test]
fn an_instant_belongs_to_the_norwegian_day() {
    for (instant, expected) in [
        ("2026-03-12T22:59:59Z", "2026-03-12"),
        ("2026-03-12T23:00:00Z", "2026-03-13"),
        ("2026-03-12T23:30:00Z", "2026-03-13"),
        ("2026-07-01T21:59:59Z", "2026-07-01"),
        ("2026-07-01T22:00:00Z", "2026-07-02"),
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
    ] {
        assert_eq!(day_of(at(instant)), day(expected), "{instant}");
    }
}

#[test]
fn days_are_23_24_or_25_hours_long() {
    for (date, start, hours) in [
        ("2026-03-12", "2026-03-11T23:00:00Z", 24),
        ("2026-03-29", "2026-03-28T23:00:00Z", 23),
        ("2026-10-25", "2026-10-24T22:00:00Z", 25),
    ] {
        assert_eq!(start_of_day(day(date)), at(start), "{date}");
        let length = end_of_day(day(date)) - start_of_day(day(date));
        assert_eq!(length.num_hours(), hours, "{date}");
    }
}

#[test]
fn every_midnight_of_the_accepted_years_begins_its_own_day() {
    let days = day("1900-01-01").iter_days();
    for day in days.take_while(|d| *d <= day("2200-12-31")) {
        let start = start_of_day(day);
        assert_eq!(day_of(start), day);
        assert_eq!(day_of(start - TimeDelta::seconds(1)), day.pred_opt().unwrap());
        assert_eq!(end_of_day(day), start_of_day(day.succ_opt().unwrap()));
    }
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    assert_eq!(day_of(Instant::MAX_UTC), NaiveDate::MAX);
    assert_eq!(day_of(Instant::MIN_UTC), NaiveDate::MIN);
    assert!(start_of_day(NaiveDate::MIN) <= end_of_day(NaiveDate::MAX));
    assert_eq!(unrolled_day(NaiveDate::MAX, APPEAL_PERIOD), NaiveDate::MAX);
}

#[test]
fn periods_are_1_to_600_units() {
    for amount in [0, 601, u16::MAX] {
        let error = Period::new(amount, PeriodUnit::Days).unwrap_err();
        assert_eq!(error.code, "period-range", "{amount}");
    }
    let longest = months(600);
    assert_eq!((longest.amount(), longest.unit()), (600, PeriodUnit::Months));
}

#[test]
fn periods_are_said_in_words() {
    assert_eq!(APPEAL_PERIOD.to_string(), "3 weeks");
    assert_eq!(months(1).to_string(), "1 month");
    assert_eq!(Period::new(10, PeriodUnit::Days).unwrap().to_string(), "10 days");
}

#[test]
fn dates_have_one_form() {
    for value in ["1900-01-01", "2024-02-29", "2200-12-31"] {
        assert_eq!(parse_day(value).unwrap().to_string(), value);
    }
    for value in [
        "",
        "2026-1-01",
        "2026-01-1",
        "20260101",
        "2026/01/01",
        "01-01-2026",
        " 2026-01-01",
        "2026-01-01T00:00:00Z",
        "+2026-01-1",
        "1899-12-31",
        "2201-01-01",
        "2026-0١-1",
    ] {
        assert_eq!(parse_day(value).unwrap_err().code, "date-form", "{value:?}");
    }
}

#[test]
fn dates_that_do_not_exist_are_refused() {
    for value in
        ["2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2100-02-29"]
    {
        assert_eq!(parse_day(value).unwrap_err().code, "date-does-not-exist", "{value}");
    }
}
