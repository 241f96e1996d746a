//! What a roster is asked and answers.

use std::collections::HashMap;
use std::sync::Arc;

use super::Cell;
use crate::{
    quote::FeasibleStart,
    score::Term,
    snapshot::{GigRow, PromiseState, Span},
    travel::Table,
};

/// What there is between the gig, or its seeker, and one volunteer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pair {
    /// Whether they must not meet, whichever side asked for it.
    pub blocked: bool,
    /// Whether the volunteer said no to the gig, or gave it back.
    pub declined: bool,
    /// How well they know each other, 0 to 1000.
    pub familiar_milli: u32,
    /// Traits that the volunteer has for this seeker only.
    pub traits: Vec<String>,
    /// Where the roster keeps the volunteer; none if it does not.
    pub cell: Option<Cell>,
}

/// A slot of the gig that is held already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Id of the volunteer.
    pub volunteer: String,
    /// Which slot, from 0.
    pub slot: usize,
    /// The start that is agreed with them.
    pub start: i64,
    /// How firm it is.
    pub state: PromiseState,
    /// Where the roster keeps the volunteer; none if it does not.
    pub cell: Option<Cell>,
}

/// A question: who could take the open slots of a gig, and when?
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The gig.
    pub gig: GigRow,
    /// Its slots that are held, by members of the roster.
    pub held: Vec<Held>,
    /// The whole weeks around the gig's windows: promises that touch them count, and windows are cut at their ends.
    pub within: Span,
    /// Instants at which a local day begins, ascending: as in a snapshot.
    pub day_starts: Vec<i64>,
    /// Instants at which a local week begins, ascending.
    pub week_starts: Vec<i64>,
    /// The time of the call, in seconds.
    pub now: i64,
    /// A last gig that ended at or before this is not remembered.
    pub remembered_from: i64,
    /// The year of the call: somebody's least age is one less than the years since that of their birth.
    pub year: i32,
    /// What there is between the gig, or its seeker, and certain volunteers, by id.
    pub pairs: HashMap<String, Pair>,
    /// Only those who came through this association.
    pub association: Option<String>,
    /// Most volunteers shown.
    pub limit: usize,
    /// Times between cells, where somebody knows the roads; within the bounds of the roster.
    pub table: Option<Arc<Table>>,
}

/// A volunteer who could come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Their id.
    pub id: String,
    /// The slot they suit best: the first of equals.
    pub slot: usize,
    /// All open slots that they suit, ascending.
    pub slots: Vec<usize>,
    /// The start at which they suit best.
    pub start: i64,
    /// The way from home in seconds; 0 for a call.
    pub way_out_s: i64,
    /// Seconds of travel that the gig adds.
    pub extra_travel_s: i64,
    /// The score, term by term.
    pub terms: Vec<Term>,
    /// The sum of the terms in thousandths of a point; more is better.
    pub total_milli: i64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Best first, everybody once, at most as many as were wanted.
    pub shown: Vec<Shown>,
    /// As in [`quote`](crate::quote::Quote::starts).
    pub starts: Vec<FeasibleStart>,
    /// How many volunteers could come.
    pub able: usize,
}

/// The least age that somebody born in a year can have in another: only the year is known, and a rule on age must hold for certain.
///
/// ```
/// use matching::roster::least_age;
/// assert_eq!((least_age(2008, 2026), least_age(2026, 2026)), (17, 0));
/// ```
#[must_use]
pub fn least_age(birth_year: i16, year: i32) -> u32 {
    u32::try_from(year - i32::from(birth_year) - 1).unwrap_or(0)
}
