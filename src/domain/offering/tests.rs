mod announcement;
mod intake;
mod lifecycle;

use super::{
    content::{ContentParts, LegalBasis},
    *,
};
use crate::domain::{
    approval::{ListingCapacity, ListingDetails, WindingDown},
    compensation::{rate::Rate, table::Publication},
    error::{ErrorCode as RefusalCode, ErrorKind as RefusalKind},
    samples::{
        CRITERIA, at, code, content, day, drafted_offering, editor, line, local, municipality,
        municipality_number, now, other_municipality_number, parts, published, rate, table, zone,
    },
    snapshot::assert_snapshot,
    validation::ValidationErrors,
    values::money::Price,
};

type Command = fn(Offering, &Editor, Instant) -> Result<Offering, DomainError>;

/// All commands of an editor; closing is tested on an open basis and on another.
const COMMANDS: [(&str, Command); 7] = [
    ("change-draft", |it, by, now| Ok(it.change_draft(by, now)?.value)),
    ("publish", |it, by, now| Ok(it.publish(content(), None, &municipality(), by, now)?.value.0)),
    ("close-to-new: open to all", |it, by, now| {
        Ok(it.close_to_new(closing("2027-01-01"), LegalBasis::Act31OpenToAll, by, now)?.value)
    }),
    ("close-to-new: concession", |it, by, now| {
        Ok(it.close_to_new(closing("2027-01-01"), LegalBasis::Concession, by, now)?.value)
    }),
    ("end", |it, by, now| Ok(it.end(ending("2027-01-01"), by, now)?.value)),
    ("change-own-listing", |it, by, now| Ok(it.change_own_listing(full(), by, now)?.value)),
    ("announce-compensation", |it, by, now| {
        let later = Publication { rates: vec![dearer("2028-01-01")], ..Publication::default() };
        Ok(it.announce(Some(&content()), later, by, now)?.value.0)
    }),
];

/// 849 kr instead, from a day on.
fn dearer(from: &str) -> Rate {
    Rate { from: day(from), amount: Price::parse("849").unwrap(), ..rate() }
}

fn winding_down(until: &str) -> WindingDown {
    WindingDown { until: day(until), taken_over_by: line("Hjemmetjenesten"), plan: None }
}

fn closing(from: &str) -> Closing {
    Closing { from: day(from), reason: local("Kommunen har nok leverandører") }
}

/// The end after that day; users are taken over by the middle of 2027.
fn ending(on: &str) -> Ending {
    let reason = local("Kommunestyret har avviklet ordningen");
    Ending { on: day(on), reason, winding_down: winding_down("2027-06-30") }
}

/// No capacity, as of 12 March 2026.
fn full() -> Listing {
    Listing {
        capacity: ListingCapacity::Full,
        capacity_on: day("2026-03-12"),
        details: ListingDetails::default(),
        confirmed_at: at("2020-01-01T00:00:00Z"),
    }
}

/// Every state with the instant at which it is looked at.
fn states() -> Vec<(&'static str, (Offering, Instant))> {
    let closed = published()
        .0
        .close_to_new(closing("2026-04-01"), LegalBasis::Concession, &editor(), now())
        .unwrap()
        .value;
    let ends = published().0.end(ending("2026-12-31"), &editor(), now()).unwrap().value;
    let (april, new_year) = (at("2026-04-01T09:00:00Z"), at("2027-01-01T09:00:00Z"));
    vec![
        ("draft", (drafted_offering(), now())),
        ("published", (published().0, now())),
        ("published: closing announced", (closed.clone(), now())),
        ("closed-to-new", (closed, april)),
        ("published: end announced", (ends.clone(), now())),
        ("ended", (ends, new_year)),
    ]
}

fn label(offering: &Offering, now: Instant) -> String {
    let version = offering.lifecycle.version().map_or_else(String::new, |it| format!(" {}", it.0));
    let announced = match offering.lifecycle {
        OfferingLifecycle::Draft | OfferingLifecycle::Published(_) => "",
        OfferingLifecycle::Closing(..) => ", closing",
        OfferingLifecycle::Ending(..) => ", ending",
    };
    format!("{}{version}{announced}", offering.state_at(now).as_str())
}

#[test]
fn the_machine_of_an_offering_is_this_table() {
    // Applying changes nothing, but depends on the state.
    let mut columns = vec![("apply", None)];
    columns.extend(COMMANDS.map(|(name, command)| (name, Some(command))));
    let text = table(&states(), &columns, |(offering, now), command| {
        let after = match command {
            None => offering.open(*now).map(|open| format!("open on {}", open.version.0)),
            Some(command) => command(offering.clone(), &editor(), *now).map(|it| label(&it, *now)),
        };
        after.map_or_else(|refusal| refusal.code.as_str().to_owned(), |after| format!("→ {after}"))
    });
    assert_snapshot("offering", &text);
}

#[test]
fn what_is_offered_to_an_editor_is_what_the_machine_takes() {
    let concession =
        OfferingContent::new(ContentParts { legal_basis: LegalBasis::Concession, ..parts() })
            .unwrap();
    for (state, (offering, now)) in states() {
        let published = offering.lifecycle.version().map(|_| &concession);
        for offered in OfferingCommand::ALL {
            let because = offering.guard(offered, published, Ok(&concession), now).err();
            let command = COMMANDS.iter().find(|(name, _)| match offered.as_str() {
                "close-to-new" => *name == "close-to-new: concession",
                act => *name == act,
            });
            // Published on a basis that permits closing to new providers.
            let done = match offered.as_str() {
                "publish" => {
                    let by = &editor();
                    let done = offering.clone().publish(
                        concession.clone(),
                        None,
                        &municipality(),
                        by,
                        now,
                    );
                    done.map(|change| change.value.0)
                }
                _ => command.unwrap().1(offering.clone(), &editor(), now),
            };
            assert_eq!(because, done.err(), "{} in {state}", offered.as_str());
        }
    }
}

#[test]
fn an_editor_of_another_municipality_finds_nothing() {
    let stranger = Editor { municipality: other_municipality_number(), ..editor() };
    for (state, (offering, now)) in states() {
        for (name, command) in COMMANDS {
            let refusal = command(offering.clone(), &stranger, now).unwrap_err();
            assert_eq!(refusal.code, RefusalCode::NotFound, "{name} in {state}");
        }
    }
}

#[test]
fn a_draft_takes_no_applications_and_says_so() {
    let refusal = drafted_offering().open(now()).unwrap_err();
    assert_eq!((refusal.code, refusal.state), (RefusalCode::OfferingNotOpen, Some("draft")));
}

#[test]
fn what_is_published_is_a_version_with_its_time() {
    let (offering, version) = published();
    assert_eq!(offering.lifecycle, OfferingLifecycle::Published(VersionNumber(1)));
    assert_eq!((version.offering, version.number), (offering.id, VersionNumber(1)));
    assert_eq!((version.content, version.published_at), (content(), now()));
}

#[test]
fn publishing_again_makes_version_two() {
    let (first, _) = published();
    let before = first.revision;
    let Change { value: (offering, version), event } =
        first.publish(content(), None, &municipality(), &editor(), now()).unwrap();
    assert_eq!(version.number, VersionNumber(2));
    assert_eq!(offering.open(now()).unwrap().version, VersionNumber(2));
    assert_eq!((offering.revision, event.revision), (before.next(), before.next()));
    assert_eq!(event.kind, EventKind::OfferingPublished);
    assert_eq!(event.municipality, Some(municipality_number()));
    assert_eq!(event.detail, [("version", "2".to_owned())]);
}

#[test]
fn changing_the_draft_leaves_the_version_in_force() {
    let (offering, _) = published();
    let changed = offering.change_draft(&editor(), now()).unwrap().value;
    assert_eq!(changed.lifecycle, OfferingLifecycle::Published(VersionNumber(1)));
}

#[test]
fn nothing_new_rests_on_the_repealed_section_but_what_was_of_its_time_did() {
    let publish = |now: &str| {
        let content =
            OfferingContent::new(ContentParts { legal_basis: LegalBasis::Act311, ..parts() })
                .unwrap();
        drafted_offering().publish(content, None, &municipality(), &editor(), at(now))
    };
    let refusal = publish("2026-03-12T09:00:00Z").unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Invalid);
    let [error] = &refusal.errors[..] else { panic!("{refusal:?}") };
    let input = (error.pointer.as_str(), error.error.code);
    assert_eq!(input, ("/legalBasis", "legal-basis-not-in-force"));
    assert!(publish("2022-06-09T21:59:59Z").is_ok());
    assert!(publish("2022-06-09T22:00:00Z").is_err());
}

#[test]
fn section_3_11_was_in_force_from_september_2021_to_9_june_2022() {
    for (input, in_force) in
        [("2021-08-31", false), ("2021-09-01", true), ("2022-06-09", true), ("2022-06-10", false)]
    {
        assert_eq!(LegalBasis::Act311.in_force(day(input)), in_force, "{input}");
    }
    for basis in LegalBasis::ALL.into_iter().filter(|basis| *basis != LegalBasis::Act311) {
        assert!(basis.in_force(day("2026-03-12")), "{basis:?}");
    }
}

fn errors(change: impl FnOnce(&mut ContentParts)) -> Vec<(String, &'static str)> {
    let mut parts = parts();
    change(&mut parts);
    let errors = OfferingContent::new(parts).map_or_else(ValidationErrors::into_vec, |_| vec![]);
    errors.into_iter().map(|error| (error.pointer, error.error.code)).collect()
}

fn error(pointer: &str, code: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), code)
}

#[test]
fn codes_stand_once_in_their_list() {
    let zones = errors(|parts| parts.service.zones.push(zone("sentrum")));
    assert_eq!(zones, [error("/service/zones/2/code", "duplicate")]);
    let criteria = errors(|parts| {
        let first = parts.criteria[0].clone();
        parts.criteria.push(first);
    });
    assert_eq!(criteria, [error("/criteria/3/code", "duplicate")]);
}

#[test]
fn compensation_is_for_a_zone_of_the_offering() {
    let of = |zone| errors(|parts| parts.compensation.rates[0].key.zone = Some(code(zone)));
    assert_eq!(of("nord"), [error("/compensation/lines/0/zone", "unknown-zone")]);
    assert_eq!(of("vest"), []);
}

#[test]
fn all_faults_of_the_parts_are_named_at_once() {
    let found = errors(|parts| {
        parts.service.zones.push(zone("vest"));
        parts.compensation.rates[0].key.zone = Some(code("nord"));
        parts.compensation.rates[0].to = Some(day("2025-12-31"));
    });
    let codes: Vec<_> = found.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, ["duplicate", "unknown-zone", "date-order"]);
    assert_eq!(found[2].0, "/compensation/lines/0/validTo");
}

#[test]
fn a_new_version_continues_the_price_table_of_what_is_in_force() {
    let with = |change: fn(&mut ContentParts)| {
        let mut parts = parts();
        change(&mut parts);
        let next = OfferingContent::new(parts).unwrap();
        published().0.publish(next, Some(&content()), &municipality(), &editor(), now())
    };
    let refusal = with(|parts| parts.compensation.rates[0].vat = content::Vat::Excluded);
    let refusal = refusal.unwrap_err();
    let [found] = &refusal.errors[..] else { panic!("{refusal:?}") };
    let input = (found.pointer.as_str(), found.error.code);
    assert_eq!(input, ("/compensation/lines/0", "amount-in-force"));
    let followed = with(|parts| {
        parts.compensation.rates[0].to = Some(day("2026-12-31"));
        parts.compensation.rates.push(Rate { from: day("2027-01-01"), ..rate() });
    });
    assert_eq!(followed.unwrap().value.1.content.table().rates().len(), 2);
}

#[test]
fn a_criterion_is_found_by_its_code() {
    let content = content();
    let codes: Vec<_> = content.criteria().iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, CRITERIA);
    let found = content.criterion(&code(CRITERIA[2])).unwrap();
    assert!(!found.mandatory);
    assert_eq!(content.criterion(&code("colour")), None);
}

#[test]
fn what_is_said_of_the_own_offer_is_confirmed_and_outlives_a_version() {
    let later = at("2026-04-01T09:00:00Z");
    let nothing_said = published().0.confirm_own_listing(&editor(), now()).unwrap_err();
    assert_eq!(nothing_said.code, RefusalCode::NotFound);
    let Change { value, event } =
        published().0.change_own_listing(full(), &editor(), now()).unwrap();
    assert_eq!((event.kind, event.revision), (EventKind::OwnListingChanged, value.revision));
    assert_eq!(event.detail, [("capacity", "full".to_owned())]);
    assert_eq!(value.own_listing.as_ref().unwrap().confirmed_at, now(), "putting confirms");
    let again = value.confirm_own_listing(&editor(), later).unwrap().value;
    assert_eq!(again.own_listing.as_ref().unwrap().confirmed_at, later);
    let input = again.own_listing.clone();
    let next = again.publish(content(), None, &municipality(), &editor(), later).unwrap().value.0;
    assert_eq!(next.own_listing, input);
}
