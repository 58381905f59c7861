//! Treffliste: a set of numbers that shares what it does not change, for the indexes of the register.
//!
//! The numbers stand in blocks of a thousand or so, sorted; adding or removing one copies its block
//! and the path to it, however large the set is.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

/// How many low bits of a number tell its place in a block.
const BITS: u32 = 10;

/// A set of numbers.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    blocks: RedBlackTreeMapSync<u32, Arc<[u16]>>,
    len: usize,
}

/// The block of a number and its place in the block.
fn split(number: u32) -> (u32, u16) {
    (number >> BITS, u16::try_from(number & ((1 << BITS) - 1)).unwrap_or(u16::MAX))
}

impl Postings {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a number is among them.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        let (block, place) = split(number);
        self.blocks.get(&block).is_some_and(|places| places.binary_search(&place).is_ok())
    }

    /// Adds a number.
    pub fn insert(&mut self, number: u32) {
        let (block, place) = split(number);
        let before: &[u16] = self.blocks.get(&block).map_or(&[], AsRef::as_ref);
        let Err(at) = before.binary_search(&place) else { return };
        let (low, high) = before.split_at(at);
        let after: Arc<[u16]> = low.iter().chain(&[place]).chain(high).copied().collect();
        self.blocks.insert_mut(block, after);
        self.len += 1;
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u32) {
        let (block, place) = split(number);
        let Some(before) = self.blocks.get(&block) else { return };
        if before.binary_search(&place).is_err() {
            return;
        }
        let after: Arc<[u16]> = before.iter().filter(|it| **it != place).copied().collect();
        if after.is_empty() {
            self.blocks.remove_mut(&block);
        } else {
            self.blocks.insert_mut(block, after);
        }
        self.len -= 1;
    }

    /// The numbers from one on, in order.
    pub fn from(&self, first: u32) -> impl Iterator<Item = u32> {
        let (start, place) = split(first);
        self.blocks.range(start..).flat_map(move |(block, places)| {
            let skip = if *block == start { places.partition_point(|it| *it < place) } else { 0 };
            places.iter().skip(skip).map(move |it| (block << BITS) | u32::from(*it))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Postings;

    #[test]
    fn a_set_does_what_a_sorted_set_does_and_shares_with_what_it_was() {
        let (mut set, mut expected, mut seed) = (Postings::default(), BTreeSet::new(), 7_u64);
        let mut earlier = None;
        for step in 0..5_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = u32::try_from(seed >> 33).unwrap() % 6_000;
            if seed.is_multiple_of(3) {
                set.remove(number);
                expected.remove(&number);
            } else {
                set.insert(number);
                expected.insert(number);
            }
            if step == 2_500 {
                earlier = Some((set.clone(), expected.clone()));
            }
        }
        for (set, expected) in [(set, expected), earlier.unwrap()] {
            assert_eq!(set.len(), expected.len());
            assert_eq!(
                set.from(0).collect::<Vec<_>>(),
                expected.iter().copied().collect::<Vec<_>>()
            );
            for first in [1, 1023, 1024, 3_333, 5_999, 6_000, u32::MAX] {
                assert!(set.from(first).eq(expected.range(first..).copied()), "from {first}");
                assert_eq!(set.contains(first), expected.contains(&first));
            }
        }
    }
}
