//! What can be done and when people can meet, against all pairs of the whole.

use super::{
    super::{scene::rich, tickets::Tickets},
    Chances,
};
use crate::problem::Problem;

#[test]
fn what_can_be_done_is_what_somebody_has_a_ticket_for() {
    let (mut dead, mut lost, mut kept) = (0, 0, 0);
    // No escorts: whom one brings along is not judged here.
    for seed in (0..60).filter(|seed| seed % 3 != 0) {
        for volunteers in [3, 12] {
            let problem = Problem::compile(&rich(seed, volunteers, 30)).expect("sound");
            let everybody: Vec<u32> = (0..problem.volunteer_count() as u32).collect();
            let chances = Chances::new(&problem, &everybody);
            let tickets = Tickets::new(&problem);
            for gig in (0..problem.gig_count()).filter(|&gig| !problem.gigs.needs.row(gig).is_empty()) {
                let of_gig = tickets.of_gig(gig).iter().map(|&ticket| ticket as usize);
                let alive: Vec<usize> = of_gig.filter(|&ticket| tickets.is_alive[ticket]).collect();
                let (can_be_done, meetings) = chances.of(gig);
                assert_eq!(can_be_done, !alive.is_empty(), "seed {seed}, gig {gig}");
                for meeting in problem.gigs.starts.range(gig).map(|meeting| meeting as u32) {
                    let takes_place = alive.iter().any(|&ticket| tickets.meeting[ticket] == meeting);
                    assert_eq!(meetings.contains(&meeting), !takes_place, "seed {seed}, gig {gig}, meeting {meeting}");
                    (lost, kept) = (lost + usize::from(!takes_place), kept + usize::from(takes_place));
                }
                dead += usize::from(!can_be_done);
            }
        }
    }
    assert!(dead > 50 && lost > 500 && kept > 500, "{dead} gigs and {lost} meetings of {} are dead", lost + kept);
}

#[test]
fn whom_somebody_could_bring_along_is_never_too_far() {
    let mut carried = 0;
    for seed in (0..30).filter(|seed| seed % 3 == 0) {
        let problem = Problem::compile(&rich(seed, 4, 30)).expect("sound");
        let everybody: Vec<u32> = (0..problem.volunteer_count() as u32).collect();
        let chances = Chances::new(&problem, &everybody);
        let tickets = Tickets::new(&problem);
        for &ticket in (0..problem.gig_count()).flat_map(|gig| tickets.of_gig(gig)) {
            if tickets.is_alive[ticket as usize] {
                let (can_be_done, dead) = chances.of(tickets.gig[ticket as usize] as usize);
                assert!(can_be_done && !dead.contains(&tickets.meeting[ticket as usize]), "seed {seed}");
                carried += 1;
            }
        }
    }
    assert!(carried > 100, "{carried} tickets");
}
