//! What is said of a plan, against what was counted.

use super::{Breach, Tally, bonus_s};
use crate::{
    plan::{Plan, Status, WEIGHT_POINTS},
    snapshot::Snapshot,
};

/// How far a claimed gap may be from the one that objective and bound make: engines round it.
const GAP_ROUNDING: f64 = 1e-6;

/// What a certificate says beside the plan's own figures, and what it is judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claims<'a> {
    /// The word for how far the search came, as [`Status::word`] has it.
    pub status: &'a str,
    /// How far the objective may be below the best, as a share of the bound.
    pub gap: f64,
    /// Digest of the assignments, as [`Plan::digest_word`] writes it.
    pub digest: &'a str,
    /// Whether bonuses count in the objective; where they do not, a plan has none.
    pub has_bonus: bool,
}

/// What of a certificate is not so beside what [`check`](super::check) finds in the plan's own figures: the bonus against what was counted, status and
/// gap against objective and bound, the digest against the assignments. Whether the bound is one is the engine's word: no other plan of the instance may be above it.
#[must_use]
pub fn check_claims(snapshot: &Snapshot, plan: &Plan, claims: &Claims<'_>) -> Vec<Breach> {
    let mut out = Vec::new();
    let digest = plan.digest_word();
    if claims.digest != digest {
        let what = format!("the certificate says {}, the assignments make {digest}", claims.digest);
        out.push(Breach::new("DIGEST_WRONG", what));
    }
    let counted = if claims.has_bonus { bonus_s(snapshot, &plan.assignments) } else { 0..=0 };
    if !counted.contains(&plan.bonus) {
        out.push(Breach::new("FIGURES_WRONG", format!("bonus {} s, counted {} s", plan.bonus, counted.end())));
    }
    if !Status::ALL.iter().any(|known| known.word() == claims.status) {
        let known = Status::ALL.map(Status::word).join(", ");
        out.push(Breach::new("BOUND_WRONG", format!("status is {:?} and none of {known}", claims.status)));
    }
    if claims.status == Status::Optimal.word() && plan.bound != plan.objective {
        let what = format!("status is optimal, objective {} and bound {}", plan.objective, plan.bound);
        out.push(Breach::new("BOUND_WRONG", what));
    }
    let gap = plan.gap();
    if claims.gap.is_nan() || (claims.gap - gap).abs() > GAP_ROUNDING {
        out.push(Breach::new("BOUND_WRONG", format!("gap is {}, objective and bound make {gap}", claims.gap)));
    }
    out
}

/// The figures of the plan itself against what was counted.
pub(super) fn figures(plan: &Plan, tally: Tally) -> Vec<Breach> {
    let mut out = Vec::new();
    if plan.weight != tally.weight || plan.gigs_filled != tally.gigs_filled {
        let what = format!(
            "weight {} of {} gigs, counted {} of {}",
            plan.weight, plan.gigs_filled, tally.weight, tally.gigs_filled
        );
        out.push(Breach::new("FIGURES_WRONG", what));
    }
    if plan.travel_s != tally.travel_s {
        out.push(Breach::new("FIGURES_WRONG", format!("travel {} s, counted {} s", plan.travel_s, tally.travel_s)));
    }
    // In wide numbers: a file may claim any.
    let made = i128::from(plan.weight) * i128::from(WEIGHT_POINTS) - i128::from(plan.travel_s) + i128::from(plan.bonus);
    if i128::from(plan.objective) != made {
        out.push(Breach::new("FIGURES_WRONG", format!("objective {} is not weight, travel and bonus", plan.objective)));
    }
    if plan.objective > plan.bound || plan.weight > plan.bound_weight {
        out.push(Breach::new(
            "BOUND_WRONG",
            format!(
                "objective {} over bound {}, weight {} over {}",
                plan.objective, plan.bound, plan.weight, plan.bound_weight
            ),
        ));
    }
    out
}
