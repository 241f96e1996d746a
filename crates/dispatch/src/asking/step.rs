//! One look at an asking: whom to ask now, when to look again, and when a person must decide.

use domain::asking::{Asking, AskingPolicy, AskingState, Suggestion};
use domain::offer::{Expectation, OfferState};
use domain::{
    Assignment, AssignmentState, EventKind, Gig, GigId, Meta, NetworkId, Offer, OfferId, Timestamp, VolunteerId,
    WriteContext,
};
use jiff::SignedDuration;
use matching::offer_policy::{self, AnswerLaw, Candidate, OfferPolicy, Search, Step, area, escalation, pace, waves};
use store::{Document, Filter, Tx};

use super::area::Areas;
use super::candidates::{Field, Ready, Wanted};
use super::store;
use crate::guard::guarded;
use crate::history::Entry;
use crate::offers::make::{Ask, lock, make};
use crate::{Dispatch, Error, load};

/// An asking is looked at again after so long at the latest.
const LOOK_MAX: SignedDuration = SignedDuration::from_mins(5);
/// A millionth.
const PPM: f64 = 1e6;

impl Dispatch {
    /// Looks at every asking of a network that is due. Answers how many offers were made; safe to call at any time.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's. What was asked before the error stays asked.
    pub async fn ask_due(&self, ctx: &WriteContext, network: &NetworkId) -> Result<u32, Error> {
        ctx.scope.admit(network)?;
        let due: Vec<GigId> = {
            let running = Filter::any().state(AskingState::Running.code());
            let all = self.db.read().await?.all::<Asking>(network, &running).await?;
            all.into_iter().filter(|asking| asking.next_time <= ctx.now).map(|asking| asking.id).collect()
        };
        if self.memories.has(network) || !due.is_empty() {
            let live = self.rosters.current(&self.db, network, ctx.now).await?;
            let is_there = |id: &VolunteerId| live.volunteer(id).is_some();
            self.memories.with(&self.db, network, ctx.now, |memory| memory.keep(is_there)).await?;
        }
        if due.is_empty() {
            return Ok(0);
        }
        let areas = self.areas(network, ctx.now).await?;
        let mut made = 0;
        for gig in due {
            match guarded(Box::pin(self.ask_for(ctx, network, &gig, &areas))).await {
                Ok(count) => made += count,
                // What stands in the way of one gig must not stop the others; a person must look at it.
                Err(Error::Refused(refusal)) => {
                    tracing::warn!(network.id = %network, gig.id = %gig, reason = refusal.reason.code(), "cannot ask for a gig");
                    self.give_up(ctx, network, &gig).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }

    async fn ask_for(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId, areas: &Areas) -> Result<u32, Error> {
        let live = self.rosters.current(&self.db, network, ctx.now).await?;
        let (gig, asking, made, stood) = {
            let mut tx = self.db.read().await?;
            let Some(gig) = tx.get::<Gig>(network, id).await? else { return Ok(0) };
            let Some(asking) = tx.get::<Asking>(network, id).await? else { return Ok(0) };
            let stood = tx.assignments_of_gig(network, id).await?;
            (gig, asking, tx.offers_of_gig(network, id, false).await?, stood)
        };
        if !gig.state.wants_helpers() {
            self.rewrite(ctx, &asking, |asking| (asking.state, asking.suggestion) = (AskingState::Over, None)).await?;
            return Ok(0);
        }
        if asking.start <= ctx.now {
            self.give_up(ctx, network, id).await?;
            return Ok(0);
        }
        if let Some(start) = gig.start.filter(|start| *start != asking.start) {
            // The first helper agreed on another start: the other one is asked for that.
            let (now, until) = (ctx.now, super::deadline(ctx.now, start));
            let follow = |asking: &mut Asking| {
                (asking.start, asking.deadline, asking.next_time) = (start, until, now);
                asking.begun_time = Some(now);
            };
            self.rewrite(ctx, &asking, follow).await?;
            return Ok(0);
        }
        // Whoever began it asks those they reach, and nobody else.
        let scope = ctx.scope.within(asking.association.as_ref());
        let gone = stood.iter().filter(|one| is_gone(one, asking.start)).map(|one| one.volunteer.clone()).collect();
        let wanted = Wanted { scope: &scope, gig: &gig, asking: &asking, made: &made, gone: &gone, now: ctx.now };
        let field = self.field(&live, wanted).await?;
        let (expected, answers, week) = self
            .memories
            .with(&self.db, network, ctx.now, |memory| {
                let expected: Vec<(Expectation, f64)> = field
                    .ready
                    .iter()
                    .map(|ready| {
                        let known = memory.known(&ready.volunteer, &gig.kind);
                        let known = Expectation {
                            days_since_gig: ready.days_since_gig,
                            knows_seeker: ready.knows_seeker,
                            channel: ready.channel,
                            ..known
                        };
                        let yes = memory.chance(&drafted(&gig, &asking, ready, ctx.now), &known);
                        (
                            Expectation { yes_ppm: ppm(yes), ..known },
                            memory.fatigue(&ready.volunteer, &ready.done, ctx.now),
                        )
                    })
                    .collect();
                (expected, memory.model.answers(), areas.week(&gig, memory.asks_of_week()))
            })
            .await?;
        let open_slots = free_slots(&gig, &stood);
        let search = search(&asking, &made, &field, open_slots.len(), &week, ctx.now);
        let step = decide(&asking, &search, &made, &field, &expected, &answers);
        let ctx = WriteContext { scope, ..ctx.clone() };
        self.carry_out(&ctx, &asking, &field, &expected, &open_slots, step).await
    }

    /// Makes the offers of a step and notes when to look again.
    async fn carry_out(
        &self,
        ctx: &WriteContext,
        seen: &Asking,
        field: &Field,
        expected: &[(Expectation, f64)],
        open_slots: &[u8],
        step: Step,
    ) -> Result<u32, Error> {
        let mut tx = self.db.write().await?;
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, &seen.network, &seen.id).await?;
        let Some(mut asking) = tx.get_locked::<Asking>(&seen.network, &seen.id).await? else { return Ok(0) };
        if asking.meta.version != seen.meta.version || !gig.state.wants_helpers() {
            // Changed meanwhile: the next look sees it.
            return Ok(0);
        }
        lock(&mut tx, &gig, step.ask.iter().map(|ask| &field.ready[ask.volunteer].volunteer)).await?;
        let mut made = 0_u32;
        for (ask, slot) in step.ask.iter().zip(open_slots.iter().cycle()) {
            let ready = &field.ready[ask.volunteer];
            let slot = if ready.slots.contains(slot) { *slot } else { ready.slots[0] };
            let (expectation, _) = expected[ask.volunteer];
            let wanted = Ask {
                id: None,
                slot,
                volunteer: ready.volunteer.clone(),
                start: Some(asking.start),
                expire_time: asking.start.min(asking.deadline.max(ctx.now + LOOK_MAX)),
                wave: asking.waves + 1,
                is_invited: false,
                expectation: Some(Expectation { propensity_ppm: ppm(ask.propensity), ..expectation }),
            };
            match make(&mut tx, ctx, &mut gig, wanted, &self.roads).await {
                Ok(_) => made += 1,
                // Something has changed since the look: somebody else is found by the next one.
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if made > 0 {
            load::store_gig(&mut tx, &mut gig, ctx.now).await?;
            asking.waves += 1;
        }
        let suggestion = step.escalation.as_ref().map(suggested);
        let latest = ctx.now.checked_add(LOOK_MAX).unwrap_or(ctx.now);
        let again = step.look_again_s.and_then(|at| Timestamp::from_second(at).ok());
        asking.next_time = again.map_or(latest, |again| again.clamp(ctx.now + SignedDuration::from_secs(1), latest));
        if again.is_none() && made == 0 {
            asking.state = AskingState::Exhausted;
        }
        if suggestion.is_some() && asking.suggestion.is_none() || asking.state == AskingState::Exhausted {
            asking.suggestion = suggestion.or(asking.suggestion).or(Some(Suggestion::OtherTime));
            exhausted(&mut tx, ctx, &asking).await?;
        }
        store(&mut tx, ctx, &mut asking).await?;
        let step = WriteContext { request: None, ..ctx.clone() };
        tx.finish(&step, &gig.full_name(), &asking).await?;
        Ok(made)
    }

    /// Changes an asking, unless somebody else has meanwhile: then the next look sees that.
    async fn rewrite(&self, ctx: &WriteContext, seen: &Asking, change: impl FnOnce(&mut Asking)) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let known = tx.get_locked::<Asking>(&seen.network, &seen.id).await?;
        let Some(mut asking) = known.filter(|known| known.meta.version == seen.meta.version) else { return Ok(()) };
        change(&mut asking);
        store(&mut tx, ctx, &mut asking).await?;
        let step = WriteContext { request: None, ..ctx.clone() };
        tx.finish(&step, &format!("networks/{}/gigs/{}", seen.network, seen.id), &asking).await?;
        Ok(())
    }

    /// Nothing more can be done by itself: a person is told.
    async fn give_up(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let Some(mut asking) = tx.get_locked::<Asking>(network, id).await? else { return Ok(()) };
        if asking.state == AskingState::Running {
            asking.state = AskingState::Exhausted;
            asking.suggestion = Some(Suggestion::OtherTime);
            exhausted(&mut tx, ctx, &asking).await?;
            store(&mut tx, ctx, &mut asking).await?;
            let step = WriteContext { request: None, ..ctx.clone() };
            tx.finish(&step, &format!("networks/{network}/gigs/{id}"), &asking).await?;
        }
        Ok(())
    }
}

async fn exhausted(tx: &mut Tx, ctx: &WriteContext, asking: &Asking) -> Result<(), Error> {
    let entry = Entry::new(EventKind::AskingExhausted, format!("gigs/{}", asking.id));
    let entry = match asking.suggestion {
        Some(suggestion) => entry.with("suggestion", suggestion.code()),
        None => entry,
    };
    // While it is still running, the suggestion is only a hint that it may end so.
    let entry = entry.with("state", asking.state.code()).with("start", asking.start).with("deadline", asking.deadline);
    entry.with("waves", asking.waves).write(tx, ctx, &asking.network).await
}

fn suggested(escalation: &offer_policy::Escalation) -> Suggestion {
    match escalation.suggestions.first() {
        Some(escalation::Suggestion::WiderRadius { .. }) => Suggestion::WiderRadius,
        Some(escalation::Suggestion::Coordinator) => Suggestion::AssociationCoordinator,
        Some(escalation::Suggestion::OtherTime { .. }) | None => Suggestion::OtherTime,
    }
}

/// Whether somebody had a slot of the gig and is not asked for it again: they gave it back, or were let go at the start that is asked for. A
/// coordinator may still ask who was let go.
fn is_gone(one: &Assignment, start: Timestamp) -> bool {
    one.is_given_back || (one.state == AssignmentState::Released && one.span.start() == start)
}

/// The slots that nobody holds.
pub(super) fn free_slots(gig: &Gig, stood: &[Assignment]) -> Vec<u8> {
    let slots = 0..u8::try_from(gig.slots.len()).unwrap_or(u8::MAX);
    let is_held = |slot: u8| stood.iter().any(|one| one.state.is_active() && one.slot == slot);
    slots.filter(|slot| !is_held(*slot)).collect()
}

fn search(
    asking: &Asking,
    made: &[Offer],
    field: &Field,
    open_slots: usize,
    week: &area::Week,
    now: Timestamp,
) -> Search {
    let asks = made.iter().filter(|offer| offer.was_told() || offer.state != OfferState::Withdrawn).count();
    Search {
        now_s: now.as_second(),
        opened_s: asking.begun().as_second(),
        deadline_s: asking.deadline.as_second(),
        open_slots,
        more_from_s: field.more_from.map(Timestamp::as_second),
        asks_left: area::Settings::default().asks_left(week, asks),
        beyond: field.beyond,
        seed: asking
            .id
            .as_str()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
    }
}

fn decide(
    asking: &Asking,
    search: &Search,
    made: &[Offer],
    field: &Field,
    expected: &[(Expectation, f64)],
    answers: &AnswerLaw,
) -> Step {
    let policy = match asking.policy {
        AskingPolicy::Paced => OfferPolicy::Paced(pace::Settings::default()),
        AskingPolicy::WavesOfTwo => OfferPolicy::Waves(waves::Settings::default()),
    };
    // Those who were asked come behind those who could be: their numbers only tell them apart.
    let asked: Vec<offer_policy::Asked> = made
        .iter()
        .enumerate()
        .map(|(at, offer)| offer_policy::Asked {
            volunteer: field.ready.len() + at,
            asked_s: offer.meta.create_time.as_second(),
            yes: hoped(offer),
            is_silent: offer.state.is_open(),
        })
        .collect();
    let candidates: Vec<Candidate> = expected
        .iter()
        .enumerate()
        .map(|(volunteer, (known, fatigue))| Candidate {
            volunteer,
            yes: f64::from(known.yes_ppm) / PPM,
            fatigue: *fatigue,
            awaits_first_gig: known.days_since_gig.is_none(),
        })
        .collect();
    policy.step(search, &asked, &candidates, answers)
}

/// The hope that was put into an offer, as a chance: none into one that was never told, and one that got its yes has had its slot.
fn hoped(offer: &Offer) -> f64 {
    let is_spent = match offer.state {
        OfferState::Accepted => true,
        OfferState::Withdrawn => !offer.was_told(),
        _ => false,
    };
    if is_spent { 0.0 } else { offer.expectation.map_or(0.15, |known| f64::from(known.yes_ppm) / PPM) }
}

/// An offer as it would be made, for the model.
fn drafted(gig: &Gig, asking: &Asking, ready: &Ready, now: Timestamp) -> Offer {
    Offer {
        network: gig.network.clone(),
        id: OfferId::from_uuid(uuid::Uuid::nil()),
        gig: gig.id.clone(),
        kind: Some(gig.kind.clone()),
        slot: ready.slots[0],
        volunteer: ready.volunteer.clone(),
        start: asking.start,
        expire_time: asking.deadline,
        wave: asking.waves + 1,
        travel_s: ready.travel_s,
        expectation: None,
        state: OfferState::Pending,
        sent_time: None,
        delivered_time: None,
        answer_time: None,
        decline_reason: None,
        other_start: None,
        stands_by: false,
        is_invited: false,
        undone: 0,
        meta: Meta::created(now),
    }
}

fn ppm(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * PPM).round() as u32
}

#[cfg(test)]
mod tests {
    use matching::offer_policy::area::Week;
    use store::conformance::sample;

    use super::{Asking, Field, Offer, OfferState, hoped, search};

    #[test]
    fn no_hope_is_counted_for_who_took_a_slot_or_was_never_told() {
        let network = domain::NetworkId::new("kouvola").expect("id");
        let offer = |state, sent_time| Offer {
            state,
            sent_time,
            delivered_time: None,
            ..sample::offer(&network, "00000000-0000-7000-8000-000000000001")
        };
        let sent = Some(sample::minute(1));
        for (offer, hope) in [
            (offer(OfferState::Accepted, sent), 0.0),
            (offer(OfferState::Withdrawn, None), 0.0),
            (offer(OfferState::Withdrawn, sent), 0.15),
            (offer(OfferState::Pending, None), 0.15),
            (offer(OfferState::Declined, sent), 0.15),
            (offer(OfferState::Expired, sent), 0.15),
        ] {
            assert!((hoped(&offer) - hope).abs() < 1e-9, "{offer:?}");
        }
    }

    #[test]
    fn a_search_that_goes_on_begins_when_it_was_last_begun() {
        let network = domain::NetworkId::new("kouvola").expect("id");
        let asking = Asking { begun_time: Some(sample::minute(20)), ..sample::asking(&network, "g1") };
        let week = Week { gigs: 1, asks: 0, filled: 1.0, filled_in_network: 1.0 };
        let of = |asking: &Asking| search(asking, &[], &Field::default(), 1, &week, sample::minute(25)).opened_s;
        assert_eq!(of(&asking), sample::minute(20).as_second(), "so that ten minutes to the deadline are urgent");
        assert_eq!(of(&Asking { begun_time: None, ..asking }), sample::minute(0).as_second(), "a row of before");
    }
}
