//! The normal distribution: density and distribution function, to double precision.

use std::f64::consts::PI;

/// The density at `z`.
pub(super) fn density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * PI).sqrt()
}

/// The probability of a value up to `z`. Hart's rational approximation in the form of West, *Better approximations to cumulative
/// normal functions* (Wilmott Magazine, 2005); error below 1e-14.
pub(super) fn distribution(z: f64) -> f64 {
    let size = z.abs();
    let tail = if size > 37.0 {
        0.0
    } else if size < 7.071_067_811_865_47 {
        let above = horner(&ABOVE, size);
        let below = horner(&BELOW, size);
        (-size * size / 2.0).exp() * above / below
    } else {
        let fraction = (1..=4).rev().fold(size + 0.65, |rest, level| size + f64::from(level) / rest);
        (-size * size / 2.0).exp() / fraction / (2.0 * PI).sqrt()
    };
    if z > 0.0 { 1.0 - tail } else { tail }
}

const ABOVE: [f64; 7] = [
    3.526_249_659_989_11e-2,
    0.700_383_064_443_688,
    6.373_962_203_531_65,
    33.912_866_078_383,
    112.079_291_497_871,
    221.213_596_169_931,
    220.206_867_912_376,
];
const BELOW: [f64; 8] = [
    8.838_834_764_831_84e-2,
    1.755_667_163_182_64,
    16.064_177_579_207,
    86.780_732_202_946_1,
    296.564_248_779_674,
    637.333_633_378_831,
    793.826_512_519_948,
    440.413_735_824_752,
];

fn horner(coefficients: &[f64], at: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_is_the_integral_of_the_density() {
        // Simpson's rule from 0; the known value at 1.96 besides.
        for z in [0.1_f64, 0.7, 1.5, 3.0, 6.9] {
            let steps = 2_000;
            let width = z / f64::from(steps);
            let inner: f64 =
                (1..steps).map(|step| density(f64::from(step) * width) * if step % 2 == 1 { 4.0 } else { 2.0 }).sum();
            let integral = (density(0.0) + inner + density(z)) * width / 3.0;
            assert!((distribution(z) - 0.5 - integral).abs() < 1e-10, "{z}");
            assert!((distribution(-z) + distribution(z) - 1.0).abs() < 1e-14, "{z}");
        }
        assert!((distribution(1.959_963_984_540_054) - 0.975).abs() < 1e-12);
        assert!(distribution(-8.0) > 6.2e-16 && distribution(-8.0) < 6.3e-16 && distribution(-40.0) == 0.0);
    }
}
