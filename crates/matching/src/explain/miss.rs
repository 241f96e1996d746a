//! The nearest misses: volunteers who fail one thing only, where putting that one thing right fills the gig.

use std::iter::once;

use super::{Change, Schedules, asked::Asked};
use crate::{
    eligibility::{Rule, RuleSet, day_cap, week_cap},
    itinerary::round_travel_s,
    problem::{Problem, Stop},
    quote::can_fill,
    snapshot::Span,
};

/// A volunteer and the one change that would fill the gig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// Number of the volunteer.
    pub volunteer: usize,
    /// The slot they would take.
    pub slot: usize,
    /// The start that the gig would have.
    pub start: i64,
    /// The change.
    pub change: Change,
}

impl Miss {
    /// When who would take which slot.
    pub(super) const fn seat(&self) -> (i64, usize, usize) {
        (self.start, self.volunteer, self.slot)
    }
}

/// The nearest misses beside `schedules`, the smallest change first, one per volunteer, at most so many.
pub(super) fn nearest(asked: &Asked<'_>, schedules: &Schedules, most: usize) -> Vec<Miss> {
    let others = others(asked, schedules);
    let mut misses: Vec<Miss> = (0..asked.who().len())
        .filter_map(|position| of_one(asked, position, schedules, |miss| completes(&others, &asked.slots, miss.seat())))
        .collect();
    misses.sort_by_key(|miss| (miss.change.effort(), miss.change.amount(), miss.volunteer));
    misses.truncate(most);
    misses
}

/// The smallest change of one of [`Asked::who`] by position, of those that do.
pub(super) fn of_one(
    asked: &Asked<'_>,
    position: usize,
    schedules: &Schedules,
    does: impl Fn(&Miss) -> bool,
) -> Option<Miss> {
    asked
        .of(position)
        // Whoever breaks two rules at any hour misses by more than one thing.
        .filter(|(_, broken)| broken.len() < 2)
        .flat_map(|(slot, broken)| candidates(asked, asked.who()[position], slot, broken, schedules))
        .filter(does)
        .min_by_key(|miss| (miss.change.effort(), miss.change.amount(), miss.start, miss.slot))
}

/// Who could take which slot at which start, as `(start, volunteer, slot)`: with several slots the others must be filled at the same start by
/// other people.
pub(super) fn others(asked: &Asked<'_>, schedules: &Schedules) -> Vec<(i64, usize, usize)> {
    if asked.slots.len() > 1 { asked.able(schedules) } else { Vec::new() }
}

/// Whether one volunteer more could fill the gig beside those who can come: the other slots can be filled at some start.
pub(super) fn one_is_enough(asked: &Asked<'_>, schedules: &Schedules) -> bool {
    if asked.slots.len() < 2 {
        return true;
    }
    let able = asked.able(schedules);
    able.chunk_by(|a, b| a.0 == b.0).any(|at| {
        let who: Vec<(usize, usize)> = at.iter().map(|(_, volunteer, slot)| (*volunteer, *slot)).collect();
        asked.slots.iter().any(|left| {
            let others: Vec<usize> = asked.slots.iter().copied().filter(|slot| slot != left).collect();
            can_fill(&others, &who)
        })
    })
}

/// Whether somebody in a slot at a start fills the gig beside the others.
pub(super) fn completes(
    others: &[(i64, usize, usize)],
    slots: &[usize],
    (start, volunteer, slot): (i64, usize, usize),
) -> bool {
    let at_once = others.iter().filter(|(at, ..)| *at == start).map(|(_, v, s)| (*v, *s));
    let who: Vec<(usize, usize)> = at_once.chain([(volunteer, slot)]).collect();
    can_fill(slots, &who)
}

/// Every single change that would let one volunteer take one slot.
fn candidates(asked: &Asked<'_>, volunteer: usize, slot: usize, always: RuleSet, schedules: &Schedules) -> Vec<Miss> {
    let (problem, gig, schedule) = (asked.problem, asked.gig, schedules.of(volunteer));
    let mut found = Vec::new();
    // Who has no window for the gig has none at any start. A rule that is broken at any hour needs the same change at every start, but for
    // the caps, so that the first will do.
    let caps = RuleSet::only(Rule::DayCap).union(RuleSet::only(Rule::WeekCap));
    let is_same = asked.slots.len() == 1 && !always.is_empty() && always.bits() & caps.bits() == 0;
    let starts = if always.contains(Rule::Availability) { Vec::new() } else { asked.starts(volunteer, schedule) };
    for start in starts {
        let Err(broken) = asked.can(volunteer, schedule, slot, start, always) else { continue };
        if broken.len() == 1
            && let Some(change) =
                broken.iter().next().and_then(|rule| single(problem, volunteer, schedule, gig, slot, start, rule))
        {
            found.push(Miss { volunteer, slot, start, change });
            if is_same {
                break;
            }
        }
    }
    if always.is_empty() || always == RuleSet::only(Rule::Availability) {
        found.extend(windows(asked, volunteer, schedule, slot, always));
    }
    found
}

/// The change that puts one broken rule right; the rules about windows and ways are looked at elsewhere.
fn single(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    gig: usize,
    slot: usize,
    start: i64,
    rule: Rule,
) -> Option<Change> {
    let people = &problem.volunteers;
    match rule {
        Rule::Standing => Some(Change::Activate),
        Rule::Kind => Some(Change::AcceptKind),
        Rule::Language => Some(Change::SpeakLanguage),
        Rule::Age => problem.gigs.min_age[gig].map(Change::ReachAge),
        Rule::Skill => one_missing_skill(problem, volunteer, gig, slot, start).map(Change::HoldSkill),
        Rule::TravelLimit => problem
            .way_out_s(volunteer, gig)
            .map(|to_s| Change::GoFurther { from_s: people.max_travel_s[volunteer], to_s }),
        Rule::DayCap => {
            let taken = day_cap::taken(problem, schedule, start);
            Some(Change::RaiseDayCap { from: people.max_gigs_day[volunteer], to: taken as u32 + 1 })
        }
        Rule::WeekCap => {
            let taken = week_cap::taken(problem, schedule, start);
            Some(Change::RaiseWeekCap { from: people.max_gigs_week[volunteer], to: taken as u32 + 1 })
        }
        // Nobody is talked out of a no.
        Rule::Declined | Rule::Availability | Rule::Itinerary | Rule::Start | Rule::Seat | Rule::Blocked => None,
    }
}

/// The skill that is missing, if it is exactly one.
fn one_missing_skill(problem: &Problem, volunteer: usize, gig: usize, slot: usize, start: i64) -> Option<String> {
    let end = start + problem.duration_s(gig);
    let held = problem.volunteers.validity.row(volunteer);
    let row = problem.gigs.slots.range(gig).start + slot;
    let mut missing = problem.gigs.slot_skills.ones(row).filter(|&skill| {
        !held.iter().any(|period| period.skill as usize == skill && period.from <= start && end <= period.until)
    });
    let first = missing.next()?;
    missing.next().is_none().then(|| problem.words.skills.name(first).to_owned())
}

/// Wider or new windows of availability that would do, where nothing else is broken.
fn windows(asked: &Asked<'_>, volunteer: usize, schedule: &[Stop], slot: usize, always: RuleSet) -> Vec<Miss> {
    let (problem, gig) = (asked.problem, asked.gig);
    let (Some(out_s), Some(back_s)) = (problem.way_out_s(volunteer, gig), problem.way_back_s(volunteer, gig)) else {
        return Vec::new();
    };
    let duration_s = problem.duration_s(gig);
    let spans = problem.volunteer_windows(volunteer);
    let mut found = Vec::new();
    for at in problem.gig_windows(gig) {
        let (first, last) = problem.fixed_start(gig).map_or((at.start, at.end - duration_s), |start| (start, start));
        let multi = problem.open_slots(gig).len() > 1;
        for span in spans.iter().filter(|span| problem.day_of(span.start) == problem.day_of(at.start)) {
            // The starts that need least of this window: its earliest, its latest, and the gig's own ends.
            let tight = [span.start + out_s, span.end - back_s - duration_s, first, last];
            let starts: Vec<i64> = if multi {
                problem.gigs.starts.row(gig).to_vec()
            } else {
                tight.map(|start| start.clamp(first, last)).to_vec()
            };
            found.extend(starts.into_iter().filter_map(|start| {
                let needed = Span::new(span.start.min(start - out_s), span.end.max(start + duration_s + back_s));
                let change = Change::WidenWindow { from: *span, to: needed };
                (needed != *span && suits(asked, volunteer, schedule, (slot, always), start, needed, Some(*span)))
                    .then_some(Miss { volunteer, slot, start, change })
            }));
        }
        let needed = |start: i64| Span::new(start - out_s, start + duration_s + back_s);
        let starts = if multi {
            problem.gigs.starts.row(gig).to_vec()
        } else {
            // The first hour does as well as any other, unless they rest then.
            let mut starts =
                once(first).chain(asked.grid().iter().copied().filter(|start| first < *start && *start <= last));
            starts.find(|start| !(asked.rests)(volunteer, needed(*start))).into_iter().collect()
        };
        found.extend(starts.into_iter().filter_map(|start| {
            let needed = needed(start);
            suits(asked, volunteer, schedule, (slot, always), start, needed, None).then_some(Miss {
                volunteer,
                slot,
                start,
                change: Change::AddWindow(needed),
            })
        }));
    }
    found
}

/// Whether the gig fits at `start` if the window `instead` were `needed`: apart from the window nothing is broken, no other window
/// is touched, the round trip fits, and they do not rest then.
fn suits(
    asked: &Asked<'_>,
    volunteer: usize,
    schedule: &[Stop],
    (slot, always): (usize, RuleSet),
    start: i64,
    needed: Span,
    instead: Option<Span>,
) -> bool {
    let (problem, gig) = (asked.problem, asked.gig);
    let broken = asked.can(volunteer, schedule, slot, start, always).err().unwrap_or_default();
    let window_rules = RuleSet::only(Rule::Availability).union(RuleSet::only(Rule::Itinerary));
    if broken.is_empty() || broken.bits() & !window_rules.bits() != 0 {
        return false;
    }
    if problem
        .volunteer_windows(volunteer)
        .iter()
        .any(|span| Some(*span) != instead && span.start <= needed.end && needed.start <= span.end)
    {
        return false;
    }
    let mut stops: Vec<Stop> =
        schedule.iter().copied().filter(|stop| needed.start <= stop.start && stop.start < needed.end).collect();
    let stop = Stop { start, gig };
    stops.insert(stops.partition_point(|held| *held < stop), stop);
    round_travel_s(problem, volunteer, needed, &stops).is_some() && !(asked.rests)(volunteer, needed)
}
