//! One volunteer in few bytes: what a look needs to say "surely not", "surely, at these starts" or "ask the rules".

use std::borrow::Cow;
use std::sync::Arc;

use super::block::{KINDS, LANGUAGES, LIKES, LIMITED, Marks, SKILLS, SORTS, TRAITS, ones};
use super::id::{self, Id};
use super::lull;
use super::words::Words;
use super::{Cell, Member, Promised, Roster};
use crate::{
    problem::joined,
    snapshot::{Demand, GigRow, HeldSkill, Point, Span, Standing, VolunteerRow},
    travel::{Ruler, Spot, TravelTime},
};

/// Seconds of a minute, in which windows are kept.
const MINUTE_S: i64 = 60;
/// Bits of a window's length in minutes; the rest is its start.
const LENGTH_BITS: u32 = 15;
/// No gig is remembered.
pub(super) const NEVER: i64 = i64::MIN;
/// No year of birth is known.
pub(super) const UNBORN: i16 = i16::MIN;

/// A skill held for a time only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limited {
    pub(super) bit: u64,
    pub(super) from: i64,
    pub(super) until: i64,
}

/// A promise, with the time that it takes as a round trip of its own.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) gig: Arc<GigRow>,
    pub(super) start: i64,
    lasts_s: u32,
    /// Seconds of the ways from and to home.
    out_s: u32,
    back_s: u32,
    pub(super) slot: u32,
}

impl Kept {
    fn new(promise: Promised, trip: Span) -> Self {
        let Promised { gig, slot, start } = promise;
        let short = |seconds: i64| u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
        let lasts_s = short(gig.duration_s);
        let end = start + i64::from(lasts_s);
        let slot = u32::try_from(slot).unwrap_or(u32::MAX);
        Self { start, lasts_s, out_s: short(start - trip.start), back_s: short(trip.end - end), slot, gig }
    }

    /// When it ends.
    pub(super) fn end(&self) -> i64 {
        self.start + i64::from(self.lasts_s)
    }

    /// The time that it takes as a round trip of its own, by straight lines.
    pub(super) fn trip(&self) -> Span {
        Span::new(self.start - i64::from(self.out_s), self.end() + i64::from(self.back_s))
    }

    /// Where it begins; none for a call.
    pub(super) fn place(&self) -> Option<Spot> {
        self.gig.place.map(Spot::from)
    }

    /// Whether it ends where it did not begin.
    pub(super) fn ends_elsewhere(&self) -> bool {
        self.gig.place.and(self.gig.destination).is_some()
    }
}

/// What few volunteers have.
#[derive(Debug, Clone, Default)]
pub(super) struct Extra {
    /// The row as it came, if it does not fit into bits and minutes: the rules are asked.
    pub(super) whole: Option<Box<VolunteerRow>>,
    pub(super) limited: Box<[Limited]>,
    pub(super) promises: Box<[Kept]>,
    /// What the last plan wants them for: of few, so it takes one word of everybody else.
    demands: Option<Box<Wanted>>,
}

/// See [`Extra::demands`].
#[derive(Debug, Clone)]
struct Wanted {
    demands: Vec<Arc<Demand>>,
}

impl Extra {
    /// Whether something is promised, or wanted of them.
    fn is_promised(&self) -> bool {
        !self.promises.is_empty() || self.demands.is_some()
    }
}

/// One volunteer, beside what stands in columns: one line of the processor's memory, so that a look fetches no other.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Row {
    pub(super) id: Id,
    pub(super) extra: Option<Box<Extra>>,
    /// Home; not a number where there is none.
    point: Point,
    pub(super) max_travel_s: i32,
    pub(super) first_window: u32,
    pub(super) window_count: u16,
    pub(super) speed_dkmh: u16,
    pub(super) max_gigs_day: u16,
    pub(super) max_gigs_week: u16,
}

impl Default for Row {
    /// Nobody.
    fn default() -> Self {
        Self {
            id: Id::Text("".into()),
            extra: None,
            point: NOWHERE,
            max_travel_s: 0,
            first_window: 0,
            window_count: 0,
            speed_dkmh: 0,
            max_gigs_day: 0,
            max_gigs_week: 0,
        }
    }
}

/// The home of those who have none.
const NOWHERE: Point = Point { lat: f64::NAN, lon: f64::NAN };

/// Minutes from the base of the horizon, and minutes long.
pub(super) fn pack(base: i64, span: Span) -> Option<u32> {
    let (start, length) = (span.start - base, span.end - span.start);
    if start < 0 || length <= 0 || start % MINUTE_S != 0 || length % MINUTE_S != 0 {
        return None;
    }
    let (start, length) = (u32::try_from(start / MINUTE_S).ok()?, u32::try_from(length / MINUTE_S).ok()?);
    (length < 1 << LENGTH_BITS && start < 1 << (u32::BITS - LENGTH_BITS)).then_some(start << LENGTH_BITS | length)
}

/// The window of some packed minutes.
pub(super) fn unpack(base: i64, packed: u32) -> Span {
    let start = base + i64::from(packed >> LENGTH_BITS) * MINUTE_S;
    Span::new(start, start + i64::from(packed & ((1 << LENGTH_BITS) - 1)) * MINUTE_S)
}

/// Windows that do not overlap, ascending: mostly as they came.
fn apart(windows: &[Span]) -> Cow<'_, [Span]> {
    let is_apart = windows.iter().all(|one| one.start < one.end) && windows.is_sorted_by(|a, b| a.end <= b.start);
    if is_apart { Cow::Borrowed(windows) } else { Cow::Owned(joined(windows)) }
}

/// A member who is ready to be taken in.
pub(super) struct Prepared {
    pub(super) cell: Cell,
    pub(super) spot: Spot,
    pub(super) reach_m: f64,
    pub(super) row: Row,
    pub(super) windows: Vec<u32>,
    pub(super) marks: Marks,
    /// Whether their id can be ordered by its key.
    pub(super) is_ordered: bool,
}

impl Roster {
    /// Learns the words of a member, as far as there are bits for them.
    pub(super) fn learn(&mut self, member: &Member) {
        let row = &member.row;
        let words = &mut self.words;
        let learn = |words: &mut Words, name: &String| {
            // A word without a bit makes its rows whole ones.
            let _ = words.learn(name);
        };
        row.kinds.iter().chain(&row.likes).for_each(|name| learn(&mut words.kinds, name));
        row.languages.iter().for_each(|name| learn(&mut words.languages, name));
        row.traits.iter().for_each(|name| learn(&mut words.traits, name));
        row.skills.iter().for_each(|held| learn(&mut words.skills, &held.skill));
        if let Some(name) = &member.association {
            self.learn_association(name);
        }
    }

    /// Whether there is nothing to learn of a member but the number of their association.
    pub(super) fn knows(&self, member: &Member) -> bool {
        let (row, words) = (&member.row, &self.words);
        row.kinds.iter().chain(&row.likes).all(|name| words.kinds.has_settled(name))
            && row.languages.iter().all(|name| words.languages.has_settled(name))
            && row.traits.iter().all(|name| words.traits.has_settled(name))
            && row.skills.iter().all(|held| words.skills.has_settled(&held.skill))
    }

    /// The row of a member, the windows to go with it, and what stands in columns. The words have been learned.
    pub(super) fn prepare(&self, member: Member) -> Prepared {
        let Member { row, association, birth_year, last_gig_end, promises } = member;
        let home = row.home;
        let spot = home.map(Spot::from);
        let mut out = Row {
            id: Id::new(&row.id),
            point: home.unwrap_or(NOWHERE),
            max_gigs_day: u16::try_from(row.max_gigs_day).unwrap_or(u16::MAX),
            max_gigs_week: u16::try_from(row.max_gigs_week).unwrap_or(u16::MAX),
            ..Row::default()
        };
        let key = id::key(&row.id);
        let spans = apart(&row.windows);
        let is_active = row.standing == Standing::Active;
        let mut marks = Marks {
            takes: is_active && row.max_gigs_day > 0 && row.max_gigs_week > 0,
            is_active,
            words: [0; SORTS],
            association: association.and_then(|name| self.associations.get(&name).copied()).unwrap_or(0),
            birth_year: birth_year.unwrap_or(UNBORN),
            last_gig_end: last_gig_end.unwrap_or(NEVER),
            key: key.unwrap_or(0),
            usual: self.calendar.usual(&spans),
            taken: 0,
            lulls: Vec::new(),
            promised: 0,
            full: 0,
        };
        let mut extra = Extra::default();
        let windows = self.fill(&mut out, &mut marks, &mut extra, &row, &spans).unwrap_or_else(|| {
            extra.whole = Some(Box::new(row.clone()));
            Vec::new()
        });
        extra.promises = promises
            .into_iter()
            .map(|promise| {
                let trip = trip(&self.measure, spot, row.speed_dkmh, &promise.gig, promise.start);
                Kept::new(promise, trip)
            })
            .collect();
        extra.promises.sort_by_key(|kept| kept.start);
        self.mark_promises(&mut marks, &extra.promises, usize::from(out.max_gigs_week));
        self.mark_demands(&mut marks, &row.demands);
        extra.demands = (!row.demands.is_empty()).then(|| Box::new(Wanted { demands: row.demands }));
        if extra.whole.is_none() {
            self.mark_lulls(&mut marks, &out, &spans, &extra.promises);
        }
        if extra.whole.is_some() || !extra.limited.is_empty() || extra.is_promised() {
            out.extra = Some(Box::new(extra));
        }
        Prepared {
            cell: Cell::of(home),
            spot: spot.unwrap_or(Spot::from(Point { lat: 0.0, lon: 0.0 })),
            reach_m: self.reach_m(row.max_travel_s, row.speed_dkmh),
            row: out,
            windows,
            marks,
            is_ordered: key.is_some(),
        }
    }

    /// Notes the days and weeks of promises.
    fn mark_promises(&self, marks: &mut Marks, promises: &[Kept], max_gigs_week: usize) {
        let week = |kept: &Kept| self.calendar.week_at(kept.start);
        for kept in promises {
            self.calendar.touched(kept.trip()).for_each(|day| marks.taken |= 1 << day);
            let same = promises.iter().filter(|other| week(other) == week(kept)).count();
            if week(kept) < u128::BITS as usize {
                marks.promised |= 1 << week(kept);
                marks.full |= u128::from(same >= max_gigs_week) << week(kept);
            }
        }
    }

    /// Notes what their promises leave for calls on days of usual hours; a day that is not so simple counts as one of other hours.
    fn mark_lulls(&self, marks: &mut Marks, row: &Row, windows: &[Span], promises: &[Kept]) {
        if promises.is_empty() {
            return;
        }
        let ruler = Ruler::new(self.measure, None);
        for day in ones(marks.taken & marks.usual.is_usual) {
            match lull::on_day(&self.calendar, &ruler, day, row, windows, promises) {
                Some(lulls) => marks.lulls.extend(lulls.into_iter().map(|lull| (day, lull))),
                None => {
                    marks.usual.is_usual &= !(1 << day);
                    marks.usual.is_odd |= 1 << day;
                }
            }
        }
    }

    /// Notes the weeks in which they are wanted: no start is as good as another there, as where something is promised.
    fn mark_demands(&self, marks: &mut Marks, demands: &[Arc<Demand>]) {
        for demand in demands {
            let starts = demand.gigs.iter().map(|(_, start)| *start);
            for instant in [demand.hours.start, demand.hours.end - 1].into_iter().chain(starts) {
                let week = self.calendar.week_at(instant);
                marks.promised |= 1_u128.checked_shl(week as u32).unwrap_or(0);
            }
        }
    }

    /// Puts a row into bits and minutes; none if it does not fit.
    fn fill(
        &self,
        out: &mut Row,
        marks: &mut Marks,
        extra: &mut Extra,
        row: &VolunteerRow,
        spans: &[Span],
    ) -> Option<Vec<u32>> {
        out.speed_dkmh = u16::try_from(row.speed_dkmh).ok()?;
        out.max_travel_s = i32::try_from(row.max_travel_s).ok()?;
        let windows: Option<Vec<u32>> = spans.iter().map(|span| pack(self.horizon.start, *span)).collect();
        let windows = windows.filter(|windows| windows.len() <= usize::from(u16::MAX))?;
        let mut words = [0; SORTS];
        words[KINDS] = self.words.kinds.all(&row.kinds)?;
        words[LIKES] = self.words.kinds.all(&row.likes)?;
        words[LANGUAGES] = self.words.languages.all(&row.languages)?;
        words[TRAITS] = self.words.traits.all(&row.traits)?;
        let mut limited = Vec::new();
        for held in &row.skills {
            let bit = self.words.skills.bit(&held.skill)?;
            let (from, until) = (held.valid_from.unwrap_or(i64::MIN), held.valid_until.unwrap_or(i64::MAX));
            // Nobody asks about a time beyond the horizon.
            if from <= self.horizon.start && self.horizon.end <= until {
                words[SKILLS] |= bit;
            } else {
                limited.push(Limited { bit, from, until });
            }
        }
        extra.limited = limited.into_boxed_slice();
        words[LIMITED] = extra.limited.iter().fold(0, |bits, limited| bits | limited.bit);
        marks.words = words;
        Some(windows)
    }
}

/// The time that a promise takes as a round trip of its own.
pub(super) fn trip(ways: &dyn TravelTime, home: Option<Spot>, speed_dkmh: u32, gig: &GigRow, start: i64) -> Span {
    // Where there is no way it takes none.
    let way = |from: Option<Spot>, to: Option<Spot>| {
        from.zip(to).and_then(|(from, to)| ways.way_s(speed_dkmh, from, to)).unwrap_or(0)
    };
    let place = gig.place.map(Spot::from);
    let end = gig.place.and(gig.destination).map(Spot::from).or(place);
    Span::new(start - way(home, place), start + gig.duration_s + way(end, home))
}

impl Row {
    /// Home, if there is one.
    pub(super) fn home(&self) -> Option<Point> {
        (!self.point.lat.is_nan()).then_some(self.point)
    }

    /// The rest that only few have.
    pub(super) fn whole(&self) -> Option<&VolunteerRow> {
        self.extra.as_ref().and_then(|extra| extra.whole.as_deref())
    }

    /// Promises.
    pub(super) fn promises(&self) -> &[Kept] {
        self.extra.as_ref().map_or(&[], |extra| &extra.promises)
    }

    /// What the last plan wants them for.
    pub(super) fn demands(&self) -> &[Arc<Demand>] {
        self.extra.as_ref().and_then(|extra| extra.demands.as_ref()).map_or(&[], |wanted| &wanted.demands)
    }

    /// Skills held for a time only.
    pub(super) fn limited(&self) -> &[Limited] {
        self.extra.as_ref().map_or(&[], |extra| &extra.limited)
    }

    /// Bytes that hang on the row, itself not counted.
    pub(super) fn bytes(&self) -> usize {
        let extra = self.extra.as_ref().map_or(0, |extra| {
            size_of::<Extra>()
                + extra.limited.len() * size_of::<Limited>()
                + extra.demands.as_ref().map_or(0, |wanted| {
                    size_of::<Wanted>() + wanted.demands.capacity() * (size_of::<Arc<Demand>>() + size_of::<Demand>())
                })
                + extra.promises.len() * (size_of::<Kept>() + size_of::<GigRow>())
                + extra.whole.as_ref().map_or(0, |_| 4 * size_of::<VolunteerRow>())
        });
        self.id.bytes() + extra
    }
}

/// A held skill for a time.
pub(super) fn held(name: &str, limited: &Limited) -> HeldSkill {
    HeldSkill {
        skill: name.to_owned(),
        valid_from: (limited.from > i64::MIN).then_some(limited.from),
        valid_until: (limited.until < i64::MAX).then_some(limited.until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_come_back_or_are_not_packed() {
        let base = 1_795_384_800;
        for (start, end) in [(0, 60), (3_600, 7_200), (86_400 * 90, 86_400 * 90 + 60), (0, 60 * 32_767)] {
            let span = Span::new(base + start, base + end);
            assert_eq!(pack(base, span).map(|packed| unpack(base, packed)), Some(span));
        }
        for (start, end) in [(-60, 60), (0, 61), (30, 90), (0, 60 * 32_768), (60 * (1 << 17), 60 * (1 << 17) + 60)] {
            assert_eq!(pack(base, Span::new(base + start, base + end)), None);
        }
    }

    #[test]
    fn a_skill_is_lasting_where_it_lasts_as_long_as_the_roster_looks() {
        let horizon = Span::new(0, 7 * 86_400);
        let is_lasting = |valid_from, valid_until| {
            let skills = vec![HeldSkill { skill: "car".into(), valid_from, valid_until }];
            let member = Member { row: VolunteerRow { skills, ..VolunteerRow::default() }, ..Member::default() };
            let mut roster = Roster::new(horizon, &[], &[]);
            roster.learn(&member);
            let prepared = roster.prepare(member);
            assert_ne!(prepared.marks.words[SKILLS], prepared.marks.words[LIMITED]);
            prepared.marks.words[SKILLS] == 1 && prepared.row.limited().is_empty()
        };
        let (start, end) = (horizon.start, horizon.end);
        for (from, until) in [(None, None), (Some(start), None), (None, Some(end)), (Some(start), Some(end))] {
            assert!(is_lasting(from, until), "{from:?} {until:?}");
        }
        for (from, until) in [(Some(start + 1), None), (None, Some(end - 1)), (Some(start), Some(end - 1))] {
            assert!(!is_lasting(from, until), "{from:?} {until:?}");
        }
    }
}
