//! What stands: promised slots, and what they leave of the volunteers' windows.
//!
//! A promise that fits its window (with the others there) becomes part of every round trip in that window. One that
//! does not fit any more, because the availability has changed since, is *stray*: it is kept all the same, as a round
//! trip of its own whose time is cut out of the windows.

use super::{CompileError, CompileOptions, Problem, Rows, Stop, Windows};
use crate::{
    itinerary,
    snapshot::{PromiseState, Snapshot, Span},
};

/// Bonus, in seconds of travel, for leaving a slot with the volunteer who has it, by firmness of the promise.
fn keep_bonus(state: PromiseState, cost_s: u32) -> i32 {
    let bonus = match state {
        PromiseState::Held => cost_s / 6,
        PromiseState::Accepted => cost_s,
        PromiseState::Told => cost_s.saturating_mul(2),
        PromiseState::Started => 0,
    };
    i32::try_from(bonus).unwrap_or(i32::MAX)
}

/// One promise, by numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pin {
    pub(crate) gig: usize,
    pub(crate) slot: usize,
    pub(crate) volunteer: usize,
    pub(crate) start: i64,
    pub(crate) state: PromiseState,
}

/// All promises that stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Promised {
    /// By gig and slot.
    pub(crate) pins: Vec<Pin>,
    /// Promises opened again by choice, by gig and slot.
    pub(crate) movable: Vec<Pin>,
    /// What breaking one of them costs, in seconds of travel.
    pub(crate) cost_s: u32,
    /// By volunteer and start.
    pub(crate) schedule: Rows<Stop>,
    /// Those that are part of a window's round trip, by window and start.
    pub(crate) in_window: Rows<Stop>,
    /// The others, by volunteer and start.
    pub(crate) stray: Rows<Stop>,
}

impl Promised {
    /// Promises of one gig.
    pub(crate) fn of_gig(&self, gig: usize) -> &[Pin] {
        let first = self.pins.partition_point(|pin| pin.gig < gig);
        let count = self.pins[first..].partition_point(|pin| pin.gig == gig);
        &self.pins[first..first + count]
    }

    /// Who has been promised for a slot.
    pub(crate) fn holder(&self, gig: usize, slot: usize) -> Option<usize> {
        self.of_gig(gig).iter().find(|pin| pin.slot == slot).map(|pin| pin.volunteer)
    }

    /// How firm the promise on a slot is.
    pub(crate) fn state(&self, gig: usize, slot: usize) -> Option<PromiseState> {
        self.of_gig(gig).iter().find(|pin| pin.slot == slot).map(|pin| pin.state)
    }

    /// What one volunteer has been promised for, by start.
    pub(crate) fn schedule(&self, volunteer: usize) -> &[Stop] {
        self.schedule.row(volunteer)
    }
}

/// Reads the promises into the problem, fixes the starts they imply and cuts the windows.
pub(super) fn settle(
    problem: &mut Problem,
    snapshot: &Snapshot,
    options: CompileOptions,
    windows: &[Vec<Span>],
) -> Result<(), CompileError> {
    let all = pins(problem, snapshot)?;
    let (movable, pins): (Vec<Pin>, Vec<Pin>) =
        all.into_iter().partition(|pin| options.allow_moving_promises && pin.state < PromiseState::Started);
    for pin in &pins {
        problem.gigs.fixed_start[pin.gig] = Some(pin.start);
    }
    // Somebody has said yes to this time: another may come, but then. Only what is merely held may also start at another time.
    for pin in movable.iter().filter(|pin| pin.state >= PromiseState::Accepted) {
        problem.gigs.fixed_start[pin.gig] = Some(pin.start);
    }
    let mut stops: Vec<(usize, Stop)> =
        pins.iter().map(|pin| (pin.volunteer, Stop { start: pin.start, gig: pin.gig })).collect();
    stops.sort_unstable();
    let schedule = Rows::group(problem.volunteer_count(), &stops);

    let (mut cut, mut in_window, mut stray) = (Windows::default(), Rows::default(), Rows::default());
    for (volunteer, spans) in windows.iter().enumerate() {
        let settled = settle_one(problem, volunteer, spans, schedule.row(volunteer));
        cut.of_volunteer.push(settled.spans.iter().map(|_| ()));
        for (span, stops) in settled.spans {
            cut.volunteer.push(volunteer as u32);
            cut.span.push(span);
            in_window.push(stops);
        }
        stray.push(settled.stray);
    }
    problem.windows = cut;
    problem.promised = Promised { pins, movable, cost_s: options.promise_cost_s, schedule, in_window, stray };
    Ok(())
}

/// What becomes of one volunteer's windows and promises.
struct Settled {
    spans: Vec<(Span, Vec<Stop>)>,
    stray: Vec<Stop>,
}

/// Moves promises that do not fit to `stray` until the rest fits into what is left of the windows.
fn settle_one(problem: &Problem, volunteer: usize, windows: &[Span], stops: &[Stop]) -> Settled {
    let mut stray: Vec<Stop> = Vec::new();
    // Each turn moves at least one promise, so there are at most as many turns as promises.
    loop {
        let mut spans: Vec<(Span, Vec<Stop>)> =
            cut(problem, volunteer, windows, &stray).into_iter().map(|span| (span, Vec::new())).collect();
        let mut misfits: Vec<Stop> = Vec::new();
        for &stop in stops.iter().filter(|stop| !stray.contains(stop)) {
            let inner = Span::new(stop.start, stop.start + problem.gigs.duration_s[stop.gig]);
            match spans.iter_mut().find(|(span, _)| span.holds(inner)) {
                Some((_, inside)) => inside.push(stop),
                None => misfits.push(stop),
            }
        }
        for (span, inside) in &mut spans {
            if itinerary::round_travel_s(problem, volunteer, *span, inside).is_none() {
                misfits.append(inside);
            }
        }
        if misfits.is_empty() {
            stray.sort_unstable();
            return Settled { spans, stray };
        }
        stray.append(&mut misfits);
    }
}

/// The windows without the round trips of the given promises.
fn cut(problem: &Problem, volunteer: usize, windows: &[Span], stray: &[Stop]) -> Vec<Span> {
    let mut spans = windows.to_vec();
    for stop in stray {
        let trip = stray_trip(problem, volunteer, *stop);
        spans = spans
            .into_iter()
            .flat_map(|span| {
                if span.meets(trip) {
                    vec![Span::new(span.start, trip.start), Span::new(trip.end, span.end)]
                } else {
                    vec![span]
                }
            })
            .filter(|span| span.start < span.end)
            .collect();
    }
    spans
}

/// The time a promise takes as a round trip of its own; where there is no way it takes none.
pub(crate) fn stray_trip(problem: &Problem, volunteer: usize, stop: Stop) -> Span {
    let out = problem.way_out_s(volunteer, stop.gig).unwrap_or(0);
    let back = problem.way_back_s(volunteer, stop.gig).unwrap_or(0);
    Span::new(stop.start - out, stop.start + problem.gigs.duration_s[stop.gig] + back)
}

/// Looks up the promises and refuses those that cannot be.
fn pins(problem: &Problem, snapshot: &Snapshot) -> Result<Vec<Pin>, CompileError> {
    let mut problems = Vec::new();
    let mut pins = Vec::new();
    for (at, promise) in snapshot.promises.iter().enumerate() {
        let (gig, volunteer) = (problem.find_gig(&promise.gig), problem.find_volunteer(&promise.volunteer));
        match (gig, volunteer) {
            (Some(gig), Some(volunteer)) if promise.slot < problem.slot_count(gig) => {
                pins.push(Pin { gig, slot: promise.slot, volunteer, start: promise.start, state: promise.state });
            }
            (Some(_), Some(_)) => {
                problems.push(format!("promises[{at}]: gig {} has no slot {}", promise.gig, promise.slot))
            }
            (None, _) => problems.push(format!("promises[{at}]: unknown gig {}", promise.gig)),
            (_, None) => problems.push(format!("promises[{at}]: unknown volunteer {}", promise.volunteer)),
        }
    }
    pins.sort_unstable();
    for pair in pins.windows(2).filter(|pair| pair[0].gig == pair[1].gig) {
        let gig = problem.gig_id(pair[0].gig);
        if pair[0].slot == pair[1].slot {
            problems.push(format!("promises: slot {} of gig {gig} is promised twice", pair[0].slot));
        }
        if pair[0].volunteer == pair[1].volunteer {
            problems.push(format!("promises: gig {gig} has the same volunteer twice"));
        }
        if pair[0].start != pair[1].start {
            problems.push(format!("promises: gig {gig} has two starts"));
        }
    }
    if problems.is_empty() { Ok(pins) } else { Err(CompileError { problems }) }
}

impl Problem {
    /// What it is worth in a plan that this volunteer keeps a gig that could be given to another, in seconds of travel; nothing
    /// where nobody may be moved.
    #[must_use]
    pub fn keep_bonus_s(&self, volunteer: usize, gig: usize) -> i32 {
        let of_gig = self.promised.movable.iter().filter(|pin| pin.gig == gig && pin.volunteer == volunteer);
        of_gig.map(|pin| keep_bonus(pin.state, self.promised.cost_s)).sum()
    }
}

/// Gives the edges of promises that may be moved their bonus for staying.
pub(super) fn reward_keeping(problem: &mut Problem) {
    for pin in problem.promised.movable.clone() {
        let bonus = keep_bonus(pin.state, problem.promised.cost_s);
        for edge in problem.edges.of_gig(pin.gig).to_vec() {
            if problem.edges.volunteer(problem, edge as usize) == pin.volunteer {
                problem.edges.bonus[edge as usize] += bonus;
            }
        }
    }
}
