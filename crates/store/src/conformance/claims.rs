//! Cases on the one conditional write by which a slot is taken.

use domain::{Assignment, AssignmentState, GigId, VolunteerId};
use tokio::task::JoinSet;

use super::{Subject, sample};
use crate::tx::values;
use crate::{AssignmentFilter, Claimed, Database, Error, PageRequest, Result};

/// Claims in a transaction of its own.
async fn claim(database: &Database, assignment: &Assignment) -> Result<Claimed> {
    let mut tx = database.write().await?;
    let claimed = tx.claim(assignment).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn expect(subject: &Subject, assignment: &Assignment, wanted: Claimed) {
    assert_eq!(claim(&subject.database, assignment).await.expect("claim"), wanted, "{assignment:?}");
}

/// Minute 0 to 60 of gig and volunteer, in the subject's network.
fn hour(subject: &Subject, id: &str, gig: &str, volunteer: &str) -> Assignment {
    sample::assignment(&subject.network, id, gig, volunteer, sample::span(0, 60))
}

pub(super) async fn a_slot_is_taken_once(subject: Subject) {
    let first = hour(&subject, "x1", "g1", "v1");
    expect(&subject, &first, Claimed::Done).await;
    expect(&subject, &hour(&subject, "x2", "g1", "v2"), Claimed::SlotTaken).await;
    let later = sample::assignment(&subject.network, "x3", "g1", "v2", sample::span(600, 660));
    expect(&subject, &later, Claimed::SlotTaken).await;
    expect(&subject, &Assignment { slot: 1, ..hour(&subject, "x4", "g1", "v2") }, Claimed::Done).await;
    let mut tx = subject.database.read().await.expect("read");
    assert_eq!(tx.assignment(&subject.network, &first.id).await.expect("get"), Some(first));
    assert_eq!(tx.assignment(&subject.network, &sample::parse("x2")).await.expect("get"), None);
}

pub(super) async fn a_volunteer_is_promised_once_at_a_time(subject: Subject) {
    for (n, state) in [AssignmentState::Held, AssignmentState::Accepted].into_iter().enumerate() {
        let (volunteer, gig) = (format!("v{n}"), format!("g{n}"));
        let taken = Assignment { state, ..hour(&subject, &format!("x{n}"), &gig, &volunteer) };
        expect(&subject, &taken, Claimed::Done).await;
        for (m, (from, to)) in [(0, 60), (30, 90), (-30, 1), (59, 120), (-60, 120), (20, 40)].into_iter().enumerate() {
            let id = format!("y{n}-{m}");
            let over = sample::assignment(&subject.network, &id, &id, &volunteer, sample::span(from, to));
            expect(&subject, &over, Claimed::VolunteerBooked).await;
        }
    }
}

pub(super) async fn windows_that_touch_do_not_collide(subject: Subject) {
    for (id, from, to) in [("x1", 0, 60), ("x2", 60, 120), ("x3", -60, 0)] {
        let touching = sample::assignment(&subject.network, id, id, "v1", sample::span(from, to));
        expect(&subject, &touching, Claimed::Done).await;
    }
}

pub(super) async fn networks_have_slots_and_people_of_their_own(subject: Subject) {
    expect(&subject, &hour(&subject, "x1", "g1", "v1"), Claimed::Done).await;
    let elsewhere = Assignment { network: subject.other.clone(), ..hour(&subject, "x1", "g1", "v1") };
    expect(&subject, &elsewhere, Claimed::Done).await;
}

pub(super) async fn a_release_frees_slot_and_time(subject: Subject) {
    let first = hour(&subject, "x1", "g1", "v1");
    expect(&subject, &first, Claimed::Done).await;
    let mut tx = subject.database.write().await.expect("write");
    let released = Assignment { state: AssignmentState::Released, update_time: sample::minute(9), ..first.clone() };
    assert!(tx.update_assignment(&released, AssignmentState::Accepted).await.expect("release"));
    tx.commit().await.expect("commit");
    expect(&subject, &hour(&subject, "x2", "g1", "v2"), Claimed::Done).await;
    expect(&subject, &hour(&subject, "x3", "g2", "v1"), Claimed::Done).await;

    let third = hour(&subject, "x3", "g2", "v1");
    let completed = Assignment { state: AssignmentState::Completed, ..third };
    let mut tx = subject.database.write().await.expect("write");
    assert!(tx.update_assignment(&completed, AssignmentState::Accepted).await.expect("complete"));
    tx.commit().await.expect("commit");
    expect(&subject, &hour(&subject, "x4", "g2", "v3"), Claimed::SlotTaken).await;
    expect(&subject, &hour(&subject, "x5", "g5", "v1"), Claimed::Done).await;
}

pub(super) async fn a_refused_claim_leaves_the_transaction_usable(subject: Subject) {
    expect(&subject, &hour(&subject, "x1", "g1", "v1"), Claimed::Done).await;
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.claim(&hour(&subject, "x2", "g1", "v2")).await.expect("claim"), Claimed::SlotTaken);
    assert_eq!(tx.claim(&hour(&subject, "x3", "g2", "v1")).await.expect("claim"), Claimed::VolunteerBooked);
    assert!(matches!(tx.claim(&hour(&subject, "x1", "g3", "v3")).await, Err(Error::Conflict(_))), "the id is taken");
    assert_eq!(tx.claim(&hour(&subject, "x4", "g2", "v2")).await.expect("claim"), Claimed::Done);
    tx.commit().await.expect("commit");
    let mut tx = subject.database.read().await.expect("read");
    assert!(tx.assignment(&subject.network, &sample::parse("x4")).await.expect("get").is_some());
}

pub(super) async fn an_assignment_changes_from_the_state_it_was_in(subject: Subject) {
    let held = Assignment { state: AssignmentState::Held, ..hour(&subject, "x1", "g1", "v1") };
    expect(&subject, &held, Claimed::Done).await;
    let accepted = Assignment { state: AssignmentState::Accepted, update_time: sample::minute(3), ..held.clone() };
    let mut tx = subject.database.write().await.expect("write");
    assert!(!tx.update_assignment(&accepted, AssignmentState::Started).await.expect("update"));
    assert!(tx.update_assignment(&accepted, AssignmentState::Held).await.expect("update"));
    assert!(!tx.update_assignment(&accepted, AssignmentState::Held).await.expect("update"));
    let moved = Assignment { span: sample::span(1, 61), ..accepted.clone() };
    assert!(!tx.update_assignment(&moved, AssignmentState::Accepted).await.expect("update"), "a span never changes");
    assert_eq!(tx.assignment(&subject.network, &held.id).await.expect("get"), Some(accepted.clone()));
    let released = Assignment { state: AssignmentState::Released, ..accepted.clone() };
    assert!(tx.update_assignment(&released, AssignmentState::Accepted).await.expect("update"));
    assert!(
        !tx.update_assignment(&accepted, AssignmentState::Released).await.expect("update"),
        "what was released is claimed anew"
    );
    tx.commit().await.expect("commit");
}

pub(super) async fn assignments_are_found_by_gig_volunteer_and_time(subject: Subject) {
    let network = &subject.network;
    for (id, gig, slot, volunteer, from, to) in
        [("x1", "g1", 1, "v1", 0, 60), ("x2", "g1", 0, "v2", 0, 60), ("x3", "g2", 0, "v1", 60, 90)]
    {
        let assignment = sample::assignment(network, id, gig, volunteer, sample::span(from, to));
        expect(&subject, &Assignment { slot, ..assignment }, Claimed::Done).await;
    }
    let mut tx = subject.database.read().await.expect("read");
    let ids = |found: Vec<Assignment>| found.iter().map(|found| found.id.to_string()).collect::<Vec<_>>();
    let (g1, v1) = (sample::parse::<GigId>("g1"), sample::parse::<VolunteerId>("v1"));
    let at = |minutes| Some(sample::minute(minutes));
    assert_eq!(ids(tx.assignments_of_gig(network, &g1).await.expect("find")), ["x2", "x1"]);
    assert_eq!(ids(tx.assignments_of_volunteer(network, &v1, None, None).await.expect("find")), ["x1", "x3"]);
    assert_eq!(ids(tx.assignments_of_volunteer(network, &v1, at(60), at(61)).await.expect("find")), ["x3"]);
    assert_eq!(ids(tx.assignments_between(network, at(-10), at(1)).await.expect("find")), ["x1", "x2"]);
    assert_eq!(ids(tx.assignments_between(network, at(60), None).await.expect("find")), ["x3"]);
    let filter = AssignmentFilter { volunteer: Some(v1), ..AssignmentFilter::default() };
    let page = tx.list_assignments(network, &filter, &PageRequest::first(1)).await.expect("list");
    assert_eq!((ids(page.items), page.next.as_deref()), (vec!["x1".to_owned()], Some("x1")));
    let filter = AssignmentFilter {
        gig: Some(g1),
        state: Some(AssignmentState::Accepted),
        from: at(0),
        to: at(1),
        ..AssignmentFilter::default()
    };
    let rest = PageRequest { size: 5, after: Some("x1".to_owned()) };
    assert_eq!(ids(tx.list_assignments(network, &filter, &rest).await.expect("list").items), ["x2"]);
}

/// Claims all at once; answers how many were done, were too late for the slot, and were booked.
async fn race(subject: &Subject, claims: Vec<Assignment>) -> (usize, usize, usize) {
    let mut running = JoinSet::new();
    for assignment in claims {
        let database = subject.database.clone();
        running.spawn(async move { claim(&database, &assignment).await.expect("claim") });
    }
    let ended = running.join_all().await;
    let count = |wanted| ended.iter().filter(|claimed| **claimed == wanted).count();
    (count(Claimed::Done), count(Claimed::SlotTaken), count(Claimed::VolunteerBooked))
}

pub(super) async fn of_64_claims_at_once_on_one_slot_one_wins(subject: Subject) {
    let claims = (0..64).map(|n| hour(&subject, &format!("x{n}"), "g1", &format!("v{n}"))).collect();
    assert_eq!(race(&subject, claims).await, (1, 63, 0));
    let mut tx = subject.database.read().await.expect("read");
    assert_eq!(tx.assignments_of_gig(&subject.network, &sample::parse("g1")).await.expect("find").len(), 1);
}

pub(super) async fn of_64_claims_at_once_on_one_volunteer_one_wins(subject: Subject) {
    let claim = |n| {
        let span = sample::span(n, n + 64);
        sample::assignment(&subject.network, &format!("x{n}"), &format!("g{n}"), "v1", span)
    };
    assert_eq!(race(&subject, (0..64).map(claim).collect()).await, (1, 0, 63));
}

pub(super) async fn the_database_itself_refuses_a_double_booking(subject: Subject) {
    const PAST_THE_CHECK: &str = "insert into assignment \
        (network_id, id, gig_id, slot, volunteer_id, starts, ends, state, create_time, update_time, body) \
        values ($1, $2, $3, 0, $4, $5, $6, 'accepted', 0, 0, '{}')";
    const REVIVE: &str = "update assignment set state = 'started' where network_id = $1 and id = $2";
    let network = subject.network.as_str();
    expect(&subject, &hour(&subject, "x1", "g1", "v1"), Claimed::Done).await;
    for (id, gig, volunteer, from, to) in [("x2", "g1", "v2", 0, 60), ("x3", "g3", "v1", 59, 90)] {
        let mut tx = subject.database.write().await.expect("write");
        let row = values![network, id, gig, volunteer, sample::minute(from), sample::minute(to)];
        let refused = tx.execute(PAST_THE_CHECK, row).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{id}: {refused:?}");
    }
    let mut tx = subject.database.write().await.expect("write");
    let second = hour(&subject, "x1", "g1", "v1");
    let released = Assignment { state: AssignmentState::Released, ..second };
    assert!(tx.update_assignment(&released, AssignmentState::Accepted).await.expect("release"));
    assert_eq!(tx.claim(&hour(&subject, "x4", "g4", "v1")).await.expect("claim"), Claimed::Done);
    let revived = tx.execute(REVIVE, values![network, "x1"]).await;
    assert!(matches!(revived, Err(Error::Conflict(_))), "{revived:?}");
}
