//! What an answer brings: each no has its own consequence, a yes can be taken back, who came too late may stand by.

use std::time::Duration;

use domain::offer::{Decline, DeclineReason, OfferState, UNDO_WINDOW, UNDOS_MAX};
use domain::volunteer::Standing;
use domain::{EventKind, Gig, GigState, Offer, Reason, Role, Volunteer};
use jiff::SignedDuration;
use jiff::civil::date;

use super::builders::*;
use crate::Error;
use crate::events::{Begin, EventFilter};
use crate::invitation::Subject;
use crate::offers::NewOffer;
use crate::quote::QuoteFor;

async fn make(house: &House, gig: &str, volunteer: &str) -> Result<Offer, Error> {
    let new = NewOffer {
        network: network(),
        id: None,
        gig: parse(gig),
        slot: 0,
        volunteer: parse(volunteer),
        start: Some(tuesday(10, 0)),
        expire_time: at("2026-11-23T19:00:00Z"),
    };
    house.dispatch.make_offer(&ctx(), new).await
}

async fn decline(house: &House, offer: &Offer, no: Decline) -> Result<Offer, Error> {
    house.dispatch.decline_offer(&ctx(), &network(), &offer.id, no).await
}

async fn person(house: &House, id: &str) -> Volunteer {
    let mut tx = house.db.read().await.expect("read");
    tx.get::<Volunteer>(&network(), &parse(id)).await.expect("read").expect("volunteer")
}

async fn offer(house: &House, offer: &Offer) -> Offer {
    house.dispatch.get_offer(&city(), &network(), &offer.id).await.expect("offer")
}

#[tokio::test]
async fn a_no_is_a_no_to_this_gig() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "s1", 9, 13).await;
    let before = person(&house, "v1").await;
    let made = make(&house, "g1", "v1").await.expect("made");
    assert_eq!(reason(make(&house, "g2", "v1").await), Reason::OfferOverlaps);
    let no = decline(&house, &made, Decline::NotThisTime).await.expect("declined");
    assert_eq!(no.answer_time, Some(monday()));
    assert_eq!(person(&house, "v1").await, before, "nothing else follows");
    assert_eq!(reason(make(&house, "g1", "v1").await), Reason::AlreadyDeclined);
    make(&house, "g2", "v1").await.expect("another gig is another question");
}

#[tokio::test]
async fn another_hour_makes_the_volunteer_available_for_this_gig_then() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 19).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    // The usual day of this volunteer ends at four.
    let evening = tuesday(17, 0);
    assert_eq!(reason(house.assign("g1", evening, &[(0, "v1")]).await), Reason::VolunteerNotAble);
    let past = Decline::OtherHour { start: Some(monday()) };
    assert_eq!(reason(decline(&house, &made, past).await), Reason::FieldsInvalid);
    let no = decline(&house, &made, Decline::OtherHour { start: Some(evening) }).await.expect("declined");
    assert_eq!((no.decline_reason, no.other_start), (Some(DeclineReason::OtherHour), Some(evening)));
    let quote =
        house.dispatch.quote(&city(), &network(), QuoteFor::Stored(parse("g1")), 10, monday()).await.expect("quote");
    assert!(quote.starts.iter().any(|at| at.start == evening), "the hour is quoted: {:?}", quote.starts);
    house.shopping("g2", "s1", 9, 19).await;
    assert_eq!(reason(house.assign("g2", evening, &[(0, "v1")]).await), Reason::VolunteerNotAble, "for this gig only");
    house.assign("g1", evening, &[(0, "v1")]).await.expect("assigned");
}

#[tokio::test]
async fn another_hour_for_a_call_is_that_hour() {
    let house = House::with(&["v1"]).await;
    house.gig(crate::gigs::NewGig { id: Some(parse("g1")), place: None, ..new("call", "s1", 9, 19) }).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    let evening = tuesday(17, 0);
    decline(&house, &made, Decline::OtherHour { start: Some(evening) }).await.expect("declined");
    let quote =
        house.dispatch.quote(&city(), &network(), QuoteFor::Stored(parse("g1")), 10, monday()).await.expect("quote");
    let late: Vec<_> = quote.starts.iter().map(|at| at.start).filter(|start| *start > tuesday(16, 0)).collect();
    assert_eq!(late, [evening], "nobody goes anywhere, so no time around it is free");
}

#[tokio::test]
async fn too_far_keeps_longer_ways_away() {
    let house = House::with(&["v1"]).await;
    let far =
        |id: &str| crate::gigs::NewGig { id: Some(parse(id)), place: Some(koria()), ..new("shopping", "s1", 9, 13) };
    house.gig(far("g1")).await;
    house.gig(far("g2")).await;
    house.shopping("near", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    assert!(made.travel_s > 800);
    decline(&house, &made, Decline::TooFar).await.expect("declined");
    assert_eq!(reason(make(&house, "g2", "v1").await), Reason::VolunteerNotAble);
    make(&house, "near", "v1").await.expect("a shorter way is asked for");
}

#[tokio::test]
async fn a_kind_rests_or_is_dropped() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    decline(&house, &made, Decline::NotThisKind { drop: false }).await.expect("declined");
    assert_eq!(reason(make(&house, "g2", "v1").await), Reason::KindDeclinedLately);
    let made = make(&house, "g1", "v2").await.expect("made");
    decline(&house, &made, Decline::NotThisKind { drop: true }).await.expect("declined");
    assert!(!person(&house, "v2").await.kinds.contains(&parse("shopping")));
    assert_eq!(reason(make(&house, "g2", "v2").await), Reason::VolunteerNotAble);
}

#[tokio::test]
async fn away_pauses_and_a_wrong_day_is_refused() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    let wrong = Decline::Away { back: date(2026, 11, 23) };
    assert_eq!(reason(decline(&house, &made, wrong).await), Reason::FieldsInvalid);
    decline(&house, &made, Decline::Away { back: date(2026, 11, 30) }).await.expect("declined");
    let pauses = person(&house, "v1").await.availability.pauses;
    assert_eq!((pauses[0].first, pauses[0].last), (date(2026, 11, 23), date(2026, 11, 29)));
    assert_eq!(reason(house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await), Reason::VolunteerNotAble);
}

#[tokio::test]
async fn too_often_halves_the_budget_and_the_budget_holds() {
    let house = House::with(&["v1"]).await;
    for id in ["g1", "g2", "g3"] {
        house.shopping(id, "s1", 9, 13).await;
    }
    let made = make(&house, "g1", "v1").await.expect("made");
    decline(&house, &made, Decline::TooOften).await.expect("declined");
    assert_eq!(person(&house, "v1").await.contact.weekly_budget, 2);
    let made = make(&house, "g2", "v1").await.expect("the second of two");
    decline(&house, &made, Decline::NotThisTime).await.expect("declined");
    assert_eq!(reason(make(&house, "g3", "v1").await), Reason::ContactBudgetSpent);
}

#[tokio::test]
async fn not_this_person_is_a_block_that_looks_like_nothing() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    decline(&house, &made, Decline::NotThisPerson).await.expect("declined");
    assert!(person(&house, "v1").await.blocked_seekers.contains(&parse("s1")));
    let refused = refusal(make(&house, "g2", "v1").await);
    assert!(!format!("{refused:?}").to_lowercase().contains("block"), "{refused:?}");
}

#[tokio::test]
async fn a_yes_is_taken_back_within_ten_minutes_without_a_trace() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    house.dispatch.offer_sent(&ctx(), &network(), &made.id).await.expect("sent");
    house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted");
    let undone =
        house.dispatch.undo_offer(&ctx_at(monday() + UNDO_WINDOW), &network(), &made.id).await.expect("undone");
    assert_eq!((undone.state, undone.answer_time), (OfferState::Sent, None));
    let gig = house.read("g1").await;
    assert_eq!((gig.state, gig.reopened, gig.start), (GigState::Offered, 0, None));
    assert_eq!(reason(house.dispatch.undo_offer(&ctx(), &network(), &made.id).await), Reason::OfferEnded);
    house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted again");
    let late = ctx_at(monday() + UNDO_WINDOW + SignedDuration::from_secs(1));
    assert_eq!(reason(house.dispatch.undo_offer(&late, &network(), &made.id).await), Reason::UndoTooLate);
    invariants(&house.read("g1").await, &house.assignments("g1").await);
}

#[tokio::test]
async fn who_came_too_late_may_stand_by_and_is_asked_first() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let mut offers = Vec::new();
    for id in ["v1", "v2", "v3"] {
        offers.push(make(&house, "g1", id).await.expect("made"));
    }
    let done = house.dispatch.accept_offer(&ctx(), &network(), &offers[0].id).await.expect("accepted");
    let late = refusal(house.dispatch.accept_offer(&ctx(), &network(), &offers[1].id).await);
    assert_eq!((late.reason, late.metadata["filled"].as_str()), (Reason::OfferEnded, "true"));
    assert!(late.detail.contains("thank you"));
    house.dispatch.stand_by(&ctx(), &network(), &offers[1].id).await.expect("stands by");
    assert_eq!(reason(house.dispatch.stand_by(&ctx(), &network(), &offers[0].id).await), Reason::OfferEnded);
    house.dispatch.release(&ctx(), &network(), &done.assignments[0].id, None).await.expect("released");
    let gig = house.read("g1").await;
    assert_eq!(gig.state, GigState::Offered);
    let page = store::PageRequest::first(10);
    let filter = store::Filter::any().state(OfferState::Pending.code());
    let open = house.dispatch.list_offers(&city(), &network(), &filter, &page).await.expect("offers").items;
    assert_eq!(open.iter().map(|offer| offer.volunteer.as_str()).collect::<Vec<_>>(), ["v2"]);
    assert!(!offer(&house, &offers[1]).await.stands_by, "asked now");
    assert_eq!(open[0].start, tuesday(10, 0));
}

#[tokio::test]
async fn receipts_move_an_offer_forward_and_never_back() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    house.dispatch.offer_delivered(&ctx(), &network(), &made.id).await.expect("delivered");
    house.dispatch.offer_sent(&ctx(), &network(), &made.id).await.expect("late");
    let known = offer(&house, &made).await;
    assert_eq!((known.state, known.was_told()), (OfferState::Delivered, true));
    house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted");
    house.dispatch.offer_delivered(&ctx(), &network(), &made.id).await.expect("twice");
    assert_eq!(offer(&house, &made).await.state, OfferState::Accepted);
}

#[tokio::test]
async fn a_yes_that_waits_for_the_second_helper_is_let_go_kindly() {
    let house = House::with(&["v1"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    let done = house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("held");
    assert_eq!(done.gig.state, GigState::Open);
    let early = ctx_at(monday() + SignedDuration::from_hours(1));
    assert_eq!(house.dispatch.close_unmet(&early, &network()).await.expect("swept").freed, 0);
    let late = ctx_at(tuesday(8, 0));
    assert_eq!(house.dispatch.close_unmet(&late, &network()).await.expect("swept").freed, 1);
    assert!(house.events("g1").await.contains(&"hold_released"));
    assert_eq!(house.read("g1").await.start, None);
}

#[tokio::test]
async fn who_stays_when_the_other_helper_leaves_is_not_let_go_at_once() {
    let house = House::with(&["v1", "v2"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    let (a, b) = (make(&house, "g1", "v1").await.expect("a"), make(&house, "g1", "v2").await.expect("b"));
    house.dispatch.accept_offer(&ctx(), &network(), &a.id).await.expect("held");
    let done = house.dispatch.accept_offer(&ctx(), &network(), &b.id).await.expect("filled");
    assert_eq!(done.gig.state, GigState::Filled);
    // The day before, at seven in the morning: the one leaves, and the other has long said yes.
    let later = ctx_at(tuesday(7, 0) - SignedDuration::from_hours(3));
    house.dispatch.release(&later, &network(), &done.assignments[0].id, None).await.expect("released");
    assert_eq!(house.dispatch.close_unmet(&later, &network()).await.expect("swept").freed, 0);
    assert_eq!(house.read("g1").await.start, Some(tuesday(10, 0)));
}

#[tokio::test]
async fn the_hour_that_was_named_can_be_declined_too() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    let same = Decline::OtherHour { start: Some(made.start) };
    assert_eq!(reason(decline(&house, &made, same).await), Reason::FieldsInvalid);
    let noon = tuesday(12, 0);
    decline(&house, &made, Decline::OtherHour { start: Some(noon) }).await.expect("declined");
    assert_eq!(reason(make(&house, "g1", "v1").await), Reason::AlreadyDeclined, "the first hour stays declined");
    let at_noon = |id: &str| NewOffer {
        network: network(),
        id: None,
        gig: parse(id),
        slot: 0,
        volunteer: parse("v1"),
        start: Some(noon),
        expire_time: at("2026-11-23T19:00:00Z"),
    };
    let again = house.dispatch.make_offer(&ctx(), at_noon("g1")).await.expect("the named hour is asked for");
    decline(&house, &again, Decline::NotThisTime).await.expect("declined");
    assert!(house.read("g1").await.other_hours.is_empty());
    let third = house.dispatch.make_offer(&ctx(), at_noon("g1")).await;
    assert_eq!(reason(third), Reason::AlreadyDeclined);
}

#[tokio::test]
async fn an_offer_that_reaches_nobody_is_taken_back() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    house.dispatch.offer_unsent(&ctx(), &network(), &made.id).await.expect("unsent");
    assert_eq!(
        (offer(&house, &made).await.state, house.read("g1").await.state),
        (OfferState::Withdrawn, GigState::Open)
    );
    let again = make(&house, "g1", "v1").await.expect("it was never asked");
    house.dispatch.offer_sent(&ctx(), &network(), &again.id).await.expect("sent");
    house.dispatch.offer_unsent(&ctx(), &network(), &again.id).await.expect("too late");
    assert_eq!(offer(&house, &again).await.state, OfferState::Sent);
}

#[tokio::test]
async fn a_yes_is_taken_back_three_times_at_most() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    for _ in 0..UNDOS_MAX {
        house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted");
        assert!(offer(&house, &made).await.may_undo(monday()));
        house.dispatch.undo_offer(&ctx(), &network(), &made.id).await.expect("undone");
    }
    house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted");
    assert!(!offer(&house, &made).await.may_undo(monday()));
    assert_eq!(reason(house.dispatch.undo_offer(&ctx(), &network(), &made.id).await), Reason::UndoTooLate);
    assert_eq!(house.read("g1").await.state, GigState::Filled);
}

#[tokio::test]
async fn who_was_suspended_reads_no_address_by_an_old_link() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", "v1").await.expect("made");
    house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted");
    let me = scope(Role::Volunteer, None, Some("v1"));
    let subjects = [Subject::Offer(made.id.clone()), Subject::Gig(parse("g1"))];
    for (standing, is_open) in [(Standing::Active, true), (Standing::Paused, true), (Standing::Suspended, false)] {
        house.change(Volunteer { standing, ..person(&house, "v1").await }).await;
        for subject in &subjects {
            let seen = house.dispatch.invitation(&me, &network(), subject, monday()).await.expect("read");
            assert_eq!(seen.expect("asked").details.is_some(), is_open, "{standing:?} {subject:?}");
        }
        let own = house.dispatch.own_gigs(&me, &network(), monday(), monday()).await.expect("read");
        assert_eq!((own.len(), own[0].details.is_some()), (1, is_open), "{standing:?}");
    }
}

#[tokio::test]
async fn an_association_hears_that_a_yes_to_its_gig_was_taken_back() {
    let house = House::with(&["v1", "v2"]).await;
    for (gig, association) in [("g1", "a1"), ("g2", "a2"), ("g3", "a1")] {
        house.shopping(gig, "s1", 9, 13).await;
        house.change(Gig { association: Some(parse(association)), ..house.read(gig).await }).await;
    }
    for (id, association) in [("v1", None), ("v2", Some("a1"))] {
        house.change(Volunteer { association: association.map(parse), ..person(&house, id).await }).await;
    }
    let mut undone = Vec::new();
    for (gig, volunteer) in [("g1", "v1"), ("g1", "v2"), ("g2", "v1")] {
        let made = make(&house, gig, volunteer).await.expect("made");
        house.dispatch.accept_offer(&ctx(), &network(), &made.id).await.expect("accepted");
        house.dispatch.undo_offer(&ctx(), &network(), &made.id).await.expect("undone");
        decline(&house, &made, Decline::NotThisTime).await.expect("declined");
        undone.push((format!("offers/{}", made.id), (volunteer == "v2").then(|| volunteer.to_owned())));
    }
    undone.pop();
    let own = make(&house, "g3", "v2").await.expect("made");
    let of = async |filter: EventFilter| {
        let mut watch = house
            .dispatch
            .watch_events(
                &scope(Role::AssociationCoordinator, Some("a1"), None),
                &network(),
                filter,
                Begin::At(monday()),
                Duration::from_millis(10),
            )
            .await
            .expect("watch");
        let mut told = Vec::new();
        loop {
            let Some(event) = watch.next().await.expect("told").event else { continue };
            if event.subject == format!("offers/{}", own.id) {
                return told;
            }
            if event.kind == EventKind::OfferUndone {
                told.push((event.subject.clone(), event.data.get("volunteer").cloned()));
            }
        }
    };
    assert_eq!(of(EventFilter::default()).await, undone, "of its own gigs, with the names of its own people");
    let about = ["volunteers/v1".to_owned(), format!("offers/{}", own.id)];
    let asked = of(EventFilter { subjects: about.into(), ..EventFilter::default() }).await;
    assert_eq!(asked, [], "whose it was is not found out by asking for them");
}
