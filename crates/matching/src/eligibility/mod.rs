//! The hard rules: one per file, each with its reason code, used by planning, quoting, claiming and explaining alike.
//!
//! To add a rule: a file with its question as a function, a variant of [`Rule`], one line in [`check`] (if it does not
//! depend on a start) or in [`can_take`] (if it does), and a paragraph on its code in `docs/errors.md`.

mod age;
mod availability;
mod blocked;
pub(crate) mod day_cap;
mod declined;
mod itinerary;
mod kind;
mod language;
mod seat;
mod skill;
mod standing;
mod start;
mod travel_limit;
pub(crate) mod week_cap;

use std::fmt;

use crate::problem::{Problem, Stop};
pub(crate) use skill::valid_starts;

/// A hard rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Rule {
    /// The volunteer is paused or suspended.
    Standing,
    /// The volunteer does not accept this kind.
    Kind,
    /// A skill is missing or not valid to the gig's end.
    Skill,
    /// No common language.
    Language,
    /// Volunteer and seeker are kept apart.
    Blocked,
    /// The volunteer is younger than the kind asks for, or their age is not known.
    Age,
    /// The volunteer said no to the gig, or gave it back.
    Declined,
    /// The way from home is longer than the volunteer goes.
    TravelLimit,
    /// The gig, with the way there and back, does not lie in any availability window.
    Availability,
    /// The gig itself cannot start then.
    Start,
    /// The volunteer has another slot of the same gig.
    Seat,
    /// The volunteer's day is full.
    DayCap,
    /// The volunteer's week is full.
    WeekCap,
    /// Another gig of theirs is in the way, or there is no time to get from it to here, or onward.
    Itinerary,
}

impl Rule {
    /// All rules, in the order in which they are best explained.
    pub const ALL: [Rule; 14] = [
        Rule::Standing,
        Rule::Kind,
        Rule::Skill,
        Rule::Language,
        Rule::Blocked,
        Rule::Age,
        Rule::Declined,
        Rule::TravelLimit,
        Rule::Availability,
        Rule::Start,
        Rule::Seat,
        Rule::DayCap,
        Rule::WeekCap,
        Rule::Itinerary,
    ];

    /// The reason code, stable and the same everywhere.
    pub const fn code(self) -> &'static str {
        match self {
            Rule::Standing => "NOT_ACTIVE",
            Rule::Kind => "KIND_NOT_ACCEPTED",
            Rule::Skill => "SKILL_MISSING",
            Rule::Language => "NO_COMMON_LANGUAGE",
            Rule::Blocked => "BLOCKED",
            Rule::Age => "BELOW_MINIMUM_AGE",
            Rule::Declined => "DECLINED",
            Rule::TravelLimit => "TOO_FAR",
            Rule::Availability => "NOT_AVAILABLE",
            Rule::Start => "START_NOT_POSSIBLE",
            Rule::Seat => "ALREADY_IN_GIG",
            Rule::DayCap => "DAY_FULL",
            Rule::WeekCap => "WEEK_FULL",
            Rule::Itinerary => "NO_TIME_BETWEEN",
        }
    }
}

/// A set of broken rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RuleSet(u16);

impl RuleSet {
    /// No rule broken.
    pub const EMPTY: RuleSet = RuleSet(0);

    /// The set of one rule.
    pub const fn only(rule: Rule) -> Self {
        Self(1 << rule as u8)
    }

    /// Adds a rule.
    pub fn add(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u8;
    }

    /// Adds a rule unless it is kept.
    fn require(&mut self, kept: bool, rule: Rule) {
        if !kept {
            self.add(rule);
        }
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether no rule is broken.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this rule is among them.
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 >> rule as u8 & 1 == 1
    }

    /// The rules as they may be told: that two are kept apart is nobody else's business, and looks like a no to the gig.
    #[must_use]
    pub const fn told(self) -> Self {
        if !self.contains(Rule::Blocked) {
            return self;
        }
        Self(self.0 & !Self::only(Rule::Blocked).0).union(Self::only(Rule::Declined))
    }

    /// How many rules are broken.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The rules, in the order of [`Rule::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.contains(*rule))
    }

    /// The bits themselves, one per rule.
    pub const fn bits(self) -> u16 {
        self.0
    }
}

impl fmt::Display for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rule) in self.iter().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { "," }, rule.code())?;
        }
        Ok(())
    }
}

/// Every rule that keeps a volunteer from a slot of a gig at any time, whatever else they do.
pub fn check(problem: &Problem, volunteer: usize, gig: usize, slot: usize) -> RuleSet {
    let mut broken = RuleSet::EMPTY;
    broken.require(standing::is_active(problem, volunteer), Rule::Standing);
    broken.require(kind::is_accepted(problem, volunteer, gig), Rule::Kind);
    broken.require(skill::can_be_valid(problem, volunteer, gig, slot), Rule::Skill);
    broken.require(language::is_shared(problem, volunteer, gig), Rule::Language);
    broken.require(!blocked::is_blocked(problem, volunteer, gig), Rule::Blocked);
    broken.require(age::is_enough(problem, volunteer, gig), Rule::Age);
    broken.require(!declined::is_declined(problem, volunteer, gig), Rule::Declined);
    broken.require(travel_limit::is_within(problem, volunteer, gig), Rule::TravelLimit);
    broken.require(availability::can_hold(problem, volunteer, gig), Rule::Availability);
    broken.require(day_cap::is_positive(problem, volunteer), Rule::DayCap);
    broken.require(week_cap::is_positive(problem, volunteer), Rule::WeekCap);
    broken
}

/// Whether the rules that need neither the way nor the hour are kept: the cheap ones, asked of every edge.
pub(crate) fn suits(problem: &Problem, volunteer: usize, gig: usize, slot: usize) -> bool {
    kind::is_accepted(problem, volunteer, gig)
        && language::is_shared(problem, volunteer, gig)
        && skill::can_be_valid(problem, volunteer, gig, slot)
        && !blocked::is_blocked(problem, volunteer, gig)
        && age::is_enough(problem, volunteer, gig)
        && !declined::is_declined(problem, volunteer, gig)
}

/// Whether a schedule holds no other slot of a gig.
pub(crate) fn seat_is_free(schedule: &[Stop], gig: usize) -> bool {
    seat::is_free(schedule, gig)
}

/// Whether the hour makes no difference to the skills that a slot needs.
pub(crate) fn skills_last(problem: &Problem, volunteer: usize, gig: usize, slot: usize) -> bool {
    skill::lasts(problem, volunteer, gig, slot)
}

/// Whether a volunteer takes gigs at all.
pub(crate) fn takes_gigs(problem: &Problem, volunteer: usize) -> bool {
    standing::is_active(problem, volunteer)
        && day_cap::is_positive(problem, volunteer)
        && week_cap::is_positive(problem, volunteer)
}

/// What taking a gig would mean for a volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insertion {
    /// Which of the volunteer's windows it lies in (position in [`Problem::volunteer_windows`]).
    pub window: usize,
    /// Position among the stops of that window, by start.
    pub position: usize,
    /// Seconds of travel of that window's round trip with the gig.
    pub travel_s: i64,
    /// How many of these the gig adds.
    pub extra_travel_s: i64,
}

/// Whether a volunteer with this `schedule` (by start) can take a slot of a gig at `start`, and what it would cost.
///
/// # Errors
/// Every rule that would be broken.
pub fn can_take(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    gig: usize,
    slot: usize,
    start: i64,
) -> Result<Insertion, RuleSet> {
    at_start(problem, volunteer, schedule, gig, slot, start, check(problem, volunteer, gig, slot))
}

/// The same, where what does not hang on the hour has been checked before: the rules `broken` there.
pub(crate) fn at_start(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    gig: usize,
    slot: usize,
    start: i64,
    mut broken: RuleSet,
) -> Result<Insertion, RuleSet> {
    broken.require(start::is_possible(problem, gig, start), Rule::Start);
    broken.require(skill::is_valid(problem, volunteer, gig, slot, start), Rule::Skill);
    broken.require(seat::is_free(schedule, gig), Rule::Seat);
    broken.require(day_cap::has_room(problem, volunteer, schedule, start), Rule::DayCap);
    broken.require(week_cap::has_room(problem, volunteer, schedule, start), Rule::WeekCap);
    let Some(window) = availability::window_at(problem, volunteer, gig, start) else {
        broken.add(Rule::Availability);
        return Err(broken);
    };
    match itinerary::insert(problem, volunteer, schedule, window, Stop { start, gig }) {
        Ok(insertion) if broken.is_empty() => Ok(insertion),
        Ok(_) => Err(broken),
        Err(rule) => Err(broken.union(RuleSet::only(rule))),
    }
}

#[cfg(test)]
pub(crate) mod cases;
#[cfg(test)]
mod tests;
