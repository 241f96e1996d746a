//! The live roster is the database: whatever was written, by whomever, is in the next answer.

use std::sync::Arc;

use domain::{Seeker, Timestamp, Volunteer};
use tokio::task::JoinSet;

use super::builders::*;
use crate::Dispatch;
use crate::explain::{Asked, Beside};
use crate::quote::{Quote, QuoteFor, beside_everybody, question, quick, reason, whole};
use crate::roster::Roster;
use crate::roster::live::Rosters;
use crate::ways::Times;

/// What a quote of every wanted gig is made from.
async fn all(rosters: &Rosters, house: &House, now: Timestamp) -> Vec<Roster> {
    let live = rosters.current(&house.db, &network(), now).await.expect("roster");
    let year = domain::TimeWindow::new(at("2026-01-01T00:00:00Z"), at("2027-12-31T00:00:00Z")).expect("window");
    live.wanted(year).iter().map(|gig| beside_everybody(&live, &city(), gig, now, true)).collect()
}

/// What the index says is what everybody's own rows say, with the reason where nobody can come.
async fn quick_is_whole(house: &House, now: Timestamp) {
    let live = house.dispatch.rosters.current(&house.db, &network(), now).await.expect("roster");
    let year = domain::TimeWindow::new(at("2026-01-01T00:00:00Z"), at("2027-12-31T00:00:00Z")).expect("window");
    let (scope, times) = (city(), Times::default());
    for gig in live.wanted(year).into_iter().map(Arc::new) {
        let quick = quick(&live, &scope, &gig, now, 100, &times);
        let whole = whole(&live, &scope, Arc::clone(&gig), now, 100, times.clone());
        let Some(quick) = quick else {
            assert!(question(&live, &scope, &gig, now, 1, &times).is_err(), "an answer wherever there is a question");
            assert!(whole.is_ok_and(|whole| whole.explanation.is_some()) || gig.place.is_none());
            continue;
        };
        let whole = whole.expect("an answer");
        let by = |asked| reason(&live, &scope, &gig, now, &times, asked).filter(|_| quick.starts.is_empty());
        assert_eq!(by(Asked::Few), whole.explanation, "in a house nobody is too far to be looked at");
        assert_eq!(Quote { explanation: by(Asked::All), ..quick.clone() }, whole);
        let (live, scope, gig, times) = (Arc::clone(&live), scope.clone(), Arc::clone(&gig), times.clone());
        let beside = Beside { live: Arc::clone(&live), scope: scope.clone(), gig: Arc::clone(&gig), now, times };
        let everybody = beside_everybody(&live, &scope, &gig, now, true).volunteers;
        for who in everybody.into_keys().map(Some).chain([None]) {
            for asked in [Asked::Few, Asked::All] {
                if let Some(explained) = beside.by_index(who.as_ref(), asked) {
                    assert_eq!(explained.expect("explained"), beside.by_rows(who.as_ref()).expect("explained"));
                }
            }
        }
    }
}

/// What was followed is what would be read anew.
pub(super) async fn is_as_if_read_anew(house: &House, now: Timestamp) {
    let followed = all(&house.dispatch.rosters, house, now).await;
    let anew = all(&Rosters::default(), house, now).await;
    assert_eq!(followed.len(), anew.len());
    for (followed, anew) in followed.iter().zip(&anew) {
        assert_eq!(followed.snapshot, anew.snapshot);
        assert_eq!(followed.held, anew.held);
        assert_eq!(followed.volunteers, anew.volunteers);
        assert_eq!(followed.gigs, anew.gigs);
    }
    quick_is_whole(house, now).await;
}

async fn quote(dispatch: &Dispatch, gig: &str) -> Quote {
    dispatch.quote(&city(), &network(), QuoteFor::Stored(parse(gig)), 0, monday()).await.expect("quote")
}

#[tokio::test]
async fn every_write_is_in_the_next_answer_whoever_made_it() {
    let house = House::with(&["v1"]).await;
    let other_server = Dispatch::new(house.db.clone());
    house.shopping("g1", "s1", 9, 13).await;
    let able = async || (quote(&house.dispatch, "g1").await.able, quote(&other_server, "g1").await.able);
    assert_eq!(able().await, (1, 1));
    house.put(volunteer("v2")).await;
    assert_eq!(able().await, (2, 2));
    house.change(Volunteer { kinds: [parse("call")].into(), ..volunteer("v2") }).await;
    assert_eq!(able().await, (1, 1));
    house.shopping("other", "s2", 9, 13).await;
    house.assign("other", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    assert_eq!(quote(&other_server, "g1").await.starts.first().map(|at| at.start), Some(tuesday(10, 0)));
    let mut tx = house.db.write().await.expect("write");
    assert!(tx.delete::<Volunteer>(&network(), &parse("v1"), None).await.expect("delete"));
    tx.commit().await.expect("commit");
    assert_eq!(able().await, (0, 0));
    house.put(volunteer("v3")).await;
    house.change(Seeker { blocked: [parse("v3")].into(), ..seeker("s1") }).await;
    assert_eq!(able().await, (0, 0));
    is_as_if_read_anew(&house, monday()).await;
}

#[tokio::test]
async fn what_people_have_alike_is_kept_once_also_when_they_change() {
    let house = House::with(&["v1", "v2"]).await;
    let are_alike = async |a: &str, b: &str| {
        let live = house.dispatch.rosters.current(&house.db, &network(), monday()).await.expect("roster");
        let of = |id: &str| Arc::clone(live.volunteer(&parse(id)).expect("they are there"));
        let (a, b) = (of(a), of(b));
        (a.kinds.is_shared_with(&b.kinds), a.languages.is_shared_with(&b.languages))
    };
    assert_eq!(are_alike("v1", "v2").await, (true, true));
    house.put(volunteer("v3")).await;
    house.change(Volunteer { kinds: [parse("call")].into(), ..volunteer("v2") }).await;
    assert_eq!((are_alike("v1", "v3").await, are_alike("v1", "v2").await), ((true, true), (false, true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_at_once_each_see_what_was_written_before_they_came() {
    let house = House::with(&["v0"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let mut callers = JoinSet::new();
    for n in 1..=20_u32 {
        house.put(volunteer(&format!("v{n}"))).await;
        for _ in 0..4 {
            let dispatch = house.dispatch.clone();
            callers.spawn(async move {
                let able = quote(&dispatch, "g1").await.able;
                assert!(able > n, "{able} after {n} were added to one");
            });
        }
    }
    callers.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_goes_away_leaves_nobody_waiting() {
    let house = House::with(&["v0"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let network = network();
    let mut went = 0;
    for _ in 0..50 {
        let mut gone = Box::pin(house.dispatch.rosters.current(&house.db, &network, monday()));
        // Polled once: the look has begun, and its caller goes; now and then it is done already.
        let is_pending =
            std::future::poll_fn(|context| std::task::Poll::Ready(gone.as_mut().poll(context).is_pending()));
        went += usize::from(is_pending.await);
        drop(gone);
        assert_eq!(quote(&house.dispatch, "g1").await.able, 1);
    }
    assert!(went > 0, "nobody ever went away in the middle");
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_asked_again_next_time() {
    let house = House::with(&["v0"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    assert_eq!(quote(&house.dispatch, "g1").await.able, 1);
    house.db.close().await;
    for _ in 0..2 {
        let failed = house.dispatch.quote(&city(), &network(), QuoteFor::Stored(parse("g1")), 0, monday()).await;
        assert!(matches!(failed, Err(crate::Error::Store(_))), "{failed:?}");
    }
}
