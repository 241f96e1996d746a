//! The asking side: every batch of tiles is put in the queue, answers are taken out, and whatever no worker is at is done here, so
//! that nobody is ever waited for who is not at work.

use std::cell::Cell;
use std::time::Duration;

use domain::{NetworkId, Plan, PlanId};
use matching::planner::{TileAnswer, TileRunner, TileTask, run_tile};
use matching::problem::Problem;
use matching::snapshot::Snapshot;
use store::{Database, JobState};
use tokio::runtime::Handle;

use super::digest::Digests;
use super::wire;
use crate::Error;

/// Most tiles in the queue at once.
const WIDTH: usize = 64;
/// How often answers are looked for while every tile is with a worker.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Shares the tiles of one plan. It is called on a blocking thread, and waits for the database there.
pub(in crate::plans) struct Asker<'a> {
    db: Database,
    handle: Handle,
    network: NetworkId,
    plan: PlanId,
    digests: Digests<'a>,
    time_left: &'a dyn Fn() -> Duration,
    is_cancelled: &'a dyn Fn() -> bool,
    /// Number of the next tile of this plan.
    next: Cell<u32>,
}

/// What there was to do.
enum Step {
    /// Answers of workers.
    Answers(Vec<(u32, String)>),
    /// A tile that nobody is at, and where it was in its life.
    Own(u32, JobState),
    /// Every tile is with a worker.
    Wait,
}

impl<'a> Asker<'a> {
    /// Shares the tiles of a plan of a snapshot, over the runtime that the caller's thread belongs to.
    pub(in crate::plans) fn new(
        db: Database,
        plan: &Plan,
        snapshot: &'a Snapshot,
        time_left: &'a dyn Fn() -> Duration,
        is_cancelled: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            db,
            handle: Handle::current(),
            network: plan.network.clone(),
            plan: plan.id.clone(),
            digests: Digests::new(snapshot),
            time_left,
            is_cancelled,
            next: Cell::new(0),
        }
    }

    async fn enqueue(&self, tasks: &[(u32, String)]) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.enqueue_jobs(&self.network, &self.plan, tasks, (self.time_left)()).await?;
        Ok(tx.commit().await?)
    }

    async fn step(&self) -> Result<Step, Error> {
        let mut tx = self.db.write().await?;
        let answers = tx.take_job_answers(&self.network, &self.plan).await?;
        if !answers.is_empty() {
            tx.commit().await?;
            return Ok(Step::Answers(answers));
        }
        let own = tx.take_back_job(&self.network, &self.plan).await?;
        tx.commit().await?;
        Ok(own.map_or(Step::Wait, |(number, state)| Step::Own(number, state)))
    }

    async fn clear(&self) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.drop_jobs(&self.network, &self.plan).await?;
        Ok(tx.commit().await?)
    }

    /// The tasks as rows of the queue, numbered on from the last batch.
    fn rows(&self, tasks: &[TileTask]) -> Option<Vec<(u32, String)>> {
        let first = self.next.get();
        self.next.set(first.checked_add(u32::try_from(tasks.len()).ok()?)?);
        let row =
            |(number, task): (u32, &TileTask)| Some((number, wire::task_text(task, self.digests.of(task)?).ok()?));
        (first..).zip(tasks).map(row).collect()
    }

    /// Does a tile here.
    fn own(&self, problem: &Problem, number: u32, state: JobState, task: &TileTask) -> Option<TileAnswer> {
        if state == JobState::Leased {
            tracing::warn!(plan.id = %self.plan, tile = number, "a tile is taken over from a worker that fell silent");
        }
        run_tile(problem, task, self.is_cancelled)
    }

    fn share(
        &self,
        problem: &Problem,
        tasks: &[TileTask],
        answers: &mut [Option<TileAnswer>],
        is_over: &dyn Fn() -> bool,
    ) -> Result<(), Error> {
        let Some(rows) = self.rows(tasks) else { return Ok(()) };
        let first = rows.first().map_or(0, |(number, _)| *number);
        self.handle.block_on(self.enqueue(&rows))?;
        drop(rows);
        let (mut left, mut elsewhere) = (tasks.len(), 0_usize);
        while left > 0 && !is_over() {
            match self.handle.block_on(self.step())? {
                Step::Answers(found) => {
                    left = left.saturating_sub(found.len());
                    elsewhere += found.len();
                    for (number, text) in found {
                        let Some(at) = number.checked_sub(first).map(|at| at as usize) else { continue };
                        answers.get_mut(at).into_iter().for_each(|answer| *answer = wire::read_answer(&text));
                    }
                }
                Step::Own(number, state) => {
                    left -= 1;
                    let at = number.checked_sub(first).map_or(usize::MAX, |at| at as usize);
                    if let (Some(task), Some(answer)) = (tasks.get(at), answers.get_mut(at)) {
                        *answer = self.own(problem, number, state, task);
                    }
                }
                Step::Wait => self.handle.block_on(tokio::time::sleep(LOOK_EVERY)),
            }
        }
        tracing::info!(plan.id = %self.plan, tiles = tasks.len(), elsewhere, left, "tiles shared");
        Ok(())
    }
}

impl TileRunner for Asker<'_> {
    fn width(&self) -> usize {
        WIDTH
    }

    fn run(&self, problem: &Problem, tasks: &[TileTask], is_over: &dyn Fn() -> bool) -> Vec<Option<TileAnswer>> {
        let mut answers = vec![None; tasks.len()];
        // Without the queue the planner does everything itself: a plan does not fail for want of help.
        if let Err(error) = self.share(problem, tasks, &mut answers, is_over) {
            tracing::warn!(plan.id = %self.plan, error = %error, "the queue of tiles does not answer");
        }
        if let Err(error) = self.handle.block_on(self.clear()) {
            tracing::warn!(plan.id = %self.plan, error = %error, "tiles of a plan are left in the queue");
        }
        answers
    }
}
