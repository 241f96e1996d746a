//! What columns say of a whole block: who may suit by what does not hang on the hour, and who may be there at all.

use super::bits::{Bits, Some64};
use super::block::{Block, KINDS, LANGUAGES, LIMITED, SKILLS, ones};
use super::calendar::{QUARTER_S, WEEK};
use super::fit::Hours;
use super::row::UNBORN;
use super::{Ask, Roster};
use crate::snapshot::Span;

/// What a slot needs of a volunteer's skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needed {
    /// Number of the slot.
    pub(super) slot: usize,
    pub(super) bits: u64,
    /// Whether everything that is needed has a bit; else nobody in bits has it.
    pub(super) all: bool,
}

/// A window of the gig in a day of 24 hours.
#[derive(Debug, Clone, Copy)]
struct Time {
    day: usize,
    /// Quarters that it touches, from the day's start.
    from: usize,
    to: usize,
}

/// The question in numbers of columns.
pub(super) struct Sieve {
    kind: Option<u32>,
    /// Any of these; none if none is asked for.
    languages: Option<Vec<u32>>,
    pub(super) needed: Vec<Needed>,
    pub(super) association: Option<u32>,
    /// Born in this year or before.
    born_by: Option<i32>,
    /// The windows of the gig; none if one of them is not in a day of 24 hours.
    times: Option<Vec<Time>>,
    /// Quarters that the gig takes at least.
    quarters: usize,
}

impl Sieve {
    /// For the open slots; none if nobody can be found.
    pub(super) fn new(roster: &Roster, ask: &Ask, hours: &Hours) -> Option<Self> {
        let association = match &ask.association {
            None => None,
            Some(name) => Some(*roster.associations.get(name)?),
        };
        let gig = &ask.gig;
        let open = |slot: &usize| ask.held.iter().all(|held| held.slot != *slot);
        let needed = (0..gig.slots.len()).filter(open).map(|slot| {
            let (bits, all) = roster.words.skills.bits(&gig.slots[slot].skills);
            Needed { slot, bits, all }
        });
        let languages: Vec<u32> =
            gig.languages_any.iter().filter_map(|name| roster.words.languages.number(name)).collect();
        let time = |span: &Span| {
            let day = roster.calendar.day_of(*span)?;
            let start = roster.calendar.start(day);
            let quarter = |second: i64| ((second - start) / QUARTER_S) as usize;
            Some(Time { day, from: quarter(span.start), to: quarter(span.end + QUARTER_S - 1) })
        };
        let quarters = (hours.duration_s + QUARTER_S - 1) / QUARTER_S;
        Some(Self {
            kind: roster.words.kinds.number(&gig.kind),
            languages: (!gig.languages_any.is_empty()).then_some(languages),
            needed: needed.collect(),
            association,
            born_by: gig.min_age.map(|least| if least == 0 { i32::MAX } else { ask.year - 1 - least as i32 }),
            times: hours.windows.iter().map(time).collect(),
            quarters: quarters.max(1) as usize,
        })
    }

    /// Who suits by what needs neither skills nor the hour.
    pub(super) fn plain(&self, block: &Block) -> Some64 {
        let mut some = Some64::of(&block.takes);
        self.keep_willing(block, &mut some);
        self.keep_speaking(block, &mut some);
        self.keep_old_enough(block, &mut some);
        self.keep_own(block, &mut some);
        some
    }

    /// Drops those who do not accept the kind.
    pub(super) fn keep_willing(&self, block: &Block, some: &mut Some64) {
        match self.kind.and_then(|kind| block.word(KINDS, kind)) {
            Some(kind) => some.and(kind),
            None => *some = Some64::NONE,
        }
    }

    /// Drops those who speak none of the languages that are asked for.
    pub(super) fn keep_speaking(&self, block: &Block, some: &mut Some64) {
        if let Some(languages) = &self.languages {
            let mut speak = Some64::NONE;
            languages.iter().filter_map(|number| block.word(LANGUAGES, *number)).for_each(|column| speak.or(column));
            some.and_some(&speak);
        }
    }

    /// Drops those who are too young, or whose age nobody knows.
    pub(super) fn keep_old_enough(&self, block: &Block, some: &mut Some64) {
        if let Some(year) = self.born_by {
            some.keep(|row| block.birth_years[row] != UNBORN && i32::from(block.birth_years[row]) <= year);
        }
    }

    /// Drops those of other associations.
    pub(super) fn keep_own(&self, block: &Block, some: &mut Some64) {
        if let Some(number) = self.association {
            some.keep(|row| block.associations[row] == number);
        }
    }

    /// Of these, who holds the skills of some slot: for good, or at least for a time if `limited` counts too.
    pub(super) fn skilled(&self, block: &Block, some: &Some64, limited: bool) -> Some64 {
        let nobody = Bits::default();
        let mut skilled = Some64::NONE;
        for needed in self.needed.iter().filter(|needed| needed.all) {
            let mut of_slot = *some;
            for number in ones(u128::from(needed.bits)) {
                let mut holds = Some64::of(block.word(SKILLS, number as u32).unwrap_or(&nobody));
                if limited {
                    holds.or(block.word(LIMITED, number as u32).unwrap_or(&nobody));
                }
                of_slot.and_some(&holds);
            }
            skilled.or_some(&of_slot);
        }
        skilled
    }

    /// Who may have a window that holds the gig on one of its days: more than can, never fewer.
    pub(super) fn around(&self, block: &Block) -> Some64 {
        let Some(times) = &self.times else { return Some64::ALL };
        let mut found = Some64::NONE;
        for time in times {
            let day = &block.days[time.day];
            found.or(&day.odd);
            let weekday = time.day % WEEK;
            // Of so many quarters in a row, two that lie a step apart are on the raster of steps.
            let step = (self.quarters / 2).max(1);
            let pairs = self.quarters >= 2 * step && self.quarters > 1;
            let mut there = Some64::NONE;
            for at in (0..time.to).step_by(step).filter(|at| *at >= time.from) {
                let mut held = Some64::of(block.hour(weekday, at));
                if pairs {
                    if at + step >= time.to {
                        break;
                    }
                    held.and(block.hour(weekday, at + step));
                }
                there.or_some(&held);
            }
            there.and(&day.usual);
            found.or_some(&there);
        }
        found
    }

    /// Everybody of whom more is to be asked: those that may suit and be there, and those that bits say nothing of.
    pub(super) fn pass(&self, block: &Block) -> Some64 {
        let plain = self.plain(block);
        let mut pass = self.skilled(block, &plain, true);
        if !pass.is_empty() {
            pass.and_some(&self.around(block));
        }
        self.add_whole(block, &mut pass);
        pass
    }

    /// Adds those that bits say nothing of.
    pub(super) fn add_whole(&self, block: &Block, some: &mut Some64) {
        let mut whole = Some64::of(&block.whole);
        if !whole.is_empty() {
            self.keep_own(block, &mut whole);
            some.or_some(&whole);
        }
    }

    /// The days of the gig's windows, each once; none if one of them is not in a day of 24 hours.
    pub(super) fn days(&self) -> Option<Vec<usize>> {
        let mut days: Vec<usize> = self.times.as_ref()?.iter().map(|time| time.day).collect();
        days.sort_unstable();
        days.dedup();
        Some(days)
    }
}
