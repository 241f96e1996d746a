//! What the last plans want people's hours for, as long as that is so.
//!
//! The rule, here and nowhere else. A plan counts from when it is ready, applied or not, until it is discarded or [`KEPT_DAYS`] old: what a
//! re-match says of the week is so whether or not it is acted on. Of several that count the newest decides over the gigs that
//! begin in its period, even where it wants nothing. What it wants of somebody holds while all gigs that it is for still want helpers and
//! what they have promised in that stretch of time is what they had promised when the plan was made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::plan::{PlanDemand, PlanState};
use domain::{GigId, NetworkId, Plan, PlanId, TimeWindow, Timestamp, Volunteer, VolunteerId};
use jiff::SignedDuration;
use matching::snapshot::{Demand, Span};
use store::{Filter, Result, Tx};

use super::super::second_from;
use super::Live;
use super::shards::Shards;

/// After so many days nothing is held to be as a plan found it.
const KEPT_DAYS: i64 = 7;

/// A plan that counts.
#[derive(Debug)]
struct Counted {
    made: Timestamp,
    period: TimeWindow,
    demands: Vec<(PlanDemand, Arc<Demand>)>,
}

/// The plans that count, and what they want.
#[derive(Debug, Clone, Default)]
pub(super) struct Demands {
    plans: BTreeMap<PlanId, Arc<Counted>>,
    /// Plan and place in it, by volunteer.
    of_volunteer: Shards<VolunteerId, Vec<(PlanId, usize)>>,
    /// Plan and whom it wants, by gig.
    of_gig: Shards<GigId, Vec<(PlanId, VolunteerId)>>,
}

impl Demands {
    /// Everything that counts at a time.
    pub(super) async fn read(tx: &mut Tx, network: &NetworkId, now: Timestamp) -> Result<Self> {
        let states = [PlanState::Ready, PlanState::Applied];
        let states = states.iter().fold(Filter::any(), |filter, state| filter.state(state.code()));
        let mut all = Self::default();
        for plan in tx.all::<Plan>(network, &Filter { from: Some(now), ..states }).await? {
            let id = plan.id.clone();
            all.put(&id, Some(plan), now);
        }
        Ok(all)
    }

    /// Whether a plan counts no longer, only for its age.
    pub(super) fn are_old(&self, now: Timestamp) -> bool {
        self.plans.values().any(|plan| is_old(plan.made, now))
    }

    /// Takes a plan as it is now; answers whom it may concern.
    pub(super) fn put(&mut self, id: &PlanId, plan: Option<Plan>, now: Timestamp) -> BTreeSet<VolunteerId> {
        let counts = |plan: &Plan| {
            matches!(plan.state, PlanState::Ready | PlanState::Applied) && !is_old(plan.meta.create_time, now)
        };
        let after = plan.filter(counts);
        if after.is_none() && !self.plans.contains_key(id) {
            return BTreeSet::new();
        }
        // Another plan may decide now over what all others want.
        let mut people = self.people();
        if let Some(before) = self.plans.remove(id) {
            for (demand, _) in &before.demands {
                self.of_volunteer.drop_from(&demand.volunteer, |(plan, _)| plan == id);
                for (gig, _) in &demand.gigs {
                    self.of_gig.drop_from(gig, |(plan, _)| plan == id);
                }
            }
        }
        if let Some(plan) = after {
            let demands = plan.outcome.map(|outcome| outcome.demands).unwrap_or_default();
            for (at, demand) in demands.iter().enumerate() {
                self.of_volunteer.push(demand.volunteer.clone(), (id.clone(), at));
                for (gig, _) in &demand.gigs {
                    self.of_gig.push(gig.clone(), (id.clone(), demand.volunteer.clone()));
                }
            }
            let demands = demands.into_iter().map(|demand| {
                let of_core = Arc::new(of_core(&demand));
                (demand, of_core)
            });
            let counted = Counted { made: plan.meta.create_time, period: plan.period, demands: demands.collect() };
            self.plans.insert(id.clone(), Arc::new(counted));
        }
        people.append(&mut self.people());
        people
    }

    fn people(&self) -> BTreeSet<VolunteerId> {
        self.of_volunteer.iter().map(|(id, _)| id.clone()).collect()
    }

    /// Whom plans want for a gig.
    pub(super) fn wanted_for(&self, gig: &GigId) -> impl Iterator<Item = &VolunteerId> {
        self.of_gig.list(gig).iter().map(|(_, volunteer)| volunteer)
    }

    /// Whether no newer plan decides over the time of any of the gigs; the way there may begin before the period of any plan.
    fn is_newest(&self, id: &PlanId, plan: &Counted, demand: &PlanDemand) -> bool {
        let covers = |other: &Counted| {
            demand.gigs.iter().any(|(_, start)| other.period.start() <= *start && *start < other.period.end())
        };
        self.plans.iter().all(|(other, one)| (one.made, other) <= (plan.made, id) || !covers(one))
    }
}

impl Live {
    /// What is wanted of one volunteer now.
    pub(super) fn demands_on_one(&self, volunteer: &VolunteerId) -> Vec<Arc<Demand>> {
        let known = self.demands.of_volunteer.list(volunteer).iter();
        let mut holding: Vec<&(PlanDemand, Arc<Demand>)> = known
            .filter_map(|(id, at)| {
                let plan = self.demands.plans.get(id)?;
                let one = &plan.demands[*at];
                (self.demands.is_newest(id, plan, &one.0) && self.holds(&one.0)).then_some(one)
            })
            .collect();
        holding.sort_by_key(|(demand, _)| (demand.hours.start(), demand.hours.end()));
        holding.into_iter().map(|(_, demand)| Arc::clone(demand)).collect()
    }

    /// The same of several, of whom something is wanted.
    pub(super) fn demands_on(&self, volunteers: &[Arc<Volunteer>]) -> BTreeMap<VolunteerId, Vec<Arc<Demand>>> {
        let each = volunteers.iter().map(|volunteer| (volunteer.id.clone(), self.demands_on_one(&volunteer.id)));
        each.filter(|(_, demands)| !demands.is_empty()).collect()
    }

    fn holds(&self, demand: &PlanDemand) -> bool {
        let is_open = |gig: &GigId| self.gig(gig).is_some_and(|gig| gig.state.wants_helpers());
        if !demand.gigs.iter().all(|(gig, _)| is_open(gig)) {
            return false;
        }
        let own = self.assignments_of(&demand.volunteer).iter();
        let mut promised: Vec<&GigId> =
            own.filter(|one| one.state.is_active() && one.span.overlaps(&demand.window)).map(|one| &one.gig).collect();
        promised.sort_unstable();
        promised.into_iter().eq(&demand.promised)
    }
}

fn is_old(made: Timestamp, now: Timestamp) -> bool {
    now.duration_since(made) >= SignedDuration::from_hours(24 * KEPT_DAYS)
}

fn of_core(demand: &PlanDemand) -> Demand {
    Demand {
        hours: Span::new(second_from(demand.hours.start()), demand.hours.end().as_second()),
        gigs: demand.gigs.iter().map(|(gig, start)| (gig.to_string(), start.as_second())).collect(),
        worth_s: demand.worth_s,
    }
}
