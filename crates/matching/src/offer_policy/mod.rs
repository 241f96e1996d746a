//! Whom to ask now, when to look again, and when to stop and tell the agent: the offers for one gig, decided without a clock, I/O or
//! chance beyond a passed seed.
//!
//! The caller decides who *may* be asked: hard rules, quiet hours, the weekly contact budget, one open offer per volunteer and time,
//! nobody about a gig they have answered. Those are guards, and a candidate is somebody they let through. What is policy is here:
//! how many, in which order ([`ranking`]: fatigue, first gigs), how fast ([`waves`], [`pace`]), the budget of an area ([`area`]),
//! and the model of a yes that all of it stands on ([`acceptance`], [`delay`], [`calibration`]).
//!
//! ```
//! use matching::offer_policy::{Acceptance, Candidate, Features, Intercept, OfferPolicy, Prior, Search};
//!
//! let model = Acceptance::new(Prior::default(), 0);
//! let yes = model.chance(&Intercept::default(), &Features { travel_min: 10.0, ..Features::default() }, 0);
//! let candidates = [Candidate { volunteer: 7, yes, fatigue: 0.0, awaits_first_gig: false }];
//! let search = Search { now_s: 0, opened_s: 0, deadline_s: 7_200, ..Search::default() };
//! let step = OfferPolicy::default().step(&search, &[], &candidates, &model.answers());
//! assert_eq!(step.ask[0].volunteer, 7);
//! ```

pub mod acceptance;
pub mod area;
pub mod calibration;
pub mod delay;
mod dice;
pub mod escalation;
pub mod fatigue;
pub mod features;
mod half_life;
pub mod likelihood;
mod normal;
pub mod outlook;
pub mod pace;
pub mod prior;
pub mod ranking;
#[cfg(test)]
mod tests;
pub mod waves;

pub use acceptance::{Acceptance, Intercept, Lesson};
pub use delay::{AnswerLaw, Outcome};
pub use escalation::{Beyond, Escalation};
pub use fatigue::Fatigue;
pub use features::{Channel, Features};
pub use likelihood::Likelihood;
pub use prior::Prior;

/// How the offers of a gig are paced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OfferPolicy {
    /// Two at a time, every ten minutes.
    Waves(waves::Settings),
    /// A set amount of hope outstanding, more near the deadline.
    Paced(pace::Settings),
}

impl Default for OfferPolicy {
    fn default() -> Self {
        Self::Paced(pace::Settings::default())
    }
}

/// The search for one gig's helpers, as it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// Now, in seconds since 1970.
    pub now_s: i64,
    /// When the search began.
    pub opened_s: i64,
    /// When the answer must be there.
    pub deadline_s: i64,
    /// Slots without an acceptance, those that are held counted as accepted.
    pub open_slots: usize,
    /// The next moment at which somebody may be asked who may not be asked now (quiet hours end, a budget renews).
    pub more_from_s: Option<i64>,
    /// How many more may be asked about this gig ([`area`]).
    pub asks_left: usize,
    /// What could be had beyond the candidates, to suggest when they run out.
    pub beyond: Beyond,
    /// Decides the few asks out of order; the same for every look at the gig.
    pub seed: u64,
}

impl Default for Search {
    /// One slot, no time, no limit of asks.
    fn default() -> Self {
        Self {
            now_s: 0,
            opened_s: 0,
            deadline_s: 0,
            open_slots: 1,
            more_from_s: None,
            asks_left: usize::MAX,
            beyond: Beyond::default(),
            seed: 0,
        }
    }
}

impl Search {
    /// Minutes until the deadline.
    #[must_use]
    pub fn left_min(&self) -> f64 {
        (self.deadline_s - self.now_s) as f64 / 60.0
    }
}

/// Somebody who may be asked now and has not been.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Number of the volunteer.
    pub volunteer: usize,
    /// The chance that they say yes sooner or later ([`Acceptance::chance`]).
    pub yes: f64,
    /// Their fatigue now ([`Fatigue::level_at`]).
    pub fatigue: f64,
    /// Whether they are new and still without a first gig.
    pub awaits_first_gig: bool,
}

/// Somebody who was asked about the gig.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// Number of the volunteer.
    pub volunteer: usize,
    /// When, in seconds since 1970.
    pub asked_s: i64,
    /// The chance of a yes that was told then; 0 if they said yes or were never told: none of the hope for the slots that are open was
    /// put into them.
    pub yes: f64,
    /// Whether their offer is open and unanswered. Whoever declined, lapsed or accepted promises nothing more.
    pub is_silent: bool,
}

/// One to ask now. Store `yes` and `propensity` with the offer: the model learns from the one, and later models can be judged by
/// the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ask {
    /// Number of the volunteer.
    pub volunteer: usize,
    /// The chance that they say yes sooner or later.
    pub yes: f64,
    /// What they were ranked by; more is better.
    pub score: f64,
    /// The chance with which the policy chose them here, given those it had chosen before.
    pub propensity: f64,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// Whom to ask, in order.
    pub ask: Vec<Ask>,
    /// When to look again if no answer comes first; none when there is nothing left to do.
    pub look_again_s: Option<i64>,
    /// The chance that every open slot is filled by the deadline, by those asked up to and with this step.
    pub outlook: f64,
    /// What to tell the agent, if those who can be asked are not enough.
    pub escalation: Option<Escalation>,
}

impl OfferPolicy {
    /// Decides. Call it when the gig opens, at each `look_again_s`, and after every answer. Equal input, equal output; the order
    /// of `candidates` and `asked` does not matter.
    #[must_use]
    pub fn step(&self, search: &Search, asked: &[Asked], candidates: &[Candidate], answers: &AnswerLaw) -> Step {
        match self {
            Self::Waves(settings) => waves::step(settings, search, asked, candidates, answers),
            Self::Paced(settings) => pace::step(settings, search, asked, candidates, answers),
        }
    }
}
