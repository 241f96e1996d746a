//! What those who were asked still promise: each one's chance of a yes in time, and the chance that they are enough.

use super::{AnswerLaw, Asked, Search};

/// The chance of a yes before the deadline of everybody who is still silent.
pub(super) fn hopes(search: &Search, asked: &[Asked], answers: &AnswerLaw) -> Vec<f64> {
    let silent = asked.iter().filter(|asked| asked.is_silent);
    silent
        .map(|asked| {
            let silent_min = (search.now_s - asked.asked_s).max(0) as f64 / 60.0;
            answers.yes_within(asked.yes, silent_min, search.left_min())
        })
        .collect()
}

/// The hope that was put into a search since it began and has come to nothing: what the asks promised when they were made, less what
/// those who are still silent promise now.
pub(super) fn used(search: &Search, asked: &[Asked], answers: &AnswerLaw) -> f64 {
    let of_search = asked.iter().filter(|asked| asked.asked_s >= search.opened_s);
    of_search
        .map(|asked| {
            let in_all_min = (search.deadline_s - asked.asked_s) as f64 / 60.0;
            let promised = hope(answers.yes_within(asked.yes, 0.0, in_all_min));
            let silent_min = (search.now_s - asked.asked_s).max(0) as f64 / 60.0;
            let left = hope(answers.yes_within(asked.yes, silent_min, search.left_min()));
            if asked.is_silent { (promised - left).max(0.0) } else { promised }
        })
        .sum()
}

/// The hope that one chance is worth: -ln(1 - p). Hopes add up where chances multiply: 1 - exp(-sum) is the chance of at least one
/// yes of independent people.
#[must_use]
pub fn hope(chance: f64) -> f64 {
    -(1.0 - chance.min(1.0 - 1e-12)).ln()
}

/// The chance of at least `needed` yeses of independent people (the tail of the Poisson binomial distribution, by recursion).
#[must_use]
pub fn at_least(needed: usize, chances: &[f64]) -> f64 {
    until_enough(needed, chances.iter().copied(), f64::INFINITY)
}

/// The same, counted until the chance is enough: more people never make it less.
pub(super) fn until_enough(needed: usize, chances: impl Iterator<Item = f64>, enough: f64) -> f64 {
    // fewer[k]: the chance of exactly k so far, for k below `needed`.
    let mut fewer = vec![0.0; needed];
    let Some(none) = fewer.first_mut() else { return 1.0 };
    *none = 1.0;
    let reached = |fewer: &[f64]| (1.0 - fewer.iter().sum::<f64>()).clamp(0.0, 1.0);
    for chance in chances {
        for count in (0..needed).rev() {
            let one_less = if count == 0 { 0.0 } else { fewer[count - 1] };
            fewer[count] = fewer[count] * (1.0 - chance) + one_less * chance;
        }
        if reached(&fewer) >= enough {
            break;
        }
    }
    reached(&fewer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_enough_is_the_binomial_tail_for_equals() {
        let chances = [0.15; 19];
        // Algorithms of the literature say 19 people of 0.15 for 0.95.
        assert!((at_least(1, &chances) - (1.0 - 0.85_f64.powi(19))).abs() < 1e-12);
        let two = 1.0 - 0.85_f64.powi(19) - 19.0 * 0.15 * 0.85_f64.powi(18);
        assert!((at_least(2, &chances) - two).abs() < 1e-12);
        assert!((at_least(0, &[]) - 1.0).abs() < 1e-12 && at_least(1, &[]) == 0.0);
    }

    #[test]
    fn hopes_add_where_chances_multiply() {
        let chances = [0.1, 0.25, 0.4];
        let sum: f64 = chances.iter().map(|chance| hope(*chance)).sum();
        assert!((1.0 - (-sum).exp() - at_least(1, &chances)).abs() < 1e-12);
        assert!(hope(1.0).is_finite() && hope(0.0).abs() < 1e-12);
    }
}
