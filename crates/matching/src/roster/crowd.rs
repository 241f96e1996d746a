//! Calls: nobody lives too far away, so that everybody is looked at, 64 at a time. Whoever keeps their usual hours is counted: in the columns
//! where they have promised nothing on a day of the call, by the lulls of that day where they have. Only the rest is looked at row by row.

use super::bits::Some64;
use super::block::{Block, LIKES};
use super::calendar::{QUARTER_S, WEEK};
use super::look::{Look, Sure, last_gig, person, somebody};
use super::lull;
use super::top::Top;
use crate::{
    problem::MAX_STARTS,
    score::{fair_share, likes, wishes},
    snapshot::Span,
};

/// Up to so many of a block are asked for their hours one by one; of more, columns say first who may have any.
const FEW: usize = 128;

/// A start of the grid in numbers of columns.
#[derive(Debug, Clone, Copy)]
struct Hour {
    start: i64,
    /// Which of the days, and its number.
    day: usize,
    number: usize,
    weekday: usize,
    /// Quarters that the call touches.
    from: usize,
    to: usize,
}

/// Days and starts of a call.
struct Call {
    days: Vec<usize>,
    weeks: Vec<usize>,
    hours: Vec<Hour>,
}

impl Hour {
    /// Whether somebody's usual hours hold the call, promises or not.
    fn is_held(&self, block: &Block, at: usize) -> bool {
        block.days[self.number].usual.has(at)
            && (self.from..self.to).all(|quarter| block.hour(self.weekday, quarter).has(at))
    }
}

impl Call {
    /// Whether somebody may have a window that holds the call: more than have, never fewer.
    fn may_hold(&self, block: &Block, at: usize) -> bool {
        self.days.iter().any(|&day| block.days[day].odd.has(at))
            || self.hours.iter().any(|hour| hour.is_held(block, at))
    }
}

impl<'a> Look<'a> {
    /// Looks at everybody for a call; false, with nothing done, if its hours are not such that columns can say.
    pub(super) fn count_in_columns(&mut self) -> bool {
        let Some(call) = self.call() else { return false };
        let mut top = Top::new(self.ask.limit, self.roster.has_keys);
        // Those who have promised something in the week, and less to gain: looked at last.
        let mut sharing: Vec<(usize, Some64)> = Vec::new();
        for number in 0..self.roster.blocks.len() {
            let block = self.roster.blocks[number].as_ref();
            let plain = self.sieve.plain(block);
            let skilled = self.sieve.skilled(block, &plain, false);
            let named = self.named(number);
            let mut rest = self.sieve.skilled(block, &plain, true);
            let mut counted = skilled;
            counted.drop(&block.whole);
            counted.drop_some(&named);
            counted.drop_some(&self.odd(block, &call));
            rest.drop_some(&counted);
            if rest.count() > FEW {
                rest.and_some(&self.sieve.around(block));
            }
            rest.keep(|at| call.may_hold(block, at));
            self.sieve.add_whole(block, &mut rest);
            let mut able = self.count_block(number, &counted, &call, &mut top);
            let between = self.count_lulls(block, &counted, &call, &mut able);
            rest.or_some(&between);
            self.able += able.count();
            let mut shares = Some64::NONE;
            call.weeks.iter().for_each(|week| shares.or(&block.weeks[*week].promised));
            shares.and_some(&able);
            if !shares.is_empty() {
                sharing.push((number, shares));
            }
            rest.rows().for_each(|at| self.at(somebody(self.roster, number, at)));
        }
        self.add_sharing(&sharing, &call, &mut top);
        self.sure.extend(top.into_best());
        true
    }

    /// The days and starts; none if they are not whole quarters of days of 24 hours in weeks that are seen whole.
    fn call(&self) -> Option<Call> {
        let (calendar, ask) = (&self.roster.calendar, self.ask);
        if self.sieve.needed.len() != 1 || self.hours.grid.len() >= MAX_STARTS || self.hours.grid.is_empty() {
            return None;
        }
        let days = self.sieve.days()?;
        let together = |starts: &[i64], span: Span| {
            starts.binary_search(&span.start).is_ok_and(|at| starts.get(at + 1) == Some(&span.end))
        };
        let mut weeks: Vec<usize> = days.iter().map(|day| calendar.week(*day)).collect();
        weeks.dedup();
        let as_asked = days.iter().all(|&day| {
            together(&ask.day_starts, Span::new(calendar.start(day), calendar.start(day + 1)))
                && calendar
                    .week_span(calendar.week(day))
                    .is_some_and(|week| together(&ask.week_starts, week) && ask.within.holds(week))
        });
        let is_fixed = self.problem.fixed_start(0).is_some();
        let on_quarters = |span: &Span| {
            let day = calendar.day_of(*span)?;
            Some((span.start - calendar.start(day)) % QUARTER_S == 0)
        };
        if !as_asked || !(is_fixed || self.hours.windows.iter().all(|span| on_quarters(span) == Some(true))) {
            return None;
        }
        let hours = self.hours.grid.iter().map(|&start| {
            let span = Span::new(start, start + self.hours.duration_s);
            let day = calendar.day_of(span)?;
            let since = |second: i64| second - calendar.start(day);
            let from = (since(span.start) / QUARTER_S) as usize;
            let to = ((since(span.end) + QUARTER_S - 1) / QUARTER_S) as usize;
            Some(Hour { start, day: days.binary_search(&day).ok()?, number: day, weekday: day % WEEK, from, to })
        });
        Some(Call { hours: hours.collect::<Option<_>>()?, days, weeks })
    }

    /// Rows of a block that are named in the question.
    pub(super) fn named(&self, block: usize) -> Some64 {
        let mut named = Some64::NONE;
        for &number in self.pairs.keys().chain(&self.held) {
            let (at, row) = super::chunk::place_of(number);
            if at == block {
                named.set(row);
            }
        }
        named
    }

    /// Those of whom neither columns nor lulls say enough on some day of the call, as long as they have room in its week.
    fn odd(&self, block: &Block, call: &Call) -> Some64 {
        // By a table of times the trip of a promise may reach further than it was marked.
        let mut odd = if self.ruler.is_rough() { self.promising(block) } else { Some64::NONE };
        for &number in &call.days {
            let mut there = Some64::of(&block.days[number].odd);
            there.drop(&block.weeks[self.roster.calendar.week(number)].full);
            odd.or_some(&there);
        }
        odd
    }

    /// Counts those of a block who have promised nothing that day at every start; answers who can come at any.
    fn count_block(&mut self, number: usize, counted: &Some64, call: &Call, top: &mut Top<'a>) -> Some64 {
        let block = self.roster.blocks[number].as_ref();
        let mut able = Some64::NONE;
        if counted.is_empty() {
            return able;
        }
        let there: Vec<Some64> = call
            .days
            .iter()
            .map(|&day| {
                let mut there = *counted;
                there.and(&block.days[day].usual);
                there.drop(&block.days[day].taken);
                there.drop(&block.weeks[self.roster.calendar.week(day)].full);
                there
            })
            .collect();
        for (at, hour) in call.hours.iter().enumerate() {
            let mut now = there[hour.day];
            (hour.from..hour.to).for_each(|quarter| now.and(block.hour(hour.weekday, quarter)));
            self.tally.add_many(at, now.count());
            now.drop_some(&able);
            able.or_some(&now);
            if !now.is_empty() {
                self.rank(number, &now, hour.start, call, top);
            }
        }
        able
    }

    /// Counts those of a block who have promised something that day, and adds them to who can come; answers who can between two starts of
    /// the grid only.
    fn count_lulls(&mut self, block: &Block, counted: &Some64, call: &Call, able: &mut Some64) -> Some64 {
        let mut between = Some64::NONE;
        let duration_s = self.hours.duration_s;
        for &number in &call.days {
            let day = &block.days[number];
            if day.lulls.is_empty() {
                continue;
            }
            let midnight = self.roster.calendar.start(number);
            let mut there = *counted;
            there.drop(&block.weeks[self.roster.calendar.week(number)].full);
            for lull in day.lulls.iter().filter(|lull| there.has(lull.row())) {
                let Some((first, last)) = lull.starts(duration_s) else { continue };
                let (first, last) = (first + midnight, last + midnight);
                let (from, to) = (self.hours.before(first), self.hours.before(last + 1));
                if from < to {
                    self.tally.add_range(from, to);
                    able.set(lull.row());
                } else if self.hours.windows.iter().any(|span| span.start.max(first) <= last.min(span.end - duration_s))
                {
                    between.set(lull.row());
                }
            }
        }
        between.drop_some(able);
        between
    }

    /// Puts those for whom this is the first start among the best, if they are.
    fn rank(&self, number: usize, now: &Some64, start: i64, call: &Call, top: &mut Top<'a>) {
        let most = fair_share::idle_milli(0, None) + wishes::value_milli(self.wishes.count_ones());
        let block = self.roster.blocks[number].as_ref();
        if !top.may(most + likes::MILLI, start) {
            return;
        }
        let likes = self.likes.and_then(|kind| block.word(LIKES, kind));
        let mut liking = Some64::NONE;
        if let Some(column) = likes {
            liking.or(column);
        }
        liking.and_some(now);
        let mut others = *now;
        others.drop_some(&liking);
        for (mut class, milli) in [(liking, likes::MILLI), (others, 0)] {
            if class.is_empty() || !top.may(most + milli, start) {
                continue;
            }
            call.weeks.iter().for_each(|week| class.drop(&block.weeks[*week].promised));
            for at in class.rows() {
                if top.is_beyond(most + milli, start, block.keys[at]) {
                    continue;
                }
                let (so_far, days) = last_gig(self.ask, block.last_gig_ends[at]);
                let idle = fair_share::idle_milli(so_far, days);
                if !top.may(idle + milli + wishes::value_milli(self.wishes.count_ones()), start) {
                    continue;
                }
                let who = somebody(self.roster, number, at);
                let total_milli = self.worth_milli(who);
                if top.may(total_milli, start) {
                    top.add(Sure { total_milli, start, who, slots: 1 }, block.keys[at]);
                }
            }
        }
    }

    /// Whether somebody of usual hours can take the call at a start.
    fn is_there(&self, block: &Block, at: usize, hour: &Hour) -> bool {
        let day = &block.days[hour.number];
        if !day.taken.has(at) {
            return hour.is_held(block, at);
        }
        let start = hour.start - self.roster.calendar.start(hour.number);
        let mut starts = lull::of_row(&day.lulls, at).iter().filter_map(|lull| lull.starts(self.hours.duration_s));
        starts.any(|(first, last)| first <= start && start <= last)
    }

    /// Puts those who have promised something in a week of the call among the best, if they are.
    fn add_sharing(&self, sharing: &[(usize, Some64)], call: &Call, top: &mut Top<'a>) {
        let most = fair_share::idle_milli(0, None) + likes::MILLI + wishes::value_milli(self.wishes.count_ones());
        // In another week of the call they may have promised nothing, and whom a plan wants has promised nothing either.
        let is_sure = call.weeks.len() == 1 && !self.roster.has_demands;
        let week = if is_sure { fair_share::week_milli(1) } else { 0 };
        if !top.may(most + week, i64::MIN) {
            return;
        }
        for (number, rows) in sharing {
            let block = self.roster.blocks[*number].as_ref();
            for at in rows.rows() {
                let who = somebody(self.roster, *number, at);
                let worth_milli = self.worth_milli(who);
                if !top.may(worth_milli, i64::MIN) {
                    continue;
                }
                let near = self.near(who.row);
                let person = person(who.row, &near);
                let starts = call.hours.iter().filter(|hour| {
                    !block.weeks[self.roster.calendar.week(hour.number)].full.has(at) && self.is_there(block, at, hour)
                });
                let best = starts.filter_map(|hour| person.at(self.problem, hour.start, 0));
                if let Some(best) = best.max_by_key(|best| (best.milli, -best.start)) {
                    let total_milli = worth_milli + best.milli;
                    if top.may(total_milli, best.start) {
                        top.add(Sure { total_milli, start: best.start, who, slots: 1 }, block.keys[at]);
                    }
                }
            }
        }
    }
}
