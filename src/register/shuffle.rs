//! Shuffle: a neutral order that anyone can recompute.
//!
//! Each item is sorted by the SHA-256 of `seed`, a line feed and its id. So every order is equally likely over
//! the seeds, the same seed gives the same order, and an added or removed item moves no other.

use aws_lc_rs::digest;

/// The longest seed, in bytes.
pub const MAX_SEED: usize = 100;

/// Sort key of an item for a seed: the first 16 bytes of the SHA-256 as 32 hexadecimal digits.
#[must_use]
pub fn place(seed: &str, id: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{seed}\n{id}").as_bytes());
    hex::encode(hash.as_ref().get(..16).unwrap_or_default())
}

/// Whether a text is such a place.
#[must_use]
pub fn is_place(value: &str) -> bool {
    value.len() == 32 && value.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::place;

    fn order<'a>(seed: &str, ids: &[&'a str]) -> Vec<&'a str> {
        let mut ids = ids.to_vec();
        ids.sort_by_cached_key(|id| place(seed, id));
        ids
    }

    /// The 99.9th percentile of chi-square with so many degrees of freedom.
    const CRITICAL_23: f64 = 49.73;
    const CRITICAL_49: f64 = 85.35;

    fn chi_square(counts: impl Iterator<Item = u32>, expected: f64) -> f64 {
        counts.map(|count| (f64::from(count) - expected).powi(2) / expected).sum()
    }

    #[test]
    fn every_order_of_four_is_equally_likely_over_ten_thousand_seeds() {
        let mut counts = BTreeMap::new();
        for seed in 0..10_000 {
            *counts.entry(order(&seed.to_string(), &["a", "b", "c", "d"])).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24);
        let found = chi_square(counts.into_values(), 10_000.0 / 24.0);
        assert!(found < CRITICAL_23, "chi-square {found}");
    }

    #[test]
    fn everyone_of_fifty_is_first_equally_often_over_ten_thousand_seeds() {
        let ids: Vec<_> = (0..50).map(|i| format!("0190-{i}")).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let mut first: BTreeMap<_, u32> = BTreeMap::new();
        for seed in 0..10_000 {
            *first.entry(order(&format!("session-{seed}"), &ids)[0]).or_default() += 1;
        }
        let found = chi_square(first.into_values(), 200.0);
        assert!(found < CRITICAL_49, "chi-square {found}");
    }

    #[test]
    fn one_who_comes_moves_nobody_else() {
        let before = order("s", &["a", "b", "c", "d", "e"]);
        let mut after = order("s", &["a", "b", "new", "c", "d", "e"]);
        after.retain(|id| *id != "new");
        assert_eq!(before, after);
        assert_eq!(place("s", "a"), "009fa556751b7e96aae6f5d05d2fe3df");
    }
}
