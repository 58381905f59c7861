//! The figures by table, and the inferences that must be impossible.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Count::{self, Shown, Suppressed},
    CountTable, Handling, SMALLEST, breakdown, percentile,
};

#[test]
fn percentiles_are_by_nearest_rank() {
    let ten: Vec<i64> = (1..=10).collect();
    for (values, percent, meant) in [
        (&[][..], 50, None),
        (&[7], 50, Some(7)),
        (&[7], 90, Some(7)),
        (&[1, 2], 50, Some(1)),
        (&[1, 2, 3], 50, Some(2)),
        (&[1, 2, 3, 4], 50, Some(2)),
        (&ten, 50, Some(5)),
        (&ten, 90, Some(9)),
        (&ten, 91, Some(10)),
        (&ten, 100, Some(10)),
        (&ten, 1, Some(1)),
        (&ten, 0, None),
        (&ten, 101, None),
    ] {
        assert_eq!(percentile(values, percent), meant, "{percent} of {values:?}");
    }
    assert_eq!(Handling::of(vec![30, 2, 9]), Some(Handling { median: 9, p90: 30 }));
    assert_eq!(Handling::of(vec![]), None);
}

#[test]
fn a_percentile_is_the_smallest_value_that_enough_do_not_exceed() {
    // A small generator of our own: the same numbers each time.
    let mut seed = 1_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    for _ in 0..500 {
        let length = usize::try_from(next() % 40 + 1).unwrap();
        let mut values: Vec<_> = (0..length).map(|_| i64::try_from(next() % 90).unwrap()).collect();
        values.sort_unstable();
        for percent in [1, 25, 50, 90, 99, 100] {
            let found = percentile(&values, percent).unwrap();
            let no_greater = |limit: i64| values.iter().filter(|it| **it <= limit).count() * 100;
            assert!(no_greater(found) >= percent * length, "{percent} of {values:?}: {found}");
            let smaller = values.iter().rev().find(|it| **it < found);
            assert!(
                smaller.is_none_or(|it| no_greater(*it) < percent * length),
                "{percent} of {values:?}: {found}"
            );
        }
    }
}

fn published(counts: &[usize]) -> (Count, Vec<Count>) {
    let table = CountTable::publish(&counts.iter().copied().enumerate().collect());
    (table.total, table.parts.into_values().collect())
}

#[test]
fn small_counts_are_suppressed_and_what_would_give_them_away() {
    for (counts, total, parts) in [
        (&[][..], Shown(0), &[][..]),
        (&[0, 0], Shown(0), &[Shown(0), Shown(0)]),
        (&[7, 0], Shown(7), &[Shown(7), Shown(0)]),
        (&[5, 12], Shown(17), &[Shown(5), Shown(12)]),
        // Alone it is its own total.
        (&[3, 0], Suppressed, &[Suppressed, Shown(0)]),
        // The total minus the rest.
        (&[3, 9], Shown(12), &[Suppressed, Suppressed]),
        (&[3, 9, 20], Shown(32), &[Suppressed; 3]),
        // Two that can only be one each, or four each.
        (&[1, 1, 20], Shown(22), &[Suppressed; 3]),
        (&[4, 4, 20], Shown(28), &[Suppressed; 3]),
        (&[1, 1], Suppressed, &[Suppressed; 2]),
        (&[1, 1, 1, 1, 1], Suppressed, &[Suppressed; 5]),
        (&[1, 1, 1, 1, 2], Suppressed, &[Suppressed; 5]),
        (&[4, 3, 20], Shown(27), &[Suppressed, Suppressed, Shown(20)]),
    ] {
        assert_eq!(published(counts), (total, parts.to_vec()), "{counts:?}");
    }
}

/// Every table of three parts up to 13: with knowledge of the rule, at least two values remain possible for
/// each suppressed number.
#[test]
fn no_suppressed_number_can_be_computed_from_the_others() {
    let range = || 0..=13_usize;
    let mut same: BTreeMap<(Count, Vec<Count>), Vec<[usize; 3]>> = BTreeMap::new();
    for (a, b, c) in
        range().flat_map(|a| range().flat_map(move |b| range().map(move |c| (a, b, c))))
    {
        same.entry(published(&[a, b, c])).or_default().push([a, b, c]);
    }
    assert!(same.len() > 1000);
    for ((total, parts), inputs) in same {
        if let Shown(total) = total {
            assert!(total == 0 || total >= SMALLEST, "{inputs:?}");
        }
        for (i, part) in parts.iter().enumerate() {
            let possible: BTreeSet<_> = inputs.iter().map(|counts| counts[i]).collect();
            match part {
                Shown(n) => {
                    assert!(*n == 0 || *n >= SMALLEST, "{inputs:?}");
                    assert_eq!(possible, BTreeSet::from([*n]));
                }
                Suppressed => assert!(possible.len() >= 2, "{total:?} {parts:?}: {inputs:?}"),
            }
        }
    }
}

#[test]
fn a_breakdown_of_what_is_not_published_is_not_published() {
    let counts = BTreeMap::from([("a", 9), ("b", 0), ("c", 2)]);
    let meant = BTreeMap::from([("a", Suppressed), ("b", Shown(0)), ("c", Suppressed)]);
    assert_eq!(breakdown(Suppressed, &counts), meant);
    assert_eq!(breakdown(Shown(11), &counts), meant, "the larger would give the smaller away");
    let clear = BTreeMap::from([("a", 9), ("c", 6)]);
    assert_eq!(breakdown(Shown(11), &clear), BTreeMap::from([("a", Shown(9)), ("c", Shown(6))]));
}
