//! Files from their receipt to the scanner's word.

use super::*;
use crate::domain::{
    fault::Fault,
    refusal::Code as RefusalCode,
    samples::{day, file, line, now},
};

fn fault_of(change: impl FnOnce(&mut Description)) -> (RefusalCode, Vec<Fault>) {
    let mut description = file(80, "insurance").description;
    change(&mut description);
    let refusal = description.check(now()).unwrap_err();
    (refusal.code, refusal.faults.into_iter().map(|it| it.fault).collect())
}

#[test]
fn a_police_certificate_is_never_a_file() {
    let (code, _) = fault_of(|it| it.kind = Code::parse(POLICE_CERTIFICATE).unwrap());
    assert_eq!(code, RefusalCode::PoliceCertificateFile);
}

#[test]
fn days_are_in_order() {
    let (code, faults) = fault_of(|it| it.issued_on = day("2026-03-13"));
    assert_eq!((code, faults[0].code), (RefusalCode::Validation, "date-in-future"));
    let (_, faults) = fault_of(|it| it.expires_on = Some(day("2026-03-01")));
    assert_eq!(faults[0].code, "date-order");
}

#[test]
fn the_scanner_speaks_once_and_only_clean_files_leave_the_quarantine() {
    let quarantined = File { state: State::Quarantined, ..file(80, "insurance") };
    let may = |it: &File, own| it.may_be_read(own, true).map_err(|refusal| refusal.code);
    assert_eq!(may(&quarantined, true), Ok(()));
    assert_eq!(may(&quarantined, false), Err(RefusalCode::EvidenceQuarantined));
    let clean = quarantined.clone().scanned(None, now()).unwrap();
    assert_eq!((clean.event.kind, may(&clean.value, false)), (Kind::EvidenceCleared, Ok(())));
    let harmful = quarantined.scanned(Some(line("Eicar")), now()).unwrap();
    assert_eq!(harmful.event.detail, [("found", "Eicar".to_owned())]);
    assert_eq!(may(&harmful.value, true), Err(RefusalCode::EvidenceRejected));
    assert_eq!(harmful.value.scanned(None, now()), None, "it has spoken");
}

#[test]
fn what_nobody_has_scanned_says_so_and_waits_once_there_is_a_scanner() {
    let it = file(80, "insurance");
    assert_eq!(it.state.as_str(), "not-scanned");
    assert_eq!(it.may_be_read(false, false), Ok(()));
    let refused = it.may_be_read(false, true).unwrap_err();
    assert_eq!(refused.code, RefusalCode::EvidenceQuarantined);
}
