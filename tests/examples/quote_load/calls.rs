//! The calls: how long the first answer takes, how soon a change is seen, and what many callers at once get.

use std::future::Future;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::{Gig, PrincipalId, Role};
use proto::dispatch::v1::{ExplainGigRequest, QuoteGigRequest};
use proto::registry::v1::{GetNetworkRequest, GetVolunteerRequest, UpdateVolunteerRequest};
use server::auth::keys::{Grant, generate};
use store::{Database, Filter, OpenOptions};
use tests::desk::Desk;
use tokio::task::JoinSet;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::people::network;

/// How often each sort of call takes its turn.
const ROUNDS: u32 = 2;
/// Changes that are waited for.
const CHANGES: usize = 20;
/// Explanations that are asked for, one after another.
const EXPLAINED: usize = 60;

/// `keikka serve` as a process. Dropped, it is gone.
struct Served {
    child: Child,
    url: String,
}

impl Served {
    fn start(keikka: &Path, file: &Path, keys: &Path) -> Self {
        let database = format!("sqlite://{}", file.display());
        let mut child = Command::new(keikka)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &database, "--keys-file"])
            .arg(keys)
            // All callers come from one address, and the first waits for a nation.
            .args(["--setting", "limits.connections_per_peer_max=500", "--setting", "limits.call_s=600"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("keikka serve can be started");
        let mut said = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let url = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("ready on ").map(|(_, address)| format!("http://{}", address.trim())));
        let url = url.expect("keikka serve says where it is ready");
        // Nobody reads its log, but it must not wait for a reader.
        std::thread::spawn(move || said.for_each(drop));
        Self { child, url }
    }

    fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Gigs by what is asked of the roster: one helper at a place, two helpers, calls.
#[derive(Default)]
struct Sorts {
    place: Vec<String>,
    two: Vec<String>,
    call: Vec<String>,
}

impl Sorts {
    async fn read(file: &Path) -> Self {
        let url = format!("sqlite://{}", file.display());
        let database = Database::open(&url, OpenOptions::default()).await.expect("the file is there");
        let mut tx = database.read().await.expect("a reader");
        let mut sorts = Self::default();
        for gig in tx.all::<Gig>(&network(), &Filter::any()).await.expect("gigs") {
            let sort = match (&gig.place, gig.slots.len()) {
                (None, _) => &mut sorts.call,
                (Some(_), 1) => &mut sorts.place,
                _ => &mut sorts.two,
            };
            sort.push(format!("networks/{}/gigs/{}", network(), gig.id));
        }
        drop(tx);
        database.close().await;
        sorts
    }

    fn all(&self) -> Vec<String> {
        // As they come in: by number, so that sorts are mixed.
        let mut all: Vec<String> = [&self.place, &self.two, &self.call].into_iter().flatten().cloned().collect();
        all.sort();
        all
    }
}

/// Prints `name value...` lines.
pub(crate) async fn run(keikka: &Path, file: &Path, callers: usize, seconds: u64) {
    let sorts = Sorts::read(file).await;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let keys = folder.path().join("keys.toml");
    let id = PrincipalId::new("bench").expect("an id");
    let grant = Grant { id, role: Role::CityCoordinator, network: Some(network()), association: None, volunteer: None };
    let key = generate(&grant).expect("a key can be made");
    std::fs::write(&keys, &key.entry).expect("the key file can be written");
    let served = Served::start(keikka, file, &keys);
    let desk = || Desk::with_key(&served.url, &key.token);

    let before_mib = served.resident_mib();
    let begun = Instant::now();
    let first = quote(&mut desk(), sorts.place[0].clone()).await;
    println!("rebuilt_s {:.2}", begun.elapsed().as_secs_f64());
    println!("volunteers {first}");
    println!("resident_mib {:.0} {before_mib:.0}", served.resident_mib());
    changes(&desk(), &sorts.place[0]).await;
    explanations(&desk(), &sorts).await;

    let mut lines: Vec<(&str, Vec<String>, Load)> = vec![
        ("empty", Vec::new(), Load::default()),
        ("network", Vec::new(), Load::default()),
        ("quote", sorts.all(), Load::default()),
        ("quote_place", sorts.place.clone(), Load::default()),
        ("quote_two", sorts.two.clone(), Load::default()),
        ("quote_call", sorts.call.clone(), Load::default()),
    ];
    let time = Duration::from_secs(seconds) / ROUNDS;
    for _ in 0..ROUNDS {
        for (what, names, load) in &mut lines {
            let more = match *what {
                "empty" => {
                    let address = Endpoint::from_shared(served.url.clone()).expect("an address");
                    let client = async |_| HealthClient::new(address.connect_lazy());
                    under_load(callers, time, client, |mut client, _| async move {
                        client.check(HealthCheckRequest::default()).await.expect("healthy");
                        client
                    })
                    .await
                }
                "network" => {
                    let name = parent();
                    under_load(
                        callers,
                        time,
                        async |_| desk(),
                        move |mut desk, _| {
                            let name = name.clone();
                            async move {
                                desk.networks.get_network(GetNetworkRequest { name }).await.expect("a network");
                                desk
                            }
                        },
                    )
                    .await
                }
                _ => {
                    let names = std::sync::Arc::new(names.clone());
                    under_load(
                        callers,
                        time,
                        async |_| desk(),
                        move |mut desk, turn| {
                            let name = names[turn % names.len()].clone();
                            async move {
                                quote(&mut desk, name).await;
                                desk
                            }
                        },
                    )
                    .await
                }
            };
            load.add(more);
        }
    }
    for (what, _, load) in &mut lines {
        load.print(what);
    }
}

/// The name of the network that is asked.
fn parent() -> String {
    format!("networks/{}", network())
}

async fn quote(desk: &mut Desk, name: String) -> i32 {
    let asked = QuoteGigRequest { parent: parent(), name, ..QuoteGigRequest::default() };
    desk.matching.quote_gig(asked).await.expect("a quote").into_inner().considered_count
}

/// Somebody pauses and resumes: how long from the answer to the writer until a quote that has seen it.
async fn changes(desk: &Desk, gig: &str) {
    let ask = QuoteGigRequest { parent: parent(), name: gig.to_owned(), ..QuoteGigRequest::default() };
    let quote = desk.clone().matching.quote_gig(ask.clone()).await.expect("a quote").into_inner();
    let name = quote.candidates.first().expect("somebody can come").volunteer.clone();
    let mut took_ms = Vec::new();
    for round in 0..CHANGES {
        let mut desk = desk.clone();
        let read = desk.volunteers.get_volunteer(GetVolunteerRequest { name: name.clone() }).await;
        let mut volunteer = read.expect("they are there").into_inner().volunteer.expect("a volunteer");
        // Who accepts nothing cannot come; who accepts everything again can.
        let kinds = ["home", "shopping", "escort", "family"];
        volunteer.liked_kinds.clear();
        volunteer.accepted_kinds = if round % 2 == 0 {
            Vec::new()
        } else {
            kinds.iter().map(|id| format!("networks/{}/kinds/{id}", network())).collect()
        };
        let mask = Some(prost_types::FieldMask { paths: vec!["accepted_kinds".to_owned(), "liked_kinds".to_owned()] });
        let update = UpdateVolunteerRequest {
            volunteer: Some(volunteer),
            update_mask: mask,
            ..UpdateVolunteerRequest::default()
        };
        desk.volunteers.update_volunteer(update).await.expect("changed");
        let begun = Instant::now();
        let able = desk.matching.quote_gig(ask.clone()).await.expect("a quote").into_inner().able_count;
        took_ms.push(begun.elapsed());
        assert_eq!(able, quote.able_count - i32::from(round % 2 == 0), "the change is seen");
    }
    let mut took = Load { took: took_ms, ..Load::default() };
    let (p50, worst) = (took.at(0.5), took.at(1.0));
    println!("change_ms {p50:.2} {worst:.2}");
}

/// Explanations one after another, by one caller.
async fn explanations(desk: &Desk, sorts: &Sorts) {
    let mut load = Load::default();
    let until = Instant::now() + Duration::from_secs(20);
    for name in sorts.all().into_iter().step_by(7).take(EXPLAINED) {
        let begun = Instant::now();
        let asked = ExplainGigRequest { name, ..ExplainGigRequest::default() };
        desk.clone().matching.explain_gig(asked).await.expect("an explanation");
        load.took.push(begun.elapsed());
        if Instant::now() > until {
            break;
        }
    }
    let (p50, p99) = (load.at(0.5), load.at(0.99));
    println!("explain_ms {p50:.2} {p99:.2} {}", load.took.len());
}

/// What callers got.
#[derive(Default)]
struct Load {
    took: Vec<Duration>,
    elapsed: Duration,
}

impl Load {
    fn add(&mut self, more: Self) {
        self.took.extend(more.took);
        self.elapsed += more.elapsed;
    }

    /// A percentile in milliseconds.
    fn at(&mut self, share: f64) -> f64 {
        self.took.sort_unstable();
        let last = self.took.len().saturating_sub(1);
        self.took.get((last as f64 * share) as usize).map_or(0.0, |took| took.as_secs_f64() * 1e3)
    }

    /// `name calls/s p50 p99` in milliseconds.
    fn print(&mut self, what: &str) {
        let rate = self.took.len() as f64 / self.elapsed.as_secs_f64();
        let (p50, p99) = (self.at(0.5), self.at(0.99));
        println!("{what} {rate:.0} {p50:.3} {p99:.3}");
    }
}

/// So many callers at once, each with a connection of its own and one call after another.
async fn under_load<C, Called>(
    callers: usize,
    time: Duration,
    connect: impl AsyncFn(usize) -> C,
    call: impl Fn(C, usize) -> Called + Clone + Send + 'static,
) -> Load
where
    C: Send + 'static,
    Called: Future<Output = C> + Send,
{
    let mut set = JoinSet::new();
    let mut ready = Vec::new();
    for caller in 0..callers {
        // The first call makes the connection.
        ready.push((caller, call(connect(caller).await, caller).await));
    }
    let begun = Instant::now();
    let until = begun + time;
    for (caller, mut client) in ready {
        let call = call.clone();
        set.spawn(async move {
            let mut took = Vec::new();
            let mut turn = caller;
            while Instant::now() < until {
                let asked = Instant::now();
                client = call(client, turn).await;
                took.push(asked.elapsed());
                turn += callers;
            }
            took
        });
    }
    let took = set.join_all().await.into_iter().flatten().collect();
    Load { took, elapsed: begun.elapsed() }
}
