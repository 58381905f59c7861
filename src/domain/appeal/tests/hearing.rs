//! The provider is heard on the appeal of another, and that appeal can take the approval away.

use super::*;
use crate::domain::{
    approval::{Approval, ApprovalStatus},
    decision::RevocationTerms,
    notice::NoticeKind,
    samples::{active, frame as signing, granted, provider_number, revocation_terms},
};

pub(super) fn ask(it: Appeal, now: Instant) -> Result<Appeal, DomainError> {
    let application = prepared(refused().0);
    let (case, by) = ((&application).into(), case_worker());
    Ok(it.hear_counterparty(day("2026-05-20"), case, &Staff::new(), &by, now)?.value)
}

pub(super) fn state(it: Appeal, is_last: bool, now: Instant) -> Result<Appeal, DomainError> {
    let text = prose("Vi oppfyller kravene");
    Ok(it.state_as_counterparty(text, is_last, &provider_user(), now)?.value)
}

pub(super) fn admitted() -> Appeal {
    admit(withdrawal::of_another(), None, at(IN_TIME)).unwrap()
}

/// The provider has said all.
pub(super) fn heard() -> Appeal {
    let asked = noticed(ask(admitted(), at(IN_TIME)).unwrap());
    state(asked, true, at(IN_TIME)).unwrap()
}

fn review(it: Appeal, now: Instant) -> Result<Appeal, DomainError> {
    let application = prepared(refused().0);
    let (case, by) = ((&application).into(), case_worker());
    Ok(it.review(prose("Sett på nytt"), case, &Staff::new(), &by, now)?.value)
}

#[test]
fn the_appeal_of_another_is_reviewed_after_the_provider_was_heard() {
    let refused = |it: Appeal, now: &str| review(it, at(now)).unwrap_err().code;
    assert_eq!(refused(admitted(), IN_TIME), ErrorCode::CounterpartyNotHeard);
    let asked = ask(admitted(), at(IN_TIME)).unwrap();
    assert_eq!(refused(asked.clone(), "2026-06-01T09:00:00Z"), ErrorCode::NoticeNotSent);
    let asked = noticed(asked);
    assert_eq!(refused(asked.clone(), "2026-05-20T21:59:59Z"), ErrorCode::CounterpartyNotHeard);
    assert!(review(asked.clone(), at("2026-05-20T22:00:00Z")).is_ok());
    let spoken = state(asked.clone(), false, at(IN_TIME)).unwrap();
    assert_eq!(refused(spoken.clone(), IN_TIME), ErrorCode::CounterpartyNotHeard);
    let more = state(spoken, true, at(IN_TIME)).unwrap();
    assert_eq!(more.hearing.as_ref().unwrap().statements.len(), 2);
    assert!(review(more, at(IN_TIME)).is_ok());
    let tasks = |it: &Appeal| it.agenda().into_iter().map(|it| it.task).collect::<Vec<_>>();
    assert!(tasks(&asked).contains(&Task::StateOnAppeal));
    assert!(!tasks(&heard()).contains(&Task::StateOnAppeal));
}

#[test]
fn only_the_provider_speaks_for_itself() {
    let asked = ask(admitted(), at(IN_TIME)).unwrap();
    let stranger = ProviderUser { organisation: other_provider_number(), ..provider_user() };
    let refused = asked.state_as_counterparty(prose("Nei"), true, &stranger, at(IN_TIME));
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
    let own = ask(received(IN_TIME), at(IN_TIME)).unwrap_err();
    assert_eq!(
        own.code,
        ErrorCode::IllegalTransition,
        "the party's own appeal has no counterparty"
    );
}

/// Decides the appeal of another against the approval.
fn against_approval(verdict: Verdict) -> Result<(Appeal, Decision), DomainError> {
    let ((application, decision, _), municipality) = (approved(), municipality());
    let (application, history) = (prepared(application), history(&decision));
    let about =
        AppealedCase { decision: &decision, history: &history, case: (&application).into() };
    let appeal = Appeal { decision: decision.id, ..review(heard(), at(IN_TIME)).unwrap() };
    let appeal = match verdict.instance {
        Instance::LowerBody => appeal,
        Instance::AppealBody { .. } => {
            let by = case_worker();
            let case = (&application).into();
            appeal.forward(prose("Fastholdt"), case, &Staff::new(), &by, at(IN_TIME)).unwrap().value
        }
    };
    let frame = SigningContext { id: id(21), now: at(IN_TIME), ..signing(&municipality) };
    Ok(appeal.decide(verdict, id(22), reasons(), about, frame, &second_maker())?.value)
}

fn taking(verdict: Verdict) -> Verdict {
    Verdict { withdrawal: Some(revocation_terms(at(IN_TIME))), ..verdict }
}

#[test]
fn the_appeal_of_another_takes_the_approval_away_and_its_own_party_never_does_so() {
    for (verdict, effect, appealable) in [
        (lower(AppealOutcome::ChangedInFavour), Effect::Withdraw, true),
        (lower(AppealOutcome::AnnulledReturned), Effect::WithdrawAndReopen, true),
        (appeal_body(AppealOutcome::Changed), Effect::Withdraw, false),
        (appeal_body(AppealOutcome::AnnulledReturned), Effect::WithdrawAndReopen, false),
    ] {
        let without = against_approval(verdict.clone()).unwrap_err();
        assert_eq!(without.code, ErrorCode::IllegalTransition, "{verdict:?}");
        let (_, decision) = against_approval(taking(verdict.clone())).unwrap();
        assert_eq!(decision.outcome.approval(), Some(approved().2.id));
        assert_eq!(decision.appeal.is_some(), appealable, "{verdict:?}");
        let first = approved().1.outcome;
        assert_eq!(taking(verdict.clone()).effect(&first), Ok(effect));
        // What took it away below is undone by restoring it.
        let above = appeal_body(AppealOutcome::Changed).effect(&decision.outcome);
        assert_eq!(above, Ok(Effect::Restore));
    }
    assert!(against_approval(appeal_body(AppealOutcome::Upheld)).is_ok());
    let upheld = against_approval(taking(appeal_body(AppealOutcome::Upheld))).unwrap_err();
    assert_eq!(upheld.code, ErrorCode::IllegalTransition);
    let own = received(IN_TIME);
    for ruling in AppealOutcome::ALL {
        assert!(!own.takes_approval(ruling, &approved().1.outcome), "{ruling:?}");
    }
}

#[test]
fn an_approval_that_is_taken_away_ends_as_the_decision_says() {
    let end = |it: Approval, terms| it.withdraw(id(21), terms, at(IN_TIME));
    let ended = end(active(), revocation_terms(at(IN_TIME))).unwrap().value;
    assert_eq!(ended.lifecycle.status_at(at(IN_TIME)), ApprovalStatus::Revoked);
    let revocation = ended.lifecycle.revocation.as_ref().unwrap();
    assert_eq!((revocation.decision, revocation.grounds.len()), (id(21), 0));
    let bare = RevocationTerms { effective_at: at(IN_TIME), winding_down: None };
    assert!(end(granted(), bare.clone()).is_ok());
    assert_eq!(end(active(), bare).unwrap_err().errors[0].pointer, "/windingDown");
}

#[test]
fn the_application_follows_its_approval() {
    let refused = approved().0.refuse_on_appeal(id(21)).unwrap().value;
    assert_eq!((refused.state.as_str(), &refused.provider), ("refused", &provider_number()));
    let reopened = approved().0.reopen_approved(id(21), &Staff::new()).unwrap().value;
    assert_eq!(reopened.state.as_str(), "under-assessment");
    for it in [refused.clone(), reopened] {
        let again = it.approve_again(id(21), approved().1.id).unwrap().value;
        assert_eq!(again.state.as_str(), "approved");
    }
    let by_another = refused.approve_again(id(99), approved().1.id).unwrap_err();
    assert_eq!(by_another.code, ErrorCode::IllegalTransition, "it was decided anew since");
}

#[test]
fn the_second_notice_is_about_the_message_that_was_not_opened() {
    let asked = noticed(ask(admitted(), at(IN_TIME)).unwrap());
    let a_week_later = at("2026-04-15T09:00:00Z");
    let hearing = asked.renotify(a_week_later).unwrap().event;
    assert_eq!(NoticeKind::of(&hearing), Some((NoticeKind::AppealHearing, true)));
    let statement = forwarded().renotify(a_week_later).unwrap().event;
    assert_eq!(NoticeKind::of(&statement), Some((NoticeKind::AppealStatement, true)));
}
