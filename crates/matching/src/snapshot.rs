//! What matching is told: plain rows about volunteers, gigs and promises.
//!
//! Ids are opaque strings and instants are whole seconds of any one epoch, so that neither the database nor the wire
//! is known here. Rows may come in any order: `Problem::compile` sorts them. Nothing here is validated; compiling is.

use std::sync::Arc;

use crate::travel::Table;

/// A point on the earth in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Latitude in degrees, -90 to 90.
    pub lat: f64,
    /// Longitude in degrees, -180 to 180.
    pub lon: f64,
}

/// A half-open stretch of time in seconds: `start <= t < end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First second inside.
    pub start: i64,
    /// First second outside.
    pub end: i64,
}

impl Span {
    /// A span from `start` to `end`; nothing is checked.
    pub const fn new(start: i64, end: i64) -> Self {
        Self { start, end }
    }

    /// Whether `inner` lies wholly in this span.
    pub const fn holds(&self, inner: Span) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// Whether the two spans share any second.
    pub const fn meets(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Everything one run of matching looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The roster, in any order; ids are unique.
    pub volunteers: Vec<VolunteerRow>,
    /// The gigs of the period, filled or not, in any order; ids are unique.
    pub gigs: Vec<GigRow>,
    /// What stands already.
    pub promises: Vec<Promise>,
    /// Instants at which a local day begins, ascending; days of a clock change are simply 23 or 25 hours apart.
    /// What lies before the first counts as one day of its own.
    pub day_starts: Vec<i64>,
    /// Instants at which a local week begins, ascending.
    pub week_starts: Vec<i64>,
    /// How much longer the way is than the line, in thousandths (1300 = 1.3 times).
    pub detour_permille: u32,
    /// Radius of the earth in metres used by the haversine formula (6371000).
    pub earth_radius_m: f64,
    /// Times between cells, where somebody knows the roads; elsewhere the straight line times the detour.
    pub table: Option<Arc<Table>>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            volunteers: Vec::new(),
            gigs: Vec::new(),
            promises: Vec::new(),
            day_starts: Vec::new(),
            week_starts: Vec::new(),
            detour_permille: 1300,
            earth_radius_m: 6_371_000.0,
            table: None,
        }
    }
}

/// Whether a volunteer takes gigs at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Takes gigs.
    #[default]
    Active,
    /// Has asked for a break.
    Paused,
    /// Has been suspended by the network.
    Suspended,
}

/// A skill somebody holds, with the time it is valid in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldSkill {
    /// Code of the skill.
    pub skill: String,
    /// First second it is valid; `None` = always was.
    pub valid_from: Option<i64>,
    /// First second it is no longer valid; `None` = does not expire.
    pub valid_until: Option<i64>,
}

impl HeldSkill {
    /// A skill that never expires.
    pub fn lasting(skill: impl Into<String>) -> Self {
        Self { skill: skill.into(), valid_from: None, valid_until: None }
    }
}

/// How well a volunteer and a seeker know each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Familiar {
    /// Id of the seeker.
    pub seeker: String,
    /// Strength in thousandths, 0 to 1000, decayed by whoever builds the snapshot.
    pub strength_milli: u32,
}

/// Hours that a plan has a use for: what it wants somebody to do then, and what that is worth to the week.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Demand {
    /// From leaving home to being back.
    pub hours: Span,
    /// The gigs that it wants them for, with the planned starts.
    pub gigs: Vec<(String, i64)>,
    /// What the week loses at least, within the gap of the plan, if the hours go to something else; in seconds of travel.
    pub worth_s: u32,
}

/// One volunteer.
#[derive(Debug, Clone, PartialEq)]
pub struct VolunteerRow {
    /// Opaque id, unique among volunteers.
    pub id: String,
    /// Where their round trips begin and end; without a home they can only take calls.
    pub home: Option<Point>,
    /// Speed of their travel mode in tenths of a km/h (walk 45, bike 140, car 350).
    pub speed_dkmh: u32,
    /// Longest one-way trip from home to a gig in seconds.
    pub max_travel_s: i64,
    /// Skills held.
    pub skills: Vec<HeldSkill>,
    /// Languages spoken, as tags.
    pub languages: Vec<String>,
    /// Kinds of gig accepted.
    pub kinds: Vec<String>,
    /// Kinds of gig they like best; soft.
    pub likes: Vec<String>,
    /// When they are available; overlapping spans are joined.
    pub windows: Vec<Span>,
    /// Most gigs that may start on one local day.
    pub max_gigs_day: u32,
    /// Most gigs that may start in one local week.
    pub max_gigs_week: u32,
    /// Whether they take gigs now.
    pub standing: Standing,
    /// Age in full years, where known.
    pub age_years: Option<u32>,
    /// Seekers they must never be matched with, whichever side asked for it.
    pub blocked_seekers: Vec<String>,
    /// Gigs that they said no to or gave back: nobody decides over that but they themselves.
    pub declined_gigs: Vec<String>,
    /// Seekers they have helped before; soft.
    pub familiar: Vec<Familiar>,
    /// What a seeker may wish for and this volunteer is, in any words of the caller's; soft.
    pub traits: Vec<String>,
    /// Days since their last gig, where there was one; soft.
    pub last_gig_days_ago: Option<u32>,
    /// Gigs done so far; soft.
    pub gigs_so_far: u32,
    /// What the last plan wants them for; soft, and nothing to another plan.
    pub demands: Vec<Arc<Demand>>,
}

impl Default for VolunteerRow {
    /// A volunteer nobody can use yet: no home, kinds, languages or windows, caps of one.
    fn default() -> Self {
        Self {
            id: String::new(),
            home: None,
            speed_dkmh: 45,
            max_travel_s: 1800,
            skills: Vec::new(),
            languages: Vec::new(),
            kinds: Vec::new(),
            likes: Vec::new(),
            windows: Vec::new(),
            max_gigs_day: 1,
            max_gigs_week: 1,
            standing: Standing::Active,
            age_years: None,
            blocked_seekers: Vec::new(),
            declined_gigs: Vec::new(),
            familiar: Vec::new(),
            traits: Vec::new(),
            last_gig_days_ago: None,
            gigs_so_far: 0,
            demands: Vec::new(),
        }
    }
}

/// One helper's place in a gig.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlotRow {
    /// Skills all of which this helper must hold, valid to the end of the gig.
    pub skills: Vec<String>,
}

/// One gig.
#[derive(Debug, Clone, PartialEq)]
pub struct GigRow {
    /// Opaque id, unique among gigs.
    pub id: String,
    /// Code of the kind.
    pub kind: String,
    /// Id of the seeker, where known.
    pub seeker: Option<String>,
    /// Where it begins; `None` = a call, which has no place.
    pub place: Option<Point>,
    /// Where it ends if not where it began (an escort); the way onward starts there.
    pub destination: Option<Point>,
    /// How long it takes in seconds, at least 1.
    pub duration_s: i64,
    /// Alternatives: the whole gig lies in one of them.
    pub windows: Vec<Span>,
    /// One or two helpers' places; a gig is filled whole or not at all, with one start.
    pub slots: Vec<SlotRow>,
    /// A helper speaks at least one of these; empty = language does not matter.
    pub languages_any: Vec<String>,
    /// What covering it is worth (1, 2, 4, 8 or 16).
    pub weight: u32,
    /// The start that has been agreed with the seeker, if any: no other will do.
    pub agreed_start: Option<i64>,
    /// Lowest age of a helper, if the kind has one.
    pub min_age: Option<u32>,
    /// Traits that the seeker wishes for; soft.
    pub wishes: Vec<String>,
}

impl Default for GigRow {
    /// A call of half an hour for one helper with weight 1, and no window yet.
    fn default() -> Self {
        Self {
            id: String::new(),
            kind: String::new(),
            seeker: None,
            place: None,
            destination: None,
            duration_s: 1800,
            windows: Vec::new(),
            slots: vec![SlotRow::default()],
            languages_any: Vec::new(),
            weight: 1,
            agreed_start: None,
            min_age: None,
            wishes: Vec::new(),
        }
    }
}

/// How firm a promise is; the order is the order of firmness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromiseState {
    /// Offered to the volunteer, who has not answered.
    Held,
    /// Accepted by the volunteer.
    Accepted,
    /// Accepted, and the seeker has been told.
    Told,
    /// Under way: never moved.
    Started,
}

/// A slot that is taken: it is kept, and occupies the volunteer's time and caps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Id of the gig.
    pub gig: String,
    /// Which slot of the gig, from 0.
    pub slot: usize,
    /// Id of the volunteer.
    pub volunteer: String,
    /// Start of the gig.
    pub start: i64,
    /// How firm it is.
    pub state: PromiseState,
}
