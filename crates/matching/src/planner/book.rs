//! Who does what in the whole, while parts of it are planned on their own.

use super::draft::{Draft, Placed};
use crate::problem::{Part, Problem, Stop};

/// One helper of a gig, by numbers of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Held {
    pub(super) window: u32,
    /// Position in `Gigs::needs`, flat.
    pub(super) need: u32,
    /// Position in `Gigs::starts`, flat, if several helpers must meet.
    pub(super) meeting: Option<u32>,
}

/// The helpers of every gig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) of_gig: Vec<Vec<Held>>,
}

impl Book {
    /// Nobody does anything.
    pub(super) fn new(whole: &Problem) -> Self {
        Self { of_gig: vec![Vec::new(); whole.gig_count()] }
    }

    /// When the helpers of a gig meet.
    pub(super) fn stop(&self, whole: &Problem, gig: usize) -> Option<Stop> {
        let meeting = self.of_gig[gig].first()?.meeting?;
        Some(Stop { start: whole.gigs.starts.flat()[meeting as usize], gig })
    }

    /// The draft of a part that keeps to the book, for these gigs of the whole; what has no edge is left out.
    pub(super) fn draft(&self, whole: &Problem, part: &Part, gigs: &[u32]) -> Draft {
        draft_of(whole, part, gigs.iter().map(|&gig| (gig, self.of_gig[gig as usize].as_slice())))
    }

    /// Takes over what a draft of a part says of these gigs of the whole.
    pub(super) fn absorb(&mut self, whole: &Problem, part: &Part, gigs: &[u32], draft: &Draft) {
        gigs.iter().for_each(|&gig| self.of_gig[gig as usize].clear());
        held_in(whole, part, draft).into_iter().for_each(|(gig, held)| self.of_gig[gig as usize].push(held));
    }
}

/// The draft of a part that keeps to these helpers of gigs of the whole; what has no edge is left out.
pub(super) fn draft_of<'h>(whole: &Problem, part: &Part, of_gig: impl Iterator<Item = (u32, &'h [Held])>) -> Draft {
    let problem = &part.problem;
    let mut draft = Draft::new(problem);
    for (gig, held) in of_gig {
        let Some(own) = part.gig(gig as usize) else { continue };
        let placed = |held: &Held| {
            let window = part.window(held.window as usize)?;
            let need = held.need as usize - whole.gigs.needs.range(gig as usize).start;
            let need = problem.gigs.needs.range(own).start + need;
            let first = whole.gigs.starts.range(gig as usize).start;
            let meeting =
                held.meeting.map(|meeting| (problem.gigs.starts.range(own).start + meeting as usize - first) as u32);
            Some((window, place(problem, window, need, meeting)?))
        };
        let all: Option<Vec<(usize, Placed)>> = held.iter().map(placed).collect();
        all.into_iter().flatten().for_each(|(window, placed)| draft.of_window[window].push(placed));
    }
    draft.of_window.iter_mut().for_each(|placed| placed.sort_unstable());
    draft
}

/// The helpers of gigs of the whole that a draft of a part names, by window.
pub(super) fn held_in(whole: &Problem, part: &Part, draft: &Draft) -> Vec<(u32, Held)> {
    let problem = &part.problem;
    let mut all = Vec::new();
    for (window, placed) in draft.of_window.iter().enumerate() {
        for placed in placed {
            let edge = placed.edge as usize;
            let own = problem.edges.gig[edge] as usize;
            let gig = part.gigs[own];
            let need = problem.edges.need[edge] as usize - problem.gigs.needs.range(own).start;
            let first = problem.gigs.starts.range(own).start;
            let meeting = placed
                .meeting
                .map(|meeting| (whole.gigs.starts.range(gig as usize).start + meeting as usize - first) as u32);
            let need = (whole.gigs.needs.range(gig as usize).start + need) as u32;
            all.push((gig, Held { window: part.windows[window], need, meeting }));
        }
    }
    all
}

fn place(problem: &Problem, window: usize, need: usize, meeting: Option<u32>) -> Option<Placed> {
    let mut edges = problem.edges.of_window.range(window);
    let edge = edges.find(|&edge| problem.edges.need[edge] as usize == need)?;
    Some(Placed { edge: edge as u32, meeting })
}
