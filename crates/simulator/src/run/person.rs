//! A volunteer in the course of a run: how they are, and what a policy knows of them.

use std::collections::BTreeSet;

use matching::offer_policy::{Candidate, Channel, Fatigue, Features, Intercept};

use super::search::Ask;
use crate::{
    truth::Tiredness,
    world::{DAY_S, Gig, Volunteer},
};

/// A volunteer in the course of a run.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// In truth.
    pub(super) tired: Tiredness,
    pub(super) has_left: bool,
    /// As the policy has it.
    pub(super) fatigue: Fatigue,
    pub(super) intercept: Intercept,
    /// Thirds of days they have a gig in.
    pub(super) busy: BTreeSet<i64>,
    /// Thirds of days they have an open offer for.
    pub(super) offers: Vec<i64>,
    /// For each kind how often asked and how often willing.
    pub(super) kinds: Vec<(f64, f64)>,
    /// Seekers they have helped.
    pub(super) helped: BTreeSet<usize>,
    pub(super) last_gig_s: Option<i64>,
    awaits_first_gig: bool,
    asks: Vec<i64>,
}

impl Person {
    pub(super) fn new(nature: &Volunteer) -> Self {
        Self {
            tired: Tiredness::default(),
            has_left: false,
            fatigue: Fatigue::default(),
            intercept: Intercept::default(),
            busy: BTreeSet::new(),
            offers: Vec::new(),
            kinds: vec![(0.0, 0.0); nature.taste.len()],
            helped: BTreeSet::new(),
            last_gig_s: nature.days_since_gig.map(|days| -(days * DAY_S as f64) as i64),
            awaits_first_gig: nature.days_since_gig.is_none(),
            asks: Vec::new(),
        }
    }

    pub(super) fn features(&self, gig: &Gig, travel_min: f64, now_s: i64) -> Features {
        let (kind_asked, kind_accepted) = self.kinds[gig.kind];
        let in_week = self.asks.iter().rev().take_while(|asked_s| now_s - **asked_s < 7 * DAY_S).count();
        Features {
            travel_min,
            kind_asked,
            kind_accepted,
            hours_ahead: (gig.start_s - now_s) as f64 / 3_600.0,
            weekday: gig.weekday(),
            asked_in_week: in_week as f64,
            days_since_gig: self.last_gig_s.map(|last_s| (now_s - last_s) as f64 / DAY_S as f64),
            knows_seeker: self.helped.contains(&gig.seeker),
            channel: Channel::Sms,
        }
    }

    pub(super) fn candidate(&self, ask: &Ask, now_s: i64) -> Candidate {
        Candidate {
            volunteer: ask.volunteer,
            yes: ask.yes,
            fatigue: self.fatigue.level_at(now_s),
            awaits_first_gig: self.awaits_first_gig,
        }
    }

    pub(super) fn remember_ask(&mut self, gig: &Gig, now_s: i64) {
        self.asks.push(now_s);
        self.kinds[gig.kind].0 += 1.0;
    }

    pub(super) fn take(&mut self, gig: &Gig) {
        self.busy.insert(gig.part());
        self.helped.insert(gig.seeker);
        self.awaits_first_gig = false;
    }
}
