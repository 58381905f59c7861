//! The letters verbatim, as readers get them, and the source of their section numbers.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use godkjent::{
    domain::{
        municipality::LanguageForm::{self, Bokmal, Nynorsk},
        offering::content::LegalBasis,
        rules::regime::{Regime, Theme},
    },
    letters::{html, plain},
};

use super::samples::{PLAIN, everywhere, kinds, letters};

/// The letters that are also kept as pages.
const PAGES: [(&str, LanguageForm, Regime); 5] = [
    ("refuse", Bokmal, Regime::Fvl1967),
    ("revoke", Nynorsk, Regime::Fvl1967),
    ("correction", Bokmal, Regime::Fvl2025),
    ("appeal-statement", Nynorsk, Regime::Fvl2025),
    ("prior-notice", Bokmal, Regime::Fvl1967),
];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/letters/texts")
}

/// `UPDATE=1` rewrites the letters; never in continuous integration.
fn compare(name: &str, now: &str) {
    let path = directory().join(name);
    let is_set = |name: &str| std::env::var_os(name).is_some();
    if is_set("UPDATE") && !is_set("CI") {
        fs::create_dir_all(directory()).unwrap();
        fs::write(&path, now).unwrap();
    }
    let former = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        former == now,
        "the letter {name} reads otherwise now; look at the difference after UPDATE=1:\n{now}"
    );
}

#[test]
fn every_letter_reads_as_it_is_kept() {
    let mut names = BTreeSet::new();
    for (form, regime) in everywhere() {
        for (kind, letter) in letters(&PLAIN, form, regime) {
            let name = format!("{kind}.{}.{}.txt", form.as_str(), regime.as_str());
            compare(&name, &plain::page(&letter));
            names.insert(name.clone());
            if PAGES.contains(&(kind, form, regime)) {
                let name = name.replace(".txt", ".html");
                compare(&name, &html::page(&letter));
                names.insert(name);
            }
        }
    }
    assert_eq!(names.len(), 4 * kinds().len() + PAGES.len());
    let files = fs::read_dir(directory()).unwrap();
    let files: BTreeSet<_> =
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, names, "each stored letter belongs to a form");
}

#[test]
fn no_letter_has_a_section_number_that_the_regime_does_not_give() {
    for (form, regime) in everywhere() {
        let given = Theme::ALL.iter().flat_map(|theme| theme.under(regime).sections);
        let given: BTreeSet<_> = given.flat_map(|section| section.split(' ')).collect();
        for (kind, letter) in letters(&PLAIN, form, regime) {
            let mut page = plain::page(&letter).replace('\n', " ");
            // The legal basis of the arrangement is not a matter of procedure.
            for (nb, nn) in LegalBasis::ALL.map(LegalBasis::citations) {
                page = page.replace(nb, "").replace(nn, "");
            }
            // A paragraph belongs to the section before it.
            for letter in ["a", "b", "c"] {
                page = page.replace(&format!(" tredje ledd bokstav {letter}"), "");
            }
            let mut cited = 0;
            for (at, _) in page.match_indices('§') {
                let rest = page[at..].trim_start_matches('§');
                let end = rest.find([')', '§']).unwrap_or_else(|| panic!("{kind}: {rest}"));
                for token in rest[..end].split([' ', ',']).filter(|token| !token.is_empty()) {
                    let word = token == "og" || token.to_lowercase().contains("forvaltnings");
                    assert!(word || given.contains(token), "{kind} {regime:?}: § {token}");
                    cited += usize::from(!word);
                }
            }
            assert!(cited > 0, "{kind} cites nothing");
        }
    }
}

#[test]
fn no_text_holds_a_section_number_by_itself() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/letters");
    let rooms = ["", "appeal", "decision"].map(|room| source.join(room));
    let files = rooms.into_iter().flat_map(|room| fs::read_dir(room).unwrap());
    for path in files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let numbered = line
                .split('§')
                .skip(1)
                .any(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
            assert!(!numbered, "{}: {line}", path.display());
        }
    }
}

#[test]
fn every_place_of_a_text_is_filled_and_no_line_is_too_long() {
    for (form, regime) in everywhere() {
        for (kind, letter) in letters(&PLAIN, form, regime) {
            let page = plain::page(&letter);
            assert!(!page.contains(['{', '}']), "{kind}: {page}");
            for line in page.lines() {
                // An address stays whole.
                assert!(line.chars().count() <= 72 || line.contains("://"), "{kind}: {line}");
                assert_eq!(line, line.trim_end(), "{kind}");
            }
            assert!(!page.contains("\n\n\n") && !page.contains("  \n"), "{kind}");
        }
    }
}

#[test]
fn a_letter_names_who_the_act_wants_named() {
    for (kind, old) in letters(&PLAIN, Bokmal, Regime::Fvl1967) {
        let new = letters(&PLAIN, Bokmal, Regime::Fvl2025);
        let (_, new) = new.into_iter().find(|(other, _)| *other == kind).unwrap();
        if old.title.starts_with("Vedtak") {
            assert_eq!(old.signatures, ["Ola Eksempel", "Kommunedirektøren"], "{kind}");
            let named =
                ["Saksbehandler: Kari Eksempel", "Ansvarlig: Ola Eksempel", "Kommunedirektøren"];
            assert_eq!(new.signatures, named, "{kind}");
        } else {
            assert_eq!(old.signatures.last().unwrap(), "Kristiansand kommune", "{kind}");
        }
    }
}

#[test]
fn every_decision_tells_how_and_until_when_to_appeal() {
    let decisions = [
        "approve",
        "approve-without-reasons",
        "refuse",
        "dismiss",
        "revoke",
        "revoke-without-notice",
    ];
    let in_bokmal = [
        "tre uker fra den dagen vi sender dere varsel",
        "Klageinstansen er Kristiansand kommunes klageutvalg",
        "Send klagen til oss",
        "https://registry.example/v1/decisions/",
        "må dere sende klagen på nytt",
        "Sivilombudet",
        "sakens dokumenter",
        "satt i verk",
        "veileder",
        "kostnader",
    ];
    let in_nynorsk = [
        "tre veker frå den dagen vi sender dykk varsel",
        "Klageinstansen er Kristiansand kommunes klageutvalg",
        "Send klaga til oss",
        "https://registry.example/v1/decisions/",
        "må de sende klaga på nytt",
        "Sivilombodet",
        "dokumenta i saka",
        "sett i verk",
        "rettleier",
        "kostnader",
    ];
    for (form, regime) in everywhere() {
        let parts = if form == Bokmal { in_bokmal } else { in_nynorsk };
        for (kind, letter) in letters(&PLAIN, form, regime) {
            let page = plain::page(&letter).replace('\n', " ");
            // An approval has nothing to suspend.
            let is_needed =
                |part: &&&str| !kind.starts_with("approve") || !part.ends_with("i verk");
            let parts = parts.iter().filter(is_needed);
            let missing: Vec<_> = parts.filter(|part| !page.contains(**part)).collect();
            assert!(!decisions.contains(&kind) || missing.is_empty(), "{kind}: {missing:?}");
        }
    }
}
