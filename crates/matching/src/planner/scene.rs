//! What tests of single parts of the planner stand on: a week with everything in it, and the parts of its program.

use std::{sync::Arc, time::Duration};

use super::{
    asking::Asking,
    caps::Caps,
    clock::Clock,
    draft::Draft,
    limits::Limits,
    menus::Menus,
    parts::{Goal, Parts},
    prices::Prices,
    pricing::Query,
    rows::Rows,
    tests::{Dice, promised, week},
    tickets::Tickets,
    trips::Trips,
    workers::Workers,
};
use crate::{
    eligibility::cases::volunteer,
    problem::Problem,
    snapshot::{GigRow, HeldSkill, Promise, PromiseState, SlotRow, Snapshot, Span, VolunteerRow},
    travel::{Bounds, Entry, Measure, Spot, Table, TravelTime},
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

/// Asks about windows at prices, where nothing is forbidden and nothing known.
pub(super) fn at_prices<R>(parts: &Parts<'_>, prices: &Prices, ask: impl FnOnce(&Query<'_, '_>) -> R) -> R {
    let (limits, trips) = (Limits::none(parts), Trips::new(parts.problem.windows.len()));
    ask(&Query { parts, goal: Goal::Points, prices, limits: &limits, trips: &trips, is_in: &[], most: 1 })
}

/// Does something with what asking everybody needs.
pub(super) fn asking<R>(whole: &Problem, caps: &Caps, act: impl FnOnce(&Asking<'_>, &[u32]) -> R) -> R {
    let workers = Workers::here();
    let clock = Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(1), is_cancelled: &|| false };
    let everybody: Vec<u32> = (0..whole.volunteer_count() as u32).collect();
    act(&Asking { whole, caps, workers: &workers, clock: &clock }, &everybody)
}

/// Somebody in the centre without skills, who takes so many gigs.
pub(super) fn anybody(gigs: u32) -> VolunteerRow {
    VolunteerRow { skills: Vec::new(), max_gigs_day: gigs, max_gigs_week: gigs, ..volunteer() }
}

/// A call for anybody, at one time.
pub(super) fn gig(id: String, from: i64, duration_s: i64) -> GigRow {
    GigRow {
        id,
        kind: "shopping".into(),
        duration_s,
        windows: vec![Span::new(from, from + duration_s)],
        ..GigRow::default()
    }
}

/// What anybody said yes to.
pub(super) fn promise(gig: &str, start: i64) -> Promise {
    Promise { gig: gig.into(), slot: 0, volunteer: "v".into(), start, state: PromiseState::Told }
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

/// Roads on which everything is less than half as far in time as in a straight line.
pub(super) fn quick_roads(rows: &Snapshot) -> Arc<Table> {
    const SPEEDS: [(u32, u32); 3] = [(45, 135), (140, 420), (350, 1_050)];
    let bounds = Bounds::new(9, &SPEEDS).expect("a resolution");
    let measure = Measure::new(rows.earth_radius_m, rows.detour_permille);
    let homes = rows.volunteers.iter().filter_map(|row| row.home);
    let spots: Vec<Spot> = homes.chain(rows.gigs.iter().filter_map(|row| row.place)).map(Spot::from).collect();
    let entry = |speed_dkmh: u32, a: Spot, b: Spot| {
        let straight_s = measure.way_s(speed_dkmh, a, b)?;
        let seconds = Some((straight_s * 2 / 5).try_into().ok()?);
        Some(Entry { speed_dkmh, from: bounds.cell(a)?, to: bounds.cell(b)?, seconds })
    };
    let pairs = || spots.iter().flat_map(|&a| spots.iter().map(move |&b| (a, b)));
    let entries = SPEEDS.iter().flat_map(|&(speed_dkmh, _)| pairs().filter_map(move |(a, b)| entry(speed_dkmh, a, b)));
    let entries = entries.collect();
    Arc::new(Table::new(bounds, entries))
}
