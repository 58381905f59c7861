use super::*;
use crate::domain::{
    error::ErrorCode,
    samples::{actor, at, case_worker, day, id, line, municipality_number, now, provider_number},
    values::ids::DecisionId,
};

fn event(kind: EventKind, detail: Vec<(&'static str, String)>) -> Event {
    Event {
        kind,
        subject: Subject::Decision(DecisionId::new(uuid::Uuid::from_u128(5))),
        revision: Revision::FIRST,
        municipality: Some(municipality_number()),
        provider: Some(provider_number()),
        detail,
    }
}

fn waiting() -> Notice {
    let signed = event(EventKind::DecisionSigned, vec![("channel", "electronic".to_owned())]);
    Notice::of(&signed, id(9), now()).unwrap()
}

fn acceptance() -> Acceptance {
    let address = Email::parse("post@leverandor.example").unwrap();
    Acceptance { address, at: now(), reference: line("250 ok") }
}

fn sent() -> Notice {
    waiting().sent(vec![acceptance()], now()).unwrap().0.value
}

fn failed() -> Notice {
    waiting().failed(line("550 no such user"), now()).unwrap().value
}

fn tasks(notice: &Notice) -> Vec<(&'static str, String)> {
    let text = |item: Item| (item.task.as_str(), item.due_at.format("%F %R").to_string());
    notice.agenda().into_iter().map(text).collect()
}

#[test]
fn a_decision_gives_a_notice_and_one_by_post_none() {
    assert_eq!((waiting().kind, waiting().is_second), (NoticeKind::Decision, false));
    let by_post = event(EventKind::DecisionSigned, vec![("channel", "paper".to_owned())]);
    assert_eq!(Notice::of(&by_post, id(9), now()), None);
    assert_eq!(NoticeKind::of_message(&by_post), Some(NoticeKind::Decision), "it has a letter");
    assert_eq!(Notice::of(&event(EventKind::DecisionOpened, vec![]), id(9), now()), None);
    let second = event(EventKind::DecisionRenotified, vec![]);
    assert_eq!(NoticeKind::of(&second), Some((NoticeKind::Decision, true)));
    assert_eq!(NoticeKind::of_message(&second), None, "it has the letter of the first");
}

#[test]
fn only_expiring_evidence_is_reminded_of_by_mail() {
    let reminder = |task: Task| {
        let event = event(EventKind::Reminded, vec![("task", task.as_str().to_owned())]);
        NoticeKind::of(&event)
    };
    for task in Task::ALL {
        let kind = (*task == Task::EvidenceExpires).then_some((NoticeKind::EvidenceExpires, false));
        assert_eq!(reminder(*task), kind, "{task:?}");
    }
}

#[test]
fn attempts_are_further_apart_and_end_after_about_two_days() {
    let minutes: Vec<_> =
        (1..=10).map(|it| wait_after(it).map(|wait| wait.num_minutes())).collect();
    let waits = [1, 5, 30, 120, 300, 600, 600, 600, 600].map(Some);
    assert_eq!(minutes[..9], waits);
    assert_eq!(minutes[9], None);
    let (mut notice, mut at) = (waiting(), now());
    let failed = loop {
        match notice.postponed(line("451 try later"), at) {
            Ok(later) => (at, notice) = (later.next_attempt_at.unwrap(), later),
            Err(failed) => break failed.value,
        }
    };
    assert_eq!(failed.status(), DeliveryStatus::Failed);
    assert!(at - now() > TimeDelta::hours(40) && at - now() < TimeDelta::hours(60), "{at}");
}

#[test]
fn what_is_not_sent_automatically_is_a_task_until_it_is_sent() {
    assert_eq!(tasks(&waiting()), []);
    let due = vec![("send-notice", "2026-03-12 23:00".to_owned())];
    assert_eq!(tasks(&waiting().held(line("no mail server"))), due);
    assert_eq!(tasks(&waiting().postponed(line("451"), now()).unwrap()), due);
    assert_eq!(tasks(&failed()), due);
    assert_eq!(tasks(&sent()), []);
    let (by_hand, first) =
        failed().record_by_hand(day("2026-03-12"), line("Ringte"), &case_worker(), now()).unwrap();
    assert_eq!((tasks(&by_hand.value), first.channel), (vec![], NoticeChannel::ByHand));
}

#[test]
fn each_state_that_is_not_sent_leads_on() {
    let possible = |notice: &Notice| {
        let commands = NoticeCommand::ALL.into_iter().filter(|it| notice.may(*it).is_ok());
        commands.map(NoticeCommand::as_str).collect::<Vec<_>>()
    };
    assert_eq!(possible(&waiting()), ["record-by-hand"]);
    assert_eq!(possible(&waiting().held(line("no address"))), ["record-by-hand", "resend"]);
    assert_eq!(possible(&failed()), ["record-by-hand", "resend"]);
    assert_eq!(possible(&sent()), ["record-failure"]);
    let read = Notice { read_at: Some(now()), ..sent() };
    assert_eq!((possible(&read), read.status()), (vec![], DeliveryStatus::Read));
}

#[test]
fn a_notice_by_hand_is_sent_neither_tomorrow_nor_before_the_message() {
    let by_hand = |on: &str| {
        let later = at("2026-03-16T09:00:00Z");
        let refusal = failed().record_by_hand(day(on), line("Ringte"), &case_worker(), later);
        refusal.map(|(_, first)| first.sent_on).map_err(|error| error.errors[0].error.code)
    };
    assert_eq!(by_hand("2026-03-11"), Err("date-order"));
    assert_eq!(by_hand("2026-03-17"), Err("date-in-future"));
    assert_eq!(by_hand("2026-03-13"), Ok(day("2026-03-13")));
}

#[test]
fn a_notice_belongs_to_its_municipality() {
    let other = crate::domain::samples::other_municipality_number();
    let stranger = CaseWorker { actor: actor("Kari Nordmann"), municipality: other };
    let refusal = failed().resend(&stranger, now()).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NotFound);
    let again = failed().resend(&case_worker(), now()).unwrap().value;
    assert_eq!((again.status(), again.attempts), (DeliveryStatus::Waiting, 0));
}
