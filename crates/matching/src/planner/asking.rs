//! Everybody is asked what they gain at the prices of the whole, of all gigs, and by which plans.
//!
//! Nobody looks for what gains no more than the best plan that is known of them: that much they gain in any case, so the bound is as good.

use rayon::prelude::*;

use super::{
    caps::Caps,
    clock::Clock,
    interest::{Asked, Interest},
    limits::Limits,
    menus::Menus,
    parts::{Goal, Parts, SCALE},
    pool::Task,
    prices::Prices,
    pricing::{Found, Query},
    rows::Rows,
    single::Single,
    stitch::{Stitch, scaled},
    tickets::{NONE, Tickets},
    tiling::Tiling,
    trips::{self, Trips},
    wants::{Best, Neighbour, Shelves, midst},
    wish::Wish,
    workers::Workers,
};
use crate::{
    problem::{Part, Problem, Reach, Selection},
    travel::{self, Spot},
};

/// Volunteers asked at once on each thread.
const GROUP: usize = 250;
/// Groups asked before their answers count.
const ASKED: usize = 16;
const BIDDING: usize = 8;
/// Gigs with a place, and calls, that neighbours look at when they bid.
const LIKELY: usize = 1_000;
/// Plans of each window that are noted at once.
const NOTED: usize = 4;

/// What somebody answers about a window, or about all of theirs together who takes one gig at most.
struct Answer {
    /// The window, or the first of all.
    window: usize,
    /// No plan gains more (scaled).
    gain: i64,
    /// How much of that is beyond the best plan known before.
    more: i64,
    /// The best plans, best first: window, parts, and points without the weight of gigs whose helpers must meet.
    plans: Vec<(usize, Vec<Task>, i64)>,
}

/// What there is to want.
enum Offers {
    /// Everything in reach, where nobody can say how far it may be.
    InReach(Reach),
    Wanted(Shelves),
}

/// What asking needs.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) whole: &'a Problem,
    pub(super) caps: &'a Caps,
    pub(super) workers: &'a Workers,
    pub(super) clock: &'a Clock<'a>,
}

impl Stitch {
    /// Asks these volunteers what their windows gain at most, and by which plans; says whether there was time for all. Only everybody's
    /// answers make a bound.
    pub(super) fn ask(&mut self, asking: &Asking<'_>, whom: &[u32]) -> bool {
        self.of_window.fill(0);
        self.ask_in_batches(asking, whom, false, &mut |stitch, answers| {
            answers.iter().for_each(|answer| stitch.of_window[answer.window] = answer.gain);
        })
    }

    /// Asks these volunteers by which plans they would gain more than by those that are known, and lets them bid: the gigs of the best new
    /// plan of a window cost as much more, from then on, as it gains beyond the best known one. They look only at what is likely to be worth it:
    /// no bound comes of that. Says how much more they gain in all, scaled; `None` if there was no time for all.
    pub(super) fn bid(&mut self, asking: &Asking<'_>, whom: &[u32]) -> Option<i64> {
        let mut more = 0;
        let is_done = self.ask_in_batches(asking, whom, true, &mut |stitch, answers| {
            more += answers.iter().map(|answer| answer.more.max(0)).sum::<i64>();
            let mut bids: Vec<(u32, i64)> = Vec::new();
            for answer in answers.iter().filter(|answer| answer.more > 0) {
                let Some((_, tasks, _)) = answer.plans.first() else { continue };
                let singles = || tasks.iter().filter(|(_, meeting)| *meeting == NONE);
                let each = answer.more / singles().count().max(1) as i64;
                bids.extend(singles().map(|&(need, _)| (asking.whole.gigs.needs.flat()[need as usize].gig, each)));
            }
            // Of several who want a gig, who wants it most says what it costs.
            bids.sort_unstable_by_key(|&(gig, more)| (gig, -more));
            bids.dedup_by_key(|bid| bid.0);
            for (gig, more) in bids {
                let price = stitch.pool.price(gig as usize) + more as f64 / SCALE as f64;
                stitch.pool.set_price(gig as usize, price);
            }
        });
        is_done.then_some(more)
    }

    /// Asks volunteers batch by batch, a few groups of neighbours at once, notes their plans and hands on the answers of each batch.
    fn ask_in_batches(
        &mut self,
        asking: &Asking<'_>,
        whom: &[u32],
        is_lean: bool,
        take: &mut dyn FnMut(&mut Self, &[Answer]),
    ) -> bool {
        let (whole, caps) = (asking.whole, asking.caps);
        // What leaves nothing is still worth doing where it makes the way to others shorter.
        let is_open = |gig: usize| !self.dead[gig] && (self.most_left(whole, gig) > 0 || whole.may_shorten_ways(gig));
        let offers = if (0..whole.gig_count()).any(|gig| whole.may_shorten_ways(gig)) {
            Offers::InReach(Reach::new(whole, is_open))
        } else {
            let is_open = |gig: usize| !self.dead[gig] && !whole.gigs.needs.row(gig).is_empty();
            let left = |gig: usize| if is_open(gig) { self.most_left(whole, gig) } else { 0 };
            Offers::Wanted(Shelves::new(whole, (0..whole.gig_count()).map(left).collect()))
        };
        let groups = Tiling::new(whole, whom, whom.len().div_ceil(GROUP).max(1), 0).tiles;
        for batch in groups.chunks(if is_lean { BIDDING } else { ASKED }) {
            if asking.clock.is_over() {
                return false;
            }
            let this = &*self;
            let asked = |group: &Vec<u32>| this.ask_group(whole, caps, group, &offers, is_lean);
            let of_groups: Vec<Vec<Answer>> = asking.workers.run(|| batch.par_iter().map(asked).collect());
            let answers: Vec<Answer> = of_groups.into_iter().flatten().collect();
            for (window, tasks, value) in answers.iter().flat_map(|answer| &answer.plans) {
                self.pool.add(whole, *window, tasks, *value, 0.0);
            }
            take(self, &answers);
        }
        true
    }

    /// Of the gigs that some neighbours may reach those that leave most after the way from their midst, and what is in their known plans.
    fn likely(&self, whole: &Problem, group: &[u32], offers: &Offers) -> Vec<u32> {
        let people = &whole.volunteers;
        let midst = midst(whole, group);
        let fastest = group.iter().map(|&volunteer| people.speed_dkmh[volunteer as usize]).max().unwrap_or(0);
        let left = |gig: u32| {
            let way_s = whole.gigs.place_point[gig as usize].map_or(0, |place| {
                travel::seconds(whole.measure.metres(Spot::from(midst), Spot::from(place)), fastest)
            });
            self.reward(whole, gig as usize).saturating_sub(way_s.saturating_mul(2 * SCALE))
        };
        let (mut calls, mut places) = (Best::new(LIKELY), Best::new(LIKELY));
        match offers {
            Offers::InReach(reach) => {
                for gig in reach.of_all(whole, group) {
                    let some = if whole.is_call(gig as usize) { &mut calls } else { &mut places };
                    some.offer(left(gig), gig);
                }
            }
            Offers::Wanted(shelves) => {
                shelves.offer_calls(&mut calls, left);
                shelves.offer_places(whole, group, (midst, fastest), &mut places, left);
            }
        }
        let mut likely: Vec<u32> = calls.gigs().chain(places.gigs()).collect();
        for window in group.iter().flat_map(|&volunteer| whole.windows.of(volunteer as usize)) {
            let tasks = self.pool.of_window(window).flat_map(|(tasks, _)| tasks);
            likely.extend(tasks.map(|&(need, _)| whole.gigs.needs.flat()[need as usize].gig));
        }
        likely.sort_unstable();
        likely.dedup();
        likely
    }

    /// The most that a known plan of a window gains at these prices, scaled, or zero: no better plan need be looked for below it.
    fn best_known(&self, whole: &Problem, caps: &Caps, window: usize) -> i64 {
        let of_caps: i64 = caps.of_window[window].iter().map(|&cap| self.of_cap(cap as usize)).sum();
        let volunteer = whole.windows.volunteer[window];
        let cost = |&(need, meeting): &Task| {
            let gig = whole.gigs.needs.flat()[need as usize].gig as usize;
            if meeting == NONE {
                return self.of_gig(whole, gig);
            }
            scaled(self.pool.link(volunteer, meeting)) - self.of_seat(whole, gig, need as usize, meeting as usize)
        };
        let gain = |(tasks, value): (&[Task], i64)| {
            value * SCALE - tasks.len() as i64 * of_caps - tasks.iter().map(cost).sum::<i64>()
        };
        self.pool.of_window(window).map(gain).max().unwrap_or(0).max(0)
    }

    /// Somebody, what they pay for any gig and what they want to gain more than, for each of their windows.
    fn neighbour(&self, whole: &Problem, caps: &Caps, volunteer: usize, floors: &[i64]) -> Neighbour {
        let toll = |window: usize| caps.of_window[window].iter().map(|&cap| self.of_cap(cap as usize)).sum();
        let tolls: Vec<i64> = whole.windows.of(volunteer).map(toll).collect();
        let (wish, is_judged) = Wish::of(whole, caps, volunteer, self.is_one[volunteer], &tolls, floors);
        Neighbour { volunteer, wish, is_judged }
    }

    /// What all windows of some volunteers gain at most, and by which plans.
    fn ask_group(&self, whole: &Problem, caps: &Caps, group: &[u32], offers: &Offers, is_lean: bool) -> Vec<Answer> {
        let windows = group.iter().flat_map(|&volunteer| whole.windows.of(volunteer as usize));
        let known: Vec<i64> = windows.map(|window| self.best_known(whole, caps, window)).collect();
        let (gigs, wishes) = match offers {
            _ if is_lean => (self.likely(whole, group, offers), None),
            Offers::InReach(reach) => (reach.of_all(whole, group), None),
            Offers::Wanted(shelves) => {
                let mut rest = known.as_slice();
                let neighbour = |&volunteer: &u32| {
                    let (own, others) = rest.split_at(whole.windows.of(volunteer as usize).len());
                    rest = others;
                    self.neighbour(whole, caps, volunteer as usize, own)
                };
                let mut neighbours: Vec<Neighbour> = group.iter().map(neighbour).collect();
                let gigs = shelves.wanted(whole, &mut neighbours);
                (gigs, Some(neighbours.into_iter().map(|one| one.wish).collect::<Vec<Wish>>()))
            }
        };
        let selection = Selection { volunteers: group.to_vec(), gigs, locks: Vec::new() };
        let mut part = Part::new(whole, &selection);
        let rewards: Vec<i64> = part.gigs.iter().map(|&gig| self.most_left(whole, gig as usize)).collect();
        let may_shorten = |gig: usize| part.problem.may_shorten_ways(gig);
        let is_escort: Vec<bool> = (0..part.problem.gig_count()).map(may_shorten).collect();
        let local = Caps::new(&part.problem);
        let of_cap: Vec<i64> = part
            .volunteers
            .iter()
            .flat_map(|&volunteer| self.first_cap[volunteer as usize]..self.first_cap[volunteer as usize + 1])
            .map(|cap| self.of_cap(cap))
            .collect();
        let toll = |caps: &Vec<u32>| caps.iter().map(|&cap| of_cap[cap as usize]).sum();
        let tolls: Vec<i64> = local.of_window.iter().map(toll).collect();
        let is_one: Vec<bool> = part.volunteers.iter().map(|&volunteer| self.is_one[volunteer as usize]).collect();
        let asked = Asked { rewards: &rewards, tolls: &tolls, floors: &known, is_escort: &is_escort, is_one: &is_one };
        let interest = match wishes {
            Some(wishes) => Interest::of_wishes(&part, &local, asked, wishes),
            None => Interest::new(&part, &local, asked),
        };
        let edges = part.edges(&interest);
        part.problem.replace_edges(edges);
        let problem = &part.problem;
        let mut tickets = Tickets::listed(problem);
        // Where a ticket stands in the whole: its gig, need and meeting.
        let place = |ticket: usize| {
            let own = tickets.gig[ticket] as usize;
            let gig = part.gigs[own] as usize;
            let need = problem.edges.need[tickets.edge[ticket] as usize] as usize - problem.gigs.needs.range(own).start;
            let meeting = match tickets.meeting[ticket] {
                NONE => NONE,
                meeting => {
                    let first = problem.gigs.starts.range(own).start;
                    (whole.gigs.starts.range(gig).start + meeting as usize - first) as u32
                }
            };
            (gig, (whole.gigs.needs.range(gig).start + need) as u32, meeting)
        };
        let places: Vec<(usize, u32, u32)> = (0..tickets.len()).map(place).collect();
        let is_alive = |&(_, _, meeting): &(usize, u32, u32)| meeting == NONE || !self.dead_meetings[meeting as usize];
        tickets.is_alive = places.iter().map(is_alive).collect();
        let menus = Menus::lean(problem);
        let (rows, workers) = (Rows::default(), Workers::here());
        let parts = Parts {
            problem,
            caps: &local,
            tickets: &tickets,
            menus: &menus,
            rows: &rows,
            workers: &workers,
            fixed: 0,
            fixed_weight: 0,
        };
        let cost = |window: usize, ticket: usize| match places[ticket] {
            (gig, _, NONE) => self.of_gig(whole, gig),
            (gig, need, meeting) => {
                let volunteer = part.volunteers[problem.windows.volunteer[window] as usize];
                let link = scaled(self.pool.link(volunteer, meeting));
                link - self.of_seat(whole, gig, need as usize, meeting as usize)
            }
        };
        let prices = Prices::of_tickets(&parts, &cost, &of_cap);
        let limits = Limits::none(&parts);
        let trips = Trips::new(problem.windows.len());
        let query = Query {
            parts: &parts,
            goal: Goal::Points,
            prices: &prices,
            limits: &limits,
            trips: &trips,
            is_in: &[],
            most: NOTED,
        };
        let single = Single { parts: &parts, prices: &prices, most: NOTED };
        let mut answers: Vec<Answer> = Vec::new();
        for volunteer in (0..part.volunteers.len()).filter(|&volunteer| is_one[volunteer]) {
            let person = part.volunteers[volunteer] as usize;
            let own = self.first_cap[person]..self.first_cap[person + 1];
            let price: i64 = own.map(|cap| scaled(self.pool.price(self.pool.layout.cap + cap))).sum();
            let floor = known[problem.windows.of(volunteer)].iter().copied().max().unwrap_or(0);
            let (best, tickets) = single.ask(volunteer, floor.max(price));
            let best = best.max(floor);
            let plan = |(window, ticket, value): (usize, usize, i64)| {
                let (_, need, meeting) = places[ticket];
                (part.windows[window] as usize, vec![(need, meeting)], value)
            };
            answers.push(Answer {
                window: part.windows[problem.windows.of(volunteer).start] as usize,
                gain: best,
                more: best - floor,
                plans: tickets.into_iter().map(plan).collect(),
            });
        }
        let answer = |window: usize| {
            let offer = query.of_window(window, known[window]);
            let whole_window = part.windows[window] as usize;
            let plan = |found: &Found| {
                let task = |&ticket: &u32| (places[ticket as usize].1, places[ticket as usize].2);
                let mut tasks: Vec<Task> = found.tickets.iter().map(task).collect();
                tasks.sort_unstable();
                (whole_window, tasks, trips::worth(problem, &tickets, &found.tickets, found.extra_s).0)
            };
            let price = scaled(self.pool.price(self.pool.layout.window + whole_window));
            Answer {
                window: whole_window,
                gain: offer.best,
                more: offer.found.first().map_or(0, |found| found.gain - known[window]),
                plans: offer.found.iter().filter(|found| found.gain > price).map(plan).collect(),
            }
        };
        let more = (0..problem.windows.len()).filter(|&window| !is_one[problem.windows.volunteer[window] as usize]);
        answers.extend(more.map(answer));
        answers
    }
}

#[cfg(test)]
#[path = "asking_tests.rs"]
mod tests;
