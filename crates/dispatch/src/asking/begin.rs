//! A coordinator hands a gig over to be asked for.

use domain::asking::{Asking, AskingPolicy, AskingState};
use domain::{EventKind, Gig, GigId, Meta, NetworkId, Reason, Refusal, Seeker, Timestamp, WriteContext};
use serde::{Deserialize, Serialize};
use store::{Document, Inserted, Tx};

use super::{deadline, store};
use crate::claim::allowed_start;
use crate::history::Entry;
use crate::offers::pending;
use crate::quote::QuoteFor;
use crate::roster::is_mediated;
use crate::{Dispatch, Error, load};

/// What is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAsking {
    /// The network.
    pub network: NetworkId,
    /// The gig.
    pub gig: GigId,
    /// How people are chosen.
    pub policy: AskingPolicy,
    /// The start that is offered; none takes the agreed one, else the one that is asked for now, else the first choice of a quote.
    pub start: Option<Timestamp>,
    /// When a yes must be in; none keeps that of a running asking for the same start, else takes two hours before the start, or half way.
    pub deadline: Option<Timestamp>,
    /// Whether it takes the place of an asking for another start, and of its open offers.
    pub replaces: bool,
}

/// An asking that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The asking, running.
    #[serde(flatten)]
    pub asking: Asking,
    /// Open offers for other starts that were taken back.
    #[serde(default)]
    pub withdrawn: u32,
}

/// How a gig is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) policy: AskingPolicy,
    /// The start that is offered, allowed by the gig.
    pub(crate) start: Timestamp,
    /// When a yes must be in: after now and not after the start.
    pub(crate) deadline: Timestamp,
    /// When it is looked for people, the first time.
    pub(crate) next_time: Timestamp,
    /// Whether a first wave has gone out with it.
    pub(crate) has_asked: bool,
}

/// Begins, or begins anew, to ask for a gig that is locked and wants helpers.
pub(crate) async fn begin(tx: &mut Tx, ctx: &WriteContext, gig: &Gig, terms: Terms) -> Result<Asking, Error> {
    let Terms { policy, start, deadline, next_time, has_asked } = terms;
    let known = tx.get_locked::<Asking>(&gig.network, &gig.id).await?;
    let mut asking = Asking {
        network: gig.network.clone(),
        id: gig.id.clone(),
        association: ctx.scope.association().cloned(),
        policy,
        start,
        begun_time: Some(ctx.now),
        deadline,
        waves: known.as_ref().map_or(0, |known| known.waves) + u32::from(has_asked),
        next_time,
        state: AskingState::Running,
        suggestion: None,
        meta: known.as_ref().map_or_else(|| Meta::created(ctx.now), |known| known.meta),
    };
    match known {
        Some(_) => store(tx, ctx, &mut asking).await?,
        None if tx.insert(&asking).await? == Inserted::Done => {}
        None => return Err(load::changed_meanwhile().into()),
    }
    Entry::new(EventKind::AskingStarted, gig.name())
        .with("policy", asking.policy.code())
        .with("start", start)
        .with("deadline", deadline)
        .write(tx, ctx, &gig.network)
        .await?;
    Ok(asking)
}

impl Dispatch {
    /// Begins to ask for a gig, or begins anew with another start, deadline or policy. Whoever begins asks those they reach: a coordinator
    /// their association's volunteers, the city everybody. Another start than the one that is asked for now must be said to replace it: the
    /// open offers for that are withdrawn, and who was asked for it may be asked again, but for those who said no. At the same start the
    /// deadline stays where no other is named.
    ///
    /// # Errors
    /// `ASKING_RUNS` for another start that is not said to replace, `GIG_STATE_ILLEGAL` if it wants no helpers or a coordinator relays for
    /// its seeker, `START_NOT_ALLOWED`, `FIELDS_INVALID` for a deadline that is not ahead or after the start, `RESOURCE_NOT_FOUND`, or the
    /// store's.
    pub async fn start_asking(&self, ctx: &WriteContext, new: NewAsking) -> Result<Begun, Error> {
        let network = &new.network;
        ctx.scope.admit(network)?;
        // A repeat is answered as it was, though nobody could be looked for any more.
        if let Some(done) = self.db.read().await?.replay(ctx).await? {
            return Ok(done);
        }
        let wished = match new.start {
            Some(start) => Some(start),
            None => self.usual_start(ctx, network, &new.gig).await?,
        };
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, network, &new.gig).await?;
        if !gig.state.wants_helpers() {
            return Err(load::illegal(&gig).into());
        }
        let seeker = tx.get::<Seeker>(network, &gig.seeker).await?;
        if seeker.as_ref().is_some_and(is_mediated) {
            let detail = "a coordinator relays for this seeker: name the helpers by hand";
            return Err(Refusal::new(Reason::GigStateIllegal, detail).with("gig", &gig.id).into());
        }
        let start = allowed_start(&gig, wished.or(gig.start), ctx.now)?;
        // Who only changes the policy keeps the deadline that was named before.
        let known = tx.get_locked::<Asking>(network, &gig.id).await?;
        let kept = known.filter(|asking| asking.state == AskingState::Running && asking.start == start);
        let kept = kept.map(|asking| asking.deadline).filter(|deadline| *deadline > ctx.now);
        let until = new.deadline.or(kept).unwrap_or_else(|| deadline(ctx.now, start));
        if until <= ctx.now || until > start {
            return Err(Refusal::field("deadline", "must lie after now and not after the start").into());
        }
        let withdrawn = pending::count_other_starts(&mut tx, &gig, start).await?;
        if !new.replaces && gig.start.is_none() {
            must_not_move(&mut tx, ctx, &gig, start, withdrawn).await?;
        }
        if pending::withdraw_other_starts(&mut tx, ctx, &mut gig, start).await? {
            load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        }
        let terms = Terms { policy: new.policy, start, deadline: until, next_time: ctx.now, has_asked: false };
        let asking = begin(&mut tx, ctx, &gig, terms).await?;
        let done = Begun { asking, withdrawn };
        tx.finish(ctx, &gig.full_name(), &done).await?;
        self.bell.ring();
        Ok(done)
    }

    /// The start that is offered where none is named: the one that is asked for now, else the first choice of a quote.
    async fn usual_start(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        gig: &GigId,
    ) -> Result<Option<Timestamp>, Error> {
        let (known, asking) = {
            let mut tx = self.db.read().await?;
            (load::gig(&mut tx, &ctx.scope, network, gig).await?, tx.get::<Asking>(network, gig).await?)
        };
        let asked = asking.filter(|asking| asking.state == AskingState::Running).map(|asking| asking.start);
        if let Some(start) = asked.filter(|start| allowed_start(&known, Some(*start), ctx.now).is_ok()) {
            return Ok(Some(start));
        }
        let quote = self.quote(&ctx.scope, network, QuoteFor::Stored(gig.clone()), 1, ctx.now).await?;
        let none =
            || Refusal::new(Reason::StartNotAllowed, "nobody could come at any start: see explain").with("gig", gig);
        Ok(Some(quote.first_choice().ok_or_else(none)?))
    }
}

/// Another start than the one that is asked for now takes offers back that people may be about to answer: that must be meant.
async fn must_not_move(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &Gig,
    start: Timestamp,
    withdrawn: u32,
) -> Result<(), Error> {
    let known = tx.get_locked::<Asking>(&gig.network, &gig.id).await?;
    let is_moved = |asking: &Asking| {
        asking.start != start && (withdrawn > 0 || asking.state == AskingState::Running && asking.start > ctx.now)
    };
    let Some(asking) = known.filter(is_moved) else { return Ok(()) };
    let detail = "the gig is being asked for at another start, whose open offers would be taken back";
    let refusal = Refusal::new(Reason::AskingRuns, detail).with("gig", &gig.id).with("start", asking.start);
    Err(refusal.with("open_offers", withdrawn).into())
}
