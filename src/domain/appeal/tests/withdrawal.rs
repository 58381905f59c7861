//! Withdrawals, by the party and for others.

use super::*;
use crate::domain::{role::CaseWorker, samples::other_municipality_number};

/// The appeal of another with legal interest.
pub(super) fn of_another() -> Appeal {
    let (name, legal_interest) = (line("Eli Eksempel"), note("Bruker av tjenesten"));
    let (knew_on, contact) = (day("2026-03-12"), None);
    let appellant = Appellant::Other { name, legal_interest, knew_on, contact };
    Appeal { appellant, ..received(IN_TIME) }
}

#[test]
fn a_withdrawn_appeal_keeps_what_it_had_come_to() {
    let withdrawn = forwarded().withdraw(&provider_user(), at(IN_TIME)).unwrap().value;
    let trail = withdrawn.state.trail();
    assert!(trail.admission.is_some() && trail.review.is_some() && trail.forwarding.is_some());
    assert_eq!(withdrawn.agenda(), []);
}

#[test]
fn a_case_worker_records_the_withdrawal_of_another_appellant_and_never_of_the_party() {
    let now = at(IN_TIME);
    let withdrawn = of_another().record_withdrawal(&case_worker(), now).unwrap();
    assert_eq!(withdrawn.event.kind, EventKind::AppealWithdrawn);
    assert!(!withdrawn.value.state.is_open());
    let party = received(IN_TIME).record_withdrawal(&case_worker(), now).unwrap_err();
    assert_eq!(party.code, ErrorCode::IllegalTransition);
    let own = of_another().withdraw(&provider_user(), now).unwrap_err();
    assert_eq!(own.code, ErrorCode::NotFound);
    let stranger = CaseWorker { municipality: other_municipality_number(), ..case_worker() };
    let refused = of_another().record_withdrawal(&stranger, now).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
}
