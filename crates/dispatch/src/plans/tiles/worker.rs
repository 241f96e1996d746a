//! The working side: claims one tile after another, of whichever plan, and plans it from the rows that the database has.
//!
//! While it plans it goes on reporting; if it is told to stop it gives the tile back at once; if it falls silent, another takes over.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::plan::PlanState;
use domain::{NetworkId, Plan, PlanId};
use matching::planner::run_tile;
use matching::problem::{CompileOptions, Problem};
use matching::score;
use matching::snapshot::Snapshot;
use store::{ClaimedJob, JobKey};
use tokio::sync::Mutex;
use tokio::time::MissedTickBehavior;

use super::digest::Digests;
use super::wire;
use crate::plans::solve::compile_options;
use crate::roster::{Frame, Roster, gather};
use crate::think::think;
use crate::{Dispatch, Error};

/// Reports while one lease lasts: one may be late.
const REPORTS_PER_LEASE: u32 = 3;

/// Somebody who plans tiles for other processes. Clones share what is known of the plan at hand; each needs a name of its own.
#[derive(Debug, Clone)]
pub struct TileWorker {
    dispatch: Dispatch,
    name: String,
    known: Arc<Mutex<Option<Arc<Known>>>>,
}

/// A plan that tiles are planned of, and everything it is about.
#[derive(Debug)]
struct Known {
    network: NetworkId,
    plan: PlanId,
    snapshot: Snapshot,
    problem: Problem,
}

impl TileWorker {
    /// A worker of that name, which no other worker of the database has.
    #[must_use]
    pub fn new(dispatch: &Dispatch, name: impl Into<String>) -> Self {
        Self { dispatch: dispatch.clone(), name: name.into(), known: Arc::default() }
    }

    /// Another worker of this process.
    #[must_use]
    pub fn beside(&self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self.clone() }
    }

    /// Claims a tile and plans it, if one waits; says whether one did. If `stop` completes meanwhile the tile is given back.
    ///
    /// # Errors
    /// The store's. The tile is somebody else's again then, at the latest when the lease runs out.
    pub async fn once(&self, stop: impl Future<Output = ()>) -> Result<bool, Error> {
        let mut tx = self.dispatch.db.write().await?;
        let claimed = tx.claim_job(&self.name, self.dispatch.division.lease).await?;
        tx.commit().await?;
        let Some(job) = claimed else {
            self.forget_ended().await?;
            return Ok(false);
        };
        if job.earlier > 0 {
            let (plan, worker) = (&job.key.plan, &self.name);
            tracing::warn!(plan.id = %plan, tile = job.key.number, worker, "a tile is taken over from a worker that fell silent");
        }
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let ended = self.attend(&job, &is_cancelled, stop).await;
        // Whatever still computes for this tile ends soon.
        is_cancelled.store(true, Ordering::Relaxed);
        ended.map(|()| true)
    }

    /// Plans a claimed tile and reports meanwhile.
    async fn attend(
        &self,
        job: &ClaimedJob,
        is_cancelled: &Arc<AtomicBool>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let lease = self.dispatch.division.lease;
        let every = (lease / REPORTS_PER_LEASE).max(Duration::from_millis(10));
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        let (mut stop, mut work) = (pin!(stop), pin!(self.plan(job, is_cancelled)));
        let answer = loop {
            tokio::select! {
                biased;
                () = &mut stop => {
                    tracing::info!(plan.id = %job.key.plan, tile = job.key.number, worker = self.name, "a tile is given back");
                    return self.end(&job.key, End::GiveBack).await;
                }
                answer = &mut work => break answer,
                _ = ticks.tick() => match self.keep(&job.key, lease).await {
                    Ok(true) => {}
                    Ok(false) => {
                        is_cancelled.store(true, Ordering::Relaxed);
                        // Nobody waits for it any more; a worker does one thing at a time all the same.
                        return work.await.map(drop);
                    }
                    Err(error) => tracing::warn!(worker = self.name, error = %error, "cannot report on a tile"),
                },
            }
        };
        match answer {
            Ok(Some(text)) => self.end(&job.key, End::Finish(text)).await,
            Ok(None) => self.end(&job.key, End::Fail).await,
            Err(error) => {
                self.end(&job.key, End::Fail).await?;
                Err(error)
            }
        }
    }

    async fn keep(&self, key: &JobKey, lease: Duration) -> Result<bool, Error> {
        let mut tx = self.dispatch.db.write().await?;
        let kept = tx.keep_job(key, &self.name, lease).await?;
        tx.commit().await?;
        Ok(kept)
    }

    async fn end(&self, key: &JobKey, end: End) -> Result<(), Error> {
        let mut tx = self.dispatch.db.write().await?;
        let is_own = match &end {
            End::Finish(answer) => tx.finish_job(key, &self.name, answer).await?,
            End::Fail => tx.fail_job(key, &self.name).await?,
            End::GiveBack => tx.give_back_job(key, &self.name).await?,
        };
        tx.commit().await?;
        if !is_own {
            tracing::info!(plan.id = %key.plan, tile = key.number, worker = self.name, "nobody waits for a tile any more");
        }
        Ok(())
    }

    /// The answer to a task; nothing if it is not for this worker: it knows other rows, or cannot read it.
    async fn plan(&self, job: &ClaimedJob, is_cancelled: &Arc<AtomicBool>) -> Result<Option<String>, Error> {
        let Some((task, digest)) = wire::read_task(&job.task) else { return Ok(None) };
        let Some(known) = self.known(&job.key).await? else { return Ok(None) };
        let is_cancelled = Arc::clone(is_cancelled);
        think(move || {
            if Digests::new(&known.snapshot).of(&task) != Some(digest) {
                tracing::info!(plan.id = %known.plan, "the rows of a tile have changed since the plan was asked for");
                return Ok(None);
            }
            let answer = run_tile(&known.problem, &task, &|| is_cancelled.load(Ordering::Relaxed));
            Ok(answer.and_then(|answer| wire::answer_text(&answer).ok()))
        })
        .await
    }

    /// What a job's plan is about, read once for all its tiles; nothing if the plan is not being solved.
    async fn known(&self, key: &JobKey) -> Result<Option<Arc<Known>>, Error> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.plan == key.plan && known.network == key.network) {
            return Ok(Some(Arc::clone(known)));
        }
        // What is known of another plan makes room first.
        *known = None;
        *known = self.load(key).await?.map(Arc::new);
        Ok(known.clone())
    }

    async fn load(&self, key: &JobKey) -> Result<Option<Known>, Error> {
        let mut tx = self.dispatch.db.read().await?;
        let plan = tx.get::<Plan>(&key.network, &key.plan).await?;
        let Some(plan) = plan.filter(|plan| plan.state == PlanState::Solving) else { return Ok(None) };
        let frame = Frame::new(plan.period, plan.meta.create_time);
        let material = gather::period(&mut tx, &key.network, &frame).await?;
        tx.rollback().await?;
        think(move || {
            let Roster { snapshot, .. } = Roster::build(material, &frame, plan.allow_moving_promises);
            // Its pairs are made tile by tile.
            let options = CompileOptions { whole_edges_max: 0, ..compile_options(&plan) };
            let Ok(mut problem) = Problem::compile_with(&snapshot, options) else { return Ok(None) };
            score::apply_pair_bonuses(&mut problem);
            Ok(Some(Known { network: plan.network, plan: plan.id, snapshot, problem }))
        })
        .await
    }

    /// Forgets a plan that is no longer being solved: it may be large.
    async fn forget_ended(&self) -> Result<(), Error> {
        let mut known = self.known.lock().await;
        let Some(of) = known.as_ref() else { return Ok(()) };
        let plan = self.dispatch.db.read().await?.get::<Plan>(&of.network, &of.plan).await?;
        if plan.is_none_or(|plan| plan.state != PlanState::Solving) {
            *known = None;
        }
        Ok(())
    }
}

/// What becomes of a claimed tile.
enum End {
    /// It has an answer.
    Finish(String),
    /// This worker cannot do it.
    Fail,
    /// This worker stops.
    GiveBack,
}
