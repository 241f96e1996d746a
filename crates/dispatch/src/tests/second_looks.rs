//! What an asking knows when it looks again: who took a yes back, who gave a gig back, who was asked for another hour, whose people may be
//! asked, and that one broken gig stops no other.

use domain::asking::{Asking, AskingPolicy, AskingState};
use domain::offer::{Decline, OfferState};
use domain::{Association, GigState, Offer, Reason, Role, Timestamp, Volunteer};
use jiff::SignedDuration;
use store::{Filter, PageRequest};

use super::builders::*;
use crate::asking::NewAsking;
use crate::gigs::NewGig;
use crate::offers::NewOffer;

fn offer_at(gig: &str, volunteer: &str, start: Timestamp) -> NewOffer {
    NewOffer {
        network: network(),
        id: None,
        gig: parse(gig),
        slot: 0,
        volunteer: parse(volunteer),
        start: Some(start),
        expire_time: at("2026-11-23T19:00:00Z"),
    }
}

async fn make(house: &House, gig: &str, volunteer: &str) -> Offer {
    house.dispatch.make_offer(&ctx(), offer_at(gig, volunteer, tuesday(10, 0))).await.expect("made")
}

fn new_asking(gig: &str, start: Timestamp) -> NewAsking {
    NewAsking {
        network: network(),
        gig: parse(gig),
        policy: AskingPolicy::Paced,
        start: Some(start),
        deadline: None,
        replaces: false,
    }
}

fn after(minutes: i64) -> Timestamp {
    monday() + SignedDuration::from_mins(minutes)
}

async fn asking(house: &House, gig: &str) -> Asking {
    house.dispatch.get_asking(&city(), &network(), &parse(gig)).await.expect("asking")
}

async fn open(house: &House) -> Vec<Offer> {
    let filter = OfferState::OPEN.iter().fold(Filter::any(), |filter, state| filter.state(state.code()));
    house.dispatch.list_offers(&city(), &network(), &filter, &PageRequest::first(1000)).await.expect("offers").items
}

fn names(offers: &[Offer]) -> Vec<&str> {
    let mut names: Vec<&str> = offers.iter().map(|offer| offer.volunteer.as_str()).collect();
    names.sort_unstable();
    names
}

/// Asks until nobody else is asked; who was asked then.
async fn ask_out(house: &House, from: Timestamp) -> Vec<String> {
    let mut now = from;
    for _ in 0..200 {
        house.dispatch.ask_due(&ctx_at(now), &network()).await.expect("asked");
        now += SignedDuration::from_mins(5);
        if now >= from + SignedDuration::from_hours(8) {
            break;
        }
    }
    let made = open(house).await.into_iter().filter(|offer| offer.wave > 0);
    let mut people: Vec<String> = made.map(|offer| offer.volunteer.to_string()).collect();
    people.sort_unstable();
    people
}

#[tokio::test]
async fn a_yes_that_is_taken_back_asks_those_who_stand_by_and_the_search_goes_on() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let (first, second) = (make(&house, "g1", "v1").await, make(&house, "g1", "v2").await);
    // Who stands by has no asks left.
    house.change(Volunteer { contact: no_asks(), ..house.volunteer("v2").await }).await;
    house.dispatch.start_asking(&ctx(), new_asking("g1", tuesday(10, 0))).await.expect("asking");
    let me = ctx_of(scope(Role::Volunteer, None, Some("v1")));
    house.dispatch.accept_offer(&me, &network(), &first.id).await.expect("accepted");
    house.dispatch.stand_by(&ctx(), &network(), &second.id).await.expect("stands by");
    house.dispatch.ask_due(&ctx_at(after(1)), &network()).await.expect("looked");
    assert_eq!(asking(&house, "g1").await.state, AskingState::Over);

    let later = domain::WriteContext { now: after(5), ..me };
    house.dispatch.undo_offer(&later, &network(), &first.id).await.expect("undone");
    let open = open(&house).await;
    assert_eq!(names(&open), ["v1", "v2"], "who stood by is asked, whatever their budget; the old offer is open again");
    assert!(open.iter().all(|offer| offer.is_invited == (offer.volunteer.as_str() == "v2")));
    let known = asking(&house, "g1").await;
    assert_eq!((known.state, known.begun()), (AskingState::Running, after(5)));
    assert_eq!(house.read("g1").await.state, GigState::Offered);
    assert!(domain::EventKind::OfferUndone.notifies(), "those who were told are told");
}

#[tokio::test]
async fn who_stands_by_is_asked_when_the_helper_cancels_by_themselves() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let (first, second) = (make(&house, "g1", "v1").await, make(&house, "g1", "v2").await);
    let me = ctx_of(scope(Role::Volunteer, None, Some("v1")));
    let done = house.dispatch.accept_offer(&me, &network(), &first.id).await.expect("accepted");
    house.dispatch.stand_by(&ctx(), &network(), &second.id).await.expect("stands by");
    house.dispatch.release(&me, &network(), &done.assignments[0].id, None).await.expect("released");
    assert_eq!(names(&open(&house).await), ["v2"]);
}

#[tokio::test]
async fn who_gave_a_gig_back_is_not_asked_for_it_again() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    // One from the board, one by a coordinator; neither by an offer.
    let board = ctx_of(scope(Role::Volunteer, None, Some("v1")));
    let start = Some(tuesday(10, 0));
    let taken =
        house.dispatch.claim_gig(&board, &network(), &parse("g1"), &parse("v1"), 0, start).await.expect("taken");
    house.dispatch.release(&board, &network(), &taken.assignments[0].id, None).await.expect("released");
    let given = house.assign("g1", tuesday(10, 0), &[(0, "v2")]).await.expect("assigned");
    house.dispatch.give_back(&ctx(), &network(), &given.assignments[0].id, None).await.expect("released");
    house.dispatch.start_asking(&ctx(), new_asking("g1", tuesday(10, 0))).await.expect("asking");
    assert_eq!(ask_out(&house, monday()).await, ["v3"]);
    let by_hand = house.dispatch.make_offer(&ctx(), offer_at("g1", "v1", tuesday(11, 0))).await;
    assert_eq!(reason(by_hand), Reason::AlreadyDeclined);
}

#[tokio::test]
async fn another_start_is_another_question_but_for_those_who_said_no_to_more_than_the_hour() {
    let house = House::with(&["hour", "lapsed", "never", "named"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    for (id, no) in [
        ("hour", Some(Decline::OtherHour { start: None })),
        ("never", Some(Decline::NotThisTime)),
        ("named", Some(Decline::OtherHour { start: Some(tuesday(12, 0)) })),
        ("lapsed", None),
    ] {
        let made = make(&house, "g1", id).await;
        match no {
            Some(no) => drop(house.dispatch.decline_offer(&ctx(), &network(), &made.id, no).await.expect("declined")),
            None => drop(house.dispatch.expire_offers(&ctx_at(made.expire_time), &network()).await.expect("lapsed")),
        }
    }
    house.dispatch.start_asking(&ctx(), new_asking("g1", tuesday(10, 0))).await.expect("asking");
    assert!(ask_out(&house, monday()).await.is_empty(), "all have been asked for that hour");
    let noon = new_asking("g1", tuesday(12, 0));
    house.dispatch.start_asking(&ctx(), noon).await.expect("nobody is left to ask, and no offer is open");
    assert_eq!(ask_out(&house, monday()).await, ["hour", "lapsed", "named"]);
}

#[tokio::test]
async fn an_association_asks_its_own_people_and_the_city_all() {
    let house = House::new().await;
    for id in ["martat", "lions"] {
        let association = Association {
            network: network(),
            id: parse(id),
            title: name(id),
            website: None,
            phone: None,
            subnetworks: Vec::new(),
            external_id: None,
            meta: domain::Meta::created(monday()),
        };
        house.put(association).await;
        for number in 1..=3 {
            let own = volunteer(&format!("{id}{number}"));
            house.put(Volunteer { association: Some(parse(id)), ..own }).await;
        }
    }
    house.put(domain::Seeker { association: Some(parse("martat")), ..seeker("own") }).await;
    let martat = ctx_of(scope(Role::AssociationCoordinator, Some("martat"), None));
    for gig in ["g1", "g2"] {
        let gig = NewGig { id: Some(parse(gig)), ..new("shopping", "own", 9, 13) };
        house.dispatch.create_gig(&martat, gig).await.expect("gig");
    }
    house.dispatch.start_asking(&martat, new_asking("g1", tuesday(10, 0))).await.expect("asking");
    assert_eq!(ask_out(&house, monday()).await, ["martat1", "martat2", "martat3"]);
    house.dispatch.stop_asking(&martat, &network(), &parse("g1")).await.expect("stopped");
    for offer in open(&house).await {
        house.dispatch.withdraw_offer(&ctx(), &network(), &offer.id).await.expect("withdrawn");
    }

    house.dispatch.start_asking(&ctx(), new_asking("g2", tuesday(10, 0))).await.expect("asking");
    assert_eq!(ask_out(&house, monday()).await.len(), 6, "the city asks everybody");
    let page = PageRequest::first(1000);
    let seen =
        house.dispatch.list_offers(&martat.scope, &network(), &Filter::any(), &page).await.expect("offers").items;
    assert!(seen.iter().all(|offer| offer.volunteer.as_str().starts_with("martat")), "{seen:?}");
    let foreign = open(&house).await.into_iter().find(|offer| offer.volunteer.as_str() == "lions1").expect("asked");
    let get = house.dispatch.get_offer(&martat.scope, &network(), &foreign.id).await;
    assert_eq!(reason(get), Reason::ResourceNotFound);
    house.dispatch.accept_offer(&ctx(), &network(), &foreign.id).await.expect("accepted");
    house.dispatch.get_offer(&martat.scope, &network(), &foreign.id).await.expect("who comes is part of the gig");
}

#[tokio::test]
async fn an_ask_counts_in_the_week_in_which_its_message_comes() {
    let house = House::with(&["v1"]).await;
    let one = domain::ContactPreferences { weekly_budget: 1, ..Default::default() };
    house.change(Volunteer { contact: one, ..house.volunteer("v1").await }).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "s1", 13, 16).await;
    // Sunday, ten in the evening: the message comes on Monday.
    let sunday = at("2026-11-22T20:00:00Z");
    house.dispatch.make_offer(&ctx_at(sunday), offer_at("g1", "v1", tuesday(10, 0))).await.expect("made");
    let again = house.dispatch.make_offer(&ctx(), offer_at("g2", "v1", tuesday(13, 0))).await;
    assert_eq!(reason(again), Reason::ContactBudgetSpent);
}

#[tokio::test]
async fn a_gig_that_breaks_stops_no_other() {
    let house = House::with(&["v1", "v2", "v3", "v4"]).await;
    for gig in ["a-broken", "whole"] {
        house.shopping(gig, "s1", 9, 13).await;
        house.dispatch.start_asking(&ctx(), new_asking(gig, tuesday(10, 0))).await.expect("asking");
    }
    // A number that cannot grow: counting the next wave panics.
    house.change(Asking { waves: u32::MAX, ..asking(&house, "a-broken").await }).await;
    assert!(house.dispatch.ask_due(&ctx(), &network()).await.expect("swept") > 0);
    assert!(open(&house).await.iter().all(|offer| offer.gig.as_str() == "whole"));
    assert_eq!(asking(&house, "a-broken").await.state, AskingState::Exhausted, "a person looks at it");
    assert_eq!(asking(&house, "whole").await.state, AskingState::Running);
}

#[tokio::test]
async fn what_did_not_arrive_asked_nobody() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let (sent, arrived) = (make(&house, "g1", "v1").await, make(&house, "g1", "v2").await);
    house.dispatch.offer_sent(&ctx(), &network(), &sent.id).await.expect("sent");
    house.dispatch.offer_delivered(&ctx(), &network(), &arrived.id).await.expect("delivered");
    for offer in [&sent, &arrived] {
        house.dispatch.offer_undelivered(&ctx(), &network(), &offer.id).await.expect("told");
    }
    assert_eq!(names(&open(&house).await), ["v2"], "what has arrived has arrived");
    let taken_back = house.dispatch.get_offer(&city(), &network(), &sent.id).await.expect("offer");
    assert_eq!((taken_back.state, taken_back.was_told()), (OfferState::Withdrawn, false));
}

fn no_asks() -> domain::ContactPreferences {
    domain::ContactPreferences { weekly_budget: 0, ..Default::default() }
}
