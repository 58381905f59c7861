use chrono::TimeDelta;

use super::*;
use crate::domain::{
    decision::history::DecisionHistory,
    follow_up::FollowUpKind,
    samples::{
        answered_notice, approved, at, draft, follow_up, line, notice, noticed, now, on_paper,
        prose, provider_user, refused, submitted, supervised,
    },
};

fn kinds(summary: &CaseSummary) -> Vec<NoticeKind> {
    summary.notices.iter().map(|notice| notice.kind).collect()
}

#[test]
fn a_draft_is_open_and_only_the_provider_sees_it() {
    let summary = CaseSummary::from(&draft());
    assert!(summary.is_draft && summary.is_open && !summary.is_unread);
    assert_eq!((summary.state, kinds(&summary)), ("draft", vec![]));
    let summary = CaseSummary::from(&submitted());
    assert!(!summary.is_draft && summary.is_open);
    assert_eq!(kinds(&summary), [NoticeKind::Receipt]);
}

#[test]
fn an_approved_application_is_no_longer_open() {
    let (application, ..) = approved();
    let summary = CaseSummary::from(&application);
    assert_eq!((summary.state, summary.is_open), ("approved", false));
}

#[test]
fn a_decision_is_open_until_the_end_of_the_last_day_to_appeal() {
    let (_, decision) = refused();
    let history = noticed(DecisionHistory::begin(&decision, line("signer")));
    let summary = CaseSummary::from(&history);
    assert_eq!((summary.state, summary.is_open, summary.is_unread), ("notified", true, true));
    let last = history.appeal_period().last_day().unwrap();
    assert_eq!(summary.final_from, Some(end_of_day(last)));
    let opened = history.opened_by(&provider_user(), now()).unwrap().value;
    let summary = CaseSummary::from(&opened);
    assert!(!summary.is_unread);
    assert_eq!(summary.notices[0].opened_at, Some(now()));
}

#[test]
fn a_letter_by_post_has_no_end_before_its_arrival_and_is_never_unread() {
    let (_, decision) = refused();
    let history = DecisionHistory::begin(&on_paper(decision), line("signer"));
    let summary = CaseSummary::from(&history);
    assert_eq!((summary.state, summary.final_from), ("signed", None));
    assert!(summary.is_open && !summary.is_unread);
}

#[test]
fn a_prior_notice_is_unread_until_it_is_opened() {
    let summary = CaseSummary::from(&notice());
    assert!(summary.is_unread && summary.is_open);
    let opened = notice().opened_by(&provider_user(), at("2026-03-13T09:00:00Z")).unwrap().value;
    assert!(!CaseSummary::from(&opened).is_unread);
    assert_eq!(CaseSummary::from(&answered_notice()).state, "answered");
}

#[test]
fn a_follow_up_is_open_until_it_is_closed() {
    let planned = follow_up(FollowUpKind::Inspection);
    assert_eq!(CaseSummary::from(&planned).state, "planned");
    let now = now() + TimeDelta::days(1);
    let on = crate::domain::values::time::day_of(now);
    let reported = planned.report(on, prose("Alt i orden"), vec![], supervised(), now).unwrap();
    assert!(CaseSummary::from(&reported.value).is_open);
    let closed = reported.value.close(prose("I orden"), supervised(), now).unwrap().value;
    assert_eq!(
        (CaseSummary::from(&closed).state, CaseSummary::from(&closed).is_open),
        ("closed", false)
    );
}
