//! A part of a problem as a problem of its own: some volunteers, some gigs to plan, and what the volunteers do besides.
//!
//! Promises are no longer promises in a part but stops that stand; a gig has the slots that are open, and nobody else's.

use super::edges::Everything;
use super::{BitRows, Edges, Gigs, Problem, Promised, Reach, Rows, Sieve, Stop, Volunteers, Windows};

/// Which part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Ascending.
    pub(crate) volunteers: Vec<u32>,
    /// Gigs to plan, ascending.
    pub(crate) gigs: Vec<u32>,
    /// What else stands, by window of the whole and start.
    pub(crate) locks: Vec<(u32, Stop)>,
}

/// A part with the numbers its rows have in the whole.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) problem: Problem,
    /// Ascending.
    pub(crate) volunteers: Vec<u32>,
    /// Ascending.
    pub(crate) gigs: Vec<u32>,
    /// Windows of the whole, ascending.
    pub(crate) windows: Vec<u32>,
}

impl Part {
    /// The part without edges.
    pub(crate) fn new(whole: &Problem, selection: &Selection) -> Self {
        let volunteers = selection.volunteers.clone();
        let windows: Vec<u32> = volunteers
            .iter()
            .flat_map(|&volunteer| whole.windows.of(volunteer as usize))
            .map(|window| window as u32)
            .collect();
        // Gigs that only stand in somebody's time come along.
        let mut gigs = selection.gigs.clone();
        for &volunteer in &volunteers {
            gigs.extend(whole.standing_schedule(volunteer as usize).iter().map(|stop| stop.gig as u32));
        }
        let locks: Vec<(u32, Stop)> =
            selection.locks.iter().copied().filter(|(window, _)| windows.binary_search(window).is_ok()).collect();
        gigs.extend(locks.iter().map(|(_, stop)| stop.gig as u32));
        gigs.sort_unstable();
        gigs.dedup();
        let problem = Problem {
            measure: whole.measure,
            day_starts: whole.day_starts.clone(),
            week_starts: whole.week_starts.clone(),
            words: Default::default(),
            volunteers: pick_volunteers(&whole.volunteers, &volunteers, &gigs),
            windows: pick_windows(whole, &volunteers),
            gigs: pick_gigs(&whole.gigs, &gigs, &selection.gigs),
            promised: pick_promised(whole, &volunteers, &gigs, &windows, &locks),
            edges: Edges::default(),
            pair_bonuses: whole.pair_bonuses,
            week_step_s: whole.week_step_s,
            divided: None,
            roads: whole.roads.as_ref().map(|roads| roads.pick(&volunteers, &gigs)),
        };
        Self { problem, volunteers, gigs, windows }
    }

    /// The whole itself, promises and all.
    pub(crate) fn whole(whole: &Problem) -> Self {
        Self {
            problem: whole.clone(),
            volunteers: (0..whole.volunteer_count() as u32).collect(),
            gigs: (0..whole.gig_count() as u32).collect(),
            windows: (0..whole.windows.len() as u32).collect(),
        }
    }

    /// Adds all edges.
    pub(crate) fn connect(&mut self) {
        let edges = self.edges(&Everything);
        self.problem.replace_edges(edges);
    }

    /// The edges that a sieve lets through.
    pub(crate) fn edges(&self, sieve: &dyn Sieve) -> Edges {
        let problem = &self.problem;
        let reach = Reach::new(problem, |_| true);
        let mut near = |volunteer: usize, near: &mut Vec<u32>| reach.sifted(problem, volunteer, sieve, near);
        Edges::compile(problem, usize::MAX, &mut near, sieve).0
    }

    /// The number in this part of a gig of the whole.
    pub(crate) fn gig(&self, of_whole: usize) -> Option<usize> {
        self.gigs.binary_search(&(of_whole as u32)).ok()
    }

    /// The number in this part of a window of the whole.
    pub(crate) fn window(&self, of_whole: usize) -> Option<usize> {
        self.windows.binary_search(&(of_whole as u32)).ok()
    }
}

impl Problem {
    /// The same problem with these edges, which get their worth.
    pub(crate) fn replace_edges(&mut self, edges: Edges) {
        self.edges = edges;
        super::promised::reward_keeping(self);
        if self.pair_bonuses {
            crate::score::add_pair_bonuses(self);
        }
    }
}

fn pick<T: Clone>(all: &[T], picked: &[u32]) -> Vec<T> {
    picked.iter().map(|&at| all[at as usize].clone()).collect()
}

fn pick_rows<T: Copy>(all: &Rows<T>, picked: &[u32]) -> Rows<T> {
    let mut rows = Rows::default();
    picked.iter().for_each(|&at| rows.push(all.row(at as usize).iter().copied()));
    rows
}

fn pick_bits(all: &BitRows, picked: &[u32]) -> BitRows {
    all.pick(picked.iter().map(|&at| at as usize))
}

/// The volunteers of a part that has these gigs.
fn pick_volunteers(all: &Volunteers, picked: &[u32], gigs: &[u32]) -> Volunteers {
    let mut declined = Rows::default();
    for &volunteer in picked {
        let own = all.declined.row(volunteer as usize).iter();
        declined.push(own.filter_map(|gig| gigs.binary_search(gig).ok()).map(|gig| gig as u32));
    }
    Volunteers {
        ids: pick(&all.ids, picked),
        home: pick(&all.home, picked),
        home_point: pick(&all.home_point, picked),
        speed_dkmh: pick(&all.speed_dkmh, picked),
        max_travel_s: pick(&all.max_travel_s, picked),
        kinds: pick_bits(&all.kinds, picked),
        likes: pick_bits(&all.likes, picked),
        languages: pick_bits(&all.languages, picked),
        skills: pick_bits(&all.skills, picked),
        validity: pick_rows(&all.validity, picked),
        max_gigs_day: pick(&all.max_gigs_day, picked),
        max_gigs_week: pick(&all.max_gigs_week, picked),
        standing: pick(&all.standing, picked),
        age_years: pick(&all.age_years, picked),
        blocked: pick_rows(&all.blocked, picked),
        declined,
        familiar: pick_rows(&all.familiar, picked),
        traits: pick_bits(&all.traits, picked),
        last_gig_days_ago: pick(&all.last_gig_days_ago, picked),
        gigs_so_far: pick(&all.gigs_so_far, picked),
        demands: Rows::of_nothing(picked.len()),
    }
}

fn pick_windows(whole: &Problem, volunteers: &[u32]) -> Windows {
    let mut out = Windows::default();
    for (at, &volunteer) in volunteers.iter().enumerate() {
        let windows = whole.windows.of(volunteer as usize);
        out.of_volunteer.push(windows.clone().map(|_| ()));
        out.volunteer.extend(windows.clone().map(|_| at as u32));
        out.span.extend_from_slice(&whole.windows.span[windows]);
    }
    out
}

/// The gigs of a part; those that are not planned in it need nobody.
fn pick_gigs(all: &Gigs, picked: &[u32], planned: &[u32]) -> Gigs {
    let (mut slots, mut needs, mut starts) = (Rows::default(), Rows::default(), Rows::default());
    let mut slot_rows = Vec::new();
    for (at, &gig) in picked.iter().enumerate() {
        slots.push(all.slots.row(gig as usize).iter().copied());
        slot_rows.extend(all.slots.range(gig as usize));
        let is_planned = planned.binary_search(&gig).is_ok();
        let own = if is_planned { all.needs.row(gig as usize) } else { &[] };
        needs.push(own.iter().map(|need| super::Need { gig: at as u32, ..*need }));
        starts.push(if is_planned { all.starts.row(gig as usize) } else { &[] }.iter().copied());
    }
    Gigs {
        ids: pick(&all.ids, picked),
        kind: pick(&all.kind, picked),
        seeker: pick(&all.seeker, picked),
        place: pick(&all.place, picked),
        place_point: pick(&all.place_point, picked),
        destination: pick(&all.destination, picked),
        duration_s: pick(&all.duration_s, picked),
        windows: pick_rows(&all.windows, picked),
        slots,
        slot_skills: all.slot_skills.pick(slot_rows.into_iter()),
        languages: pick_bits(&all.languages, picked),
        weight: pick(&all.weight, picked),
        fixed_start: pick(&all.fixed_start, picked),
        min_age: pick(&all.min_age, picked),
        wishes: pick_bits(&all.wishes, picked),
        starts,
        needs,
    }
}

fn pick_promised(
    whole: &Problem,
    volunteers: &[u32],
    gigs: &[u32],
    windows: &[u32],
    locks: &[(u32, Stop)],
) -> Promised {
    let local = |stop: &Stop| Stop { start: stop.start, gig: gigs.partition_point(|&gig| (gig as usize) < stop.gig) };
    let own_locks = |window: u32| locks.iter().filter(move |(of, _)| *of == window).map(|(_, stop)| stop);
    let mut promised = Promised { cost_s: whole.promised.cost_s, ..Promised::default() };
    for &volunteer in volunteers {
        let mut schedule: Vec<Stop> = whole.promised.schedule.row(volunteer as usize).iter().map(local).collect();
        for window in whole.windows.of(volunteer as usize) {
            schedule.extend(own_locks(window as u32).map(local));
        }
        schedule.sort_unstable();
        promised.schedule.push(schedule);
        promised.stray.push([]);
    }
    for &window in windows {
        let mut stops: Vec<Stop> = whole.promised.in_window.row(window as usize).iter().map(local).collect();
        stops.extend(own_locks(window).map(local));
        stops.sort_unstable();
        promised.in_window.push(stops);
    }
    for pin in &whole.promised.movable {
        let (gig, volunteer) =
            (gigs.binary_search(&(pin.gig as u32)), volunteers.binary_search(&(pin.volunteer as u32)));
        if let (Ok(gig), Ok(volunteer)) = (gig, volunteer) {
            promised.movable.push(super::promised::Pin { gig, volunteer, ..*pin });
        }
    }
    promised
}
