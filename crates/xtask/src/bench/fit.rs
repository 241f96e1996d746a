//! How time grows with size: the slope of a straight line through points on two logarithmic axes.

/// The line `y = factor x x^slope`, fitted by least squares to the logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Power {
    pub(super) slope: f64,
    pub(super) factor: f64,
}

impl Power {
    /// The line through these points; nothing unless they have at least three different sizes.
    pub(super) fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let logs: Vec<(f64, f64)> =
            points.iter().filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| (x.ln(), y.ln())).collect();
        let mut sizes: Vec<f64> = logs.iter().map(|(x, _)| *x).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        if sizes.len() < 3 {
            return None;
        }
        let count = logs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
        let (x_mean, y_mean) = (mean(|point| point.0), mean(|point| point.1));
        let spread: f64 = logs.iter().map(|(x, _)| (x - x_mean).powi(2)).sum();
        let shared: f64 = logs.iter().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
        let slope = shared / spread;
        Some(Self { slope, factor: (y_mean - slope * x_mean).exp() })
    }

    /// The line's value.
    pub(super) fn at(self, x: f64) -> f64 {
        self.factor * x.powf(self.slope)
    }
}

/// Mean of some numbers; nothing of none.
pub(super) fn mean(numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (count, sum) = numbers.into_iter().fold((0_u32, 0.0), |(count, sum), number| (count + 1, sum + number));
    (count > 0).then(|| sum / f64::from(count))
}

/// The largest of some numbers; nothing of none.
pub(super) fn worst(numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
    numbers.into_iter().max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_slope_two() {
        let line = Power::fit(&[(1.0, 3.0), (2.0, 12.0), (4.0, 48.0)]).unwrap();
        assert!((line.slope - 2.0).abs() < 1e-9 && (line.at(3.0) - 27.0).abs() < 1e-9, "{line:?}");
    }

    #[test]
    fn two_sizes_make_no_line() {
        assert_eq!(Power::fit(&[(1.0, 3.0), (1.0, 4.0), (2.0, 12.0)]), None);
        assert_eq!(Power::fit(&[]), None);
    }

    #[test]
    fn nothing_has_no_mean() {
        assert_eq!((mean([]), mean([1.0, 3.0])), (None, Some(2.0)));
        assert_eq!((worst([]), worst([1.0, 3.0, 2.0])), (None, Some(3.0)));
    }
}
