//! What tests of single parts of the planner stand on: a week with everything in it, and the parts of its program.

use super::{
    caps::Caps,
    draft::Draft,
    menus::Menus,
    parts::Parts,
    rows::Rows,
    tests::{Dice, promised, week},
    tickets::Tickets,
    workers::Workers,
};
use crate::{
    problem::Problem,
    snapshot::{HeldSkill, SlotRow, Snapshot},
};

/// The parts of one problem.
pub(super) struct Scene {
    pub(super) problem: Problem,
    pub(super) caps: Caps,
    pub(super) tickets: Tickets,
    menus: Menus,
    pub(super) rows: Rows,
    workers: Workers,
    fixed: i64,
    fixed_weight: u64,
}

impl Scene {
    pub(super) fn new(problem: Problem) -> Self {
        let caps = Caps::new(&problem);
        let tickets = Tickets::new(&problem);
        let (menus, rows) = (Menus::new(&problem), Rows::new(&problem, &tickets, &caps));
        let standing = Draft::new(&problem).settle(&problem, &caps).expect("what is promised can be done").0;
        let (fixed, fixed_weight) = (standing.objective(), standing.weight);
        Self { problem, caps, tickets, menus, rows, workers: Workers::here(), fixed, fixed_weight }
    }

    pub(super) fn parts(&self) -> Parts<'_> {
        Parts {
            problem: &self.problem,
            caps: &self.caps,
            tickets: &self.tickets,
            menus: &self.menus,
            rows: &self.rows,
            workers: &self.workers,
            fixed: self.fixed,
            fixed_weight: self.fixed_weight,
        }
    }
}

/// Every third gig for two helpers of two sorts, escorts in every third week, and promises in every second.
pub(super) fn rich(seed: u64, volunteers: usize, gigs: usize) -> Snapshot {
    let mut rows = week(seed, volunteers, gigs, seed.is_multiple_of(3));
    let skilled = |skill: &str| SlotRow { skills: vec![skill.into()] };
    for row in rows.gigs.iter_mut().skip(1).step_by(3) {
        row.slots = vec![skilled("car"), skilled("lift")];
    }
    for (n, row) in rows.volunteers.iter_mut().enumerate() {
        let held = [&["car"][..], &["lift"], &["car", "lift"]][n % 3];
        row.skills = held.iter().copied().map(HeldSkill::lasting).collect();
    }
    if seed.is_multiple_of(2) {
        return rows;
    }
    let mut dice = Dice(seed + 21);
    let mut rows = promised(rows, &mut dice);
    // Now and then one of two has not said yes yet.
    rows.promises.retain(|_| dice.roll(0, 5) > 0);
    rows
}
