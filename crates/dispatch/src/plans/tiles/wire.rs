//! What stands in the rows of the queue: tasks and answers as JSON, numbers in short lists.

use matching::planner::{TileAnswer, TileLock, TilePair, TileTask};
use serde::{Deserialize, Serialize};

/// The form of these texts; a program that knows another leaves the job to the asker.
const FORM: u32 = 1;

/// Gig, volunteer, window, need and meeting, as in [`TilePair`].
type Pair = (u32, u32, u32, u32, Option<u32>);

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    form: u32,
    digest: u64,
    seed: u64,
    volunteers: Vec<String>,
    gigs: Vec<String>,
    /// Volunteer, window, gig and start.
    locks: Vec<(u32, u32, String, i64)>,
    held: Vec<Pair>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    held: Vec<Pair>,
}

fn pair_out(pair: &TilePair) -> Pair {
    (pair.gig, pair.volunteer, pair.window, pair.need, pair.meeting)
}

fn pair_in((gig, volunteer, window, need, meeting): Pair) -> TilePair {
    TilePair { gig, volunteer, window, need, meeting }
}

/// A task with the digest of its rows, as text.
pub(super) fn task_text(task: &TileTask, digest: u64) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Task {
        form: FORM,
        digest,
        seed: task.seed,
        volunteers: task.volunteers.clone(),
        gigs: task.gigs.clone(),
        locks: task.locks.iter().map(|lock| (lock.volunteer, lock.window, lock.gig.clone(), lock.start)).collect(),
        held: task.held.iter().map(pair_out).collect(),
    })
}

/// A task and the digest of its rows, if the text is one of this form.
pub(super) fn read_task(text: &str) -> Option<(TileTask, u64)> {
    let task: Task = serde_json::from_str(text).ok().filter(|task: &Task| task.form == FORM)?;
    let lock = |(volunteer, window, gig, start)| TileLock { volunteer, window, gig, start };
    let read = TileTask {
        seed: task.seed,
        volunteers: task.volunteers,
        gigs: task.gigs,
        locks: task.locks.into_iter().map(lock).collect(),
        held: task.held.into_iter().map(pair_in).collect(),
    };
    Some((read, task.digest))
}

/// An answer as text.
pub(super) fn answer_text(answer: &TileAnswer) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Answer { held: answer.held.iter().map(pair_out).collect() })
}

/// An answer, if the text is one.
pub(super) fn read_answer(text: &str) -> Option<TileAnswer> {
    let answer: Answer = serde_json::from_str(text).ok()?;
    Some(TileAnswer { held: answer.held.into_iter().map(pair_in).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_and_answers_come_back_as_they_were() {
        let pair = TilePair { gig: 1, volunteer: 2, window: 3, need: 4, meeting: Some(5) };
        let task = TileTask {
            seed: u64::MAX,
            volunteers: vec!["v1".into()],
            gigs: vec!["g1".into(), "g2".into()],
            locks: vec![TileLock { volunteer: 0, window: 1, gig: "g3".into(), start: -900 }],
            held: vec![pair, TilePair { meeting: None, ..pair }],
        };
        let text = task_text(&task, u64::MAX - 1).expect("text");
        assert_eq!(read_task(&text), Some((task, u64::MAX - 1)));
        let answer = TileAnswer { held: vec![pair] };
        assert_eq!(read_answer(&answer_text(&answer).expect("text")), Some(answer));
    }

    #[test]
    fn other_texts_are_neither() {
        let other = task_text(&TileTask::default(), 0).expect("text").replace("\"form\":1", "\"form\":2");
        for text in ["", "{}", "null", "{\"held\": 1}", other.as_str()] {
            assert_eq!(read_task(text), None, "{text}");
            assert_eq!(read_answer(text), None, "{text}");
        }
    }
}
