//! The gaps between promises of one window: from when until when a gig fits there, and what way it adds.
//!
//! In a gap each later start leaves less time for what follows, so that the starts of a gap are an interval. The arithmetic is that of
//! one round trip (`itinerary`); where it is not so simple (a promise that does not fit its window, an escort that ends elsewhere),
//! nothing is said here and the rules are asked.

use super::fit::{Hours, Interval};
use super::row::Kept;
use crate::{
    snapshot::Span,
    travel::{Ruler, Spot, TravelTime, UNREACHABLE_S},
};

/// Somebody's ways for one gig.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ways<'a> {
    pub(super) ruler: &'a Ruler,
    pub(super) home: Option<Spot>,
    pub(super) speed_dkmh: u32,
    /// Where the gig begins; none for a call.
    pub(super) place: Option<Spot>,
    /// Where it ends.
    pub(super) end: Option<Spot>,
    /// Seconds from home to it.
    pub(super) out_s: i64,
    /// Seconds home from it.
    pub(super) back_s: i64,
}

impl Ways<'_> {
    fn leg_s(&self, from: Spot, to: Spot) -> i64 {
        self.ruler.way_s(self.speed_dkmh, from, to).unwrap_or(UNREACHABLE_S)
    }
}

/// How far somebody has come before a gap.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// End of the last promise, or when the window began.
    clock: i64,
    /// End of the last one with a place and all calls since.
    ready: i64,
    /// Where that was; none = at home.
    at: Option<Spot>,
}

/// What comes after a gap.
#[derive(Debug, Clone, Copy)]
struct Ahead {
    /// Start of the next promise of any sort.
    next: Option<i64>,
    /// Seconds of calls before the next place.
    calls_s: i64,
    /// The next promise with a place: its start and where it is.
    place: Option<(i64, Spot)>,
}

/// What a gap leaves for calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spare {
    /// From when until when.
    pub(super) from: i64,
    pub(super) until: i64,
    /// How many seconds of it calls may take: the rest is the way to what follows.
    pub(super) spare_s: i64,
}

impl Spare {
    /// The first and the last start of a call that takes so long; none if it takes longer than there is to spare.
    pub(super) fn starts(self, duration_s: i64) -> Option<(i64, i64)> {
        let Self { from, until, spare_s } = self;
        (duration_s <= spare_s && from <= until - duration_s).then_some((from, until - duration_s))
    }
}

/// Puts the starts that the promises of a window leave into `found`; none if the rules must be asked. The promises are by start.
pub(super) fn between(
    hours: &Hours,
    window: Span,
    promises: &[&Kept],
    ways: &Ways<'_>,
    found: &mut Vec<Interval>,
) -> Option<()> {
    let before = paces(window, promises, ways)?;
    for (gap, pace) in before.iter().enumerate() {
        let ahead = ahead(&promises[gap..]);
        let fits = match (ways.place, ways.end) {
            (Some(place), Some(end)) => placed(hours.duration_s, window, pace, ahead, ways, place, end),
            // A call adds no way.
            _ => spare(window, pace, ahead, ways)?.starts(hours.duration_s).map(|(first, last)| (first, last, 0)),
        };
        let Some((from, until, extra_s)) = fits else { continue };
        for span in &hours.windows {
            let (first, last) = (span.start.max(from), (span.end - hours.duration_s).min(until));
            if first <= last {
                found.push(Interval { first, last, extra_s });
            }
        }
    }
    Some(())
}

/// The pace before each gap, the last one after all; none if the promises do not fit the window.
fn paces(window: Span, promises: &[&Kept], ways: &Ways<'_>) -> Option<Vec<Pace>> {
    let mut pace = Pace { clock: window.start, ready: window.start, at: None };
    let mut paces = vec![pace];
    for kept in promises {
        let duration_s = kept.end() - kept.start;
        if kept.start < pace.clock || kept.end() > window.end || kept.ends_elsewhere() {
            return None;
        }
        match kept.place() {
            None => pace = Pace { clock: kept.end(), ready: pace.ready + duration_s, ..pace },
            Some(place) => {
                let leg_s = ways.leg_s(pace.at.or(ways.home)?, place);
                if kept.start < pace.ready + leg_s {
                    return None;
                }
                pace = Pace { clock: kept.end(), ready: kept.end(), at: Some(place) };
            }
        }
        paces.push(pace);
    }
    let back_s = pace.at.map_or(Some(0), |at| Some(ways.leg_s(at, ways.home?)))?;
    (pace.ready + back_s <= window.end).then_some(paces)
}

fn ahead(promises: &[&Kept]) -> Ahead {
    let calls = promises.iter().take_while(|kept| kept.gig.place.is_none());
    let place = promises.iter().find_map(|kept| Some((kept.start, kept.place()?)));
    Ahead {
        next: promises.first().map(|kept| kept.start),
        calls_s: calls.map(|kept| kept.end() - kept.start).sum(),
        place,
    }
}

/// First and last start of a gig with a place, and the seconds of travel it adds.
fn placed(
    duration_s: i64,
    window: Span,
    pace: &Pace,
    ahead: Ahead,
    ways: &Ways<'_>,
    place: Spot,
    end: Spot,
) -> Option<(i64, i64, i64)> {
    let home = ways.home?;
    let in_s = pace.at.map_or(ways.out_s, |at| ways.leg_s(at, place));
    let (until, on_s, without_s) = match ahead.place {
        Some((start, next)) => {
            let on_s = ways.leg_s(end, next);
            (start - ahead.calls_s - on_s, on_s, ways.leg_s(pace.at.unwrap_or(home), next))
        }
        None => {
            let without_s = pace.at.map_or(0, |at| ways.leg_s(at, home));
            (window.end - ahead.calls_s - ways.back_s, ways.back_s, without_s)
        }
    };
    let until = ahead.next.map_or(until, |next| until.min(next)) - duration_s;
    let from = pace.clock.max(pace.ready + in_s);
    (from <= until).then_some((from, until, in_s + on_s - without_s))
}

/// What the gaps between the promises of a window leave for calls, ascending; none if the rules must be asked. The promises are by start.
pub(super) fn spares(window: Span, promises: &[&Kept], ways: &Ways<'_>) -> Option<Vec<Spare>> {
    let before = paces(window, promises, ways)?;
    before.iter().enumerate().map(|(gap, pace)| spare(window, pace, ahead(&promises[gap..]), ways)).collect()
}

/// What a gap leaves for calls: they take their time from the way that they interrupt. None: nobody knows.
fn spare(window: Span, pace: &Pace, ahead: Ahead, ways: &Ways<'_>) -> Option<Spare> {
    let (end, leg_s) = match ahead.place {
        Some((start, next)) => (start, ways.leg_s(pace.at.or(ways.home)?, next)),
        None => (window.end, pace.at.map_or(Some(0), |at| Some(ways.leg_s(at, ways.home?)))?),
    };
    let spare_s = end - leg_s - pace.ready - ahead.calls_s;
    Some(Spare { from: pace.clock, until: ahead.next.unwrap_or(window.end), spare_s })
}
