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
    let refused = lower(AppealOutcome::ChangedInFavour).effect(&approved().1.outcome).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReversalByRevocation);
    assert_eq!(
        appeal_body(AppealOutcome::Upheld).effect(&approved().1.outcome),
        Ok(Effect::Stands)
    );
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
