//! A gig is changed: everything while nobody has been promised, texts until it ends.

use domain::{EventKind, Gig, NetworkId, Reason, Refusal, WriteContext};
use store::{Document, Tx};

use super::rules::{self, References};
use super::whole_seconds;
use crate::history::Entry;
use crate::offers::pending;
use crate::roster::gather::holders;
use crate::{Assigned, Dispatch, Error, load};

impl Dispatch {
    /// Stores a gig's changed fields. State, start, count of reopenings, cancel reason and times are the service's own: what the
    /// caller says of them is not looked at. What matching looks at changes only while the gig wants helpers and nobody is held;
    /// pending offers are withdrawn then, as they offered something else. The answer has the assignments of the same moment, so that
    /// a repeat says nothing of what came after.
    ///
    /// # Errors
    /// `FIELDS_INVALID`, `OUT_OF_SCOPE`, `GIG_STATE_ILLEGAL`, `ETAG_MISMATCH`, `EXTERNAL_ID_EXISTS`, `RESOURCE_NOT_FOUND`, or the
    /// store's.
    pub async fn update_gig(&self, ctx: &WriteContext, changed: Gig) -> Result<Assigned, Error> {
        let network: NetworkId = changed.network.clone();
        ctx.scope.admit(&network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let stored = load::gig_locked(&mut tx, &ctx.scope, &network, &changed.id).await?;
        tx.must_be_as_read(ctx, &stored).await?;
        let gig = change(&mut tx, ctx, stored, changed).await?;
        let mut assignments = tx.assignments_of_gig(&network, &gig.id).await?;
        assignments.retain(|assignment| assignment.state.counts());
        let done = Assigned { gig, assignments };
        tx.finish(ctx, &done.gig.full_name(), &done).await?;
        Ok(done)
    }
}

/// Checks and stores a changed gig whose row is locked; nothing is written if nothing changes.
pub(super) async fn change(tx: &mut Tx, ctx: &WriteContext, stored: Gig, mut changed: Gig) -> Result<Gig, Error> {
    changed.windows = changed.windows.iter().map(whole_seconds).collect();
    let mut gig = Gig {
        state: stored.state,
        start: stored.start,
        reopened: stored.reopened,
        other_hours: stored.other_hours.clone(),
        noes: stored.noes.clone(),
        cancel_reason: stored.cancel_reason.clone(),
        meta: stored.meta,
        ..changed
    };
    let mut sorted = gig.windows.clone();
    sorted.sort();
    if (Gig { windows: sorted.clone(), ..gig.clone() }) == stored {
        return Ok(stored);
    }
    if stored.state.is_final() {
        return Err(load::illegal(&stored).into());
    }
    let references = References::find(tx, &ctx.scope, &gig.network, &gig.kind, &gig.seeker).await?;
    let mut violations = rules::check(&gig, &references, &stored.windows, ctx.now);
    rules::association(tx, &ctx.scope, &gig, &mut violations).await?;
    let kind = violations.into_result(references.kind)?;
    rules::within_scope(&gig, &kind)?;
    gig.windows = sorted;
    if matching_differs(&stored, &gig) {
        let free = stored.state.wants_helpers() && holders(tx, &gig.network, &gig.id).await?.is_empty();
        if !free {
            let detail = "somebody is promised for the gig: release first, or change texts only";
            return Err(Refusal::new(Reason::GigStateIllegal, detail).with("state", stored.state).into());
        }
        pending::withdraw(tx, ctx, &mut gig, "the gig was changed", |_| true).await?;
        gig.other_hours.clear();
    }
    if let Some(external_id) = &gig.external_id
        && gig.external_id != stored.external_id
        && tx.by_external_id::<Gig>(&gig.network, external_id).await?.is_some()
    {
        return Err(super::create::external_id_taken().into());
    }
    load::store_gig(tx, &mut gig, ctx.now).await?;
    Entry::new(EventKind::Updated, gig.name()).write(tx, ctx, &gig.network).await?;
    Ok(gig)
}

/// Whether anything differs that decides who could come, and when.
pub(super) fn matching_differs(a: &Gig, b: &Gig) -> bool {
    (&a.kind, &a.seeker, &a.place, &a.destination, &a.windows, a.duration_s, &a.slots, &a.languages)
        != (&b.kind, &b.seeker, &b.place, &b.destination, &b.windows, b.duration_s, &b.slots, &b.languages)
}
