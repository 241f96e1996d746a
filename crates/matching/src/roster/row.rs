//! One volunteer in few bytes: what a look needs to say "surely not", "surely, at these starts" or "ask the rules".

use std::sync::Arc;

use super::{Member, Roster};
use crate::{
    problem::joined,
    snapshot::{GigRow, HeldSkill, Point, Span, Standing, VolunteerRow},
    travel::{Spot, TravelTime},
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
    pub(super) slot: usize,
    pub(super) start: i64,
    pub(super) end: i64,
    /// Where it begins; none for a call.
    pub(super) place: Option<Spot>,
    /// Whether it ends where it did not begin.
    pub(super) ends_elsewhere: bool,
    pub(super) trip: Span,
}

/// What few volunteers have.
#[derive(Debug, Clone, Default)]
pub(super) struct Extra {
    /// The row as it came, if it does not fit into bits and minutes: the rules are asked.
    pub(super) whole: Option<Box<VolunteerRow>>,
    pub(super) limited: Vec<Limited>,
    pub(super) promises: Vec<Kept>,
}

/// One volunteer.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: Box<str>,
    pub(super) extra: Option<Box<Extra>>,
    pub(super) spot: Spot,
    pub(super) point: Point,
    pub(super) kinds: u64,
    pub(super) likes: u64,
    pub(super) languages: u64,
    /// Skills that do not end.
    pub(super) skills: u64,
    pub(super) traits: u64,
    pub(super) last_gig_end: i64,
    pub(super) max_travel_s: i32,
    pub(super) association: u32,
    pub(super) first_window: u32,
    pub(super) window_count: u16,
    pub(super) speed_dkmh: u16,
    pub(super) max_gigs_day: u16,
    pub(super) max_gigs_week: u16,
    pub(super) birth_year: i16,
    pub(super) has_home: bool,
    pub(super) is_active: bool,
}

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

impl Roster {
    /// The row of a member, and the windows to go with it.
    pub(super) fn row(&mut self, member: Member) -> (Row, Vec<u32>) {
        let Member { row, association, birth_year, last_gig_end, promises } = member;
        let home = row.home;
        let point = home.unwrap_or(Point { lat: 0.0, lon: 0.0 });
        let spot = Spot::from(point);
        let mut out = Row {
            id: row.id.as_str().into(),
            extra: None,
            spot,
            point,
            kinds: 0,
            likes: 0,
            languages: 0,
            skills: 0,
            traits: 0,
            last_gig_end: last_gig_end.unwrap_or(NEVER),
            max_travel_s: 0,
            association: association.map_or(0, |name| self.association_number(&name)),
            first_window: 0,
            window_count: 0,
            speed_dkmh: 0,
            max_gigs_day: u16::try_from(row.max_gigs_day).unwrap_or(u16::MAX),
            max_gigs_week: u16::try_from(row.max_gigs_week).unwrap_or(u16::MAX),
            birth_year: birth_year.unwrap_or(UNBORN),
            has_home: home.is_some(),
            is_active: row.standing == Standing::Active,
        };
        let mut extra = Extra::default();
        let windows = self.fill(&mut out, &mut extra, &row).unwrap_or_else(|| {
            extra.whole = Some(Box::new(row.clone()));
            Vec::new()
        });
        extra.promises = promises
            .into_iter()
            .map(|promise| {
                let trip = trip(&self.measure, home.map(|_| spot), row.speed_dkmh, &promise.gig, promise.start);
                let (slot, start) = (promise.slot, promise.start);
                let gig = promise.gig;
                let end = start + gig.duration_s;
                let place = gig.place.map(Spot::from);
                let ends_elsewhere = gig.place.and(gig.destination).is_some();
                Kept { gig, slot, start, end, place, ends_elsewhere, trip }
            })
            .collect();
        extra.promises.sort_by_key(|kept| kept.start);
        extra.limited.shrink_to_fit();
        if extra.whole.is_some() || !extra.limited.is_empty() || !extra.promises.is_empty() {
            out.extra = Some(Box::new(extra));
        }
        (out, windows)
    }

    /// Puts a row into bits and minutes; none if it does not fit.
    fn fill(&mut self, out: &mut Row, extra: &mut Extra, row: &VolunteerRow) -> Option<Vec<u32>> {
        out.speed_dkmh = u16::try_from(row.speed_dkmh).ok()?;
        out.max_travel_s = i32::try_from(row.max_travel_s).ok()?;
        let windows: Option<Vec<u32>> =
            joined(&row.windows).into_iter().map(|span| pack(self.horizon.start, span)).collect();
        let windows = windows.filter(|windows| windows.len() <= usize::from(u16::MAX))?;
        out.kinds = self.words.kinds.learn_all(&row.kinds)?;
        out.likes = self.words.kinds.learn_all(&row.likes)?;
        out.languages = self.words.languages.learn_all(&row.languages)?;
        out.traits = self.words.traits.learn_all(&row.traits)?;
        for held in &row.skills {
            let bit = self.words.skills.learn(&held.skill)?;
            match (held.valid_from, held.valid_until) {
                (None, None) => out.skills |= bit,
                (from, until) => extra.limited.push(Limited {
                    bit,
                    from: from.unwrap_or(i64::MIN),
                    until: until.unwrap_or(i64::MAX),
                }),
            }
        }
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
    /// The rest that only few have.
    pub(super) fn whole(&self) -> Option<&VolunteerRow> {
        self.extra.as_ref().and_then(|extra| extra.whole.as_deref())
    }

    /// Promises.
    pub(super) fn promises(&self) -> &[Kept] {
        self.extra.as_ref().map_or(&[], |extra| &extra.promises)
    }

    /// Skills held for a time only.
    pub(super) fn limited(&self) -> &[Limited] {
        self.extra.as_ref().map_or(&[], |extra| &extra.limited)
    }

    /// Bytes that hang on the row, itself not counted.
    pub(super) fn bytes(&self) -> usize {
        let extra = self.extra.as_ref().map_or(0, |extra| {
            size_of::<Extra>()
                + extra.limited.capacity() * size_of::<Limited>()
                + extra.promises.capacity() * (size_of::<Kept>() + size_of::<GigRow>())
                + extra.whole.as_ref().map_or(0, |_| 4 * size_of::<VolunteerRow>())
        });
        self.id.len() + extra
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
}
