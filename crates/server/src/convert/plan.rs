//! Plans.

use domain::plan::{Coverage, PlanItem, PlanOutcome, PlanStage};
use domain::{KindId, NetworkId, Plan};
use proto::dispatch::v1 as wire;

use super::explanation::{self, count};
use super::{Choice as _, name, text, time, window};

/// A plan; `whole` with items and open gigs, `who` with the volunteers of near misses.
pub(crate) fn of(plan: &Plan, whole: bool, who: bool) -> wire::Plan {
    wire::Plan {
        name: name::of(&plan.network, &plan.id),
        period: Some(window::of(&plan.period)),
        budget: Some(time::of_millis(plan.budget_ms)),
        seed: plan.seed,
        allow_moving_promises: plan.allow_moving_promises,
        promise_cost: i32::try_from(plan.promise_cost).ok(),
        state: plan.state.wire(),
        progress_permille: i32::from(plan.progress_permille),
        outcome: plan.outcome.as_ref().map(|outcome| of_outcome(outcome, &plan.network, whole, who)),
        failure: text::of(plan.failure.as_ref()),
        etag: plan.meta.etag(),
        create_time: time::created(&plan.meta),
        update_time: time::updated(&plan.meta),
    }
}

fn of_outcome(outcome: &PlanOutcome, network: &NetworkId, whole: bool, who: bool) -> wire::PlanOutcome {
    let items = outcome.items.iter().filter(|_| whole);
    let open = outcome.open.iter().filter(|_| whole);
    wire::PlanOutcome {
        status: outcome.status.wire(),
        weight: outcome.weight,
        bound_weight: outcome.bound_weight,
        gap: outcome.gap,
        travel_seconds: outcome.travel_s,
        travel_source: outcome.travel_source.wire(),
        covered_count: count(outcome.gigs),
        gig_count: count(outcome.of),
        terms: outcome
            .terms
            .iter()
            .map(|(code, points)| wire::ScoreTerm { code: code.clone(), points: *points })
            .collect(),
        digest: outcome.digest.clone(),
        solve_duration: Some(time::of_millis(outcome.solve_ms)),
        coverage_by_kind: outcome.by_kind.iter().map(|(kind, coverage)| by_kind(network, kind, coverage)).collect(),
        coverage_by_priority: outcome
            .by_priority
            .iter()
            .map(|(priority, coverage)| by_priority(*priority, coverage))
            .collect(),
        busiest_day: outcome
            .busiest_day
            .map(|(date, gigs)| wire::BusiestDay { date: Some(time::of_date(date)), gig_count: count(gigs) }),
        objective: outcome.objective,
        bound: outcome.bound,
        stages: outcome.stages.iter().filter(|_| whole).map(of_stage).collect(),
        solver: outcome.solver.clone(),
        items: items.map(|item| of_item(network, item)).collect(),
        open: open.map(|open| explanation::of(open, network, who)).collect(),
    }
}

fn of_stage(stage: &PlanStage) -> wire::PlanStage {
    wire::PlanStage {
        name: stage.name.clone(),
        objective: stage.objective,
        bound: stage.bound,
        elapsed: Some(time::of_millis(stage.elapsed_ms)),
    }
}

fn by_kind(network: &NetworkId, kind: &KindId, coverage: &Coverage) -> wire::KindCoverage {
    wire::KindCoverage {
        kind: name::of(network, kind),
        covered_count: count(coverage.covered),
        gig_count: count(coverage.of),
    }
}

fn by_priority(priority: u8, coverage: &Coverage) -> wire::PriorityCoverage {
    wire::PriorityCoverage {
        priority: i32::from(priority),
        covered_count: count(coverage.covered),
        gig_count: count(coverage.of),
    }
}

fn of_item(network: &NetworkId, item: &PlanItem) -> wire::PlanItem {
    wire::PlanItem {
        gig: name::of(network, &item.gig),
        change: item.change.wire(),
        start_time: item.start.map(time::of),
        volunteers: name::of_all(network, &item.volunteers),
        previous_start_time: item.previous_start.map(time::of),
        previous_volunteers: name::of_all(network, &item.previous_volunteers),
        why: item.why.clone(),
        is_asked_for: item.is_asked_for,
        open_offer_count: count(item.open_offers),
    }
}
