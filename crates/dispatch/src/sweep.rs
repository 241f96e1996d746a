//! What time does to gigs: those whose last window has closed unfilled are unmet; a held start that has passed is free again.

use domain::asking::Asking;
use domain::{
    Assignment, ClaimSource, EventKind, Gig, GigAction, GigState, Name, NetworkId, TimeWindow, Timestamp, WriteContext,
};
use jiff::SignedDuration;
use store::{Document, Filter, Tx};

use crate::guard::{Rest, guarded};
use crate::history::Entry;
use crate::offers::pending;
use crate::release::released;
use crate::roster::gather::holders;
use crate::{Dispatch, Error, asking, load};

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Gigs that are unmet now.
    pub unmet: u32,
    /// Gigs whose helper waited in vain for the other one and whose start is free again.
    pub freed: u32,
}

impl Dispatch {
    /// Closes the gigs of a network that can no longer be filled. Safe to call at any time.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's. What was closed before the error stays closed.
    pub async fn close_unmet(&self, ctx: &WriteContext, network: &NetworkId) -> Result<Swept, Error> {
        ctx.scope.admit(network)?;
        let wanted = Filter::any().state(GigState::Open.code()).state(GigState::Offered.code());
        let due: Vec<Gig> = {
            let mut tx = self.db.read().await?;
            let gigs = tx.all::<Gig>(network, &wanted).await?;
            let mut due = Vec::new();
            for gig in gigs {
                if is_over(&gig, ctx) || waited_in_vain(&mut tx, &gig, ctx).await? {
                    due.push(gig);
                }
            }
            due
        };
        let mut swept = Swept::default();
        let mut rest = Rest::default();
        for seen in due {
            if let Some(one) = rest.after(guarded(self.close(ctx, &seen)).await, "gig", &seen.id)? {
                swept.unmet += one.unmet;
                swept.freed += one.freed;
            }
        }
        rest.end(swept)
    }

    /// Closes one gig, or frees its start, if that is still due.
    async fn close(&self, ctx: &WriteContext, seen: &Gig) -> Result<Swept, Error> {
        let network = &seen.network;
        let mut swept = Swept::default();
        let mut tx = self.db.write().await?;
        let Some(mut gig) = tx.get_locked::<Gig>(network, &seen.id).await? else { return Ok(swept) };
        if !gig.state.wants_helpers() {
            return Ok(swept);
        }
        if is_over(&gig, ctx) {
            let state = load::after(&gig, GigAction::Close)?;
            let_go(&mut tx, ctx, &mut gig, "the gig's last window has closed").await?;
            gig.state = state;
            let asked = tx.get::<Asking>(network, &gig.id).await?.map(|asking| asking.start);
            let last = gig.windows.iter().map(TimeWindow::start).max();
            let told = Entry::new(EventKind::GigUnmet, gig.name());
            let told = asked.or(last).into_iter().fold(told, |told, start| told.with("start", start));
            told.write(&mut tx, ctx, network).await?;
            swept.unmet += 1;
        } else if waited_in_vain(&mut tx, &gig, ctx).await? {
            let_go(&mut tx, ctx, &mut gig, "the other helper was not found in time").await?;
            gig.start = None;
            gig.reopened += 1;
            Entry::new(EventKind::GigReopened, gig.name())
                .because("the other helper was not found in time")
                .write(&mut tx, ctx, network)
                .await?;
            swept.freed += 1;
            asking::resume(&mut tx, ctx, &gig).await?;
        } else {
            return Ok(swept);
        }
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        let step = WriteContext { request: None, ..ctx.clone() };
        tx.finish(&step, &gig.full_name(), &gig).await?;
        self.bell.ring();
        Ok(swept)
    }
}

/// Its last window has closed.
fn is_over(gig: &Gig, ctx: &WriteContext) -> bool {
    gig.last_end().is_none_or(|end| end <= ctx.now)
}

/// How long a volunteer who said yes to an offer waits for the other helper.
const WAIT: SignedDuration = SignedDuration::from_hours(24);
/// How long before the start they are told at the latest.
const WAIT_LEAD: SignedDuration = SignedDuration::from_hours(2);
/// They wait so long at least.
const WAIT_LEAST: SignedDuration = SignedDuration::from_mins(30);

/// Until when a helper waits for the other one: whom a coordinator has named, to the start; who said yes to an offer, a day at most.
fn waits_until(held: &Assignment) -> Timestamp {
    let start = held.span.start();
    if held.source != ClaimSource::Offer {
        return start;
    }
    // Who falls back to held because the other one left begins to wait then.
    let after = |wait: SignedDuration| held.update_time.checked_add(wait).unwrap_or(start);
    let lead = start.checked_sub(WAIT_LEAD).unwrap_or(start);
    after(WAIT).min(lead).max(after(WAIT_LEAST)).min(start)
}

/// Whether a start was agreed with the first of two helpers, who has waited long enough.
async fn waited_in_vain(tx: &mut Tx, gig: &Gig, ctx: &WriteContext) -> Result<bool, Error> {
    let Some(start) = gig.start else { return Ok(false) };
    if start <= ctx.now {
        return Ok(true);
    }
    let held = holders(tx, &gig.network, &gig.id).await?;
    Ok(held.iter().any(|one| waits_until(one) <= ctx.now))
}

/// Releases who is held and withdraws the offers.
async fn let_go(tx: &mut Tx, ctx: &WriteContext, gig: &mut Gig, why: &str) -> Result<(), Error> {
    pending::withdraw(tx, ctx, gig, why, |_| true).await?;
    for assignment in holders(tx, &gig.network.clone(), &gig.id).await? {
        released(tx, ctx, &assignment, Name::new(why).ok()).await?;
        let told = Entry::new(EventKind::HoldReleased, gig.name()).because(why).about(&assignment);
        told.write(tx, ctx, &gig.network).await?;
    }
    Ok(())
}
