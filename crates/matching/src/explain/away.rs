//! Those who are left out of an explanation because no single change of theirs can be among the nearest: they are counted, not looked at.

use super::{Change, MISSES_MAX, Miss};
use crate::eligibility::Rule;

/// How many are left out, by the rule at which each falls, and how near to a single change they come.
///
/// Everybody here breaks two rules at any hour, or the rule of the way and no other that is known of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Away {
    fallen: [usize; Rule::ALL.len()],
    /// The fewest seconds by which the way is too long for anybody who breaks no other rule.
    least_extra_s: Option<i64>,
}

impl Away {
    /// Leaves people out of whom this is the first rule, in the order of [`Rule::ALL`], that they break at any hour; they break another one.
    pub fn add(&mut self, rule: Rule, people: usize) {
        self.fallen[rule as usize] += people;
    }

    /// Leaves somebody out whose way is too long by so many seconds, and who may break no other rule.
    pub fn add_too_far(&mut self, extra_s: i64) {
        self.add(Rule::TravelLimit, 1);
        self.least_extra_s = Some(self.least_extra_s.map_or(extra_s, |least| least.min(extra_s)));
    }

    /// How many are left out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.fallen.iter().sum()
    }

    /// How many fall at a rule.
    pub(super) fn at(&self, rule: Rule) -> usize {
        self.fallen[rule as usize]
    }

    /// Whether somebody who is left out could be as near as the last of these.
    pub(super) fn may_be_among(&self, misses: &[Miss]) -> bool {
        let Some(extra_s) = self.least_extra_s else { return false };
        let key = |change: &Change| (change.effort(), change.amount());
        let nearest = key(&Change::GoFurther { from_s: 0, to_s: extra_s });
        misses.len() < MISSES_MAX || misses.last().is_none_or(|last| nearest <= key(&last.change))
    }
}
