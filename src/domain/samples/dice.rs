//! Terning: chance for property tests, the same for the same seed.

/// A small generator (SplitMix64): the same seed gives the same run.
pub(in crate::domain) struct SampleDice(pub(in crate::domain) u64);

impl SampleDice {
    pub(in crate::domain) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    pub(in crate::domain) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.roll(u64::try_from(all.len()).unwrap())).unwrap()].clone()
    }
}
