//! There is time for the gig between what the volunteer does already: gigs do not overlap, the ways between places fit
//! (interrupted at most by calls), an escort's way onward starts at its destination, and they are home by the window's end.
//!
//! Where the window would be too short for the gig and the way there and back whatever else they do, that is a matter of the window.
//!
//! Kept: a call on the way between two visits, as long as idle time and way match.
//! Broken: a gig 14 minutes away that starts 10 minutes after another ends.

use super::{Insertion, Rule};
use crate::{
    itinerary::round_travel_s,
    problem::{Problem, Stop},
    snapshot::Span,
};

/// The round trip of window `window` with one more stop, or the rule that is in the way where there is no time.
pub(super) fn insert(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    window: usize,
    stop: Stop,
) -> Result<Insertion, Rule> {
    let span = problem.volunteer_windows(volunteer)[window];
    let mut stops: Vec<Stop> =
        schedule.iter().copied().filter(|held| span.start <= held.start && held.start < span.end).collect();
    let before_s = round_travel_s(problem, volunteer, span, &stops).unwrap_or(0);
    let position = stops.partition_point(|held| *held < stop);
    stops.insert(position, stop);
    match round_travel_s(problem, volunteer, span, &stops) {
        Some(travel_s) => Ok(Insertion { window, position, travel_s, extra_travel_s: travel_s - before_s }),
        None => Err(in_the_way(problem, volunteer, span, stop)),
    }
}

/// Why there is no time: because of what else they do, or not even without.
fn in_the_way(problem: &Problem, volunteer: usize, span: Span, stop: Stop) -> Rule {
    if !problem.is_call(stop.gig) && problem.way_out_s(volunteer, stop.gig).is_none() {
        return Rule::TravelLimit;
    }
    let alone = round_travel_s(problem, volunteer, span, &[stop]);
    if alone.is_some() { Rule::Itinerary } else { Rule::Availability }
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, can_take, cases};
    use crate::problem::{Problem, Stop};
    use crate::snapshot::{GigRow, Span, VolunteerRow};
    use cases::{CENTRE, H, KORIA};

    fn gig(id: &str) -> GigRow {
        GigRow { id: id.into(), windows: vec![Span::new(0, 24 * H)], ..cases::gig() }
    }

    fn problem(gigs: Vec<GigRow>) -> Problem {
        Problem::compile(&cases::snapshot(
            vec![VolunteerRow { max_gigs_day: 9, max_gigs_week: 9, ..cases::volunteer() }],
            gigs,
        ))
        .expect("sound")
    }

    #[test]
    fn way_out_and_home_must_fit_the_window() {
        let problem = problem(vec![gig("a")]);
        let taken = can_take(&problem, 0, &[], 0, 0, 8 * H + 847).expect("leaves at eight sharp");
        assert_eq!((taken.travel_s, taken.extra_travel_s, taken.window, taken.position), (1694, 1694, 0, 0));
        assert_eq!(can_take(&problem, 0, &[], 0, 0, 8 * H + 846), Err(RuleSet::only(Rule::Availability)));
        assert!(can_take(&problem, 0, &[], 0, 0, 15 * H - 847).is_ok());
        assert_eq!(can_take(&problem, 0, &[], 0, 0, 15 * H - 846), Err(RuleSet::only(Rule::Availability)));
    }

    #[test]
    fn a_window_that_is_too_short_by_itself_is_no_matter_of_other_gigs() {
        let problem = problem(vec![gig("a"), gig("b")]);
        let held = [Stop { start: 12 * H, gig: 1 }];
        assert_eq!(can_take(&problem, 0, &held, 0, 0, 15 * H - 846), Err(RuleSet::only(Rule::Availability)));
        assert_eq!(can_take(&problem, 0, &held, 0, 0, 11 * H + 1), Err(RuleSet::only(Rule::Itinerary)));
        let homeless = VolunteerRow { home: None, ..cases::volunteer() };
        let nowhere = Problem::compile(&cases::snapshot(vec![homeless], vec![gig("a")])).expect("sound");
        assert_eq!(can_take(&nowhere, 0, &[], 0, 0, 10 * H), Err(RuleSet::only(Rule::TravelLimit)));
    }

    #[test]
    fn call_may_interrupt_the_way_but_takes_its_time() {
        let call = GigRow { place: None, duration_s: 600, ..gig("call") };
        let problem = problem(vec![gig("a"), GigRow { place: Some(CENTRE), ..gig("b") }, call]);
        let end_of_a = 10 * H;
        let held = [Stop { start: 9 * H, gig: 0 }, Stop { start: end_of_a + 600, gig: 2 }];
        assert!(can_take(&problem, 0, &held, 1, 0, end_of_a + 600 + 847).is_ok());
        assert_eq!(can_take(&problem, 0, &held, 1, 0, end_of_a + 600 + 846), Err(RuleSet::only(Rule::Itinerary)));
        assert!(can_take(&problem, 0, &held[..1], 1, 0, end_of_a + 847).is_ok(), "without the call it fits earlier");
    }

    #[test]
    fn gigs_do_not_overlap() {
        let problem = problem(vec![gig("a"), gig("b")]);
        let held = [Stop { start: 10 * H, gig: 0 }];
        assert!(can_take(&problem, 0, &held, 1, 0, 11 * H).is_ok(), "the same place, back to back");
        assert_eq!(can_take(&problem, 0, &held, 1, 0, 11 * H - 1), Err(RuleSet::only(Rule::Itinerary)));
        assert_eq!(can_take(&problem, 0, &held, 1, 0, 9 * H + 1), Err(RuleSet::only(Rule::Itinerary)));
    }

    #[test]
    fn way_onward_starts_at_the_destination_of_an_escort() {
        let escort = GigRow { place: Some(CENTRE), destination: Some(KORIA), ..gig("a") };
        let problem = problem(vec![escort, gig("b")]);
        let held = [Stop { start: 10 * H, gig: 0 }];
        let taken = can_take(&problem, 0, &held, 1, 0, 11 * H).expect("already in Koria");
        assert_eq!((taken.travel_s, taken.extra_travel_s), (847, 0));
    }
}
