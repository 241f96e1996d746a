//! Gigs with a place, for one helper: whoever keeps their usual hours and has promised nothing in these weeks is counted window by window, in
//! columns that lie beside each other. The way is read off a flat map; it is measured only where the map leaves two answers, and of those
//! who may be among the best. Everybody else is looked at row by row.

use super::bits::Some64;
use super::block::{Block, LIKES, Stay};
use super::calendar::{QUARTER_S, WEEK};
use super::look::{Look, Sure, somebody};
use super::plane::{About, Plane};
use super::top::Top;
use crate::{
    problem::START_GRID_S,
    score::{fair_share, likes, travel, wishes},
    snapshot::Span,
};

/// A window of the gig on a day of 24 hours.
#[derive(Debug, Clone, Copy)]
struct Time {
    day: usize,
    /// Seconds from the day's start.
    from: i64,
    until: i64,
    /// The first of its starts in the grid, and how many there are.
    first: usize,
    starts: usize,
}

/// A question whose hours and ways columns can say.
pub(super) struct Placed {
    plane: Plane,
    times: Vec<Time>,
    /// Whether the gig ends where it begins.
    is_round: bool,
    /// The map where it ends, if elsewhere.
    end: Option<Plane>,
    duration_s: i64,
    /// The most that anybody gains beside the way.
    most_milli: i64,
}

/// What a window leaves somebody.
enum Left {
    Nothing,
    /// Starts, none of which is on the grid.
    Between,
    /// Starts of the grid: the first, and the first that is not.
    Starts(usize, usize),
}

impl Placed {
    /// None if the question is of another sort.
    pub(super) fn new(look: &Look<'_>) -> Option<Self> {
        let (roster, ask, hours) = (look.roster, look.ask, &look.hours);
        let place = ask.gig.place.filter(|_| look.sieve.needed.len() == 1 && !look.ruler.is_rough())?;
        let map = |place| Plane::new(roster.earth_radius_m, roster.detour_permille, place);
        let end = ask.gig.destination.map(map);
        let mut times = Vec::with_capacity(hours.windows.len());
        let (mut first, mut before) = (0, i64::MIN);
        for span in &hours.windows {
            let day = roster.calendar.day_of(*span)?;
            let midnight = roster.calendar.start(day);
            let whole = Span::new(midnight, roster.calendar.start(day + 1));
            let room_s = span.end - span.start - hours.duration_s;
            let starts = if room_s < 0 { 0 } else { (room_s / START_GRID_S) as usize + 1 };
            let is_first = starts == 0 || hours.grid.get(first) == Some(&span.start);
            if span.start < before || !ask.within.holds(whole) || !is_first {
                return None;
            }
            times.push(Time { day, from: span.start - midnight, until: span.end - midnight, first, starts });
            (first, before) = (first + starts, span.end);
        }
        (first == hours.grid.len()).then_some(Self {
            plane: map(place)?,
            times,
            is_round: end.is_none(),
            end: end.flatten(),
            duration_s: hours.duration_s,
            most_milli: fair_share::idle_milli(0, None) + likes::MILLI + wishes::value_milli(look.wishes.count_ones()),
        })
    }

    fn left(&self, time: &Time, stay: Stay, out: About, back: About) -> (Left, Left) {
        let window = (i64::from(stay.from) * QUARTER_S, i64::from(stay.to) * QUARTER_S);
        let of = |out_s: i64, back_s: i64| {
            let first = time.from.max(window.0 + out_s);
            let last = time.until.min(window.1 - back_s) - self.duration_s;
            if first > last {
                return Left::Nothing;
            }
            let from = ((first - time.from + START_GRID_S - 1) / START_GRID_S) as usize;
            let to = ((last - time.from) / START_GRID_S) as usize + 1;
            if from < to { Left::Starts(time.first + from, time.first + to.min(time.starts)) } else { Left::Between }
        };
        (of(out.least, back.least), of(out.most, back.most))
    }
}

impl<'a> Look<'a> {
    /// Counts those of some neighbours of whom columns say enough; answers of whom more is to be asked.
    pub(super) fn count_usual(&mut self, number: usize, near: &Some64, placed: &Placed, top: &mut Top<'a>) -> Some64 {
        let roster = self.roster;
        let block = roster.blocks[number].as_ref();
        let mut plain = self.sieve.plain(block);
        plain.and_some(near);
        let mut counted = self.sieve.skilled(block, &plain, false);
        let mut rest = self.sieve.skilled(block, &plain, true);
        counted.drop(&block.whole);
        counted.drop_some(&self.promising(block));
        counted.drop_some(&self.named(number));
        for time in &placed.times {
            counted.drop(&block.days[time.day].odd);
        }
        rest.drop_some(&counted);
        if !rest.is_empty() {
            rest.and_some(&self.sieve.around(block));
        }
        let mut whole = Some64::NONE;
        self.sieve.add_whole(block, &mut whole);
        whole.and_some(near);
        rest.or_some(&whole);
        if !counted.is_empty() {
            let between = self.count_windows(number, block, &counted, placed, top);
            rest.or_some(&between);
        }
        rest
    }

    /// Answers who can start at exact moments only.
    fn count_windows(
        &mut self,
        number: usize,
        block: &'a Block,
        counted: &Some64,
        placed: &Placed,
        top: &mut Top<'a>,
    ) -> Some64 {
        let (mut able, mut between) = (Some64::NONE, Some64::NONE);
        let liking = self.likes.and_then(|kind| block.word(LIKES, kind));
        for time in &placed.times {
            let mut there = *counted;
            there.and(&block.days[time.day].usual);
            for stay in block.stays(time.day % WEEK) {
                let at = usize::from(stay.row);
                if !there.has(at) {
                    continue;
                }
                let (from, to) = (i64::from(stay.from) * QUARTER_S, i64::from(stay.to) * QUARTER_S);
                if to.min(time.until) - from.max(time.from) < placed.duration_s {
                    continue;
                }
                let Some((out, back, left)) = self.starts_of(block, at, *stay, time, placed) else { continue };
                let (from, to) = match left {
                    Left::Nothing => continue,
                    Left::Between => {
                        between.set(at);
                        continue;
                    }
                    Left::Starts(from, to) => (from, to),
                };
                self.tally.add_range(from, to);
                if able.has(at) {
                    continue;
                }
                able.set(at);
                let start = self.hours.grid[from];
                let dislike = if liking.is_some_and(|column| column.has(at)) { 0 } else { likes::MILLI };
                if !top.may(placed.most_milli - dislike + travel::milli(out.least + back.least), start) {
                    continue;
                }
                let who = somebody(self.roster, number, at);
                let worth_milli = self.worth_milli(who);
                if !top.may(worth_milli + travel::milli(out.least + back.least), start) {
                    continue;
                }
                if let Some((out_s, back_s)) = self.ways(who.row) {
                    let total_milli = worth_milli + travel::milli(out_s + back_s);
                    top.add(Sure { total_milli, start, who, slots: 1 }, block.keys[at]);
                }
            }
        }
        self.able += able.count();
        between.drop_some(&able);
        between
    }

    /// The ways of somebody, and what a window of theirs leaves: by the map where that is enough. None if they go nowhere near so far.
    fn starts_of(
        &self,
        block: &Block,
        at: usize,
        stay: Stay,
        time: &Time,
        placed: &Placed,
    ) -> Option<(About, About, Left)> {
        let home = &block.homes[at];
        let out = placed.plane.way(home);
        let back = if placed.is_round { out } else { placed.end.as_ref().and_then(|end| end.way(home)) };
        if let (Some(out), Some(back)) = (out, back) {
            let is_too_far = Plane::is_too_far(home, out);
            if is_too_far == Some(true) {
                return None;
            }
            let (early, late) = placed.left(time, stay, out, back);
            match (is_too_far, early, late) {
                (_, Left::Nothing, _) => return None,
                (Some(false), Left::Between, Left::Between) => return Some((out, back, Left::Between)),
                (Some(false), Left::Starts(from, to), Left::Starts(late, early)) if (from, to) == (late, early) => {
                    return Some((out, back, Left::Starts(from, to)));
                }
                _ => {}
            }
        }
        let (out_s, back_s) = self.ways(&block.rows[at])?;
        let exact = |seconds: i64| About { least: seconds, most: seconds };
        let (out, back) = (exact(out_s), exact(back_s));
        Some((out, back, placed.left(time, stay, out, back).0))
    }
}
