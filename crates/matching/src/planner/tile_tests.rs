//! Tiles: how many people are in each, what belongs to them, and what is made of them.

use super::{
    calls::Calls,
    caps::Caps,
    draft::Draft,
    scene::rich,
    tests::week,
    tile::{self, Depth},
    tiling::Tiling,
};
use crate::{
    eligibility::cases::{CENTRE, H, snapshot, volunteer},
    problem::Problem,
    snapshot::{GigRow, HeldSkill, Point, SlotRow, Span, VolunteerRow},
};

#[test]
fn everybody_is_in_one_tile_of_about_the_size_asked_for() {
    let problem = Problem::compile(&week(3, 60, 5, false)).expect("sound");
    let everybody: Vec<u32> = (0..60).collect();
    for (tiles, number, sizes) in [(4, 0, vec![15; 4]), (5, 1, vec![12; 5]), (1, 2, vec![60]), (3, 2, vec![20; 3])] {
        let tiling = Tiling::new(&problem, &everybody, tiles, number);
        assert_eq!(tiling.tiles.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{tiles} tiles");
        let mut all = tiling.tiles.concat();
        all.sort_unstable();
        assert_eq!(all, everybody);
        // Who lives on a seam is in the tile that a gig at their door belongs to.
        for (tile, volunteers) in tiling.tiles.iter().enumerate() {
            for &volunteer in volunteers {
                let home = problem.volunteers.home_point[volunteer as usize].expect("everybody has a home");
                assert_eq!(tiling.tile_at(home.lat, home.lon), tile, "volunteer {volunteer}");
            }
        }
    }
}

#[test]
fn calls_are_handed_out_by_who_could_take_them() {
    let row = |n: usize, east: f64, skill: &str| VolunteerRow {
        id: format!("v{n}"),
        home: Some(Point { lon: CENTRE.lon + east, ..CENTRE }),
        skills: vec![HeldSkill::lasting(skill)],
        ..volunteer()
    };
    let call = |n: usize, skill: &str| GigRow {
        id: format!("c{n}"),
        kind: "shopping".into(),
        windows: vec![Span::new(9 * H, 15 * H)],
        slots: vec![SlotRow { skills: vec![skill.into()] }],
        ..GigRow::default()
    };
    // In the west three have a car, in the east one and two can lift.
    let people = [(0.0, "car"), (0.01, "car"), (0.02, "car"), (1.0, "car"), (1.01, "lift"), (1.02, "lift")];
    let people = people.iter().enumerate().map(|(n, &(east, skill))| row(n, east, skill)).collect();
    let calls = (0..8).map(|n| call(n, "car")).chain([call(8, "lift"), call(9, "lift")]).collect();
    let problem = Problem::compile(&snapshot(people, calls)).expect("sound");
    let tiling = Tiling::new(&problem, &[0, 1, 2, 3, 4, 5], 2, 0);
    assert_eq!(tiling.tiles, [[0, 1, 2], [3, 4, 5]]);
    let mut handed = Calls::new(2);
    let of: Vec<usize> = (0..10).map(|gig| handed.tile(&problem, &tiling, gig)).collect();
    assert_eq!(of, [0, 0, 0, 1, 0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_tile_is_made_better_and_never_worse() {
    let (mut better, mut dived) = (0, 0);
    for seed in 0..24 {
        let problem = Problem::compile(&rich(seed, 15, 40)).expect("sound");
        let caps = Caps::new(&problem);
        let objective = |draft: &Draft| draft.settle(&problem, &caps).expect("can be done").0.objective();
        let improved = |start: &Draft, depth: Depth| {
            tile::improve(&problem, &caps, start, 0, depth, &|| false).expect("the start can be done").0
        };
        let nothing = Draft::new(&problem);
        let quick = tile::fill(&problem, &caps, nothing.clone());
        let (priced, planned) = (improved(&nothing, Depth::Prices), improved(&nothing, Depth::Plan));
        assert!(objective(&quick) <= objective(&priced) && objective(&priced) <= objective(&planned), "seed {seed}");
        assert!(objective(&improved(&planned, Depth::Plan)) >= objective(&planned), "seed {seed}");
        assert!(objective(&improved(&planned, Depth::Prices)) >= objective(&planned), "seed {seed}");
        better += usize::from(objective(&quick) < objective(&planned));
        dived += usize::from(objective(&priced) < objective(&planned));
    }
    assert!(better > 12 && dived > 3, "{better} better, {dived} by a dive");
}
