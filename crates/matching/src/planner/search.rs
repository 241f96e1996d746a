//! The order of the steps, and the best that is known at any time.

use std::time::Duration;

use super::{
    Progress, SolveOptions,
    approach::Approach,
    bound::Bound,
    branch,
    caps::Caps,
    choice,
    clock::Clock,
    cuts::Cuts,
    draft::{Draft, Worth},
    greedy::Greedy,
    hours,
    limits::Limits,
    live::Live,
    lp::Answer,
    master::{Master, Relaxed},
    menus::Menus,
    mip,
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    pricing::{Offer, Query},
    rows::Rows,
    tickets::Tickets,
    trips::Trips,
    workers::Workers,
};
use crate::{
    plan::{Hours, Plan, Stage, Status, WEIGHT_POINTS},
    problem::Problem,
};

/// Most rounds of cuts.
const MAX_CUT_ROUNDS: usize = 60;
/// Most parts the proof may be split into.
const MAX_NODES: usize = 20_000;
/// Hundredths of the budget after which the first relaxation stops.
const RELAX_SHARE: u32 = 65;
/// Hundredths of the budget after which the dive stops.
const DIVE_SHARE: u32 = 85;
/// With more plans in the program than this, a dive comes before the cuts.
const LARGE: usize = 3_000;
/// With more of them from the beginning, prices are balanced and a dive made before the program is relaxed.
const VERY_LARGE: usize = 5_000;
/// Hundredths of the budget after which no more cuts are made before branching.
const CUT_SHARE: u32 = 25;
/// Hundredths of the budget after which the proof stops.
const PROOF_SHARE: u32 = 60;
/// Hundredths of the budget after which the choice by integer program stops.
const CHOICE_SHARE: u32 = 90;
/// Hundredths of the budget after which the worth of hours is no longer looked for.
const HOURS_SHARE: u32 = CHOICE_SHARE;
/// Most rounds of prices for the worth of hours.
const HOURS_ROUNDS: usize = 4;
/// How much more there is of each gig then: little enough to change no plan.
const SPARE: f64 = 1.0 / 1024.0;
/// Relative gap at which the choice by integer program is good enough.
const CHOICE_GAP: f32 = 1e-5;

/// A search under way.
pub(super) struct Search<'p, 'a> {
    problem: &'p Problem,
    caps: &'p Caps,
    options: &'a SolveOptions<'a>,
    elapsed: &'a dyn Fn() -> Duration,
    progress: &'a mut dyn FnMut(Progress),
    best: Draft,
    worth: Worth,
    bound: i64,
    bound_weight: u64,
    status: Status,
    stages: Vec<Stage>,
    /// Whether a step had to end before it was done.
    is_short: bool,
    hours: Hours,
}

impl<'p, 'a> Search<'p, 'a> {
    pub(super) fn new(
        problem: &'p Problem,
        caps: &'p Caps,
        options: &'a SolveOptions<'a>,
        elapsed: &'a dyn Fn() -> Duration,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Self {
        let best = Draft::new(problem);
        let worth = best.settle(problem, caps).map(|(worth, _)| worth).unwrap_or_default();
        Self {
            problem,
            caps,
            options,
            elapsed,
            progress,
            best,
            worth,
            bound: i64::MAX,
            bound_weight: u64::MAX,
            status: Status::Greedy,
            stages: Vec::new(),
            is_short: false,
            hours: Hours::default(),
        }
    }

    /// Takes a draft if it can be done and is better; says whether it was.
    fn offer(&mut self, draft: Draft) -> bool {
        match draft.settle(self.problem, self.caps) {
            Some((worth, _)) if worth.objective() > self.worth.objective() => {
                self.best = draft;
                self.worth = worth;
                true
            }
            _ => false,
        }
    }

    /// Notes the end of a step.
    fn ended(&mut self, name: &'static str) {
        let objective = self.worth.objective();
        let bound = (self.bound < i64::MAX).then_some(self.bound);
        self.stages.push(Stage { name, objective, bound, elapsed_ms: (self.elapsed)().as_millis() as u64 });
        (self.progress)(Progress { stage: name, objective, weight: self.worth.weight, bound: self.bound });
    }

    fn lower_bound(&mut self, bound: i64) {
        self.bound = self.bound.min(bound);
    }

    fn lower_bound_weight(&mut self, points: i64) {
        self.bound_weight = self.bound_weight.min(u64::try_from(points.div_euclid(WEIGHT_POINTS)).unwrap_or(0));
    }

    fn is_proven(&self) -> bool {
        self.worth.objective() >= self.bound
    }

    /// The first plan, and what bounds it without any search.
    pub(super) fn greedy(&mut self, draft: Draft) {
        self.offer(draft);
        let weight: u64 = self.reachable_weight();
        self.bound_weight = weight;
        let bonus: i64 =
            (0..self.problem.edges.len()).map(|edge| i64::from(self.problem.edges.bonus[edge]).max(0)).sum();
        self.bound = weight as i64 * WEIGHT_POINTS + bonus;
        if self.is_proven() {
            self.status = Status::Optimal;
        }
        self.ended("greedy");
    }

    /// Weight of all gigs that are whole already or have candidates enough for every need.
    fn reachable_weight(&self) -> u64 {
        let problem = self.problem;
        (0..problem.gig_count())
            .filter(|&gig| {
                problem.gigs.needs.range(gig).all(|need| {
                    let edges = problem
                        .edges
                        .of_gig(gig)
                        .iter()
                        .filter(|&&edge| problem.edges.need[edge as usize] as usize == need);
                    edges.count() >= usize::from(problem.gigs.needs.flat()[need].count)
                })
            })
            .map(|gig| u64::from(problem.weight(gig)))
            .sum()
    }

    /// Everything after the greedy plan.
    pub(super) fn run(&mut self) {
        let wants_hours = self.options.worth_of_hours;
        if self.is_proven() && !wants_hours {
            return;
        }
        let clock =
            Clock { elapsed: self.elapsed, deadline: self.options.budget, is_cancelled: self.options.is_cancelled };
        let tickets = Tickets::new(self.problem);
        let workers = Workers::new(self.options.threads);
        let menus = Menus::new(self.problem);
        let rows = Rows::new(self.problem, &tickets, self.caps);
        let standing =
            Draft::new(self.problem).settle(self.problem, self.caps).map(|(worth, _)| worth).unwrap_or_default();
        let parts = Parts {
            problem: self.problem,
            caps: self.caps,
            tickets: &tickets,
            menus: &menus,
            rows: &rows,
            workers: &workers,
            fixed: standing.objective(),
            fixed_weight: standing.weight,
        };
        self.ended("menus");
        self.bound_freely(&parts);
        if (self.is_proven() && !wants_hours) || clock.is_over() {
            return;
        }
        let Some(mut master) = Master::new(parts, &self.best, self.options.seed) else { return };
        if self.is_proven() {
            self.price_hours(&parts, &mut master, &clock);
            return;
        }
        let is_very_large = master.plans().count() > VERY_LARGE;
        let mut approach = is_very_large.then(|| Approach::new(&parts));
        if let Some(approach) = &mut approach {
            self.approach(approach, &parts, &mut master, &clock);
            if self.is_enough() || clock.is_over() {
                self.weigh_nearly(&parts, approach, &mut master);
                return;
            }
        }
        let Some(root) = self.relax(&mut master, approach.is_some(), &clock) else {
            if let Some(approach) = &mut approach {
                self.weigh_nearly(&parts, approach, &mut master);
            }
            return;
        };
        self.status = Status::Budget;
        // Listing what could still matter is one long step: begun late, it would outlast the budget.
        let is_late = clock.until(self.share(PROOF_SHARE)).is_over();
        self.is_short |= is_late && !self.is_enough();
        if !self.is_enough() && !is_late {
            self.prove(&parts, &mut master, &root, &clock);
        }
        if !self.is_enough() && !clock.is_over() {
            self.choose(&parts, &mut master, &clock.until(self.share(CHOICE_SHARE)));
            self.ended("choice");
        }
        self.status = if self.is_short || clock.is_over() { Status::Budget } else { Status::Gap };
        if wants_hours {
            self.hours = hours::of_program(&parts, &root.0, &root.1);
            self.price_hours(&parts, &mut master, &clock.until(self.share(HOURS_SHARE)));
        }
        self.weigh(&mut master);
    }

    /// What is left when every window takes its best plan without asking the others: all there is to know of an empty week.
    fn bound_freely(&mut self, parts: &Parts<'_>) {
        let limits = Limits::none(parts);
        let prices = Prices::new(parts, &Cuts::new(parts.rows), &limits, &[]);
        for goal in [Goal::Points, Goal::Weight] {
            // A bound that everybody's best tickets give, without any way.
            let rest = |window: usize| Offer { best: prices.rest(parts, goal, window), ..Offer::default() };
            let offers: Vec<Offer> = (0..parts.problem.windows.len()).map(rest).collect();
            if let Some(bound) = Bound::new(parts, goal, &prices, &limits, &offers) {
                match goal {
                    Goal::Points => self.lower_bound(bound.points()),
                    Goal::Weight => self.lower_bound_weight(bound.points()),
                }
            }
        }
    }

    /// The time at which this many hundredths of the budget are used.
    fn share(&self, hundredths: u32) -> Duration {
        self.options.budget / 100 * hundredths
    }

    /// Whether the gap is as small as was asked for.
    fn is_enough(&self) -> bool {
        let gap = self.bound.saturating_sub(self.worth.objective());
        gap <= 0 || gap as f64 <= self.options.enough_gap * self.bound as f64
    }

    /// Prices that are nearly right, and what dives from there.
    fn approach(&mut self, approach: &mut Approach, parts: &Parts<'_>, master: &mut Master<'_>, clock: &Clock<'_>) {
        let Some(near) = approach.run(parts, master, &clock.until(self.share(RELAX_SHARE))) else { return };
        self.lower_bound(near.bound.points());
        if self.options.worth_of_hours {
            self.hours = hours::of_program(parts, &near.bound, &near.prices);
        }
        self.status = Status::Budget;
        self.ended("approach");
        let clock = clock.until(self.share(DIVE_SHARE));
        if let Some(draft) = master.dive(approach.shares(), &near.prices, self.options.seed, &clock) {
            self.offer(Greedy::from_draft(self.problem, self.caps, draft).fill());
        }
        self.ended("dive");
        if self.is_enough() {
            self.status = Status::Gap;
        }
    }

    /// The relaxation of the whole, with rounds of cuts; its best bound and prices.
    fn relax(&mut self, master: &mut Master<'_>, has_dived: bool, clock: &Clock<'_>) -> Option<(Bound, Prices)> {
        let mut relaxed = master.solve(Goal::Points, None, &clock.until(self.share(RELAX_SHARE)), &|_| false)?;
        self.is_short |= !relaxed.is_converged;
        let mut best = relaxed.bound?;
        self.lower_bound(best.0.points());
        self.ended("relaxation");
        self.round(master, &relaxed.answer);
        if !has_dived && !self.is_enough() && master.plans().count() > LARGE {
            let (shares, clock) = (master.shares(&relaxed.answer), clock.until(self.share(DIVE_SHARE)));
            if let Some(draft) = master.dive(&shares, &best.1, self.options.seed, &clock) {
                self.offer(Greedy::from_draft(self.problem, self.caps, draft).fill());
            }
            self.ended("dive");
        }
        let clock = clock.until(self.share(CUT_SHARE));
        for _ in 0..MAX_CUT_ROUNDS {
            self.offer(master.draft(&relaxed.answer));
            if self.is_enough()
                || clock.is_over()
                || master.is_whole(&relaxed.answer)
                || master.cut(&relaxed.answer) == 0
            {
                break;
            }
            let known = self.worth.objective();
            let Some(next) = master.solve(Goal::Points, None, &clock, &|points| points <= known) else { break };
            let Some((bound, prices)) = next.bound else { break };
            let gained = best.0.scaled - bound.scaled;
            self.lower_bound(bound.points());
            if gained > 0 {
                best = (bound, prices);
            }
            relaxed = Relaxed { bound: None, ..next };
        }
        if !self.is_enough() {
            self.round(master, &relaxed.answer);
        }
        self.ended("cuts");
        Some(best)
    }

    /// Offers what an answer rounds to, completed greedily.
    fn round(&mut self, master: &Master<'_>, answer: &Answer) {
        self.offer(Greedy::from_draft(self.problem, self.caps, master.draft(answer)).fill());
    }

    /// Branches over everything that could still be better.
    fn prove(&mut self, parts: &Parts<'_>, master: &mut Master<'_>, root: &(Bound, Prices), clock: &Clock<'_>) {
        let slack = root.0.scaled - (self.worth.objective() + 1) * SCALE;
        let limits = Limits::none(parts);
        let none = Trips::new(self.problem.windows.len());
        let query =
            Query { parts, goal: Goal::Points, prices: &root.1, limits: &limits, trips: &none, is_in: &[], most: 1 };
        let listed = query.list(&root.0.of_window, slack);
        let mut live: Option<Live> = listed.map(|listed| master.list(listed, &root.0.of_window));
        let clock = clock.until(self.share(PROOF_SHARE));
        let proof = branch::branch(parts, master, live.as_mut(), root.0.scaled, MAX_NODES, &clock, &mut |draft| {
            if let Some(draft) = draft {
                self.offer(draft);
            }
            self.worth.objective()
        });
        self.is_short |= clock.is_over();
        self.lower_bound(proof.bound.div_euclid(SCALE).max(self.worth.objective()));
        self.ended("proof");
    }

    /// Offers the best choice among the plans of the program that HiGHS finds, completed greedily.
    fn choose(&mut self, parts: &Parts<'_>, master: &mut Master<'_>, clock: &Clock<'_>) {
        let start = master.adopt(&self.best);
        let plans: Vec<usize> = master.plans().collect();
        let trips = master.trips();
        if let Some(found) = mip::choose(parts, trips, &plans, &start, CHOICE_GAP, clock.left(), self.options.seed) {
            let draft = choice::to_draft(parts, trips, &found);
            self.offer(Greedy::from_draft(self.problem, self.caps, draft).fill());
        }
    }

    /// Says what hours are worth, with the least fair prices of gigs; what is known stays if there is no time for it.
    fn price_hours(&mut self, parts: &Parts<'_>, master: &mut Master<'_>, clock: &Clock<'_>) {
        master.spare_gigs(SPARE);
        let relaxed = master.solve_in(HOURS_ROUNDS, Goal::Points, None, clock, &|_| false);
        master.spare_gigs(0.0);
        if let Some((bound, prices)) = relaxed.and_then(|relaxed| relaxed.bound) {
            self.hours = hours::of_program(parts, &bound, &prices);
        }
        self.ended("hours");
    }

    /// Bounds the weight alone by prices that are nearly right.
    fn weigh_nearly(&mut self, parts: &Parts<'_>, approach: &mut Approach, master: &mut Master<'_>) {
        let (clock, weight) = (self.last_clock(), self.worth.weight as i64);
        if let Some(points) = approach.weigh(parts, master, &|points| points / WEIGHT_POINTS <= weight, &clock) {
            self.lower_bound_weight(points);
        }
        self.ended("weight");
    }

    /// Bounds the weight alone.
    fn weigh(&mut self, master: &mut Master<'_>) {
        let (clock, weight) = (self.last_clock(), self.worth.weight as i64);
        master.aim_at_weight();
        if let Some((bound, _)) = master
            .solve(Goal::Weight, None, &clock, &|points| points / WEIGHT_POINTS <= weight)
            .and_then(|relaxed| relaxed.bound)
        {
            self.lower_bound_weight(bound.points());
        }
        self.ended("weight");
    }

    /// The last hundredths of the budget are kept for the weight; a run that stopped early has more.
    fn last_clock(&self) -> Clock<'a> {
        let late = (self.elapsed)() + self.share(100 - CHOICE_SHARE);
        let deadline = self.options.budget.max(late);
        Clock { elapsed: self.elapsed, deadline, is_cancelled: self.options.is_cancelled }
    }

    /// The best plan with what is known about it.
    pub(super) fn into_plan(mut self) -> Plan {
        self.status = match self.status {
            _ if self.is_proven() => Status::Optimal,
            status => status,
        };
        let mut plan = self
            .best
            .into_plan(self.problem, self.caps, self.options.seed)
            .expect("the best draft was settled before it was taken");
        plan.bound = self.bound.max(plan.objective);
        plan.bound_weight = self.bound_weight.max(plan.weight);
        plan.status = self.status;
        plan.stages = self.stages;
        plan.hours = self.hours;
        plan
    }
}
