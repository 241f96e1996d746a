//! A problem too large for one program: priced tile by tile, balanced and bounded as a whole, and planned tile by tile from what
//! the prices of the whole call for, twice over with other seams.
//!
//! Every volunteer is in one tile of a tiling, with everything they do. A gig belongs to the tile of who does it; if its
//! helpers live in different tiles it stays as it is. A gig that nobody does yet belongs to the tile of its place, a call
//! to a tile where many could take it. So every pass can only make the whole better.

use std::time::Duration;

use rayon::prelude::*;

use super::{
    Progress, SolveOptions,
    asking::Asking,
    book::Book,
    calls::Calls,
    caps::Caps,
    chances::Chances,
    clock::Clock,
    draft::{Draft, fixed_travel_s},
    greedy::Greedy,
    parts::SCALE,
    stitch::{self, Stitch, promised_travel_s},
    task::{TileAnswer, TileTask},
    tile::{self, Depth, Tolls},
    tiling::Tiling,
    workers::Workers,
};
use crate::{
    eligibility,
    plan::{Hours, Plan, Stage, Status, WEIGHT_POINTS},
    problem::{Edges, Everything, Part, Problem, Reach, Selection},
};

/// Fewer volunteers than this make no tile of their own, however many edges they have.
const LEAST_VOLUNTEERS: usize = 300;
/// Most edges of a tile, about.
const TILE_EDGES: u64 = 400_000;
/// Most passes over the whole once its prices are known, each with other seams.
const PASSES: usize = 2;
/// The share of the budget after which prices are no longer looked for.
const PRICES_SHARE: f64 = 0.7;
/// How often some bid before everybody does, and one in how many.
const SAMPLES: usize = 2;
const SAMPLED: usize = 5;
/// Most times that everybody bids; when they gain less than one part in so many of the bound beyond what is known, it is enough.
const BIDS: usize = 4;
const LITTLE_BID: i64 = 1_000;
/// Steps of prices and plans towards each other after bids.
const BID_STEPS: usize = 200;
/// Most times that everybody is asked after that.
const ROUNDS: usize = 6;
/// The same after questions.
const STEPS: usize = 500;
/// A round that lowers the bound by less than one part in so many was the last.
const LITTLE_LOWER: i64 = 5_000;
/// A pass that gains less than one part in so many was the last.
const LITTLE_MORE: i64 = 20_000;
/// Pairs of an unfilled gig and a volunteer that the last look considers at most.
const LAST_PAIRS: usize = 20_000_000;

/// Gigs that are looked at between two looks at the clock, to find those that nobody can do.
const BURIED: usize = 4_096;

/// A draft of a tile, and its prices where they are known.
type Improved = (Draft, Option<Tolls>);
/// What is done to every tile.
type Work<'w> = dyn Fn(&Problem, &Caps, &Draft) -> Option<Improved> + Sync + 'w;

/// What a pass is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// The quick plan, whatever the time.
    Quick,
    /// Prices.
    Prices,
    /// Better plans.
    Plans,
}

/// The division of a problem under way.
struct Division<'p, 'a> {
    problem: &'p Problem,
    caps: &'p Caps,
    options: &'a SolveOptions<'a>,
    elapsed: &'a dyn Fn() -> Duration,
    progress: &'a mut dyn FnMut(Progress),
    workers: &'a Workers,
    /// Volunteers who take gigs.
    active: Vec<u32>,
    tiles: usize,
    book: Book,
    /// What was planned before the book was begun anew, and its points, as long as the book is not better.
    other: Option<(Book, i64)>,
    /// Travel of those who take nothing new.
    idle_s: i64,
    /// Travel less bonuses after the last whole pass.
    cost: i64,
    stitch: Stitch,
    /// How much of each gig each volunteer takes at the prices of the whole, by gig.
    wanted: Vec<(u32, u32, f64)>,
    bound: i64,
    bound_weight: u64,
    stages: Vec<Stage>,
    /// What hours are worth at the prices of the least bound, if that is asked for.
    hours: Hours,
}

/// The best plan of a problem without edges of its own.
pub(super) fn solve(
    problem: &Problem,
    caps: &Caps,
    options: &SolveOptions<'_>,
    elapsed: &dyn Fn() -> Duration,
    progress: &mut dyn FnMut(Progress),
) -> Plan {
    let active: Vec<u32> = (0..problem.volunteer_count())
        .filter(|&volunteer| eligibility::takes_gigs(problem, volunteer) && !problem.windows.of(volunteer).is_empty())
        .map(|volunteer| volunteer as u32)
        .collect();
    let edges = problem.divided.unwrap_or(0);
    let of_people = active.len().div_ceil(options.tile_volunteers.max(1));
    // Small tiles are quick; with too few people in each, their prices say nothing of the whole. A tile has its share of the volunteers
    // and of the gigs, so its edges are fewer by the square of the number of tiles.
    let of_edges = (edges / TILE_EDGES) as usize;
    let tiles = of_people.max(of_edges.min(active.len() / LEAST_VOLUNTEERS)).max(of_edges.isqrt()).max(1);
    let bound_weight = problem.total_weight();
    let mut is_idle = vec![true; problem.volunteer_count()];
    active.iter().for_each(|&volunteer| is_idle[volunteer as usize] = false);
    let idle_s = fixed_travel_s(problem) + promised_travel_s(problem, |volunteer| is_idle[volunteer]);
    let workers = Workers::new(options.threads);
    let mut division = Division {
        problem,
        caps,
        options,
        elapsed,
        progress,
        workers: &workers,
        tiles,
        book: Book::new(problem),
        other: None,
        idle_s,
        cost: idle_s,
        stitch: Stitch::new(problem, caps),
        active,
        wanted: Vec::new(),
        bound: stitch::trivial(problem),
        bound_weight,
        stages: Vec::new(),
        hours: Hours::default(),
    };
    let status = division.run();
    division.into_plan(status)
}

impl Division<'_, '_> {
    fn run(&mut self) -> Status {
        self.pass(0, Turn::Quick, &|problem, caps, start| Some((tile::fill(problem, caps, start.clone()), None)));
        self.ended("greedy");
        if self.options.greedy_only || self.clock().is_over() {
            return Status::Greedy;
        }
        let seed = self.options.seed;
        let price = |problem: &Problem, caps: &Caps, start: &Draft| {
            tile::improve(problem, caps, start, seed, Depth::Prices, &|| false)
        };
        let plan = |problem: &Problem, caps: &Caps, start: &Draft| {
            tile::improve(problem, caps, start, seed, Depth::Plan, &|| false)
        };
        let is_priced = self.pass(0, Turn::Prices, &price);
        self.ended("tiles");
        if !is_priced {
            return Status::Budget;
        }
        self.bury();
        self.stitch.level_calls(self.problem);
        let is_priced = self.price();
        if is_priced {
            // What the prices of the whole call for, rounded, is a better start than what the tiles found each for itself.
            let rounded = self.stitch.rounded(self.problem, self.caps);
            let known = self.objective();
            self.other = Some((std::mem::replace(&mut self.book, rounded), known));
        } else if self.clock().is_over() {
            return Status::Budget;
        }
        for number in 1..=PASSES {
            let before = (number > 1).then(|| self.objective());
            if !self.pass(number, Turn::Plans, &plan) {
                return Status::Budget;
            }
            let now = self.objective();
            if self.other.as_ref().is_some_and(|(_, known)| *known <= now) {
                self.other = None;
            }
            self.ended("tiles");
            if self.is_enough() || before.is_some_and(|before| now - before < now / LITTLE_MORE) {
                break;
            }
        }
        if !is_priced || self.clock().is_over() { Status::Budget } else { Status::Gap }
    }

    /// Whether the gap is as small as was asked for.
    fn is_enough(&self) -> bool {
        (self.bound - self.objective()) as f64 <= self.options.enough_gap * self.bound as f64
    }

    /// Finds prices of the whole and the bound they prove; says whether there was time to ask everybody once.
    fn price(&mut self) -> bool {
        // Some time is left for plans, whatever becomes of the prices.
        let deadline = self.options.budget.mul_f64(PRICES_SHARE);
        let clock = Clock { elapsed: self.elapsed, deadline, is_cancelled: self.options.is_cancelled };
        let asking = Asking { whole: self.problem, caps: self.caps, workers: self.workers, clock: &clock };
        let mut before = i64::MAX;
        // A few people in every place know already what is quite wrong with the prices of the tiles. They bid: what several want costs more
        // at once, or all of it would be looked at by everybody.
        for turn in 0..SAMPLES + BIDS {
            let whom = if turn < SAMPLES { self.sample(turn) } else { self.active.clone() };
            let Some(more) = self.stitch.bid(&asking, &whom) else { return false };
            self.stitch.balance(self.problem, self.caps, BID_STEPS, self.workers);
            if turn >= SAMPLES && more / SCALE < self.bound / LITTLE_BID {
                break;
            }
        }
        for round in 0..ROUNDS {
            let began = (self.elapsed)();
            if !self.stitch.ask(&asking, &self.active) {
                if round == 0 {
                    return false;
                }
                break;
            }
            let total = self.stitch.total(self.problem, self.caps);
            if self.options.worth_of_hours && (round == 0 || total < self.bound) {
                self.hours = Hours { windows: self.stitch.hours(self.problem, self.caps), bound: total };
            }
            self.bound = self.bound.min(total);
            self.ended("prices");
            if before.saturating_sub(total) < total / LITTLE_LOWER || round + 1 == ROUNDS {
                break;
            }
            before = total;
            // The next round will take about as long as the last.
            if clock.left() < (self.elapsed)().saturating_sub(began) {
                break;
            }
            self.stitch.balance(self.problem, self.caps, STEPS, self.workers);
        }
        self.wanted = self.stitch.shares(self.problem);
        true
    }

    /// Some of those who take gigs, others each turn.
    fn sample(&self, turn: usize) -> Vec<u32> {
        self.active.iter().copied().skip(turn).step_by(SAMPLED).collect()
    }

    /// Finds the gigs that too few people could do, wherever they live, and the meetings that too few could come to.
    fn bury(&mut self) {
        let whole = self.problem;
        let is_asked = |&gig: &u32| {
            let gig = gig as usize;
            !whole.gigs.needs.row(gig).is_empty()
                && (self.book.of_gig[gig].is_empty() || !whole.gigs.starts.row(gig).is_empty())
        };
        let asked: Vec<u32> = (0..whole.gig_count() as u32).filter(is_asked).collect();
        let chances = Chances::new(whole, &self.active);
        let (mut dead, mut dead_meetings): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for some in asked.chunks(BURIED) {
            if self.clock().is_over() {
                break;
            }
            let found: Vec<(bool, Vec<u32>)> =
                self.workers.run(|| some.par_iter().map(|&gig| chances.of(gig as usize)).collect());
            for (&gig, (can_be_done, meetings)) in some.iter().zip(found) {
                dead.extend((!can_be_done).then_some(gig));
                dead_meetings.extend(meetings);
            }
        }
        let lost: u64 = dead.iter().map(|&gig| u64::from(whole.weight(gig as usize))).sum();
        self.bound_weight -= lost;
        self.bound -= lost as i64 * WEIGHT_POINTS;
        self.stitch.bury(&dead, |_, meeting| dead_meetings.binary_search(&meeting).is_ok());
    }

    fn clock(&self) -> Clock<'_> {
        Clock { elapsed: self.elapsed, deadline: self.options.budget, is_cancelled: self.options.is_cancelled }
    }

    /// Goes over all tiles of one tiling; says whether there was time for all. Plans may be made by others; what prices need of a tile
    /// is too much to hand over.
    fn pass(&mut self, number: usize, turn: Turn, work: &Work<'_>) -> bool {
        let whole = self.problem;
        let is_timed = turn != Turn::Quick;
        let (mut total, mut is_sound) = (self.idle_s, true);
        let mut longest = Duration::ZERO;
        let selections = self.select(&Tiling::new(whole, &self.active, self.tiles, number));
        let asked = self.options.tiles.filter(|_| turn == Turn::Plans);
        let width = asked.map_or(self.options.threads.clamp(1, 64), |others| others.width().max(1));
        for batch in selections.chunks(width) {
            // The next batch will take about as long as the longest so far.
            let began = (self.elapsed)();
            if is_timed && self.clock().left() <= longest {
                return false;
            }
            let book = &self.book;
            let tasks: Vec<TileTask> = asked.map_or(Vec::new(), |_| batch.iter().map(|tile| self.task(tile)).collect());
            let mut answers = asked.map_or(Vec::new(), |others| others.run(whole, &tasks, &|| self.clock().is_over()));
            answers.resize(batch.len(), None);
            let is_late = asked.is_some() && self.clock().is_over();
            let is_whole = !is_late || answers.iter().all(Option::is_some);
            let one = |(selection, answer): (&Selection, &Option<TileAnswer>)| {
                let mut part = Part::new(whole, selection);
                part.connect();
                let caps = Caps::new(&part.problem);
                let start = book.draft(whole, &part, &selection.gigs);
                let told = answer.as_ref().and_then(|told| told.judged(whole, &part, selection, &caps, &start));
                let done = told.or_else(|| if is_late { None } else { work(&part.problem, &caps, &start) });
                let settled = done.as_ref().map_or(&start, |(draft, _)| draft).settle(&part.problem, &caps);
                let cost = settled.map(|(worth, _)| worth.travel_s - worth.bonus);
                (part, done, cost)
            };
            let done: Vec<(Part, Option<Improved>, Option<i64>)> =
                self.workers.run(|| batch.par_iter().zip(&answers).map(one).collect());
            for (selection, (part, done, cost)) in batch.iter().zip(done) {
                is_sound &= cost.is_some();
                total += cost.unwrap_or(0);
                if let Some((draft, tolls)) = done {
                    self.book.absorb(whole, &part, &selection.gigs, &draft);
                    if let Some(tolls) = tolls {
                        self.stitch.note(whole, &part, &selection.gigs, &tolls);
                    }
                }
            }
            if !is_whole {
                return false;
            }
            longest = longest.max((self.elapsed)().saturating_sub(began));
        }
        // What cannot be done is worth nothing.
        self.cost = if is_sound { total } else { i64::MAX / 2 };
        true
    }

    /// A tile as a task for others.
    fn task(&self, tile: &Selection) -> TileTask {
        TileTask::new(self.problem, tile, self.options.seed, |gig| self.book.of_gig[gig as usize].as_slice())
    }

    /// What belongs to each tile.
    fn select(&self, tiling: &Tiling) -> Vec<Selection> {
        let whole = self.problem;
        let mut tile_of: Vec<Option<usize>> = vec![None; whole.volunteer_count()];
        for (tile, volunteers) in tiling.tiles.iter().enumerate() {
            volunteers.iter().for_each(|&volunteer| tile_of[volunteer as usize] = Some(tile));
        }
        let mut selections: Vec<Selection> = tiling
            .tiles
            .iter()
            .map(|volunteers| Selection { volunteers: volunteers.clone(), ..Selection::default() })
            .collect();
        let mut calls = Calls::new(tiling.tiles.len());
        for gig in (0..whole.gig_count()).filter(|&gig| !whole.gigs.needs.row(gig).is_empty()) {
            let tile = |window: u32| tile_of[whole.windows.volunteer[window as usize] as usize];
            let held = &self.book.of_gig[gig];
            let first = match held.first() {
                Some(held) => tile(held.window),
                None => self.wanting(gig, &tile_of),
            };
            match (first, whole.gigs.place_point[gig]) {
                (Some(first), _) if held.iter().all(|held| tile(held.window) == Some(first)) => {
                    selections[first].gigs.push(gig as u32);
                }
                (Some(_), _) => {
                    let Some(stop) = self.book.stop(whole, gig) else { continue };
                    for held in held {
                        tile(held.window).into_iter().for_each(|tile| selections[tile].locks.push((held.window, stop)));
                    }
                }
                (None, Some(point)) => selections[tiling.tile_at(point.lat, point.lon)].gigs.push(gig as u32),
                (None, None) => selections[calls.tile(whole, tiling, gig)].gigs.push(gig as u32),
            }
        }
        selections.iter_mut().for_each(|selection| selection.locks.sort_unstable());
        selections
    }

    /// The tile whose people would gain most by a gig that nobody does.
    fn wanting(&self, gig: usize, tile_of: &[Option<usize>]) -> Option<usize> {
        let first = self.wanted.partition_point(|&(other, _, _)| (other as usize) < gig);
        let of_gig = self.wanted[first..].iter().take_while(|(other, _, _)| *other as usize == gig);
        let best = of_gig.max_by(|a, b| a.2.total_cmp(&b.2).then(b.1.cmp(&a.1)))?;
        tile_of[best.1 as usize]
    }

    /// Weight of what the book covers.
    fn weight(&self) -> u64 {
        (0..self.problem.gig_count())
            .filter(|&gig| self.problem.gigs.needs.row(gig).is_empty() || !self.book.of_gig[gig].is_empty())
            .map(|gig| u64::from(self.problem.weight(gig)))
            .sum()
    }

    /// Points of the book after a whole pass.
    fn objective(&self) -> i64 {
        self.weight() as i64 * WEIGHT_POINTS - self.cost
    }

    /// Notes the end of a step: the best of the whole passes so far.
    fn ended(&mut self, name: &'static str) {
        let weight = self.weight();
        let objective = self.other.as_ref().map_or(i64::MIN, |(_, points)| *points).max(self.objective());
        self.stages.push(Stage {
            name,
            objective,
            bound: Some(self.bound),
            elapsed_ms: (self.elapsed)().as_millis() as u64,
        });
        (self.progress)(Progress { stage: name, objective, weight, bound: self.bound });
    }

    /// The better book as a plan, rebuilt from the pairs it holds; what is still open is offered to everybody once more.
    fn into_plan(mut self, status: Status) -> Plan {
        let mut books = vec![std::mem::replace(&mut self.book, Book::new(self.problem))];
        books.extend(self.other.take().map(|(book, _)| book));
        let plans = books.iter().filter_map(|book| self.finish(book, status));
        let best = plans.max_by_key(|plan| plan.objective);
        let mut plan = best
            .or_else(|| Draft::new(self.problem).into_plan(self.problem, self.caps, self.options.seed))
            .expect("what is promised can be done");
        plan.bound = self.bound.max(plan.objective);
        plan.bound_weight = self.bound_weight.max(plan.weight);
        plan.status = if plan.objective >= self.bound { Status::Optimal } else { status };
        plan.stages = self.stages;
        plan.hours = self.hours;
        plan
    }

    /// The plan of a book; `None` if it cannot be done.
    fn finish(&self, book: &Book, status: Status) -> Option<Plan> {
        let whole = self.problem;
        let mut open: Vec<usize> = (0..whole.gig_count())
            .filter(|&gig| !whole.gigs.needs.row(gig).is_empty() && book.of_gig[gig].is_empty())
            .collect();
        open.sort_by_key(|&gig| (std::cmp::Reverse(whole.weight(gig)), gig));
        open.truncate(if status == Status::Greedy { 0 } else { LAST_PAIRS / whole.volunteer_count().max(1) });
        open.sort_unstable();
        let reach = Reach::new(whole, |gig| open.binary_search(&gig).is_ok());
        let mut of_person: Vec<Vec<u32>> = vec![Vec::new(); whole.volunteer_count()];
        for (gig, held) in book.of_gig.iter().enumerate() {
            for held in held {
                of_person[whole.windows.volunteer[held.window as usize] as usize].push(gig as u32);
            }
        }
        let mut near = |volunteer: usize, near: &mut Vec<u32>| {
            reach.near(whole, volunteer, near);
            near.extend_from_slice(&of_person[volunteer]);
            near.sort_unstable();
        };
        let edges = Edges::compile(whole, usize::MAX, &mut near, &Everything).0;
        let mut last = Part::whole(whole);
        last.problem.replace_edges(edges);
        let gigs: Vec<u32> = (0..whole.gig_count() as u32).collect();
        let draft = book.draft(whole, &last, &gigs);
        let filled = Greedy::from_draft(&last.problem, self.caps, draft.clone()).fill();
        let mut drafts = [filled, draft].into_iter();
        drafts.find_map(|draft| draft.into_plan(&last.problem, self.caps, self.options.seed))
    }
}

#[cfg(test)]
#[path = "divide_tests.rs"]
mod tests;
