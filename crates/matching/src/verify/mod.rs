//! The independent referee: is this plan possible, and are its figures true?
//!
//! It reads the plain snapshot and the plan only, and shares no code with the rules, the compiled problem, the travel
//! measure or the planner: a mistake there must not be able to hide here. It is written for plainness, not for speed,
//! yet goes through a plan once, and only through the week of one person more often. What was promised before is judged only for being
//! kept: a promise stands even if the rules have changed since, but nothing new may collide with it.

mod bonus;
mod claims;
mod person;
mod way;

pub use bonus::bonus_s;
pub use claims::{Claims, check_claims};

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    plan::Plan,
    snapshot::{GigRow, Promise, Snapshot, Span, VolunteerRow},
};

/// Starts further from the epoch than this many seconds (about 30,000 years) are not counted with.
const MAX_TIME_S: i64 = 1 << 40;
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

/// Every rule a plan breaks; empty = it may be used.
pub fn check(snapshot: &Snapshot, plan: &Plan) -> Vec<Breach> {
    judge(snapshot, plan, Keep::All).1
}

/// As [`check`] for a plan that was allowed to move promises: only those under way must be kept.
pub fn check_moved(snapshot: &Snapshot, plan: &Plan) -> Vec<Breach> {
    judge(snapshot, plan, Keep::Started).1
}

/// What a plan amounts to, counted anew, whether it is possible or not.
pub fn tally(snapshot: &Snapshot, plan: &Plan) -> Tally {
    judge(snapshot, plan, Keep::All).0
}

/// Which promises must stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    All,
    Started,
}

fn judge(snapshot: &Snapshot, plan: &Plan, keep: Keep) -> (Tally, Vec<Breach>) {
    let gigs: BTreeMap<&str, &GigRow> = snapshot.gigs.iter().map(|row| (row.id.as_str(), row)).collect();
    let people: BTreeMap<&str, &VolunteerRow> = snapshot.volunteers.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut promises: BTreeMap<(&str, usize), &Promise> = BTreeMap::new();
    for promise in &snapshot.promises {
        promises.insert((promise.gig.as_str(), promise.slot), promise);
    }
    let promised_starts: BTreeSet<(&str, i64)> =
        snapshot.promises.iter().map(|promise| (promise.gig.as_str(), promise.start)).collect();
    let mut tally = Tally::default();
    let mut breaches = Vec::new();
    let mut acts: BTreeMap<&str, Vec<Act<'_>>> = BTreeMap::new();
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    for assignment in &plan.assignments {
        let Some(gig) = gigs.get(assignment.gig.as_str()) else {
            breaches.push(Breach::new("UNKNOWN_GIG", format!("gig {} is not in the snapshot", assignment.gig)));
            continue;
        };
        if seen.insert(gig.id.as_str(), ()).is_some() {
            breaches.push(Breach::new("GIG_TWICE", format!("gig {} is assigned twice", gig.id)));
            continue;
        }
        let kept = |slot: usize, volunteer: &str| {
            promises
                .get(&(gig.id.as_str(), slot))
                .is_some_and(|promise| promise.volunteer == volunteer && promise.start == assignment.start)
        };
        let is_standing =
            !assignment.seats.is_empty() && assignment.seats.iter().all(|seat| kept(seat.slot, &seat.volunteer));
        let is_promised_start = promised_starts.contains(&(gig.id.as_str(), assignment.start));
        judge_gig(gig, assignment, is_promised_start, is_standing, &mut breaches);
        if !is_countable(assignment.start) {
            // Named above as a start that is not possible; nothing can be counted from it.
            continue;
        }
        // Somebody who is not in the snapshot fills nothing.
        let is_known = |seat: &crate::plan::Seat| people.contains_key(seat.volunteer.as_str());
        if assignment.seats.len() == gig.slots.len() && assignment.seats.iter().all(is_known) {
            tally.weight += u64::from(gig.weight);
            tally.gigs_filled += 1;
        }
        for seat in &assignment.seats {
            let Some(volunteer) = people.get(seat.volunteer.as_str()) else {
                breaches.push(Breach::new(
                    "UNKNOWN_VOLUNTEER",
                    format!("gig {}: volunteer {} is not in the snapshot", gig.id, seat.volunteer),
                ));
                continue;
            };
            let is_promised = kept(seat.slot, &seat.volunteer);
            if !is_promised {
                person::judge_pair(snapshot, volunteer, gig, seat.slot, assignment.start, &mut breaches);
            }
            acts.entry(volunteer.id.as_str()).or_default().push(Act { start: assignment.start, gig, is_promised });
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
    for (id, mut of_one) in acts {
        of_one.sort_by(|a, b| (a.start, &a.gig.id).cmp(&(b.start, &b.gig.id)));
        tally.travel_s += person::judge_week(snapshot, people[id], &of_one, &mut breaches);
    }
    breaches.extend(claims::figures(plan, tally));
    (tally, breaches)
}

/// Whether anything can be counted from a start.
fn is_countable(start: i64) -> bool {
    (-MAX_TIME_S..=MAX_TIME_S).contains(&start)
}

/// One gig: its start, its slots, its helpers.
fn judge_gig(
    gig: &GigRow,
    assignment: &crate::plan::Assignment,
    is_promised_start: bool,
    is_standing: bool,
    breaches: &mut Vec<Breach>,
) {
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
    if assignment.seats.len() != gig.slots.len() && !is_standing {
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
