//! What is taken for the most part is taken as far as it goes together.

use super::{
    caps::Caps,
    pool::{Pool, Task},
    scene::rich,
    tickets::NONE,
    workers::Workers,
};
use crate::{eligibility::cases::H, problem::Problem, snapshot::Span};

#[test]
fn a_gig_gets_no_more_helpers_than_it_needs_and_all_at_one_time() {
    let problem = Problem::compile(&rich(2, 12, 14)).expect("sound");
    let caps = Caps::new(&problem);
    let gig_of = |is_wanted: &dyn Fn(usize) -> bool| {
        (0..problem.gig_count()).find(|&gig| is_wanted(gig)).expect("there are both")
    };
    let (alone, pair) = (
        gig_of(&|gig| problem.gigs.starts.row(gig).is_empty()),
        gig_of(&|gig| problem.gigs.starts.row(gig).len() > 1 && problem.gigs.needs.row(gig).len() == 2),
    );
    let window = |volunteer: usize| problem.windows.of(volunteer).start;
    let rounded = |plans: &[(usize, Task, f64)]| {
        let mut pool = Pool::new(&problem, &caps, Vec::new());
        for &(volunteer, task, share) in plans {
            pool.add(&problem, window(volunteer), &[task], 1, share);
        }
        let book = pool.rounded(&problem, &caps);
        let held: Vec<(usize, u32)> = [alone, pair]
            .into_iter()
            .flat_map(|gig| book.of_gig[gig].iter().map(move |held| (gig, held.window)))
            .collect();
        held.into_iter().map(|(gig, held)| (gig, problem.windows.volunteer[held as usize] as usize)).collect::<Vec<_>>()
    };
    let need = |gig: usize, of: usize| (problem.gigs.needs.range(gig).start + of) as u32;
    let meeting = |of: usize| (problem.gigs.starts.range(pair).start + of) as u32;
    // Two for one place: the surer one.
    let single = (need(alone, 0), NONE);
    assert_eq!(rounded(&[(0, single, 0.6), (1, single, 0.9)]), [(alone, 1)]);
    assert_eq!(rounded(&[(0, single, 0.4)]), []);
    // Two of one sort, at another time, or one alone: nobody.
    let (car, lift) = ((need(pair, 0), meeting(0)), (need(pair, 1), meeting(0)));
    assert_eq!(rounded(&[(0, car, 0.9), (1, lift, 0.8)]), [(pair, 0), (pair, 1)]);
    assert_eq!(rounded(&[(0, car, 0.9), (1, car, 0.8)]), []);
    assert_eq!(rounded(&[(0, car, 0.9), (1, (lift.0, meeting(1)), 0.8)]), []);
    assert_eq!(rounded(&[(0, car, 0.9), (2, car, 0.85), (1, lift, 0.8)]), [(pair, 0), (pair, 1)]);
}

/// Two want one gig: it goes to the one who gains more, and costs about what the other would pay.
#[test]
fn plans_that_are_known_compete_wherever_their_people_live() {
    let mut rows = rich(2, 12, 14);
    // The first has two windows on one day, so that a row that is no gig's follows those of the gigs.
    rows.volunteers[0].windows = [8, 13].map(|hour| Span::new(hour * H, (hour + 4) * H)).to_vec();
    let problem = Problem::compile(&rows).expect("sound");
    let caps = Caps::new(&problem);
    assert!(caps.all[0].windows.len() > 1);
    let gig = (0..problem.gig_count()).find(|&gig| problem.gigs.starts.row(gig).is_empty()).expect("there is one");
    let task = (problem.gigs.needs.range(gig).start as u32, NONE);
    for (winner, loser) in [(0, 11), (6, 5), (11, 0)] {
        let mut pool = Pool::new(&problem, &caps, Vec::new());
        for (volunteer, value) in [(winner, 1_000), (loser, 900)] {
            pool.add(&problem, problem.windows.of(volunteer).start, &[task], value, 0.0);
        }
        pool.balance(&problem, &caps, 4_000, &Workers::here());
        let shares = pool.shares(&problem);
        assert_eq!(shares.iter().map(|share| (share.0, share.1)).collect::<Vec<_>>(), [(gig as u32, winner as u32)]);
        assert!(shares[0].2 > 0.98, "{shares:?}");
        // Hours of the winner may cost some of it.
        assert!(pool.price(gig) > 850.0 && pool.price(gig) < 1_050.0, "{}", pool.price(gig));
    }
}
