//! Between what the programs speak of (plans and meetings) and drafts (edges in use).

use std::collections::BTreeMap;

use super::{
    draft::{Draft, Placed},
    mip::Choice,
    parts::Parts,
    trips::Trips,
};
use crate::problem::Problem;

/// The draft of a choice. What does not hold together is left out: two plans of one window, plans beyond a cap, helpers of a
/// meeting that does not take place, a meeting without all its helpers, a second helper where one is needed.
pub(super) fn to_draft(parts: &Parts<'_>, trips: &Trips, choice: &Choice) -> Draft {
    let (problem, tickets) = (parts.problem, parts.tickets);
    let mut draft = Draft::new(problem);
    let mut seats: BTreeMap<u32, Vec<(usize, Placed)>> = BTreeMap::new();
    let mut is_taken = vec![false; problem.windows.len()];
    let mut room: Vec<usize> = parts.caps.all.iter().map(|cap| cap.room as usize).collect();
    for &plan in &choice.plans {
        let trip = trips.get(plan);
        let count = trip.tickets.len();
        let caps = &parts.caps.of_window[trip.window];
        if is_taken[trip.window] || caps.iter().any(|&cap| room[cap as usize] < count) {
            continue;
        }
        is_taken[trip.window] = true;
        caps.iter().for_each(|&cap| room[cap as usize] -= count);
        for &ticket in trip.tickets {
            seats.entry(tickets.gig[ticket as usize]).or_default().push((trip.window, tickets.placed(ticket as usize)));
        }
    }
    let meeting_of: BTreeMap<u32, u32> =
        choice.meetings.iter().map(|&at| (parts.rows.meetings[at].gig, parts.rows.meetings[at].number)).collect();
    for (gig, of_gig) in seats {
        let meeting = meeting_of.get(&gig).copied();
        let together: Vec<(usize, Placed)> =
            of_gig.into_iter().filter(|(_, placed)| placed.meeting == meeting).collect();
        if let Some(crew) = crew(problem, gig as usize, &together) {
            crew.into_iter().for_each(|(window, placed)| draft.of_window[window].push(placed));
        }
    }
    draft.of_window.iter_mut().for_each(|placed| placed.sort_unstable());
    draft
}

/// Exactly the helpers a gig needs, all different people; `None` if they are not all there.
fn crew(problem: &Problem, gig: usize, candidates: &[(usize, Placed)]) -> Option<Vec<(usize, Placed)>> {
    let mut crew: Vec<(usize, Placed)> = Vec::new();
    for need in problem.gigs.needs.range(gig) {
        for _ in 0..problem.gigs.needs.flat()[need].count {
            let person = |window: usize| problem.windows.volunteer[window];
            let next = candidates.iter().find(|(window, placed)| {
                problem.edges.need[placed.edge as usize] as usize == need
                    && crew.iter().all(|(other, _)| person(*other) != person(*window))
            })?;
            crew.push(*next);
        }
    }
    Some(crew)
}

/// The choice a draft amounts to; its plans are added to the known ones.
pub(super) fn from_draft(parts: &Parts<'_>, trips: &mut Trips, draft: &Draft) -> Choice {
    let mut choice = Choice::default();
    let mut helpers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (window, placed) in draft.of_window.iter().enumerate().filter(|(_, placed)| !placed.is_empty()) {
        let Some(plan) = plan_of(parts, trips, window, placed) else { continue };
        choice.plans.push(plan);
        for placed in placed {
            if let Some(meeting) = placed.meeting {
                *helpers.entry((parts.problem.edges.gig[placed.edge as usize], meeting)).or_default() += 1;
            }
        }
    }
    choice.plans.sort_unstable();
    for (at, meeting) in parts.rows.meetings.iter().enumerate() {
        let needed: u32 = meeting.balances.iter().map(|&(_, count)| count).sum();
        if helpers.get(&(meeting.gig, meeting.number)) == Some(&needed) {
            choice.meetings.push(at);
        }
    }
    choice
}

/// The plan of one window with exactly these parts.
fn plan_of(parts: &Parts<'_>, trips: &mut Trips, window: usize, placed: &[Placed]) -> Option<usize> {
    let mut tickets: Vec<u32> = placed
        .iter()
        .map(|&placed| parts.tickets.find(parts.problem, placed).map(|ticket| ticket as u32))
        .collect::<Option<_>>()?;
    tickets.sort_unstable();
    if let Some(known) = trips.find(window, &tickets) {
        return Some(known);
    }
    let extra_s = parts.menus.extra_s(parts.problem, parts.tickets, window, &tickets)?;
    Some(trips.add(parts, window, &tickets, extra_s))
}
