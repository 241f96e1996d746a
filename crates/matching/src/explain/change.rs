//! A single change that would make a volunteer able, and how big it is.

use crate::{eligibility::Rule, snapshot::Span};

/// One change, in numbers; who words it adds names and local times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The volunteer takes gigs again.
    Activate,
    /// They accept this kind.
    AcceptKind,
    /// They hold this one skill, valid to the end of the gig.
    HoldSkill(String),
    /// They speak one of the gig's languages.
    SpeakLanguage,
    /// They reach this age in years, or say that they have.
    ReachAge(u32),
    /// They go further: limit in seconds, from and to.
    GoFurther {
        /// The limit today, in seconds.
        from_s: i64,
        /// The limit needed, in seconds.
        to_s: i64,
    },
    /// They are available longer on one side or both of a window they have.
    WidenWindow {
        /// The window today.
        from: Span,
        /// The window needed.
        to: Span,
    },
    /// They are available at a time at which they are not at all.
    AddWindow(Span),
    /// One more gig on that day: cap, from and to.
    RaiseDayCap {
        /// The cap today.
        from: u32,
        /// The cap needed.
        to: u32,
    },
    /// One more gig in that week: cap, from and to.
    RaiseWeekCap {
        /// The cap today.
        from: u32,
        /// The cap needed.
        to: u32,
    },
}

impl Change {
    /// The rule that is broken today.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Change::Activate => Rule::Standing,
            Change::AcceptKind => Rule::Kind,
            Change::HoldSkill(_) => Rule::Skill,
            Change::SpeakLanguage => Rule::Language,
            Change::ReachAge(_) => Rule::Age,
            Change::GoFurther { .. } => Rule::TravelLimit,
            Change::WidenWindow { .. } | Change::AddWindow(_) => Rule::Availability,
            Change::RaiseDayCap { .. } => Rule::DayCap,
            Change::RaiseWeekCap { .. } => Rule::WeekCap,
        }
    }

    /// By how much the rule is missed in its own unit: seconds of travel or availability, gigs, years; 1 where there is no measure.
    #[must_use]
    pub const fn amount(&self) -> i64 {
        match self {
            Change::GoFurther { from_s, to_s } => *to_s - *from_s,
            Change::WidenWindow { from, to } => (to.end - to.start) - (from.end - from.start),
            Change::AddWindow(span) => span.end - span.start,
            Change::RaiseDayCap { from, to } | Change::RaiseWeekCap { from, to } => (*to - *from) as i64,
            _ => 1,
        }
    }

    /// How much is asked of the person, comparable between rules: roughly in minutes of their goodwill.
    pub(super) const fn effort(&self) -> i64 {
        match self {
            Change::GoFurther { .. } => self.amount() / 60,
            Change::WidenWindow { .. } => self.amount() / 60 + 5,
            Change::RaiseDayCap { .. } | Change::RaiseWeekCap { .. } => 45 * self.amount(),
            Change::AddWindow(_) => self.amount() / 60 + 30,
            Change::AcceptKind => 120,
            Change::Activate => 240,
            Change::HoldSkill(_) => 480,
            Change::SpeakLanguage | Change::ReachAge(_) => 10_000,
        }
    }
}
