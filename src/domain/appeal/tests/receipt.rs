//! Timeliness of an appeal.

use chrono::TimeDelta;

use super::*;

fn other(knew_on: &str) -> Appellant {
    let (name, legal_interest) = (line("Nabo Omsorg AS"), note("Konkurrent"));
    Appellant::Other { name, legal_interest, knew_on: day(knew_on), contact: None }
}

fn registered(
    appellant: Appellant,
    received: AppealReceipt,
    decision: &Decision,
) -> Result<Appeal, DomainError> {
    let (history, by, now) = (history(decision), case_worker(), at("2026-09-01T09:00:00Z"));
    Ok(Appeal::registered(id(20), appellant, text(), received, decision, &history, &by, now)?.value)
}

#[test]
fn others_have_three_weeks_from_knowing_and_three_months_at_most_where_a_right_is_granted() {
    let (granting, refusing) = (approved().1, refused().1);
    for (decision, knew_on, last_day) in [
        (&granting, "2026-05-04", "2026-05-26"),
        // Three months from 12 March: Friday 12 June.
        (&granting, "2026-06-01", "2026-06-12"),
        (&refusing, "2026-06-01", "2026-06-22"),
    ] {
        assert_eq!(other(knew_on).last_day(decision, &history(decision)), Some(day(last_day)));
        let handed_in = |input: &str| AppealReceipt {
            at: at("2026-07-01T09:00:00Z"),
            handed_in_on: day(input),
            lost: None,
        };
        let in_time = registered(other(knew_on), handed_in(last_day), decision).unwrap();
        assert_eq!(in_time.missed, None, "{knew_on}");
        let after = day(last_day).succ_opt().unwrap().to_string();
        let late = registered(other(knew_on), handed_in(&after), decision).unwrap();
        assert_eq!(late.missed, Some(day(last_day)), "{knew_on}");
    }
}

#[test]
fn what_was_handed_to_the_post_in_time_is_in_time_however_long_the_post_takes() {
    let posted = AppealReceipt {
        at: at("2026-04-20T09:00:00Z"),
        handed_in_on: day("2026-04-07"),
        lost: None,
    };
    assert_eq!(registered(Appellant::Party, posted, &refused().1).unwrap().missed, None);
}

#[test]
fn an_appeal_that_was_lost_is_repeated_within_a_week_of_knowing() {
    let lost = Some(LostAppeal { sent_on: day("2026-04-07"), learned_on: day("2026-04-20") });
    let on =
        |input| AppealReceipt { at: at("2026-05-10T09:00:00Z"), handed_in_on: day(input), lost };
    let repeated = |input| registered(Appellant::Party, on(input), &refused().1).unwrap().missed;
    assert_eq!(repeated("2026-04-27"), None);
    assert_eq!(repeated("2026-04-28"), Some(day("2026-04-07")));
    let sent_late = AppealReceipt {
        lost: Some(LostAppeal { sent_on: day("2026-04-08"), learned_on: day("2026-04-20") }),
        ..on("2026-04-27")
    };
    assert!(registered(Appellant::Party, sent_late, &refused().1).unwrap().missed.is_some());
}

#[test]
fn the_days_of_a_registered_appeal_fit_together() {
    let error = |appellant, received| {
        let refused = registered(appellant, received, &refused().1).unwrap_err();
        let error = &refused.errors[0];
        (error.pointer.clone(), error.error.code)
    };
    let now = at("2026-09-01T09:00:00Z");
    let tomorrow = AppealReceipt::here(now + TimeDelta::days(1));
    assert_eq!(error(Appellant::Party, tomorrow), ("/receivedAt".into(), "date-in-future"));
    let backwards = AppealReceipt { handed_in_on: day("2026-09-02"), ..AppealReceipt::here(now) };
    assert_eq!(error(Appellant::Party, backwards), ("/handedInOn".into(), "date-order"));
    let here = AppealReceipt::here(now);
    assert_eq!(error(other("2026-03-11"), here), ("/knewOn".into(), "date-order"));
}
