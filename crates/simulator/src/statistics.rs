//! Means with their uncertainty, quantiles, and how unevenly something is spread.

/// A mean over seeds and half the width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Half the width of the interval; not a number for a single seed.
    pub half_width: f64,
}

/// Student's t for 97.5 %, by degrees of freedom from 1.
const T: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

impl Estimate {
    /// The mean of values drawn independently, one from each seed.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let Some(freedom) = values.len().checked_sub(1).filter(|freedom| *freedom > 0) else {
            return Self { mean, half_width: f64::NAN };
        };
        // Beyond the table by Fisher's expansion.
        let t = T.get(freedom - 1).copied().unwrap_or(1.960 + 2.372 / freedom as f64);
        Self { mean, half_width: t * (squares / freedom as f64 / count).sqrt() }
    }

    /// The lower end of the interval.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.mean - self.half_width
    }

    /// The upper end.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.mean + self.half_width
    }
}

/// The value below which a share of them lies, of values in order; 0 if there is none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((share * last as f64).round() as usize).copied().unwrap_or(0.0)
}

/// Gini's coefficient of values in order: 0 if all are equal, near 1 if one has all.
pub(crate) fn gini(sorted: &[f64]) -> f64 {
    let (count, sum) = (sorted.len() as f64, sorted.iter().sum::<f64>());
    if sum <= 0.0 {
        return 0.0;
    }
    let ranked: f64 = sorted.iter().enumerate().map(|(rank, value)| (rank as f64 + 1.0) * value).sum();
    2.0 * ranked / (count * sum) - (count + 1.0) / count
}

/// The share of the sum that the largest tenth of the values has, of values in order.
pub(crate) fn share_of_largest_tenth(sorted: &[f64]) -> f64 {
    let tenth = sorted.len().div_ceil(10);
    let sum: f64 = sorted.iter().sum();
    if sum <= 0.0 { 0.0 } else { sorted.iter().rev().take(tenth).sum::<f64>() / sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_by_hand() {
        // 1, 2, 3: deviation 1, t of 2 degrees 4.303.
        let estimate = Estimate::of(&[1.0, 2.0, 3.0]);
        assert!((estimate.mean - 2.0).abs() < 1e-12 && (estimate.half_width - 4.303 / 3_f64.sqrt()).abs() < 1e-9);
        assert!(Estimate::of(&[4.0]).half_width.is_nan());
    }

    #[test]
    fn unevenness_of_known_spreads() {
        assert!(gini(&[2.0; 8]).abs() < 1e-12 && gini(&[0.0; 3]).abs() < 1e-12);
        assert!((gini(&[0.0, 0.0, 0.0, 5.0]) - 0.75).abs() < 1e-12);
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert!((share_of_largest_tenth(&values) - 39.0 / 210.0).abs() < 1e-12);
        assert!((quantile(&values, 0.5) - 11.0).abs() < 1e-12 && quantile(&[], 0.9).abs() < 1e-12);
    }
}
