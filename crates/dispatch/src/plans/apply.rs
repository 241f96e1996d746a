//! A plan is applied: in one transaction, only if what it was made from is still so. Either each slot is promised, through the same claim
//! as ever, or those who are planned are asked ([`ask`](super::ask)).

use std::collections::{BTreeMap, BTreeSet};

use domain::plan::{ChangeKind, PlanItem, PlanState};
use domain::{
    Assignment, ClaimSource, EventKind, Gig, GigId, Name, NetworkId, Plan, PlanId, Reason, Refusal, RefusalKind,
    Seeker, Timestamp, Volunteer, VolunteerId, WriteContext,
};
use serde::{Deserialize, Serialize};
use store::{Document, Tx};
use travel::Roads;

use super::{ask, not_ready, opened};
use crate::assign::Seat;
use crate::claim::{Claim, Moved, claim};
use crate::history::Entry;
use crate::offers::stand_by;
use crate::release::{Leaving, release_one};
use crate::roster::gather::holders;
use crate::roster::is_mediated;
use crate::{Dispatch, Error, asking, load};

/// How a plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Applying {
    /// What is planned is promised, and everybody is told.
    #[default]
    Promise,
    /// Those who are planned are asked; others only once they say no or stay silent. A plan that moves promises cannot be.
    Ask,
}

/// A plan after it was applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppliedPlan {
    /// The plan, applied.
    pub plan: Plan,
    /// Gigs filled that were open, or that are asked for now.
    pub filled: u32,
    /// Gigs whose helpers or start changed.
    pub moved: u32,
    /// Gigs given up.
    pub dropped: u32,
    /// Volunteers who were asked.
    #[serde(default)]
    pub asked: u32,
    /// Gigs for which an asking began.
    #[serde(default)]
    pub begun: u32,
    /// Until when those who were asked first are asked alone: of all gigs the earliest and the latest.
    #[serde(default)]
    pub alone_until: Option<(Timestamp, Timestamp)>,
}

impl Dispatch {
    /// Applies a plan that is ready. Accepted promises are touched only if the plan was made with leave to move them.
    ///
    /// # Errors
    /// `PLAN_STALE` (aborted, nothing changed) if a gig or volunteer of it has changed since or a claim is refused,
    /// `PLAN_NOT_READY`, `FIELDS_INVALID` for [`Applying::Ask`] of a plan that moves promises, `ETAG_MISMATCH`, `RESOURCE_NOT_FOUND`, or
    /// the store's.
    pub async fn apply_plan(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &PlanId,
        how: Applying,
    ) -> Result<AppliedPlan, Error> {
        ctx.scope.admit(network)?;
        self.prepare_plan(ctx, network, id).await?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let stored = opened(&mut tx, ctx, network, id).await?;
        let (PlanState::Ready, Some(outcome)) = (stored.state, &stored.outcome) else {
            return Err(not_ready(&stored).into());
        };
        let items = &outcome.items;
        same_gigs(&mut tx, network, items).await?;
        same_volunteers(&mut tx, network, items).await?;
        let count = |change: ChangeKind| {
            let number = items.iter().filter(|item| item.change == change).count();
            u32::try_from(number).unwrap_or(u32::MAX)
        };
        let (filled, moved, dropped) = (count(ChangeKind::New), count(ChangeKind::Moved), count(ChangeKind::Dropped));
        if !stored.allow_moving_promises && moved + dropped > 0 {
            tracing::error!(plan.id = %id, "a plan without leave to move promises moves some");
            return Err(Refusal::new(Reason::Internal, "the plan would touch accepted promises").into());
        }
        if how == Applying::Ask && moved + dropped > 0 {
            let detail =
                "must be false: the plan moves promises, and nobody is asked for one that is taken from somebody else";
            return Err(Refusal::field("ask", detail).into());
        }
        let leaving = items.iter().filter(|item| matches!(item.change, ChangeKind::Moved | ChangeKind::Dropped));
        let mut moves: BTreeMap<&GigId, Moved> = BTreeMap::new();
        let mut gone: Vec<Assignment> = Vec::new();
        for item in leaving {
            let left = let_go(&mut tx, ctx, network, item).await?;
            match left.moved {
                Some(moved) => drop(moves.insert(&item.gig, moved)),
                None => gone.extend(left.gone),
            }
        }
        let mut asked: BTreeSet<VolunteerId> = BTreeSet::new();
        let mut begun = 0;
        let mut alone_until: Option<(Timestamp, Timestamp)> = None;
        for item in by_start(items) {
            match how {
                Applying::Promise => take(&mut tx, ctx, network, item, moves.get(&item.gig), &self.roads).await?,
                Applying::Ask => {
                    let planned = ask::planned(&mut tx, ctx, network, item, &self.roads).await?;
                    begun += u32::from(planned.has_begun);
                    if let Some(until) = planned.alone_until {
                        let (first, last) = alone_until.unwrap_or((until, until));
                        alone_until = Some((first.min(until), last.max(until)));
                    }
                    asked.extend(planned.asked);
                }
            }
        }
        let asked = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        // Whom the plan needs elsewhere is taken by now.
        for left in &gone {
            look_again(&mut tx, ctx, left, &self.roads).await?;
        }
        let from = stored.meta.version;
        let plan = Plan { state: PlanState::Applied, meta: stored.meta.changed(ctx.now), ..stored };
        if !tx.update(&plan, from).await? {
            return Err(load::changed_meanwhile().into());
        }
        Entry::new(EventKind::PlanApplied, plan.name())
            .with("filled", filled)
            .with("moved", moved)
            .with("dropped", dropped)
            .with("asked", asked)
            .write(&mut tx, ctx, network)
            .await?;
        let name = plan.full_name();
        let done = AppliedPlan { plan, filled, moved, dropped, asked, begun, alone_until };
        tx.finish(ctx, &name, &done).await?;
        self.bell.ring();
        Ok(done)
    }
}

impl Dispatch {
    /// Asks for the ways that the plan's claims hang on, as far as they are not remembered from its making.
    async fn prepare_plan(&self, ctx: &WriteContext, network: &NetworkId, id: &PlanId) -> Result<(), Error> {
        if self.roads.bounds().is_none() {
            return Ok(());
        }
        let stored = opened(&mut self.db.read().await?, ctx, network, id).await?;
        let items = stored.outcome.map(|outcome| outcome.items).unwrap_or_default();
        let taking = by_start(&items);
        let claims: Vec<_> =
            taking.iter().flat_map(|item| item.volunteers.iter().map(|volunteer| (&item.gig, volunteer))).collect();
        self.prepare_ways(network, &claims, ctx.now).await;
        Ok(())
    }
}

/// What the plan was made from is not so any more.
fn stale(what: &str, name: impl ToString, detail: &str) -> Refusal {
    Refusal::new(Reason::PlanStale, format!("{detail}; nothing was changed: make a new plan"))
        .with(what, name.to_string())
}

/// New and moved gigs in the order of time: a round trip then grows by its end, and each step of it is possible.
fn by_start(items: &[PlanItem]) -> Vec<&PlanItem> {
    let mut taking: Vec<&PlanItem> =
        items.iter().filter(|item| matches!(item.change, ChangeKind::New | ChangeKind::Moved)).collect();
    taking.sort_by_key(|item| (item.start, &item.gig));
    taking
}

/// Locks the gigs in the order of their ids. What is to change must be of the version planned from; what is kept must still stand. For whom a
/// coordinator relays since, nobody is chosen by a plan.
async fn same_gigs(tx: &mut Tx, network: &NetworkId, items: &[PlanItem]) -> Result<(), Error> {
    let sorted: BTreeMap<&GigId, &PlanItem> = items.iter().map(|item| (&item.gig, item)).collect();
    for (id, item) in sorted {
        let gig = tx.get_locked::<Gig>(network, id).await?;
        let gig = gig.ok_or_else(|| stale("gig", id, "a gig of the plan is gone"))?;
        let same = match item.change {
            ChangeKind::Kept => stands(tx, &gig, item).await?,
            _ => gig.meta.version == item.gig_version,
        };
        if !same {
            return Err(stale("gig", id, "a gig of the plan has changed").into());
        }
        let is_taken = matches!(item.change, ChangeKind::New | ChangeKind::Moved);
        if is_taken && tx.get::<Seeker>(network, &gig.seeker).await?.as_ref().is_some_and(is_mediated) {
            return Err(stale("gig", id, "a coordinator relays for a seeker of the plan now").into());
        }
    }
    Ok(())
}

/// Whether a promise still stands as the plan saw it, begun or done meanwhile or not.
async fn stands(tx: &mut Tx, gig: &Gig, item: &PlanItem) -> Result<bool, Error> {
    if gig.meta.version == item.gig_version {
        return Ok(true);
    }
    let mut assignments = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    assignments.retain(|assignment| assignment.state.counts());
    assignments.sort_by_key(|assignment| assignment.slot);
    let helpers: Vec<&VolunteerId> = assignments.iter().map(|assignment| &assignment.volunteer).collect();
    Ok(!gig.state.wants_helpers() && gig.start == item.start && helpers.iter().copied().eq(&item.volunteers))
}

/// Locks the volunteers in the order of their ids, and compares their versions. Those who stand by for what is dropped are asked at the end,
/// and locked with the others.
async fn same_volunteers(tx: &mut Tx, network: &NetworkId, items: &[PlanItem]) -> Result<(), Error> {
    let mut planned: BTreeSet<(VolunteerId, Option<i64>)> = BTreeSet::new();
    for item in by_start(items) {
        let versions = item.volunteer_versions.iter().copied().map(Some);
        planned.extend(item.volunteers.iter().cloned().zip(versions));
    }
    for item in items.iter().filter(|item| item.change == ChangeKind::Dropped) {
        let standing = stand_by::of_gig(tx, network, &item.gig).await?;
        planned.extend(standing.into_iter().map(|offer| (offer.volunteer, None)));
    }
    for (id, version) in planned {
        let volunteer = tx.get_locked::<Volunteer>(network, &id).await?;
        if version.is_some() && volunteer.map(|volunteer| volunteer.meta.version) != version {
            return Err(stale("volunteer", id, "a volunteer of the plan has changed").into());
        }
    }
    Ok(())
}

/// A slot that a plan has dropped is looked for anew, as one that was given back: those who stand by are asked, and the asking goes on.
async fn look_again(tx: &mut Tx, ctx: &WriteContext, left: &Assignment, roads: &Roads) -> Result<(), Error> {
    let mut gig = load::gig_locked(tx, &ctx.scope, &left.network, &left.gig).await?;
    stand_by::ask(tx, ctx, &mut gig, left, roads).await?;
    asking::resume(tx, ctx, &gig).await?;
    load::store_gig(tx, &mut gig, ctx.now).await
}

/// What a plan lets go of.
#[derive(Debug)]
struct LetGo {
    /// What stood of a gig that is moved: the claim tells of both ends of the move at once.
    moved: Option<Moved>,
    gone: Vec<Assignment>,
}

/// Releases the helpers of a moved or dropped gig that do not stay at the same start.
async fn let_go(tx: &mut Tx, ctx: &WriteContext, network: &NetworkId, item: &PlanItem) -> Result<LetGo, Error> {
    let mut gig = load::gig_locked(tx, &ctx.scope, network, &item.gig).await?;
    let is_moved = item.change == ChangeKind::Moved;
    let reason = Name::new("moved by a plan").ok();
    let stood = holders(tx, network, &item.gig).await?;
    let moved = stood.first().filter(|_| is_moved).map(|first| Moved {
        is_promised: !gig.state.wants_helpers(),
        start: first.span.start(),
        volunteers: stood.iter().map(|assignment| assignment.volunteer.clone()).collect(),
    });
    let mut gone = Vec::new();
    for assignment in stood {
        let stays = item.start == Some(assignment.span.start())
            && item.volunteers.get(usize::from(assignment.slot)) == Some(&assignment.volunteer);
        if !stays {
            // The other helper may have fallen back to held: read again.
            let held = holders(tx, network, &item.gig).await?;
            if let Some(leaving) = held.iter().find(|other| other.id == assignment.id) {
                let how = Leaving { is_quiet: is_moved, ..Leaving::new(leaving, reason.clone()) };
                release_one(tx, ctx, &mut gig, how, &held).await?;
            }
            gone.push(assignment);
        }
    }
    load::store_gig(tx, &mut gig, ctx.now).await?;
    Ok(LetGo { moved, gone })
}

/// Takes the slots of a gig that are not taken yet.
async fn take(
    tx: &mut Tx,
    ctx: &WriteContext,
    network: &NetworkId,
    item: &PlanItem,
    moved: Option<&Moved>,
    roads: &Roads,
) -> Result<(), Error> {
    let held = holders(tx, network, &item.gig).await?;
    let seats: Vec<Seat> = (0u8..)
        .zip(&item.volunteers)
        .filter(|(slot, volunteer)| !held.iter().any(|a| a.slot == *slot && a.volunteer == **volunteer))
        .map(|(slot, volunteer)| Seat { slot, volunteer: volunteer.clone() })
        .collect();
    let gig = load::gig_locked(tx, &ctx.scope, network, &item.gig).await?;
    let asked = Claim { start: item.start, seats: &seats, source: ClaimSource::Plan, reason: "", roads, moved };
    claim(tx, ctx, gig, asked).await.map(|_| ()).map_err(|error| match error {
        Error::Refused(cause) if cause.kind() != RefusalKind::Internal => {
            let refusal = stale("gig", &item.gig, "a slot of the plan cannot be taken any more");
            let refusal = refusal.with("cause", cause.reason.code());
            cause.metadata.into_iter().fold(refusal, |refusal, (key, value)| refusal.with(&key, value)).into()
        }
        other => other,
    })
}
