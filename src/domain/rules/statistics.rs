//! Statistics: handling times, and counts that reveal no single case.
//!
//! Small numbers are suppressed: a count from 1 to 4 is not published, nor a count from which it could be
//! computed. See [`CountTable::publish`] for the rule.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

/// The smallest count above zero that is published.
pub const SMALLEST: usize = 5;

/// A count as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// The number.
    Shown(usize),
    /// Something above zero that is not published.
    Suppressed,
}

impl Count {
    /// The number, where it is published.
    #[must_use]
    pub const fn value(self) -> Option<usize> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Suppressed => None,
        }
    }
}

/// Counts that share a total, as they are published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountTable<K> {
    /// All of them together.
    pub total: Count,
    /// Each by itself.
    pub parts: BTreeMap<K, Count>,
}

impl<K: Ord + Clone> CountTable<K> {
    /// Suppresses small parts, and parts that would reveal them. If a part is from 1 to 4:
    ///
    /// 1. if the total is below 5, or below two for each part above zero, every part above zero and the total
    ///    are suppressed;
    /// 2. else, if there are at least two small parts, neither all 1 nor all 4, only they are suppressed: their
    ///    sum leaves them ambiguous;
    /// 3. else every part above zero is suppressed: their order reveals no small one.
    ///
    /// Zero is published: an absent event reveals no case. With knowledge of this rule at least two values
    /// remain possible for each suppressed number (proven in the tests for three parts).
    #[must_use]
    pub fn publish(counts: &BTreeMap<K, usize>) -> Self {
        let is_small = |n: usize| (1..SMALLEST).contains(&n);
        let small: Vec<usize> = counts.values().copied().filter(|n| is_small(*n)).collect();
        let (number, sum) = (small.len(), small.iter().sum::<usize>());
        let total: usize = counts.values().sum();
        let above_zero = counts.values().filter(|n| **n > 0).count();
        let too_few = number > 0 && total < SMALLEST.max(2 * above_zero);
        let mixed = number > 1 && number < sum && sum < number * (SMALLEST - 1);
        let hides = |n: usize| match number {
            0 => false,
            _ if mixed && !too_few => is_small(n),
            _ => n > 0,
        };
        let count = |n: usize| if hides(n) { Count::Suppressed } else { Count::Shown(n) };
        Self {
            total: if too_few { Count::Suppressed } else { Count::Shown(total) },
            parts: counts.iter().map(|(key, n)| (key.clone(), count(*n))).collect(),
        }
    }

    /// One part; zero where there is none of it.
    pub fn part(&self, key: &K) -> Count {
        self.parts.get(key).copied().unwrap_or(Count::Shown(0))
    }
}

/// Breakdown of a count, such as refusals by criterion, in which one case may be counted in several parts.
/// Nothing is published if the total is suppressed; else parts are suppressed as if each case were in one part
/// only, which hides no less.
#[must_use]
pub fn breakdown<K: Ord + Clone>(whole: Count, counts: &BTreeMap<K, usize>) -> BTreeMap<K, Count> {
    match whole {
        Count::Shown(_) => CountTable::publish(counts).parts,
        Count::Suppressed => counts
            .iter()
            .map(|(key, n)| {
                (key.clone(), if *n == 0 { Count::Shown(0) } else { Count::Suppressed })
            })
            .collect(),
    }
}

/// How long something took, in whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// Half of them took no longer.
    pub median: i64,
    /// Nine of ten took no longer.
    pub p90: i64,
}

impl Handling {
    /// The median and the 90th percentile by nearest rank; none of nothing.
    #[must_use]
    pub fn of(mut days: Vec<i64>) -> Option<Self> {
        days.sort_unstable();
        Some(Self { median: percentile(&days, 50)?, p90: percentile(&days, 90)? })
    }
}

/// The percentile of sorted values by nearest rank: the smallest value such that at least so many per
/// cent are no greater. It is always one of the values. None of nothing, nor outside 1 to 100.
#[must_use]
pub fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    if !(1..=100).contains(&percent) {
        return None;
    }
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}
