//! Chance that repeats itself: the same seed always throws the same numbers.

/// `SplitMix64` (Steele, Lea, Flood 2014). For synthetic data only, never for secrets.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    #[must_use]
    #[allow(dead_code, reason = "the tests use it")]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Independent dice for an item of that number.
    #[must_use]
    pub fn of(seed: u64, number: usize) -> Self {
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        Self(Self(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95)).throw())
    }

    /// The next number of 64 bits.
    pub const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u128::try_from(end).unwrap_or(0);
        usize::try_from((u128::from(self.throw()) * end) >> 64).unwrap_or(0)
    }

    /// Whether an event with probability one in this number occurs.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One of several; the first kind of nothing where there is none.
    pub fn pick<T: Copy + Default>(&mut self, several: &[T]) -> T {
        several.get(self.below(several.len())).copied().unwrap_or_default()
    }
}
