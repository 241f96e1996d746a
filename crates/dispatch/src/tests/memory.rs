//! What is believed about answers: a yes counts when it is firm, nobody who is gone is remembered, and nothing is passed over.

use domain::offer::{Expectation, OfferState};
use domain::{Offer, OfferId, Timestamp, Volunteer};
use jiff::SignedDuration;

use super::builders::*;
use crate::offers::NewOffer;

fn after(minutes: i64) -> Timestamp {
    monday() + SignedDuration::from_mins(minutes)
}

async fn known(house: &House, volunteer: &str, now: Timestamp) -> Expectation {
    let look = |memory: &mut crate::asking::Memory| memory.known(&parse(volunteer), &parse("shopping"));
    house.dispatch.memories.with(&house.db, &network(), now, look).await.expect("memory")
}

async fn offered(house: &House) -> Offer {
    let new = NewOffer {
        network: network(),
        id: None,
        gig: parse("g1"),
        slot: 0,
        volunteer: parse("v1"),
        start: Some(tuesday(10, 0)),
        expire_time: at("2026-11-23T19:00:00Z"),
    };
    house.dispatch.make_offer(&ctx(), new).await.expect("made")
}

#[tokio::test]
async fn a_yes_is_learnt_when_it_cannot_be_taken_back() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = offered(&house).await;
    house.dispatch.accept_offer(&ctx_at(after(1)), &network(), &made.id).await.expect("accepted");
    assert_eq!(known(&house, "v1", after(2)).await.kind_accepted, 0, "it may be taken back");
    house.dispatch.undo_offer(&ctx_at(after(3)), &network(), &made.id).await.expect("undone");
    assert_eq!(known(&house, "v1", after(30)).await.kind_accepted, 0, "it was");
    house.dispatch.accept_offer(&ctx_at(after(31)), &network(), &made.id).await.expect("accepted");
    let firm = known(&house, "v1", after(42)).await;
    assert_eq!((firm.kind_asked, firm.kind_accepted, firm.asked_in_week), (1, 1, 1));
    assert_eq!(known(&house, "v1", after(43)).await, firm, "once");
    assert_eq!(known(&house, "v1", after(60 * 24 * 8)).await.asked_in_week, 0);
}

#[tokio::test]
async fn who_is_gone_is_forgotten() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let made = offered(&house).await;
    house.dispatch.decline_offer(&ctx(), &network(), &made.id, domain::offer::Decline::NotThisTime).await.expect("no");
    assert_eq!(known(&house, "v1", after(1)).await.kind_asked, 1);
    // An erasure takes the offers too.
    let mut tx = house.db.write().await.expect("write");
    assert!(tx.delete::<Offer>(&network(), &made.id, None).await.expect("delete"));
    assert!(tx.delete::<Volunteer>(&network(), &parse("v1"), None).await.expect("delete"));
    tx.commit().await.expect("commit");
    house.dispatch.ask_due(&ctx_at(after(2)), &network()).await.expect("swept");
    let gone = known(&house, "v1", after(2)).await;
    assert_eq!((gone.kind_asked, gone.asked_in_week), (0, 0));
}

#[tokio::test]
async fn any_number_of_changes_at_one_instant_is_read() {
    const COUNT: usize = 5_040;
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let one = offered(&house).await;
    let mut tx = house.db.write().await.expect("write");
    for number in 1..COUNT {
        let id: OfferId = parse(&format!("o{number:05}"));
        let other = Offer { id, state: OfferState::Expired, ..one.clone() };
        assert_eq!(tx.insert_offer(&other).await.expect("insert"), store::Inserted::Done);
    }
    tx.commit().await.expect("commit");
    assert_eq!(known(&house, "v1", after(1)).await.kind_asked, u32::try_from(COUNT).expect("small"));
}
