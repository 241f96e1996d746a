//! How the past fades: by half in every half-life, whatever it is that fades.

/// Seconds of a day.
const DAY_S: f64 = 86_400.0;

/// The share that is kept after some time: 2^(-elapsed / half-life). Nothing fades backwards.
pub(super) fn kept(elapsed_s: i64, half_life_days: f64) -> f64 {
    (-(elapsed_s.max(0) as f64) / (half_life_days * DAY_S)).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_left_after_a_half_life() {
        assert!((kept(5 * 86_400, 5.0) - 0.5).abs() < 1e-12);
        assert!((kept(10 * 86_400, 5.0) - 0.25).abs() < 1e-12);
        assert!((kept(-60, 5.0) - 1.0).abs() < 1e-12);
    }
}
