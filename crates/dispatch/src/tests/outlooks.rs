//! What may be hoped for of those who were asked, and that all answers of the network teach it.

use domain::Timestamp;
use domain::asking::AskingPolicy;
use domain::offer::Decline;
use jiff::SignedDuration;

use super::builders::*;
use crate::asking::{NewAsking, Outlook};

fn after(minutes: i64) -> Timestamp {
    monday() + SignedDuration::from_mins(minutes)
}

async fn town() -> House {
    let ids: Vec<String> = (0..30).map(|number| format!("v{number:02}")).collect();
    House::with(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// Begins to ask for a gig on Tuesday at ten, two at a time.
async fn begin(house: &House, gig: &str, now: Timestamp) {
    house.shopping(gig, "s1", 9, 13).await;
    let new = NewAsking {
        network: network(),
        gig: parse(gig),
        policy: AskingPolicy::WavesOfTwo,
        start: Some(tuesday(10, 0)),
        deadline: None,
        replaces: false,
    };
    house.dispatch.start_asking(&ctx_at(now), new).await.expect("begun");
}

async fn ask(house: &House, now: Timestamp) {
    house.dispatch.ask_due(&ctx_at(now), &network()).await.expect("asked");
}

async fn outlook(house: &House, gig: &str, now: Timestamp) -> Option<Outlook> {
    house.dispatch.asking_outlook(&city(), &network(), &parse(gig), now).await.expect("an outlook")
}

async fn open_offers(house: &House, gig: &str) -> Vec<domain::Offer> {
    house.db.read().await.expect("read").offers_of_gig(&network(), &parse(gig), true).await.expect("offers")
}

#[tokio::test]
async fn it_is_told_while_somebody_may_answer() {
    let house = town().await;
    begin(&house, "g1", monday()).await;
    assert_eq!(outlook(&house, "g1", monday()).await, None, "nobody has been asked");
    ask(&house, monday()).await;
    let two = outlook(&house, "g1", after(1)).await.expect("two may answer");
    assert!(two.chance > 0.0 && two.chance < 0.5 && two.likely_time.is_none(), "{two:?}");
    let late = outlook(&house, "g1", tuesday(7, 30)).await.expect("they still may");
    assert!(late.chance < two.chance, "who is silent for long hardly says yes: {late:?} {two:?}");
    for minute in [11, 22, 33, 44] {
        ask(&house, after(minute)).await;
    }
    let ten = outlook(&house, "g1", after(45)).await.expect("ten may answer");
    assert!(ten.chance > two.chance, "{ten:?} {two:?}");
    for offer in open_offers(&house, "g1").await {
        house
            .dispatch
            .decline_offer(&ctx_at(after(45)), &network(), &offer.id, Decline::NotThisTime)
            .await
            .expect("no");
    }
    assert_eq!(outlook(&house, "g1", after(45)).await, None, "everybody has answered");
}

#[tokio::test]
async fn the_answers_of_the_network_teach_it() {
    let (fresh, eager) = (town().await, town().await);
    begin(&fresh, "g1", after(30)).await;
    ask(&fresh, after(30)).await;
    for number in 0..8 {
        begin(&eager, &format!("before-{number}"), monday()).await;
    }
    ask(&eager, monday()).await;
    for number in 0..8 {
        let first = open_offers(&eager, &format!("before-{number}")).await.remove(0);
        eager.dispatch.accept_offer(&ctx_at(after(1)), &network(), &first.id).await.expect("a yes");
    }
    begin(&eager, "g1", after(30)).await;
    ask(&eager, after(30)).await;
    let fresh = outlook(&fresh, "g1", after(31)).await.expect("two may answer");
    let eager = outlook(&eager, "g1", after(31)).await.expect("two may answer");
    assert!(eager.chance > fresh.chance, "{eager:?} {fresh:?}");
}
