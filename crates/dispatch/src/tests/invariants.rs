//! Whatever happens in whatever order: no double booking, no half-filled pair, caps kept.

use std::collections::BTreeMap;

use domain::offer::{Decline, OfferState};
use domain::plan::PlanState;
use domain::{Assignment, Gig, Offer, Timestamp, Volunteer};
use jiff::SignedDuration;
use store::{AssignmentFilter, Filter, PageRequest};

use super::builders::*;
use crate::gigs::{GigFilter, NewGig};
use crate::offers::NewOffer;
use crate::plans::{Applying, NewPlan};
use crate::roster::frame::local_day;
use crate::{Error, Seat};

/// A small generator of numbers: the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }
}

async fn gigs(house: &House) -> Vec<Gig> {
    let page = PageRequest::first(1000);
    house.dispatch.list_gigs(&city(), &network(), &GigFilter::default(), &page).await.expect("gigs").items
}

async fn assignments(house: &House) -> Vec<Assignment> {
    let (filter, page) = (AssignmentFilter::default(), PageRequest::first(1000));
    house.dispatch.list_assignments(&city(), &network(), &filter, &page).await.expect("assignments").items
}

async fn pending(house: &House) -> Vec<Offer> {
    let (filter, page) = (Filter::any().state(OfferState::Pending.code()), PageRequest::first(1000));
    house.dispatch.list_offers(&city(), &network(), &filter, &page).await.expect("offers").items
}

/// A refusal is an answer like any other; anything else is a fault.
fn answered<T>(result: Result<T, Error>) {
    if let Err(Error::Store(error)) = result {
        panic!("the store failed: {error}");
    }
}

/// One random thing happens at a time.
async fn happen(house: &House, dice: &mut Dice, now: Timestamp, step: usize) {
    let (ctx, net) = (ctx_at(now), network());
    let (all, taken, offers) = (gigs(house).await, assignments(house).await, pending(house).await);
    let volunteer = parse(&format!("v{}", dice.below(6)));
    let start = |dice: &mut Dice, gig: &Gig| {
        let slack = gig.windows[0].duration() - SignedDuration::from_secs(i64::from(gig.duration_s));
        gig.start
            .unwrap_or(gig.windows[0].start() + SignedDuration::from_mins(dice.below(5) as i64 * slack.as_mins() / 4))
    };
    match dice.below(14) {
        0..3 => {
            let (from, two) = (8 + dice.below(5) as i64, dice.below(3) == 0);
            let kind = if dice.below(3) == 0 { "call" } else { "shopping" };
            let asked = NewGig {
                id: Some(parse(&format!("g{step}"))),
                slots: vec![domain::Slot::default(); 1 + usize::from(two)],
                ..new(kind, if dice.below(2) == 0 { "s1" } else { "s2" }, from, from + 3)
            };
            answered(house.dispatch.create_gig(&ctx, asked).await);
        }
        3..6 => {
            let Some(gig) = dice.pick(&all) else { return };
            let seat = Seat { slot: dice.below(2) as u8, volunteer };
            let at = start(dice, gig);
            answered(house.dispatch.assign_volunteer(&ctx, &net, &gig.id, Some(at), &[seat], None).await);
        }
        6 => {
            let Some(gig) = dice.pick(&all) else { return };
            answered(house.dispatch.claim_gig(&ctx, &net, &gig.id, &volunteer, None, None).await);
        }
        7 => {
            let Some(assignment) = dice.pick(&taken) else { return };
            answered(house.dispatch.release(&ctx, &net, &assignment.id, None).await);
        }
        8 => {
            let Some(gig) = dice.pick(&all) else { return };
            match dice.below(4) {
                0 => answered(house.dispatch.cancel(&ctx, &net, &gig.id, None).await),
                1 => answered(house.dispatch.start(&ctx, &net, &gig.id).await),
                2 => answered(house.dispatch.complete(&ctx, &net, &gig.id).await),
                _ => answered(house.dispatch.update_gig(&ctx, Gig { priority: 5, ..gig.clone() }).await),
            }
        }
        9..11 => {
            let Some(gig) = dice.pick(&all) else { return };
            let expire_time = now + SignedDuration::from_mins(10 + dice.below(60) as i64);
            let slot = dice.below(gig.slots.len()) as u8;
            let asked = NewOffer {
                network: net,
                id: None,
                gig: gig.id.clone(),
                slot,
                volunteer,
                start: Some(start(dice, gig)),
                expire_time,
            };
            answered(house.dispatch.make_offer(&ctx, asked).await);
        }
        11 => {
            let Some(offer) = dice.pick(&offers) else { return };
            match dice.below(3) {
                0 => answered(house.dispatch.decline_offer(&ctx, &net, &offer.id, Decline::NotThisTime).await),
                _ => answered(house.dispatch.accept_offer(&ctx, &net, &offer.id).await),
            }
        }
        12 => {
            answered(house.dispatch.expire_offers(&ctx, &net).await);
            answered(house.dispatch.close_unmet(&ctx, &net).await);
        }
        _ => rematch(house, dice, now, step).await,
    }
}

async fn rematch(house: &House, dice: &mut Dice, now: Timestamp, step: usize) {
    let (ctx, net, id) = (ctx_at(now), network(), parse(&format!("p{step}")));
    let new = NewPlan {
        network: net.clone(),
        id: Some(parse(&format!("p{step}"))),
        period: domain::TimeWindow::new(now, now + SignedDuration::from_hours(72)).expect("period"),
        budget_ms: 500,
        seed: step as u64,
        allow_moving_promises: dice.below(3) == 0,
        promise_cost: None,
    };
    house.dispatch.create_plan(&ctx, new).await.expect("no other runs");
    let mut watch = house.dispatch.watch_plan(&city(), &net, &id).await.expect("watch");
    let mut last = None;
    while let Some(plan) = watch.next().await.expect("next") {
        last = Some(plan);
    }
    let plan = last.expect("a plan");
    assert_eq!(plan.state, PlanState::Ready, "{:?}", plan.failure);
    if dice.below(4) > 0 {
        // Nothing happened in between: what was planned must be possible.
        house.dispatch.apply_plan(&ctx, &net, &id, Applying::Promise).await.expect("applied");
    }
}

/// Time and caps of everybody, whatever became of their gigs.
fn nobody_is_overbooked(taken: &[Assignment], people: &BTreeMap<&str, Volunteer>) {
    let mut days = BTreeMap::new();
    for (at, one) in taken.iter().enumerate().filter(|(_, one)| one.state.counts()) {
        *days.entry((one.volunteer.as_str(), local_day(one.span.start()))).or_insert(0u8) += 1;
        for other in &taken[at + 1..] {
            let both = other.state.counts() && other.volunteer == one.volunteer;
            assert!(!both || !one.span.overlaps(&other.span), "{one:?} and {other:?}");
        }
    }
    for ((who, day), count) in days {
        assert!(count <= people[who].caps.per_day, "{who} has {count} gigs on {day}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_days_keep_every_promise() {
    for seed in [1, 2] {
        let house = House::new().await;
        let mut people = BTreeMap::new();
        for (at, id) in ["v0", "v1", "v2", "v3", "v4", "v5"].into_iter().enumerate() {
            let home = if at % 2 == 0 { centre() } else { koria() };
            let person = Volunteer { home: Some(home), availability: every_day(8, 15 + at as u16), ..volunteer(id) };
            house.put(person.clone()).await;
            people.insert(id, person);
        }
        let mut dice = Dice(seed);
        for step in 0..220 {
            let now = monday() + SignedDuration::from_mins(8 * step as i64);
            happen(&house, &mut dice, now, step).await;
            let taken = assignments(&house).await;
            for gig in gigs(&house).await {
                let own: Vec<Assignment> = taken.iter().filter(|one| one.gig == gig.id).cloned().collect();
                invariants(&gig, &own);
            }
            nobody_is_overbooked(&taken, &people);
            if step % 4 == 0 {
                super::live::is_as_if_read_anew(&house, now).await;
            }
        }
        let filled = assignments(&house).await.iter().filter(|one| one.state.counts()).count();
        assert!(filled >= 8, "the days were too quiet: {filled}");
    }
}
