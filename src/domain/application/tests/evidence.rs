//! Evidence that expires during the approval.

use super::*;
use crate::domain::{
    agenda::{Item, Task},
    approval::{Approval, ApprovalLifecycle},
    samples::{active, revoked},
    values::time::{Instant, end_of_day, start_of_day},
};

const LAST_DAY: &str = "2026-06-30";

/// Approved, with evidence that expires at the end of June.
fn running_out() -> Application {
    let mut application = approved().0;
    application.dossier.evidence[0].expires_on = Some(day(LAST_DAY));
    application
}

fn reminders() -> [Instant; 3] {
    ["2026-05-01", "2026-05-31", "2026-06-23"].map(|on| start_of_day(day(on)))
}

fn renewal(expires_on: Option<&str>) -> Evidence {
    let piece = evidence(70, CRITERIA[0], "tax-certificate");
    Evidence { expires_on: expires_on.map(day), ..piece }
}

fn renewed(expires_on: Option<&str>) -> Application {
    let by = provider_user();
    running_out().renew_evidence(renewal(expires_on), &content(), &by, now()).unwrap().value
}

#[test]
fn the_registry_reminds_60_30_and_7_days_before_and_the_provider_renews_in_time() {
    let mut wanted = reminders().map(|at| Item::new(Task::EvidenceExpires, at)).to_vec();
    wanted.push(Item::new(Task::RenewEvidence, end_of_day(day(LAST_DAY))));
    assert_eq!(running_out().agenda(), wanted);
    assert_eq!(approved().0.agenda(), [], "nothing runs out");
    let mut under_way = complete_draft();
    under_way.dossier.evidence[0].expires_on = Some(day(LAST_DAY));
    assert_eq!(under_way.agenda(), [], "nothing rests on it yet");
}

#[test]
fn a_reminder_that_comes_late_says_nothing_that_the_next_one_says_or_that_is_over() {
    let it = running_out();
    let [first, second, last] = reminders();
    let piece = it.dossier.evidence[0].id;
    assert_eq!(it.reminded_of(first, first), [piece]);
    assert_eq!(it.reminded_of(first, second), []);
    assert_eq!(it.reminded_of(second, second), [piece]);
    let over = end_of_day(day(LAST_DAY));
    assert_eq!(it.reminded_of(last, over - chrono::TimeDelta::seconds(1)), [piece]);
    assert_eq!(it.reminded_of(last, over), []);
    assert_eq!(renewed(None).reminded_of(first, first), []);
}

#[test]
fn evidence_is_renewed_once_it_is_approved_by_what_lasts_longer() {
    assert_eq!(renewed(None).agenda(), []);
    let due = |it: Application| it.agenda().last().map(|item| item.due_at);
    assert_eq!(due(renewed(Some("2027-06-30"))), Some(end_of_day(day("2027-06-30"))));
    let shorter = due(renewed(Some("2026-06-01")));
    assert_eq!(shorter, Some(end_of_day(day(LAST_DAY))), "the older one lasts longer");
    let refused = refused().0.renew_evidence(renewal(None), &content(), &provider_user(), now());
    assert_eq!(refused.unwrap_err().code, RefusalCode::IllegalTransition);
}

#[test]
fn nothing_falls_due_on_a_day_on_which_the_approval_does_not_stand() {
    let it = running_out();
    let under = |approval: Approval| it.agenda_under(&approval.lifecycle);
    assert_eq!(it.agenda_under(&ApprovalLifecycle::GRANTED), it.agenda());
    assert_eq!(under(active()), it.agenda());
    assert_eq!(under(revoked(now())), []);
    let later = under(revoked(reminders()[1]));
    assert_eq!(later, [Item::new(Task::EvidenceExpires, reminders()[0])]);
    let back = revoked(now()).reinstate(id(40), &Places::default(), now()).unwrap().value;
    assert_eq!(under(back), it.agenda(), "reinstated");
    let waits = revoked(now()).suspend_revocation(id(40), &Places::default(), now()).unwrap().value;
    assert_eq!(under(waits), it.agenda(), "deferred");
}
