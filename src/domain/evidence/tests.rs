//! Files from their receipt to the scanner's word.

use super::*;
use crate::domain::{
    error::ErrorCode as RefusalCode,
    samples::{day, file, line, now},
    value_error::ValueError,
};

fn error_of(change: impl FnOnce(&mut Description)) -> (RefusalCode, Vec<ValueError>) {
    let mut description = file(80, "insurance").description;
    change(&mut description);
    let refusal = description.check(now()).unwrap_err();
    (refusal.code, refusal.errors.into_iter().map(|it| it.error).collect())
}

#[test]
fn a_police_certificate_is_never_a_file() {
    let (code, _) = error_of(|it| it.kind = Code::parse(POLICE_CERTIFICATE).unwrap());
    assert_eq!(code, RefusalCode::PoliceCertificateFile);
}

#[test]
fn days_are_in_order() {
    let (code, errors) = error_of(|it| it.issued_on = day("2026-03-13"));
    assert_eq!((code, errors[0].code), (RefusalCode::Validation, "date-in-future"));
    let (_, errors) = error_of(|it| it.expires_on = Some(day("2026-03-01")));
    assert_eq!(errors[0].code, "date-order");
}

#[test]
fn the_scanner_speaks_once_and_only_clean_files_leave_the_quarantine() {
    let quarantined = ProviderFile { state: EvidenceState::Quarantined, ..file(80, "insurance") };
    let may =
        |it: &ProviderFile, own| it.may_be_read(own, true, false).map_err(|refusal| refusal.code);
    assert_eq!(may(&quarantined, true), Ok(()));
    assert_eq!(may(&quarantined, false), Err(RefusalCode::EvidenceQuarantined));
    let clean = quarantined.clone().scanned(None, now()).unwrap();
    assert_eq!((clean.event.kind, may(&clean.value, false)), (EventKind::EvidenceCleared, Ok(())));
    let harmful = quarantined.scanned(Some(line("Eicar")), now()).unwrap();
    assert_eq!(harmful.event.detail, [("found", "Eicar".to_owned())]);
    assert_eq!(may(&harmful.value, true), Err(RefusalCode::EvidenceRejected));
    assert_eq!(harmful.value.scanned(None, now()), None, "it has spoken");
}

#[test]
fn what_nobody_has_scanned_says_so_and_waits_once_there_is_a_scanner() {
    let it = file(80, "insurance");
    assert_eq!(it.state.as_str(), "not-scanned");
    let refused = it.may_be_read(false, false, false).unwrap_err();
    assert_eq!(refused.code, RefusalCode::EvidenceNotScanned, "to take it is deliberate");
    assert_eq!(it.may_be_read(false, false, true), Ok(()));
    assert_eq!(it.may_be_read(true, false, false), Ok(()), "its provider knows it");
    let refused = it.may_be_read(false, true, true).unwrap_err();
    assert_eq!(refused.code, RefusalCode::EvidenceQuarantined);
}

#[test]
fn a_file_is_downloaded_under_the_extension_of_what_it_is() {
    let names = [
        ("Skatteattest.pdf", MediaType::Pdf, "Skatteattest.pdf"),
        ("Skatteattest 2026.hta", MediaType::Text, "Skatteattest 2026_hta.txt"),
        ("x.pdf.lnk", MediaType::Text, "x_pdf_lnk.txt"),
        ("vedtak 1.2.PDF", MediaType::Pdf, "vedtak 1_2.pdf"),
        ("page.html", MediaType::Text, "page_html.txt"),
        ("\u{202e}fdp.exe", MediaType::Pdf, "_fdp_exe.pdf"),
        ("a\u{200b}b\tc\r\nd.png", MediaType::Png, "a_b_c__d.png"),
        ("bilde.jpeg", MediaType::Jpeg, "bilde_jpeg.jpg"),
        ("B\u{e6}rum \u{2013} plan (2).docx", MediaType::Docx, "B\u{e6}rum \u{2013} plan (2).docx"),
        (".pdf", MediaType::Pdf, "file.pdf"),
        ("trailing. . .", MediaType::Ods, "trailing_ _ _.ods"),
    ];
    for (label, media_type, name) in names {
        assert_eq!(download_name(label, media_type), name, "{label:?}");
    }
    for media_type in MediaType::ALL {
        let name = download_name("a.exe\u{2066}.js:stream", media_type);
        assert_eq!(name.matches('.').count(), 1);
        assert!(name.ends_with(&format!(".{}", media_type.extension())), "{name}");
    }
}

#[test]
fn a_provider_has_room_up_to_its_limit_and_not_beyond() {
    let limit = ProviderLimit(100);
    let code = |refused: DomainError| refused.code;
    assert_eq!(limit.room(40), Ok(60));
    assert_eq!(limit.check(40, 60), Ok(()));
    for refused in [limit.check(40, 61), limit.check(100, 1), limit.room(100).map(drop)] {
        assert_eq!(refused.map_err(code), Err(RefusalCode::ProviderFilesTooLarge));
    }
}

#[test]
fn a_file_is_removed_when_its_time_is_up_and_no_case_is_shown_it() {
    let it = file(80, "insurance");
    let end = it.remove_after.unwrap();
    assert_eq!(it.unused(false, end - TimeDelta::seconds(1)), None);
    assert_eq!(it.unused(true, end), None);
    assert_eq!(it.unused(false, end).unwrap().kind, EventKind::EvidenceRemoved);
    let used = ProviderFile { remove_after: None, ..it };
    assert_eq!(used.unused(false, end), None);
}
