use std::collections::BTreeSet;

use super::*;
use crate::domain::rules::ground::{RefusalGround, RevocationGround};

fn catalogue() -> Catalogue {
    Catalogue::load().unwrap()
}

#[test]
fn there_are_357_municipalities_in_15_counties() {
    let catalogue = catalogue();
    assert_eq!(catalogue.municipalities().count(), 357);
    let counties: BTreeSet<_> = catalogue.municipalities().map(|m| &m.county_number).collect();
    assert_eq!(counties.len(), 15);
    assert!(catalogue.municipalities().all(|m| m.number.starts_with(&m.county_number)));
    assert_eq!(catalogue.by_organisation.len(), 357);
}

#[test]
fn a_former_number_leads_to_the_present_municipality() {
    let catalogue = catalogue();
    for (former, present) in
        [("3024", "3201"), ("0219", "3201"), ("1001", "4204"), ("1507", "1508"), ("4204", "4204")]
    {
        assert_eq!(catalogue.municipality(former).unwrap().1.number, present, "{former}");
    }
    assert!(catalogue.municipality("9999").is_none());
}

#[test]
fn what_was_aalesund_before_haram_left_is_aalesund_and_haram_begins_anew() {
    let catalogue = catalogue();
    let present = |number| catalogue.municipality(number).unwrap().1.number.clone();
    assert_eq!((present("1507"), present("1508")), ("1508".to_owned(), "1508".to_owned()));
    // Haram was 1534 until 2020, and is 1580 since 2024.
    assert_eq!((present("1534"), present("1580")), ("1580".to_owned(), "1580".to_owned()));
}

#[test]
fn a_main_unit_leads_to_its_municipality() {
    let catalogue = catalogue();
    let kristiansand = OrganisationNumber::parse("820852982").unwrap();
    assert_eq!(catalogue.municipality_of(&kristiansand).unwrap().as_str(), "4204");
}

#[test]
fn the_grounds_of_the_catalogue_are_those_of_the_domain() {
    let listed = |column: fn(&GroundEntry) -> &str| -> BTreeSet<String> {
        let entries = catalogue().grounds;
        entries.iter().filter(|g| column(g) == "yes").map(|g| g.code.clone()).collect()
    };
    let refusal = RefusalGround::ALL.iter().map(|g| g.as_str().to_owned()).collect();
    let revocation = RevocationGround::ALL.iter().map(|g| g.as_str().to_owned()).collect();
    assert_eq!(listed(|g| &g.may_refuse), refusal);
    assert_eq!(listed(|g| &g.may_revoke), revocation);
}

#[test]
fn there_are_nineteen_matters_and_every_criterion_belongs_to_one() {
    let catalogue = catalogue();
    assert_eq!(catalogue.topics.len(), 19);
    for criterion in &catalogue.criteria {
        assert!(catalogue.topic(&criterion.matter).is_ok(), "{}", criterion.code);
    }
}

#[test]
fn only_services_that_can_be_chosen_are_choosable() {
    let catalogue = catalogue();
    assert_eq!(
        catalogue.choosable_service("personal-assistance").unwrap().as_str(),
        "personal-assistance"
    );
    assert_eq!(catalogue.choosable_service("care-wage").unwrap_err().code, "service-not-choosable");
    assert_eq!(catalogue.choosable_service("gardening").unwrap_err().code, "unknown-service");
}
