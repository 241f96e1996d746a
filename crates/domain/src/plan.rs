//! A plan (suunnitelma): proposed assignments for a period, with bound, gap, reasons and a diff against what stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::explanation::Explanation;
use crate::id::{GigId, KindId, NetworkId, PlanId, VolunteerId};
use crate::meta::Meta;
use crate::text::Name;
use crate::window::TimeWindow;

/// Where a plan is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Being computed.
    Solving,
    /// Computed and verified; may be applied.
    Ready,
    /// Applied.
    Applied,
    /// Discarded.
    Discarded,
    /// Could not be computed.
    Failed,
}

impl PlanState {
    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Solving => "solving",
            Self::Ready => "ready",
            Self::Applied => "applied",
            Self::Discarded => "discarded",
            Self::Failed => "failed",
        }
    }
}

/// What the solver can say of its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SolveStatus {
    /// Proven best: gap 0.
    Optimal,
    /// Ended by itself within the gap reported.
    Gap,
    /// Ended by the time budget; the gap is reported.
    Budget,
    /// The greedy plan: nothing better was found in the budget.
    Greedy,
}

/// What becomes of a gig by the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// As it stands.
    Kept,
    /// Filled by the plan.
    New,
    /// Other helpers or another start than what stands.
    Moved,
    /// What stands is given up.
    Dropped,
}

/// One gig in a plan, compared with what stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanItem {
    /// The gig.
    pub gig: GigId,
    /// The gig's version that the plan was made from.
    pub gig_version: i64,
    /// What becomes of it.
    pub change: ChangeKind,
    /// The planned start; none when dropped.
    pub start: Option<Timestamp>,
    /// The planned helpers by slot; empty when dropped.
    pub volunteers: Vec<VolunteerId>,
    /// The versions of those volunteers that the plan was made from.
    pub volunteer_versions: Vec<i64>,
    /// The start that stands; none for new.
    #[serde(default)]
    pub previous_start: Option<Timestamp>,
    /// The helpers that stand, by slot; empty for new.
    #[serde(default)]
    pub previous_volunteers: Vec<VolunteerId>,
    /// Why, in one line of English for the operator.
    pub why: String,
    /// Whether the gig is being asked for by itself.
    #[serde(default)]
    pub is_asked_for: bool,
    /// Its open offers, which a promise takes back.
    #[serde(default)]
    pub open_offers: u32,
}

/// Coverage of a group of gigs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Gigs covered by what stands and the plan.
    pub covered: u32,
    /// All gigs of the group in the period.
    pub of: u32,
}

/// What ways were measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TravelSource {
    /// The straight line times a detour, as the operator chose.
    #[default]
    StraightLine,
    /// Times of roads.
    Roads,
    /// Times of roads were wanted and not all to be had: straight lines stand in for the rest.
    Estimated,
}

/// The result of a solve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanOutcome {
    /// What the solver can say.
    pub status: SolveStatus,
    /// Weight of the gigs covered.
    pub weight: i64,
    /// No plan covers more weight than this.
    pub bound_weight: i64,
    /// Relative gap of the blended objective to its proven bound, 0 for optimal.
    pub gap: f64,
    /// What was made as large as possible: weight x 20,000 - travel seconds + bonuses.
    #[serde(default)]
    pub objective: i64,
    /// No plan has a larger objective than this.
    #[serde(default)]
    pub bound: i64,
    /// The steps of the search.
    #[serde(default)]
    pub stages: Vec<PlanStage>,
    /// What made the plan, with versions.
    #[serde(default)]
    pub solver: String,
    /// Travel of all round trips, in seconds.
    pub travel_s: i64,
    /// What ways were measured with.
    #[serde(default)]
    pub travel_source: TravelSource,
    /// Gigs covered.
    pub gigs: u32,
    /// Gigs looked at.
    pub of: u32,
    /// Familiar-face, likes, keep and fairness points, each by its name.
    pub terms: std::collections::BTreeMap<String, i64>,
    /// Digest of the assignments: equal input gives an equal digest.
    pub digest: String,
    /// Wall time of the solve, in milliseconds.
    pub solve_ms: u64,
    /// Coverage by kind.
    pub by_kind: Vec<(KindId, Coverage)>,
    /// Coverage by priority, 5 first: the most urgent.
    pub by_priority: Vec<(u8, Coverage)>,
    /// The local day with the most gigs, and how many.
    #[serde(default)]
    pub busiest_day: Option<(jiff::civil::Date, u32)>,
    /// The gigs with a promise or a planned one.
    pub items: Vec<PlanItem>,
    /// The gigs left open, each with its reason.
    pub open: Vec<Explanation>,
    /// What the plan wants people's hours for, and what that is worth: never shown, but weighed in quotes.
    #[serde(default)]
    pub demands: Vec<PlanDemand>,
}

/// Hours of somebody that a plan has a use for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDemand {
    /// Whose.
    pub volunteer: VolunteerId,
    /// The stretch of their availability that was priced.
    pub window: TimeWindow,
    /// From leaving home to being back.
    pub hours: TimeWindow,
    /// For which gigs, with the planned starts.
    pub gigs: Vec<(GigId, Timestamp)>,
    /// The gigs that they had promised in that stretch already when the plan was made.
    pub promised: Vec<GigId>,
    /// What the week loses, about, if the hours go to something else; in seconds of travel.
    pub worth_s: u32,
}

/// What breaking an accepted promise costs unless told otherwise, in points: an hour of travel.
pub const PROMISE_COST_DEFAULT: u32 = 60;
/// The most that breaking an accepted promise may cost, in points: more than any gig is worth.
pub const PROMISE_COST_MAX: u32 = 10_000;

fn promise_cost_default() -> u32 {
    PROMISE_COST_DEFAULT
}

/// What one step of the search reached: a line of the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStage {
    /// Name of the step.
    pub name: String,
    /// Objective of the best plan after it.
    pub objective: i64,
    /// Bound after it, where there is one.
    pub bound: Option<i64>,
    /// When it ended, in milliseconds since the solve began.
    pub elapsed_ms: u64,
}

/// A proposal for a period, shown before it is applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The network it is for.
    pub network: NetworkId,
    /// Its identifier.
    pub id: PlanId,
    /// The period it covers.
    pub period: TimeWindow,
    /// The most time the solver may take, in milliseconds.
    pub budget_ms: u64,
    /// The seed of the solver.
    pub seed: u64,
    /// Whether accepted promises may be moved: no unless told.
    pub allow_moving_promises: bool,
    /// What breaking an accepted promise costs, in points (minutes of travel); 333 points are a unit of weight.
    #[serde(default = "promise_cost_default")]
    pub promise_cost: u32,
    /// Where it is in its life.
    pub state: PlanState,
    /// What is being done, 0 to 1000 permille; 1000 when ended.
    pub progress_permille: u16,
    /// The result, once ready.
    #[serde(default)]
    pub outcome: Option<PlanOutcome>,
    /// Why it failed.
    #[serde(default)]
    pub failure: Option<Name>,
    /// Version and times.
    pub meta: Meta,
}
