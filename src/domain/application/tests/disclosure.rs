//! Information from others is put to the applicant before it carries a refusal.

use super::{machine::disclosed, *};
use crate::domain::{
    agenda::Task,
    decision::SigningContext,
    error::ErrorCode,
    notice::{NoticeKind, Notifiable},
    rules::notification::{Channel, Notification},
    samples::{heard, prose},
};

const BREACH: RefusalGround = RefusalGround::SupervisoryBreach;

fn refuse_at(it: Application, ground: RefusalGround, now: &str) -> Result<(), DomainError> {
    let municipality = municipality();
    let frame = SigningContext { now: at(now), ..frame(&municipality) };
    let by = decision_maker();
    it.refuse(vec![grounded(ground)], reasons(), &content(), frame, &by).map(drop)
}

fn error(refused: Result<(), DomainError>) -> (ErrorCode, String) {
    let refusal = refused.unwrap_err();
    (refusal.code, refusal.detail.to_string())
}

#[test]
fn a_ground_that_rests_on_others_refuses_nobody_who_has_not_seen_the_information() {
    for ground in [BREACH, RefusalGround::BankruptcyProbable] {
        let (code, detail) = error(refuse_at(ready(), ground, "2026-03-12T09:00:00Z"));
        assert_eq!(code, ErrorCode::ApplicantNotHeard);
        assert!(detail.contains(ground.as_str()), "{detail}");
        assert!(refuse_at(heard(ready()), ground, "2026-03-12T09:00:00Z").is_ok(), "{ground:?}");
    }
    let other =
        refuse_at(disclosed(ready()), RefusalGround::BankruptcyProbable, "2026-04-12T09:00:00Z");
    assert_eq!(error(other).0, ErrorCode::ApplicantNotHeard, "put for another ground");
    assert!(refuse_at(failing(), RefusalGround::CriteriaNotMet, "2026-03-12T09:00:00Z").is_ok());
}

#[test]
fn the_refusal_waits_for_the_comment_or_the_last_day() {
    let (code, detail) = error(refuse_at(disclosed(ready()), BREACH, "2026-03-26T22:59:59Z"));
    assert_eq!(code, ErrorCode::ApplicantNotHeard);
    assert!(detail.contains("2026-03-26"), "{detail}");
    assert!(refuse_at(disclosed(ready()), BREACH, "2026-03-26T23:00:00Z").is_ok());
    let commented = disclosed(ready()).comment(prose("Rettet"), &provider_user(), now()).unwrap();
    assert_eq!(commented.event.kind, EventKind::InformationCommented);
    assert!(refuse_at(commented.value, BREACH, "2026-03-12T09:00:00Z").is_ok());
}

#[test]
fn the_time_to_comment_begins_when_notice_was_sent() {
    let mut unsent = disclosed(ready());
    let last = unsent.state.case_mut().unwrap().disclosures.last_mut().unwrap();
    last.notification = Notification::new(Channel::Electronic, now());
    let kinds: Vec<_> = unsent.messages_mut().iter().map(|message| message.kind).collect();
    assert_eq!(kinds, [NoticeKind::Disclosure]);
    let refused = refuse_at(unsent, BREACH, "2026-06-01T09:00:00Z");
    assert_eq!(error(refused).0, ErrorCode::NoticeNotSent);
}

#[test]
fn the_applicant_has_a_task_and_a_second_notice_after_a_week_unopened() {
    let it = disclosed(ready());
    let tasks: Vec<_> = it.agenda().iter().map(|item| item.task).collect();
    assert!(tasks.contains(&Task::CommentOnInformation) && tasks.contains(&Task::Renotify));
    let week_out = at("2026-03-19T23:00:00Z");
    let second = it.clone().renotify(week_out).unwrap();
    assert_eq!(second.event.kind, EventKind::DisclosureRenotified);
    let opened = it.opened_by(&provider_user(), now()).unwrap();
    assert_eq!(opened.event.kind, EventKind::DisclosureOpened);
    assert!(opened.value.clone().renotify(week_out).is_err());
    let commented = opened.value.comment(prose("Rettet"), &provider_user(), now()).unwrap().value;
    assert!(commented.agenda().iter().all(|item| item.task != Task::CommentOnInformation));
}

#[test]
fn the_next_information_waits_until_the_time_of_the_last_is_over() {
    let disclose = |it: Application, grounds: Vec<RefusalGround>, deadline| {
        let grounds = grounds.into_iter().map(grounded).collect();
        it.disclose_information(grounds, line("NAV"), day(deadline), &case_worker(), context())
    };
    let probable = RefusalGround::BankruptcyProbable;
    let early = disclose(disclosed(ready()), vec![probable], "2026-03-27").unwrap_err();
    assert_eq!(early.code, ErrorCode::ApplicantNotHeard);
    assert!(disclose(heard(ready()), vec![probable], "2026-03-27").is_ok());
    let unlisted = disclose(ready(), vec![RefusalGround::FalseInformation], "2026-03-27");
    assert_eq!(unlisted.unwrap_err().code, ErrorCode::GroundNotInTerms);
    for (grounds, deadline, pointer) in [
        (vec![], "2026-03-27", "/grounds"),
        (vec![probable, probable], "2026-03-27", "/grounds/1/ground"),
        (vec![probable], "2026-03-12", "/deadline"),
    ] {
        let refused = disclose(ready(), grounds, deadline).unwrap_err();
        assert_eq!(refused.errors[0].pointer, pointer);
    }
}
