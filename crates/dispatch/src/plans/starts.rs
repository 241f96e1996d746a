//! Starts that people can be told: a plan's own are the earliest second possible, which nobody says on the phone.
//!
//! A start moves later, to the quarter hour or at least to five minutes, where everything else of the round trip stays possible.
//! Order and travel of a round trip do not change by it. The last gig of a round trip is asked first, as it makes room for the rest.

use matching::eligibility::can_take;
use matching::explain::Schedules;
use matching::plan::Plan;
use matching::problem::{Problem, Stop};

/// Steps of the clock that are tried, in seconds, the roundest first.
const STEPS_S: [i64; 3] = [900, 300, 60];

/// Rounds the starts of gigs for one helper that nobody is promised for yet.
pub(super) fn round(problem: &Problem, plan: &mut Plan) {
    let planned = Schedules::planned(problem, plan);
    let mut stops: Vec<Vec<Stop>> = (0..problem.volunteer_count()).map(|person| planned.of(person).to_vec()).collect();
    let mut order: Vec<usize> = (0..plan.assignments.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse((plan.assignments[at].start, at)));
    for at in order {
        let assignment = &mut plan.assignments[at];
        let [seat] = assignment.seats.as_slice() else { continue };
        let numbers = problem.find_volunteer(&seat.volunteer).zip(problem.find_gig(&assignment.gig));
        let Some((person, task)) = numbers.filter(|_| seat.promised.is_none()) else { continue };
        if problem.slot_count(task) > 1 || problem.fixed_start(task).is_some() {
            continue;
        }
        let others: Vec<Stop> = stops[person].iter().copied().filter(|stop| stop.gig != task).collect();
        let round = |step: i64| assignment.start + (step - assignment.start.rem_euclid(step)) % step;
        let keeps_order = |start: i64| {
            let before = |time: i64| others.iter().filter(|stop| stop.start < time).count();
            before(start) == before(assignment.start)
        };
        let possible =
            |start: &i64| keeps_order(*start) && can_take(problem, person, &others, task, seat.slot, *start).is_ok();
        if let Some(start) = STEPS_S.into_iter().map(round).find(possible) {
            assignment.start = start;
            stops[person] = others;
            stops[person].push(Stop { start, gig: task });
            stops[person].sort_unstable();
        }
    }
}
