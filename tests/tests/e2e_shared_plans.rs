//! Several processes plan one week over PostgreSQL: the plan is the one that a process makes alone, also when one of them is killed
//! while it works, and one that is told to stop leaves nothing behind.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use domain::{NetworkId, PlanId};
use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::plan::State;
use store::{Database, JobState, OpenOptions};
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::{Engine, Storage};
use tests::referee::Books;
use tests::refused::granted;
use tests::service::Service;
use tests::size::Size;
use tests::town;
use tests::town_desk::request_id;

/// Most time for a plan: far more than it needs, so that it ends by itself.
const BUDGET_MS: i32 = 600_000;

/// Plans that are asked for at most until a worker has a tile of one.
const PLANS_MAX: usize = 30;
/// Longest wait for a line of a log.
const LINE_TIME_MAX: Duration = Duration::from_secs(30);

/// Tiles of about so many volunteers, whatever the size of the whole.
const DIVIDED: [&str; 4] = ["--setting", "planner.whole_pairs_max=1", "--setting", "planner.tile_volunteers=30"];
/// Tiles go through the queue, and nobody waits long for the dead.
const SHARED: [&str; 4] = ["--setting", "planner.share_tiles=true", "--setting", "planner.lease_s=2"];

fn api(database: &str, more: &[&str]) -> Service {
    let arguments = [&["--roles", "api", "--listen", "127.0.0.1:0"], &DIVIDED[..], more].concat();
    Service::start(database, &arguments)
}

/// A process that only works. The public port that its settings name is another's: it must not want it.
fn worker(database: &str, taken: &TcpListener) -> Service {
    let taken = taken.local_addr().expect("an address").to_string();
    let arguments = ["--roles", "workers", "--listen", taken.as_str(), "--ops-listen", "127.0.0.1:0"];
    Service::start(database, &[&arguments[..], &DIVIDED, &SHARED].concat())
}

/// People with long days over 24 km, and more to do than they can; every ninth gig needs two. A tile of it takes a while.
async fn fill(desk: &Desk, week: Week) {
    desk.found_network().await;
    let volunteers = Size::asked().pick(120, 400);
    let spread = |number: usize, prime: usize| (number * prime % 241) as i64 * 100 - 12_000;
    for at in 0..volunteers {
        let from = 8 * 60 + 30 * (at % 5) as i32;
        let mut person = town::volunteer(&format!("Testi {at}"));
        person.home = Some(town::place(spread(at, 37), spread(at, 59)));
        (person.max_gigs_per_day, person.max_gigs_per_week) = (Some(3), Some(5));
        let weekly = (1..=3).map(|day| town::weekly(day, from, from + 360)).collect();
        person.availability.get_or_insert_default().weekly = weekly;
        desk.add_volunteer(&format!("v-{at}"), person).await;
    }
    desk.add_seeker("s-1", town::seeker("Eino")).await;
    for at in 0..volunteers * 2 {
        let from = 8 * 60 + 30 * (at % 9) as i64;
        let mut gig = town::gig("shopping", "s-1", week.window((at % 3) as i64, from, from + 240));
        gig.place = Some(town::place(spread(at, 71), spread(at, 23)));
        gig.priority = (at % 5) as i32 + 1;
        desk.add_gig(&format!("g-{at}"), if at % 9 == 0 { town::for_two(gig) } else { gig }).await;
    }
}

/// Asks for a plan of the week: its name and id.
async fn ask(desk: &Desk, week: Week) -> (String, PlanId) {
    let name = granted(desk.try_plan(week.whole(), false, BUDGET_MS).await).plan.expect("a plan").name;
    let id = name.rsplit('/').next().expect("a name").parse().expect("an id");
    (name, id)
}

async fn ended(desk: &Desk, name: &str) -> (dispatch::Plan, dispatch::PlanOutcome) {
    let (plan, _) = desk.watch(name).await.expect("a plan that is told to its end");
    assert_eq!(plan.state(), State::Ready, "{plan:?}");
    let outcome = plan.outcome.clone().expect("an outcome");
    (plan, outcome)
}

/// The tile of a plan that a process has under its lease, if it has one.
async fn tile_of(database: &Database, plan: &PlanId, worker: &Service) -> Option<u32> {
    let network = NetworkId::new("kouvola").expect("an id");
    let jobs = database.read().await.expect("read").jobs(&network, plan).await.expect("jobs");
    let own = format!("{}-", worker.id());
    let held = |job: &&store::JobRow| {
        job.state == JobState::Leased && job.worker.as_ref().is_some_and(|name| name.starts_with(&own))
    };
    jobs.iter().find(held).map(|job| job.number)
}

/// Asks for plans until a worker has a tile of one, and freezes it: on a quick machine a plan may be done before the worker has looked
/// at the queue. Answers the plan's name and id, and which tile.
async fn freeze_with_a_tile(desk: &Desk, week: Week, database: &Database, worker: &Service) -> (String, PlanId, u32) {
    for _ in 0..PLANS_MAX {
        let (name, id) = ask(desk, week).await;
        while is_solving(database, &id).await {
            if tile_of(database, &id, worker).await.is_some() {
                worker.signal("STOP");
                if let Some(tile) = tile_of(database, &id, worker).await {
                    return (name, id, tile);
                }
                worker.signal("CONT");
            }
        }
        ended(desk, &name).await;
    }
    panic!("of {PLANS_MAX} plans the worker had no tile: {}", worker.log());
}

async fn is_solving(database: &Database, plan: &PlanId) -> bool {
    let network = NetworkId::new("kouvola").expect("an id");
    let stored = database.read().await.expect("read").get::<domain::Plan>(&network, plan).await.expect("a plan");
    stored.is_some_and(|plan| plan.state == domain::plan::PlanState::Solving)
}

/// The answer of a page of a port, as HTTP has it.
fn page(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the port of operations answers");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: keikka\r\nconnection: close\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_is_planned_by_several_processes_and_one_of_them_is_killed() {
    let storage = Storage::make(Engine::Postgres).await;
    let (url, week) = (storage.url(), Week::coming());
    let create = ["--setting", "database.create=true"];
    let first = api(&url, &[&SHARED[..], &create].concat());
    let desk = Desk::at(&format!("http://{}", first.address()));
    fill(&desk, week).await;
    let database = Database::open(&url, OpenOptions::default()).await.expect("the database");

    // Two processes take part; one is killed while it has a tile.
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (mut doomed, mut other) = (worker(&url, &taken), worker(&url, &taken));
    for path in ["/healthz", "/metrics"] {
        assert!(page(doomed.address(), path).starts_with("HTTP/1.1 200"), "{path}");
    }
    let (name, id, tile) = freeze_with_a_tile(&desk, week, &database, &doomed).await;
    doomed.kill();
    assert_eq!(tile_of(&database, &id, &doomed).await, Some(tile), "it died with its tile");
    let (plan, shared) = ended(&desk, &name).await;
    let took_over = ["taken over", &format!("tile={tile}")];
    let has_taken_over = || first.has_said(&took_over) || other.has_said(&took_over);
    // What a process writes comes through a pipe.
    let begun = Instant::now();
    while !has_taken_over() && begun.elapsed() < LINE_TIME_MAX {
        tokio::task::yield_now().await;
    }
    assert!(has_taken_over(), "tile {tile}: {}\n{}", first.log(), other.log());
    assert!(shared.stages.iter().any(|stage| stage.name == "tiles"), "{:?}", shared.stages);

    // One that is told to stop gives its tile back and goes.
    let (name, id, _) = freeze_with_a_tile(&desk, week, &database, &other).await;
    other.signal("TERM");
    other.signal("CONT");
    assert!(other.wait().success(), "{}", other.log());
    assert_eq!(tile_of(&database, &id, &other).await, None, "its lease went with it: {}", other.log());
    let (_, again) = ended(&desk, &name).await;
    database.close().await;
    drop((first, doomed));

    // One process plans the same week alone.
    let lonely = api(&url, &[]);
    let desk = Desk::at(&format!("http://{}", lonely.address()));
    let (name, _) = ask(&desk, week).await;
    let (_, alone) = ended(&desk, &name).await;
    for shared in [&shared, &again] {
        let lost = (alone.weight - shared.weight) as f64;
        assert!(lost <= alone.gap.max(shared.gap) * alone.weight as f64, "{} and {}", shared.weight, alone.weight);
        assert_eq!((&shared.digest, shared.bound), (&alone.digest, alone.bound), "none ran out of time");
    }
    // And what was planned together can be done.
    granted(desk.apply(&plan.name, &request_id()).await);
    assert_eq!(Books::read(&desk).await.findings(), [""; 0]);
    drop(lonely);
    storage.remove().await;
}
