//! What a plan wants people's hours for, and what that is worth: what a quote must know so as not to burn the only driver on a bulb.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    plan::{HoursWorth, Plan, WEIGHT_POINTS},
    problem::{Problem, Stop},
    score,
    snapshot::{Demand, Span},
};

/// What a plan wants of one volunteer in one of their windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demanded {
    /// Id of the volunteer.
    pub volunteer: String,
    /// The window.
    pub window: Span,
    /// The hours, the gigs, and what they are worth.
    pub demand: Demand,
}

/// What a plan that was solved for the worth of hours wants of people beyond what they have promised; by volunteer and window.
///
/// The worth is that of the window at the plan's prices, and never more than what the plan does there: that is the most that the week can lose.
#[must_use]
pub fn demands(problem: &Problem, plan: &Plan) -> Vec<Demanded> {
    let stays: BTreeSet<(usize, usize)> = problem.promised.movable.iter().map(|pin| (pin.gig, pin.volunteer)).collect();
    let mut added: BTreeMap<usize, Vec<Stop>> = BTreeMap::new();
    for assignment in &plan.assignments {
        let Some(gig) = problem.find_gig(&assignment.gig) else { continue };
        for seat in assignment.seats.iter().filter(|seat| seat.promised.is_none()) {
            // Who is to stay where they are, though they might be moved, is wanted for nothing new.
            let volunteer = problem.find_volunteer(&seat.volunteer).filter(|who| !stays.contains(&(gig, *who)));
            if let Some(volunteer) = volunteer {
                added.entry(volunteer).or_default().push(Stop { start: assignment.start, gig });
            }
        }
    }
    added.values_mut().for_each(|stops| stops.sort_unstable());
    let demanded = |worth: &HoursWorth| {
        let volunteer = problem.find_volunteer(&worth.volunteer)?;
        let time = |stop: &Stop| Span::new(stop.start, stop.start + problem.duration_s(stop.gig));
        let in_window = |stop: &&Stop| worth.window.holds(time(stop));
        let stops: Vec<&Stop> = added.get(&volunteer)?.iter().filter(in_window).collect();
        // As round trips from home, one for each: what is promised between them is not looked at.
        let out = |stop: &&Stop| stop.start - problem.way_out_s(volunteer, stop.gig).unwrap_or(0);
        let back = |stop: &&Stop| time(stop).end + problem.way_back_s(volunteer, stop.gig).unwrap_or(0);
        let hours = Span::new(stops.iter().map(out).min()?, stops.iter().map(back).max()?);
        let most: i64 = stops.iter().map(|stop| gig_worth_s(problem, volunteer, stop.gig)).sum();
        let gigs = stops.iter().map(|stop| (problem.gig_id(stop.gig).to_owned(), stop.start)).collect();
        let worth_s = u32::try_from(worth.worth_s.min(most)).ok().filter(|worth_s| *worth_s > 0)?;
        let demand = Demand { hours, gigs, worth_s };
        Some(Demanded { volunteer: worth.volunteer.clone(), window: worth.window, demand })
    };
    plan.hours.windows.iter().filter_map(demanded).collect()
}

/// What a plan gains by a gig with somebody, without the way.
fn gig_worth_s(problem: &Problem, volunteer: usize, gig: usize) -> i64 {
    let of_pair = if problem.pair_bonuses { score::pair_bonus_s(problem, volunteer, gig).max(0) } else { 0 };
    i64::from(problem.weight(gig)) * WEIGHT_POINTS + i64::from(of_pair)
}
