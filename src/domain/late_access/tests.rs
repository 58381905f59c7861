use super::*;
use crate::domain::{
    error::{ErrorCode as RefusalCode, ErrorKind as RefusalKind},
    offering::{
        OfferingLifecycle,
        content::{AdmissionRound, ContentParts, Intake},
    },
    samples::{
        at, content, day, decision_maker, id, local, other_municipality_number,
        other_provider_number, parts, provider_number, published,
    },
};

/// After the cut-off of 1 May, before the one of 1 September.
const SECOND_OF_MAY: &str = "2026-05-02T09:00:00Z";

fn in_rounds() -> OfferingContent {
    let mut parts: ContentParts = parts();
    let round =
        |cut_off, starts_on| AdmissionRound { cut_off: at(cut_off), starts_on: day(starts_on) };
    parts.process.intake = Intake::Rounds {
        rounds: vec![
            round("2026-05-01T21:59:59Z", "2026-06-01"),
            round("2026-09-01T21:59:59Z", "2026-10-01"),
        ],
    };
    OfferingContent::new(parts).unwrap()
}

fn grant(
    content: &OfferingContent,
    expires_on: &str,
    now: &str,
) -> Result<Change<LateAccess>, DomainError> {
    let terms = (local("Posten ble forsinket av uværet"), day(expires_on));
    let (offering, by) = (published().0, decision_maker());
    LateAccess::grant(id(9), &offering, content, provider_number(), terms, &by, at(now))
}

#[test]
fn a_provider_with_late_access_is_counted_into_the_round_that_it_missed() {
    let content = in_rounds();
    let grant = grant(&content, "2026-05-10", SECOND_OF_MAY).unwrap().value;
    let place = |provider, now: &str| {
        let admission = content.admit(&provider, [].into(), std::slice::from_ref(&grant), at(now));
        let place = admission.unwrap().place().unwrap();
        (place.round.starts_on.to_string(), place.late_access)
    };
    let june = ("2026-06-01".to_owned(), Some(id(9)));
    let october = ("2026-10-01".to_owned(), None);
    assert_eq!(place(provider_number(), SECOND_OF_MAY), june);
    // Its last day is 10 May, in Norway.
    assert_eq!(place(provider_number(), "2026-05-10T21:59:59Z"), june);
    assert_eq!(place(provider_number(), "2026-05-10T22:00:00Z"), october);
    assert_eq!(place(other_provider_number(), SECOND_OF_MAY), october);
}

#[test]
fn late_access_is_for_a_round_that_was_missed() {
    let code =
        |content: &OfferingContent, now| grant(content, "2026-05-10", now).map_err(|no| no.code);
    assert_eq!(code(&content(), SECOND_OF_MAY), Err(RefusalCode::NoRoundMissed));
    assert_eq!(code(&in_rounds(), "2026-05-01T21:59:59Z"), Err(RefusalCode::NoRoundMissed));
    assert!(code(&in_rounds(), "2026-05-01T22:00:00Z").is_ok());
}

#[test]
fn late_access_runs_out_today_or_later() {
    let refusal = grant(&in_rounds(), "2026-05-01", SECOND_OF_MAY).unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Invalid);
    assert_eq!(refusal.errors[0].pointer, "/expiresOn");
    assert!(grant(&in_rounds(), "2026-05-02", SECOND_OF_MAY).is_ok());
}

#[test]
fn only_the_municipality_of_an_open_offering_grants() {
    let terms = || (local("Uvær"), day("2026-05-10"));
    let (mut offering, now) = (published().0, at(SECOND_OF_MAY));
    let code = |offering: &Offering, by: &DecisionMaker| {
        LateAccess::grant(id(9), offering, &in_rounds(), provider_number(), terms(), by, now)
            .map_err(|refusal| refusal.code)
    };
    let stranger = DecisionMaker { municipality: other_municipality_number(), ..decision_maker() };
    assert_eq!(code(&offering, &stranger), Err(RefusalCode::NotFound));
    offering.lifecycle = OfferingLifecycle::Draft;
    assert_eq!(code(&offering, &decision_maker()), Err(RefusalCode::OfferingNotOpen));
}

#[test]
fn a_grant_says_who_until_when_and_for_what() {
    let Change { value, event } = grant(&in_rounds(), "2026-05-10", SECOND_OF_MAY).unwrap();
    assert_eq!(event.kind, EventKind::LateAccessGranted);
    assert_eq!(event.provider, Some(value.provider));
    assert_eq!(event.detail[1], ("expiresOn", "2026-05-10".to_owned()));
}
