//! A caller who goes away, or whose deadline passes, leaves whole work or none: never a transaction that swallows the next one's.

use std::time::Duration;

use tests::engines::{ENGINES, Engine};
use tests::raw::Raw;
use tests::refused::granted;
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};
use tests::town_desk::request_id;

/// Writes that are left at some moment.
const WRITES: usize = 200;

fn create(at: usize, request_id: &str) -> proto::registry::v1::CreateVolunteerRequest {
    proto::registry::v1::CreateVolunteerRequest {
        parent: NETWORK.to_owned(),
        volunteer: Some(town::volunteer(&format!("Testi {at}"))),
        volunteer_id: format!("v-{at}"),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

async fn left_at_any_moment(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let ids: Vec<String> = (0..WRITES).map(|_| request_id()).collect();
    // Few on each connection: a connection that only resets is closed as an attack.
    let callers: Vec<_> = (0..20).map(|_| server.desk(Who::City)).collect();
    let calls = ids.iter().enumerate().map(|(at, id)| {
        let city = callers[at % callers.len()].clone();
        async move {
            // From before the server begins to after it has answered.
            let patience = Duration::from_micros(137 * at as u64);
            let call = async { city.volunteers.clone().create_volunteer(create(at, id)).await };
            let _ = tokio::time::timeout(patience, call).await;
        }
    });
    futures_util::future::join_all(calls).await;
    // The same writes again, by their keys: each is done once, whether or not it was done before.
    for (at, id) in ids.iter().enumerate() {
        granted(city.volunteers.clone().create_volunteer(create(at, id)).await);
    }
    let (_, storage) = server.stop_keeping_storage().await;
    // What was answered is durable: another server finds it.
    let server = TestServer::over(engine, storage, |_| ()).await;
    assert_eq!(server.desk(Who::City).all_volunteers().await.len(), WRITES);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_left_at_any_moment_are_whole_or_not_at_all() {
    for engine in ENGINES {
        left_at_any_moment(engine).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_on_reads_leave_no_stale_transaction_behind() {
    for engine in ENGINES {
        let server = TestServer::start(engine).await;
        server.desk(Who::Ops).found_network().await;
        let raw = Raw::at(&server.url()).with_key(server.key(Who::City));
        let list = proto::registry::v1::ListVolunteersRequest { parent: NETWORK.to_owned(), ..Default::default() };
        let body = prost::Message::encode_to_vec(&list);
        let calls = (0..WRITES).map(|at| {
            let raw = raw.with("grpc-timeout", format!("{}u", 50 * at + 1));
            let body = body.clone();
            async move { raw.call("/keikka.registry.v1.VolunteerService/ListVolunteers", body).await.is_ok() }
        });
        let _ = futures_util::future::join_all(calls).await;
        let city = server.desk(Who::City);
        for at in 0..20 {
            granted(city.volunteers.clone().create_volunteer(create(at, &request_id())).await);
        }
        let (_, storage) = server.stop_keeping_storage().await;
        let server = TestServer::over(engine, storage, |_| ()).await;
        assert_eq!(server.desk(Who::City).all_volunteers().await.len(), 20, "{engine:?} lost answered writes");
        server.stop().await;
    }
}
