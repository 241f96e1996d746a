//! Between what the programs speak of (plans and meetings) and drafts (edges in use).

use std::collections::BTreeMap;

use super::{
    bound::Parts,
    draft::{Draft, Placed},
    mip::Choice,
    tickets::Tickets,
};
use crate::problem::Problem;

/// The draft of a choice. What does not hold together is left out: two plans of one window, plans beyond a cap, helpers of a
/// meeting that does not take place, a meeting without all its helpers, a second helper where one is needed.
pub(super) fn to_draft(parts: &Parts<'_>, choice: &Choice) -> Draft {
    let (problem, tickets) = (parts.problem, parts.tickets);
    let mut draft = Draft::new(problem);
    let mut seats: BTreeMap<u32, Vec<(usize, Placed)>> = BTreeMap::new();
    let mut last_window = None;
    let mut room: Vec<usize> = parts.caps.all.iter().map(|cap| cap.room as usize).collect();
    for &plan in &choice.plans {
        let window = parts.tours.window(plan);
        let count = parts.tours.tickets(plan).len();
        let caps = &parts.caps.of_window[window];
        if last_window == Some(window) || caps.iter().any(|&cap| room[cap as usize] < count) {
            continue;
        }
        last_window = Some(window);
        caps.iter().for_each(|&cap| room[cap as usize] -= count);
        for &ticket in parts.tours.tickets(plan) {
            seats.entry(tickets.gig[ticket as usize]).or_default().push((window, tickets.placed(ticket as usize)));
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

/// The choice a draft amounts to; plans that are not enumerated are left out, and meetings that lose a helper by that.
pub(super) fn from_draft(parts: &Parts<'_>, draft: &Draft) -> Choice {
    let mut choice = Choice::default();
    let mut helpers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (window, placed) in draft.of_window.iter().enumerate().filter(|(_, placed)| !placed.is_empty()) {
        let Some(plan) = plan_of(parts, window, placed) else { continue };
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

/// The enumerated plan of one window with exactly these parts.
pub(super) fn plan_of(parts: &Parts<'_>, window: usize, placed: &[Placed]) -> Option<usize> {
    let mut tickets: Vec<u32> =
        placed.iter().map(|&placed| find(parts.problem, parts.tickets, placed)).collect::<Option<_>>()?;
    tickets.sort_unstable();
    parts.tours.find(window, &tickets)
}

fn find(problem: &Problem, tickets: &Tickets, placed: Placed) -> Option<u32> {
    tickets.find(problem, placed).map(|ticket| ticket as u32)
}
