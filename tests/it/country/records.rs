//! The records of the synthetic country: valid, and the same for the same seed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::bench::register::data::{Country, PER_PLACE, PublicEntry, STANDING};
use godkjent::{
    catalogue::Catalogue,
    domain::validation::ValidationErrors,
    json::public::{ApprovalRecord, PublicRecord},
};

fn country(seed: u64, approvals: usize) -> Country {
    Country::new(Arc::new(Catalogue::load().unwrap()), seed, approvals).unwrap()
}

fn lines(seed: u64, approvals: usize) -> Vec<String> {
    let country = country(seed, approvals);
    let lines = country.records().chain(country.changes().take(50)).map(|entry| {
        let PublicEntry { id, at, event, record } = entry;
        format!("{id} {at} {event:?} {}", record.to_json().unwrap())
    });
    lines.collect()
}

fn approvals(country: &Country) -> Vec<Arc<ApprovalRecord>> {
    let records = country.records().filter_map(|entry| match entry.record {
        PublicRecord::Approval(record) => Some(record),
        _ => None,
    });
    records.collect()
}

#[test]
fn the_same_seed_gives_the_same_country() {
    let (one, other) = (lines(1, 60), lines(1, 60));
    assert_eq!(one, other);
    assert_eq!(one.len(), country(1, 60).size() + 50);
    assert_ne!(one, lines(2, 60));
}

#[test]
fn rows_have_ids_of_their_own_and_stand_in_order_of_time() {
    let country = country(3, 400);
    let rows: Vec<_> = country.records().chain(country.changes().take(200)).collect();
    let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), rows.len());
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
    assert!(rows.is_sorted_by_key(|row| row.at));
    assert!(approvals(&country).is_sorted_by_key(|record| record.id));
}

/// Synthetic input passes the same validation as real input.
#[test]
fn everything_would_be_accepted_from_its_sender() {
    let (country, catalogue) = (country(4, 400), Catalogue::load().unwrap());
    for entry in country.records().chain(country.changes().take(50)) {
        match entry.record {
            PublicRecord::Municipality(record) => {
                assert!(catalogue.municipality(record.number.as_str()).is_some());
            }
            PublicRecord::Offering(record) => {
                record.content.read(&catalogue).unwrap_or_else(|errors| panic!("{errors:?}"));
                catalogue.choosable_service(&record.service).unwrap();
            }
            PublicRecord::Provider(record) => {
                assert!(record.organisation_number.as_str().starts_with("313"));
                assert!(record.name.as_str().ends_with("(demo)"));
            }
            PublicRecord::Approval(record) => {
                let mut errors = ValidationErrors::default();
                let listing = record.listing.clone().unwrap();
                assert!(listing.read(&mut errors, entry.at).is_some(), "{errors:?}");
                assert!(record.lifecycle.read().unwrap().status_at(entry.at).is_choosable());
            }
            PublicRecord::LateAccess(_) | PublicRecord::Decision(_) | PublicRecord::Removed(_) => {
                panic!("not made up")
            }
        }
    }
}

#[test]
fn each_place_has_its_twenty_and_nobody_twice() {
    let country = country(5, 2000);
    let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for record in approvals(&country) {
        let place = (record.municipality.clone(), record.service.clone());
        places.entry(place).or_default().push(record.provider.clone());
    }
    assert_eq!(places.len(), country.places());
    for (number, (place, providers)) in places.iter().enumerate() {
        assert_eq!(providers.len(), PER_PLACE, "{place:?}");
        assert_eq!(BTreeSet::from_iter(providers).len(), PER_PLACE, "{place:?}");
        let published = country.place(number).unwrap();
        assert!(places.contains_key(&published));
    }
    assert_eq!(country.place(country.places()), None);
}

/// At a million most have expired: a citizen never has hundreds of providers to choose from.
#[test]
fn a_large_country_has_many_that_were_and_forty_that_are() {
    let country = country(6, 1_000_000);
    assert_eq!(country.places(), 357 * 16);
    let now = "2026-11-01T00:00:00Z".parse().unwrap();
    let place = 1234;
    let standing = (place..1_000_000).step_by(country.places()).filter(|nth| {
        let record = country.approval_record(*nth).unwrap();
        record.lifecycle.read().unwrap().status_at(now).is_choosable()
    });
    let standing = standing.count();
    assert!((STANDING - 1..=STANDING).contains(&standing), "{standing}");
}

#[test]
fn a_change_counts_on_and_says_the_same_in_both_languages() {
    let country = country(7, 100);
    let mut changes = country.changes();
    let mut revisions = vec![];
    for serial in [1, 2] {
        let PublicRecord::Approval(record) = changes.listing(5).unwrap().record else { panic!() };
        let listing = record.listing.clone().unwrap();
        let text = listing.text.unwrap();
        let mark = format!("[{serial}]");
        for value in [text.nb, text.nn, listing.continuity.unwrap().nn] {
            assert!(value.unwrap().ends_with(&mark));
        }
        revisions.push(record.revision);
    }
    let PublicRecord::Provider(record) = changes.profile(5).unwrap().record else { panic!() };
    assert!(record.presentation.nn().unwrap().as_str().ends_with("[3]"));
    assert_eq!((revisions, record.revision), (vec![3, 4], 2));
}
