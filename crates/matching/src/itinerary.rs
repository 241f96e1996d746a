//! One round trip from home in one window, with every start known: is it possible, and how long is the way?
//!
//! Between two stops with a place there must be time for the way; it may be interrupted by calls, so what counts is the
//! idle time since the last stop, not the time since the last gig.

use crate::{
    problem::{Problem, Stop},
    snapshot::Span,
};

/// How far somebody has come in a round trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// End of the last gig (or when the trip began).
    pub(crate) clock: i64,
    /// When they would have been free to move on for good: end of the last stop plus all calls since.
    /// A way of `t` seconds is behind them at `ready + t` at the earliest.
    pub(crate) ready: i64,
}

impl Pace {
    /// At home at the start of the window.
    pub(crate) fn at_home(start: i64) -> Self {
        Self { clock: start, ready: start }
    }

    /// Earliest start of a call.
    pub(crate) fn next_call(self) -> i64 {
        self.clock
    }

    /// Earliest start of a stop `leg_s` seconds away.
    pub(crate) fn next_stop(self, leg_s: i64) -> i64 {
        self.clock.max(self.ready + leg_s)
    }

    /// After a call that ended at `end`.
    pub(crate) fn after_call(self, end: i64, duration_s: i64) -> Self {
        Self { clock: end, ready: self.ready + duration_s }
    }

    /// After a stop that ended at `end`.
    pub(crate) fn after_stop(end: i64) -> Self {
        Self { clock: end, ready: end }
    }
}

/// Seconds of travel of the round trip through `stops` (by start), or `None` where it cannot be done in time.
pub(crate) fn round_travel_s(problem: &Problem, volunteer: usize, span: Span, stops: &[Stop]) -> Option<i64> {
    let mut pace = Pace::at_home(span.start);
    let mut travel_s = 0;
    let mut last: Option<usize> = None;
    for stop in stops {
        let duration_s = problem.gigs.duration_s[stop.gig];
        let end = stop.start + duration_s;
        if problem.is_call(stop.gig) {
            if stop.start < pace.next_call() {
                return None;
            }
            pace = pace.after_call(end, duration_s);
        } else {
            let leg_s = match last {
                None => problem.way_out_s(volunteer, stop.gig)?,
                Some(before) => problem.leg_s(volunteer, before, stop.gig),
            };
            if stop.start < pace.next_stop(leg_s) {
                return None;
            }
            travel_s += leg_s;
            pace = Pace::after_stop(end);
            last = Some(stop.gig);
        }
    }
    let back_s = match last {
        None => 0,
        Some(gig) => problem.way_back_s(volunteer, gig)?,
    };
    (pace.next_stop(back_s) <= span.end).then_some(travel_s + back_s)
}
