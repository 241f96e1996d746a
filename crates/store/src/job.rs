//! Jobs: parts of a plan that is being solved, for the processes that take part. The asker puts them in and takes the answers out;
//! workers claim them one by one under a lease that runs out when nothing is heard of them. All times are the database's own.

use std::time::Duration;

use domain::{NetworkId, PlanId};

use crate::engine::{Candidate, candidate};
use crate::error::{Error, Result};
use crate::tx::{Tx, values};

const TABLE: &str = "job";

/// Most workers that try a job, one after the other; then it is left to the asker.
pub const JOB_ATTEMPTS_MAX: i64 = 3;

/// How long jobs are kept that nobody waits for any more.
const KEPT_MICROS: i64 = 600_000_000;

const INSERT: &str = "insert into job (network_id, plan_id, number, state, attempts, create_time, end_time, task) \
    values ($1, $2, $3, 'queued', 0, $4, $5, $6)";
/// The oldest job that waits, or whose worker is silent.
const NEXT: Candidate = candidate!(
    "select network_id, plan_id, number, task, attempts from job \
    where (state = 'queued' or (state = 'leased' and lease_time <= $1)) and end_time > $1 and attempts < $2 \
    order by create_time, network_id, plan_id, number limit 1"
);
const CLAIM: &str = "update job set state = 'leased', worker = $4, lease_time = $5, attempts = attempts + 1 \
    where network_id = $1 and plan_id = $2 and number = $3";
const KEEP: &str = "update job set lease_time = $5 \
    where network_id = $1 and plan_id = $2 and number = $3 and state = 'leased' and worker = $4";
const FINISH: &str = "update job set state = 'done', answer = $5, lease_time = null \
    where network_id = $1 and plan_id = $2 and number = $3 and state = 'leased' and worker = $4";
const FAIL: &str = "update job set state = 'failed', lease_time = null \
    where network_id = $1 and plan_id = $2 and number = $3 and state = 'leased' and worker = $4";
const GIVE_BACK: &str = "update job set state = 'queued', worker = null, lease_time = null, attempts = attempts - 1 \
    where network_id = $1 and plan_id = $2 and number = $3 and state = 'leased' and worker = $4";
/// The first job of a plan that no worker is at.
const UNDONE: Candidate = candidate!(
    "select number, state from job where network_id = $1 and plan_id = $2 \
    and (state = 'queued' or state = 'failed' or (state = 'leased' and lease_time <= $3)) order by number limit 1"
);
const REMOVE: &str = "delete from job where network_id = $1 and plan_id = $2 and number = $3";
const ANSWERS: &str =
    "delete from job where network_id = $1 and plan_id = $2 and state = 'done' returning number, answer";
const LIST: &str =
    "select number, state, worker, attempts from job where network_id = $1 and plan_id = $2 order by number";
const REMOVE_ALL: &str = "delete from job where network_id = $1 and plan_id = $2";
const PURGE: &str = "delete from job where end_time <= $1";

/// Which job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKey {
    /// The network.
    pub network: NetworkId,
    /// The plan that it is a part of.
    pub plan: PlanId,
    /// Which part.
    pub number: u32,
}

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Nobody is at it.
    Queued,
    /// A worker is at it.
    Leased,
    /// It has an answer.
    Done,
    /// A worker could not do it: it is left to the asker.
    Failed,
}

impl JobState {
    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Queued, Self::Leased, Self::Done, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

/// A job that a worker has under its lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Which.
    pub key: JobKey,
    /// What is to be done, in the asker's words.
    pub task: String,
    /// How many workers had it before and fell silent.
    pub earlier: u32,
}

/// A job as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Which part of the plan.
    pub number: u32,
    /// Where it is in its life.
    pub state: JobState,
    /// Who has or had it.
    pub worker: Option<String>,
    /// How many workers have had it.
    pub attempts: u32,
}

impl Tx {
    /// Puts parts of a plan in: number and task of each. After `time_left` nobody claims them any more.
    ///
    /// # Errors
    /// [`Error::Conflict`] if one of the numbers is there already, else any [`Error`] of the store.
    pub async fn enqueue_jobs(
        &mut self,
        network: &NetworkId,
        plan: &PlanId,
        tasks: &[(u32, String)],
        time_left: Duration,
    ) -> Result<()> {
        let now = self.database_micros().await?;
        let end = now.saturating_add(micros(time_left));
        for (number, task) in tasks {
            let values = values![network.as_str(), plan.as_str(), i64::from(*number), now, end, task];
            self.execute(INSERT, values).await?;
        }
        Ok(())
    }

    /// Claims the oldest job that waits, or whose worker's lease has run out; of any network and plan.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the row cannot be read, else any [`Error`] of the store.
    pub async fn claim_job(&mut self, worker: &str, lease: Duration) -> Result<Option<ClaimedJob>> {
        let now = self.database_micros().await?;
        let found: Option<(String, String, i64, String, i64)> =
            self.candidate(NEXT, values![now, JOB_ATTEMPTS_MAX]).await?;
        let Some((network, plan, number, task, attempts)) = found else { return Ok(None) };
        let until = now.saturating_add(micros(lease));
        self.execute(CLAIM, values![&network, &plan, number, worker, until]).await?;
        let id = format!("{network}/{plan}/{number}");
        let corrupt = |column| Error::Corrupt { table: TABLE, column, id: id.clone() };
        let key = JobKey {
            network: network.parse().map_err(|_| corrupt("network_id"))?,
            plan: plan.parse().map_err(|_| corrupt("plan_id"))?,
            number: u32::try_from(number).map_err(|_| corrupt("number"))?,
        };
        Ok(Some(ClaimedJob { key, task, earlier: u32::try_from(attempts).map_err(|_| corrupt("attempts"))? }))
    }

    /// Makes a worker's lease last longer; false if the job is no longer its own.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn keep_job(&mut self, key: &JobKey, worker: &str, lease: Duration) -> Result<bool> {
        let until = self.database_micros().await?.saturating_add(micros(lease));
        let of = i64::from(key.number);
        let values = values![key.network.as_str(), key.plan.as_str(), of, worker, until];
        Ok(self.execute(KEEP, values).await? > 0)
    }

    /// Stores a worker's answer; false if the job is no longer its own, and nothing is stored then.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn finish_job(&mut self, key: &JobKey, worker: &str, answer: &str) -> Result<bool> {
        let of = i64::from(key.number);
        let values = values![key.network.as_str(), key.plan.as_str(), of, worker, answer];
        Ok(self.execute(FINISH, values).await? > 0)
    }

    /// Says that a worker cannot do its job: the asker will. False if the job is no longer its own.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn fail_job(&mut self, key: &JobKey, worker: &str) -> Result<bool> {
        self.end_lease(FAIL, key, worker).await
    }

    /// Gives a job back undone, for the next worker, as if it had not been claimed. False if it is no longer the worker's own.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn give_back_job(&mut self, key: &JobKey, worker: &str) -> Result<bool> {
        self.end_lease(GIVE_BACK, key, worker).await
    }

    async fn end_lease(&mut self, sql: &'static str, key: &JobKey, worker: &str) -> Result<bool> {
        let values = values![key.network.as_str(), key.plan.as_str(), i64::from(key.number), worker];
        Ok(self.execute(sql, values).await? > 0)
    }

    /// Takes a part of a plan out that no worker is at, for the asker to do, and says where it was in its life: one that waits, that a
    /// worker could not do, or that is leased to a worker who has fallen silent.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the row cannot be read, else any [`Error`] of the store.
    pub async fn take_back_job(&mut self, network: &NetworkId, plan: &PlanId) -> Result<Option<(u32, JobState)>> {
        let now = self.database_micros().await?;
        let found: Option<(i64, String)> =
            self.candidate(UNDONE, values![network.as_str(), plan.as_str(), now]).await?;
        let Some((number, state)) = found else { return Ok(None) };
        self.execute(REMOVE, values![network.as_str(), plan.as_str(), number]).await?;
        let id = format!("{network}/{plan}/{number}");
        let state = JobState::from_code(&state).ok_or(Error::Corrupt { table: TABLE, column: "state", id })?;
        Ok(Some((number_of(network, plan, number)?, state)))
    }

    /// Takes the answers of a plan's jobs out, by number.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn take_job_answers(&mut self, network: &NetworkId, plan: &PlanId) -> Result<Vec<(u32, String)>> {
        let rows: Vec<(i64, Option<String>)> = self.rows(ANSWERS, values![network.as_str(), plan.as_str()]).await?;
        let read = |(number, answer): (i64, Option<String>)| {
            let id = format!("{network}/{plan}/{number}");
            let answer = answer.ok_or(Error::Corrupt { table: TABLE, column: "answer", id })?;
            Ok((number_of(network, plan, number)?, answer))
        };
        let mut answers = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
        answers.sort_unstable();
        Ok(answers)
    }

    /// The jobs of a plan, by number.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn jobs(&mut self, network: &NetworkId, plan: &PlanId) -> Result<Vec<JobRow>> {
        let rows: Vec<(i64, String, Option<String>, i64)> =
            self.rows(LIST, values![network.as_str(), plan.as_str()]).await?;
        let read = |(number, state, worker, attempts): (i64, String, Option<String>, i64)| {
            let corrupt = |column| Error::Corrupt { table: TABLE, column, id: format!("{network}/{plan}/{number}") };
            Ok(JobRow {
                number: number_of(network, plan, number)?,
                state: JobState::from_code(&state).ok_or_else(|| corrupt("state"))?,
                worker,
                attempts: u32::try_from(attempts).map_err(|_| corrupt("attempts"))?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Removes all jobs of a plan; answers how many there were. Who still works on one learns of it when it next reports.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn drop_jobs(&mut self, network: &NetworkId, plan: &PlanId) -> Result<u64> {
        self.execute(REMOVE_ALL, values![network.as_str(), plan.as_str()]).await
    }

    /// Removes jobs that nobody waits for any more, because their asker did not come to it; answers how many.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn purge_jobs(&mut self) -> Result<u64> {
        let now = self.database_micros().await?;
        self.execute(PURGE, values![now - KEPT_MICROS]).await
    }
}

fn number_of(network: &NetworkId, plan: &PlanId, number: i64) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::Corrupt {
        table: TABLE,
        column: "number",
        id: format!("{network}/{plan}/{number}"),
    })
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
