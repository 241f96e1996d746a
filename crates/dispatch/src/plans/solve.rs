//! The solve itself: on a blocking thread, within its budget, judged by the referee before anything of it is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::asking::{Asking, AskingState};
use domain::offer::OfferState;
use domain::plan::{ChangeKind, PlanOutcome, PlanState, TravelSource};
use domain::{EventKind, GigId, Name, NetworkId, Offer, Plan, Timestamp, WriteContext};
use matching::planner::{self, SolveOptions, TileRunner};
use matching::problem::{CompileOptions, Problem};
use matching::travel::blocks;
use matching::{score, starts, verify};
use store::{Document, Filter};

use super::outcome::outcome;
use super::running::{PlanProgress, Turn};
use super::stopwatch::Stopwatch;
use super::tiles::Asker;
use crate::history::Entry;
use crate::roster::Roster;
use crate::ways::Times;
use crate::{Dispatch, Error};

/// How often a result is tried to be stored while the database is busy.
const STORE_ATTEMPTS: u32 = 5;

impl Dispatch {
    /// Begins the solve of a stored plan. It ends by itself: ready, failed, or unheard because the plan was discarded.
    pub(super) fn begin_solve(self, ctx: &WriteContext, plan: Plan, mut roster: Roster, turn: Turn) {
        let mut ctx = WriteContext { request: None, validate_only: false, ..ctx.clone() };
        let clock = Stopwatch::begin();
        tokio::spawn(async move {
            let (network, id) = (plan.network.clone(), plan.id.clone());
            let (work, dispatch) = (plan.clone(), self.clone());
            let question = self.roads.plan_question(|bounds| blocks(&roster.snapshot, bounds));
            let times = self.roads.ask_plan(question, ctx.now).await.map(Times::from);
            let source = match times {
                Ok(Times { table, source }) => {
                    roster.snapshot.table = table;
                    Ok(source)
                }
                Err(error) => {
                    tracing::error!(plan.id = %id, error = %error, "no road times for a plan");
                    Err("the service of road times does not answer".to_owned())
                }
            };
            let solved = tokio::task::spawn_blocking(move || {
                let result = source.and_then(|source| dispatch.solve(&work, &roster, source, &turn));
                (result, turn)
            });
            let (result, turn) = match solved.await {
                Ok((result, turn)) => (result, Some(turn)),
                Err(panic) => {
                    tracing::error!(plan.id = %id, error = %panic, "the solve panicked");
                    (Err("the solver failed".to_owned()), None)
                }
            };
            ctx.now += jiff::SignedDuration::try_from(clock.elapsed()).unwrap_or_default();
            if let Err(error) = self.store_result(&ctx, plan, result).await {
                tracing::error!(network.id = %network, plan.id = %id, error = %error, "cannot store the result of a solve");
            }
            // Only now may another plan be made, and who watches is told that there is no more to come.
            drop(turn);
        });
    }

    async fn store_result(
        &self,
        ctx: &WriteContext,
        plan: Plan,
        result: Result<PlanOutcome, String>,
    ) -> Result<(), Error> {
        for attempt in 1.. {
            match self.try_store_result(ctx, &plan, &result).await {
                Err(Error::Store(error)) if error.is_transient() && attempt < STORE_ATTEMPTS => {
                    tokio::time::sleep(Duration::from_millis(200 * u64::from(attempt))).await;
                }
                done => return done,
            }
        }
        Ok(())
    }

    async fn try_store_result(
        &self,
        ctx: &WriteContext,
        plan: &Plan,
        result: &Result<PlanOutcome, String>,
    ) -> Result<(), Error> {
        let asked = self.asked_for(&plan.network).await?;
        let mut tx = self.db.write().await?;
        let Some(stored) = tx.get_locked::<Plan>(&plan.network, &plan.id).await? else { return Ok(()) };
        if stored.state != PlanState::Solving {
            return Ok(());
        }
        let from = stored.meta.version;
        let ended = match result {
            Ok(outcome) => Plan {
                state: PlanState::Ready,
                progress_permille: 1000,
                outcome: Some(asked.noted_in(outcome.clone())),
                meta: stored.meta.changed(ctx.now),
                ..stored
            },
            Err(why) => failed(stored, why, ctx.now),
        };
        if !tx.update(&ended, from).await? {
            return Ok(());
        }
        if ended.state == PlanState::Ready {
            Entry::new(EventKind::PlanReady, ended.name()).write(&mut tx, ctx, &ended.network).await?;
        }
        tx.finish(ctx, &ended.full_name(), &ended.id).await?;
        Ok(())
    }
}

/// What is being asked for while a plan is made: who decides on it reads how much of it is asked for already.
#[derive(Debug, Default)]
struct AskedFor {
    running: BTreeSet<GigId>,
    open_offers: BTreeMap<GigId, u32>,
}

impl AskedFor {
    fn noted_in(&self, mut outcome: PlanOutcome) -> PlanOutcome {
        for item in &mut outcome.items {
            item.is_asked_for = item.change == ChangeKind::New && self.running.contains(&item.gig);
            item.open_offers = self.open_offers.get(&item.gig).copied().unwrap_or(0);
        }
        outcome
    }
}

impl Dispatch {
    async fn asked_for(&self, network: &NetworkId) -> Result<AskedFor, Error> {
        let mut tx = self.db.read().await?;
        let running = Filter::any().state(AskingState::Running.code());
        let open = OfferState::OPEN.iter().fold(Filter::any(), |filter, state| filter.state(state.code()));
        let running = tx.all::<Asking>(network, &running).await?.into_iter().map(|asking| asking.id).collect();
        let mut open_offers: BTreeMap<GigId, u32> = BTreeMap::new();
        for offer in tx.all::<Offer>(network, &open).await? {
            *open_offers.entry(offer.gig).or_default() += 1;
        }
        Ok(AskedFor { running, open_offers })
    }
}

/// The plan as failed.
pub(super) fn failed(plan: Plan, why: &str, now: Timestamp) -> Plan {
    Plan {
        state: PlanState::Failed,
        progress_permille: 1000,
        failure: Name::new(why.chars().take(200).collect::<String>()).ok(),
        meta: plan.meta.changed(now),
        ..plan
    }
}

/// The choices that a plan is compiled by.
pub(super) fn compile_options(plan: &Plan) -> CompileOptions {
    CompileOptions {
        allow_moving_promises: plan.allow_moving_promises,
        promise_cost_s: plan.promise_cost.saturating_mul(POINT_S),
        ..CompileOptions::default()
    }
}

impl Dispatch {
    /// Compiles, solves, judges and reports; on a blocking thread of the runtime.
    fn solve(&self, plan: &Plan, roster: &Roster, source: TravelSource, turn: &Turn) -> Result<PlanOutcome, String> {
        let clock = Stopwatch::begin();
        let options = CompileOptions { whole_edges_max: self.division.whole_pairs_max, ..compile_options(plan) };
        let mut problem = Problem::compile_with(&roster.snapshot, options).map_err(|error| {
            tracing::error!(plan.id = %plan.id, error = %error, "stored rows contradict themselves");
            "stored rows contradict themselves".to_owned()
        })?;
        score::apply_pair_bonuses(&mut problem);
        let is_cancelled = || turn.cancel.load(Ordering::Relaxed);
        let budget = Duration::from_millis(plan.budget_ms);
        let time_left = || budget.saturating_sub(clock.elapsed());
        // Who takes part measures straight lines: with road times, all is planned here.
        let asker = (self.division.is_shared && problem.is_divided() && roster.snapshot.table.is_none())
            .then(|| Asker::new(self.db.clone(), plan, &roster.snapshot, &time_left, &is_cancelled));
        let options = SolveOptions {
            budget,
            seed: plan.seed,
            tile_volunteers: self.division.tile_volunteers,
            worth_of_hours: true,
            tiles: asker.as_ref().map(|asker| asker as &dyn TileRunner),
            is_cancelled: &is_cancelled,
            ..SolveOptions::default()
        };
        let elapsed = || clock.elapsed();
        let mut tell = |step: planner::Progress| {
            let part = clock.elapsed().as_millis() * 1000 / u128::from(plan.budget_ms.max(1));
            let permille = u16::try_from(part).unwrap_or(PROGRESS_MAX).min(PROGRESS_MAX);
            turn.progress.send_replace(PlanProgress { permille, stage: step.stage, weight: step.weight });
        };
        let search = AssertUnwindSafe(|| planner::solve(&problem, &options, &elapsed, &mut tell));
        let mut found = catch_unwind(search).unwrap_or_else(|_| {
            // The panic itself is in the log. A plan that covers less is better than none, and the referee judges it all the same.
            tracing::error!(plan.id = %plan.id, "the solver panicked: the quick plan is taken");
            let quick = SolveOptions { greedy_only: true, ..options };
            planner::solve(&problem, &quick, &elapsed, &mut |_| {})
        });
        starts::round(&problem, &mut found);
        judge(plan, roster, &found)?;
        let solve_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(PlanOutcome { travel_source: source, ..outcome(&problem, roster, &found, solve_ms) })
    }
}

/// Asks the referee.
fn judge(plan: &Plan, roster: &Roster, found: &matching::plan::Plan) -> Result<(), String> {
    let breaches = if plan.allow_moving_promises {
        verify::check_moved(&roster.snapshot, found)
    } else {
        verify::check(&roster.snapshot, found)
    };
    let Some(first) = breaches.first() else { return Ok(()) };
    let (count, first) = (breaches.len(), format!("{}: {}", first.code, first.what));
    tracing::error!(plan.id = %plan.id, breaches = count, first, "the plan did not pass the referee");
    Err("the plan did not pass verification; nothing of it was kept".to_owned())
}

/// Seconds of travel that a point is worth.
pub(super) const POINT_S: u32 = 60;
/// A running solve never claims to be complete.
const PROGRESS_MAX: u16 = 990;
