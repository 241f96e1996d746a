//! A choice among given plans as an integer program, through good_lp on HiGHS: it finds good plans, it proves nothing here.

use std::collections::BTreeMap;
use std::time::Duration;

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, WithInitialSolution, WithMipGap, WithTimeLimit,
    constraint::Constraint, highs, solvers::highs::HighsParallelType, variable,
};

use super::{
    cuts::{self, Cuts},
    parts::{Goal, Parts},
    trips::Trips,
};

/// Plans and meetings chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// Ascending.
    pub(super) plans: Vec<usize>,
    /// Positions in `Rows::meetings`, ascending.
    pub(super) meetings: Vec<usize>,
}

/// The best choice among `plans` that HiGHS finds within the limits, starting from `start`.
pub(super) fn choose(
    parts: &Parts<'_>,
    trips: &Trips,
    plans: &[usize],
    start: &Choice,
    gap: f32,
    limit: Duration,
    seed: u64,
) -> Option<Choice> {
    let rows = parts.rows;
    if plans.is_empty() && rows.meetings.is_empty() {
        // HiGHS refuses a first solution of a model without columns.
        return Some(Choice::default());
    }
    let none = Cuts::new(rows);
    let mut variables = ProblemVariables::new();
    let mut sums: Vec<Expression> = vec![Expression::default(); rows.count];
    let mut objective = Expression::with_capacity(plans.len() + rows.meetings.len());
    let mut initial: Vec<(Variable, f64)> = Vec::with_capacity(plans.len() + rows.meetings.len());
    let mut of_plan: Vec<Variable> = Vec::with_capacity(plans.len());
    for &plan in plans {
        let x = variables.add(variable().binary());
        let column = parts.trip_column(Goal::Points, &none, trips.get(plan));
        column.entries.iter().for_each(|&(row, by)| sums[row as usize].add_mul(by, x));
        objective.add_mul(column.worth, x);
        initial.push((x, f64::from(u8::from(start.plans.binary_search(&plan).is_ok()))));
        of_plan.push(x);
    }
    let mut of_meeting: Vec<Variable> = Vec::with_capacity(rows.meetings.len());
    for at in 0..rows.meetings.len() {
        let y = variables.add(variable().binary());
        cuts::meeting_entries(parts, at).iter().for_each(|&(row, by)| sums[row as usize].add_mul(by as f64, y));
        objective.add_mul(parts.meeting_worth(at) as f64, y);
        initial.push((y, f64::from(u8::from(start.meetings.binary_search(&at).is_ok()))));
        of_meeting.push(y);
    }
    // A place of a cap is bought once the cheaper ones are.
    let mut used: BTreeMap<u32, usize> = BTreeMap::new();
    for &plan in &start.plans {
        let trip = trips.get(plan);
        for &cap in &parts.caps.of_window[trip.window] {
            *used.entry(rows.of_cap[cap as usize]).or_default() += trip.tickets.len();
        }
    }
    for of_row in rows.steps.chunk_by(|a, b| a.0 == b.0) {
        let bought = used.get(&of_row[0].0).copied().unwrap_or(0);
        for (before, &(row, cost_s)) in of_row.iter().enumerate() {
            let step = variables.add(variable().min(0.0).max(1.0));
            sums[row as usize].add_mul(-1.0, step);
            objective.add_mul(-cost_s as f64, step);
            initial.push((step, f64::from(u8::from(before < bought))));
        }
    }
    let mut model = variables
        .maximise(objective)
        .using(highs)
        .set_threads(1)
        .set_parallel(HighsParallelType::Off)
        .set_option("random_seed", (seed % 1_000_000) as i32)
        .set_option("mip_abs_gap", 0.5)
        .with_time_limit(limit.as_secs_f64())
        .with_initial_solution(initial)
        .with_mip_gap(gap)
        .ok()?;
    for (row, sum) in sums.into_iter().enumerate() {
        let most = rows.program_bounds(row).1;
        let constraint: Constraint = if rows.is_exact(row) { sum.eq(most) } else { sum.leq(most) };
        model.add_constraint(constraint);
    }
    let solution = model.solve().ok()?;
    let is_on = |x: Variable| solution.value(x) > 0.5;
    let chosen = of_plan.iter().zip(plans).filter(|(x, _)| is_on(**x)).map(|(_, &plan)| plan);
    let mut choice = Choice {
        plans: chosen.collect(),
        meetings: (0..of_meeting.len()).filter(|&at| is_on(of_meeting[at])).collect(),
    };
    choice.plans.sort_unstable();
    Some(choice)
}
