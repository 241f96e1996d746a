//! What time does to gigs: those whose last window has closed unfilled are unmet; a held start that has passed is free again.

use domain::{EventKind, Gig, GigAction, GigState, Name, NetworkId, WriteContext};
use store::{Document, Filter, Tx};

use crate::history::Entry;
use crate::offers::pending;
use crate::release::released;
use crate::roster::gather::holders;
use crate::{Dispatch, Error, load};

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
            gigs.into_iter().filter(|gig| is_over(gig, ctx) || waited_in_vain(gig, ctx)).collect()
        };
        let mut swept = Swept::default();
        for seen in due {
            let mut tx = self.db.write().await?;
            let Some(mut gig) = tx.get_locked::<Gig>(network, &seen.id).await? else { continue };
            if !gig.state.wants_helpers() {
                continue;
            }
            if is_over(&gig, ctx) {
                let state = load::after(&gig, GigAction::Close)?;
                let_go(&mut tx, ctx, &mut gig, "the gig's last window has closed").await?;
                gig.state = state;
                Entry::new(EventKind::GigUnmet, gig.name()).write(&mut tx, ctx, network).await?;
                swept.unmet += 1;
            } else if waited_in_vain(&gig, ctx) {
                let_go(&mut tx, ctx, &mut gig, "the other helper was not found in time").await?;
                gig.start = None;
                gig.reopened += 1;
                Entry::new(EventKind::GigReopened, gig.name())
                    .because("the other helper was not found in time")
                    .write(&mut tx, ctx, network)
                    .await?;
                swept.freed += 1;
            } else {
                continue;
            }
            load::store_gig(&mut tx, &mut gig, ctx.now).await?;
            let step = WriteContext { request: None, ..ctx.clone() };
            tx.finish(&step, &gig.full_name(), &gig).await?;
        }
        Ok(swept)
    }
}

/// Its last window has closed.
fn is_over(gig: &Gig, ctx: &WriteContext) -> bool {
    gig.last_end().is_none_or(|end| end <= ctx.now)
}

/// A start was agreed with the first of two helpers, and has passed.
fn waited_in_vain(gig: &Gig, ctx: &WriteContext) -> bool {
    gig.start.is_some_and(|start| start <= ctx.now)
}

/// Releases who is held and withdraws the offers.
async fn let_go(tx: &mut Tx, ctx: &WriteContext, gig: &mut Gig, why: &str) -> Result<(), Error> {
    pending::withdraw(tx, ctx, gig, why, |_| true).await?;
    for assignment in holders(tx, &gig.network.clone(), &gig.id).await? {
        released(tx, ctx, &assignment, Name::new(why).ok()).await?;
    }
    Ok(())
}
