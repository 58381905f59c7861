//! Rounds, maxima, and the limits of each legal basis.

use std::collections::BTreeSet;

use super::*;
use crate::domain::{
    application::{CriterionFinding, CriterionOutcome},
    offering::{
        content::{AdmissionRound, Intake, MaxProviders, OfferingContent},
        intake::Places,
    },
    rules::impartiality::Staff,
    samples::{
        decision_maker, frame, id, note, other_provider_number, provider_number, ready, refused,
        revoked,
    },
};

fn round(cut_off: &str, starts_on: &str) -> AdmissionRound {
    AdmissionRound { cut_off: at(cut_off), starts_on: day(starts_on) }
}

/// As in Ålesund: an application by 1 May starts in June, by 1 September in October. The cut-offs are the last
/// seconds of those days in Norway.
fn rounds() -> Vec<AdmissionRound> {
    vec![round("2026-05-01T21:59:59Z", "2026-06-01"), round("2026-09-01T21:59:59Z", "2026-10-01")]
}

fn with(
    basis: LegalBasis,
    rounds: Vec<AdmissionRound>,
    cap: Option<u16>,
) -> Result<OfferingContent, ValidationErrors> {
    let mut parts = parts();
    parts.legal_basis = basis;
    parts.process.max_providers = cap.map(|it| MaxProviders::new(it).unwrap());
    if !rounds.is_empty() {
        parts.process.intake = Intake::Rounds { rounds };
    }
    OfferingContent::new(parts)
}

fn starts(received: &str) -> Result<String, RefusalCode> {
    let content = with(LegalBasis::Act31OpenToAll, rounds(), None).unwrap();
    let admission = content.admit(&provider_number(), [].into(), &[], at(received));
    let place = admission.map_err(|refusal| refusal.code)?.place().unwrap();
    Ok(place.round.starts_on.to_string())
}

#[test]
fn an_application_on_the_cut_off_second_is_in_time_and_one_on_2_may_belongs_to_september() {
    assert_eq!(starts("2026-03-12T09:00:00Z").unwrap(), "2026-06-01");
    assert_eq!(starts("2026-05-01T21:59:59Z").unwrap(), "2026-06-01");
    assert_eq!(starts("2026-05-01T21:59:59.000001Z").unwrap(), "2026-10-01");
    assert_eq!(starts("2026-05-01T22:00:00Z").unwrap(), "2026-10-01");
    // The day after, which is 2 May.
    assert_eq!(starts("2026-05-02T07:00:00Z").unwrap(), "2026-10-01");
    assert_eq!(starts("2026-09-01T21:59:59Z").unwrap(), "2026-10-01");
    assert_eq!(starts("2026-09-02T07:00:00Z"), Err(RefusalCode::NoRoundLeft));
}

#[test]
fn a_running_intake_has_no_round() {
    let admission = content().admit(&provider_number(), [].into(), &[], now()).unwrap();
    assert_eq!((admission.place(), admission.received_at()), (None, now()));
}

fn codes(content: Result<OfferingContent, ValidationErrors>) -> Vec<(String, &'static str)> {
    let errors = content.err().map_or_else(Vec::new, ValidationErrors::into_vec);
    errors.into_iter().map(|error| (error.pointer, error.error.code)).collect()
}

#[test]
fn what_is_open_to_all_has_no_cap_and_what_runs_by_section_3_11_no_rounds() {
    for basis in LegalBasis::ALL {
        let open = matches!(basis, LegalBasis::Act311 | LegalBasis::Act31OpenToAll);
        let capped = codes(with(basis, vec![], Some(4)));
        let error = (open).then(|| error("/process/maxProviders", "cap-not-allowed"));
        assert_eq!(capped, error.into_iter().collect::<Vec<_>>(), "{basis:?}");
        let by_rounds = codes(with(basis, rounds(), None));
        let runs = basis == LegalBasis::Act311;
        let error = runs.then(|| super::error("/process/intake", "rounds-not-allowed"));
        assert_eq!(by_rounds, error.into_iter().collect::<Vec<_>>(), "{basis:?}");
    }
}

#[test]
fn rounds_stand_in_order_and_start_after_their_cut_off() {
    let codes = |rounds| codes(with(LegalBasis::Concession, rounds, None));
    let turned = rounds().into_iter().rev().collect();
    assert_eq!(codes(turned), [error("/process/intake/rounds/1", "round-order")]);
    let twice = vec![rounds()[0], rounds()[0]];
    assert_eq!(codes(twice), [error("/process/intake/rounds/1", "round-order")]);
    let same_day = vec![round("2026-05-01T10:00:00Z", "2026-05-01")];
    assert_eq!(codes(same_day), [error("/process/intake/rounds/0/startsOn", "date-order")]);
    let mut none = parts();
    none.process.intake = Intake::Rounds { rounds: vec![] };
    assert_eq!(
        self::codes(OfferingContent::new(none)),
        [error("/process/intake/rounds", "required")]
    );
}

#[test]
fn a_cap_is_reached_by_others_and_never_by_the_provider_itself() {
    let content = with(LegalBasis::Concession, vec![], Some(1)).unwrap();
    let admit = |approved: BTreeSet<_>| {
        content.admit(&provider_number(), approved, &[], now()).map_err(|refusal| refusal.code)
    };
    assert!(admit(BTreeSet::new()).is_ok());
    let other = BTreeSet::from([other_provider_number()]);
    assert_eq!(admit(other), Err(RefusalCode::OfferingFull));
    assert!(admit([provider_number(), other_provider_number()].into()).is_ok());
}

#[test]
fn an_applicant_of_an_older_version_has_the_places_of_the_version_that_takes_more() {
    let capped = |most| with(LegalBasis::Concession, vec![], most).unwrap();
    let taken = || BTreeSet::from([other_provider_number()]);
    let room = |pinned: Option<u16>, in_force: Option<u16>| {
        let places = Places::new(&capped(pinned), taken()).or(&capped(in_force));
        places.room_for(&provider_number()).map_err(|refusal| refusal.code)
    };
    assert_eq!(room(Some(1), Some(1)), Err(RefusalCode::OfferingFull));
    for (pinned, in_force) in
        [(Some(1), Some(2)), (Some(2), Some(1)), (Some(1), None), (None, Some(1))]
    {
        assert_eq!(room(pinned, in_force), Ok(()), "{pinned:?} {in_force:?}");
    }
}

#[test]
fn no_decision_gives_a_place_that_another_has() {
    let places = Places::new(
        &with(LegalBasis::Concession, vec![], Some(1)).unwrap(),
        [other_provider_number()].into(),
    );
    let (municipality, by) = (municipality(), decision_maker());
    let terms = (&content(), &places);
    let approved = ready().approve(id(6), None, terms, frame(&municipality), &by);
    let (refused, decision) = refused();
    let met = CriterionFinding {
        criterion: code(CRITERIA[0]),
        outcome: CriterionOutcome::Met,
        note: note("Sett"),
    };
    let on_appeal = refused.approve_on_appeal(
        vec![met],
        id(22),
        terms,
        &decision,
        &Staff::new(),
        &by.actor,
        now(),
    );
    let codes = [
        approved.err().map(|refusal| refusal.code),
        on_appeal.err().map(|refusal| refusal.code),
        revoked(now()).reinstate(id(40), &places, now()).err().map(|refusal| refusal.code),
        revoked(now()).suspend_revocation(id(40), &places, now()).err().map(|refusal| refusal.code),
    ];
    assert_eq!(codes, [Some(RefusalCode::OfferingFull); 4]);
}
