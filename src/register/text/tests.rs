use super::{collation_key, folded, words};

#[test]
fn names_sort_as_in_a_norwegian_telephone_book() {
    let sorted = [
        "2 Hjelp",
        "Adams",
        "Éva Omsorg",
        "evas hjelp",
        "Müller",
        "Myrvold",
        "Zebra",
        "Ærlig",
        "Ärlig A",
        "Öst B",
        "Østlandet",
        "Åpen",
        "Aasen",
        "Åsgård",
    ];
    let mut mixed = sorted;
    mixed.reverse();
    mixed.sort_by_key(|name| collation_key(name));
    assert_eq!(mixed, sorted);
}

#[test]
fn a_name_is_found_however_it_is_typed() {
    for (typed, meant) in [
        ("AASEN", "Åsen"),
        ("asen", "Aasen"),
        ("ostlandet", "Østlandet"),
        ("aerlig", "Ærlig"),
        ("cafe", "Café"),
        ("sami", "Sámi"),
        ("dulpi", "Ðulpi"),
        ("angstrom", "A\u{30a}ngström"),
    ] {
        assert_eq!(folded(typed), folded(meant), "{typed} for {meant}");
    }
    assert_ne!(folded("Bø"), folded("Bæ"));
}

#[test]
fn words_stand_between_whatever_is_no_letter_and_no_digit() {
    let found = words("  Hjelp & Pleie-AS, avd. 2 (Øst)/natt\u{a0}døgn ");
    assert_eq!(found, ["hjelp", "pleie", "as", "avd", "2", "ost", "natt", "dogn"]);
    assert_eq!(words(" -– ").len(), 0);
}
