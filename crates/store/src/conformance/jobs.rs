//! Cases on jobs: each is done by one worker at a time, and by another if that one falls silent.
//!
//! On PostgreSQL the cases share a database, and a claim takes the oldest job of any plan: every case leaves none behind.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{NetworkId, PlanId};
use tokio::task::JoinSet;

use super::{Subject, sample};
use crate::{ClaimedJob, Database, JOB_ATTEMPTS_MAX, JobKey, JobRow, JobState};

const LONG: Duration = Duration::from_secs(3_600);
/// A lease that has run out at once.
const GONE: Duration = Duration::ZERO;

fn plan(id: &str) -> PlanId {
    sample::parse(id)
}

/// Puts so many jobs of plan `p` in.
async fn enqueue(database: &Database, network: &NetworkId, count: u32, time_left: Duration) {
    let tasks: Vec<(u32, String)> = (0..count).map(|number| (number, format!("{{\"part\": {number}}}"))).collect();
    let mut tx = database.write().await.expect("write");
    tx.enqueue_jobs(network, &plan("p"), &tasks, time_left).await.expect("enqueue");
    tx.commit().await.expect("commit");
}

async fn claim(database: &Database, worker: &str, lease: Duration) -> Option<ClaimedJob> {
    let mut tx = database.write().await.expect("write");
    let claimed = tx.claim_job(worker, lease).await.expect("claim");
    tx.commit().await.expect("commit");
    claimed
}

async fn finish(database: &Database, key: &JobKey, worker: &str) -> bool {
    let mut tx = database.write().await.expect("write");
    let done = tx.finish_job(key, worker, "an answer").await.expect("finish");
    tx.commit().await.expect("commit");
    done
}

async fn answers(subject: &Subject) -> Vec<u32> {
    let mut tx = subject.database.write().await.expect("write");
    let answers = tx.take_job_answers(&subject.network, &plan("p")).await.expect("answers");
    tx.commit().await.expect("commit");
    assert!(answers.iter().all(|(_, answer)| answer == "an answer"));
    answers.into_iter().map(|(number, _)| number).collect()
}

async fn take_back(subject: &Subject) -> Option<(u32, JobState)> {
    let mut tx = subject.database.write().await.expect("write");
    let number = tx.take_back_job(&subject.network, &plan("p")).await.expect("take back");
    tx.commit().await.expect("commit");
    number
}

async fn jobs(subject: &Subject) -> Vec<JobRow> {
    subject.database.read().await.expect("read").jobs(&subject.network, &plan("p")).await.expect("jobs")
}

async fn drop_all(subject: &Subject) -> u64 {
    let mut tx = subject.database.write().await.expect("write");
    let count = tx.drop_jobs(&subject.network, &plan("p")).await.expect("drop");
    tx.commit().await.expect("commit");
    count
}

pub(super) async fn a_job_is_claimed_once_and_its_answer_taken_once(subject: Subject) {
    enqueue(&subject.database, &subject.network, 1, LONG).await;
    let claimed = claim(&subject.database, "a", LONG).await.expect("a job");
    assert_eq!((claimed.key.number, claimed.task.as_str(), claimed.earlier), (0, "{\"part\": 0}", 0));
    assert_eq!((&claimed.key.network, &claimed.key.plan), (&subject.network, &plan("p")));
    assert_eq!(claim(&subject.database, "b", LONG).await, None);
    assert_eq!(take_back(&subject).await, None, "a worker is at it");
    let row = JobRow { number: 0, state: JobState::Leased, worker: Some("a".to_owned()), attempts: 1 };
    assert_eq!(jobs(&subject).await, [row]);
    assert!(!finish(&subject.database, &claimed.key, "b").await, "it is not theirs");
    assert_eq!(answers(&subject).await, [0_u32; 0]);
    assert!(finish(&subject.database, &claimed.key, "a").await);
    assert!(!finish(&subject.database, &claimed.key, "a").await, "once");
    assert_eq!((answers(&subject).await, answers(&subject).await), (vec![0], vec![]));
    assert_eq!(jobs(&subject).await, []);
}

pub(super) async fn of_64_claims_at_once_each_gets_a_job_of_its_own(subject: Subject) {
    enqueue(&subject.database, &subject.network, 48, LONG).await;
    let mut claims = JoinSet::new();
    for worker in 0..64 {
        let database = subject.database.clone();
        claims.spawn(async move { claim(&database, &format!("w{worker}"), LONG).await });
    }
    let claimed: Vec<ClaimedJob> = claims.join_all().await.into_iter().flatten().collect();
    let numbers: BTreeSet<u32> = claimed.iter().map(|job| job.key.number).collect();
    // Who finds every row locked by others goes away with nothing, though one of them may be free a moment later.
    assert_eq!(numbers.len(), claimed.len(), "one job, two workers");
    let left = jobs(&subject).await.iter().filter(|job| job.state == JobState::Queued).count();
    assert_eq!(claimed.len() + left, 48);
    assert!(claimed.len() >= 8, "{}", claimed.len());
    assert_eq!(drop_all(&subject).await, 48);
}

pub(super) async fn a_job_whose_worker_is_silent_is_taken_over(subject: Subject) {
    enqueue(&subject.database, &subject.network, 2, LONG).await;
    let silent = claim(&subject.database, "a", GONE).await.expect("a job");
    let over = claim(&subject.database, "b", LONG).await.expect("the same");
    assert_eq!((&over.key, over.earlier), (&silent.key, 1));
    assert!(!finish(&subject.database, &silent.key, "a").await, "too late");
    assert!(finish(&subject.database, &over.key, "b").await);
    // The asker takes over as well.
    let silent = claim(&subject.database, "a", GONE).await.expect("the other");
    assert_eq!(take_back(&subject).await, Some((silent.key.number, JobState::Leased)));
    assert!(!finish(&subject.database, &silent.key, "a").await);
    // A job that silences everybody does not go round for ever.
    let mut tx = subject.database.write().await.expect("write");
    tx.enqueue_jobs(&subject.network, &plan("p"), &[(7, String::new())], LONG).await.expect("enqueue");
    tx.commit().await.expect("commit");
    for earlier in 0..JOB_ATTEMPTS_MAX {
        let job = claim(&subject.database, "a", GONE).await.expect("a job");
        assert_eq!(i64::from(job.earlier), earlier);
    }
    assert_eq!(claim(&subject.database, "a", GONE).await, None);
    assert_eq!(take_back(&subject).await, Some((7, JobState::Leased)));
    assert_eq!(answers(&subject).await, [over.key.number]);
}

pub(super) async fn a_worker_that_goes_on_reporting_keeps_its_job(subject: Subject) {
    enqueue(&subject.database, &subject.network, 1, LONG).await;
    let job = claim(&subject.database, "a", GONE).await.expect("a job");
    let keep = async |worker: &str, lease| {
        let mut tx = subject.database.write().await.expect("write");
        let kept = tx.keep_job(&job.key, worker, lease).await.expect("keep");
        tx.commit().await.expect("commit");
        kept
    };
    assert!(keep("a", LONG).await);
    assert_eq!(claim(&subject.database, "b", LONG).await, None);
    assert!(!keep("b", LONG).await);
    assert!(keep("a", GONE).await);
    assert!(claim(&subject.database, "b", LONG).await.is_some());
    assert!(!keep("a", LONG).await, "it is theirs by now");
    assert_eq!(drop_all(&subject).await, 1);
    assert!(!keep("b", LONG).await, "nobody waits for it");
}

pub(super) async fn a_job_given_back_counts_no_attempt(subject: Subject) {
    enqueue(&subject.database, &subject.network, 1, LONG).await;
    for _ in 0..=JOB_ATTEMPTS_MAX {
        let job = claim(&subject.database, "a", LONG).await.expect("a job");
        assert_eq!(job.earlier, 0);
        let mut tx = subject.database.write().await.expect("write");
        assert!(!tx.give_back_job(&job.key, "b").await.expect("give back"));
        assert!(tx.give_back_job(&job.key, "a").await.expect("give back"));
        tx.commit().await.expect("commit");
    }
    assert_eq!(drop_all(&subject).await, 1);
}

pub(super) async fn what_workers_cannot_do_goes_back_to_the_asker(subject: Subject) {
    enqueue(&subject.database, &subject.network, 2, LONG).await;
    let job = claim(&subject.database, "a", LONG).await.expect("a job");
    let mut tx = subject.database.write().await.expect("write");
    assert!(!tx.fail_job(&job.key, "b").await.expect("fail"));
    assert!(tx.fail_job(&job.key, "a").await.expect("fail"));
    tx.commit().await.expect("commit");
    let other = claim(&subject.database, "b", LONG).await.expect("the other");
    assert_ne!(other.key, job.key);
    let back = Some((job.key.number, JobState::Failed));
    assert_eq!((take_back(&subject).await, take_back(&subject).await), (back, None));
    assert_eq!(drop_all(&subject).await, 1);
}

pub(super) async fn jobs_past_their_end_are_for_nobody(subject: Subject) {
    enqueue(&subject.database, &subject.network, 1, GONE).await;
    assert_eq!(claim(&subject.database, "a", LONG).await, None);
    let mut tx = subject.database.write().await.expect("write");
    tx.purge_jobs().await.expect("purge");
    tx.commit().await.expect("commit");
    assert_eq!(jobs(&subject).await.len(), 1, "kept a while");
    const AGE: &str = "update job set end_time = end_time - 700000000 where network_id = $1";
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(AGE, crate::tx::values![subject.network.as_str()]).await.expect("age");
    assert!(tx.purge_jobs().await.expect("purge") >= 1);
    tx.commit().await.expect("commit");
    assert_eq!(jobs(&subject).await, []);
}

pub(super) async fn plans_have_jobs_of_their_own(subject: Subject) {
    enqueue(&subject.database, &subject.network, 1, LONG).await;
    enqueue(&subject.database, &subject.other, 2, LONG).await;
    let first = claim(&subject.database, "a", LONG).await.expect("a job");
    assert_eq!(first.key.network, subject.network, "the oldest first");
    assert!(finish(&subject.database, &first.key, "a").await);
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.take_job_answers(&subject.other, &plan("p")).await.expect("answers"), []);
    assert_eq!(tx.take_back_job(&subject.network, &plan("q")).await.expect("take back"), None);
    assert_eq!(tx.drop_jobs(&subject.other, &plan("p")).await.expect("drop"), 2);
    tx.commit().await.expect("commit");
    assert_eq!(answers(&subject).await, [0]);
}
