//! Two versions of the requirements while an application is open.

use super::*;
use crate::domain::{
    offering::content::{ContentParts, OfferingContent},
    rules::impartiality::Staff,
    samples::parts,
};

fn content_with(change: impl FnOnce(&mut ContentParts)) -> OfferingContent {
    let mut parts = parts();
    change(&mut parts);
    OfferingContent::new(parts).unwrap()
}

fn moved(it: Application, newer: &OfferingContent) -> Answered {
    it.change_version(&content(), (VersionNumber(2), newer), &provider_user())
}

fn closed(it: &Application) -> Vec<&str> {
    it.state.case().unwrap().lines.keys().map(Code::as_str).collect()
}

#[test]
fn two_versions_of_the_requirements_while_an_application_is_open() {
    // Nothing changes by itself: the pinned version applies.
    assert_eq!(ready().version(VersionNumber(2)), VersionNumber(1));
    // One criterion is changed, one removed, one added.
    let newer = content_with(|parts| {
        parts.criteria[0].mandatory = false;
        parts.criteria[2].code = code("environment");
    });
    let application = moved(ready(), &newer).unwrap().value;
    assert_eq!(application.version(VersionNumber(3)), VersionNumber(2));
    assert_eq!(application.state.case().unwrap().receipt.version, VersionNumber(1));
    assert_eq!(closed(&application), [CRITERIA[1]]);
    assert_eq!(application.state.as_str(), "under-assessment");
}

#[test]
fn a_version_that_changes_no_criterion_leaves_the_case_ready() {
    let newer = content_with(|parts| parts.compensation.rates[0].to = Some(day("2030-12-31")));
    let application = moved(ready(), &newer).unwrap().value;
    assert_eq!((closed(&application).len(), application.state.as_str()), (3, "ready"));
}

#[test]
fn a_case_whose_one_open_criterion_is_gone_is_ready() {
    let waiting = assessed([Some(CriterionOutcome::Met), Some(CriterionOutcome::Met), None]);
    let newer = content_with(|parts| drop(parts.criteria.pop()));
    assert_eq!(moved(waiting, &newer).unwrap().value.state.as_str(), "ready");
}

#[test]
fn a_case_that_waits_keeps_waiting() {
    let newer = content_with(|parts| drop(parts.criteria.pop()));
    for (it, state) in [(submitted(), "submitted"), (awaiting(), "awaiting-completion")] {
        assert_eq!(moved(it, &newer).unwrap().value.state.as_str(), state);
    }
}

#[test]
fn only_a_newer_version_can_be_asked_for() {
    let to = |it: Application, number| {
        it.change_version(&content(), (VersionNumber(number), &content()), &provider_user())
    };
    let not_newer = ("/version".to_owned(), "not-newer");
    assert_eq!(only_error(to(ready(), 1)), not_newer);
    let second = to(ready(), 2).unwrap().value;
    assert_eq!(only_error(to(second.clone(), 2)), not_newer);
    assert_eq!(only_error(to(second.clone(), 1)), not_newer);
    assert!(to(second, 3).is_ok());
}

#[test]
fn a_version_without_a_zone_applied_for_cannot_be_asked_for() {
    let newer = content_with(|parts| drop(parts.service.zones.remove(0)));
    assert_eq!(only_error(moved(ready(), &newer)), ("/zones/0".to_owned(), "unknown-zone"));
}

#[test]
fn an_approval_on_appeal_is_bound_to_the_version_that_the_applicant_asked_for() {
    let newer = content_with(|parts| parts.compensation.rates[0].to = Some(day("2030-12-31")));
    let case = moved(failing(), &newer).unwrap().value;
    let (municipality, by) = (municipality(), decision_maker());
    let grounds = vec![grounded(RefusalGround::CriteriaNotMet)];
    let refusal = case.refuse(grounds, reasons(), &newer, frame(&municipality), &by);
    let (refused, decision) = refusal.unwrap().value;
    let met = CriterionFinding {
        criterion: code(CRITERIA[0]),
        outcome: CriterionOutcome::Met,
        note: note("Sett"),
    };
    let change = refused
        .approve_on_appeal(
            vec![met],
            id(22),
            (&newer, &Places::default()),
            &decision,
            &Staff::new(),
            &by.actor,
            now(),
        )
        .unwrap();
    assert_eq!(change.value.1.version, VersionNumber(2));
}
