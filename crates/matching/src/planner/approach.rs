//! The relaxation of a large program solved nearly, and soon: prices and shares are balanced for a counted number of steps, people
//! are asked what they gain at these prices and by which plans, and so on. The bound is as true as any other.

use super::{
    balance::{Point, Program},
    bound::Bound,
    clock::Clock,
    cuts,
    master::Master,
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    trips::Trips,
};

/// How much prices move for what shares move, at first.
const PACE: f64 = 5_000.0;
/// Steps before anybody is asked.
const FIRST_STEPS: usize = 200;
/// At first people are asked in so many turns, others each turn: the first see what is quite wrong with the prices.
const TURNS: usize = 3;
/// Steps after such a turn.
const TURN_STEPS: usize = 100;
/// Steps after everybody was asked.
const STEPS: usize = 200;
/// Most times that everybody is asked.
const ROUNDS: usize = 8;
/// A round that lowers the bound by less than one part in so many was the last.
const LITTLE_LOWER: i64 = 10_000;
/// Most times that everybody is asked for a bound of the weight.
const WEIGHT_ROUNDS: usize = 3;

/// Prices and shares under way.
pub(super) struct Approach {
    /// Values are those of steps of caps, meetings, then plans.
    point: Point,
    first_plan: usize,
}

/// Where the approach ended: the least bound with the prices that prove it.
pub(super) struct Near {
    pub(super) bound: Bound,
    pub(super) prices: Prices,
}

impl Approach {
    /// Nothing costs anything and nobody does anything yet.
    pub(super) fn new(parts: &Parts<'_>) -> Self {
        let first_plan = parts.rows.steps.len() + parts.rows.meetings.len();
        let point = Point { values: vec![0.0; first_plan], prices: vec![0.0; parts.rows.count], pace: PACE };
        Self { point, first_plan }
    }

    /// How much of each known plan is taken.
    pub(super) fn shares(&self) -> &[f64] {
        &self.point.values[self.first_plan..]
    }

    /// Prices near those of the relaxation, and plans that compete at them; `None` if there was no time to ask everybody once.
    pub(super) fn run(&mut self, parts: &Parts<'_>, master: &mut Master<'_>, clock: &Clock<'_>) -> Option<Near> {
        self.balance(parts, Goal::Points, master.trips(), FIRST_STEPS);
        for turn in 0..TURNS {
            let prices = master.prices(&self.point.prices);
            let volunteer = |window: usize| parts.problem.windows.volunteer[window] as usize;
            let offers = master.offers(Goal::Points, &prices, &|window| volunteer(window) % TURNS == turn);
            master.add(Goal::Points, &prices, offers)?;
            if clock.is_over() {
                return None;
            }
            self.balance(parts, Goal::Points, master.trips(), TURN_STEPS);
        }
        let mut near: Option<Near> = None;
        for round in 0..ROUNDS {
            let prices = master.prices(&self.point.prices);
            let offers = master.offers(Goal::Points, &prices, &|_| true);
            let bound = master.bound(Goal::Points, &prices, &offers)?;
            let before = near.as_ref().map_or(i64::MAX, |near| near.bound.scaled);
            let lower = before.saturating_sub(bound.scaled);
            let is_last = lower < bound.scaled / LITTLE_LOWER || round + 1 == ROUNDS || clock.is_over();
            let added = if is_last { None } else { master.add(Goal::Points, &prices, offers) };
            if lower > 0 {
                near = Some(Near { bound, prices });
            }
            if added.is_none() {
                break;
            }
            self.balance(parts, Goal::Points, master.trips(), STEPS);
        }
        near
    }

    /// A bound of the weight alone, in points, from the prices there are; it goes no lower than is enough.
    pub(super) fn weigh(
        &mut self,
        parts: &Parts<'_>,
        master: &mut Master<'_>,
        is_enough: &dyn Fn(i64) -> bool,
        clock: &Clock<'_>,
    ) -> Option<i64> {
        let mut least: Option<i64> = None;
        for _ in 0..WEIGHT_ROUNDS {
            if clock.is_over() {
                break;
            }
            self.balance(parts, Goal::Weight, master.trips(), STEPS);
            let prices = master.prices(&self.point.prices);
            let offers = master.offers(Goal::Weight, &prices, &|_| true);
            let bound = master.bound(Goal::Weight, &prices, &offers)?.points();
            least = Some(least.map_or(bound, |least| least.min(bound)));
            if least.is_some_and(is_enough) || master.add(Goal::Weight, &prices, offers).is_none() {
                break;
            }
        }
        least
    }

    /// Moves prices and shares of the known plans towards each other for so many steps.
    fn balance(&mut self, parts: &Parts<'_>, goal: Goal, trips: &Trips, steps: usize) {
        self.point.values.resize(self.first_plan + trips.len(), 0.0);
        program(parts, goal, trips).balance(&mut self.point, steps, parts.workers);
    }
}

/// The program of all known plans.
fn program(parts: &Parts<'_>, goal: Goal, trips: &Trips) -> Program {
    let rows = parts.rows;
    let mut program = Program::new((0..rows.count).map(|row| rows.program_bounds(row).1).collect());
    for &(row, cost_s) in &rows.steps {
        let worth = if goal == Goal::Points { -cost_s as f64 } else { 0.0 };
        program.push(worth, std::iter::once((row, -1)));
    }
    for at in 0..rows.meetings.len() {
        program.push(parts.meeting_worth(at) as f64, cuts::meeting_entries(parts, at).into_iter());
    }
    for plan in 0..trips.len() {
        let trip = trips.get(plan);
        let entries = cuts::trip_entries(parts, trip.window, trip.tickets).into_iter();
        // Who may take one gig in all pays for the gig, not for the window as well.
        let is_needed = |(row, _): &(u32, i64)| *row != rows.of_window[trip.window] || !rows.is_dormant[*row as usize];
        program.push((parts.worth(goal, trip) / SCALE) as f64, entries.filter(is_needed));
    }
    program
}
