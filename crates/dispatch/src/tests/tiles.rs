//! Plans whose tiles are shared: the same plan whoever plans them, and nobody is waited for who is not at work.

use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::plan::{PlanOutcome, PlanState};
use domain::{Availability, Plan, PlanId, TimeWindow, Volunteer};
use store::{ClaimedJob, Engine, JobRow, JobState};
use tokio::task::JoinHandle;

use super::builders::*;
use crate::Dispatch;
use crate::gigs::NewGig;
use crate::plans::{Division, NewPlan, TileWorker};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];
const LONG: Duration = Duration::from_secs(600);

/// Tiles of a dozen people, shared or not.
fn division(is_shared: bool, lease: Duration) -> Division {
    Division { whole_pairs_max: 0, tile_volunteers: 12, is_shared, lease }
}

fn new_plan(id: &str) -> NewPlan {
    NewPlan {
        network: network(),
        id: Some(parse(id)),
        period: TimeWindow::new(at("2026-11-22T22:00:00Z"), at("2026-11-29T22:00:00Z")).expect("week"),
        budget_ms: 300_000,
        seed: 1,
        allow_moving_promises: false,
        promise_cost: None,
    }
}

/// Five dozen volunteers over 60 km and a gig for each of them and half as many more.
async fn wide_house(engine: Engine) -> House {
    let house = House::over(engine).await;
    let spread = |number: usize, prime: usize| (number * prime % 97) as f64 / 97.0;
    for number in 0..60 {
        let home = place(60.6 + 0.5 * spread(number, 37), 26.2 + spread(number, 59));
        let from = 8 + (number % 5) as u16;
        let hours = Availability { ..every_day(from, from + 5) };
        house.put(Volunteer { home: Some(home), availability: hours, ..volunteer(&format!("v{number}")) }).await;
    }
    for number in 0..90 {
        let from = 8 + (number % 7) as i64;
        let at = place(60.6 + 0.5 * spread(number, 71), 26.2 + spread(number, 23));
        let helpers = if number % 9 == 0 { 2 } else { 1 };
        let gig = NewGig {
            id: Some(parse(&format!("g{number}"))),
            place: Some(at),
            slots: vec![domain::Slot::default(); helpers],
            ..new("shopping", "s1", from, from + 3)
        };
        house.gig(gig).await;
    }
    house
}

/// Makes a plan and waits for its end.
async fn solved(dispatch: &Dispatch, id: &str) -> Plan {
    dispatch.create_plan(&ctx(), new_plan(id)).await.expect("created");
    let mut watch = dispatch.watch_plan(&city(), &network(), &parse(id)).await.expect("watch");
    let mut last = None;
    while let Some(plan) = watch.next().await.expect("next") {
        last = Some(plan);
    }
    last.expect("a plan")
}

fn outcome(plan: &Plan) -> &PlanOutcome {
    plan.outcome.as_ref().unwrap_or_else(|| panic!("no outcome: {plan:?}"))
}

fn assert_same(shared: &Plan, alone: &Plan) {
    let (shared, alone) = (outcome(shared), outcome(alone));
    assert_eq!((&shared.digest, shared.weight), (&alone.digest, alone.weight));
    assert_eq!((shared.bound_weight, shared.gap, shared.status), (alone.bound_weight, alone.gap, alone.status));
}

/// A worker that plans tiles until it is aborted, and counts them.
fn work(worker: TileWorker, count: Arc<AtomicUsize>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            if worker.once(pending()).await.expect("the store answers") {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    })
}

async fn jobs(house: &House, plan: &str) -> Vec<JobRow> {
    house.db.read().await.expect("read").jobs(&network(), &parse(plan)).await.expect("jobs")
}

/// Claims a tile of the plan that is being solved, as somebody who will never be heard of again.
async fn steal(house: &House, lease: Duration) -> ClaimedJob {
    loop {
        let mut tx = house.db.write().await.expect("write");
        let claimed = tx.claim_job("a thief", lease).await.expect("claim");
        tx.commit().await.expect("commit");
        match claimed {
            Some(job) => return job,
            None => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_shared_with_workers_is_the_plan_of_one_process() {
    for engine in ENGINES {
        let house = wide_house(engine).await;
        let alone = solved(&house.dispatch.clone().with_division(division(false, LONG)), "alone").await;
        assert!(outcome(&alone).stages.iter().any(|stage| stage.name == "tiles"), "{alone:?}");
        let elsewhere = Dispatch::new(house.db.clone()).with_division(division(false, LONG));
        let (count, worker) = (Arc::default(), TileWorker::new(&elsewhere, "a"));
        let workers = [work(worker.beside("b"), Arc::clone(&count)), work(worker, Arc::clone(&count))];
        let shared = solved(&house.dispatch.clone().with_division(division(true, LONG)), "shared").await;
        workers.iter().for_each(JoinHandle::abort);
        assert_same(&shared, &alone);
        assert!(count.load(Ordering::Relaxed) > 0, "nobody helped on {engine:?}");
        assert_eq!(jobs(&house, "shared").await, [], "nothing is left in the queue");
        // And with nobody there.
        let deserted = solved(&house.dispatch.clone().with_division(division(true, LONG)), "deserted").await;
        assert_same(&deserted, &alone);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tile_of_a_worker_that_falls_silent_is_taken_over() {
    for engine in ENGINES {
        let house = wide_house(engine).await;
        let alone = solved(&house.dispatch.clone().with_division(division(false, LONG)), "alone").await;
        let asker = house.dispatch.clone().with_division(division(true, LONG));
        asker.create_plan(&ctx(), new_plan("shared")).await.expect("created");
        let stolen = steal(&house, Duration::from_millis(500)).await;
        assert_eq!(stolen.key.plan, parse::<PlanId>("shared"));
        let mut watch = asker.watch_plan(&city(), &network(), &parse("shared")).await.expect("watch");
        let mut last = None;
        while let Some(plan) = watch.next().await.expect("next") {
            last = Some(plan);
        }
        assert_same(&last.expect("a plan"), &alone);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tile_is_planned_from_the_rows_it_was_asked_for_or_not_at_all() {
    let house = wide_house(Engine::Sqlite).await;
    let asker = house.dispatch.clone().with_division(division(true, LONG));
    asker.create_plan(&ctx(), new_plan("p")).await.expect("created");
    let task = steal(&house, Duration::ZERO).await.task;
    asker.solves_ended().await;
    let asked: Plan = house.dispatch.get_plan(&city(), &network(), &parse("p")).await.expect("plan");
    // The same question, asked again by plans that are being solved somewhere.
    let ask = async |id: &str, state: PlanState| {
        let plan = Plan { id: parse(id), state, outcome: None, ..asked.clone() };
        house.put(plan).await;
        let mut tx = house.db.write().await.expect("write");
        tx.enqueue_jobs(&network(), &parse(id), &[(0, task.clone())], LONG).await.expect("enqueue");
        tx.commit().await.expect("commit");
        let worker = TileWorker::new(&house.dispatch, "a");
        assert!(worker.once(pending()).await.expect("the store answers"));
        jobs(&house, id).await[0].state
    };
    assert_eq!(ask("again", PlanState::Solving).await, JobState::Done);
    assert_eq!(ask("over", PlanState::Ready).await, JobState::Failed, "nobody waits for it");
    let mut ids: Vec<String> = (0..60).map(|number| format!("v{number}")).collect();
    ids.retain(|id| task.contains(&format!("\"{id}\"")));
    assert!((2..20).contains(&ids.len()), "a tile of a dozen: {ids:?}");
    // Somebody else's row is no matter, one of the tile's is.
    let other = (0..60).map(|number| format!("v{number}")).find(|id| !ids.contains(id)).expect("another tile");
    for (id, state) in [(other, JobState::Done), (ids.swap_remove(0), JobState::Failed)] {
        let mut tx = house.db.read().await.expect("read");
        let row = tx.get::<Volunteer>(&network(), &parse(&id)).await.expect("read").expect("a volunteer");
        tx.rollback().await.expect("rollback");
        house.change(Volunteer { travel_limit_min: 17, ..row }).await;
        assert_eq!(ask(&format!("after-{id}"), PlanState::Solving).await, state, "{id}");
    }
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_tile_back_at_once() {
    let house = House::new().await;
    let mut tx = house.db.write().await.expect("write");
    tx.enqueue_jobs(&network(), &parse("p"), &[(0, "no task of ours".to_owned())], LONG).await.expect("enqueue");
    tx.commit().await.expect("commit");
    let worker = TileWorker::new(&house.dispatch, "a");
    let row = async || jobs(&house, "p").await.remove(0);
    assert!(worker.once(ready(())).await.expect("the store answers"));
    assert_eq!((row().await.state, row().await.attempts), (JobState::Queued, 0));
    assert!(worker.once(pending()).await.expect("the store answers"));
    assert_eq!(row().await.state, JobState::Failed, "what it cannot read is left to the asker");
    assert!(!worker.once(pending()).await.expect("the store answers"), "nothing more to do");
}
