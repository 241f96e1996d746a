//! The one rule by which a slot is taken, whoever takes it: a coordinator, a volunteer from the board, an offer, a plan.
//!
//! Inside one write transaction: lock the gig, then the volunteers in the order of their ids; ask whether the slot is free, the
//! start allowed and every hard rule kept; then the conditional write. The first helper of two is held and fixes the start;
//! with the last slot all turn accepted and the gig is filled.

mod able;

use std::collections::BTreeMap;

use domain::{
    Assignment, AssignmentId, AssignmentState, ClaimSource, EventKind, Gig, GigAction, NetworkId, Reason, Refusal,
    Timestamp, Volunteer, VolunteerId, WriteContext,
};
use jiff::SignedDuration;
use store::{Claimed, Document, Tx};
use travel::Roads;

pub(crate) use able::{Question, able, compile, unmatchable};

use crate::assign::{Assigned, Seat};
use crate::history::{Entry, new_id};
use crate::offers::{free_slot, pending};
use crate::roster::gather::holders;
use crate::{Error, load};

/// How long ago a start may lie when a claim is written: the call may take a while, and work may just have begun.
const LATE_MIN: i64 = 15;

/// What is to be taken.
#[derive(Debug, Clone)]
pub(crate) struct Claim<'a> {
    /// When the gig starts; none takes the agreed start.
    pub(crate) start: Option<Timestamp>,
    /// Who takes which slot.
    pub(crate) seats: &'a [Seat],
    /// In which way.
    pub(crate) source: ClaimSource,
    /// Why these, in task words; kept with the event.
    pub(crate) reason: &'a str,
    /// Who knows how long ways take.
    pub(crate) roads: &'a Roads,
    /// What stood before, where a plan moves the gig.
    pub(crate) moved: Option<&'a Moved>,
}

/// What stood of a gig that a plan moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    /// Every slot was promised: another start or helper than was promised is told as a change.
    pub(crate) is_promised: bool,
    pub(crate) start: Timestamp,
    pub(crate) volunteers: Vec<VolunteerId>,
}

/// Takes slots of a gig that the caller has locked: all of them or none.
pub(crate) async fn claim(tx: &mut Tx, ctx: &WriteContext, mut gig: Gig, claim: Claim<'_>) -> Result<Assigned, Error> {
    let network = gig.network.clone();
    let held = holders(tx, &network, &gig.id).await?;
    slots_free(&gig, &held, claim.seats)?;
    let start = allowed_start(&gig, claim.start, ctx.now)?;
    let volunteers = lock_volunteers(tx, ctx, &network, claim.seats).await?;
    for seat in claim.seats {
        let volunteer = &volunteers[&seat.volunteer];
        // Whoever is booked by a plan has not been asked: what they said of the gig holds. All others say yes here, themselves or to a person.
        let has_noes = claim.source == ClaimSource::Plan;
        let (slot, now, roads) = (seat.slot, ctx.now, claim.roads);
        able(tx, &Question { gig: &gig, volunteer, slot, start, now, roads, has_noes }).await?;
        gig.forget_no(&seat.volunteer);
    }

    let whole = held.len() + claim.seats.len() == gig.slots.len();
    let state = if whole { AssignmentState::Accepted } else { AssignmentState::Held };
    let mut assignments = Vec::with_capacity(gig.slots.len());
    for seat in claim.seats {
        assignments.push(take(tx, ctx, &gig, seat, start, state, claim.source).await?);
    }
    for mut other in held {
        if whole && other.state == AssignmentState::Held {
            other.state = AssignmentState::Accepted;
            other.update_time = ctx.now;
            update_assignment(tx, &other, AssignmentState::Held).await?;
        }
        assignments.push(other);
    }
    assignments.sort_by_key(|assignment| assignment.slot);

    gig.start = Some(start);
    announce(tx, ctx, &mut gig, &assignments, &claim, whole).await?;
    load::store_gig(tx, &mut gig, ctx.now).await?;
    Ok(Assigned { gig, assignments })
}

/// The gig looks for helpers and the slots are there and free.
fn slots_free(gig: &Gig, held: &[Assignment], seats: &[Seat]) -> Result<(), Refusal> {
    if seats.is_empty() {
        return Err(Refusal::field("seats", "must name at least one slot and volunteer"));
    }
    for (at, seat) in seats.iter().enumerate() {
        if usize::from(seat.slot) >= gig.slots.len() {
            return Err(Refusal::field(format!("seats[{at}].slot"), format!("must be below {}", gig.slots.len())));
        }
        if seats[..at].iter().any(|other| other.slot == seat.slot || other.volunteer == seat.volunteer) {
            return Err(Refusal::field(format!("seats[{at}]"), "must not repeat a slot or a volunteer"));
        }
    }
    let taken = |seat: &&Seat| held.iter().any(|assignment| assignment.slot == seat.slot);
    if let Some(seat) = seats.iter().find(taken) {
        return Err(slot_taken(gig, seat));
    }
    if gig.state.wants_helpers() { Ok(()) } else { Err(load::illegal(gig)) }
}

fn slot_taken(gig: &Gig, seat: &Seat) -> Refusal {
    Refusal::new(Reason::SlotTaken, "the slot is taken").with("gig", &gig.id).with("slot", seat.slot)
}

/// The start that is taken, in whole seconds, if the gig may start then.
pub(crate) fn allowed_start(gig: &Gig, asked: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, Refusal> {
    let Some(start) = asked.or(gig.start) else {
        return Err(Refusal::field("start_time", "must be given: no start has been agreed yet"));
    };
    let start = crate::gigs::whole_second(start);
    let refuse = |detail: &str| {
        let agreed = gig.start.map_or_else(|| "none".to_owned(), |agreed| agreed.to_string());
        Err(Refusal::new(Reason::StartNotAllowed, detail).with("start_time", start).with("agreed_start_time", agreed))
    };
    if gig.start.is_some_and(|agreed| agreed != start) {
        return refuse("another start has been agreed with the first helper");
    }
    if !gig.may_start(start) {
        return refuse("the gig would not lie wholly in one of its windows");
    }
    if start < now - SignedDuration::from_mins(LATE_MIN) {
        return refuse("the start lies in the past");
    }
    Ok(start)
}

/// The volunteers of the seats, locked in the order of their ids.
async fn lock_volunteers(
    tx: &mut Tx,
    ctx: &WriteContext,
    network: &NetworkId,
    seats: &[Seat],
) -> Result<BTreeMap<VolunteerId, Volunteer>, Error> {
    let mut ids: Vec<&VolunteerId> = seats.iter().map(|seat| &seat.volunteer).collect();
    ids.sort_unstable();
    let mut volunteers = BTreeMap::new();
    for id in ids {
        let found = tx.get_locked::<Volunteer>(network, id).await?;
        let volunteer = found.filter(|volunteer| load::reaches_volunteer(&ctx.scope, volunteer));
        volunteers.insert(id.clone(), volunteer.ok_or_else(|| load::no_volunteer(network, id))?);
    }
    Ok(volunteers)
}

/// Writes one assignment, if slot and time are still free.
async fn take(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &Gig,
    seat: &Seat,
    start: Timestamp,
    state: AssignmentState,
    source: ClaimSource,
) -> Result<Assignment, Error> {
    let span =
        gig.span(start).ok_or_else(|| Refusal::field("start_time", "must lie between the years 2000 and 2100"))?;
    let assignment = Assignment {
        network: gig.network.clone(),
        id: AssignmentId::from_uuid(new_id(ctx.now)),
        gig: gig.id.clone(),
        slot: seat.slot,
        volunteer: seat.volunteer.clone(),
        span,
        state,
        source,
        told_time: None,
        release_reason: None,
        is_given_back: false,
        create_time: ctx.now,
        update_time: ctx.now,
    };
    match tx.claim(&assignment).await? {
        Claimed::Done => Ok(assignment),
        Claimed::SlotTaken => Err(slot_taken(gig, seat).into()),
        Claimed::VolunteerBooked => Err(able::booked(&seat.volunteer).into()),
    }
}

/// Moves the gig to its state, ends the offers that have lost their object, and writes the events.
async fn announce(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    assignments: &[Assignment],
    claim: &Claim<'_>,
    whole: bool,
) -> Result<(), Error> {
    let network = gig.network.clone();
    if whole {
        pending::withdraw(tx, ctx, gig, "the gig is filled", |_| true).await?;
        gig.state = load::after(gig, GigAction::Fill)?;
        return filled(gig, assignments, claim).write(tx, ctx, &network).await;
    }
    let (seats, wanted) = (claim.seats, gig.clone());
    let lost = |offer: &domain::Offer| {
        let free = free_slot(&wanted, assignments, offer.slot);
        assignments.iter().any(|one| one.slot == free)
            || seats.iter().any(|seat| seat.volunteer == offer.volunteer)
            || gig_start_differs(assignments, offer)
    };
    pending::withdraw(tx, ctx, gig, "the slot is taken", lost).await?;
    for assignment in assignments.iter().filter(|a| seats.iter().any(|seat| seat.slot == a.slot)) {
        let entry = Entry::new(EventKind::SlotHeld, gig.name()).because(claim.reason).about(assignment);
        entry.write(tx, ctx, &network).await?;
    }
    Ok(())
}

/// The gig is filled, or filled otherwise than was promised.
fn filled(gig: &Gig, assignments: &[Assignment], claim: &Claim<'_>) -> Entry {
    let joined =
        |ids: &mut dyn Iterator<Item = &VolunteerId>| ids.map(VolunteerId::as_str).collect::<Vec<_>>().join(",");
    let kind =
        if claim.moved.is_some_and(|moved| moved.is_promised) { EventKind::GigMoved } else { EventKind::GigFilled };
    let entry = Entry::new(kind, gig.name())
        .because(claim.reason)
        .with("volunteers", joined(&mut assignments.iter().map(|one| &one.volunteer)))
        .with("start", assignments[0].span.start())
        .with("seeker", &gig.seeker);
    match claim.moved {
        Some(moved) => {
            entry.with("previous_volunteers", joined(&mut moved.volunteers.iter())).with("previous_start", moved.start)
        }
        None => entry,
    }
}

/// Whether an offer names another start than the one the first helper has fixed.
fn gig_start_differs(assignments: &[Assignment], offer: &domain::Offer) -> bool {
    assignments.first().is_some_and(|assignment| assignment.span.start() != offer.start)
}

/// Stores a changed assignment; somebody else's change in between is an abort.
pub(crate) async fn update_assignment(tx: &mut Tx, changed: &Assignment, from: AssignmentState) -> Result<(), Error> {
    if tx.update_assignment(changed, from).await? { Ok(()) } else { Err(load::changed_meanwhile().into()) }
}
