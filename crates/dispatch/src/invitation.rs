//! A gig as somebody sees it who was asked for it, or who goes: coarse before a yes, whole while the promise stands and 48 hours after.
//!
//! What a yes opens stands in [`Details`], and nothing but [`opened`] makes one; for a suspended volunteer it does not. Reading changes
//! nothing.

use std::collections::BTreeSet;

use domain::intake::{Need, TaxiOrder};
use domain::offer::{OfferState, UNDO_WINDOW};
use domain::volunteer::Standing;
use domain::{
    Assignment, AssignmentState, Gig, GigId, GigState, Kind, LocalizedText, Name, NetworkId, Note, Offer, OfferId,
    PhoneNumber, Place, Scope, Seeker, Sensitive, TimeWindow, Timestamp, Volunteer, VolunteerId,
};
use jiff::SignedDuration;
use store::Tx;

use crate::roster::is_mediated;
use crate::{Dispatch, Error};

/// How long after its end a gig's details stay open to who went.
pub const DETAILS_OPEN: SignedDuration = SignedDuration::from_hours(48);

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The gig of an offer to the volunteer.
    Offer(OfferId),
    /// A gig.
    Gig(GigId),
}

/// How it stands between a volunteer and a gig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// An answer is awaited.
    Asked,
    /// A yes stands; the second helper is still looked for.
    Held,
    /// They go.
    Going,
    /// They were there.
    Done,
    /// They said no.
    Declined,
    /// Somebody else goes, and they may stand by.
    Filled,
    /// Somebody else goes, and they stand by.
    StandsBy,
    /// They went, and go no more.
    Released,
    /// Nothing is asked any more.
    Ended,
}

/// A place as everybody may know it who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Finnish postal code, if known.
    pub postal_code: Option<String>,
    /// Town or village, if known.
    pub locality: Option<Name>,
}

/// What a promise opens.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// Who gets help; none where a coordinator relays.
    pub person: Option<Sensitive<Name>>,
    /// Their phone, if any.
    pub phone: Option<PhoneNumber>,
    /// Where it is.
    pub place: Option<Place>,
    /// Where an escort ends.
    pub destination: Option<Place>,
    /// The code of the front door.
    pub door_code: Option<Sensitive<Note>>,
    /// What the task needs.
    pub needs: BTreeSet<Need>,
    /// Who orders the taxi.
    pub taxi: Option<TaxiOrder>,
    /// What is to be done, in task words.
    pub notes: Vec<Sensitive<Note>>,
    /// A coordinator relays: where and who is not told here.
    pub is_mediated: bool,
}

/// A gig as a volunteer sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// The gig.
    pub gig: GigId,
    /// What it is.
    pub title: LocalizedText,
    /// The offer that was looked at, or the one whose yes can be taken back.
    pub offer: Option<OfferId>,
    /// From start to end, if a start is known.
    pub span: Option<TimeWindow>,
    /// Until when an answer is awaited, if one is.
    pub expire_time: Option<Timestamp>,
    /// The way from home, in seconds; 0 if unknown.
    pub travel_s: u32,
    /// How long it takes, in seconds.
    pub duration_s: u32,
    /// Whether it happens at a place.
    pub has_place: bool,
    /// Where, coarsely; none where a coordinator relays.
    pub area: Option<Area>,
    /// How it stands.
    pub stage: Stage,
    /// The volunteer's slot.
    pub assignment: Option<Assignment>,
    /// Until when a yes can be taken back without consequence.
    pub undo_until: Option<Timestamp>,
    /// Whether the slot can be given back.
    pub may_release: bool,
    /// What the promise opens.
    pub details: Option<Details>,
    /// Grows with every change of the gig.
    pub version: i64,
}

impl Dispatch {
    /// A gig as the calling volunteer sees it; none if they were never asked for it and never had a slot, or it is gone.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn invitation(
        &self,
        scope: &Scope,
        network: &NetworkId,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Option<Invitation>, Error> {
        scope.admit(network)?;
        let Some(volunteer) = scope.volunteer() else { return Ok(None) };
        let mut tx = self.db.read().await?;
        let mut offer = None;
        let gig = match subject {
            Subject::Gig(gig) => gig.clone(),
            Subject::Offer(id) => {
                let own = tx.get::<Offer>(network, id).await?.filter(|offer| offer.volunteer == *volunteer);
                let Some(own) = own else { return Ok(None) };
                offer.insert(own).gig.clone()
            }
        };
        let Some(gig) = tx.get::<Gig>(network, &gig).await? else { return Ok(None) };
        let assignment = newest(tx.assignments_of_gig(network, &gig.id).await?, volunteer);
        if offer.is_none() {
            if assignment.is_none() {
                return Ok(None);
            }
            let offers = tx.offers_of_gig(network, &gig.id, false).await?;
            offer = offers.into_iter().find(|offer| offer.volunteer == *volunteer && offer.may_undo(now));
        }
        let seeker = tx.get::<Seeker>(network, &gig.seeker).await?;
        let kind = tx.get::<Kind>(network, &gig.kind).await?;
        let may_know = may_know(&mut tx, network, volunteer).await?;
        Ok(Some(seen(&gig, kind, seeker.as_ref(), offer.as_ref(), assignment, may_know, now)))
    }

    /// The gigs that a volunteer goes to or went to, and those they were released from, that end after an instant: as they see them, by
    /// start.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn own_gigs(
        &self,
        scope: &Scope,
        network: &NetworkId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Invitation>, Error> {
        scope.admit(network)?;
        let Some(volunteer) = scope.volunteer() else { return Ok(Vec::new()) };
        let mut tx = self.db.read().await?;
        let mut own: Vec<Assignment> = Vec::new();
        for one in tx.assignments_of_volunteer(network, volunteer, Some(since), None).await? {
            // One entry for each gig: the newest says how it stands.
            match own.iter_mut().find(|known| known.gig == one.gig) {
                Some(known) if rank(known) < rank(&one) => *known = one,
                Some(_) => {}
                None => own.push(one),
            }
        }
        let may_know = may_know(&mut tx, network, volunteer).await?;
        let mut seen_by_them = Vec::with_capacity(own.len());
        for assignment in own {
            let Some(gig) = tx.get::<Gig>(network, &assignment.gig).await? else { continue };
            let seeker = tx.get::<Seeker>(network, &gig.seeker).await?;
            let kind = tx.get::<Kind>(network, &gig.kind).await?;
            seen_by_them.push(seen(&gig, kind, seeker.as_ref(), None, Some(assignment), may_know, now));
        }
        Ok(seen_by_them)
    }
}

/// Whether a volunteer may still be told where and to whom they go: not once a coordinator took them out.
async fn may_know(tx: &mut Tx, network: &NetworkId, volunteer: &VolunteerId) -> Result<bool, Error> {
    let volunteer = tx.get::<Volunteer>(network, volunteer).await?;
    Ok(volunteer.is_some_and(|volunteer| volunteer.standing != Standing::Suspended))
}

/// What counts most of several assignments to one gig: one that stands, then the newest.
fn rank(assignment: &Assignment) -> (bool, Timestamp, &str) {
    (assignment.state.counts(), assignment.create_time, assignment.id.as_str())
}

fn newest(mut all: Vec<Assignment>, volunteer: &VolunteerId) -> Option<Assignment> {
    all.retain(|one| one.volunteer == *volunteer);
    all.into_iter().max_by(|one, other| rank(one).cmp(&rank(other)))
}

fn seen(
    gig: &Gig,
    kind: Option<Kind>,
    seeker: Option<&Seeker>,
    offer: Option<&Offer>,
    assignment: Option<Assignment>,
    may_know: bool,
    now: Timestamp,
) -> Invitation {
    let stage = stage(gig, offer, assignment.as_ref(), now);
    let is_mediated = seeker.is_none_or(is_mediated);
    let place = gig.place.as_ref().filter(|_| !is_mediated);
    let taken = assignment.as_ref().map(|one| one.span);
    let undo = offer.filter(|offer| offer.may_undo(now) && matches!(stage, Stage::Going | Stage::Held));
    let is_own = |one: &Assignment| matches!(one.state, AssignmentState::Held | AssignmentState::Accepted);
    Invitation {
        gig: gig.id.clone(),
        title: kind.map(|kind| kind.title).unwrap_or_default(),
        offer: offer.map(|offer| offer.id.clone()),
        span: taken.or_else(|| gig.span(offer.map(|offer| offer.start).or(gig.start)?)),
        expire_time: offer.filter(|_| stage == Stage::Asked).map(|offer| offer.expire_time),
        travel_s: offer.map_or(0, |offer| offer.travel_s),
        duration_s: gig.duration_s,
        has_place: gig.place.is_some(),
        area: place.map(|place| Area { postal_code: place.postal_code.clone(), locality: place.locality.clone() }),
        stage,
        undo_until: undo.and_then(|offer| offer.answer_time).map(|at| at + UNDO_WINDOW),
        may_release: assignment.as_ref().is_some_and(|one| is_own(one) && one.span.start() > now),
        details: opened(gig, seeker, assignment.as_ref().filter(|_| may_know), now),
        assignment,
        version: gig.meta.version,
    }
}

fn stage(gig: &Gig, offer: Option<&Offer>, assignment: Option<&Assignment>, now: Timestamp) -> Stage {
    match assignment.map(|one| one.state) {
        Some(AssignmentState::Accepted | AssignmentState::Started) => return Stage::Going,
        Some(AssignmentState::Held) => return Stage::Held,
        Some(AssignmentState::Completed) => return Stage::Done,
        Some(AssignmentState::Released) if offer.is_none() => {
            return if gig.state == GigState::Cancelled { Stage::Ended } else { Stage::Released };
        }
        Some(AssignmentState::Released) | None => {}
    }
    let Some(offer) = offer else { return Stage::Ended };
    let may_stand_by = gig.state == GigState::Filled && gig.start.is_some_and(|start| start > now);
    match offer.state {
        state if state.is_open() && offer.expire_time > now && gig.state.wants_helpers() => Stage::Asked,
        OfferState::Declined => Stage::Declined,
        OfferState::Accepted if gig.state != GigState::Cancelled => Stage::Released,
        OfferState::Withdrawn | OfferState::Expired if may_stand_by && offer.stands_by => Stage::StandsBy,
        OfferState::Withdrawn | OfferState::Expired if may_stand_by => Stage::Filled,
        _ => Stage::Ended,
    }
}

/// What the promise of an assignment opens, while it stands and 48 hours after its end.
fn opened(gig: &Gig, seeker: Option<&Seeker>, assignment: Option<&Assignment>, now: Timestamp) -> Option<Details> {
    let assignment = assignment?;
    let stands =
        matches!(assignment.state, AssignmentState::Accepted | AssignmentState::Started | AssignmentState::Completed);
    if !stands || now >= assignment.span.end() + DETAILS_OPEN {
        return None;
    }
    let seeker = seeker?;
    let shown = !is_mediated(seeker);
    let own = &gig.intake;
    let always = &seeker.intake;
    let notes = [gig.note.as_ref(), own.note.as_ref(), always.note.as_ref()];
    let notes = notes.into_iter().flatten().filter(|note| !note.expose().is_empty());
    Some(Details {
        person: shown.then(|| seeker.name.clone()),
        phone: seeker.phone.clone().filter(|_| shown),
        place: gig.place.clone().filter(|_| shown),
        destination: gig.destination.clone().filter(|_| shown),
        door_code: own.door_code.clone().or_else(|| always.door_code.clone()).filter(|_| shown),
        needs: own.needs.union(&always.needs).copied().collect(),
        taxi: own.taxi.or(always.taxi),
        notes: if shown { notes.cloned().collect() } else { Vec::new() },
        is_mediated: !shown,
    })
}
