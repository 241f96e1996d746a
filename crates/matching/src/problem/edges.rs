//! Who could do what when: one edge per volunteer's window and kind of open slot that go together.
//!
//! An edge says that every rule that does not depend on the rest of the volunteer's schedule is kept for some start.

use super::{Need, Problem, Rows, homes::Places};
use crate::{
    eligibility,
    snapshot::{Point, Span},
    travel::UNREACHABLE_S,
};

/// All edges, by window, gig and slot.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Edges {
    /// Edges of one window are a range of edge numbers.
    pub(crate) of_window: Rows<()>,
    pub(crate) window: Vec<u32>,
    /// Position in `Gigs::needs`, flat.
    pub(crate) need: Vec<u32>,
    pub(crate) gig: Vec<u32>,
    /// Seconds from home to where the gig begins.
    pub(crate) out_s: Vec<i64>,
    /// Seconds from where the gig ends to home.
    pub(crate) back_s: Vec<i64>,
    /// First and last start, both possible bounds inclusive; the gig's own windows cut out more.
    pub(crate) starts: Vec<Span>,
    /// Points in seconds of travel that using the edge is worth (or costs); the score fills it in.
    pub(crate) bonus: Vec<i32>,
    by_gig: Rows<u32>,
}

impl Edges {
    /// Number of edges.
    pub(crate) fn len(&self) -> usize {
        self.need.len()
    }

    /// Edges of one gig, ascending.
    pub(crate) fn of_gig(&self, gig: usize) -> &[u32] {
        self.by_gig.row(gig)
    }

    /// The volunteer of an edge.
    pub(crate) fn volunteer(&self, problem: &Problem, edge: usize) -> usize {
        problem.windows.volunteer[self.window[edge] as usize] as usize
    }

    /// No edges at all.
    pub(super) fn none(problem: &Problem) -> Self {
        let mut edges = Self::default();
        (0..problem.windows.len()).for_each(|_| edges.of_window.push([]));
        edges.by_gig = Rows::group(problem.gig_count(), &[]);
        edges
    }

    /// Finds the edges of a problem whose volunteers, windows, gigs and needs are in place: of each volunteer to the gigs that
    /// `reach` names, as far as `sieve` keeps them. Stops after the volunteer with whom they are more than `most`, and says how many
    /// volunteers it has looked at.
    pub(crate) fn compile(
        problem: &Problem,
        most: usize,
        reach: &mut dyn FnMut(usize, &mut Vec<u32>),
        sieve: &dyn Sieve,
    ) -> (Self, usize) {
        let mut edges = Self::default();
        let mut near = Vec::new();
        for volunteer in 0..problem.volunteer_count() {
            if edges.len() > most {
                return (edges, volunteer);
            }
            let mut found = Vec::new();
            if eligibility::takes_gigs(problem, volunteer) && !problem.windows.of(volunteer).is_empty() {
                near.clear();
                reach(volunteer, &mut near);
                found = candidates(problem, volunteer, &near);
                sieve.sift(volunteer, None, &mut found);
            }
            for window in problem.windows.of(volunteer) {
                edges.of_one_window(problem, window, &found, sieve);
            }
        }
        let pairs: Vec<(usize, u32)> =
            edges.gig.iter().enumerate().map(|(edge, &gig)| (gig as usize, edge as u32)).collect();
        edges.by_gig = Rows::group(problem.gig_count(), &pairs);
        edges.bonus = vec![0; edges.len()];
        (edges, problem.volunteer_count())
    }

    fn of_one_window(&mut self, problem: &Problem, window: usize, candidates: &[Candidate], sieve: &dyn Sieve) {
        let first = self.len();
        // An escort carries the volunteer along: it can make places reachable that are too far for a trip of their own. On a table of
        // times any stop can.
        let is_carried = problem.is_rough()
            || candidates.iter().any(|candidate| problem.gigs.destination[candidate.need.gig as usize].is_some());
        let mut found = Vec::new();
        for &candidate in candidates {
            if let Some(starts) = candidate.starts_in(problem, window, is_carried) {
                found.push(Candidate { starts, ..candidate });
            }
        }
        sieve.sift(problem.windows.volunteer[window] as usize, Some(window), &mut found);
        for candidate in found {
            self.window.push(window as u32);
            self.need.push(candidate.number);
            self.gig.push(candidate.need.gig);
            self.out_s.push(candidate.out_s);
            self.back_s.push(candidate.back_s);
            self.starts.push(candidate.starts);
        }
        self.of_window.push((first..self.len()).map(|_| ()));
    }
}

/// A need somebody suits and can reach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    need: Need,
    number: u32,
    out_s: i64,
    back_s: i64,
    /// Where a window is asked about: first and last start in it.
    starts: Span,
}

impl Candidate {
    /// The gig.
    pub(crate) fn gig(&self) -> usize {
        self.need.gig as usize
    }

    /// The need, as a position in `Gigs::needs`.
    pub(crate) fn need(&self) -> usize {
        self.number as usize
    }

    /// First and last start in a window, if there is any; who may be carried along needs no time for the way.
    pub(crate) fn starts_in(&self, problem: &Problem, window: usize, is_carried: bool) -> Option<Span> {
        let (gig, slot) = (self.gig(), usize::from(self.need.slot));
        let (volunteer, span) = (problem.windows.volunteer[window] as usize, problem.windows.span[window]);
        let (out_s, back_s) = if is_carried { (0, 0) } else { (self.out_s, self.back_s) };
        let in_time = Span { start: span.start + out_s, end: span.end - back_s - problem.gigs.duration_s[gig] };
        // Most windows are at another time, which is quickly seen.
        if !has_start(problem, gig, in_time) {
            return None;
        }
        let mut starts = eligibility::valid_starts(problem, volunteer, gig, slot, span);
        starts.start = starts.start.max(in_time.start);
        starts.end = starts.end.min(in_time.end);
        has_start(problem, gig, starts).then_some(starts)
    }

    /// Seconds from home to the gig and from there home.
    pub(crate) fn way_s(&self) -> i64 {
        self.out_s.saturating_add(self.back_s)
    }
}

/// The gigs somebody could perhaps reach.
pub(crate) struct Reach {
    places: Places,
    calls: Vec<u32>,
    is_open: Vec<bool>,
}

impl Reach {
    /// Among the open gigs that are wanted.
    pub(crate) fn new(problem: &Problem, is_wanted: impl Fn(usize) -> bool) -> Self {
        let is_open = |gig: usize| !problem.gigs.needs.row(gig).is_empty() && is_wanted(gig);
        let all = 0..problem.gig_count();
        let places: Vec<Option<Point>> =
            all.clone().map(|gig| problem.gigs.place_point[gig].filter(|_| is_open(gig))).collect();
        let calls = all.clone().filter(|&gig| problem.is_call(gig) && is_open(gig)).map(|gig| gig as u32).collect();
        Self { places: Places::new(&places), calls, is_open: all.map(is_open).collect() }
    }

    /// Those that may be in reach of any of these volunteers, ascending.
    pub(crate) fn of_all(&self, problem: &Problem, volunteers: &[u32]) -> Vec<u32> {
        let mut is_near = vec![false; problem.gig_count()];
        self.calls.iter().for_each(|&gig| is_near[gig as usize] = true);
        for volunteer in volunteers.iter().map(|&volunteer| volunteer as usize) {
            if let Some(home) = problem.volunteers.home_point[volunteer] {
                self.places.near(home, problem.reach_rad(volunteer), |gig, _| is_near[gig as usize] = true);
            }
        }
        (0..problem.gig_count() as u32).filter(|&gig| is_near[gig as usize]).collect()
    }

    /// Puts into `out` those that may be in reach of a volunteer, ascending; never misses one.
    pub(crate) fn near(&self, problem: &Problem, volunteer: usize, out: &mut Vec<u32>) {
        self.sifted(problem, volunteer, &Everything, out);
    }

    /// Those of them that a sieve lets through.
    pub(super) fn sifted(&self, problem: &Problem, volunteer: usize, sieve: &dyn Sieve, out: &mut Vec<u32>) {
        out.clear();
        if let Some(few) = sieve.shortlist(volunteer) {
            out.extend(
                few.iter().filter(|&&gig| self.is_open[gig as usize] && sieve.is_wanted(volunteer, gig as usize, 0.0)),
            );
            out.sort_unstable();
            return;
        }
        if let Some(home) = problem.volunteers.home_point[volunteer] {
            let reach_rad = problem.reach_rad(volunteer);
            let reach_rad = sieve.farthest_rad(volunteer).map_or(reach_rad, |farthest| farthest.min(reach_rad));
            self.places.near(home, reach_rad, |gig, away_rad| {
                if sieve.is_wanted(volunteer, gig as usize, away_rad) {
                    out.push(gig);
                }
            });
        }
        out.extend(self.calls.iter().filter(|&&gig| sieve.is_wanted(volunteer, gig as usize, 0.0)));
        out.sort_unstable();
    }
}

/// What is worth looking at, where not everything is.
pub(crate) trait Sieve {
    /// The longest straight line from home, as an angle at the centre of the earth, if there is a limit.
    fn farthest_rad(&self, _volunteer: usize) -> Option<f64> {
        None
    }

    /// All that a volunteer can want, if that is little.
    fn shortlist(&self, _volunteer: usize) -> Option<&[u32]> {
        None
    }

    /// Whether somebody can want a gig at all that is at least as far away as this, as an angle.
    fn is_wanted(&self, _volunteer: usize, _gig: usize, _away_rad: f64) -> bool {
        true
    }

    /// Drops what no plan of a volunteer, or of one window of theirs, is worth having for; these are all there is.
    fn sift(&self, _volunteer: usize, _window: Option<usize>, _found: &mut Vec<Candidate>) {}
}

/// Lets everything through.
pub(crate) struct Everything;

impl Sieve for Everything {}

/// Whether somebody would have an edge to a gig.
pub(crate) fn could_take(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    let is_in_time = |slot: usize| {
        problem.windows.of(volunteer).any(|window| {
            let span = problem.windows.span[window];
            let in_time = Span { start: span.start, end: span.end - problem.gigs.duration_s[gig] };
            has_start(problem, gig, in_time)
                && has_start(problem, gig, eligibility::valid_starts(problem, volunteer, gig, slot, span))
        })
    };
    let mut found = problem.gigs.needs.row(gig).iter().map(|need| usize::from(need.slot));
    found.any(|slot| eligibility::suits(problem, volunteer, gig, slot) && is_in_time(slot))
        && (problem.is_call(gig)
            || problem
                .way_out_s(volunteer, gig)
                .is_some_and(|out_s| out_s <= problem.volunteers.max_travel_s[volunteer]))
}

/// What of these gigs a volunteer suits and reaches, by gig and slot.
pub(crate) fn candidates(problem: &Problem, volunteer: usize, near: &[u32]) -> Vec<Candidate> {
    let people = &problem.volunteers;
    let mut out = Vec::new();
    for &gig in near.iter() {
        let gig = gig as usize;
        if problem.promised.schedule(volunteer).iter().any(|stop| stop.gig == gig) {
            continue;
        }
        let mut ways = None;
        for number in problem.gigs.needs.range(gig) {
            let need = problem.gigs.needs.flat()[number];
            if !eligibility::suits(problem, volunteer, gig, need.slot.into()) {
                continue;
            }
            let (out_s, back_s) = *ways.get_or_insert_with(|| {
                let out_s = problem.way_out_s(volunteer, gig).unwrap_or(UNREACHABLE_S);
                let is_same_way = !problem.may_shorten_ways(gig);
                let back_s = || problem.way_back_s(volunteer, gig).unwrap_or(UNREACHABLE_S);
                (out_s, if is_same_way { out_s } else { back_s() })
            });
            if problem.is_call(gig) || out_s <= people.max_travel_s[volunteer] {
                out.push(Candidate { need, number: number as u32, out_s, back_s, starts: Span { start: 0, end: 0 } });
            }
        }
    }
    out
}

/// Whether the gig has a start within the bounds.
fn has_start(problem: &Problem, gig: usize, starts: Span) -> bool {
    if let Some(start) = problem.gigs.fixed_start[gig] {
        return starts.start <= start && start <= starts.end;
    }
    let grid = problem.gigs.starts.row(gig);
    if !grid.is_empty() {
        return grid.iter().any(|&start| starts.start <= start && start <= starts.end);
    }
    let duration_s = problem.gigs.duration_s[gig];
    problem
        .gigs
        .windows
        .row(gig)
        .iter()
        .any(|span| span.start.max(starts.start) <= (span.end - duration_s).min(starts.end))
}
