//! A plan is asked for: stored as solving, and its solve begun.

use domain::plan::{PROMISE_COST_DEFAULT, PROMISE_COST_MAX, PlanState};
use domain::{
    EventKind, Meta, NetworkId, Plan, PlanId, Reason, Refusal, TimeWindow, Timestamp, Violations, WriteContext,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Document, Engine, Filter, Inserted, Tx};

use super::running::busy;
use super::{BUDGET_DEFAULT_MS, BUDGET_MAX_MS, PERIOD_DAYS_MAX};
use crate::history::{Entry, new_id};
use crate::roster::{Frame, Roster, gather};
use crate::think::think;
use crate::{Dispatch, Error};

/// How long after its budget a solve of another process is taken to be lost, in seconds.
const LOST_AFTER_S: i64 = 120;

/// A plan as a caller asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    /// The network.
    pub network: NetworkId,
    /// The identifier; made by the service if none.
    pub id: Option<PlanId>,
    /// The period to match.
    pub period: TimeWindow,
    /// Most time the solver may take, in milliseconds; 0 means [`BUDGET_DEFAULT_MS`].
    pub budget_ms: u64,
    /// The seed of the solver.
    pub seed: u64,
    /// Whether accepted promises may be moved.
    pub allow_moving_promises: bool,
    /// What breaking an accepted promise costs, in points; none means [`PROMISE_COST_DEFAULT`].
    pub promise_cost: Option<u32>,
}

/// What a solve works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlanInput {
    /// Volunteers of the network.
    pub volunteers: u32,
    /// Gigs of the period, promised or not.
    pub gigs: u32,
    /// Those of them that are promised.
    pub promised: u32,
    /// Those that cannot be matched automatically.
    pub left_out: u32,
}

/// A plan whose solve has begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreatedPlan {
    /// The plan, solving.
    pub plan: Plan,
    /// What it works on.
    pub input: PlanInput,
}

impl Dispatch {
    /// Stores a plan and begins to solve it in the background; one solve per network at a time. With `validate_only` nothing is
    /// stored or solved, and the answer says what would be.
    ///
    /// # Errors
    /// `FIELDS_INVALID`, `PLAN_BUSY`, `RESOURCE_EXISTS`, `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn create_plan(&self, ctx: &WriteContext, new: NewPlan) -> Result<CreatedPlan, Error> {
        let network = new.network.clone();
        ctx.scope.admit(&network)?;
        check(&new, ctx.now)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        tx.rollback().await?;
        if !ctx.validate_only {
            self.give_up_lost(ctx, &network).await?;
        }
        let plan = new_plan(new, ctx.now);
        // Taken before anything is read, so that two callers do not load a city at once.
        let turn = if ctx.validate_only { None } else { Some(self.solves.take_turn(&network, &plan.id)?) };
        let frame = Frame::new(plan.period, ctx.now);
        let material = {
            let mut tx = self.db.read().await?;
            gather::period(&mut tx, &network, &frame).await?
        };
        let moving = plan.allow_moving_promises;
        let roster = think(move || Ok(Roster::build(material, &frame, moving))).await?;
        let created = CreatedPlan { input: input(&roster), plan };

        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let others = solving(&mut tx, &network).await?;
        if let Some(other) = others.iter().find(|other| !self.is_lost(other, ctx.now)) {
            return Err(busy(&other.id).into());
        }
        let plan = &created.plan;
        if tx.insert(plan).await? != Inserted::Done {
            return Err(Refusal::new(Reason::ResourceExists, "the plan id is taken").into());
        }
        Entry::new(EventKind::Created, plan.name()).write(&mut tx, ctx, &network).await?;
        tx.finish(ctx, &plan.full_name(), &created).await?;
        if let Some(turn) = turn {
            self.clone().begin_solve(ctx, plan.clone(), roster, turn);
        }
        Ok(created)
    }

    /// Marks as failed the plans of a network that are stored as solving and that nobody solves any more: on SQLite those that
    /// this process does not solve, on PostgreSQL those long past their budget. Called after a start and before every new plan.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn give_up_lost(&self, ctx: &WriteContext, network: &NetworkId) -> Result<u32, Error> {
        ctx.scope.admit(network)?;
        let lost: Vec<Plan> = {
            let mut tx = self.db.read().await?;
            let all = solving(&mut tx, network).await?;
            all.into_iter().filter(|plan| self.is_lost(plan, ctx.now)).collect()
        };
        let mut count = 0;
        for seen in lost {
            let mut tx = self.db.write().await?;
            let Some(plan) = tx.get_locked::<Plan>(network, &seen.id).await? else { continue };
            if plan.state != PlanState::Solving || !self.is_lost(&plan, ctx.now) {
                continue;
            }
            let failed = super::solve::failed(plan, "the solve was interrupted", ctx.now);
            if tx.update(&failed, failed.meta.version - 1).await? {
                tx.drop_jobs(network, &failed.id).await?;
                let step = WriteContext { request: None, validate_only: false, ..ctx.clone() };
                tx.finish(&step, &failed.full_name(), &failed.id).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    fn is_lost(&self, plan: &Plan, now: Timestamp) -> bool {
        if self.solves.is_running(&plan.network, &plan.id) {
            return false;
        }
        match self.db.engine() {
            Engine::Sqlite => true,
            Engine::Postgres => {
                let budget_s = i64::try_from(plan.budget_ms / 1000).unwrap_or(i64::MAX / 2);
                now.as_second() - plan.meta.create_time.as_second() > budget_s + LOST_AFTER_S
            }
        }
    }

    /// Asks every solve of this process to end early, as the server is stopping.
    pub fn cancel_solves(&self) {
        self.solves.cancel_all();
    }

    /// Waits until every solve of this process has ended and said so in the storage.
    pub async fn solves_ended(&self) {
        for mut progress in self.solves.watchers() {
            while progress.changed().await.is_ok() {}
        }
    }
}

async fn solving(tx: &mut Tx, network: &NetworkId) -> Result<Vec<Plan>, Error> {
    Ok(tx.all::<Plan>(network, &Filter::any().state(PlanState::Solving.code())).await?)
}

fn check(new: &NewPlan, now: Timestamp) -> Result<(), Refusal> {
    let mut violations = Violations::new();
    if new.period.end() <= now {
        violations.add("plan.period.end_time", "must lie in the future");
    }
    if new.period.duration() > SignedDuration::from_hours(24 * PERIOD_DAYS_MAX) {
        violations.add("plan.period", format!("must be at most {PERIOD_DAYS_MAX} days"));
    }
    if new.budget_ms > BUDGET_MAX_MS {
        violations.add("plan.budget", format!("must be at most {} seconds", BUDGET_MAX_MS / 1000));
    }
    if new.promise_cost.is_some_and(|cost| cost > PROMISE_COST_MAX) {
        violations.add("plan.promise_cost", format!("must be at most {PROMISE_COST_MAX} points"));
    }
    violations.into_result(Some(()))
}

fn new_plan(new: NewPlan, now: Timestamp) -> Plan {
    Plan {
        id: new.id.unwrap_or_else(|| PlanId::from_uuid(new_id(now))),
        network: new.network,
        period: new.period,
        budget_ms: if new.budget_ms == 0 { BUDGET_DEFAULT_MS } else { new.budget_ms },
        seed: new.seed,
        allow_moving_promises: new.allow_moving_promises,
        promise_cost: new.promise_cost.unwrap_or(PROMISE_COST_DEFAULT),
        state: PlanState::Solving,
        progress_permille: 0,
        outcome: None,
        failure: None,
        meta: Meta::created(now),
    }
}

fn input(roster: &Roster) -> PlanInput {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let promised =
        roster.looked_at.iter().filter(|id| roster.gigs.get(*id).is_some_and(|gig| !gig.state.wants_helpers()));
    PlanInput {
        volunteers: count(roster.volunteers.len()),
        gigs: count(roster.looked_at.len()),
        promised: count(promised.count()),
        left_out: count(roster.left_out.len()),
    }
}
