//! From the store to memory: everything at first, then what was touched.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{
    Assignment, AssignmentId, Gig, GigId, GigState, Kind, NetworkId, Plan, Seeker, Timestamp, Volunteer, VolunteerId,
};
use matching::travel::Bounds;
use store::{Changes, Database, Document, Filter, Result, Touched, Tx};

use super::demands::Demands;
use super::members::{Members, home_cell, remembered_from};
use super::{Live, Shards};

/// Gigs in these states are kept whatever is known of them.
const KEPT: [GigState; 4] = [GigState::Open, GigState::Offered, GigState::Filled, GigState::InProgress];

/// Above so many touched rows, reading everything anew is the shorter way.
const TOUCHED_MAX: usize = 20_000;

/// The network as it is now, from what was known before if that can be brought up to date.
pub(super) async fn brought_up_to_date(
    db: &Database,
    network: &NetworkId,
    before: Option<Arc<Live>>,
    now: Timestamp,
    bounds: Option<Bounds>,
) -> Result<Arc<Live>> {
    let before = before.filter(|live| live.lasts(now));
    // Mostly nothing was written: that takes one question.
    if let Some(live) = &before
        && db.cursor(network).await? == live.cursor
    {
        return Ok(Arc::clone(live));
    }
    let mut tx = db.read().await?;
    let Some(live) = before else { return read(&mut tx, network, now, bounds).await };
    match tx.changes_after(network, live.cursor).await? {
        Changes::Since { upto, .. } if upto == live.cursor => Ok(live),
        Changes::Since { upto, touched } if touched.len() <= TOUCHED_MAX => {
            let mut next = Live::clone(&live);
            next.follow(&mut tx, touched).await?;
            next.cursor = upto;
            Ok(Arc::new(next))
        }
        Changes::Since { .. } | Changes::Lost { .. } => read(&mut tx, network, now, bounds).await,
    }
}

/// Reads everything.
async fn read(tx: &mut Tx, network: &NetworkId, now: Timestamp, bounds: Option<Bounds>) -> Result<Arc<Live>> {
    let mut live = Live {
        network: network.clone(),
        cursor: tx.cursor(network).await?,
        read: now,
        volunteers: Shards::default(),
        likeness: Arc::default(),
        seekers: by_id(tx.all::<Seeker>(network, &Filter::any()).await?),
        kinds: by_id(tx.all::<Kind>(network, &Filter::any()).await?),
        gigs: Shards::default(),
        assignments: Shards::default(),
        of_volunteer: Shards::default(),
        of_gig: Shards::default(),
        completed_of: Shards::default(),
        demands: Demands::read(tx, network, now).await?,
        members: Members::new(now, bounds),
    };
    let states = KEPT.iter().fold(Filter::any(), |filter, state| filter.state(state.code()));
    live.gigs = by_id(tx.all::<Gig>(network, &states).await?);
    let since = remembered_from(now);
    for assignment in tx.assignments_between(network, Some(since), None).await? {
        live.add(assignment);
    }
    let completed = Filter { from: Some(since), ..Filter::any() }.state(GigState::Completed.code());
    for gig in tx.all::<Gig>(network, &completed).await? {
        live.note_completed(None, Some(&gig));
        live.gigs.insert(gig.id.clone(), Arc::new(gig));
    }
    let promised: Vec<GigId> = live.of_gig.iter().map(|(id, _)| id.clone()).collect();
    for id in promised.into_iter().filter(|id| live.gigs.get(id).is_none()).collect::<Vec<_>>() {
        live.read_gig(tx, &id).await?;
    }
    // Last, as there are most of them: they become members as they are read.
    let likeness = Arc::clone(&live.likeness);
    let ready = move |volunteer: Volunteer| {
        let volunteer = likeness.share(volunteer);
        (home_cell(&volunteer), Arc::new(volunteer))
    };
    live.take_all_in(tx.all_as(network, &Filter::any(), ready).await?);
    Ok(Arc::new(live))
}

fn by_id<D: Document<Id: std::hash::Hash>>(documents: Vec<D>) -> Shards<D::Id, Arc<D>> {
    Shards::of(documents.into_iter().map(|document| (document.id().clone(), Arc::new(document))))
}

impl Live {
    /// Reads again what was touched.
    async fn follow(&mut self, tx: &mut Tx, touched: BTreeSet<Touched>) -> Result<()> {
        let mut gigs = BTreeSet::new();
        let mut people = BTreeSet::new();
        for one in touched {
            match one {
                Touched::Volunteer(id) => {
                    let read = tx.get::<Volunteer>(&self.network, &id).await?.map(|one| self.likeness.share(one));
                    self.let_go(&id);
                    people.insert(id.clone());
                    put(&mut self.volunteers, id, read);
                }
                Touched::Seeker(id) => {
                    let read = tx.get::<Seeker>(&self.network, &id).await?;
                    put(&mut self.seekers, id, read);
                }
                Touched::Kind(id) => {
                    let read = tx.get::<Kind>(&self.network, &id).await?;
                    put(&mut self.kinds, id, read);
                }
                Touched::Assignment(id) => {
                    let read = tx.assignment(&self.network, &id).await?;
                    people.extend(self.drop_assignment(&id));
                    if let Some(assignment) = read {
                        if self.gigs.get(&assignment.gig).is_none() {
                            gigs.insert(assignment.gig.clone());
                        }
                        people.insert(assignment.volunteer.clone());
                        self.add(assignment);
                    }
                }
                Touched::Gig(id) => {
                    people.extend(self.demands.wanted_for(&id).cloned());
                    gigs.insert(id);
                }
                Touched::Plan(id) => {
                    let read = tx.get::<Plan>(&self.network, &id).await?;
                    people.extend(self.demands.put(&id, read, self.read));
                }
            }
        }
        // Whether a gig is kept hangs on its assignments.
        for id in gigs {
            self.read_gig(tx, &id).await?;
            people.extend(self.of_gig.list(&id).iter().map(|one| one.volunteer.clone()));
        }
        for id in &people {
            self.let_go(id);
            self.take_in(id);
        }
        Ok(())
    }

    async fn read_gig(&mut self, tx: &mut Tx, id: &GigId) -> Result<()> {
        let read = tx.get::<Gig>(&self.network, id).await?;
        let is_kept = |gig: &Gig| {
            KEPT.contains(&gig.state) || gig.state == GigState::Completed || !self.of_gig.list(id).is_empty()
        };
        let read = read.filter(is_kept);
        let before = self.gigs.get(id).cloned();
        self.note_completed(before.as_deref(), read.as_ref());
        put(&mut self.gigs, id.clone(), read);
        Ok(())
    }

    fn add(&mut self, assignment: Assignment) {
        if assignment.state.counts() {
            let assignment = Arc::new(assignment);
            self.of_volunteer.push(assignment.volunteer.clone(), Arc::clone(&assignment));
            self.of_gig.push(assignment.gig.clone(), Arc::clone(&assignment));
            self.assignments.insert(assignment.id.clone(), assignment);
        }
    }

    /// Answers whose it was.
    fn drop_assignment(&mut self, id: &AssignmentId) -> Option<VolunteerId> {
        let before = self.assignments.remove(id)?;
        self.of_volunteer.drop_from(&before.volunteer, |one| one.id == *id);
        self.of_gig.drop_from(&before.gig, |one| one.id == *id);
        Some(before.volunteer.clone())
    }
}

fn put<K: std::hash::Hash + Eq + Clone, D>(shards: &mut Shards<K, Arc<D>>, id: K, document: Option<D>) {
    match document {
        Some(document) => shards.insert(id, Arc::new(document)),
        None => shards.remove(&id),
    };
}
