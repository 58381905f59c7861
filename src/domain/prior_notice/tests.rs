use chrono::TimeDelta;

use super::*;
use crate::domain::{
    approval::{Approval, ApprovalStatus, RevocationProposal},
    error::ErrorCode,
    role::CaseWorker,
    rules::ground::Ground,
    samples::{
        active, answered_notice, at, case_worker, content, contracted, day, finding, granted,
        grounded, id, municipality, notice, noticed, now, other_municipality_number,
        other_provider_number, prose, provider_user, revoked, table,
    },
    snapshot::assert_snapshot,
};

const LISTED: RevocationGround = RevocationGround::SupervisoryBreach;

fn send(
    approval: &Approval,
    grounds: &[RevocationGround],
    reply_by: &str,
) -> Result<PriorNotice, DomainError> {
    let grounds = grounds.iter().copied().map(grounded).collect();
    let (reply_by, by, finding) = (day(reply_by), case_worker(), finding());
    let warning = Warning { grounds, reply_by, founded_on: Some(&finding) };
    let handled = approval.handled(&by, &municipality().settings)?;
    Ok(noticed(PriorNotice::send(id(7), handled, warning, &content(), now())?.value))
}

fn asked_for_time() -> PriorNotice {
    let text = prose("Vi ber om innsyn og utsatt frist");
    notice().answer(text, false, &provider_user(), now()).unwrap().value
}

fn closed() -> PriorNotice {
    notice().close(prose("Rettet"), &case_worker(), now()).unwrap().value
}

type Command = fn(PriorNotice, Instant) -> Result<&'static str, DomainError>;

const COMMANDS: [(&str, Command); 4] = [
    ("reply", |it, now| {
        Ok(it.answer(prose("Vi er uenige"), true, &provider_user(), now)?.value.status().as_str())
    }),
    ("close", |it, now| {
        Ok(it.close(prose("Rettet"), &case_worker(), now)?.value.status().as_str())
    }),
    ("renotify", |it, now| Ok(it.renotify(now)?.value.status().as_str())),
    ("revoke on it", |it, now| it.heard(now).map(|_| "heard")),
];

#[test]
fn the_machine_of_a_prior_notice_is_this_table() {
    // The deadline to reply is 26 March.
    let in_time = at("2026-03-26T22:59:59Z");
    let states = [
        ("sent: within the time to reply", (notice(), in_time)),
        ("sent: after it", (notice(), in_time + TimeDelta::seconds(1))),
        ("asked for more time: within the time to reply", (asked_for_time(), in_time)),
        ("asked for more time: after it", (asked_for_time(), in_time + TimeDelta::seconds(1))),
        ("answered: within the time to reply", (answered_notice(), in_time)),
        ("answered: after it", (answered_notice(), in_time + TimeDelta::seconds(1))),
        ("closed: after it", (closed(), in_time + TimeDelta::seconds(1))),
    ];
    let text = table(&states, &COMMANDS, |(notice, instant), command| {
        command(notice.clone(), *instant)
            .map_or_else(|refusal| refusal.code.as_str().to_owned(), |after| format!("→ {after}"))
    });
    assert_snapshot("prior-notice", &text);
}

#[test]
fn the_time_to_reply_is_out_at_the_norwegian_midnight_after_the_last_day() {
    for (reply_by, last_day, midnight) in [
        ("2026-03-26", "2026-03-26", "2026-03-26T23:00:00Z"),
        ("2026-03-30", "2026-03-30", "2026-03-30T22:00:00Z"),
        // Maundy Thursday: moved on over Easter (domstolloven § 149).
        ("2026-04-02", "2026-04-07", "2026-04-07T22:00:00Z"),
    ] {
        let notice = send(&active(), &[LISTED], reply_by).unwrap();
        assert_eq!(notice.reply_by, day(last_day), "{reply_by}");
        let refusal = notice.heard(at(midnight) - TimeDelta::milliseconds(1)).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::PriorNoticeRunning, "{reply_by}");
        assert!(refusal.detail.to_string().contains(last_day), "{}", refusal.detail);
        assert_eq!(notice.heard(at(midnight)).unwrap().notice(), Some(&notice), "{reply_by}");
    }
}

#[test]
fn only_a_final_reply_ends_the_time_to_reply() {
    assert!(notice().heard(now()).is_err());
    assert!(answered_notice().heard(now()).is_ok());
    let asked = asked_for_time();
    assert_eq!(asked.heard(now()).unwrap_err().code, ErrorCode::PriorNoticeRunning);
    assert!(asked.heard(end_of_day(asked.reply_by)).is_ok());
    let done = asked.answer(prose("Rettet"), true, &provider_user(), now()).unwrap().value;
    assert!(done.heard(now()).is_ok());
    let more = done.answer(prose("Og ett vedlegg"), false, &provider_user(), now()).unwrap().value;
    assert!(more.heard(now()).is_ok(), "a further reply takes nothing back");
    let texts: Vec<_> = more.replies.iter().map(|reply| reply.text.to_string()).collect();
    assert_eq!(texts, ["Vi ber om innsyn og utsatt frist", "Rettet", "Og ett vedlegg"]);
}

#[test]
fn the_decision_is_due_after_the_last_day_unless_the_reply_is_final() {
    let due = |notice: PriorNotice| {
        let items = notice.agenda();
        items.into_iter().find(|it| it.task == Task::DecideAfterNotice).map(|it| it.due_at)
    };
    assert_eq!(due(asked_for_time()), Some(end_of_day(day("2026-03-26"))));
    assert_eq!(due(answered_notice()), Some(end_of_day(day_of(now()))));
}

#[test]
fn the_number_of_replies_is_limited() {
    let mut notice = notice();
    for _ in 0..MOST_REPLIES {
        notice = notice.answer(prose("Nei"), false, &provider_user(), now()).unwrap().value;
    }
    let refusal = notice.answer(prose("Nei"), false, &provider_user(), now()).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.allowed),
        (ErrorCode::IllegalTransition, Some(vec!["close"]))
    );
}

#[test]
fn a_reply_is_kept_with_its_time_and_its_sender() {
    let late = at("2026-05-01T00:00:00Z");
    let Change { value, event } =
        notice().answer(prose("Vi er uenige"), false, &provider_user(), late).unwrap();
    let (text, by) = (prose("Vi er uenige"), provider_user().actor);
    assert_eq!(value.replies, [NoticeReply { text, is_final: false, at: late, by }]);
    assert_eq!((value.revision, event.revision), (Revision(2), Revision(2)));
    assert_eq!(event.kind, EventKind::PriorNoticeAnswered);
}

#[test]
fn another_provider_finds_no_notice_answered_or_not() {
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    for notice in [notice(), answered_notice()] {
        let refusal = notice.answer(prose("Vi er uenige"), true, &stranger, now()).unwrap_err();
        assert_eq!((refusal.code, refusal.state), (ErrorCode::NotFound, None));
    }
}

#[test]
fn a_notice_names_who_is_warned_of_what_and_by_whom() {
    let approval = active();
    let notice = send(&approval, &[LISTED, RevocationGround::TermsBreach], "2026-03-26").unwrap();
    assert_eq!(notice.approval, approval.id);
    assert_eq!((notice.municipality, notice.provider), (approval.municipality, approval.provider));
    assert_eq!(notice.grounds, [LISTED, RevocationGround::TermsBreach].map(grounded));
    assert_eq!((notice.sent_at, notice.sent_by), (now(), case_worker().actor));
}

#[test]
fn a_warning_leaves_the_approval_active() {
    let approval = active();
    assert!(send(&approval, &[LISTED], "2026-03-26").is_ok());
    assert_eq!(approval.lifecycle.status_at(now()), ApprovalStatus::Active);
}

#[test]
fn nobody_is_warned_of_a_ground_that_the_terms_do_not_list() {
    for unlisted in [RevocationGround::WithheldInformation, RevocationGround::HealthLawNotMet] {
        let refusal = send(&active(), &[LISTED, unlisted], "2026-03-26").unwrap_err();
        assert_eq!(refusal.code, ErrorCode::GroundNotInTerms);
        assert!(refusal.detail.to_string().contains(unlisted.as_str()), "{}", refusal.detail);
    }
}

fn error(sent: Result<PriorNotice, DomainError>) -> (String, &'static str) {
    let refusal = sent.unwrap_err();
    assert_eq!((refusal.code, refusal.errors.len()), (ErrorCode::Validation, 1), "{refusal:?}");
    (refusal.errors[0].pointer.clone(), refusal.errors[0].error.code)
}

#[test]
fn a_warning_names_each_of_its_grounds_once_and_at_least_one() {
    let none = send(&active(), &[], "2026-03-26");
    assert_eq!(error(none), ("/grounds".to_owned(), "required"));
    let twice = send(&active(), &[LISTED, LISTED], "2026-03-26");
    assert_eq!(error(twice), ("/grounds/1/ground".to_owned(), "duplicate"));
}

#[test]
fn the_provider_gets_at_least_a_day() {
    for reply_by in ["2026-03-11", "2026-03-12"] {
        let sent = send(&active(), &[LISTED], reply_by);
        assert_eq!(error(sent), ("/replyBy".to_owned(), "reply-time-too-short"), "{reply_by}");
    }
    assert!(send(&active(), &[LISTED], "2026-03-13").is_ok());
}

#[test]
fn an_approval_is_warned_from_its_grant_until_it_is_over_and_only_by_its_municipality() {
    for approval in [granted(), contracted("2026-04-01", None)] {
        assert!(send(&approval, &[LISTED], "2026-03-26").is_ok(), "{:?}", approval.lifecycle);
    }
    let out = contracted("2026-01-01", Some("2026-03-11"));
    for approval in [out, revoked(at("2026-04-30T22:00:00Z"))] {
        let refusal = send(&approval, &[LISTED], "2026-03-26").unwrap_err();
        assert_eq!(refusal.code, ErrorCode::IllegalTransition, "{:?}", approval.lifecycle);
    }
    let stranger = CaseWorker { municipality: other_municipality_number(), ..case_worker() };
    let grounds = vec![grounded(LISTED)];
    let (approval, settings) = (active(), municipality().settings);
    let warning = Warning { grounds, reply_by: day("2026-03-26"), founded_on: None };
    let sent = approval
        .handled(&stranger, &settings)
        .and_then(|handled| PriorNotice::send(id(7), handled, warning, &content(), now()));
    assert_eq!(sent.unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_closed_notice_is_no_proof_and_nothing_falls_due_with_it() {
    let later = at("2026-12-01T00:00:00Z");
    assert_eq!(closed().heard(later).unwrap_err().code, ErrorCode::PriorNoticeClosed);
    assert_eq!(closed().agenda(), []);
    let answered = answered_notice().close(prose("Rettet"), &case_worker(), now()).unwrap();
    assert_eq!(answered.event.kind, EventKind::PriorNoticeClosed);
    assert_eq!(answered.value.heard(later).unwrap_err().code, ErrorCode::PriorNoticeClosed);
}

#[test]
fn only_a_named_exception_takes_the_place_of_a_notice() {
    for kind in ExceptionKind::ALL {
        let exception = Exception { kind, reasons: prose("Ingen kjent adresse") };
        let grounds = vec![grounded(LISTED)];
        let (exception, by) = (exception, case_worker().actor);
        let proposal =
            RevocationProposal { exception: exception.clone(), grounds, by: by.clone(), at: now() };
        let heard = proposal.excuses(&exception).unwrap();
        assert_eq!((heard.notice(), heard.exception()), (None, Some(&exception)));
        assert_eq!(heard.prepared(), (&*proposal.grounds, &by, now()));
        for other in ExceptionKind::ALL.into_iter().filter(|other| *other != kind) {
            let other = Exception { kind: other, ..exception.clone() };
            let refused = proposal.excuses(&other).unwrap_err();
            assert_eq!(refused.code, ErrorCode::PriorNoticeMissing);
        }
    }
}

#[test]
fn a_probable_bankruptcy_is_no_ground_to_revoke_and_cannot_be_said() {
    let error = RevocationGround::parse("bankruptcy-probable").unwrap_err();
    assert_eq!(error.code, "ground-cannot-revoke");
}

#[test]
fn what_others_have_found_must_be_on_record_before_it_is_held_against_anyone() {
    for ground in [RevocationGround::SupervisoryBreach, RevocationGround::Bankruptcy] {
        let grounds = vec![grounded(ground)];
        let warning = Warning { grounds, reply_by: day("2026-03-26"), founded_on: None };
        let (approval, by) = (active(), case_worker());
        let handled = approval.handled(&by, &municipality().settings).unwrap();
        let sent = PriorNotice::send(id(7), handled, warning, &content(), now());
        assert_eq!(sent.unwrap_err().code, ErrorCode::NotFounded, "{ground:?}");
    }
}

#[test]
fn opening_is_logged_once_and_a_second_notice_goes_out_after_a_week_unopened() {
    let opened = notice().opened_by(&provider_user(), now()).unwrap();
    assert_eq!(opened.event.kind, EventKind::PriorNoticeOpened);
    assert_eq!(opened.value.opened_by(&provider_user(), now()), None);
    let week_out = at("2026-03-19T23:00:00Z");
    assert!(notice().renotify(week_out - TimeDelta::seconds(1)).is_err());
    let again = notice().renotify(week_out).unwrap().value;
    assert_eq!(again.reply_by, notice().reply_by, "no clock starts anew");
    let due: Vec<_> = notice().agenda().iter().map(|item| item.task.as_str()).collect();
    assert_eq!(due, ["renotify", "decide-after-notice", "reply-to-notice"]);
    let replied = notice().answer(prose("Rettet"), false, &provider_user(), now()).unwrap().value;
    assert!(replied.agenda().iter().all(|item| item.task != Task::ReplyToNotice));
}
