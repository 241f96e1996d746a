//! What a draft may be is judged from its edges alone; the quick plan sees what pairs are worth.

use super::{
    caps::Caps,
    draft::{Draft, Placed},
    greedy::Greedy,
    single,
};
use crate::{
    eligibility::cases::{H, gig, snapshot, volunteer},
    problem::Problem,
    snapshot::{GigRow, SlotRow, Snapshot, Span, VolunteerRow},
};

fn named(id: &str) -> VolunteerRow {
    VolunteerRow { id: id.into(), ..volunteer() }
}

#[test]
fn helpers_of_a_gig_come_all_and_at_one_time() {
    let slot = SlotRow { skills: vec!["car".into()] };
    let rows = snapshot(vec![named("v"), named("w")], vec![GigRow { slots: vec![slot.clone(), slot], ..gig() }]);
    let problem = Problem::compile(&rows).expect("sound");
    let caps = Caps::new(&problem);
    let settled = |meetings: &[u32]| {
        let mut draft = Draft::new(&problem);
        for (window, &meeting) in meetings.iter().enumerate() {
            let edge = problem.edges.of_window.range(window).start as u32;
            draft.of_window[window].push(Placed { edge, meeting: Some(meeting) });
        }
        draft.settle(&problem, &caps).map(|(worth, _)| worth.gigs_filled)
    };
    assert!(problem.gigs.starts.flat().len() > 4);
    assert_eq!(settled(&[2, 2]), Some(1));
    assert_eq!(settled(&[2, 3]), None, "at two times");
    assert_eq!(settled(&[2]), None, "one of two");
    assert_eq!(settled(&[]), Some(0));
}

#[test]
fn quick_plan_takes_whom_it_is_worth_most_to_have() {
    let rows = snapshot(vec![named("v"), named("w")], vec![gig()]);
    let mut problem = Problem::compile(&rows).expect("sound");
    problem.edges.bonus[1] = 500;
    let caps = Caps::new(&problem);
    let plan = Greedy::new(&problem, &caps).fill().into_plan(&problem, &caps, 0).expect("can be done");
    assert_eq!((plan.assignments[0].seats[0].volunteer.as_str(), plan.bonus), ("w", 500));
}

#[test]
fn one_gig_a_week_is_one_in_all_only_within_a_week() {
    let takes_one = |days: &[i64]| {
        let windows = days.iter().map(|day| Span::new((24 * day + 8) * H, (24 * day + 16) * H)).collect();
        let row = VolunteerRow { windows, max_gigs_week: 1, ..volunteer() };
        let week_starts = vec![0, 7 * 24 * H, 14 * 24 * H];
        let day_starts = (0..15).map(|day| day * 24 * H).collect();
        let rows = Snapshot { week_starts, day_starts, ..snapshot(vec![row], vec![gig()]) };
        single::takes_one(&Problem::compile(&rows).expect("sound"), 0)
    };
    assert!(takes_one(&[1]) && takes_one(&[1, 4]) && takes_one(&[8, 9]));
    assert!(!takes_one(&[1, 8]) && !takes_one(&[]));
}
