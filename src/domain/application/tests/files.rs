//! A provider's own files, attached to a case.

use super::*;
use crate::domain::{
    evidence::{CaseLimit, EvidenceState as Scanned, ProviderFile},
    values::time::start_of_day,
};

const LIMIT: CaseLimit = CaseLimit(2500);

fn show(application: Application, file: &ProviderFile, criterion: &str, piece: u128) -> Answered {
    let place = (id(piece), code(criterion));
    application.show_file(place, file, LIMIT, &content(), &provider_user(), now())
}

fn with_file() -> Application {
    show(draft(), &file(80, "tax-certificate"), CRITERIA[0], 90).unwrap().value
}

#[test]
fn a_file_says_itself_what_it_is_and_the_case_keeps_the_consent() {
    let it = with_file();
    let piece = &it.dossier.evidence[0];
    assert_eq!((piece.id, piece.kind.as_str()), (id(90), "tax-certificate"));
    assert_eq!(piece.document.as_ref().unwrap().bytes, 1000);
    let consent = piece.consent.as_ref().unwrap();
    assert_eq!((consent.file, consent.consented_at), (id(80), now()));
}

#[test]
fn a_file_of_somebody_else_a_harmful_one_and_one_that_has_run_out_are_not_shown() {
    let code_of = |file: &ProviderFile| show(draft(), file, CRITERIA[0], 90).unwrap_err().code;
    let foreign = ProviderFile { provider: other_provider_number(), ..file(80, "tax-certificate") };
    assert_eq!(code_of(&foreign), RefusalCode::NotFound);
    let state = Scanned::Rejected(now(), line("Eicar"));
    let harmful = ProviderFile { state, ..file(80, "tax-certificate") };
    assert_eq!(code_of(&harmful), RefusalCode::EvidenceRejected);
    let mut over = file(80, "tax-certificate");
    over.description.expires_on = Some(day("2026-03-11"));
    assert_eq!(code_of(&over), RefusalCode::EvidenceExpired);
    over.description.expires_on = Some(day("2026-03-12"));
    assert!(show(draft(), &over, CRITERIA[0], 90).is_ok(), "on its last day");
}

#[test]
fn the_files_of_a_case_have_a_limit_and_each_counts_once() {
    let two = show(with_file(), &file(81, "tax-certificate"), CRITERIA[0], 91).unwrap().value;
    let refused = show(two.clone(), &file(82, "tax-certificate"), CRITERIA[0], 92);
    assert_eq!(refused.unwrap_err().code, RefusalCode::CaseFilesTooLarge);
    assert!(show(two.clone(), &file(81, "tax-certificate"), CRITERIA[1], 92).is_ok());
    let again = show(two, &file(81, "tax-certificate"), CRITERIA[0], 92);
    assert_eq!(only_error(again), ("/evidenceId".to_owned(), "already-attached"));
}

#[test]
fn a_consent_is_taken_back_before_the_submission_and_not_later() {
    let back = with_file().withdraw_consent(id(90), &provider_user()).unwrap();
    assert_eq!(back.value.dossier.evidence, []);
    assert_eq!(back.event.kind, EventKind::ConsentWithdrawn);
    let unknown = with_file().withdraw_consent(id(91), &provider_user());
    assert_eq!(unknown.unwrap_err().code, RefusalCode::NotFound);
    let mut sent = submitted();
    sent.dossier.evidence = with_file().dossier.evidence;
    let late = sent.withdraw_consent(id(90), &provider_user());
    assert_eq!(late.unwrap_err().code, RefusalCode::IllegalTransition);
}

#[test]
fn a_file_that_is_found_harmful_shows_nothing_any_more() {
    let misses = |it: &Application| {
        let missing = it.missing(&content()).into_vec();
        missing.iter().filter(|it| it.pointer == "/evidence/-").count()
    };
    let kind = content().criterion(&code(CRITERIA[0])).unwrap().evidence[0].kind.clone();
    let it = show(draft(), &file(80, kind.as_str()), CRITERIA[0], 90).unwrap().value;
    let change = it.clone().found_harmful(id(80)).unwrap();
    assert_eq!(misses(&change.value), misses(&it) + 1);
    assert_eq!(change.value.clone().found_harmful(id(80)), None, "it is told once");
    assert_eq!(it.found_harmful(id(81)), None, "another file");
}

#[test]
fn what_fits_by_kind_and_age_on_the_day_covers_a_criterion() {
    let content = content();
    let rule = content.criterion(&code(CRITERIA[0])).unwrap().evidence[0].clone();
    let mut young = file(80, rule.kind.as_str());
    let older = ProviderFile { id: id(81), ..young.clone() };
    young.description.issued_on = day("2026-03-10");
    let mut too_old = ProviderFile { id: id(82), ..young.clone() };
    too_old.description.issued_on = day("2025-03-01");
    let foreign = ProviderFile { id: id(83), provider: other_provider_number(), ..young.clone() };
    let other_kind = ProviderFile { id: id(84), ..file(84, "something-else") };
    let files = [older, young, too_old, foreign, other_kind];
    let covered = |files: &[ProviderFile], now| draft().coverage(files, &content, now)[0].clone();
    let today = covered(&files, now());
    assert_eq!(today.fitting[&rule.kind], [id(80), id(81)], "the youngest first");
    assert!(today.is_covered());
    assert!(!covered(&[], now()).is_covered());
    let in_autumn = covered(&files, start_of_day(day("2026-09-05")));
    assert_eq!(in_autumn.fitting[&rule.kind], [id(80)], "half a year after");
}

#[test]
fn a_contact_person_is_removed_from_a_case_that_has_ended_and_nothing_else_is() {
    let by = CaseParty::Municipality(case_worker());
    let before = refused().0;
    let change = before.clone().remove_contact(&by, now()).unwrap();
    let (after, detail) = (change.value, change.event.detail);
    assert_eq!((after.dossier.contact.clone(), detail), (None, vec![]));
    assert_eq!(after.dossier.contact_removed_at, Some(now()));
    assert_eq!((&after.state, &after.dossier.evidence), (&before.state, &before.dossier.evidence));
    let again = after.remove_contact(&by, now());
    assert_eq!(again.unwrap_err().code, RefusalCode::NobodyNamed);
    let open = ready().remove_contact(&by, now());
    assert_eq!(open.unwrap_err().code, RefusalCode::IllegalTransition);
}
