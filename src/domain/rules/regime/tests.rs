use super::{
    Regime::{Fvl1967, Fvl2025},
    *,
};
use crate::domain::{
    samples::{day, table},
    snapshot::assert_snapshot,
};

#[test]
fn the_new_act_governs_cases_that_begin_on_its_first_day_or_later() {
    let first = Some(day("2027-01-01"));
    for (began, commencement, regime) in [
        ("2026-12-31", first, Fvl1967),
        ("2027-01-01", first, Fvl2025),
        ("2027-01-02", first, Fvl2025),
        ("2027-01-02", None, Fvl1967),
        ("2199-12-31", None, Fvl1967),
    ] {
        assert_eq!(Regime::on(day(began), commencement), regime, "{began} {commencement:?}");
    }
}

#[test]
fn a_regime_is_found_by_its_name_alone() {
    for regime in Regime::ALL {
        assert_eq!(Regime::from_name(regime.as_str()), Some(regime));
    }
    assert_eq!(Regime::from_name("fvl-1968"), None);
}

#[test]
fn each_theme_has_its_sections_in_both_acts() {
    let rows: Vec<_> = Theme::ALL.iter().map(|theme| (format!("{theme:?}"), *theme)).collect();
    let rows: Vec<_> = rows.iter().map(|(name, theme)| (name.as_str(), *theme)).collect();
    let columns = Regime::ALL.map(|regime| (regime.as_str(), regime));
    let text = table(&rows, &columns, |theme, regime| {
        let Provision { statute, sections } = theme.under(*regime);
        let of = if statute == Statute::Act { "" } else { "eForvaltningsforskriften " };
        if sections.is_empty() { "–".into() } else { format!("{of}§ {}", sections.join(", ")) }
    });
    assert_snapshot("regime", &text);
}

#[test]
fn only_correction_was_ever_unwritten() {
    let unwritten = |regime| {
        Theme::ALL.iter().filter(move |theme| theme.under(regime).sections.is_empty()).copied()
    };
    assert_eq!(unwritten(Fvl1967).collect::<Vec<_>>(), [Theme::Correction]);
    assert_eq!(unwritten(Fvl2025).count(), 0);
}

#[test]
fn sections_are_cited_each_once_by_statute() {
    use Theme::{
        Access, AppealBody, AppealDeadline, Correction, FormOfAppeal, Receipt, WhoMayAppeal,
    };
    let appeal = [AppealBody, WhoMayAppeal, AppealDeadline, FormOfAppeal];
    let act = |value: &str| vec![(Statute::Act, value.to_owned())];
    assert_eq!(Fvl1967.cite(&appeal), act("§§ 28, 29 og 32"));
    assert_eq!(Fvl2025.cite(&appeal), act("§§ 62, 61, 63 og 66"));
    assert_eq!(Fvl1967.cite(&[AppealDeadline]), act("§ 29"));
    assert_eq!(Fvl2025.cite(&[Access]), act("§§ 46–50"));
    assert_eq!(Fvl1967.cite(&[Correction]), []);
    let receipt = vec![(Statute::ElectronicCommunication, "§ 6".to_owned())];
    assert_eq!(Fvl1967.cite(&[Receipt]), receipt);
}
