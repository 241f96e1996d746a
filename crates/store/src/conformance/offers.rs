//! Cases on offers: found by their gig and by their volunteer.

use domain::Offer;
use domain::offer::OfferState;

use super::{Subject, sample};
use crate::Inserted;

pub(super) async fn offers_are_found_by_gig_and_volunteer(subject: Subject) {
    let network = &subject.network;
    let offer = |id: &str, gig: &str, volunteer: &str, state| Offer {
        gig: sample::parse(gig),
        volunteer: sample::parse(volunteer),
        state,
        ..sample::offer(network, id)
    };
    let all = [
        offer("o1", "g1", "v1", OfferState::Declined),
        offer("o2", "g1", "v2", OfferState::Pending),
        offer("o3", "g1", "v3", OfferState::Delivered),
        offer("o4", "g2", "v1", OfferState::Sent),
    ];
    let mut tx = subject.database.write().await.expect("write");
    for offer in &all {
        assert_eq!(tx.insert_offer(offer).await.expect("insert"), Inserted::Done);
    }
    assert_eq!(tx.insert_offer(&all[0]).await.expect("insert"), Inserted::IdTaken);
    let elsewhere = Offer { network: subject.other.clone(), ..all[1].clone() };
    assert_eq!(tx.insert_offer(&elsewhere).await.expect("insert"), Inserted::Done);
    let mut ended = Offer { state: OfferState::Expired, ..all[1].clone() };
    ended.meta = ended.meta.changed(sample::minute(40));
    assert!(tx.update(&ended, all[1].meta.version).await.expect("update"));
    tx.commit().await.expect("commit");

    let mut tx = subject.database.read().await.expect("read");
    let ids = |found: Vec<Offer>| found.into_iter().map(|offer| offer.id.to_string()).collect::<Vec<_>>();
    let g1 = sample::parse("g1");
    assert_eq!(ids(tx.offers_of_gig(network, &g1, false).await.expect("offers")), ["o1", "o2", "o3"]);
    assert_eq!(ids(tx.offers_of_gig(network, &g1, true).await.expect("offers")), ["o3"]);
    let v1 = sample::parse("v1");
    let made = all[0].meta.create_time;
    assert_eq!(ids(tx.offers_of_volunteer(network, &v1, made).await.expect("offers")), ["o1", "o4"]);
    let two = [&v1, &sample::parse("v3"), &sample::parse("nobody")];
    assert_eq!(ids(tx.offers_of_volunteers(network, &two, made).await.expect("offers")), ["o1", "o4", "o3"]);
    assert!(tx.offers_of_volunteers(network, &[], made).await.expect("offers").is_empty());
    let changed = tx.offers_changed_after(network, (sample::minute(40), ""), 10).await.expect("offers");
    assert_eq!(ids(changed), ["o2"], "the one that ended since");
    // Three were made at one instant: a page ends and goes on within it.
    let first = ids(tx.offers_changed_after(network, (made, ""), 2).await.expect("offers"));
    assert_eq!(first, ["o1", "o3"]);
    let rest = ids(tx.offers_changed_after(network, (made, "o3"), 9).await.expect("offers"));
    assert_eq!(rest, ["o4", "o2"]);
    let later = sample::minute(50);
    assert!(tx.offers_of_volunteer(network, &v1, later).await.expect("offers").is_empty());
}
