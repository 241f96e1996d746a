//! A snapshot compiled for speed: sorted by id, struct of arrays, bit sets, flat rows, eligible edges.
//!
//! Volunteers and gigs are numbered by their position in id order, so that the order of the input never matters.
//! A problem is read-only after compiling; only the per-edge `bonus` is filled in later by the score.

mod bits;
mod compile;
mod edges;
mod homes;
mod part;
mod promised;
mod roads;
mod rows;

pub(crate) use bits::{BitRows, count_shared, covers, is_empty, shares};
pub(crate) use edges::{Candidate, Edges, Everything, Reach, Sieve, candidates, could_take};
pub(crate) use homes::Places;
pub(crate) use part::{Part, Selection};
pub(crate) use promised::{Pin, Promised};
pub(crate) use roads::Roads;
pub(crate) use rows::{Names, Rows};

pub(crate) use compile::joined;
pub use compile::{CompileError, CompileOptions, MAX_WHOLE_EDGES};

use std::sync::Arc;

use crate::{
    snapshot::{Demand, Point, PromiseState, Span, Standing},
    travel::{self, Measure, Spot, Told},
};

/// Distance in seconds between the starts tried for a gig with several helpers, from each window's start.
pub const START_GRID_S: i64 = 900;
/// Most starts tried for one such gig; beyond it the grid is thinned evenly.
pub const MAX_STARTS: usize = 400;
/// Greatest weight of a gig: larger ones would hide everything else behind their rounding.
pub const MAX_WEIGHT: u32 = 1_000;
/// Most slots a gig may have.
pub const MAX_SLOTS: usize = 8;

/// One validity period of one held skill: number of the skill, first second valid, first second no longer valid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Validity {
    pub(crate) skill: u32,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

/// The volunteers, one entry per volunteer in every array.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Volunteers {
    pub(crate) ids: Vec<String>,
    pub(crate) home: Vec<Option<Spot>>,
    pub(crate) home_point: Vec<Option<Point>>,
    pub(crate) speed_dkmh: Vec<u32>,
    pub(crate) max_travel_s: Vec<i64>,
    pub(crate) kinds: BitRows,
    pub(crate) likes: BitRows,
    pub(crate) languages: BitRows,
    /// Skills held at any time.
    pub(crate) skills: BitRows,
    /// When each is valid, by skill; joined where periods touch.
    pub(crate) validity: Rows<Validity>,
    pub(crate) max_gigs_day: Vec<u32>,
    pub(crate) max_gigs_week: Vec<u32>,
    pub(crate) standing: Vec<Standing>,
    pub(crate) age_years: Vec<Option<u32>>,
    /// Numbers of seekers, ascending.
    pub(crate) blocked: Rows<u32>,
    /// Numbers of the gigs they said no to, ascending.
    pub(crate) declined: Rows<u32>,
    /// Numbers of seekers with strength in thousandths.
    pub(crate) familiar: Rows<(u32, u32)>,
    pub(crate) traits: BitRows,
    pub(crate) last_gig_days_ago: Vec<Option<u32>>,
    pub(crate) gigs_so_far: Vec<u32>,
    /// What the last plan wants them for; none in a part, where a plan is made.
    pub(crate) demands: Rows<Arc<Demand>>,
}

/// The volunteers' availability windows, by volunteer and time, without what stray promises take out of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Windows {
    /// Windows of one volunteer are a range of these numbers.
    pub(crate) of_volunteer: Rows<()>,
    pub(crate) volunteer: Vec<u32>,
    pub(crate) span: Vec<Span>,
}

impl Windows {
    pub(crate) fn len(&self) -> usize {
        self.span.len()
    }

    /// Numbers of the windows of one volunteer.
    pub(crate) fn of(&self, volunteer: usize) -> std::ops::Range<usize> {
        self.of_volunteer.range(volunteer)
    }
}

/// The gigs, one entry per gig in every array.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Gigs {
    pub(crate) ids: Vec<String>,
    pub(crate) kind: Vec<u32>,
    pub(crate) seeker: Vec<Option<u32>>,
    /// Where it begins; `None` = a call.
    pub(crate) place: Vec<Option<Spot>>,
    pub(crate) place_point: Vec<Option<Point>>,
    /// Where it ends, if elsewhere.
    pub(crate) destination: Vec<Option<Spot>>,
    pub(crate) duration_s: Vec<i64>,
    /// Alternatives, ascending.
    pub(crate) windows: Rows<Span>,
    /// Slots of one gig are a range of row numbers in `slot_skills`.
    pub(crate) slots: Rows<()>,
    pub(crate) slot_skills: BitRows,
    /// Empty = language does not matter.
    pub(crate) languages: BitRows,
    pub(crate) weight: Vec<u32>,
    /// The only start possible: agreed, or promised already.
    pub(crate) fixed_start: Vec<Option<i64>>,
    pub(crate) min_age: Vec<Option<u32>>,
    pub(crate) wishes: BitRows,
    /// Starts tried when more than one helper is still needed; empty for all other gigs.
    pub(crate) starts: Rows<i64>,
    /// Open slots grouped by equal skills: what the planner has to fill.
    pub(crate) needs: Rows<Need>,
}

/// Open slots of one gig that ask for the same skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// The gig.
    pub(crate) gig: u32,
    /// The first such slot; its skills stand for all.
    pub(crate) slot: u8,
    /// How many slots.
    pub(crate) count: u8,
    /// Which slots, one bit each.
    pub(crate) slots: u8,
}

/// Numbers of names that occur in the problem.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Words {
    pub(crate) kinds: Names,
    pub(crate) skills: Names,
    pub(crate) languages: Names,
    pub(crate) seekers: Names,
    pub(crate) traits: Names,
}

/// A compiled snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub(crate) measure: Measure,
    pub(crate) day_starts: Vec<i64>,
    pub(crate) week_starts: Vec<i64>,
    pub(crate) words: Words,
    pub(crate) volunteers: Volunteers,
    pub(crate) windows: Windows,
    pub(crate) gigs: Gigs,
    pub(crate) promised: Promised,
    /// Empty where there would be too many: see `divided`.
    pub(crate) edges: Edges,
    /// Whether edges carry the worth of their pairs.
    pub(crate) pair_bonuses: bool,
    /// What a gig costs for every one before it in the same week of the same volunteer, in seconds of travel.
    pub(crate) week_step_s: i64,
    /// About how many edges there are, where they are too many to be kept at once.
    pub(crate) divided: Option<u64>,
    /// Times between cells, where somebody knows the roads.
    pub(crate) roads: Option<Roads>,
}

/// One gig at one start in somebody's schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stop {
    /// When it starts.
    pub start: i64,
    /// Number of the gig.
    pub gig: usize,
}

impl Problem {
    /// Number of volunteers.
    pub fn volunteer_count(&self) -> usize {
        self.volunteers.ids.len()
    }

    /// Number of gigs.
    pub fn gig_count(&self) -> usize {
        self.gigs.ids.len()
    }

    /// Number of eligible (volunteer, window, gig, kind of slot) edges; 0 where there are so many that they are only made part by
    /// part.
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Whether it has so many edges that it is planned in parts.
    pub fn is_divided(&self) -> bool {
        self.divided.is_some()
    }

    /// Id of a volunteer by number.
    pub fn volunteer_id(&self, volunteer: usize) -> &str {
        &self.volunteers.ids[volunteer]
    }

    /// Id of a gig by number.
    pub fn gig_id(&self, gig: usize) -> &str {
        &self.gigs.ids[gig]
    }

    /// Number of the volunteer with that id.
    pub fn find_volunteer(&self, id: &str) -> Option<usize> {
        self.volunteers.ids.binary_search_by(|known| known.as_str().cmp(id)).ok()
    }

    /// Number of the gig with that id.
    pub fn find_gig(&self, id: &str) -> Option<usize> {
        self.gigs.ids.binary_search_by(|known| known.as_str().cmp(id)).ok()
    }

    /// Number of slots of a gig.
    pub fn slot_count(&self, gig: usize) -> usize {
        self.gigs.slots.range(gig).len()
    }

    /// Duration of a gig in seconds.
    pub fn duration_s(&self, gig: usize) -> i64 {
        self.gigs.duration_s[gig]
    }

    /// What covering a gig is worth.
    pub fn weight(&self, gig: usize) -> u32 {
        self.gigs.weight[gig]
    }

    /// Sum of the weights of all gigs.
    pub fn total_weight(&self) -> u64 {
        self.gigs.weight.iter().map(|&weight| u64::from(weight)).sum()
    }

    /// Slots of a gig that nobody has been promised for, ascending.
    pub fn open_slots(&self, gig: usize) -> Vec<usize> {
        (0..self.slot_count(gig)).filter(|&slot| self.promised.holder(gig, slot).is_none()).collect()
    }

    /// Who has been promised for a slot.
    pub fn promised_volunteer(&self, gig: usize, slot: usize) -> Option<usize> {
        self.promised.holder(gig, slot)
    }

    /// How firm the promise on a slot is, if there is one.
    pub fn promise_state(&self, gig: usize, slot: usize) -> Option<PromiseState> {
        self.promised.state(gig, slot)
    }

    /// What a volunteer has been promised for, by start.
    pub fn standing_schedule(&self, volunteer: usize) -> &[Stop] {
        self.promised.schedule(volunteer)
    }

    /// The only start a gig can have, where it has been agreed or promised.
    pub fn fixed_start(&self, gig: usize) -> Option<i64> {
        self.gigs.fixed_start[gig]
    }

    /// The alternative windows of a gig, ascending.
    pub fn gig_windows(&self, gig: usize) -> &[Span] {
        self.gigs.windows.row(gig)
    }

    /// The availability windows of a volunteer, ascending, less what stray promises take.
    pub fn volunteer_windows(&self, volunteer: usize) -> &[Span] {
        &self.windows.span[self.windows.of(volunteer)]
    }

    /// Number of the local day an instant lies in.
    pub fn day_of(&self, at: i64) -> usize {
        self.day_starts.partition_point(|&start| start <= at)
    }

    /// Number of the local week an instant lies in.
    pub fn week_of(&self, at: i64) -> usize {
        self.week_starts.partition_point(|&start| start <= at)
    }

    /// Seconds from a volunteer's home to where a gig begins; 0 for calls, `None` without a home or a way.
    pub fn way_out_s(&self, volunteer: usize, gig: usize) -> Option<i64> {
        let told = self.roads.as_ref().map_or(Told::Nothing, |roads| roads.out(volunteer, gig));
        self.home_way_s(volunteer, self.gigs.place[gig], told)
    }

    /// Seconds from where a gig ends back to a volunteer's home; 0 for calls, `None` without a home or a way.
    pub fn way_back_s(&self, volunteer: usize, gig: usize) -> Option<i64> {
        let told = self.roads.as_ref().map_or(Told::Nothing, |roads| roads.back(volunteer, gig));
        self.home_way_s(volunteer, self.gig_end(gig), told)
    }

    /// Seconds from where one gig ends to where the next begins at a volunteer's speed; both have places.
    pub(crate) fn leg_s(&self, volunteer: usize, from: usize, to: usize) -> i64 {
        match self.roads.as_ref().map_or(Told::Nothing, |roads| roads.leg(volunteer, from, to)) {
            Told::Seconds(way_s) => way_s,
            Told::NoWay => travel::UNREACHABLE_S,
            Told::Nothing => travel::seconds(self.leg_m(from, to), self.volunteers.speed_dkmh[volunteer]),
        }
    }

    /// Metres from where one gig ends to where the next begins; 0 where one has no place.
    pub(crate) fn leg_m(&self, from: usize, to: usize) -> i64 {
        match (self.gig_end(from), self.gigs.place[to]) {
            (Some(from), Some(to)) => self.measure.metres(from, to),
            _ => 0,
        }
    }

    /// Where a gig ends.
    pub(crate) fn gig_end(&self, gig: usize) -> Option<Spot> {
        self.gigs.destination[gig].or(self.gigs.place[gig])
    }

    /// Whether a gig is a call.
    pub(crate) fn is_call(&self, gig: usize) -> bool {
        self.gigs.place[gig].is_none()
    }

    /// Skills of one slot.
    pub(crate) fn slot_skills(&self, gig: usize, slot: usize) -> &[u64] {
        self.gigs.slot_skills.row(self.gigs.slots.range(gig).start + slot)
    }

    /// The longest straight line that a volunteer would go from home, as an angle at the centre of the earth.
    pub(crate) fn reach_rad(&self, volunteer: usize) -> f64 {
        let (seconds, speed) = (self.volunteers.max_travel_s[volunteer], self.volunteers.speed_dkmh[volunteer]);
        let reach_m = match &self.roads {
            None => self.measure.reach_m(seconds, speed),
            Some(roads) => roads.bounds().reach_m(&self.measure, seconds, speed),
        };
        self.measure.angle_rad(reach_m)
    }

    /// Whether a detour may be quicker than the direct way, so that what is too late now may be in time later.
    pub(crate) fn is_rough(&self) -> bool {
        self.roads.is_some()
    }

    /// Whether going to a gig can make the way to others shorter: somebody is brought elsewhere there, or roads know short cuts.
    pub(crate) fn may_shorten_ways(&self, gig: usize) -> bool {
        self.gigs.destination[gig].is_some() || self.is_rough()
    }

    fn home_way_s(&self, volunteer: usize, spot: Option<Spot>, told: Told) -> Option<i64> {
        match (self.volunteers.home[volunteer], spot, told) {
            (_, None, _) => Some(0),
            (None, Some(_), _) | (_, _, Told::NoWay) => None,
            (_, _, Told::Seconds(way_s)) => Some(way_s),
            (Some(home), Some(spot), Told::Nothing) => {
                let way_s = travel::seconds(self.measure.metres(home, spot), self.volunteers.speed_dkmh[volunteer]);
                Some(way_s).filter(|&way_s| way_s < travel::UNREACHABLE_S)
            }
        }
    }
}
