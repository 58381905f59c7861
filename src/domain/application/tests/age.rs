//! The age of evidence, counted to the day that the rule names.

use super::*;
use crate::domain::{
    offering::{
        content::{AdmissionRound, AgeReference, EvidenceRule, MaxAge, OfferingContent},
        intake::RoundPlace,
    },
    samples::parts,
    values::time::{Period, PeriodUnit},
};

/// The content, its first criterion asking for a certificate at most six months old, counted so.
fn content_counting_to(reference: AgeReference) -> OfferingContent {
    let mut parts = parts();
    let period = Period::new(6, PeriodUnit::Months).unwrap();
    let max_age = Some(MaxAge { period, counted_to: reference });
    parts.criteria[0].evidence = vec![EvidenceRule { kind: code("tax-certificate"), max_age }];
    OfferingContent::new(parts).unwrap()
}

/// Received 12 March 2026, with a certificate of that day.
fn with_certificate_of(issued: &str) -> Application {
    let mut application = ready();
    application.dossier.evidence = vec![evidence(3, CRITERIA[0], "tax-certificate")];
    application.dossier.evidence[0].issued_on = day(issued);
    application
}

fn too_old(issued: &str, reference: AgeReference, at_decision: &str) -> Option<bool> {
    let content = content_counting_to(reference);
    let ages = with_certificate_of(issued).evidence_ages(&content, at(at_decision));
    ages.first().map(|age| age.too_old)
}

#[test]
fn a_certificate_of_six_months_and_a_day_at_the_decision_is_fine_by_the_old_rule_and_not_by_the_new()
 {
    // Issued 11 October 2025: five months old at receipt, six months and a day at the decision.
    let decided = "2026-04-12T09:00:00Z";
    assert_eq!(too_old("2025-10-11", AgeReference::RoundCutoff, decided), Some(false));
    assert_eq!(too_old("2025-10-11", AgeReference::Received, decided), Some(false));
    assert_eq!(too_old("2025-10-11", AgeReference::DecisionNotified, decided), Some(true));
    assert_eq!(too_old("2025-10-12", AgeReference::DecisionNotified, decided), Some(false));
}

#[test]
fn the_day_is_norwegian() {
    // 23:30 UTC on 11 April is 12 April in Oslo.
    let late = "2026-04-11T23:30:00Z";
    assert_eq!(too_old("2025-10-11", AgeReference::DecisionNotified, late), Some(true));
}

#[test]
fn what_is_the_providers_own_duty_is_not_computed_and_nothing_is_after_the_decision() {
    assert_eq!(too_old("2020-01-01", AgeReference::Hiring, "2026-04-12T09:00:00Z"), None);
    let content = content_counting_to(AgeReference::Received);
    assert_eq!(approved().0.evidence_ages(&content, now()), []);
}

#[test]
fn the_age_by_rounds_is_counted_to_the_cut_off_of_the_round_and_not_to_the_receipt() {
    let content = content_counting_to(AgeReference::RoundCutoff);
    let mut application = with_certificate_of("2025-10-11");
    let round =
        AdmissionRound { cut_off: at("2026-05-01T12:00:00Z"), starts_on: day("2026-06-01") };
    let case = application.state.case_mut().unwrap();
    case.receipt.place = Some(RoundPlace { round, late_access: None });
    let ages = application.evidence_ages(&content, now());
    assert_eq!((ages[0].not_before, ages[0].too_old), (day("2025-11-01"), true));
}
