//! Posting list: a persistent set of numbers with structural sharing, for the indexes of the register.
//!
//! The numbers are in sorted blocks of 256; adding or removing one copies its block and the path to it if they
//! are shared, however large the set is.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

/// A set of numbers.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    blocks: RedBlackTreeMapSync<u32, Arc<Vec<u8>>>,
    len: usize,
}

/// So many blocks are walked rather than looked for.
const LONG: u32 = 16;

/// The block of a number and its place in the block: all bits but the lowest eight, and those.
const fn split(number: u32) -> (u32, u8) {
    let [.., place] = number.to_be_bytes();
    (number >> 8, place)
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
        let Some(places) = self.blocks.get_mut(&block) else {
            self.blocks.insert_mut(block, Arc::new(vec![place]));
            self.len += 1;
            return;
        };
        if let Err(at) = places.binary_search(&place) {
            Arc::make_mut(places).insert(at, place);
            self.len += 1;
        }
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u32) {
        let (block, place) = split(number);
        let Some(places) = self.blocks.get_mut(&block) else { return };
        let Ok(at) = places.binary_search(&place) else { return };
        Arc::make_mut(places).remove(at);
        self.len -= 1;
        if places.is_empty() {
            self.blocks.remove_mut(&block);
        }
    }

    /// The numbers from one on, in order.
    pub fn from(&self, first: u32) -> impl Iterator<Item = u32> {
        let (start, place) = split(first);
        self.blocks.range(start..).flat_map(move |(block, places)| {
            let skip = if *block == start { places.partition_point(|it| *it < place) } else { 0 };
            places.iter().skip(skip).map(move |it| (block << 8) | u32::from(*it))
        })
    }

    /// The numbers from one on that are in another set too. Where either has nothing for long, it is
    /// passed over at once.
    pub fn shared<'a>(&'a self, other: &'a Self, first: u32) -> impl Iterator<Item = u32> + 'a {
        let (start, _) = split(first);
        let (mut blocks, mut floor) = (self.blocks.range(start..), start);
        let both = std::iter::from_fn(move || {
            loop {
                let (block, own) = blocks.next()?;
                if *block < floor {
                    continue;
                }
                if let Some(others) = other.blocks.get(block) {
                    return Some((block << 8, own, others));
                }
                floor = *other.blocks.range(block..).next()?.0;
                if floor - block > LONG {
                    blocks = self.blocks.range(floor..);
                }
            }
        });
        both.flat_map(move |(block, own, others)| {
            let shared = own.iter().filter(|it| others.binary_search(it).is_ok());
            shared.map(move |it| block | u32::from(*it)).filter(move |it| *it >= first)
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
        // Sparse ranges, in one of the sets only.
        let (mut one, mut other) = (Postings::default(), Postings::default());
        for number in 0..200_000_u32 {
            let thousand = number / 1_000;
            if thousand.is_multiple_of(7) && number.is_multiple_of(3) {
                one.insert(number);
            }
            if thousand.is_multiple_of(5) || thousand > 190 {
                other.insert(number);
            }
        }
        for first in [0, 1, 35_001, 70_500, 189_000, 196_998, 199_999] {
            let expected: Vec<_> = one.from(first).filter(|it| other.contains(*it)).collect();
            assert!(one.shared(&other, first).eq(expected.iter().copied()), "from {first}");
            assert!(other.shared(&one, first).eq(expected), "from {first}");
        }
        assert!(one.shared(&Postings::default(), 0).next().is_none());
        let mut evens = Postings::default();
        (0..6_000).filter(|it: &u32| it.is_multiple_of(2)).for_each(|it| evens.insert(it));
        for (set, expected) in [(set, expected), earlier.unwrap()] {
            assert_eq!(set.len(), expected.len());
            assert_eq!(
                set.from(0).collect::<Vec<_>>(),
                expected.iter().copied().collect::<Vec<_>>()
            );
            for first in [1, 255, 256, 1024, 3_333, 5_999, 6_000, u32::MAX] {
                assert!(set.from(first).eq(expected.range(first..).copied()), "from {first}");
                assert_eq!(set.contains(first), expected.contains(&first));
                let even = expected.iter().copied().filter(|it| it.is_multiple_of(2));
                let shared: Vec<_> = even.filter(|it| *it >= first).collect();
                assert!(set.shared(&evens, first).eq(shared.iter().copied()), "from {first}");
                assert!(evens.shared(&set, first).eq(shared), "from {first}");
            }
        }
    }
}
