//! At which starts could a gig be taken? A quarter-hour grid for people, and the exact earliest moment of every gap.
//!
//! In a gap of somebody's round trip the earliest start is the easiest one: each later start leaves less time for what
//! follows. So a gig fits into a gap at all if and only if it fits at the gap's earliest start, and asking there misses nothing.

use crate::{
    itinerary::Pace,
    problem::{MAX_STARTS, Problem, START_GRID_S, Stop},
    snapshot::Span,
};

/// Starts that can be told to a caller: the agreed start, else every quarter of an hour from each window's start, ascending.
/// At most [`MAX_STARTS`].
#[must_use]
pub fn grid(problem: &Problem, gig: usize) -> Vec<i64> {
    if let Some(start) = problem.fixed_start(gig) {
        return vec![start];
    }
    let duration_s = problem.duration_s(gig);
    let mut starts: Vec<i64> = Vec::new();
    for span in problem.gig_windows(gig) {
        starts.extend(
            (0..)
                .map(|k| span.start + k * START_GRID_S)
                .take_while(|start| start + duration_s <= span.end)
                .take(MAX_STARTS),
        );
    }
    starts.sort_unstable();
    starts.dedup();
    starts.truncate(MAX_STARTS);
    starts
}

/// The earliest start in every gap of a volunteer's `schedule` (by start) and every window of the gig, ascending. Whether the
/// gig can be taken there is for `eligibility::can_take` to say.
#[must_use]
pub fn earliest_in_gaps(problem: &Problem, volunteer: usize, schedule: &[Stop], gig: usize) -> Vec<i64> {
    if let Some(start) = problem.fixed_start(gig) {
        return vec![start];
    }
    let mut starts: Vec<i64> = problem
        .volunteer_windows(volunteer)
        .iter()
        .flat_map(|span| in_window(problem, volunteer, *span, schedule, gig))
        .flat_map(|ready| {
            let duration_s = problem.duration_s(gig);
            problem
                .gig_windows(gig)
                .iter()
                .filter(move |span| ready <= span.end - duration_s)
                .map(move |span| span.start.max(ready))
        })
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// For every gap of one round trip, the moment from which the gig could start there.
fn in_window(problem: &Problem, volunteer: usize, span: Span, schedule: &[Stop], gig: usize) -> Vec<i64> {
    let call = problem.is_call(gig);
    let Some(way_out_s) = problem.way_out_s(volunteer, gig) else { return Vec::new() };
    let mut pace = Pace::at_home(span.start);
    let mut last: Option<usize> = None;
    let ready = |pace: Pace, last: Option<usize>| match (call, last) {
        (true, _) => pace.next_call(),
        (false, None) => pace.next_stop(way_out_s),
        (false, Some(before)) => pace.next_stop(problem.leg_s(volunteer, before, gig)),
    };
    let mut found = vec![ready(pace, last)];
    for stop in schedule.iter().filter(|stop| span.start <= stop.start && stop.start < span.end) {
        let duration_s = problem.duration_s(stop.gig);
        let end = stop.start + duration_s;
        if problem.is_call(stop.gig) {
            pace = pace.after_call(end, duration_s);
        } else {
            pace = Pace::after_stop(end);
            last = Some(stop.gig);
        }
        found.push(ready(pace, last));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::{can_take, cases};
    use crate::snapshot::{GigRow, VolunteerRow};
    use cases::{CENTRE, H};

    fn problem() -> Problem {
        let gig = |id: &str| GigRow { id: id.into(), windows: vec![Span::new(8 * H, 16 * H)], ..cases::gig() };
        let volunteer = VolunteerRow { max_gigs_day: 9, max_gigs_week: 9, ..cases::volunteer() };
        Problem::compile(&cases::snapshot(vec![volunteer], vec![gig("a"), GigRow { place: Some(CENTRE), ..gig("b") }]))
            .expect("sound")
    }

    #[test]
    fn grid_is_quarter_hours_and_ends_in_time() {
        let starts = grid(&problem(), 0);
        assert_eq!((starts[0], starts[1], starts[starts.len() - 1], starts.len()), (8 * H, 8 * H + 900, 15 * H, 29));
    }

    #[test]
    fn an_agreed_start_is_the_only_one() {
        let agreed = cases::problem(cases::volunteer(), GigRow { agreed_start: Some(10 * H), ..cases::gig() });
        assert_eq!((grid(&agreed, 0), earliest_in_gaps(&agreed, 0, &[], 0)), (vec![10 * H], vec![10 * H]));
    }

    #[test]
    fn earliest_start_of_a_gap_can_be_taken_and_a_second_earlier_cannot() {
        let problem = problem();
        let held = [Stop { start: 10 * H, gig: 1 }];
        let starts = earliest_in_gaps(&problem, 0, &held, 0);
        assert_eq!(starts, [8 * H + 847, 11 * H + 847]);
        for start in [8 * H + 847, 11 * H + 847] {
            // The first gap is too short for an hour and the way to the centre by ten.
            assert!(can_take(&problem, 0, &held, 0, 0, start).is_ok(), "{start}");
            assert!(can_take(&problem, 0, &held, 0, 0, start - 1).is_err());
        }
    }

    #[test]
    fn nothing_fits_where_the_gap_start_does_not_fit() {
        let problem = problem();
        for held_start in (8 * H..15 * H).step_by(600) {
            let held = [Stop { start: held_start, gig: 1 }];
            let gaps = earliest_in_gaps(&problem, 0, &held, 0);
            let by_gaps = gaps.iter().any(|start| can_take(&problem, 0, &held, 0, 0, *start).is_ok());
            let by_minutes = (8 * H..16 * H).step_by(60).any(|start| can_take(&problem, 0, &held, 0, 0, start).is_ok());
            assert!(by_gaps || !by_minutes, "a start was missed beside a gig at {held_start}");
        }
    }
}
