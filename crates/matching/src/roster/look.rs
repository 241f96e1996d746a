//! One look over the roster: who surely cannot, who surely can and when, and of whom the rules must be asked.

use std::collections::HashMap;

use super::around::Around;
use super::bits::{Bits, ROWS, Some64};
use super::block::{Block, LIKES, SKILLS, TRAITS, ones};
use super::fit::{Hours, Interval, Person, Tally};
use super::gaps::{self, Ways};
use super::meet::{Several, Taker};
use super::row::{Kept, NEVER, Row};
use super::sieve::{Needed, Sieve};
use super::top::Top;
use super::usual::Placed;
use super::{Ask, Cell, Pair, Roster, Shown};
use crate::{
    openings,
    problem::Problem,
    score::{self, Soft, Term, fair_share, familiar, likes, travel, wishes},
    snapshot::Span,
    travel::{Ruler, Spot, TravelTime, UNREACHABLE_S, seconds},
};

/// Seconds of a day.
pub(super) const DAY_S: i64 = 86_400;

/// Somebody of the roster.
#[derive(Debug, Clone, Copy)]
pub(super) struct Somebody<'a> {
    pub(super) block: &'a Block,
    pub(super) at: usize,
    pub(super) row: &'a Row,
    /// Their number in the roster.
    pub(super) number: u32,
}

/// Somebody who surely can.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sure<'a> {
    pub(super) total_milli: i64,
    pub(super) start: i64,
    pub(super) who: Somebody<'a>,
    /// The open slots that they suit, as bits.
    pub(super) slots: u8,
}

/// Whether skills are held for the whole time in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Skilled {
    No,
    Perhaps,
    Surely,
}

/// What a look at one row says.
enum Seen {
    No,
    Unsure,
    /// They have starts, with the slots (as bits) that they suit.
    Starts(u8),
}

/// A look that is going on.
pub(super) struct Look<'a> {
    pub(super) roster: &'a Roster,
    pub(super) ask: &'a Ask,
    /// The gig alone, for the words of the rules: days, weeks, starts.
    pub(super) problem: &'a Problem,
    pub(super) hours: Hours,
    pub(super) sieve: Sieve,
    pub(super) tally: Tally,
    pub(super) sure: Vec<Sure<'a>>,
    /// How many surely can.
    pub(super) able: usize,
    /// Those of several helpers.
    pub(super) several: Several<'a>,
    pub(super) unsure: Vec<Somebody<'a>>,
    pub(super) ruler: Ruler,
    pub(super) place: Option<Spot>,
    end: Option<Spot>,
    around: Option<Around<'a>>,
    /// What there is between the seeker and some members, by number.
    pub(super) pairs: HashMap<u32, &'a Pair>,
    /// Numbers of those who hold a slot already.
    pub(super) held: Vec<u32>,
    pub(super) likes: Option<u32>,
    pub(super) wishes: u64,
    /// Room for the starts of whoever is looked at.
    found: Vec<Interval>,
}

impl<'a> Look<'a> {
    /// Begins a look for the open slots of the only gig of a problem; none if nobody can be found.
    pub(super) fn new(roster: &'a Roster, ask: &'a Ask, problem: &'a Problem) -> Option<Self> {
        let gig = &ask.gig;
        let grid = openings::grid(problem, 0);
        let windows = match problem.fixed_start(0) {
            Some(start) => vec![Span::new(start, start + gig.duration_s)],
            None => problem.gig_windows(0).to_vec(),
        };
        let hours = Hours::new(grid, windows, gig.duration_s)?;
        let number = |id: &str, cell: Option<Cell>| roster.find(cell?, id);
        Some(Self {
            roster,
            ask,
            problem,
            tally: Tally::new(hours.grid.len()),
            sieve: Sieve::new(roster, ask, &hours)?,
            several: Several::default(),
            hours,
            sure: Vec::new(),
            able: 0,
            unsure: Vec::new(),
            ruler: Ruler::new(roster.measure, ask.table.clone()),
            place: gig.place.map(Spot::from),
            end: gig.place.and(gig.destination).or(gig.place).map(Spot::from),
            around: gig.place.map(|place| Around::new(roster, place)),
            pairs: ask.pairs.iter().filter_map(|(id, pair)| Some((number(id, pair.cell)?, pair))).collect(),
            held: ask.held.iter().filter_map(|held| number(&held.volunteer, held.cell)).collect(),
            likes: roster.words.kinds.number(&gig.kind),
            wishes: roster.words.traits.bits(&gig.wishes).0,
            found: Vec::new(),
        })
    }

    /// Looks at everybody.
    pub(super) fn run(&mut self) {
        if self.sieve.needed.is_empty() {
            return;
        }
        let roster = self.roster;
        let Some(place) = self.place else {
            if !self.count_in_columns() {
                for block in 0..roster.blocks.len() {
                    let pass = self.sieve.pass(&roster.blocks[block]);
                    pass.rows().for_each(|at| self.at(somebody(roster, block, at)));
                }
            }
            return;
        };
        let Some(placed) = Placed::new(self) else {
            for (block, rows) in self.passing(place) {
                self.at_each(block, &rows);
            }
            return;
        };
        let mut top = Top::new(self.ask.limit, roster.has_keys);
        for (block, near) in roster.near(place) {
            let rest = self.count_usual(block, &near, &placed, &mut top);
            self.at_each(block, &rest);
        }
        self.sure.extend(top.into_best());
    }

    /// Whom the sieve lets pass of those who might come to a place, block by block.
    fn passing(&self, place: Spot) -> Vec<(usize, Box<Some64>)> {
        let passing = self.roster.near(place).map(|(block, mut rows)| {
            rows.and_some(&self.sieve.pass(&self.roster.blocks[block]));
            (block, rows)
        });
        passing.collect()
    }

    /// Looks at some of a block who might come to a place. The way and then the hours are asked of all of them before anybody is looked at
    /// more closely: short loops, in which rows that lie apart are fetched from memory side by side.
    fn at_each(&mut self, number: usize, rows: &Some64) {
        let block = self.roster.blocks[number].as_ref();
        let mut people = Vec::with_capacity(rows.count());
        people.extend(rows.rows().filter(|&at| block.whole.has(at) || !self.is_beyond(&block.rows[at])));
        people.retain(|&at| block.whole.has(at) || self.is_free(somebody(self.roster, number, at)));
        for at in people {
            self.at(somebody(self.roster, number, at));
        }
    }

    /// Looks at somebody whom the sieve let pass.
    pub(super) fn at(&mut self, who: Somebody<'a>) {
        let near = self.near(who.row);
        match self.see(who, &near) {
            Seen::No => {}
            Seen::Unsure => self.unsure.push(who),
            Seen::Starts(slots) => {
                let person = person(who.row, &near);
                let worth_milli = self.worth_milli(who);
                if self.sieve.needed.len() > 1 {
                    let Self { several, problem, hours, found, .. } = self;
                    several.count(problem, hours, &person, Taker { who, slots, worth_milli }, found);
                } else if let Some(best) = self.tally.count(self.problem, &self.hours, &person, &mut self.found) {
                    let total_milli = worth_milli + best.milli;
                    self.able += 1;
                    self.sure.push(Sure { total_milli, start: best.start, who, slots });
                }
            }
        }
    }

    /// Everybody on whose ways the answer may hang and who is not surely out before these are known, with what they have promised in
    /// these weeks.
    pub(super) fn each_near(&self, mut take: impl FnMut(&Row, &[&Kept])) {
        if self.sieve.needed.is_empty() {
            return;
        }
        let mut near = |who: Somebody<'a>| {
            if who.row.whole().is_some() || (!self.is_beyond(who.row) && self.is_free(who)) {
                take(who.row, &self.near(who.row));
            }
        };
        if let Some(place) = self.place {
            for (block, rows) in self.passing(place) {
                rows.rows().for_each(|at| near(somebody(self.roster, block, at)));
            }
            return;
        }
        for (number, block) in self.roster.blocks.iter().enumerate() {
            // To a call there is no way, only to what they have promised beside it.
            let mut pass = self.sieve.pass(block);
            pass.and_some(&self.promising(block));
            pass.rows().for_each(|at| near(somebody(self.roster, number, at)));
        }
    }

    /// Those who have promised something that may count in the weeks of the question.
    pub(super) fn promising(&self, block: &Block) -> Some64 {
        let last = self.roster.calendar.week_at(self.ask.within.end);
        let mut promising = Some64::NONE;
        block.weeks.iter().take(last + 1).for_each(|week| promising.or(&week.promised));
        promising
    }

    /// The promises that count in the weeks of the question.
    pub(super) fn near(&self, row: &'a Row) -> Vec<&'a Kept> {
        let within = self.ask.within;
        match row.promises() {
            [] => Vec::new(),
            promises => promises.iter().filter(|kept| kept.end() > within.start && kept.start < within.end).collect(),
        }
    }

    /// Puts the starts that somebody has into `found`.
    fn see(&mut self, who: Somebody<'a>, near: &[&'a Kept]) -> Seen {
        self.see_going(who, near, Self::ways)
    }

    /// Whether somebody surely has no start, however far they would go.
    pub(super) fn has_no_start_at_all(&mut self, who: Somebody<'a>) -> bool {
        let near = self.near(who.row);
        matches!(self.see_going(who, &near, |look, row| Some(look.ways_from(Spot::from(row.home()?), row))), Seen::No)
    }

    /// The same, with the ways there and back that are asked for only where they count.
    fn see_going(
        &mut self,
        who: Somebody<'a>,
        near: &[&'a Kept],
        ways: impl Fn(&Self, &Row) -> Option<(i64, i64)>,
    ) -> Seen {
        let row = who.row;
        if row.whole().is_some() {
            return Seen::Unsure;
        }
        let (mut slots, mut is_simple) = (0, true);
        for (bit, needed) in self.sieve.needed.iter().enumerate() {
            match self.skilled(who, *needed) {
                Skilled::No => {}
                Skilled::Perhaps => is_simple = false,
                Skilled::Surely => slots |= 1 << bit,
            }
        }
        if is_simple && slots == 0 {
            return Seen::No;
        }
        let Some((out_s, back_s)) = ways(self, row) else { return Seen::No };
        let mut holds = false;
        self.found.clear();
        for window in self.windows(who) {
            if !self.hours.fit(window) {
                continue;
            }
            holds = true;
            if !is_simple {
                break;
            }
            // The time that a promise takes with its way to and from home: further off it changes nothing here.
            let inside: Vec<&Kept> = near.iter().copied().filter(|kept| self.trip(row, kept).meets(window)).collect();
            if inside.is_empty() {
                self.hours.starts(window, out_s, back_s, &mut self.found);
            } else {
                let ways = Ways {
                    ruler: &self.ruler,
                    home: row.home().map(Spot::from),
                    speed_dkmh: u32::from(row.speed_dkmh),
                    place: self.place,
                    end: self.end,
                    out_s,
                    back_s,
                };
                is_simple = gaps::between(&self.hours, window, &inside, &ways, &mut self.found).is_some();
            }
        }
        if !holds {
            return Seen::No;
        }
        if !is_simple {
            return Seen::Unsure;
        }
        if self.found.is_empty() || self.is_kept_out(who.number) { Seen::No } else { Seen::Starts(slots) }
    }

    fn skilled(&self, who: Somebody<'a>, needed: Needed) -> Skilled {
        if !needed.all {
            return Skilled::No;
        }
        let lasts = |number: &usize| who.block.word(SKILLS, *number as u32).is_some_and(|column| column.has(who.at));
        let missing =
            ones(u128::from(needed.bits)).filter(|number| !lasts(number)).fold(0, |bits, n| bits | 1_u64 << n);
        if missing == 0 {
            return Skilled::Surely;
        }
        let limited = who.row.limited();
        let held = limited.iter().fold(0, |bits, period| bits | period.bit);
        let reach = self.hours.reach;
        let whole = limited
            .iter()
            .filter(|period| period.from <= reach.start && reach.end <= period.until)
            .fold(0, |bits, period| bits | period.bit);
        match (missing & !held == 0, missing & !whole == 0) {
            (false, _) => Skilled::No,
            (true, false) => Skilled::Perhaps,
            (true, true) => Skilled::Surely,
        }
    }

    /// Seconds from home to where the gig begins and back from where it ends, if that is within the volunteer's limit.
    pub(super) fn ways(&self, row: &Row) -> Option<(i64, i64)> {
        let (Some(place), Some(end)) = (self.place, self.end) else { return Some((0, 0)) };
        if self.is_beyond(row) {
            return None;
        }
        let home = Spot::from(row.home()?);
        let (speed_dkmh, most_s) = (u32::from(row.speed_dkmh), i64::from(row.max_travel_s));
        if self.ruler.is_rough() {
            let out_s = self.ruler.way_s(speed_dkmh, home, place).filter(|&out_s| out_s <= most_s)?;
            return Some((out_s, self.ruler.way_s(speed_dkmh, end, home).unwrap_or(UNREACHABLE_S)));
        }
        let way = |to: Spot| seconds(self.roster.measure.metres(home, to), speed_dkmh);
        let out_s = way(place);
        (out_s <= most_s).then(|| (out_s, if place == end { out_s } else { way(end) }))
    }

    /// Seconds from a home to the gig and back, by straight lines, however far that is.
    fn ways_from(&self, home: Spot, row: &Row) -> (i64, i64) {
        let way = |to: Option<Spot>| {
            to.map_or(0, |to| seconds(self.roster.measure.metres(home, to), u32::from(row.speed_dkmh)))
        };
        (way(self.place), way(self.end))
    }

    /// Whether the gig is surely further from somebody's home than they go.
    pub(super) fn is_beyond(&self, row: &Row) -> bool {
        self.around.as_ref().is_some_and(|around| around.is_beyond(row))
    }

    /// By how many seconds the way to the gig is longer than somebody goes, by straight lines; none without a home.
    pub(super) fn extra_s(&self, row: &Row) -> Option<i64> {
        Some(self.ways_from(Spot::from(row.home()?), row).0 - i64::from(row.max_travel_s))
    }

    /// Whether somebody has a window that holds the gig, if there were no way to it.
    pub(super) fn is_free(&self, who: Somebody<'a>) -> bool {
        self.windows(who).any(|window| self.hours.fit(window))
    }

    /// The time that a promise takes with its way from and to home.
    fn trip(&self, row: &Row, kept: &Kept) -> Span {
        if !self.ruler.is_rough() {
            return kept.trip();
        }
        let home = row.home().map(Spot::from);
        super::row::trip(&self.ruler, home, u32::from(row.speed_dkmh), &kept.gig, kept.start)
    }

    /// The windows of somebody near the gig's hours, cut at the ends of the weeks.
    fn windows(&self, who: Somebody<'a>) -> impl Iterator<Item = Span> + use<'a> {
        let (within, reach) = (self.ask.within, self.hours.reach);
        who.block
            .windows(who.row, self.roster.horizon.start)
            .skip_while(move |span| span.end <= reach.start)
            .take_while(move |span| span.start < reach.end)
            .filter_map(move |span| cut(span, within))
    }

    /// Whether somebody is kept apart from the seeker, said no, or holds a slot of the gig already.
    fn is_kept_out(&self, number: u32) -> bool {
        (!self.pairs.is_empty() && self.pairs.get(&number).is_some_and(|pair| pair.blocked || pair.declined))
            || self.held.contains(&number)
    }

    /// The sum of the terms that are the same at every start.
    pub(super) fn worth_milli(&self, who: Somebody<'_>) -> i64 {
        score::total(&self.worth(who))
    }

    /// The terms that are the same at every start, in their order.
    pub(super) fn worth(&self, who: Somebody<'_>) -> [Term; 4] {
        let gig = &self.ask.gig;
        let likes = self.likes.and_then(|kind| who.block.word(LIKES, kind));
        let liked = if likes.is_some_and(|column| column.has(who.at)) { likes::MILLI } else { 0 };
        let (so_far, days) = last_gig(self.ask, who.block.last_gig_ends[who.at]);
        let has =
            |number: &usize| who.block.word(TRAITS, *number as u32).is_some_and(|column: &Bits| column.has(who.at));
        let mut met = ones(u128::from(self.wishes)).filter(has).count() as u32;
        let mut known = 0;
        let pair = if self.pairs.is_empty() { None } else { self.pairs.get(&who.number) };
        if let Some(pair) = pair {
            known = gig.seeker.as_ref().map_or(0, |_| familiar::value_milli(pair.familiar_milli));
            let mut wished: Vec<&String> = gig.wishes.iter().filter(|wish| pair.traits.contains(wish)).collect();
            wished.sort_unstable();
            wished.dedup();
            let anew =
                |wish: &&String| self.roster.words.traits.number(wish).is_none_or(|number| !has(&(number as usize)));
            met += wished.into_iter().filter(anew).count() as u32;
        }
        [
            Term { soft: Soft::Familiar, milli: known },
            Term { soft: Soft::Likes, milli: liked },
            Term { soft: Soft::FairShare, milli: fair_share::idle_milli(so_far, days) },
            Term { soft: Soft::Wishes, milli: wishes::value_milli(met) },
        ]
    }

    /// The numbers of the slots that somebody suits.
    pub(super) fn slots(&self, sure: &Sure<'_>) -> Vec<usize> {
        let needed = self.sieve.needed.iter().enumerate();
        needed.filter(|(bit, _)| sure.slots >> bit & 1 == 1).map(|(_, needed)| needed.slot).collect()
    }

    /// Somebody who surely can, as they are shown; none of whom the rules must be asked: they have promised something in these weeks, or a plan
    /// wants them.
    pub(super) fn shown(&self, sure: &Sure<'_>) -> Option<Shown> {
        let row = sure.who.row;
        let within = self.ask.within;
        let is_near = |kept: &Kept| kept.end() > within.start && kept.start < within.end;
        if !row.demands().is_empty() || row.promises().iter().any(is_near) {
            return None;
        }
        let (out_s, back_s) = self.ways(row)?;
        let slots = self.slots(sure);
        let way = Term { soft: Soft::Travel, milli: travel::milli(out_s + back_s) };
        let terms = [way].into_iter().chain(self.worth(sure.who));
        Some(Shown {
            id: row.id.to_string(),
            slot: slots.first().copied().unwrap_or(0),
            slots,
            start: sure.start,
            way_out_s: out_s,
            extra_travel_s: out_s + back_s,
            terms: terms.filter(|term| term.milli != 0).collect(),
            total_milli: sure.total_milli,
        })
    }
}

/// Somebody by block and place.
pub(super) fn somebody(roster: &Roster, block: usize, at: usize) -> Somebody<'_> {
    let number = (block * ROWS + at) as u32;
    let block = roster.blocks[block].as_ref();
    Somebody { block, at, row: &block.rows[at], number }
}

/// Somebody's caps and promises.
pub(super) fn person<'a>(row: &'a Row, near: &'a [&'a Kept]) -> Person<'a> {
    Person {
        promises: near,
        demands: row.demands(),
        max_gigs_day: row.max_gigs_day.into(),
        max_gigs_week: row.max_gigs_week.into(),
    }
}

/// What of a window lies within the weeks.
pub(super) fn cut(span: Span, within: Span) -> Option<Span> {
    let cut = Span::new(span.start.max(within.start), span.end.min(within.end));
    (cut.start < cut.end).then_some(cut)
}

/// Gigs so far and days since the last, as far as they are remembered.
pub(super) fn last_gig(ask: &Ask, end: i64) -> (u32, Option<u32>) {
    if end == NEVER || end <= ask.remembered_from {
        return (0, None);
    }
    (1, Some(u32::try_from((ask.now - end).max(0) / DAY_S).unwrap_or(u32::MAX)))
}
