//! Applications with defects.

use super::{
    machine::{awaiting, dismissed, missing},
    *,
};
use crate::domain::{
    agenda::Task,
    event::EventKind,
    municipality::Municipality,
    rules::ground::FormalGround,
    samples::{desk_at, noticed, reasons},
    values::time::Instant,
};

/// The first instant after the deadline, Thursday 26 March 2026, Oslo time.
fn over() -> Instant {
    at("2026-03-26T23:00:00Z")
}

fn dismiss(it: Application, ground: FormalGround, now: Instant) -> Result<Decision, DomainError> {
    let municipality = municipality();
    let frame = crate::domain::decision::SigningContext { now, ..frame(&municipality) };
    let right_body = (ground == FormalGround::WrongBody).then(|| line("Ålesund kommune"));
    it.dismiss((ground, right_body), reasons(), frame, &decision_maker())
        .map(|change| change.value.1)
}

fn ask(it: Application, deadline: &str) -> Answered {
    it.request_completion(missing(CRITERIA[0]), day(deadline), &case_worker(), context())
}

#[test]
fn a_request_opens_the_lines_that_it_concerns_and_keeps_the_others() {
    let awaiting_one = ask(ready(), "2026-03-26").unwrap().value;
    let case = awaiting_one.state.case().unwrap();
    assert_eq!(case.open_lines(&content()), [code(CRITERIA[0])]);
    assert_eq!(awaiting_one.state.as_str(), "awaiting-completion");
}

#[test]
fn a_request_needs_time_something_missing_and_known_criteria() {
    assert_eq!(
        only_error(ask(ready(), "2026-03-12")),
        ("/deadline".into(), "reply-time-too-short")
    );
    let nothing = ready().request_completion(vec![], day("2026-03-26"), &case_worker(), context());
    assert_eq!(only_error(nothing), ("/missing".into(), "required"));
    let unknown = ready().request_completion(
        missing("gardening"),
        day("2026-03-26"),
        &case_worker(),
        context(),
    );
    assert_eq!(only_error(unknown), ("/missing/0/criterion".into(), "unknown-criterion"));
}

#[test]
fn a_deadline_on_a_holy_day_moves_to_the_next_working_day() {
    // Maundy Thursday 2 April 2026; Easter Monday is 6 April.
    let awaiting_one = ask(ready(), "2026-04-02").unwrap().value;
    assert_eq!(awaiting_one.state.case().unwrap().completions[0].deadline, day("2026-04-07"));
}

#[test]
fn the_provider_supplies_what_is_asked_for_and_nothing_else() {
    let provider = provider_user();
    let supplied = awaiting().answer(code(CRITERIA[0]), answer(), &content(), &provider);
    assert_eq!(supplied.unwrap().value.state.as_str(), "awaiting-completion");
    let other = awaiting().answer(code(CRITERIA[1]), answer(), &content(), &provider);
    assert_eq!(other.unwrap_err().code, RefusalCode::NotAskedFor);
    let other = awaiting().attach(evidence(8, CRITERIA[1], "x"), &content(), &provider, now());
    assert_eq!(other.unwrap_err().code, RefusalCode::NotAskedFor);
}

#[test]
fn the_case_goes_on_when_the_provider_has_completed_or_its_time_is_out() {
    let completed = awaiting().complete(&provider_user(), now()).unwrap().value;
    assert_eq!(completed.state.as_str(), "under-assessment");
    assert_eq!(completed.state.case().unwrap().completions[0].answered_at, Some(now()));
    let just_before = over() - chrono::TimeDelta::milliseconds(1);
    let early = awaiting().resume(&case_worker(), desk_at(just_before)).unwrap_err();
    assert_eq!(early.code, RefusalCode::DeadlineRunning);
    let resumed = awaiting().resume(&case_worker(), desk_at(over())).unwrap().value;
    assert_eq!(resumed.state.as_str(), "under-assessment");
    assert_eq!(resumed.state.case().unwrap().completions[0].answered_at, None);
}

#[test]
fn a_late_completion_is_taken_while_nobody_has_gone_on() {
    let late = over() + chrono::TimeDelta::days(30);
    assert!(awaiting().complete(&provider_user(), late).is_ok());
    let gone_on = awaiting().resume(&case_worker(), desk_at(over())).unwrap().value;
    assert_eq!(
        gone_on.complete(&provider_user(), late).unwrap_err().code,
        RefusalCode::IllegalTransition
    );
}

#[test]
fn nothing_is_dismissed_while_the_provider_has_time() {
    for ground in FormalGround::ALL {
        let refusal = dismiss(awaiting(), ground, now()).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::DeadlineRunning, "{ground:?}");
        assert!(dismiss(awaiting(), ground, over()).is_ok(), "{ground:?}");
    }
}

#[test]
fn not_mended_needs_a_request_that_nobody_answered() {
    let never_asked = dismiss(ready(), FormalGround::NotMended, now()).unwrap_err();
    assert_eq!(never_asked.code, RefusalCode::NothingUnmended);
    let answered = awaiting().complete(&provider_user(), now()).unwrap().value;
    let refusal = dismiss(answered, FormalGround::NotMended, over()).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::NothingUnmended);
}

#[test]
fn a_dismissal_is_a_decision_with_reasons_and_a_right_to_appeal() {
    let decision = dismiss(ready(), FormalGround::WrongBody, now()).unwrap();
    assert_eq!(decision.outcome.as_str(), "dismiss");
    assert_eq!(decision.outcome.reasons(), Some(&reasons()));
    assert!(decision.appeal.is_some());
    assert!(!dismissed().state.is_open());
}

#[test]
fn whoever_asked_for_completion_does_not_sign() {
    let actor = decision_maker().actor;
    let worker = CaseWorker { actor: actor.clone(), ..case_worker() };
    let requested = declared()
        .start_assessment(&worker, context())
        .unwrap()
        .value
        .request_completion(missing(CRITERIA[0]), day("2026-03-26"), &worker, context());
    let refusal =
        dismiss(noticed(requested.unwrap().value), FormalGround::WrongBody, over()).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::FourEyes);
}

#[test]
fn an_assessor_stays_one_when_another_closes_the_line_again() {
    let second = CaseWorker { actor: actor("Other"), ..case_worker() };
    let declared = declares(ready(), second.actor.clone(), true);
    let again = CRITERIA.into_iter().fold(declared, |it, criterion| {
        let line = (code(criterion), CriterionOutcome::Met, note("Sett igjen"));
        it.assess(line.0, line.1, line.2, &second, context()).unwrap().value
    });
    let maker = DecisionMaker { actor: case_worker().actor, ..decision_maker() };
    let municipality: Municipality = municipality();
    let signed =
        again.approve(id(6), None, (&content(), &Places::default()), frame(&municipality), &maker);
    assert_eq!(signed.unwrap_err().code, RefusalCode::FourEyes);
}

#[test]
fn a_request_is_opened_once_by_each_reader_of_the_provider_and_by_nobody_else() {
    let opened = awaiting().opened_by(&provider_user(), now()).unwrap();
    assert_eq!(opened.event.kind, EventKind::CompletionOpened);
    assert_eq!(opened.value.clone().opened_by(&provider_user(), now()), None);
    let second = ProviderUser { actor: actor("Other"), ..provider_user() };
    assert!(opened.value.opened_by(&second, now()).is_some());
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    assert_eq!(awaiting().opened_by(&stranger, now()), None);
    let answered = awaiting().complete(&provider_user(), now()).unwrap().value;
    assert_eq!(answered.opened_by(&provider_user(), now()), None, "nothing is asked for any more");
}

#[test]
fn notice_goes_out_once_more_after_a_week_unopened_and_the_deadline_stays() {
    let week_out = at("2026-03-19T23:00:00Z");
    let tasks = |it: &Application| -> Vec<_> {
        let due = it.agenda().into_iter().map(|item| (item.task, item.due_at));
        let own = [Task::Renotify, Task::CompleteApplication, Task::ResumeOrDecide];
        due.filter(|(task, _)| own.contains(task)).collect()
    };
    let answer = [(Task::CompleteApplication, over()), (Task::ResumeOrDecide, over())];
    let all = [answer[0], answer[1], (Task::Renotify, week_out)];
    assert_eq!(tasks(&awaiting()), all);
    assert!(awaiting().renotify(week_out - chrono::TimeDelta::seconds(1)).is_err());
    let again = awaiting().renotify(week_out).unwrap();
    assert_eq!(again.event.kind, EventKind::CompletionRenotified);
    assert_eq!(tasks(&again.value), answer);
    assert!(again.value.renotify(week_out).is_err(), "once");
    let opened = awaiting().opened_by(&provider_user(), now()).unwrap().value;
    assert_eq!(tasks(&opened), answer);
    assert!(ready().renotify(week_out).is_err());
}
