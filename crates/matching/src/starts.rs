//! Starts that people can be told: a plan's own are the earliest second possible, which nobody says on the phone.
//!
//! A gig whose helpers stay keeps the start that they were promised. Any other moves later, to the quarter hour or at least to five
//! minutes, where everything else of the round trip stays possible. Order and travel of a round trip do not change by it. The last
//! gig of a round trip is asked first, as it makes room for the rest.

use crate::{
    eligibility::can_take,
    explain::Schedules,
    plan::Plan,
    problem::{Pin, Problem, Stop},
};

/// Steps of the clock that are tried, in seconds, the roundest first.
const STEPS_S: [i64; 3] = [900, 300, 60];

/// Moves the starts of a plan to those that were promised, else to round ones; promises that were not open stay as they are.
pub fn round(problem: &Problem, plan: &mut Plan) {
    let planned = Schedules::planned(problem, plan);
    let mut stops: Vec<Vec<Stop>> = (0..problem.volunteer_count()).map(|person| planned.of(person).to_vec()).collect();
    let mut order: Vec<usize> = (0..plan.assignments.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse((plan.assignments[at].start, at)));
    for at in order {
        let assignment = &mut plan.assignments[at];
        let Some(task) = problem.find_gig(&assignment.gig) else { continue };
        if assignment.seats.iter().any(|seat| seat.promised.is_some()) {
            continue;
        }
        let people: Option<Vec<usize>> =
            assignment.seats.iter().map(|seat| problem.find_volunteer(&seat.volunteer)).collect();
        let Some(people) = people else { continue };
        let others: Vec<Vec<Stop>> = people
            .iter()
            .map(|&person| stops[person].iter().copied().filter(|stop| stop.gig != task).collect())
            .collect();
        let possible = |(start, slots): &(i64, Vec<usize>)| {
            people.iter().zip(slots).zip(&others).all(|((&person, &slot), others)| {
                let before = |time: i64| others.iter().filter(|stop| stop.start < time).count();
                before(*start) == before(assignment.start)
                    && can_take(problem, person, others, task, slot, *start).is_ok()
            })
        };
        let slots: Vec<usize> = assignment.seats.iter().map(|seat| seat.slot).collect();
        let rounder = |step: i64| assignment.start + (step - assignment.start.rem_euclid(step)) % step;
        // Where helpers meet, the plan's start is one of a quarter-hour grid already.
        let may_move = problem.slot_count(task) == 1 && problem.fixed_start(task).is_none();
        let round = STEPS_S.into_iter().map(rounder).filter(|_| may_move);
        let round = round.map(|start| (start, slots.clone()));
        let promised = promised(problem, task, &people, &slots);
        let Some((start, slots)) = promised.into_iter().chain(round).find(possible) else { continue };
        assignment.start = start;
        assignment.seats.iter_mut().zip(slots).for_each(|(seat, slot)| seat.slot = slot);
        assignment.seats.sort_unstable();
        for (person, others) in people.into_iter().zip(others) {
            stops[person] = others;
            stops[person].push(Stop { start, gig: task });
            stops[person].sort_unstable();
        }
    }
    plan.digest = plan.digest_of_assignments();
}

/// The start and the slots that were promised, where the promise might be moved and helpers of then stay.
fn promised(problem: &Problem, task: usize, people: &[usize], slots: &[usize]) -> Option<(i64, Vec<usize>)> {
    let pins: Vec<&Pin> = problem.promised.movable.iter().filter(|pin| pin.gig == task).collect();
    let slot_of = |person: usize| pins.iter().find(|pin| pin.volunteer == person).map(|pin| pin.slot);
    let start = pins.iter().find(|pin| people.contains(&pin.volunteer))?.start;
    let kept: Vec<Option<usize>> = people.iter().map(|&person| slot_of(person)).collect();
    // Somebody new takes the slot that is left.
    let taken = |slot: usize| kept.contains(&Some(slot));
    let free = (0..problem.slot_count(task)).find(|&slot| !taken(slot));
    let slots = kept.iter().zip(slots).map(|(kept, &slot)| kept.or(free).unwrap_or(slot)).collect();
    Some((start, slots))
}
