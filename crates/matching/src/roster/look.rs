//! One look over the roster: who surely cannot, who surely can and when, and of whom the rules must be asked.

use super::chunk::Chunk;
use super::fit::{Hours, Interval, Person, Tally};
use super::gaps::{self, Ways};
use super::row::{Kept, NEVER, Row, UNBORN};
use super::{Ask, Roster, least_age};
use crate::{
    openings,
    problem::Problem,
    score::{fair_share, familiar, likes, wishes},
    snapshot::{Point, Span},
    travel::{Ruler, Spot, TravelTime, UNREACHABLE_S, seconds},
};

/// Seconds of a day.
pub(super) const DAY_S: i64 = 86_400;

/// Somebody who surely can.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sure<'a> {
    pub(super) total_milli: i64,
    pub(super) start: i64,
    pub(super) chunk: &'a Chunk,
    pub(super) row: &'a Row,
}

/// What a slot needs of a volunteer's skills.
#[derive(Debug, Clone, Copy)]
struct Needed {
    bits: u64,
    /// Whether everything that is needed has a bit; else nobody in bits has it.
    all: bool,
}

/// Whether skills are held for the whole time in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Skilled {
    No,
    Perhaps,
    Surely,
}

/// A look that is going on.
pub(super) struct Look<'a> {
    roster: &'a Roster,
    ask: &'a Ask,
    /// The gig alone, for the words of the rules: days, weeks, starts.
    problem: &'a Problem,
    pub(super) hours: Hours,
    pub(super) tally: Tally,
    pub(super) sure: Vec<Sure<'a>>,
    pub(super) unsure: Vec<(&'a Chunk, &'a Row)>,
    association: Option<u32>,
    pub(super) ruler: Ruler,
    place: Option<Spot>,
    end: Option<Spot>,
    around: Option<Around<'a>>,
    kind: u64,
    languages: u64,
    wishes: u64,
    needed: Vec<Needed>,
    /// Room for the starts of whoever is looked at.
    found: Vec<Interval>,
}

impl<'a> Look<'a> {
    /// Begins a look for the open slots of the only gig of a problem; none if nobody can be found.
    pub(super) fn new(roster: &'a Roster, ask: &'a Ask, problem: &'a Problem) -> Option<Self> {
        let association = match &ask.association {
            None => None,
            Some(name) => Some(*roster.associations.get(name)?),
        };
        let gig = &ask.gig;
        let held = |slot: usize| ask.held.iter().any(|held| held.slot == slot);
        let needed = gig.slots.iter().enumerate().filter(|(slot, _)| !held(*slot)).map(|(_, slot)| {
            let (bits, all) = roster.words.skills.bits(&slot.skills);
            Needed { bits, all }
        });
        let needed: Vec<Needed> = needed.collect();
        let grid = openings::grid(problem, 0);
        let windows = match problem.fixed_start(0) {
            Some(start) => vec![Span::new(start, start + gig.duration_s)],
            None => problem.gig_windows(0).to_vec(),
        };
        let first = windows.iter().map(|span| span.start).min()?;
        let last = windows.iter().map(|span| span.end).max()?;
        Some(Self {
            roster,
            ask,
            problem,
            tally: Tally::new(grid.len()),
            hours: Hours { grid, windows, duration_s: gig.duration_s, reach: Span::new(first, last) },
            sure: Vec::new(),
            unsure: Vec::new(),
            association,
            ruler: Ruler::new(roster.measure, ask.table.clone()),
            place: gig.place.map(Spot::from),
            end: gig.place.and(gig.destination).or(gig.place).map(Spot::from),
            around: gig.place.map(|place| Around::new(roster, place)),
            kind: roster.words.kinds.bit(&gig.kind).unwrap_or(0),
            languages: roster.words.languages.bits(&gig.languages_any).0,
            wishes: roster.words.traits.bits(&gig.wishes).0,
            needed,
            found: Vec::new(),
        })
    }

    /// Looks at everybody.
    pub(super) fn run(&mut self) {
        if self.needed.is_empty() {
            return;
        }
        let roster = self.roster;
        for chunk in roster.near(self.place) {
            for row in &chunk.rows {
                if self.association.is_none_or(|number| number == row.association) {
                    self.at(chunk, row);
                }
            }
        }
    }

    /// Everybody who is not surely out before the way is known, with what they have promised in these weeks.
    pub(super) fn each_near(&self, mut take: impl FnMut(&Row, &[&Kept])) {
        for chunk in self.roster.near(self.place) {
            for row in chunk.rows.iter().filter(|row| self.association.is_none_or(|number| number == row.association)) {
                let is_near = |row: &Row| !self.around.as_ref().is_some_and(|around| around.is_beyond(row));
                let is_free = || self.windows(chunk, row).any(|window| self.hours.fit(window));
                let is_out = || self.suits(row) == Skilled::No || !is_near(row) || !is_free();
                if row.whole().is_some() || !is_out() {
                    take(row, &self.near(row));
                }
            }
        }
    }

    /// What somebody has promised in these weeks.
    fn near<'r>(&self, row: &'r Row) -> Vec<&'r Kept> {
        let within = self.ask.within;
        row.promises().iter().filter(|kept| kept.end > within.start && kept.start < within.end).collect()
    }

    fn at(&mut self, chunk: &'a Chunk, row: &'a Row) {
        if row.whole().is_some() {
            self.unsure.push((chunk, row));
            return;
        }
        let skilled = match self.suits(row) {
            Skilled::No => return,
            skilled => skilled,
        };
        let Some((out_s, back_s)) = self.ways(row) else { return };
        let near: Vec<&Kept> = if row.promises().is_empty() { Vec::new() } else { self.near(row) };
        // Where helpers must meet, the rules are asked at every start.
        let mut is_simple = self.needed.len() == 1 && skilled == Skilled::Surely;
        let mut holds = false;
        self.found.clear();
        for window in self.windows(chunk, row) {
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
                    home: row.has_home.then_some(row.spot),
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
            return;
        }
        if !is_simple {
            self.unsure.push((chunk, row));
            return;
        }
        if self.found.is_empty() || self.is_kept_out(row) {
            return;
        }
        let person =
            Person { promises: &near, max_gigs_day: row.max_gigs_day.into(), max_gigs_week: row.max_gigs_week.into() };
        let Some(best) = self.tally.count(self.problem, &self.hours, &person, &mut self.found) else { return };
        let total_milli = self.worth_milli(row) + best.milli;
        self.sure.push(Sure { total_milli, start: best.start, chunk, row });
    }

    /// What needs neither the way nor the hour. Asked of every row: a call would cost more than the look itself.
    #[inline(always)]
    fn suits(&self, row: &Row) -> Skilled {
        let gig = &self.ask.gig;
        let speaks = gig.languages_any.is_empty() || row.languages & self.languages != 0;
        let takes = row.is_active && row.max_gigs_day > 0 && row.max_gigs_week > 0;
        let is_old_enough = gig
            .min_age
            .is_none_or(|least| row.birth_year != UNBORN && least_age(row.birth_year, self.ask.year) >= least);
        if row.kinds & self.kind == 0 || !speaks || !takes || !is_old_enough {
            return Skilled::No;
        }
        self.needed.iter().map(|needed| self.skilled(row, *needed)).max().unwrap_or(Skilled::No)
    }

    fn skilled(&self, row: &Row, needed: Needed) -> Skilled {
        let missing = needed.bits & !row.skills;
        if !needed.all {
            return Skilled::No;
        }
        if missing == 0 {
            return Skilled::Surely;
        }
        let limited = row.limited();
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
    fn ways(&self, row: &Row) -> Option<(i64, i64)> {
        let (Some(place), Some(end)) = (self.place, self.end) else { return Some((0, 0)) };
        if self.around.as_ref().is_some_and(|around| around.is_beyond(row)) {
            return None;
        }
        if !row.has_home {
            return None;
        }
        let (speed_dkmh, most_s) = (u32::from(row.speed_dkmh), i64::from(row.max_travel_s));
        if self.ruler.is_rough() {
            let out_s = self.ruler.way_s(speed_dkmh, row.spot, place).filter(|&out_s| out_s <= most_s)?;
            return Some((out_s, self.ruler.way_s(speed_dkmh, end, row.spot).unwrap_or(UNREACHABLE_S)));
        }
        let way = |to: Spot| seconds(self.roster.measure.metres(row.spot, to), speed_dkmh);
        let out_s = way(place);
        (out_s <= most_s).then(|| (out_s, if place == end { out_s } else { way(end) }))
    }

    /// The time that a promise takes with its way from and to home.
    fn trip(&self, row: &Row, kept: &Kept) -> Span {
        if !self.ruler.is_rough() {
            return kept.trip;
        }
        super::row::trip(
            &self.ruler,
            row.has_home.then_some(row.spot),
            u32::from(row.speed_dkmh),
            &kept.gig,
            kept.start,
        )
    }

    /// The windows of somebody near the gig's hours, cut at the ends of the weeks.
    pub(super) fn windows(&self, chunk: &'a Chunk, row: &'a Row) -> impl Iterator<Item = Span> + use<'a> {
        let (within, reach) = (self.ask.within, self.hours.reach);
        chunk
            .windows(row, self.roster.horizon.start)
            .skip_while(move |span| span.end <= reach.start)
            .take_while(move |span| span.start < reach.end)
            .filter_map(move |span| cut(span, within))
    }

    /// Whether somebody is kept apart from the seeker, or holds a slot of the gig already.
    fn is_kept_out(&self, row: &Row) -> bool {
        let pairs = &self.ask.pairs;
        (!pairs.is_empty() && pairs.get(&*row.id).is_some_and(|pair| pair.blocked))
            || self.ask.held.iter().any(|held| *held.volunteer == *row.id)
    }

    /// The terms that are the same at every start.
    fn worth_milli(&self, row: &Row) -> i64 {
        let gig = &self.ask.gig;
        let liked = if row.likes & self.kind == 0 { 0 } else { likes::MILLI };
        let (so_far, days) = last_gig(self.ask, row.last_gig_end);
        let mut met = (row.traits & self.wishes).count_ones();
        let mut known = 0;
        if let Some(pair) = self.ask.pairs.get(&*row.id) {
            known = gig.seeker.as_ref().map_or(0, |_| familiar::value_milli(pair.familiar_milli));
            let mut wished: Vec<&String> = gig.wishes.iter().filter(|wish| pair.traits.contains(wish)).collect();
            wished.sort_unstable();
            wished.dedup();
            let anew = |wish: &&String| self.roster.words.traits.bit(wish).is_none_or(|bit| row.traits & bit == 0);
            met += wished.into_iter().filter(anew).count() as u32;
        }
        liked + known + fair_share::idle_milli(so_far, days) + wishes::value_milli(met)
    }
}

/// A place as a rough sieve sees it: cheaper than the way, and never closer than the truth is far.
#[derive(Debug, Clone, Copy)]
struct Around<'a> {
    /// Where a table of times may take somebody further than the straight line.
    rough: Option<&'a Roster>,
    place: Point,
    /// Metres of a degree of latitude.
    north_m: f64,
    /// Metres of a degree of longitude, at least, anywhere within [`NEAR_DEG`].
    east_m: f64,
    /// Metres in a straight line of a second at a speed of one.
    reach_m: f64,
}

/// Degrees of latitude within which the sieve knows how long a degree of longitude is at least.
const NEAR_DEG: f64 = 2.0;
/// Takes care of the curve of the earth within ten degrees of longitude, and of rounding.
const SURE: f64 = 0.998;
/// Metres allowed for the rounding of ways up to whole metres and seconds.
const SLACK_M: f64 = 30.0;

impl<'a> Around<'a> {
    fn new(roster: &'a Roster, place: Point) -> Self {
        let north_m = roster.earth_radius_m * 1_f64.to_radians() * SURE;
        let east_m = north_m * (place.lat.abs() + NEAR_DEG).min(90.0).to_radians().cos();
        let reach_m = 1000.0 / (36.0 * f64::from(roster.detour_permille.max(1)));
        Self { rough: roster.bounds.as_ref().map(|_| roster), place, north_m, east_m, reach_m }
    }

    /// Whether a home is surely further away than its owner goes.
    fn is_beyond(&self, row: &Row) -> bool {
        let reach_m = match self.rough {
            None => f64::from(row.max_travel_s) * f64::from(row.speed_dkmh) * self.reach_m + SLACK_M,
            Some(roster) => roster.reach_m(row.max_travel_s.into(), row.speed_dkmh.into()) + SLACK_M,
        };
        let (north, east) = ((row.point.lat - self.place.lat).abs(), (row.point.lon - self.place.lon).abs());
        north * self.north_m > reach_m || (north <= NEAR_DEG && east <= 10.0 && east * self.east_m > reach_m)
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
