use chrono::TimeDelta;

use super::*;
use crate::domain::{
    error::ErrorCode,
    samples::{actor, at, day, now, table},
    snapshot::assert_snapshot,
};

/// Sent on Thursday 12 March 2026; the week ends with the 19th.
const WEEK_OUT: &str = "2026-03-19T23:00:00Z";

fn first(on: &str) -> FirstNotice {
    FirstNotice {
        sent_on: day(on),
        recorded_at: at("2026-03-12T09:00:00Z"),
        channel: NoticeChannel::Email,
        failed_at: None,
    }
}

fn noticed_on(on: &str, it: Notification) -> Notification {
    it.noticed(first(on)).unwrap().0
}

fn electronic() -> Notification {
    noticed_on("2026-03-12", Notification::new(Channel::Electronic, now()))
}

fn opened() -> Notification {
    electronic().opened_by(&actor("Siri Heim"), now()).unwrap()
}

fn paper() -> Notification {
    Notification::new(Channel::Paper, now())
}

fn arrived(on: &str) -> Notification {
    paper().arrived(day(on), &actor("Kari Nordmann"), at("2026-04-01T09:00:00Z")).unwrap()
}

type Command = fn(Notification, Instant) -> Result<Notification, DomainError>;

const COMMANDS: [(&str, Command); 3] = [
    ("open", |it, now| {
        let state = it.state();
        it.opened_by(&actor("Nora Berg"), now)
            .ok_or_else(|| DomainError::illegal_transition("open", state, vec![]))
    }),
    ("renotify", Notification::renotify),
    ("record-arrival", |it, now| it.arrived(day("2026-03-18"), &actor("Kari Nordmann"), now)),
];

#[test]
fn the_machine_of_a_notification_is_this_table() {
    let late = at(WEEK_OUT);
    let states = [
        ("available: no notice was sent", (Notification::new(Channel::Electronic, now()), late)),
        ("notified: within the week", (electronic(), late - TimeDelta::milliseconds(1))),
        ("notified: the week is out", (electronic(), late)),
        ("opened: the week is out", (opened(), late)),
        ("re-notified", (electronic().renotify(late).unwrap(), late)),
        ("dispatched", (paper(), late)),
        ("arrived: 16 March", (arrived("2026-03-16"), late)),
        ("arrived: 18 March", (arrived("2026-03-18"), late)),
    ];
    let text = table(&states, &COMMANDS, |(it, now), command| {
        command(it.clone(), *now).map_or_else(
            |refusal| refusal.code.as_str().to_owned(),
            |after| format!("→ {}", after.state()),
        )
    });
    assert_snapshot("notification", &text);
}

#[test]
fn electronically_the_clock_starts_with_the_notice_and_opening_does_not_move_it() {
    assert_eq!(electronic().starts_on(), Some(day("2026-03-12")));
    assert_eq!(opened().starts_on(), electronic().starts_on());
    // Half past eleven in the evening, UTC, is the next Norwegian day.
    let late = Notification::new(Channel::Electronic, at("2026-03-12T23:30:00Z"));
    let late = noticed_on("2026-03-12", late);
    assert_eq!(late.starts_on(), Some(day("2026-03-13")));
}

#[test]
fn a_decision_sent_on_12_march_that_is_not_opened_by_the_19th_is_notified_once_more() {
    assert_eq!(electronic().agenda(), [Item::new(Task::Renotify, at(WEEK_OUT))]);
    let again = electronic().renotify(at(WEEK_OUT)).unwrap();
    assert_eq!(again.starts_on(), Some(day("2026-03-12")));
    assert_eq!(again.agenda(), []);
    let twice = again.renotify(at("2026-03-27T09:00:00Z")).unwrap_err();
    assert_eq!((twice.code, twice.state), (ErrorCode::IllegalTransition, Some("re-notified")));
}

#[test]
fn the_week_of_the_second_notice_is_not_moved_over_easter() {
    let sent = Notification::new(Channel::Electronic, at("2026-03-26T09:00:00Z"));
    let sent = noticed_on("2026-03-26", sent);
    assert_eq!(sent.agenda(), [Item::new(Task::Renotify, at("2026-04-02T22:00:00Z"))]);
}

#[test]
fn what_was_opened_is_not_notified_again_however_late() {
    assert_eq!(opened().agenda(), []);
    assert_eq!(opened().renotify(at("2027-01-01T00:00:00Z")).unwrap_err().state, Some("opened"));
}

#[test]
fn each_reader_is_logged_once_with_the_time_of_the_first_reading() {
    let (first, second) = (actor("Siri Heim"), actor("Nora Berg"));
    let later = at("2026-03-13T09:00:00Z");
    assert_eq!(opened().opened_by(&first, later), None);
    let both = opened().opened_by(&second, later).unwrap();
    let expected = [Opening { by: first, at: now() }, Opening { by: second, at: later }];
    assert_eq!(both.opened(), expected.first());
    let Notification::Electronic { openings, .. } = both else { panic!("{both:?}") };
    assert_eq!(openings, expected);
}

#[test]
fn on_paper_the_arrival_starts_the_clock_and_a_later_one_moves_it() {
    assert_eq!(paper().starts_on(), None);
    assert_eq!((paper().agenda(), arrived("2026-03-16").agenda()), (vec![], vec![]));
    assert_eq!(arrived("2026-03-16").starts_on(), Some(day("2026-03-16")));
    let (by, now) = (actor("Kari Nordmann"), at("2026-04-01T09:00:00Z"));
    let late = arrived("2026-03-16").arrived(day("2026-03-30"), &by, now).unwrap();
    assert_eq!(late.starts_on(), Some(day("2026-03-30")));
}

#[test]
fn a_letter_arrives_neither_before_its_dispatch_nor_tomorrow_nor_earlier_than_it_did() {
    let by = actor("Kari Nordmann");
    let errors = |it: Notification, on: &str| {
        let refusal = it.arrived(day(on), &by, at("2026-03-20T09:00:00Z")).unwrap_err();
        (refusal.code, refusal.errors.first().unwrap().error.code)
    };
    assert_eq!(errors(paper(), "2026-03-11"), (ErrorCode::Validation, "date-order"));
    assert_eq!(errors(paper(), "2026-03-21"), (ErrorCode::Validation, "date-in-future"));
    assert_eq!(errors(arrived("2026-03-18"), "2026-03-17"), (ErrorCode::Validation, "date-order"));
    assert_eq!(errors(arrived("2026-03-18"), "2026-03-18"), (ErrorCode::Validation, "date-order"));
}

#[test]
fn nothing_runs_before_a_notice_and_a_late_one_moves_the_deadline_on() {
    let waiting = Notification::new(Channel::Electronic, now());
    assert_eq!((waiting.starts_on(), waiting.state()), (None, "available"));
    assert_eq!(waiting.agenda(), []);
    let read = waiting.clone().opened_by(&actor("Siri Heim"), now()).unwrap();
    assert_eq!(read.starts_on(), None, "opening starts nothing");
    let (late, delay) = waiting.noticed(first("2026-03-17")).unwrap();
    assert_eq!((late.starts_on(), delay), (Some(day("2026-03-17")), TimeDelta::days(5)));
    assert_eq!(late.clone().noticed(first("2026-03-18")), None, "the first one counts");
}

#[test]
fn a_notice_that_reached_nobody_takes_its_period_back_unless_the_message_was_opened() {
    let later = at("2026-03-20T09:00:00Z");
    let failed = electronic().notice_failed(later).unwrap();
    assert_eq!((failed.starts_on(), failed.agenda()), (None, vec![]));
    assert_eq!(failed.clone().notice_failed(later), None);
    let (again, delay) = failed.noticed(first("2026-03-20")).unwrap();
    assert_eq!((again.starts_on(), delay), (Some(day("2026-03-20")), TimeDelta::days(8)));
    assert_eq!(opened().notice_failed(later), None);
    assert_eq!(paper().notice_failed(later), None);
}
