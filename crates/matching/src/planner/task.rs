//! A tile as a task that another process can do: ids and places in lists instead of numbers of one problem, so that it means
//! the same wherever the same rows are known. Of an answer nothing is believed that the asker's own problem does not confirm.

use super::{
    book::{self, Held},
    caps::Caps,
    draft::Draft,
    tile::{self, Depth, Tolls},
};
use crate::problem::{Part, Problem, Selection, Stop};

/// One helper of a gig, by places in the lists of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePair {
    /// Place of the gig in [`TileTask::gigs`].
    pub gig: u32,
    /// Place of the volunteer in [`TileTask::volunteers`].
    pub volunteer: u32,
    /// Which of the volunteer's windows.
    pub window: u32,
    /// Which of the sorts of helper that the gig still needs.
    pub need: u32,
    /// Which of the starts that are tried, where several helpers must meet.
    pub meeting: Option<u32>,
}

/// A gig that somebody of a tile does together with people of another tile: it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileLock {
    /// Place of the volunteer in [`TileTask::volunteers`].
    pub volunteer: u32,
    /// Which of the volunteer's windows.
    pub window: u32,
    /// Id of the gig.
    pub gig: String,
    /// When it starts.
    pub start: i64,
}

/// A tile to be planned: ids, places in lists and instants, nothing else about anybody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TileTask {
    /// Decides between plans of equal worth.
    pub seed: u64,
    /// Ids of the volunteers, ascending.
    pub volunteers: Vec<String>,
    /// Ids of the gigs to plan, ascending.
    pub gigs: Vec<String>,
    /// What stands besides.
    pub locks: Vec<TileLock>,
    /// Who does what so far.
    pub held: Vec<TilePair>,
}

/// What became of a tile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TileAnswer {
    /// Who does what now; at least as good as before.
    pub held: Vec<TilePair>,
}

/// Somebody who plans tiles for a search that is divided: other processes, say.
pub trait TileRunner {
    /// Most tasks it takes at once; at least one.
    fn width(&self) -> usize;

    /// Answers to these tasks, in their order. What has no answer is planned by the asker, or left as it is once `is_over` says
    /// that there is no more time: then nobody waits for an answer either.
    fn run(&self, problem: &Problem, tasks: &[TileTask], is_over: &dyn Fn() -> bool) -> Vec<Option<TileAnswer>>;
}

/// Plans a tile of a problem, the same way on every machine. Nothing if the problem does not know the rows of the task, if what
/// is held so far cannot be done, or if it was cancelled meanwhile.
#[must_use]
pub fn run_tile(problem: &Problem, task: &TileTask, is_cancelled: &dyn Fn() -> bool) -> Option<TileAnswer> {
    let selection = task.selection(problem)?;
    let mut part = Part::new(problem, &selection);
    part.connect();
    let caps = Caps::new(&part.problem);
    let start = draft(problem, &part, &selection, &task.held)?;
    let (done, _) = tile::improve(&part.problem, &caps, &start, task.seed, Depth::Plan, is_cancelled)?;
    let held = book::held_in(problem, &part, &done);
    let held = held.into_iter().map(|(gig, held)| pair(problem, &selection, gig, held)).collect();
    let answer = TileAnswer { held };
    (!is_cancelled()).then_some(answer)
}

impl TileTask {
    /// The task of a tile.
    pub(super) fn new<'h>(whole: &Problem, selection: &Selection, seed: u64, held: impl Fn(u32) -> &'h [Held]) -> Self {
        let lock = |&(window, stop): &(u32, Stop)| {
            let (volunteer, ordinal) = of_person(whole, selection, window);
            TileLock { volunteer, window: ordinal, gig: whole.gig_id(stop.gig).to_owned(), start: stop.start }
        };
        let pairs = |&gig: &u32| held(gig).iter().map(move |&held| pair(whole, selection, gig, held));
        Self {
            seed,
            volunteers: selection.volunteers.iter().map(|&it| whole.volunteer_id(it as usize).to_owned()).collect(),
            gigs: selection.gigs.iter().map(|&gig| whole.gig_id(gig as usize).to_owned()).collect(),
            locks: selection.locks.iter().map(lock).collect(),
            held: selection.gigs.iter().flat_map(pairs).collect(),
        }
    }

    /// The same by numbers, if the problem knows all of it.
    fn selection(&self, whole: &Problem) -> Option<Selection> {
        let volunteers: Option<Vec<u32>> =
            self.volunteers.iter().map(|id| whole.find_volunteer(id).map(|number| number as u32)).collect();
        let gigs: Option<Vec<u32>> =
            self.gigs.iter().map(|id| whole.find_gig(id).map(|number| number as u32)).collect();
        let mut selection = Selection { volunteers: volunteers?, gigs: gigs?, locks: Vec::new() };
        let is_rising = |numbers: &[u32]| numbers.windows(2).all(|pair| pair[0] < pair[1]);
        if !is_rising(&selection.volunteers) || !is_rising(&selection.gigs) {
            return None;
        }
        for lock in &self.locks {
            let volunteer = *selection.volunteers.get(lock.volunteer as usize)?;
            let window = nth(whole.windows.of(volunteer as usize), lock.window)?;
            let gig = whole.find_gig(&lock.gig)?;
            selection.locks.push((window, Stop { start: lock.start, gig }));
        }
        selection.locks.sort_unstable();
        Some(selection)
    }
}

impl TileAnswer {
    /// What it says of a part of the whole: a draft that can be done and is no worse than the start. Nothing if it is
    /// not an answer to this.
    pub(super) fn judged(
        &self,
        whole: &Problem,
        part: &Part,
        selection: &Selection,
        caps: &Caps,
        start: &Draft,
    ) -> Option<(Draft, Option<Tolls>)> {
        let draft = draft(whole, part, selection, &self.held)?;
        let objective = |draft: &Draft| draft.settle(&part.problem, caps).map(|(worth, _)| worth.objective());
        if objective(&draft)? < objective(start)? {
            return None;
        }
        Some((draft, None))
    }
}

/// The draft of a part that these pairs make; nothing if one of them cannot be.
fn draft(whole: &Problem, part: &Part, selection: &Selection, pairs: &[TilePair]) -> Option<Draft> {
    let mut held: Vec<(u32, Held)> = pairs.iter().map(|pair| held(whole, selection, pair)).collect::<Option<_>>()?;
    held.sort_unstable();
    let mut of_gig: Vec<(u32, Vec<Held>)> = Vec::new();
    for one in held.chunk_by(|a, b| a.0 == b.0) {
        of_gig.push((one[0].0, one.iter().map(|(_, held)| *held).collect()));
    }
    let draft = book::draft_of(whole, part, of_gig.iter().map(|(gig, held)| (*gig, held.as_slice())));
    let count: usize = draft.of_window.iter().map(Vec::len).sum();
    (count == pairs.len()).then_some(draft)
}

/// The number at a place of a range.
fn nth(mut range: std::ops::Range<usize>, place: u32) -> Option<u32> {
    range.nth(place as usize).map(|number| number as u32)
}

fn held(whole: &Problem, selection: &Selection, pair: &TilePair) -> Option<(u32, Held)> {
    let gig = *selection.gigs.get(pair.gig as usize)?;
    let volunteer = *selection.volunteers.get(pair.volunteer as usize)?;
    let meeting = match pair.meeting {
        None => None,
        Some(place) => Some(nth(whole.gigs.starts.range(gig as usize), place)?),
    };
    let window = nth(whole.windows.of(volunteer as usize), pair.window)?;
    let need = nth(whole.gigs.needs.range(gig as usize), pair.need)?;
    Some((gig, Held { window, need, meeting }))
}

fn pair(whole: &Problem, selection: &Selection, gig: u32, held: Held) -> TilePair {
    let (volunteer, window) = of_person(whole, selection, held.window);
    let (needs, starts) = (whole.gigs.needs.range(gig as usize), whole.gigs.starts.range(gig as usize));
    TilePair {
        gig: selection.gigs.partition_point(|&other| other < gig) as u32,
        volunteer,
        window,
        need: held.need - needs.start as u32,
        meeting: held.meeting.map(|meeting| meeting - starts.start as u32),
    }
}

/// Whose window it is, by place in the selection, and which of theirs.
fn of_person(whole: &Problem, selection: &Selection, window: u32) -> (u32, u32) {
    let volunteer = whole.windows.volunteer[window as usize];
    let place = selection.volunteers.partition_point(|&other| other < volunteer);
    (place as u32, window - whole.windows.of(volunteer as usize).start as u32)
}
