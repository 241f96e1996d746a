//! Repeatable chance: SplitMix64 (Steele, Lea, Flood 2014), for sample data only.

/// A source of chance with a seed.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that roll the same for the same seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below `end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % (end.max(1) as u64)) as usize
    }

    /// A whole number from `first` to `last`, both included, in steps.
    pub(crate) fn step(&mut self, first: u32, last: u32, step: u32) -> u32 {
        first + step * self.below(((last - first) / step + 1) as usize) as u32
    }

    /// True in so many of a hundred rolls.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of some values, by their weights.
    pub(crate) fn pick<T: Copy>(&mut self, weighted: &[(T, usize)]) -> T {
        let total: usize = weighted.iter().map(|(_, weight)| weight).sum();
        let mut roll = self.below(total);
        for (value, weight) in weighted {
            if roll < *weight {
                return *value;
            }
            roll -= weight;
        }
        weighted[weighted.len() - 1].0
    }

    /// Some of the numbers below `end`, sorted.
    pub(crate) fn some(&mut self, count: usize, end: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..end).collect();
        for at in 0..count.min(end) {
            let other = at + self.below(end - at);
            all.swap(at, other);
        }
        all.truncate(count.min(end));
        all.sort_unstable();
        all
    }

    /// About normally spread around 0, within -3 and 3.
    pub(crate) fn around(&mut self) -> f64 {
        let sum: f64 = (0..12).map(|_| self.below(10_000) as f64 / 10_000.0).sum();
        ((sum - 6.0).clamp(-3.0, 3.0) * 1000.0).round() / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolls_repeat_and_stay_in_range() {
        let (mut a, mut b) = (Dice::new(3), Dice::new(3));
        for _ in 0..1000 {
            let rolled = a.step(20, 40, 5);
            assert_eq!(rolled, b.step(20, 40, 5));
            assert!((20..=40).contains(&rolled) && rolled % 5 == 0);
        }
        assert_eq!(a.some(3, 3), [0, 1, 2]);
        assert!(a.pick(&[("x", 0), ("y", 1)]) == "y");
    }
}
