//! The online roster: who could come, asked of a million volunteers at once while the caller waits.
//!
//! A [`Roster`] holds everybody in few bytes, neighbours beside each other: what does not hang on the hour and the quarters of the usual
//! week as columns of bits, the windows of some weeks as minutes, promises beside. A look ([`Roster::quote`]) passes over whole
//! neighbourhoods that nobody leaves far enough, then 64 people at a time over those whose bits say no, then over those whose way or
//! windows do. In a gap between promises the starts are an interval, which is counted for everybody together. Whoever keeps their usual hours
//! and has promised nothing is counted in columns: for a call at each hour, for a place window by window, with the way read off a flat map
//! as far as that is enough. What promises leave for calls stands beside them. Where a calendar is not so simple, the rules of
//! [`eligibility`](crate::eligibility) are asked as ever, and of everybody who is shown and has promised something. The answer is the one that
//! [`quote`](crate::quote::quote) gives over a snapshot of all of them; a test compares the two term by term.
//!
//! A copy is cheap and shares everything that is not changed after it: readers keep the one they have.

mod around;
mod ask;
mod bits;
mod block;
mod calendar;
mod chunk;
mod crowd;
mod everybody;
mod exact;
mod fit;
mod gaps;
mod id;
mod look;
mod lull;
mod many;
mod meet;
mod plane;
mod row;
mod sieve;
mod sifted;
mod top;
mod usual;
mod ways;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

pub use ask::{Answer, Ask, Held, Pair, Shown, least_age};
pub use chunk::Cell;

use block::Block;
use calendar::Calendar;
use chunk::Group;
use words::Words;

use crate::{
    snapshot::{GigRow, Snapshot, Span, VolunteerRow},
    travel::{Bounds, Measure},
};

/// A volunteer as the roster takes them in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Member {
    /// What matching is told of them, with the windows of the whole horizon; without what hangs on the day or on the seeker (age, last
    /// gig, blocks, familiar faces), which the other fields and the question say.
    pub row: VolunteerRow,
    /// The association they came through.
    pub association: Option<String>,
    /// The year they were born in, if known.
    pub birth_year: Option<i16>,
    /// The end of the last gig they completed, in seconds.
    pub last_gig_end: Option<i64>,
    /// What they have promised.
    pub promises: Vec<Promised>,
}

/// A slot that a volunteer has promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Promised {
    /// The gig: what it takes of their time.
    pub gig: Arc<GigRow>,
    /// Which slot, from 0.
    pub slot: usize,
    /// Its start, in seconds.
    pub start: i64,
}

/// The words of a roster, by sort.
#[derive(Debug, Clone, Default)]
struct Vocabulary {
    kinds: Words,
    skills: Words,
    languages: Words,
    traits: Words,
}

/// Everybody who may be asked.
#[derive(Debug, Clone)]
pub struct Roster {
    horizon: Span,
    measure: Measure,
    /// How far anybody may get by a table of times, if questions bring one.
    bounds: Option<Bounds>,
    detour_permille: u32,
    earth_radius_m: f64,
    words: Vocabulary,
    /// Numbers from 1.
    associations: HashMap<String, u32>,
    /// Members by number of their association; those without one first.
    counts: Vec<usize>,
    calendar: Calendar,
    /// Members by number.
    blocks: Vec<Arc<Block>>,
    /// Numbers of members who have left.
    free: Vec<u32>,
    /// Whether a plan wanted anybody of those who came in.
    has_demands: bool,
    /// Whether every id so far can be ordered by its key.
    has_keys: bool,
    groups: Vec<Arc<Group>>,
    group_of: HashMap<u64, usize>,
}

impl Roster {
    /// A roster without members, for questions about a horizon. The instants at which local days and weeks begin there make questions
    /// about days of 24 hours fast; without them every answer is the same, and slower. Distances are those of [`Snapshot::default`].
    #[must_use]
    pub fn new(horizon: Span, day_starts: &[i64], week_starts: &[i64]) -> Self {
        let Snapshot { detour_permille, earth_radius_m, .. } = Snapshot::default();
        Self {
            horizon,
            measure: Measure::new(earth_radius_m, detour_permille),
            bounds: None,
            detour_permille,
            earth_radius_m,
            words: Vocabulary::default(),
            associations: HashMap::new(),
            counts: vec![0],
            calendar: Calendar::new(horizon, day_starts, week_starts),
            blocks: Vec::new(),
            free: Vec::new(),
            has_demands: false,
            has_keys: true,
            groups: Vec::new(),
            group_of: HashMap::new(),
        }
    }

    /// The same roster, still empty, for questions that bring a table of times within these bounds.
    #[must_use]
    pub fn with_bounds(self, bounds: Option<Bounds>) -> Self {
        Self { bounds, ..self }
    }

    /// The longest straight line in metres that somebody would go from home, by any table.
    fn reach_m(&self, seconds: i64, speed_dkmh: u32) -> f64 {
        match &self.bounds {
            None => self.measure.reach_m(seconds, speed_dkmh),
            Some(bounds) => bounds.reach_m(&self.measure, seconds, speed_dkmh),
        }
    }

    /// The time that members' windows cover: a question that looks further is not answered.
    #[must_use]
    pub fn horizon(&self) -> Span {
        self.horizon
    }

    /// How many members it has, or how many came through an association.
    #[must_use]
    pub fn count(&self, association: Option<&str>) -> usize {
        match association {
            None => self.counts.iter().sum(),
            Some(name) => self.associations.get(name).map_or(0, |&number| self.counts[number as usize]),
        }
    }

    fn learn_association(&mut self, name: &str) {
        if !self.associations.contains_key(name) {
            self.associations.insert(name.to_owned(), self.counts.len() as u32);
            self.counts.push(0);
        }
    }

    /// Bytes that the members take, by the sizes of what is kept for each: shared and empty room included, the allocator's own not.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.groups.iter().map(|group| group.bytes()).sum::<usize>()
            + self.blocks.iter().map(|block| block.bytes()).sum::<usize>()
    }
}
