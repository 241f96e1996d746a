//! A volunteer takes a slot of a gig that is on their board.

use domain::{
    ClaimSource, Gig, GigId, NetworkId, Reason, Refusal, Seeker, Timestamp, Volunteer, VolunteerId, WriteContext,
};
use store::{Document, Tx};
use travel::Roads;

use crate::assign::{Assigned, Seat};
use crate::board::starts;
use crate::claim::{Claim, claim, compile};
use crate::quote::look_ahead;
use crate::roster::gather::{self, holders};
use crate::roster::{Frame, Roster, instant, is_mediated};
use crate::ways::remembered;
use crate::{Dispatch, Error, load};

impl Dispatch {
    /// Claims a slot (none: the first free one that the volunteer fits) at a start (none: the agreed one, else the first that the
    /// volunteer can keep).
    ///
    /// # Errors
    /// What a claim is refused for; `RESOURCE_NOT_FOUND` for a gig that is never on this volunteer's board; or the store's.
    pub async fn claim_gig(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        gig: &GigId,
        volunteer: &VolunteerId,
        slot: impl Into<Option<u8>> + Send,
        start: Option<Timestamp>,
    ) -> Result<Assigned, Error> {
        let slot = slot.into();
        ctx.scope.admit(network)?;
        self.prepare_ways(network, &[(gig, volunteer)], ctx.now).await;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let missing = || load::no_gig(network, gig);
        let wanted = load::gig_locked(&mut tx, &ctx.scope, network, gig).await?;
        let person = load::volunteer(&mut tx, &ctx.scope, network, volunteer).await?;
        let seeker = tx.get::<Seeker>(network, &wanted.seeker).await?.ok_or_else(missing)?;
        let apart = seeker.blocked.contains(volunteer) || person.blocked_seekers.contains(&seeker.id);
        if apart || is_mediated(&seeker) {
            return Err(missing().into());
        }
        tx.must_be_as_read(ctx, &wanted).await?;
        let (slot, start) = match (slot, start.or(wanted.start)) {
            (Some(slot), Some(start)) => (slot, Some(start)),
            (slot, start) => fitting(&mut tx, &self.roads, &wanted, &person, (slot, start), ctx.now).await?,
        };
        let seats = [Seat { slot, volunteer: volunteer.clone() }];
        let name = wanted.full_name();
        let asked =
            Claim { start, seats: &seats, source: ClaimSource::Board, reason: "", roads: &self.roads, moved: None };
        let done = claim(&mut tx, ctx, wanted, asked).await?;
        tx.finish(ctx, &name, &done).await?;
        Ok(done)
    }
}

/// The first free slot and the first start that the volunteer can keep; where there is none, what was asked for, so that the claim
/// itself says why not.
async fn fitting(
    tx: &mut Tx,
    roads: &Roads,
    gig: &Gig,
    person: &Volunteer,
    (slot, start): (Option<u8>, Option<Timestamp>),
    now: Timestamp,
) -> Result<(u8, Option<Timestamp>), Error> {
    let held = holders(tx, &gig.network, &gig.id).await?;
    let free = (0u8..).take(gig.slots.len()).filter(|slot| held.iter().all(|assignment| assignment.slot != *slot));
    let slots: Vec<u8> = slot.map_or_else(|| free.collect(), |slot| vec![slot]);
    let Some(&first) = slots.first() else {
        return Err(Refusal::new(Reason::SlotTaken, "every slot is taken").with("gig", &gig.id).into());
    };
    if !gig.state.wants_helpers() || usize::from(first) >= gig.slots.len() {
        return Ok((first, start));
    }
    let frame = Frame::new(look_ahead(gig, now), now);
    let mut material = gather::one_volunteer(tx, &gig.network, person, vec![gig.clone()], &frame).await?;
    material.is_asked_anew = true;
    let mut roster = Roster::build(material, &frame, false);
    roster.snapshot.table = remembered(roads, &roster.snapshot, now);
    let problem = compile(&roster)?;
    let numbers = problem.find_volunteer(person.id.as_str()).zip(problem.find_gig(gig.id.as_str()));
    let found = numbers.and_then(|(number, task)| {
        slots.iter().find_map(|&slot| {
            let fits = starts(&problem, number, task, slot);
            fits.into_iter().map(instant).find(|at| start.is_none_or(|start| start == *at)).map(|at| (slot, Some(at)))
        })
    });
    let earliest = || gig.windows.iter().map(domain::TimeWindow::start).find(|start| *start >= now);
    Ok(found.unwrap_or_else(|| (first, start.or_else(earliest))))
}
