//! Reads what a snapshot needs, in one transaction: for a period, for one volunteer. What is only asked and not written is read from
//! memory instead ([`live`](super::live)).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Assignment, Gig, GigId, GigState, Kind, NetworkId, Offer, Seeker, Timestamp, Volunteer, VolunteerId};
use jiff::SignedDuration;
use store::{Filter, Tx};

use super::familiar::REMEMBERED_DAYS;
use super::{Frame, Material, Ties};
use crate::Error;
use crate::offers::limits::{LOOK_BACK_DAYS, Rests, days_before};

/// The states in which a gig wants helpers.
const WANTED: [GigState; 2] = [GigState::Open, GigState::Offered];
/// The states in which a gig is promised.
const STANDING: [GigState; 2] = [GigState::Filled, GigState::InProgress];

/// Volunteers whose offers are read at once.
const PEOPLE_MAX: usize = 500;

fn in_states(states: &[GigState]) -> Filter {
    states.iter().fold(Filter::any(), |filter, state| filter.state(state.code()))
}

/// Everything for a plan of the frame's period.
pub(crate) async fn period(tx: &mut Tx, network: &NetworkId, frame: &Frame) -> Result<Material, Error> {
    let period = frame.period;
    let wanted = tx.all::<Gig>(network, &in_states(&WANTED).between(period.start(), period.end())).await?;
    let promised = tx.all::<Gig>(network, &in_states(&STANDING).between(period.start(), period.end())).await?;
    let mut material = everybody(tx, network, frame).await?;
    material.kinds = catalogue(tx, network).await?;
    let seekers = tx.all::<Seeker>(network, &Filter::any()).await?;
    material.seekers = seekers.into_iter().map(|seeker| (seeker.id.clone(), seeker)).collect();
    let inside = |gig: &Gig| gig.start.is_some_and(|start| period.start() <= start && start < period.end());
    material.wanted = wanted.into_iter().filter(|gig| gig.start.is_none() || inside(gig)).collect();
    material.standing = promised.into_iter().filter(inside).collect();
    material.rests = rests(tx, network, &material.volunteers, frame.now).await?;
    beside(tx, network, &mut material).await?;
    Ok(material)
}

/// What volunteers said lately that holds for more than one gig.
pub(crate) async fn rests(
    tx: &mut Tx,
    network: &NetworkId,
    volunteers: &[Arc<Volunteer>],
    now: Timestamp,
) -> Result<BTreeMap<VolunteerId, Rests>, Error> {
    let ids: Vec<&VolunteerId> = volunteers.iter().map(|volunteer| &volunteer.id).collect();
    let mut past: BTreeMap<VolunteerId, Vec<Offer>> = BTreeMap::new();
    let since = days_before(now, LOOK_BACK_DAYS);
    for some in ids.chunks(PEOPLE_MAX) {
        for offer in tx.offers_of_volunteers(network, some, since).await? {
            if offer.decline_reason.is_some() {
                past.entry(offer.volunteer.clone()).or_default().push(offer);
            }
        }
    }
    Ok(past.into_iter().map(|(id, offers)| (id, Rests::of(offers.iter(), now))).collect())
}

/// Some gigs beside one volunteer and what they have promised in the frame's weeks.
pub(crate) async fn one_volunteer(
    tx: &mut Tx,
    network: &NetworkId,
    volunteer: &Volunteer,
    gigs: Vec<Gig>,
    frame: &Frame,
) -> Result<Material, Error> {
    let (from, to) = (frame.weeks.start(), frame.weeks.end());
    let assignments = tx.assignments_of_volunteer(network, &volunteer.id, Some(from), Some(to)).await?;
    let mut material = Material {
        assignments: assignments.into_iter().filter(|assignment| assignment.state.counts()).collect(),
        volunteers: vec![Arc::new(volunteer.clone())],
        ..Material::default()
    };
    for gig in &gigs {
        rules_of(tx, network, gig, &mut material).await?;
    }
    material.wanted = gigs;
    beside(tx, network, &mut material).await?;
    Ok(material)
}

/// All volunteers, what counts in the frame's weeks, and who has helped whom.
async fn everybody(tx: &mut Tx, network: &NetworkId, frame: &Frame) -> Result<Material, Error> {
    let volunteers = tx.all::<Volunteer>(network, &Filter::any()).await?;
    let assignments = tx.assignments_between(network, Some(frame.weeks.start()), Some(frame.weeks.end())).await?;
    Ok(Material {
        volunteers: volunteers.into_iter().map(Arc::new).collect(),
        assignments: assignments.into_iter().filter(|assignment| assignment.state.counts()).collect(),
        ties: ties(tx, network, frame.now).await?,
        ..Material::default()
    })
}

/// Who has helped whom in the time that is remembered.
async fn ties(tx: &mut Tx, network: &NetworkId, now: Timestamp) -> Result<Ties, Error> {
    let from = now.saturating_sub(SignedDuration::from_hours(24 * REMEMBERED_DAYS)).unwrap_or(Timestamp::MIN);
    let done = tx.assignments_between(network, Some(from), Some(now)).await?;
    if done.is_empty() {
        return Ok(Ties::default());
    }
    let completed = in_states(&[GigState::Completed]).between(from, now);
    let gigs = tx.all::<Gig>(network, &completed).await?;
    Ok(Ties::from_past(&done, &gigs.into_iter().map(|gig| (gig.id.clone(), gig)).collect(), now))
}

/// The kinds of a network by id.
pub(crate) async fn catalogue(tx: &mut Tx, network: &NetworkId) -> Result<BTreeMap<domain::KindId, Kind>, Error> {
    let kinds = tx.all::<Kind>(network, &Filter::any()).await?;
    Ok(kinds.into_iter().map(|kind| (kind.id.clone(), kind)).collect())
}

/// The kind and the seeker of one gig.
async fn rules_of(tx: &mut Tx, network: &NetworkId, gig: &Gig, material: &mut Material) -> Result<(), Error> {
    if !material.kinds.contains_key(&gig.kind)
        && let Some(kind) = tx.get::<Kind>(network, &gig.kind).await?
    {
        material.kinds.insert(kind.id.clone(), kind);
    }
    if !material.seekers.contains_key(&gig.seeker)
        && let Some(seeker) = tx.get::<Seeker>(network, &gig.seeker).await?
    {
        material.seekers.insert(seeker.id.clone(), seeker);
    }
    Ok(())
}

/// The gigs of assignments that are not among the gigs looked at. Assignments of people or gigs that are gone are dropped.
async fn beside(tx: &mut Tx, network: &NetworkId, material: &mut Material) -> Result<(), Error> {
    let people: BTreeSet<&VolunteerId> = material.volunteers.iter().map(|volunteer| &volunteer.id).collect();
    let known: BTreeSet<GigId> = material.wanted.iter().chain(&material.standing).map(|gig| gig.id.clone()).collect();
    let missing: BTreeSet<GigId> = material
        .assignments
        .iter()
        .filter(|assignment| people.contains(&assignment.volunteer) && !known.contains(&assignment.gig))
        .map(|assignment| assignment.gig.clone())
        .collect();
    for id in missing {
        material.beside.extend(tx.get::<Gig>(network, &id).await?);
    }
    Ok(())
}

/// The volunteers that hold a slot of a gig now, by slot.
pub(crate) async fn holders(tx: &mut Tx, network: &NetworkId, gig: &GigId) -> Result<Vec<Assignment>, Error> {
    let mut held = tx.assignments_of_gig(network, gig).await?;
    held.retain(|assignment| assignment.state.is_active());
    held.sort_by_key(|assignment| assignment.slot);
    Ok(held)
}
