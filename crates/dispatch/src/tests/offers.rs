//! Offers: asked, accepted by the same claim, declined, withdrawn, lapsed.

use domain::offer::{Decline, DeclineReason, OfferState};
use domain::{ContactMode, GigState, Offer, Reason, Role, Seeker};
use store::{Filter, PageRequest};

use super::builders::*;
use crate::Error;
use crate::gigs::NewGig;
use crate::offers::{NewOffer, Whose};

pub(super) fn offer(gig: &str, slot: u8, volunteer: &str) -> NewOffer {
    NewOffer {
        network: network(),
        id: None,
        gig: parse(gig),
        slot,
        volunteer: parse(volunteer),
        start: Some(tuesday(10, 0)),
        expire_time: at("2026-11-23T19:00:00Z"),
    }
}

async fn make(house: &House, gig: &str, slot: u8, volunteer: &str) -> Result<Offer, Error> {
    house.dispatch.make_offer(&ctx(), offer(gig, slot, volunteer)).await
}

async fn state(house: &House, offer: &Offer) -> OfferState {
    house.dispatch.get_offer(&city(), &network(), &offer.id).await.expect("offer").state
}

#[tokio::test]
async fn a_yes_fills_the_gig_and_withdraws_the_others() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let (a, b) = (make(&house, "g1", 0, "v1").await.expect("a"), make(&house, "g1", 0, "v2").await.expect("b"));
    assert_eq!(house.read("g1").await.state, GigState::Offered);
    let me = ctx_of(scope(Role::Volunteer, None, Some("v2")));
    assert_eq!(reason(house.dispatch.accept_offer(&me, &network(), &a.id).await), Reason::ResourceNotFound);
    let done = house.dispatch.accept_offer(&me, &network(), &b.id).await.expect("accepted");
    assert_eq!(done.gig.state, GigState::Filled);
    assert_eq!((state(&house, &a).await, state(&house, &b).await), (OfferState::Withdrawn, OfferState::Accepted));
    let late = ctx_of(scope(Role::Volunteer, None, Some("v1")));
    assert_eq!(reason(house.dispatch.accept_offer(&late, &network(), &a.id).await), Reason::OfferEnded);
    invariants(&house.read("g1").await, &house.assignments("g1").await);
}

#[tokio::test]
async fn the_last_no_opens_the_gig_again() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let (a, b) = (make(&house, "g1", 0, "v1").await.expect("a"), make(&house, "g1", 0, "v2").await.expect("b"));
    let no = house.dispatch.decline_offer(&ctx(), &network(), &a.id, Decline::TooFar).await.expect("declined");
    assert_eq!((no.state, no.decline_reason), (OfferState::Declined, Some(DeclineReason::TooFar)));
    assert_eq!(house.read("g1").await.state, GigState::Offered);
    house.dispatch.withdraw_offer(&ctx(), &network(), &b.id).await.expect("withdrawn");
    assert_eq!(house.read("g1").await.state, GigState::Open);
    let again = house.dispatch.withdraw_offer(&ctx(), &network(), &b.id).await;
    assert_eq!(reason(again), Reason::OfferEnded);
}

#[tokio::test]
async fn a_lease_runs_out() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", 0, "v1").await.expect("made");
    assert_eq!(house.dispatch.expire_offers(&ctx(), &network()).await.expect("swept"), 0);
    let later = ctx_at(made.expire_time);
    assert_eq!(reason(house.dispatch.accept_offer(&later, &network(), &made.id).await), Reason::OfferEnded);
    assert_eq!(house.dispatch.expire_offers(&later, &network()).await.expect("swept"), 1);
    assert_eq!(state(&house, &made).await, OfferState::Expired);
    assert_eq!(house.read("g1").await.state, GigState::Open);
}

#[tokio::test]
async fn only_who_is_able_is_asked_and_only_once() {
    let house = House::with(&["v1"]).await;
    house.put(domain::Volunteer { languages: languages(&["sv"]), ..volunteer("swede") }).await;
    house.put(Seeker { contact_mode: ContactMode::Mediated, ..seeker("relayed") }).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "relayed", 9, 13).await;
    assert_eq!(reason(make(&house, "g1", 0, "swede").await), Reason::VolunteerNotAble);
    assert_eq!(reason(make(&house, "g2", 0, "v1").await), Reason::GigStateIllegal, "a coordinator relays");
    make(&house, "g1", 0, "v1").await.expect("made");
    assert_eq!(reason(make(&house, "g1", 0, "v1").await), Reason::ResourceExists);
    let late = NewOffer { expire_time: tuesday(11, 0), ..offer("g1", 0, "v1") };
    assert_eq!(reason(house.dispatch.make_offer(&ctx(), late).await), Reason::FieldsInvalid);
}

#[tokio::test]
async fn a_held_slot_ends_the_offers_that_only_it_could_fill() {
    let house = House::with(&["v1", "v2", "v3", "v4"]).await;
    let driver = domain::Slot { skills: [parse("driving")].into(), label: None };
    house.gig(NewGig { slots: vec![driver, domain::Slot::default()], ..for_two("g1", 9, 13) }).await;
    let (a, b) = (make(&house, "g1", 0, "v1").await.expect("a"), make(&house, "g1", 1, "v2").await.expect("b"));
    house.assign("g1", tuesday(10, 0), &[(0, "v3")]).await.expect("held");
    assert_eq!((state(&house, &a).await, state(&house, &b).await), (OfferState::Withdrawn, OfferState::Pending));
    assert_eq!(house.read("g1").await.state, GigState::Offered);
    let done = house.dispatch.accept_offer(&ctx(), &network(), &b.id).await.expect("accepted");
    assert_eq!(done.gig.state, GigState::Filled);
    invariants(&house.read("g1").await, &house.assignments("g1").await);
}

#[tokio::test]
async fn two_who_were_asked_for_one_of_two_equal_slots_both_come() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    let (a, b) = (make(&house, "g1", 0, "v1").await.expect("a"), make(&house, "g1", 0, "v2").await.expect("b"));
    let c = make(&house, "g1", 1, "v3").await.expect("c");
    house.dispatch.accept_offer(&ctx(), &network(), &a.id).await.expect("held");
    assert_eq!(state(&house, &b).await, OfferState::Pending, "there is another slot like it");
    let done = house.dispatch.accept_offer(&ctx(), &network(), &b.id).await.expect("accepted");
    assert_eq!((done.gig.state, state(&house, &c).await), (GigState::Filled, OfferState::Withdrawn));
    invariants(&house.read("g1").await, &house.assignments("g1").await);
}

#[tokio::test]
async fn a_volunteer_sees_their_own_offers() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    make(&house, "g1", 0, "v1").await.expect("a");
    make(&house, "g1", 0, "v2").await.expect("b");
    let me = scope(Role::Volunteer, None, Some("v1"));
    let page =
        house.dispatch.list_offers(&me, &network(), &Filter::any(), &PageRequest::first(10)).await.expect("page");
    assert_eq!(page.items.iter().map(|offer| offer.volunteer.as_str()).collect::<Vec<_>>(), ["v1"]);
}

#[tokio::test]
async fn the_offers_of_a_gig_and_to_a_volunteer_fill_their_pages_whatever_others_were_asked() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    for (gig, from) in [("g1", 8), ("g2", 10), ("g3", 12)] {
        house.gig(NewGig { id: Some(parse(gig)), ..new("shopping", "s1", from, from + 1) }).await;
        for volunteer in ["v1", "v2", "v3"] {
            let expire_time = tuesday(7, 0);
            let new = NewOffer { start: Some(tuesday(from, 0)), expire_time, ..offer(gig, 0, volunteer) };
            house.dispatch.make_offer(&ctx(), new).await.expect("made");
        }
    }
    let (gig, volunteer) = (parse("g3"), parse("v2"));
    let me = scope(Role::Volunteer, None, Some("v2"));
    let of_gig = Whose { gig: Some(&gig), volunteer: None };
    let of_volunteer = Whose { gig: None, volunteer: Some(&volunteer) };
    for (who, whose) in [(city(), of_gig), (city(), of_volunteer), (me, Whose::default())] {
        let (mut found, mut page) = (Vec::new(), PageRequest::first(2));
        loop {
            let part =
                house.dispatch.list_offers_of(&who, &network(), whose, &Filter::any(), &page).await.expect("page");
            found.push(part.items.len());
            page.after = part.next;
            if page.after.is_none() {
                break;
            }
        }
        assert_eq!(found, [2, 1], "{whose:?}");
    }
    let both = Whose { gig: Some(&gig), volunteer: Some(&volunteer) };
    let page = PageRequest::first(1);
    let states = |code: &str| Filter::any().state(code);
    for (filter, count) in [(Filter::any(), 1), (states("pending"), 1), (states("declined"), 0)] {
        let found = house.dispatch.list_offers_of(&city(), &network(), both, &filter, &page).await.expect("page");
        assert_eq!((found.items.len(), found.next), (count, None));
    }
}

#[tokio::test]
async fn a_changed_gig_takes_its_offers_back() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = make(&house, "g1", 0, "v1").await.expect("made");
    let gig = house.read("g1").await;
    let changed = domain::Gig { windows: vec![window(11, 15)], ..gig };
    let changed = house.dispatch.update_gig(&ctx(), changed).await.expect("changed");
    assert_eq!((changed.gig.state, state(&house, &made).await), (GigState::Open, OfferState::Withdrawn));
}
