use super::*;

fn code_of<T: std::fmt::Debug>(parsed: Result<T, ValueError>) -> &'static str {
    parsed.unwrap_err().code
}

#[test]
fn real_organisation_numbers_are_accepted() {
    for number in [
        "123456785",
        "701730496",
        "958935420",
        "820852982",
        "935478715",
        "942110464",
        "964965226",
        "942875967",
    ] {
        assert_eq!(OrganisationNumber::parse(number).unwrap().as_str(), number);
    }
}

#[test]
fn stems_with_remainder_one_have_no_valid_check_digit() {
    for stem in ["12345670", "12345684", "12345698"] {
        for last in 0..10 {
            let number = format!("{stem}{last}");
            let code = code_of(OrganisationNumber::parse(&number));
            assert_eq!(code, "organisation-number-check-digit", "{number}");
        }
    }
}

#[test]
fn a_wrong_check_digit_is_refused() {
    let code = code_of(OrganisationNumber::parse("123456784"));
    assert_eq!(code, "organisation-number-check-digit");
}

/// The register's rule as it is published, written apart from the code under test.
fn published_check_digit(stem: u32) -> Option<u32> {
    let weights = [2, 3, 4, 5, 6, 7, 2, 3];
    let digits = (0..8).map(|place| stem / 10_u32.pow(place) % 10);
    match digits.zip(weights).map(|(d, w)| d * w).sum::<u32>() % 11 {
        0 => Some(0),
        1 => None,
        rest => Some(11 - rest),
    }
}

#[test]
fn each_stem_has_the_one_check_digit_of_the_published_rule_or_none() {
    let mut without = 0;
    for stem in (10_000_000..100_000_000).step_by(22_573) {
        let valid: Vec<u32> = (0..10)
            .filter(|last| OrganisationNumber::parse(&format!("{stem}{last}")).is_ok())
            .collect();
        assert_eq!(valid, Vec::from_iter(published_check_digit(stem)), "{stem}");
        without += u32::from(valid.is_empty());
    }
    assert!(without > 0, "the loop met no impossible stem");
}

#[test]
fn spaces_and_the_marks_of_the_vat_register_are_taken_away() {
    for value in [
        "820 852 982",
        " 820852982 ",
        "820\u{a0}852\u{a0}982",
        "820\u{202f}852\u{202f}982",
        "NO820852982",
        "NO 820 852 982 MVA",
        "no820852982mva",
        "820852982MVA",
    ] {
        let number = OrganisationNumber::parse(value).unwrap();
        assert_eq!(number.to_string(), "820852982", "{value:?}");
    }
}

#[test]
fn other_forms_are_not_organisation_numbers() {
    for value in [
        "",
        "NOMVA",
        "82085298",
        "8208529820",
        "820-852-982",
        "82085298x",
        "MVA820852982",
        "NONO820852982",
        "٨٢٠٨٥٢٩٨٢",
    ] {
        let code = code_of(OrganisationNumber::parse(value));
        assert_eq!(code, "organisation-number-form", "{value:?}");
    }
}

#[test]
fn a_municipality_number_keeps_its_leading_zero_and_knows_its_county() {
    let oslo = MunicipalityNumber::parse("0301").unwrap();
    assert_eq!((oslo.as_str(), oslo.county()), ("0301", "03"));
    assert_eq!(MunicipalityNumber::parse("5501").unwrap().county(), "55");
}

#[test]
fn other_forms_are_not_municipality_numbers() {
    for value in ["", "301", "03010", " 0301", "03o1", "٠٣٠١"] {
        let code = code_of(MunicipalityNumber::parse(value));
        assert_eq!(code, "municipality-number-form", "{value:?}");
    }
}

#[test]
fn languages_have_two_or_three_lower_case_letters() {
    for value in ["nb", "nn", "sme", "uk"] {
        assert_eq!(Language::parse(value).unwrap().as_str(), value);
    }
    for value in ["", "n", "NB", "nb-NO", "nors", "å", "n1"] {
        assert_eq!(code_of(Language::parse(value)), "language-form", "{value:?}");
    }
}
