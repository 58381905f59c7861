//! Lines of a person who is barred later.

use super::*;
use crate::domain::{
    municipality::Municipality,
    rules::impartiality::{BarringGround, ImpartialityFinding, Staff, Whom},
};

fn barred() -> ImpartialityFinding {
    ImpartialityFinding::Barred(BarringGround::Kin, None)
}

/// The applicant demands a ruling on the case worker, and the decision maker rules.
fn ruled(it: Application, finding: ImpartialityFinding) -> Change<Application> {
    let whom = Whom::Known(case_worker().actor);
    let asked = it.challenge_impartiality(whom.clone(), note("Søster"), &provider_user(), now());
    let (it, staff) = (asked.unwrap().value, Staff::new());
    it.rule_on_impartiality(whom, finding, None, &staff, &decision_maker(), now()).unwrap()
}

fn approve(it: Application, municipality: &Municipality) -> Result<(), DomainError> {
    let terms = (&content(), &Places::default());
    it.approve(id(6), None, terms, frame(municipality), &decision_maker()).map(drop)
}

#[test]
fn the_lines_of_a_person_who_is_ruled_barred_are_open_again() {
    let Change { value: case, event } = ruled(ready(), barred());
    assert_eq!(case.state.as_str(), "under-assessment");
    assert_eq!(case.state.case().unwrap().open_lines(&content()).len(), CRITERIA.len());
    let reopened = event.detail.iter().find(|(name, _)| *name == "reopened").unwrap();
    assert_eq!(reopened.1.split(',').count(), CRITERIA.len());
    let refused = approve(case.clone(), &municipality()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::ReviewIncomplete);

    // Another case worker assesses each line, and then it can be signed.
    let liv = CaseWorker { actor: actor("Liv Lie"), ..case_worker() };
    let again =
        CRITERIA.into_iter().fold(declares(case, liv.actor.clone(), true), |it, criterion| {
            let (criterion, note) = (code(criterion), note("Sett"));
            it.assess(criterion, CriterionOutcome::Met, note, &liv, context()).unwrap().value
        });
    assert_eq!(again.state.as_str(), "ready");
    assert_eq!(approve(again, &municipality()), Ok(()));
}

#[test]
fn a_ruling_in_favour_opens_nothing_again() {
    let Change { value, event } = ruled(ready(), ImpartialityFinding::Able(None));
    assert_eq!((value.state.as_str(), event.detail.len()), ("ready", 1));
}

#[test]
fn the_lines_of_a_person_who_declares_to_be_barred_afterwards_are_open_again() {
    let case = declares(ready(), case_worker().actor, false);
    assert_eq!(case.state.as_str(), "under-assessment");
    assert!(case.state.case().unwrap().lines.is_empty());
}

#[test]
fn lines_that_another_person_has_closed_since_stay() {
    let liv = CaseWorker { actor: actor("Liv Lie"), ..case_worker() };
    let case = declares(ready(), liv.actor.clone(), true);
    let (criterion, outcome) = (code(CRITERIA[0]), CriterionOutcome::Met);
    let case =
        case.assess(criterion.clone(), outcome, note("Sett"), &liv, context()).unwrap().value;
    let lines = ruled(case, barred()).value.state.case().unwrap().lines.clone();
    assert_eq!(lines.into_keys().collect::<Vec<_>>(), [criterion]);
}

#[test]
fn lines_of_staff_of_the_own_provider_carry_no_decision() {
    let mut municipality = municipality();
    municipality.settings.own_provider_staff = [case_worker().actor.subject].into();
    let refused = approve(ready(), &municipality).unwrap_err();
    assert_eq!(refused.code, RefusalCode::ReviewIncomplete);
}

#[test]
fn a_case_that_is_reopened_after_an_appeal_has_no_line_of_a_barred_person() {
    let decided = declares(refused().0, case_worker().actor, false);
    assert_eq!(decided.state.case().unwrap().lines.len(), CRITERIA.len(), "what was decided stays");
    let reopened = decided.reopen(id(21), &Staff::new()).unwrap().value;
    assert!(reopened.state.case().unwrap().lines.is_empty());
}
