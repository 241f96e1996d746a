//! What neighbours are not shown gains nothing: every window's best plan is as good without it.

use super::{
    super::{
        caps::Caps,
        interest::{Asked, Interest, tests::best},
        parts::SCALE,
        scene::{anybody, gig},
        tests::{Dice, promised, week},
        wish::Wish,
    },
    Best, Neighbour, Shelves, midst,
};
use crate::{
    eligibility::cases::{CENTRE, H, snapshot},
    problem::{Part, Problem, Selection},
    snapshot::{GigRow, Point, VolunteerRow},
    travel::{self, Spot},
};

#[test]
fn what_neighbours_are_not_shown_gains_nothing() {
    let (mut all, mut shown, mut gains) = (0, 0, 0);
    for seed in 0..60 {
        let mut dice = Dice(seed + 5);
        let rows = week(seed, 12, 60, false);
        let rows = if seed % 2 == 0 { promised(rows, &mut dice) } else { rows };
        let problem = Problem::compile(&rows).expect("sound");
        let caps = Caps::new(&problem);
        // Mostly little is left; now and then very much, or nothing.
        let reward = |dice: &mut Dice| {
            let most = [600, 2_500, 20_000][dice.roll(0, 9).saturating_sub(7).max(0) as usize];
            dice.roll(-300, most) * SCALE
        };
        let is_open = |gig: usize| !problem.gigs.needs.row(gig).is_empty();
        let rewards: Vec<i64> =
            (0..problem.gig_count()).map(|gig| if is_open(gig) { reward(&mut dice) } else { 0 }).collect();
        let of_cap: Vec<i64> = caps.all.iter().map(|_| dice.roll(-4, 2).max(0) * 100 * SCALE).collect();
        let is_one: Vec<bool> = (0..problem.volunteer_count() as u64).map(|n| (seed + n).is_multiple_of(4)).collect();
        let without = best(&problem, &caps, &rewards, &of_cap, &is_one);
        let mut floors: Vec<i64> = without.iter().map(|&gain| [0, 0, gain / 2][dice.roll(0, 2) as usize]).collect();
        for volunteer in (0..problem.volunteer_count()).filter(|&volunteer| is_one[volunteer]) {
            let windows = problem.windows.of(volunteer);
            let floor = floors[windows.clone()].iter().copied().max().unwrap_or(0);
            floors[windows].fill(floor);
        }
        let toll = |window: usize| caps.of_window[window].iter().map(|&cap| of_cap[cap as usize]).sum::<i64>();
        let tolls: Vec<i64> = (0..problem.windows.len()).map(toll).collect();
        let shelves = Shelves::new(&problem, rewards.clone());
        for group in [0..4, 4..12] {
            let neighbour = |volunteer: usize| {
                let windows = problem.windows.of(volunteer);
                let (tolls, floors) = (&tolls[windows.clone()], &floors[windows]);
                let (wish, is_judged) = Wish::of(&problem, &caps, volunteer, is_one[volunteer], tolls, floors);
                Neighbour { volunteer, wish, is_judged }
            };
            let mut neighbours: Vec<Neighbour> = group.clone().map(neighbour).collect();
            let gigs = shelves.wanted(&problem, &mut neighbours);
            (all, shown) = (all + problem.gig_count(), shown + gigs.len());
            let volunteers = group.clone().map(|volunteer| volunteer as u32).collect();
            let mut part = Part::new(&problem, &Selection { volunteers, gigs, locks: Vec::new() });
            let local = Caps::new(&part.problem);
            let windows: Vec<usize> = part.windows.iter().map(|&window| window as usize).collect();
            let first = problem.windows.of(group.start).start;
            let own = |of: &[i64]| windows.iter().map(|&window| of[window]).collect::<Vec<i64>>();
            let (of_part, tolls, floors) =
                (part.gigs.iter().map(|&gig| rewards[gig as usize]).collect::<Vec<i64>>(), own(&tolls), own(&floors));
            let first_cap = caps.of_window[first].iter().min().copied().unwrap_or(0) as usize;
            let (is_escort, is_one) = (vec![false; part.gigs.len()], is_one[group].to_vec());
            let asked =
                Asked { rewards: &of_part, tolls: &tolls, floors: &floors, is_escort: &is_escort, is_one: &is_one };
            let wishes = neighbours.iter().map(|one| one.wish).collect();
            let edges = part.edges(&Interest::of_wishes(&part, &local, asked, wishes));
            part.problem.replace_edges(edges);
            let own_caps = &of_cap[first_cap..first_cap + local.all.len()];
            let with = best(&part.problem, &local, &of_part, own_caps, &is_one);
            for (at, &window) in windows.iter().enumerate() {
                let floor = floors[at];
                assert_eq!(with[at].max(floor), without[window].max(floor), "seed {seed}, window {window}");
                gains += usize::from(without[window] > floor);
            }
        }
    }
    assert!(gains > 300, "only {gains} windows gain anything");
    assert!(shown * 4 < all * 3, "{shown} of {all} are shown");
}

#[test]
fn the_likeliest_are_the_best_of_all_in_reach() {
    let mut left_out = 0;
    for seed in 0..20 {
        let problem = Problem::compile(&week(seed, 12, 90, false)).expect("sound");
        let mut dice = Dice(seed + 9);
        let rewards: Vec<i64> = (0..problem.gig_count()).map(|_| dice.roll(-300, 3_000) * SCALE).collect();
        let group: Vec<u32> = (0..6).collect();
        let (midst, speed_dkmh) = (midst(&problem, &group), 350);
        let left = |gig: u32| {
            let place = problem.gigs.place_point[gig as usize].map(Spot::from);
            let way_m = place.map_or(0, |place| problem.measure.metres(Spot::from(midst), place));
            rewards[gig as usize] - 2 * SCALE * travel::seconds(way_m, speed_dkmh)
        };
        let is_reached = |gig: u32| {
            let way_s = |volunteer: u32| problem.way_out_s(volunteer as usize, gig as usize);
            let most_s = |volunteer: u32| problem.volunteers.max_travel_s[volunteer as usize];
            group.iter().any(|&volunteer| way_s(volunteer).is_some_and(|way_s| way_s <= most_s(volunteer)))
        };
        let shelves = Shelves::new(&problem, rewards.clone());
        // Some of them, all that leave anything and more, and all.
        for (is_call, most) in [(true, 4), (true, 1_000), (false, 10), (false, 40), (false, 1_000)] {
            let mut best = Best::new(most);
            match is_call {
                true => shelves.offer_calls(&mut best, left),
                false => shelves.offer_places(&problem, &group, (midst, speed_dkmh), &mut best, left),
            }
            let mut found: Vec<(i64, u32)> = best.gigs().map(|gig| (-left(gig), gig)).collect();
            found.sort_unstable();
            let all = (0..problem.gig_count() as u32).filter(|&gig| rewards[gig as usize] > 0);
            let here = all.filter(|&gig| problem.is_call(gig as usize) == is_call && is_reached(gig));
            let mut every: Vec<(i64, u32)> = here.map(|gig| (-left(gig), gig)).collect();
            every.sort_unstable();
            left_out += every.len().saturating_sub(most);
            every.truncate(most);
            assert_eq!(found, every, "seed {seed}");
        }
    }
    assert!(left_out > 200, "{left_out} are left out");
}

/// Each of two who live far apart could go to some gigs at one place, the farther from the other.
#[test]
fn neighbours_are_shown_what_is_worth_the_way_together_and_not_what_is_not() {
    let row = |n: usize| VolunteerRow { id: format!("v{n}"), home: Some(east(n, 0.0)), ..anybody(2) };
    let anytime = |id: String| GigRow { duration_s: H, ..gig(id, 0, 24 * H) };
    let place = |n: usize| Some(east(n, [-0.1, 0.1][n]));
    let gig = |(n, id): (usize, &str)| GigRow { place: place(n), ..anytime(format!("{id}{n}")) };
    let gigs = ["least", "less", "more"].into_iter().flat_map(|id| [(0, id), (1, id)]).map(gig);
    let rows = snapshot((0..2).map(row).collect(), std::iter::once(anytime("call".into())).chain(gigs).collect());
    let problem = Problem::compile(&rows).expect("sound");
    let way = 2 * problem.way_out_s(0, problem.find_gig("more0").expect("there")).expect("there is a way") * SCALE;
    // The call leaves next to nothing.
    let left = |id: &str| match &id[..4] {
        "more" => way * 55 / 100,
        "less" => way * 50 / 100,
        "leas" => way * 30 / 100,
        _ => 1,
    };
    let shelves = Shelves::new(&problem, rows.gigs.iter().map(|row| left(&row.id)).collect());
    let shown = |room: u32, floor: i64| {
        let wish = Wish::new(false, &[0], &[floor], std::iter::once(room));
        let mut neighbours = [0, 1].map(|volunteer| Neighbour { volunteer, wish, is_judged: true });
        let gigs = shelves.wanted(&problem, &mut neighbours);
        gigs.iter().map(|&gig| rows.gigs[gig as usize].id.as_str()).collect::<Vec<_>>()
    };
    // The best two are worth the way; none is by itself; and nothing is where much more is known.
    assert_eq!(shown(2, 0), rows.gigs.iter().map(|row| row.id.as_str()).collect::<Vec<_>>());
    assert_eq!(shown(1, 0), ["call"]);
    assert_eq!(shown(2, 3 * way), [""; 0]);
}

/// Somewhere east of the home of one of those who live far apart.
fn east(n: usize, by: f64) -> Point {
    Point { lon: CENTRE.lon + 2.0 * n as f64 + by, ..CENTRE }
}
