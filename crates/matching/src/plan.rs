//! The answer: who does what when, how good it is and how good it could be at most.

use crate::snapshot::{PromiseState, Span};

/// Points of one unit of weight; travel seconds and bonuses are counted against it.
pub const WEIGHT_POINTS: i64 = 20_000;

/// What makes the plans, with versions: part of every certificate.
pub const SOLVER: &str = concat!("keikka ", env!("CARGO_PKG_VERSION"), ", HiGHS 1.15.0");

/// How far the search came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Proven best: objective and bound are equal.
    Optimal,
    /// The search ended by itself; the rest to the bound is the gap.
    Gap,
    /// The budget ran out, or the run was cancelled; the best plan found so far.
    Budget,
    /// Only the quick plan: the solver gave nothing better or was not asked.
    Greedy,
}

impl Status {
    /// Every status, the best first.
    pub const ALL: [Status; 4] = [Status::Optimal, Status::Gap, Status::Budget, Status::Greedy];

    /// The word for it: `optimal`, `gap`, `budget` or `greedy`.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Optimal => "optimal",
            Status::Gap => "gap",
            Status::Budget => "budget",
            Status::Greedy => "greedy",
        }
    }
}

/// One filled slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    /// Which slot of the gig, from 0.
    pub slot: usize,
    /// Id of the volunteer.
    pub volunteer: String,
    /// The promise this seat keeps, if it was promised before.
    pub promised: Option<PromiseState>,
}

/// One gig with its helpers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// Id of the gig.
    pub gig: String,
    /// When it starts.
    pub start: i64,
    /// Filled slots, ascending. Fewer than the gig has only where they all were promised before.
    pub seats: Vec<Seat>,
}

/// What one step of the search reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Name of the step.
    pub name: &'static str,
    /// Objective of the best plan after it.
    pub objective: i64,
    /// Bound after it, where there is one.
    pub bound: Option<i64>,
    /// When it ended, in milliseconds since the start; the only part of a plan that depends on the clock.
    pub elapsed_ms: u64,
}

/// What somebody's hours are worth to the week at the last prices of its gigs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursWorth {
    /// Id of the volunteer.
    pub volunteer: String,
    /// The window, as the problem has it.
    pub window: Span,
    /// What the best that they could do there gains, after paying for the gigs, beyond what they have promised; in whole seconds
    /// of travel, never nothing.
    pub worth_s: i64,
}

/// What hours are worth at some prices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    /// By volunteer and window, only of those that are worth something.
    pub windows: Vec<HoursWorth>,
    /// What the prices bound the objective by: the week loses the worth of some hours at least, less what this is above the plan.
    pub bound: i64,
}

/// A plan for the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// By gig id.
    pub assignments: Vec<Assignment>,
    /// How far the search came.
    pub status: Status,
    /// Weight of the gigs filled whole, promised ones included.
    pub weight: u64,
    /// No plan can have more weight than this.
    pub bound_weight: u64,
    /// weight x 20,000 - travel seconds + bonuses.
    pub objective: i64,
    /// No plan can have a higher objective.
    pub bound: i64,
    /// Seconds of travel of all round trips.
    pub travel_s: i64,
    /// Sum of the bonuses of the edges used, less what the second and later gigs of somebody's week cost, in seconds of travel.
    pub bonus: i64,
    /// Gigs filled whole.
    pub gigs_filled: usize,
    /// The steps of the search.
    pub stages: Vec<Stage>,
    /// The seed it was made with.
    pub seed: u64,
    /// Hash of the assignments: equal plans have equal digests.
    pub digest: u64,
    /// What hours are worth, where that was asked for.
    pub hours: Hours,
}

impl Plan {
    /// How far the objective may be below the best, as a share of the bound; 0 is proven best.
    pub fn gap(&self) -> f64 {
        if self.bound <= self.objective {
            0.0
        } else {
            // A file may claim any two.
            self.bound.saturating_sub(self.objective) as f64 / self.bound.saturating_abs().max(1) as f64
        }
    }

    /// Hash of the assignments as they are, whatever the plan claims.
    #[must_use]
    pub fn digest_of_assignments(&self) -> u64 {
        digest(&self.assignments)
    }

    /// That hash as certificates write it: sixteen hexadecimal digits.
    #[must_use]
    pub fn digest_word(&self) -> String {
        format!("{:016x}", self.digest_of_assignments())
    }

    /// The assignment of a gig.
    pub fn assignment(&self, gig: &str) -> Option<&Assignment> {
        self.assignments.binary_search_by(|known| known.gig.as_str().cmp(gig)).ok().map(|at| &self.assignments[at])
    }
}

/// Hash of assignments (FNV-1a over ids, starts and slots), the same on every machine.
pub(crate) fn digest(assignments: &[Assignment]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for &byte in bytes.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for assignment in assignments {
        eat(assignment.gig.as_bytes());
        eat(&assignment.start.to_le_bytes());
        for seat in &assignment.seats {
            eat(&[seat.slot as u8]);
            eat(seat.volunteer.as_bytes());
        }
    }
    hash
}
