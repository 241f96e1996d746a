//! Common random numbers: every throw has a name (seed, what for, who), so that two policies in the same world meet the same luck.

/// The throws of one world.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice {
    seed: u64,
}

/// What a throw decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum For {
    HomeAngle = 1,
    HomeDistance,
    HomePlace,
    Mode,
    Kind,
    Taste,
    Hours,
    Base,
    Speed,
    HalfLife,
    Sensitivity,
    LastGig,
    GigOpens,
    GigLead,
    GigAhead,
    GigKind,
    Seeker,
    Yes,
    Delay,
    Decline,
    OptOut,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Between 0 and 1, neither of them.
    pub(crate) fn share(self, purpose: For, one: usize, other: usize) -> f64 {
        let mut mixed = mix(self.seed);
        for part in [purpose as u64, one as u64, other as u64] {
            mixed = mix(mixed ^ mix(part));
        }
        ((mixed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A standard normal number.
    pub(crate) fn normal(self, purpose: For, one: usize) -> f64 {
        let (radius, angle) = (self.share(purpose, one, 1), self.share(purpose, one, 2));
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}

/// The finaliser of SplitMix64.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_are_even_and_unlike_each_other() {
        let dice = Dice::new(3);
        let throws: Vec<f64> = (0..40_000).map(|at| dice.share(For::Yes, at / 200, at % 200)).collect();
        let mean = throws.iter().sum::<f64>() / 40_000.0;
        let pairs: f64 = throws.windows(2).map(|pair| (pair[0] - 0.5) * (pair[1] - 0.5)).sum::<f64>() / 40_000.0;
        assert!((mean - 0.5).abs() < 0.006 && pairs.abs() < 0.002, "{mean} {pairs}");
        assert!((dice.share(For::Yes, 1, 2) - dice.share(For::Yes, 2, 1)).abs() > 1e-9);
        assert!((dice.share(For::Yes, 1, 2) - dice.share(For::Delay, 1, 2)).abs() > 1e-9);
    }

    #[test]
    fn normal_throws_have_the_moments_of_the_normal_distribution() {
        let throws: Vec<f64> = (0..20_000).map(|at| Dice::new(5).normal(For::Speed, at)).collect();
        let mean = throws.iter().sum::<f64>() / 20_000.0;
        let square = throws.iter().map(|throw| throw * throw).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (square - 1.0).abs() < 0.04, "{mean} {square}");
    }
}
