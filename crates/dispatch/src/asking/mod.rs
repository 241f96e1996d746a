//! Asking by itself (tarjoukset aalloissa): for a gig that a coordinator hands over, offers go to the right few, a few at a time, until it is
//! filled or nobody is left to ask.
//!
//! Who *may* be asked now is decided here, by the hard rules and by what each volunteer agreed to; how many, in which order and how fast
//! is `matching::offer_policy`. What it believes about a yes is learnt from every offer that ended ([`memory`]).

mod area;
mod begin;
mod bell;
mod candidates;
mod memory;
mod outlook;
mod step;
mod tiredness;

pub use begin::{Begun, NewAsking};
pub(crate) use begin::{Terms, begin};
pub(crate) use bell::Bell;
pub(crate) use memory::Memories;
#[cfg(test)]
pub(crate) use memory::Memory;
pub use outlook::Outlook;

use domain::asking::{Asking, AskingState};
use domain::{EventKind, Gig, GigId, NetworkId, Refusal, Scope, Timestamp, WriteContext};
use jiff::SignedDuration;
use store::Tx;

use crate::history::Entry;
use crate::{Dispatch, Error, load};

/// Those who stand by are waited for so long before others are asked.
const STAND_BY_LEAD: SignedDuration = SignedDuration::from_mins(20);

impl Dispatch {
    /// The asking for a gig. It is over from the moment on at which the gig wants nobody any more, however long the next look at it takes.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` if the gig or its asking is not there or out of reach, or the store's.
    pub async fn get_asking(&self, scope: &Scope, network: &NetworkId, gig: &GigId) -> Result<Asking, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let wants_helpers = load::gig(&mut tx, scope, network, gig).await?.state.wants_helpers();
        let mut asking = tx.get::<Asking>(network, gig).await?.ok_or_else(|| missing(network, gig))?;
        if asking.state == AskingState::Running && !wants_helpers {
            (asking.state, asking.suggestion) = (AskingState::Over, None);
        }
        Ok(asking)
    }

    /// Stops the asking for a gig: nobody else is asked. Offers that are out stay; each can be withdrawn.
    ///
    /// # Errors
    /// As [`Dispatch::get_asking`].
    pub async fn stop_asking(&self, ctx: &WriteContext, network: &NetworkId, gig: &GigId) -> Result<Asking, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        load::gig_locked(&mut tx, &ctx.scope, network, gig).await?;
        let mut asking = tx.get_locked::<Asking>(network, gig).await?.ok_or_else(|| missing(network, gig))?;
        if asking.state != AskingState::Stopped {
            asking.state = AskingState::Stopped;
            store(&mut tx, ctx, &mut asking).await?;
            Entry::new(EventKind::AskingStopped, format!("gigs/{gig}")).write(&mut tx, ctx, network).await?;
        }
        tx.finish(ctx, &format!("networks/{network}/gigs/{gig}"), &asking).await?;
        Ok(asking)
    }
}

fn missing(network: &NetworkId, gig: &GigId) -> Refusal {
    Refusal::not_found("asking", format!("networks/{network}/gigs/{gig}"))
}

/// Stores a changed asking: one version up.
async fn store(tx: &mut Tx, ctx: &WriteContext, asking: &mut Asking) -> Result<(), Error> {
    let from = asking.meta.version;
    asking.meta = asking.meta.changed(ctx.now);
    if tx.update(asking, from).await? { Ok(()) } else { Err(load::changed_meanwhile().into()) }
}

/// A no frees its share at once: the asking looks again now.
pub(crate) async fn look_now(tx: &mut Tx, ctx: &WriteContext, gig: &Gig) -> Result<(), Error> {
    let running = tx.get_locked::<Asking>(&gig.network, &gig.id).await?;
    if let Some(mut asking) = running.filter(|asking| asking.state == AskingState::Running) {
        asking.next_time = ctx.now;
        store(tx, ctx, &mut asking).await?;
    }
    Ok(())
}

/// A helper has dropped out: the asking goes on, unless a coordinator had stopped it. Those who stood by have a start.
pub(crate) async fn resume(tx: &mut Tx, ctx: &WriteContext, gig: &Gig) -> Result<(), Error> {
    let Some(mut asking) = tx.get_locked::<Asking>(&gig.network, &gig.id).await? else { return Ok(()) };
    if asking.state == AskingState::Stopped || asking.start <= ctx.now {
        return Ok(());
    }
    let has_open = !crate::offers::pending::of_gig(tx, gig).await?.is_empty();
    let after = |wait: SignedDuration| ctx.now.checked_add(wait).unwrap_or(ctx.now);
    asking.state = AskingState::Running;
    asking.suggestion = None;
    asking.begun_time = Some(ctx.now);
    asking.next_time = if has_open { after(STAND_BY_LEAD) } else { ctx.now };
    asking.deadline = asking.deadline.max(deadline(ctx.now, asking.start));
    store(tx, ctx, &mut asking).await
}

/// How long before a start the answer should be there.
const LEAD: SignedDuration = SignedDuration::from_hours(2);

/// When the answer should be there: two hours before the start, or half way to it where it is near.
pub(crate) fn deadline(now: Timestamp, start: Timestamp) -> Timestamp {
    let left = start.duration_since(now);
    let lead = LEAD.min(left / 2);
    start.checked_sub(lead).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::deadline;

    #[test]
    fn the_deadline_leaves_time_to_ring_around() {
        let at = |text: &str| text.parse().expect("instant");
        let now = at("2026-11-23T08:00:00Z");
        assert_eq!(deadline(now, at("2026-11-23T18:00:00Z")), at("2026-11-23T16:00:00Z"));
        assert_eq!(deadline(now, at("2026-11-23T10:00:00Z")), at("2026-11-23T09:00:00Z"));
    }
}
