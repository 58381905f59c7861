//! Statistikk: how long handling takes, and counts in which nobody's own case can be read.
//!
//! Small numbers are suppressed: a count from 1 to 4 is not published, and no count is from which it
//! could be computed. See [`Table::publish`] for the rule.

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
    pub const fn shown(self) -> Option<usize> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Suppressed => None,
        }
    }
}

/// Counts that share a total, as they are published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Table<K> {
    /// All of them together.
    pub total: Count,
    /// Each by itself.
    pub parts: BTreeMap<K, Count>,
}

impl<K: Ord + Clone> Table<K> {
    /// Suppresses what is small, and what would give it away.
    ///
    /// 1. Every part from 1 to 4 is suppressed.
    /// 2. While fewer than two parts are, or those that are make less than 5 together, the smallest part
    ///    above zero that is still shown is suppressed too: else the total minus the rest would be the
    ///    small number, or leave no doubt of it.
    /// 3. Where no such part is left, the total is suppressed.
    ///
    /// Zero is shown: that something has not happened tells of nobody's case.
    #[must_use]
    pub fn publish(counts: &BTreeMap<K, usize>) -> Self {
        let mut hidden: Vec<&K> =
            counts.iter().filter(|(_, n)| (1..SMALLEST).contains(*n)).map(|(key, _)| key).collect();
        let mut hidden_sum: usize = hidden.iter().filter_map(|key| counts.get(*key)).sum();
        let mut total = Count::Shown(counts.values().sum());
        while !hidden.is_empty() && (hidden.len() < 2 || hidden_sum < SMALLEST) {
            let shown = counts.iter().filter(|(key, n)| **n > 0 && !hidden.contains(key));
            let Some((key, n)) = shown.min_by_key(|(key, n)| (**n, *key)) else {
                total = Count::Suppressed;
                break;
            };
            hidden.push(key);
            hidden_sum += n;
        }
        let parts = counts.iter().map(|(key, n)| {
            let hides = hidden.contains(&key);
            (key.clone(), if hides { Count::Suppressed } else { Count::Shown(*n) })
        });
        Self { total, parts: parts.collect() }
    }

    /// One part; zero where there is none of it.
    pub fn part(&self, key: &K) -> Count {
        self.parts.get(key).copied().unwrap_or(Count::Shown(0))
    }
}

/// The breakdown of a count, such as refusals by criterion, in which one case may be counted in
/// several parts. Nothing of it is published where the whole is not; else parts are suppressed as if
/// each case were in one part alone, which hides no less.
#[must_use]
pub fn breakdown<K: Ord + Clone>(whole: Count, counts: &BTreeMap<K, usize>) -> BTreeMap<K, Count> {
    match whole {
        Count::Shown(_) => Table::publish(counts).parts,
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
