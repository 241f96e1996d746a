//! The best order of gigs in one round trip: everything one volunteer could do in one window, times and ways worked out.
//!
//! For a fixed order it is best to start everything as early as it goes: that leaves the most time and the most idle
//! time for later, whatever follows. So a state of a half-made trip is where one is, the [`Pace`], and the travel so
//! far, and a state that is no worse in all three than another with the same gigs at the same place makes it needless.

use crate::{
    itinerary::Pace,
    problem::{Problem, Stop},
    snapshot::Span,
    travel::UNREACHABLE_S,
};

/// Where a half-made trip stands when it has not left yet.
const AT_HOME: u16 = u16::MAX;
/// Most items that are looked at in one window.
pub(crate) const MAX_ITEMS: usize = 60_000;

/// One way to do one gig in one window: its slot, and its start if that is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// The gig.
    pub(crate) gig: u32,
    /// Position of the gig among those of this round.
    site: u16,
    /// Number of the edge; `None` for a promised gig.
    pub(crate) edge: Option<u32>,
    /// Position in `Gigs::starts`, flat, if several helpers must meet.
    pub(crate) meeting: Option<u32>,
    duration_s: i64,
    out_s: i64,
    back_s: i64,
    is_call: bool,
    /// Whether it can shorten the way to others: it ends elsewhere, or a detour may be quicker than the direct way.
    is_escort: bool,
    /// Range of `Round::starts`.
    first_start: u32,
    last_start: u32,
}

/// A half-made trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    at: u16,
    pub(crate) pace: Pace,
    pub(crate) travel_s: i64,
}

impl State {
    /// A sort order in which no state stands behind one that it beats.
    pub(crate) fn order(&self) -> (u16, i64, i64, i64) {
        (self.at, self.pace.clock, self.pace.ready, self.travel_s)
    }

    /// Whether this state leaves at least as much open as another with the same gigs.
    pub(crate) fn beats(&self, other: &State) -> bool {
        self.at == other.at
            && self.pace.clock <= other.pace.clock
            && self.pace.ready <= other.pace.ready
            && self.travel_s <= other.travel_s
    }
}

/// A finished trip: items in order with their starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tour {
    pub(crate) travel_s: i64,
    pub(crate) stops: Vec<(u16, i64)>,
}

/// One volunteer's window with everything they could do in it.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    span: Span,
    pub(crate) items: Vec<Item>,
    /// How many items, from the first, are promised and so part of every trip.
    pub(crate) promised: usize,
    /// Travel of the trip that has only the promised items.
    pub(crate) promised_travel_s: i64,
    /// Possible starts, first and last inclusive, ascending.
    starts: Vec<Span>,
    sites: usize,
    /// Seconds from the end of one site to the beginning of another.
    legs: Vec<u32>,
    /// Whether a gig ends elsewhere, or the ways are rough: then a trip that is late can still come home in time.
    is_carried: bool,
    /// Whether a detour may be quicker than the direct way.
    is_rough: bool,
}

impl Round {
    /// Everything one window could hold, to pick from: the ways between the gigs are not worked out.
    pub(crate) fn menu(problem: &Problem, window: usize) -> Self {
        Self::build(problem, window, problem.edges.of_window.range(window).map(|edge| edge as u32)).0
    }

    /// One window with the promised gigs and these edges of it only, ascending.
    pub(crate) fn with_edges(problem: &Problem, window: usize, edges: impl Iterator<Item = u32>) -> Self {
        let (mut round, gigs) = Self::build(problem, window, edges);
        let volunteer = problem.windows.volunteer[window] as usize;
        round.connect(&gigs, |from, to| {
            let is_way = !problem.is_call(from) && !problem.is_call(to);
            if is_way { problem.leg_s(volunteer, from, to) } else { 0 }
        });
        round
    }

    /// The promised items and these others, in the order given, with seconds between gigs from somebody who knows them.
    pub(crate) fn pick(&self, others: &[u16], leg_s: impl Fn(usize, usize) -> i64) -> Self {
        let mut round =
            Self { starts: Vec::new(), items: Vec::new(), legs: Vec::new(), is_carried: self.is_rough, ..*self };
        let mut gigs: Vec<usize> = Vec::with_capacity(self.promised + others.len());
        for item in (0..self.promised as u16).chain(others.iter().copied()) {
            let mut item = self.items[usize::from(item)];
            let site = gigs.iter().position(|&gig| gig == item.gig as usize).unwrap_or(gigs.len());
            if site == gigs.len() {
                gigs.push(item.gig as usize);
            }
            let starts = item.first_start as usize..item.last_start as usize;
            item.site = site as u16;
            item.first_start = round.starts.len() as u32;
            round.starts.extend_from_slice(&self.starts[starts]);
            item.last_start = round.starts.len() as u32;
            round.is_carried |= item.is_escort;
            round.items.push(item);
        }
        round.connect(&gigs, leg_s);
        round
    }

    /// Fills in the ways between the gigs.
    fn connect(&mut self, gigs: &[usize], leg_s: impl Fn(usize, usize) -> i64) {
        self.sites = gigs.len();
        self.legs = Vec::with_capacity(gigs.len() * gigs.len());
        for &from in gigs {
            let row = gigs.iter().map(|&to| if from == to { 0 } else { leg_s(from, to) });
            self.legs.extend(row.map(|leg_s| u32::try_from(leg_s).unwrap_or(u32::MAX)));
        }
    }

    /// The round without ways, and its gigs by site.
    fn build(problem: &Problem, window: usize, edges: impl Iterator<Item = u32>) -> (Self, Vec<usize>) {
        let volunteer = problem.windows.volunteer[window] as usize;
        let span = problem.windows.span[window];
        let mut round = Self {
            span,
            items: Vec::new(),
            promised: 0,
            promised_travel_s: 0,
            starts: Vec::new(),
            sites: 0,
            legs: Vec::new(),
            is_carried: problem.is_rough(),
            is_rough: problem.is_rough(),
        };
        let mut gigs: Vec<usize> = Vec::new();
        for stop in problem.promised.in_window.row(window) {
            let ways = (problem.way_out_s(volunteer, stop.gig), problem.way_back_s(volunteer, stop.gig));
            let (out_s, back_s) = (ways.0.unwrap_or(UNREACHABLE_S), ways.1.unwrap_or(UNREACHABLE_S));
            round.push(problem, &mut gigs, stop.gig, None, None, (out_s, back_s), [Span::new(stop.start, stop.start)]);
            round.promised += 1;
        }
        round.promised_travel_s =
            crate::itinerary::round_travel_s(problem, volunteer, span, problem.promised.in_window.row(window))
                .unwrap_or(0);
        for edge in edges {
            round.push_edge(problem, &mut gigs, edge);
        }
        (round, gigs)
    }

    fn push_edge(&mut self, problem: &Problem, gigs: &mut Vec<usize>, edge: u32) {
        let at = edge as usize;
        let (gig, bounds) = (problem.edges.gig[at] as usize, problem.edges.starts[at]);
        let ways = (problem.edges.out_s[at], problem.edges.back_s[at]);
        let meetings = problem.gigs.starts.range(gig);
        if !meetings.is_empty() {
            for meeting in meetings {
                let start = problem.gigs.starts.flat()[meeting];
                if bounds.start <= start && start <= bounds.end {
                    self.push(problem, gigs, gig, Some(edge), Some(meeting as u32), ways, [Span::new(start, start)]);
                }
            }
        } else if let Some(start) = problem.gigs.fixed_start[gig] {
            self.push(problem, gigs, gig, Some(edge), None, ways, [Span::new(start, start)]);
        } else {
            let duration_s = problem.gigs.duration_s[gig];
            let spans = problem.gigs.windows.row(gig).iter();
            let starts =
                spans.map(|span| Span::new(span.start.max(bounds.start), (span.end - duration_s).min(bounds.end)));
            self.push(
                problem,
                gigs,
                gig,
                Some(edge),
                None,
                ways,
                starts.filter(|span| span.start <= span.end).collect::<Vec<_>>(),
            );
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one item, assembled in one place")]
    fn push(
        &mut self,
        problem: &Problem,
        gigs: &mut Vec<usize>,
        gig: usize,
        edge: Option<u32>,
        meeting: Option<u32>,
        (out_s, back_s): (i64, i64),
        starts: impl IntoIterator<Item = Span>,
    ) {
        if self.items.len() >= MAX_ITEMS {
            return;
        }
        if gigs.last() != Some(&gig) {
            gigs.push(gig);
        }
        let first_start = self.starts.len() as u32;
        self.starts.extend(starts);
        self.is_carried |= problem.gigs.destination[gig].is_some();
        self.items.push(Item {
            gig: gig as u32,
            site: (gigs.len() - 1) as u16,
            edge,
            meeting,
            duration_s: problem.gigs.duration_s[gig],
            out_s,
            back_s,
            is_call: problem.is_call(gig),
            is_escort: problem.gigs.destination[gig].is_some() || (self.is_rough && !problem.is_call(gig)),
            first_start,
            last_start: self.starts.len() as u32,
        });
    }

    /// The trip that has not begun.
    pub(crate) fn begin(&self) -> State {
        State { at: AT_HOME, pace: Pace::at_home(self.span.start), travel_s: 0 }
    }

    /// The trip with one more item at its earliest start, and that start; `None` where it cannot be in time.
    pub(crate) fn step(&self, state: State, item: usize) -> Option<(State, i64)> {
        let next = &self.items[item];
        let leg_s = if next.is_call {
            0
        } else if state.at == AT_HOME {
            next.out_s
        } else {
            i64::from(
                self.legs[usize::from(self.items[usize::from(state.at)].site) * self.sites + usize::from(next.site)],
            )
        };
        let earliest = if next.is_call { state.pace.next_call() } else { state.pace.next_stop(leg_s) };
        let starts = &self.starts[next.first_start as usize..next.last_start as usize];
        let start = starts.iter().find(|span| earliest <= span.end).map(|span| span.start.max(earliest))?;
        let end = start + next.duration_s;
        let state = if next.is_call {
            State { pace: state.pace.after_call(end, next.duration_s), ..state }
        } else {
            State { at: item as u16, pace: Pace::after_stop(end), travel_s: state.travel_s + leg_s }
        };
        let is_alive = if self.is_carried { end <= self.span.end } else { self.home(state).is_some() };
        is_alive.then_some((state, start))
    }

    /// Travel of the whole trip if it goes home now; `None` where that is too late.
    pub(crate) fn home(&self, state: State) -> Option<i64> {
        let back_s = if state.at == AT_HOME { 0 } else { self.items[usize::from(state.at)].back_s };
        (state.pace.next_stop(back_s) <= self.span.end).then_some(state.travel_s + back_s)
    }

    /// Whether a gig of this round ends elsewhere, so that more gigs can be possible where fewer are not.
    pub(crate) fn is_carried(&self) -> bool {
        self.is_carried
    }

    /// Whether two items are the same gig.
    pub(crate) fn same_gig(&self, a: usize, b: usize) -> bool {
        self.items[a].site == self.items[b].site
    }

    /// The least that the rest of a half-made trip brings its travel to.
    pub(crate) fn least_travel_s(&self, state: State) -> i64 {
        let is_out = state.at != AT_HOME && !self.is_carried;
        state.travel_s + if is_out { self.items[usize::from(state.at)].back_s } else { 0 }
    }

    /// The least travel of a trip with this item in it; nothing where an escort could shorten the way.
    pub(crate) fn least_with_s(&self, item: usize) -> i64 {
        let item = &self.items[item];
        if self.is_carried { 0 } else { item.out_s.saturating_add(item.back_s) }
    }

    /// Whether an item ends elsewhere.
    pub(crate) fn is_escort(&self, item: usize) -> bool {
        self.items[item].is_escort
    }

    /// The order of the promised items and these that travels least, or `None` if there is none.
    pub(crate) fn best_order(&self, items: &[u16]) -> Option<Tour> {
        let all: Vec<u16> = (0..self.promised as u16).chain(items.iter().copied()).collect();
        let mut search = OrderSearch { round: self, left: all, path: Vec::new(), best: None };
        search.go(self.begin());
        search.best
    }

    /// The finished trip as stops of a schedule, by start.
    pub(crate) fn stops(&self, tour: &Tour) -> Vec<Stop> {
        tour.stops
            .iter()
            .map(|&(item, start)| Stop { start, gig: self.items[usize::from(item)].gig as usize })
            .collect()
    }
}

/// Depth-first search over orders; sets are small (a day holds a handful of gigs).
struct OrderSearch<'a> {
    round: &'a Round,
    left: Vec<u16>,
    path: Vec<(u16, i64)>,
    best: Option<Tour>,
}

impl OrderSearch<'_> {
    fn go(&mut self, state: State) {
        if self.best.as_ref().is_some_and(|best| best.travel_s <= state.travel_s) {
            return;
        }
        if self.left.is_empty() {
            if let Some(travel_s) = self.round.home(state)
                && self.best.as_ref().is_none_or(|best| travel_s < best.travel_s)
            {
                self.best = Some(Tour { travel_s, stops: self.path.clone() });
            }
            return;
        }
        for at in 0..self.left.len() {
            let item = self.left[at];
            if let Some((next, start)) = self.round.step(state, usize::from(item)) {
                self.left.remove(at);
                self.path.push((item, start));
                self.go(next);
                self.path.pop();
                self.left.insert(at, item);
            }
        }
    }
}
