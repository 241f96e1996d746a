//! A coordinator names who comes: one volunteer per slot, all or nothing.

use domain::{Assignment, ClaimSource, Gig, GigId, Name, NetworkId, Timestamp, VolunteerId, WriteContext};
use serde::{Deserialize, Serialize};
use store::Document;

use crate::claim::{Claim, claim};
use crate::{Dispatch, Error, load};

/// Who takes which slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The slot of the gig, from 0.
    pub slot: u8,
    /// The volunteer.
    pub volunteer: VolunteerId,
}

/// A gig with its assignments, as an action left them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assigned {
    /// The gig.
    pub gig: Gig,
    /// Its assignments that stand, and those that the action ended, by slot.
    pub assignments: Vec<Assignment>,
}

impl Dispatch {
    /// Assigns the named volunteers to the named slots at a start (none: the agreed one). With every slot taken the gig is filled;
    /// with one of two it is held. The reason, in task words, is kept with the event.
    ///
    /// # Errors
    /// `SLOT_TAKEN`, `VOLUNTEER_BOOKED`, `VOLUNTEER_NOT_ABLE` (metadata `rules`), `START_NOT_ALLOWED`, `GIG_STATE_ILLEGAL`,
    /// `RESOURCE_NOT_FOUND`, `FIELDS_INVALID`, or the store's.
    pub async fn assign_volunteer(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        gig: &GigId,
        start: Option<Timestamp>,
        seats: &[Seat],
        reason: Option<&Name>,
    ) -> Result<Assigned, Error> {
        ctx.scope.admit(network)?;
        let claims: Vec<_> = seats.iter().map(|seat| (gig, &seat.volunteer)).collect();
        self.prepare_ways(network, &claims, ctx.now).await;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let gig = load::gig_locked(&mut tx, &ctx.scope, network, gig).await?;
        tx.must_be_as_read(ctx, &gig).await?;
        let name = gig.full_name();
        let reason = reason.map_or("", Name::as_str);
        let asked = Claim { start, seats, source: ClaimSource::Quote, reason, roads: &self.roads, moved: None };
        let done = claim(&mut tx, ctx, gig, asked).await?;
        tx.finish(ctx, &name, &done).await?;
        Ok(done)
    }
}
