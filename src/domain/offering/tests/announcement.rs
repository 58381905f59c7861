//! Prices between versions.

use super::*;
use crate::domain::{
    compensation::{
        index::{Adjustment, IndexRule, Month},
        number::{Ratio, Share},
        rate::RateBasis,
    },
    offering::announcement::Announced,
};

fn later(rates: Vec<Rate>) -> Publication {
    Publication { rates, ..Publication::default() }
}

#[test]
fn an_announcement_says_from_which_day_and_what_it_did() {
    let announced = later(vec![dearer("2027-01-01")]);
    let (before, _) = published();
    let revision = before.revision;
    let Change { value: (offering, done), event } =
        before.announce(Some(&content()), announced, &editor(), now()).unwrap();
    assert_eq!(done.announced, Announced { at: now(), from: day("2027-01-01") });
    assert_eq!(done.published.closed[0].to, Some(day("2026-12-31")));
    assert_eq!((event.kind, event.revision), (EventKind::CompensationAnnounced, revision.next()));
    assert_eq!(offering.revision, revision.next());
    let input: Vec<_> = event.detail.iter().map(|(what, value)| (*what, value.as_str())).collect();
    let expected = [("from", "2027-01-01"), ("added", "1"), ("closed", "1"), ("withdrawn", "0")];
    assert_eq!(input, expected);
}

#[test]
fn to_withdraw_leaves_no_day_without_a_price() {
    let mut parts = parts();
    parts.compensation.rates[0].to = Some(day("2026-12-31"));
    parts.compensation.rates.push(dearer("2027-01-01"));
    let content = OfferingContent::new(parts).unwrap();
    let withdrawn = vec![(rate().key, day("2027-01-01"))];
    let only = Publication { withdrawn: withdrawn.clone(), ..Publication::default() };
    let refused = published().0.announce(Some(&content), only, &editor(), now()).unwrap_err();
    assert_eq!(refused.errors[0].error.code, "coverage-gap", "what it took over from is closed");
    let instead = Publication { withdrawn, rates: vec![dearer("2027-07-01")], bands: None };
    let refused = published().0.announce(Some(&content), instead, &editor(), now()).unwrap_err();
    assert_eq!(refused.errors[0].error.code, "coverage-gap", "half a year without a price");
}

#[test]
fn an_index_adjustment_is_an_announcement_with_its_computation() {
    let month = |input| Month::parse(input).unwrap();
    let mut parts = parts();
    parts.compensation.rates[0].index = Some(IndexRule {
        name: line("Kommunal deflator"),
        base: month("2026-01"),
        share: Share::WHOLE,
    });
    let content = OfferingContent::new(parts).unwrap();
    let figure = |input| Ratio::parse(input).unwrap();
    let adjustment = Adjustment {
        name: line("Kommunal deflator"),
        month: month("2027-01"),
        figures: [(month("2026-01"), figure("100")), (month("2027-01"), figure("103.9"))].into(),
        from: day("2027-01-01"),
    };
    let done = published().0.adjust(Some(&content), &adjustment, &editor(), now()).unwrap();
    let (_, announcement, adjusted) = done.value;
    let [new] = &announcement.published.added[..] else { panic!("{announcement:?}") };
    assert_eq!(new.amount.to_string(), "846.00", "845.746, to whole kroner");
    let RateBasis::Indexed(computation) = &new.basis else { panic!("{new:?}") };
    assert_eq!(**computation, adjusted[0].computation);
    assert_eq!(done.event.detail[0], ("index", "Kommunal deflator".to_owned()));
}
