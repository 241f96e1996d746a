//! The plans a program begins with: for each gig the people who come cheapest for it alone.

use super::{parts::Parts, tickets::NONE, trips::Trips};

/// Plans of a gig alone, of different people, that the first program holds.
const FIRST_ALONE: usize = 6;
/// With more meetings than this the first program holds fewer plans for each.
const MANY_MEETINGS: usize = 800;

/// Adds the cheapest plans of a gig alone.
pub(super) fn add(parts: &Parts<'_>, trips: &mut Trips, gig: usize) {
    let (problem, tickets) = (parts.problem, parts.tickets);
    let (first, end) = parts.rows.meetings_of_gig[gig];
    let meetings = (end - first) as usize;
    let of_meeting = if parts.rows.meetings.len() > MANY_MEETINGS { FIRST_ALONE / 2 } else { FIRST_ALONE * 2 };
    let mut room = if meetings == 0 { FIRST_ALONE } else { of_meeting * meetings };
    let mut ways: Vec<(i64, u32)> = tickets
        .of_gig(gig)
        .iter()
        .filter(|&&ticket| tickets.is_alive[ticket as usize])
        .map(|&ticket| {
            let edge = tickets.edge[ticket as usize] as usize;
            let way_s = problem.edges.out_s[edge].saturating_add(problem.edges.back_s[edge]);
            (way_s.saturating_sub(i64::from(problem.edges.bonus[edge])), ticket)
        })
        .collect();
    ways.sort_unstable();
    let mut people: Vec<(u32, u32)> = Vec::new();
    for (_, ticket) in ways {
        let window = problem.edges.window[tickets.edge[ticket as usize] as usize] as usize;
        let person = (problem.windows.volunteer[window], tickets.meeting[ticket as usize]);
        let is_one_gig =
            parts.rows.of_window[window] != NONE && parts.rows.is_dormant[parts.rows.of_window[window] as usize];
        if room == 0 || parts.caps.window_room[window] == 0 || (is_one_gig && people.contains(&person)) {
            continue;
        }
        if let Some(extra_s) = parts.menus.extra_s(problem, tickets, window, &[ticket]) {
            trips.add(parts, window, &[ticket], extra_s);
            people.push(person);
            room -= 1;
        }
    }
}
