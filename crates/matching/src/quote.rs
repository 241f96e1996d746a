//! The caller is on the line: who could come, when, and who suits best. Nothing is changed.

use std::collections::BTreeMap;

use crate::{
    eligibility::{Insertion, RuleSet, at_start, check},
    openings,
    problem::Problem,
    score::{self, Term},
    snapshot::Span,
};

/// A volunteer who can take a slot of the gig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Number of the volunteer.
    pub volunteer: usize,
    /// The slot they suit best: the first of equals.
    pub slot: usize,
    /// All open slots that they suit, ascending.
    pub slots: Vec<usize>,
    /// The start at which they suit best.
    pub start: i64,
    /// What it means for their round trip.
    pub insertion: Insertion,
    /// The score, term by term.
    pub terms: Vec<Term>,
    /// The sum of the terms in thousandths of a point; more is better.
    pub total_milli: i64,
}

/// A start at which the gig can be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeasibleStart {
    /// When.
    pub start: i64,
    /// How many volunteers could take a slot then.
    pub able: usize,
}

/// The answer to "who could come, and when?".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quote {
    /// Best first, everybody once.
    pub candidates: Vec<Candidate>,
    /// Starts at which every open slot can be filled by different people, ascending: quarters of an hour where there are any,
    /// else the exact moments between.
    pub starts: Vec<FeasibleStart>,
    /// How many volunteers were looked at.
    pub considered: usize,
}

/// Ranks the volunteers for the open slots of a gig beside everything that stands, and lists the starts that can be kept.
#[must_use]
pub fn quote(problem: &Problem, gig: usize) -> Quote {
    let slots = problem.open_slots(gig);
    let grid = openings::grid(problem, gig);
    let mut candidates = Vec::new();
    let mut able: BTreeMap<i64, Vec<(usize, usize)>> = BTreeMap::new();
    for volunteer in 0..problem.volunteer_count() {
        for &slot in slots.iter().filter(|slot| check(problem, volunteer, gig, **slot).is_empty()) {
            let best = takes(problem, volunteer, gig, slot, &grid)
                .inspect(|taken| able.entry(taken.start).or_default().push((volunteer, slot)))
                .max_by_key(|taken| preference(&grid, taken));
            candidates.extend(best.map(|best| best.candidate(problem, volunteer, gig, slot)));
        }
    }
    let mut starts: Vec<FeasibleStart> = able
        .iter()
        .filter(|(_, who)| can_fill(&slots, who))
        .map(|(&start, who)| FeasibleStart { start, able: people(who) })
        .collect();
    if slots.len() > 1 {
        // Where helpers must meet, a candidate is worth showing only at a start that all of them can keep.
        candidates.retain_mut(|candidate| meet(problem, gig, &grid, &starts, candidate));
    }
    if starts.iter().any(|at| grid.contains(&at.start)) {
        starts.retain(|at| grid.contains(&at.start));
    }
    candidates.sort_by(|a, b| {
        (b.total_milli, a.start, a.volunteer, a.slot).cmp(&(a.total_milli, b.start, b.volunteer, b.slot))
    });
    Quote { candidates: each_once(candidates), starts, considered: problem.volunteer_count() }
}

/// One volunteer as [`quote`] ranks them where helpers must meet, at the best of the starts that all of them can keep; none if they can keep
/// none of these.
#[must_use]
pub fn meeting(problem: &Problem, volunteer: usize, gig: usize, starts: &[i64]) -> Option<Candidate> {
    let grid = openings::grid(problem, gig);
    let starts: Vec<FeasibleStart> = starts.iter().map(|&start| FeasibleStart { start, able: 0 }).collect();
    let suits = problem.open_slots(gig).into_iter().filter(|&slot| check(problem, volunteer, gig, slot).is_empty());
    let mut found: Vec<Candidate> =
        suits.filter_map(|slot| best_of(problem, volunteer, gig, slot, &grid, &starts)).collect();
    found.sort_by(|a, b| (b.total_milli, a.start, a.slot).cmp(&(a.total_milli, b.start, b.slot)));
    each_once(found).into_iter().next()
}

/// Everybody at the slot that they suit best. The candidates are best first.
pub(crate) fn each_once(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut once: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let place = *places.entry(candidate.volunteer).or_insert(once.len());
        match once.get_mut(place) {
            Some(known) => known.slots.extend(candidate.slots),
            None => once.push(candidate),
        }
    }
    once.iter_mut().for_each(|known| known.slots.sort_unstable());
    once
}

/// A start at which somebody can take a slot, and what it is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) start: i64,
    insertion: Insertion,
    total_milli: i64,
}

impl Taken {
    /// In full.
    pub(crate) fn candidate(self, problem: &Problem, volunteer: usize, gig: usize, slot: usize) -> Candidate {
        let Self { start, insertion, total_milli } = self;
        let terms = score::terms(problem, volunteer, problem.standing_schedule(volunteer), gig, start, &insertion);
        Candidate { volunteer, slot, slots: vec![slot], start, insertion, terms, total_milli }
    }
}

/// Every start at which a volunteer can take the slot: on the grid, and the earliest of each gap. The rules that do not hang on the
/// hour are kept.
pub(crate) fn takes<'a>(
    problem: &'a Problem,
    volunteer: usize,
    gig: usize,
    slot: usize,
    grid: &[i64],
) -> impl Iterator<Item = Taken> + 'a {
    let schedule = problem.standing_schedule(volunteer);
    let mut starts = openings::earliest_in_gaps(problem, volunteer, schedule, gig);
    starts.extend_from_slice(grid);
    starts.sort_unstable();
    starts.dedup();
    // Most starts lie in no window of theirs: not worth asking about.
    let windows = problem.volunteer_windows(volunteer);
    let duration_s = problem.duration_s(gig);
    starts.retain(|&start| windows.iter().any(|window| window.holds(Span::new(start, start + duration_s))));
    starts.into_iter().filter_map(move |start| taken(problem, volunteer, gig, slot, start, RuleSet::EMPTY))
}

fn taken(problem: &Problem, volunteer: usize, gig: usize, slot: usize, start: i64, broken: RuleSet) -> Option<Taken> {
    let schedule = problem.standing_schedule(volunteer);
    let insertion = at_start(problem, volunteer, schedule, gig, slot, start, broken).ok()?;
    let total_milli = score::total_milli(problem, volunteer, schedule, gig, start, &insertion);
    Some(Taken { start, insertion, total_milli })
}

/// A volunteer at one start, if they can.
pub(crate) fn candidate(problem: &Problem, volunteer: usize, gig: usize, slot: usize, start: i64) -> Option<Candidate> {
    let broken = check(problem, volunteer, gig, slot);
    Some(taken(problem, volunteer, gig, slot, start, broken)?.candidate(problem, volunteer, gig, slot))
}

/// What makes a start the one to offer: people agree on quarters of an hour, so an exact moment between them is told only to
/// those who can keep no other; then the score, then the earlier.
pub(crate) fn preference(grid: &[i64], taken: &Taken) -> (bool, i64, i64) {
    (grid.binary_search(&taken.start).is_ok(), taken.total_milli, -taken.start)
}

/// Moves a candidate to the best start that all helpers can keep; false if there is none.
fn meet(problem: &Problem, gig: usize, grid: &[i64], starts: &[FeasibleStart], shown: &mut Candidate) -> bool {
    let best = best_of(problem, shown.volunteer, gig, shown.slot, grid, starts);
    best.is_some_and(|best| {
        *shown = best;
        true
    })
}

/// Somebody who may take a slot, at the best of some starts; none if they can keep none of them.
pub(crate) fn best_of(
    problem: &Problem,
    volunteer: usize,
    gig: usize,
    slot: usize,
    grid: &[i64],
    starts: &[FeasibleStart],
) -> Option<Candidate> {
    let at = starts.iter().filter_map(|at| taken(problem, volunteer, gig, slot, at.start, RuleSet::EMPTY));
    let best = at.max_by_key(|taken| preference(grid, taken))?;
    Some(best.candidate(problem, volunteer, gig, slot))
}

fn people(who: &[(usize, usize)]) -> usize {
    let mut volunteers: Vec<usize> = who.iter().map(|(volunteer, _)| *volunteer).collect();
    volunteers.sort_unstable();
    volunteers.dedup();
    volunteers.len()
}

/// Whether every slot gets a helper of its own from the `(volunteer, slot)` pairs: augmenting paths, as slots are few.
pub(crate) fn can_fill(slots: &[usize], who: &[(usize, usize)]) -> bool {
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    slots.iter().all(|&slot| place(slot, who, &mut taken, &mut Vec::new()))
}

fn place(slot: usize, who: &[(usize, usize)], taken: &mut BTreeMap<usize, usize>, tried: &mut Vec<usize>) -> bool {
    for &(volunteer, _) in who.iter().filter(|(_, suits)| *suits == slot) {
        if tried.contains(&volunteer) {
            continue;
        }
        tried.push(volunteer);
        let free = match taken.get(&volunteer).copied() {
            None => true,
            Some(other) => place(other, who, taken, tried),
        };
        if free {
            taken.insert(volunteer, slot);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::cases::{self, H};
    use crate::snapshot::{GigRow, Promise, PromiseState, SlotRow, VolunteerRow};

    fn volunteer(id: &str) -> VolunteerRow {
        VolunteerRow { id: id.into(), ..cases::volunteer() }
    }

    #[test]
    fn the_one_who_likes_it_comes_first() {
        let likes = VolunteerRow { likes: vec!["shopping".into()], ..volunteer("b") };
        let problem =
            Problem::compile(&cases::snapshot(vec![volunteer("a"), likes], vec![cases::gig()])).expect("sound");
        let quote = quote(&problem, 0);
        let order: Vec<&str> =
            quote.candidates.iter().map(|candidate| problem.volunteer_id(candidate.volunteer)).collect();
        assert_eq!(order, ["b", "a"]);
        assert_eq!(quote.candidates[0].total_milli - quote.candidates[1].total_milli, 5_000);
        assert_eq!((quote.starts.len(), quote.starts[0].able, quote.considered), (13, 2, 2));
    }

    #[test]
    fn a_standing_promise_closes_its_hours() {
        let other = GigRow { id: "other".into(), ..cases::gig() };
        let mut snapshot = cases::snapshot(vec![volunteer("a")], vec![cases::gig(), other]);
        snapshot.promises = vec![Promise {
            gig: "other".into(),
            slot: 0,
            volunteer: "a".into(),
            start: 10 * H,
            state: PromiseState::Accepted,
        }];
        let problem = Problem::compile(&snapshot).expect("sound");
        let starts: Vec<i64> =
            quote(&problem, problem.find_gig("g").expect("gig")).starts.iter().map(|at| at.start).collect();
        assert_eq!(starts, [9 * H, 11 * H, 11 * H + 900, 11 * H + 1800, 11 * H + 2700, 12 * H]);
    }

    #[test]
    fn two_helpers_must_be_two_people_at_one_start() {
        let two = GigRow { slots: vec![SlotRow { skills: vec!["car".into()] }, SlotRow::default()], ..cases::gig() };
        let late = VolunteerRow { windows: vec![Span::new(11 * H, 16 * H)], skills: vec![], ..volunteer("b") };
        let alone = Problem::compile(&cases::snapshot(vec![volunteer("a")], vec![two.clone()])).expect("sound");
        assert!(quote(&alone, 0).starts.is_empty() && quote(&alone, 0).candidates.is_empty());
        let both = Problem::compile(&cases::snapshot(vec![volunteer("a"), late], vec![two])).expect("sound");
        let found = quote(&both, 0);
        assert!(found.starts.iter().all(|at| at.start >= 11 * H + 847) && !found.starts.is_empty());
        assert!(found.candidates.iter().all(|candidate| candidate.start >= 11 * H + 847));
        let mut slots: Vec<_> = found.candidates.iter().map(|one| (one.volunteer, one.slot, &one.slots[..])).collect();
        slots.sort_unstable();
        assert_eq!(slots, [(0, 0, &[0, 1][..]), (1, 1, &[1][..])], "everybody once, with every slot they suit");
    }
}
