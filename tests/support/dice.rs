//! Chance that can be thrown again: numbers from a seed.

/// A row of numbers that depends on nothing but its seed (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed of the environment, or one that is always the same.
    pub fn thrown(what: u64) -> (Self, u64) {
        let seed = number("PORTERHOUSE_CRASH_SEED").unwrap_or(20_110_817);
        (Self::new(seed ^ what.wrapping_mul(0x9E37_79B9_7F4A_7C15)), seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end.max(1)
    }

    /// True in `percent` of 100 throws.
    pub fn hits(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A number from the environment.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
