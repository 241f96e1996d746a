//! How likely it is that asking fills a gig at a start: what the agent may tell the caller on the line.
//!
//! Everybody who is able then is taken for an average volunteer who is asked now and answers independently: the chance of enough yeses
//! in time is the tail of a binomial distribution ([`at_least`](super::outlook::at_least)). It is told as a class, as nobody should plan on
//! its decimals, and of all together, as no volunteer is to be weighed aloud.

use super::outlook::until_enough;

/// At least this chance is likely.
pub const LIKELY_FROM: f64 = 0.9;
/// At least this chance is possible.
pub const POSSIBLE_FROM: f64 = 0.5;
/// More people than this change no class.
const PEOPLE_MAX: usize = 400;

/// A class of chances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likelihood {
    /// Rather not: below [`POSSIBLE_FROM`].
    Unlikely,
    /// Rather so: from [`POSSIBLE_FROM`].
    Possible,
    /// Nearly sure: from [`LIKELY_FROM`].
    Likely,
}

impl Likelihood {
    /// The class of the chance that at least `needed` of `able` people say yes, each with the chance `yes`.
    ///
    /// ```
    /// use matching::offer_policy::Likelihood;
    /// assert_eq!(Likelihood::of(1, 19, 0.15), Likelihood::Likely);
    /// assert_eq!(Likelihood::of(2, 19, 0.15), Likelihood::Possible);
    /// assert_eq!(Likelihood::of(1, 2, 0.15), Likelihood::Unlikely);
    /// ```
    #[must_use]
    pub fn of(needed: usize, able: usize, yes: f64) -> Self {
        let people = std::iter::repeat_n(yes.clamp(0.0, 1.0), able.min(PEOPLE_MAX));
        let chance = until_enough(needed, people, LIKELY_FROM);
        if chance >= LIKELY_FROM {
            Self::Likely
        } else if chance >= POSSIBLE_FROM {
            Self::Possible
        } else {
            Self::Unlikely
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Likelihood;

    #[test]
    fn more_people_are_never_less_likely_and_more_helpers_never_more() {
        for needed in 1..=2 {
            for able in 0..500 {
                let class = Likelihood::of(needed, able, 0.1);
                assert!(class <= Likelihood::of(needed, able + 1, 0.1), "{needed} of {able}");
                assert!(class >= Likelihood::of(needed + 1, able, 0.1), "{needed} of {able}");
            }
        }
        assert_eq!((Likelihood::of(1, 0, 1.0), Likelihood::of(1, 1, 1.0)), (Likelihood::Unlikely, Likelihood::Likely));
        assert_eq!((Likelihood::of(1, 1, 0.5), Likelihood::of(1, 1, 0.9)), (Likelihood::Possible, Likelihood::Likely));
    }
}
