use super::*;

#[test]
fn what_follows_is_said_for_every_ruling_on_every_kind_of_decision() {
    let decisions = [refused().1.outcome, revoked_by().1.outcome];
    for (verdict, refusal, revocation) in [
        (appeal_body(AppealOutcome::Upheld), Effect::Stands, Effect::Stands),
        (appeal_body(AppealOutcome::Dismissed), Effect::Stands, Effect::Stands),
        (lower(AppealOutcome::DismissedLate), Effect::Stands, Effect::Stands),
        (lower(AppealOutcome::ChangedInFavour), Effect::Approve, Effect::Reinstate),
        (appeal_body(AppealOutcome::Changed), Effect::Approve, Effect::Reinstate),
        (appeal_body(AppealOutcome::AnnulledReturned), Effect::Reopen, Effect::Reinstate),
    ] {
        let found = decisions.each_ref().map(|outcome| verdict.effect(outcome).unwrap());
        assert_eq!(found, [refusal, revocation], "{verdict:?}");
    }
    let approval = approved().1.outcome;
    let refused = lower(AppealOutcome::AnnulledReturned).effect(&approval).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReversalByRevocation);
    assert_eq!(appeal_body(AppealOutcome::Upheld).effect(&approval), Ok(Effect::Stands));
    assert_eq!(appeal_body(AppealOutcome::Changed).effect(&approval), Ok(Effect::Replaced));
}

/// The dismissal of a late appeal, and the appeal that it dismissed.
fn dismissed_late() -> (Appeal, Decision) {
    dismiss(received(LATE), DismissalGround::Late, &second_maker(), at(LATE)).unwrap()
}

#[test]
fn the_lower_bodys_dismissal_can_be_appealed_against_and_the_appeal_bodys_cannot() {
    let (_, dismissal) = dismissed_late();
    let right = dismissal.appeal.clone().unwrap();
    let about = history(&dismissal);
    let last_day = about.appeal_period().last_day();
    assert_eq!((right.body.as_str(), last_day), ("Klagenemnda", Some(day("2026-04-29"))));
    let appeal = Appeal::by_party(id(30), text(), &dismissal, &about, &provider_user(), at(LATE));
    assert!(appeal.unwrap().value.is_in_time());
    let verdict = appeal_body(AppealOutcome::Dismissed);
    let (_, above) = decide(forwarded(), verdict, &second_maker(), at(IN_TIME)).unwrap();
    assert_eq!(above.appeal, None);
}

#[test]
fn an_appeal_whose_dismissal_is_annulled_is_taken_up_again_and_not_dismissed_below_again() {
    let (appeal, dismissal) = dismissed_late();
    for ruling in [AppealOutcome::AnnulledReturned, AppealOutcome::Changed] {
        let effect = appeal_body(ruling).effect(&dismissal.outcome);
        assert_eq!(effect, Ok(Effect::ResumeAppeal), "{ruling:?}");
    }
    assert_eq!(appeal_body(AppealOutcome::Upheld).effect(&dismissal.outcome), Ok(Effect::Stands));
    let now = at("2026-05-20T09:00:00Z");
    let resumed = appeal.resume(id(40), &second_maker().actor, now).unwrap();
    assert_eq!(resumed.event.kind, EventKind::AppealAdmitted);
    let resumed = resumed.value;
    let AppealState::Admitted(admission) = &resumed.state else { panic!("{resumed:?}") };
    assert_eq!(admission.annulment, Some(id(40)));
    let again = dismiss(resumed.clone(), DismissalGround::NotMended, &second_maker(), now);
    assert_eq!(again.unwrap_err().code, ErrorCode::IllegalTransition);
    let refused = received(IN_TIME).resume(id(40), &second_maker().actor, now).unwrap_err();
    assert_eq!(refused.code, ErrorCode::IllegalTransition);

    // It is open again in the history of the first decision.
    let first = refused_history_with(&resumed, now);
    assert_eq!(first.open_appeals().count(), 0);
    let again = first.resume_appeal(resumed.id).value;
    assert_eq!(again.open_appeals().count(), 1);
    assert_eq!((again.status_at(now).as_str(), again.course.final_at), ("appealed", None));
}

/// The course of the refusal after the appeal was dismissed.
fn refused_history_with(appeal: &Appeal, now: Instant) -> DecisionHistory {
    let received = history(&refused().1).record_appeal(appeal.id, true, false, now).value;
    received.record_closed_appeal(appeal.id, now).value
}

fn finding(outcome: Assessed) -> Vec<CriterionFinding> {
    vec![CriterionFinding { criterion: code(CRITERIA[0]), outcome, note: note("Sett på nytt") }]
}

#[test]
fn a_refusal_that_is_changed_gives_an_approval_only_through_findings_that_meet_everything() {
    let second =
        decide(reviewed(), lower(AppealOutcome::ChangedInFavour), &decision_maker(), now())
            .unwrap()
            .1;
    assert!(matches!(second.outcome, DecisionOutcome::Appeal { approval: Some(_), .. }));
    let approve = |findings| {
        let (by, now) = (decision_maker().actor, now());
        refused().0.approve_on_appeal(
            findings,
            id(22),
            (&content(), &Places::default()),
            &second,
            &Staff::new(),
            &by,
            now,
        )
    };
    for findings in [vec![], finding(Assessed::NotMet)] {
        assert_eq!(approve(findings).unwrap_err().code, ErrorCode::CriteriaNotMet);
    }
    let (application, approval) = approve(finding(Assessed::Met)).unwrap().value;
    assert_eq!(application.state.as_str(), "approved");
    assert_eq!((approval.id, approval.decision), (id(22), second.id));
}

#[test]
fn an_annulled_refusal_is_under_assessment_again_with_its_lines() {
    let before = refused().0;
    let lines = before.state.case().unwrap().lines.clone();
    let after = before.reopen(id(21), &Staff::new()).unwrap().value;
    assert_eq!(after.state.as_str(), "under-assessment");
    assert_eq!(after.state.case().unwrap().lines, lines);
    assert_eq!(
        approved().0.reopen(id(21), &Staff::new()).unwrap_err().code,
        ErrorCode::IllegalTransition
    );
}
