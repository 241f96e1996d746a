//! The independent referee: is this plan possible, and are its figures true?
//!
//! It reads the plain snapshot and the plan only, and shares no code with the rules, the compiled problem, the travel
//! measure or the planner: a mistake there must not be able to hide here. It is written for plainness, not for speed,
//! yet goes through a plan once, and only through the week of one person more often. What was promised before is judged only for being
//! kept: a promise stands even if the rules have changed since, but nothing new may collide with it.

mod bonus;
mod claims;
mod person;
mod rows;
mod way;

pub use bonus::bonus_s;
pub use claims::{Claims, check_claims};

use std::collections::{BTreeMap, BTreeSet};

use self::rows::{Names, Row};
use crate::{
    plan::Plan,
    snapshot::{GigRow, Snapshot, Span, VolunteerRow},
};

/// Most slots of one gig that a breach names.
const SLOTS_TOLD: usize = 8;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// Stable code of the rule.
    pub code: &'static str,
    /// Who or what breaks it and how, by id.
    pub what: String,
}

impl Breach {
    fn new(code: &'static str, what: impl Into<String>) -> Self {
        Self { code, what: what.into() }
    }
}

/// What the referee counts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Weight of the gigs filled whole.
    pub weight: u64,
    /// Gigs filled whole.
    pub gigs_filled: usize,
    /// Seconds of travel of all round trips.
    pub travel_s: i64,
}

/// One gig in one volunteer's week.
#[derive(Clone, Copy)]
struct Act<'a> {
    start: i64,
    gig: &'a GigRow,
    is_promised: bool,
}

impl Act<'_> {
    fn whole(&self) -> Span {
        Span::new(self.start, self.start.saturating_add(self.gig.duration_s))
    }
}

/// What the referee finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What the plan amounts to, counted anew, whether it is possible or not.
    pub tally: Tally,
    /// Every rule it breaks; empty = it may be used.
    pub breaches: Vec<Breach>,
}

/// Judges a plan that must keep every promise.
pub fn judge(snapshot: &Snapshot, plan: &Plan) -> Judgement {
    judge_by(snapshot, plan, Keep::All)
}

/// Every rule a plan breaks; empty = it may be used.
pub fn check(snapshot: &Snapshot, plan: &Plan) -> Vec<Breach> {
    judge(snapshot, plan).breaches
}

/// As [`check`] for a plan that was allowed to move promises: only those under way must be kept.
pub fn check_moved(snapshot: &Snapshot, plan: &Plan) -> Vec<Breach> {
    judge_by(snapshot, plan, Keep::Started).breaches
}

/// What a plan amounts to, counted anew, whether it is possible or not.
pub fn tally(snapshot: &Snapshot, plan: &Plan) -> Tally {
    judge(snapshot, plan).tally
}

/// Which promises must stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    All,
    Started,
}

fn judge_by(snapshot: &Snapshot, plan: &Plan, keep: Keep) -> Judgement {
    let names = Names::of(snapshot);
    let mut tally = Tally::default();
    let mut breaches = Vec::new();
    let mut acts: BTreeMap<&str, (&VolunteerRow, Vec<Act<'_>>)> = BTreeMap::new();
    for row in names.rows(&plan.assignments) {
        let row = match row {
            Ok(row) => row,
            Err(breach) => {
                breaches.push(breach);
                continue;
            }
        };
        let (gig, start) = (row.gig, row.assignment.start);
        judge_gig(&row, &mut breaches);
        if !row.is_countable() {
            // Named above as a start that is not possible.
            continue;
        }
        if row.is_whole() {
            tally.weight += u64::from(gig.weight);
            tally.gigs_filled += 1;
        }
        for seat in row.seats {
            let Some(volunteer) = seat.volunteer else {
                let what = format!("gig {}: volunteer {} is not in the snapshot", gig.id, seat.id);
                breaches.push(Breach::new("UNKNOWN_VOLUNTEER", what));
                continue;
            };
            let is_promised = seat.is_promised;
            if !is_promised {
                person::judge_pair(snapshot, volunteer, gig, seat.slot, start, &mut breaches);
            }
            acts.entry(&volunteer.id).or_insert((volunteer, Vec::new())).1.push(Act { start, gig, is_promised });
        }
    }
    let kept: BTreeSet<(&str, i64, usize, &str)> = plan
        .assignments
        .iter()
        .flat_map(|row| row.seats.iter().map(|seat| (row.gig.as_str(), row.start, seat.slot, seat.volunteer.as_str())))
        .collect();
    for promise in &snapshot.promises {
        let must_stand = keep == Keep::All || promise.state == crate::snapshot::PromiseState::Started;
        let stands = kept.contains(&(promise.gig.as_str(), promise.start, promise.slot, promise.volunteer.as_str()));
        if must_stand && !stands {
            let what = format!(
                "gig {}: {} no longer has slot {} at {}",
                promise.gig, promise.volunteer, promise.slot, promise.start
            );
            breaches.push(Breach::new("PROMISE_BROKEN", what));
        }
    }
    for (volunteer, mut of_one) in acts.into_values() {
        of_one.sort_by(|a, b| (a.start, &a.gig.id).cmp(&(b.start, &b.gig.id)));
        tally.travel_s += person::judge_week(snapshot, volunteer, &of_one, &mut breaches);
    }
    breaches.extend(claims::figures(plan, tally));
    Judgement { tally, breaches }
}

/// One gig: its start, its slots, its helpers.
fn judge_gig(row: &Row<'_>, breaches: &mut Vec<Breach>) {
    let Row { gig, assignment, is_promised_start, .. } = row;
    let id = &gig.id;
    let end = assignment.start.saturating_add(gig.duration_s);
    let in_window = gig.windows.iter().any(|span| span.start <= assignment.start && end <= span.end);
    let is_agreed = gig.agreed_start == Some(assignment.start);
    if !is_promised_start && !is_agreed && (gig.agreed_start.is_some() || !in_window) {
        breaches.push(Breach::new("START_NOT_POSSIBLE", format!("gig {id}: cannot start at {}", assignment.start)));
    }
    let mut slots: Vec<usize> = assignment.seats.iter().map(|seat| seat.slot).collect();
    slots.sort_unstable();
    if slots.windows(2).any(|pair| pair[0] == pair[1]) || slots.iter().any(|&slot| slot >= gig.slots.len()) {
        let named = slots.len();
        slots.truncate(SLOTS_TOLD);
        let rest = if named > slots.len() { format!(" and {} more", named - slots.len()) } else { String::new() };
        breaches.push(Breach::new("SLOTS_WRONG", format!("gig {id}: slots {slots:?}{rest} of {}", gig.slots.len())));
    }
    if assignment.seats.len() != gig.slots.len() && !row.is_standing() {
        breaches.push(Breach::new(
            "HALF_FILLED",
            format!("gig {id}: {} of {} helpers", assignment.seats.len(), gig.slots.len()),
        ));
    }
    let mut people: Vec<&str> = assignment.seats.iter().map(|seat| seat.volunteer.as_str()).collect();
    people.sort_unstable();
    if let Some(pair) = people.windows(2).find(|pair| pair[0] == pair[1]) {
        breaches.push(Breach::new("ALREADY_IN_GIG", format!("gig {id}: volunteer {} twice", pair[0])));
    }
}
