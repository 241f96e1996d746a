//! The quick plan: gigs by weight, each put where it adds the least travel. Always made, never the last word.

use super::{
    caps::Caps,
    draft::{Draft, Placed},
};
use crate::{problem::Problem, tour::Round};

/// A draft that gigs are put into one by one.
pub(super) struct Greedy<'p> {
    problem: &'p Problem,
    caps: &'p Caps,
    draft: Draft,
    /// Travel of each window's trip.
    travel_s: Vec<i64>,
    /// Gigs added under each cap.
    used: Vec<u32>,
    /// Edges of each volunteer: those who can do little else come first.
    choices: Vec<u32>,
}

/// A way to put one helper into one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    cost: i64,
    choices: u32,
    window: u32,
    edge: u32,
    travel_s: i64,
}

impl<'p> Greedy<'p> {
    /// Starts from what is promised.
    pub(super) fn new(problem: &'p Problem, caps: &'p Caps) -> Self {
        let mut choices = vec![0; problem.volunteer_count()];
        for edge in 0..problem.edges.len() {
            choices[problem.edges.volunteer(problem, edge)] += 1;
        }
        let travel_s = (0..problem.windows.len())
            .map(|window| match problem.promised.in_window.row(window) {
                [] => 0,
                _ => Round::with_edges(problem, window, std::iter::empty()).promised_travel_s,
            })
            .collect();
        Self { problem, caps, draft: Draft::new(problem), travel_s, used: vec![0; caps.all.len()], choices }
    }

    /// Starts from a draft that can be done.
    pub(super) fn from_draft(problem: &'p Problem, caps: &'p Caps, draft: Draft) -> Self {
        let mut greedy = Self::new(problem, caps);
        for window in 0..problem.windows.len() {
            if draft.of_window[window].is_empty() {
                continue;
            }
            for &cap in &caps.of_window[window] {
                greedy.used[cap as usize] += draft.of_window[window].len() as u32;
            }
            greedy.draft.of_window[window].clone_from(&draft.of_window[window]);
            greedy.travel_s[window] = greedy.trip_s(window, &draft.of_window[window]).unwrap_or(0);
        }
        greedy
    }

    /// Fills what is open, heaviest per helper first, then those with the fewest candidates.
    pub(super) fn fill(mut self) -> Draft {
        let problem = self.problem;
        let mut is_filled = vec![false; problem.gig_count()];
        for placed in self.draft.of_window.iter().flatten() {
            is_filled[problem.edges.gig[placed.edge as usize] as usize] = true;
        }
        let mut todo: Vec<usize> = (0..problem.gig_count())
            .filter(|&gig| !problem.gigs.needs.row(gig).is_empty() && !is_filled[gig])
            .collect();
        let helpers = |gig: usize| problem.gigs.needs.row(gig).iter().map(|need| i64::from(need.count)).sum::<i64>();
        todo.sort_by_key(|&gig| {
            (-i64::from(problem.weight(gig)) * 840 / helpers(gig), problem.edges.of_gig(gig).len(), gig)
        });
        for gig in todo {
            if problem.gigs.starts.row(gig).is_empty() {
                self.fill_alone(gig);
            } else {
                self.fill_together(gig);
            }
        }
        self.draft
    }

    fn fill_alone(&mut self, gig: usize) {
        let best = self.problem.edges.of_gig(gig).iter().filter_map(|&edge| self.option(edge, None)).min();
        if let Some(best) = best {
            self.place(best, None);
        }
    }

    fn fill_together(&mut self, gig: usize) {
        let mut best: Option<(i64, u32, Vec<Way>)> = None;
        for meeting in self.problem.gigs.starts.range(gig) {
            let meeting = meeting as u32;
            if let Some((cost, crew)) = self.crew(gig, meeting)
                && best.as_ref().is_none_or(|(least, _, _)| cost < *least)
            {
                best = Some((cost, meeting, crew));
            }
        }
        if let Some((_, meeting, crew)) = best {
            for member in crew {
                self.place(member, Some(meeting));
            }
        }
    }

    /// The cheapest helpers for one meeting, needs with the fewest candidates first; `None` if they do not suffice.
    fn crew(&self, gig: usize, meeting: u32) -> Option<(i64, Vec<Way>)> {
        let problem = self.problem;
        let mut of_need: Vec<(u8, Vec<Way>)> = Vec::new();
        for number in problem.gigs.needs.range(gig) {
            let edges =
                problem.edges.of_gig(gig).iter().filter(|&&edge| problem.edges.need[edge as usize] as usize == number);
            let mut options: Vec<Way> = edges.filter_map(|&edge| self.option(edge, Some(meeting))).collect();
            options.sort_unstable();
            of_need.push((problem.gigs.needs.flat()[number].count, options));
        }
        of_need.sort_by_key(|(count, options)| options.len() - (options.len().min(usize::from(*count))));
        let mut crew: Vec<Way> = Vec::new();
        for (count, options) in of_need {
            for _ in 0..count {
                let person = |option: &Way| problem.windows.volunteer[option.window as usize];
                let next = options.iter().find(|option| crew.iter().all(|member| person(member) != person(option)))?;
                crew.push(*next);
            }
        }
        Some((crew.iter().map(|member| member.cost).sum(), crew))
    }

    fn option(&self, edge: u32, meeting: Option<u32>) -> Option<Way> {
        let problem = self.problem;
        let window = problem.edges.window[edge as usize] as usize;
        if self.caps.of_window[window].iter().any(|&cap| self.used[cap as usize] >= self.caps.all[cap as usize].room) {
            return None;
        }
        let mut placed = self.draft.of_window[window].clone();
        placed.push(Placed { edge, meeting });
        let travel_s = self.trip_s(window, &placed)?;
        let share = |&cap: &u32| self.caps.all[cap as usize].step_cost_s(self.used[cap as usize]);
        let share_s: i64 = self.caps.of_window[window].iter().map(share).sum();
        let cost = travel_s - self.travel_s[window] + share_s - i64::from(problem.edges.bonus[edge as usize]);
        let volunteer = problem.windows.volunteer[window] as usize;
        Some(Way { cost, choices: self.choices[volunteer], window: window as u32, edge, travel_s })
    }

    /// Travel of the best trip through these, or `None`.
    fn trip_s(&self, window: usize, placed: &[Placed]) -> Option<i64> {
        let mut edges: Vec<u32> = placed.iter().map(|placed| placed.edge).collect();
        edges.sort_unstable();
        let round = Round::with_edges(self.problem, window, edges.into_iter());
        let items: Vec<u16> = (round.promised..round.items.len())
            .filter(|&item| {
                let item = &round.items[item];
                placed.iter().any(|placed| Some(placed.edge) == item.edge && placed.meeting == item.meeting)
            })
            .map(|item| item as u16)
            .collect();
        if items.len() != placed.len() {
            return None;
        }
        round.best_order(&items).map(|tour| tour.travel_s)
    }

    fn place(&mut self, option: Way, meeting: Option<u32>) {
        let window = option.window as usize;
        self.draft.of_window[window].push(Placed { edge: option.edge, meeting });
        self.draft.of_window[window].sort_unstable();
        self.travel_s[window] = option.travel_s;
        for &cap in &self.caps.of_window[window] {
            self.used[cap as usize] += 1;
        }
    }
}
