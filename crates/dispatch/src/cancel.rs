//! A gig is called off: every helper is released, every offer withdrawn.

use domain::{EventKind, GigAction, GigId, Name, NetworkId, WriteContext};
use store::Document;

use crate::assign::Assigned;
use crate::history::Entry;
use crate::offers::pending;
use crate::release::released;
use crate::roster::gather::holders;
use crate::{Dispatch, Error, load};

impl Dispatch {
    /// Calls a gig off, for a reason in task words.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` once it has ended, `ETAG_MISMATCH` if it is not as read, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn cancel(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &GigId,
        reason: Option<Name>,
    ) -> Result<Assigned, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, network, id).await?;
        tx.must_be_as_read(ctx, &gig).await?;
        let state = load::after(&gig, GigAction::Cancel)?;
        pending::withdraw(&mut tx, ctx, &mut gig, "the gig was cancelled", |_| true).await?;
        let mut assignments = Vec::new();
        for assignment in holders(&mut tx, network, id).await? {
            assignments.push(released(&mut tx, ctx, &assignment, reason.clone()).await?);
        }
        let helpers: Vec<&str> = assignments.iter().map(|assignment| assignment.volunteer.as_str()).collect();
        let mut entry = Entry::new(EventKind::GigCancelled, gig.name())
            .because(reason.as_ref().map(ToString::to_string).unwrap_or_default())
            .with("from", gig.state)
            .with("volunteers", helpers.join(","));
        if let Some(start) = gig.start {
            entry = entry.with("start", start);
        }
        entry.write(&mut tx, ctx, network).await?;
        gig.state = state;
        gig.cancel_reason = reason;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        let name = gig.full_name();
        let done = Assigned { gig, assignments };
        tx.finish(ctx, &name, &done).await?;
        Ok(done)
    }
}
