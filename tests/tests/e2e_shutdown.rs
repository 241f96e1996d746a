//! The server stops in time, and well: calls in work end, streams are told, silence does not hold it up.

use std::time::Duration;

use proto::dispatch::v1 as dispatch;
use tests::calendar::Week;
use tests::engines::{ENGINES, Engine};
use tests::refused::{Refused, granted};
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};
use tests::town_desk::request_id;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tonic::Code;

/// Longest time a stop may take.
const STOP_TIME_MAX: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_stops_in_time_with_open_streams_and_silent_sockets() {
    for engine in ENGINES {
        let server = TestServer::start_with(engine, |settings| settings.limits.drain_s = 5).await;
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let mut sockets = Vec::new();
        for said in
            ["", "PRI * HTTP/2.0\r\n\r\nSM", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST / HTTP/1.1\r\nhost: a\r\n"]
                .repeat(3)
        {
            let mut socket = TcpStream::connect(server.address()).await.expect("connect");
            socket.write_all(said.as_bytes()).await.expect("write");
            sockets.push(socket);
        }
        let channel = tonic::transport::Endpoint::from_shared(server.url()).expect("an address").connect_lazy();
        let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
        let mut watch = granted(health.watch(tonic_health::pb::HealthCheckRequest::default()).await);
        watch.message().await.expect("a first word").expect("serving");
        // An import whose file never ends.
        let (parts, waiting) = tokio::sync::mpsc::channel(4);
        let first = proto::registry::v1::ImportSeekersRequest {
            header: Some(tests::importing::header("a.csv")),
            ..Default::default()
        };
        parts.send(first).await.expect("room");
        let stream = tokio_stream::wrappers::ReceiverStream::new(waiting);
        let mut import = granted(city.seekers.clone().import_seekers(stream).await);

        let took = server.stop().await;
        assert!(took < STOP_TIME_MAX, "stopping took {took:?} on {engine:?}");
        let told = import.message().await.expect_err("the import cannot end well");
        assert_eq!(told.code(), Code::Unavailable, "{told:?}");
        drop((sockets, parts));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_work_are_finished_and_later_ones_refused() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    // Opens the connection.
    assert!(city.all_volunteers().await.is_empty());
    let calls: Vec<_> = (0..50)
        .map(|at| {
            let city = city.clone();
            tokio::spawn(async move {
                let request = proto::registry::v1::CreateVolunteerRequest {
                    parent: NETWORK.to_owned(),
                    volunteer: Some(town::volunteer(&format!("Testi {at}"))),
                    volunteer_id: format!("v-{at}"),
                    request_id: request_id(),
                    validate_only: false,
                };
                city.volunteers.clone().create_volunteer(request).await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    let (took, storage) = server.stop_keeping_storage().await;
    assert!(took < STOP_TIME_MAX, "stopping took {took:?}");
    let mut done = Vec::new();
    for call in calls {
        match call.await.expect("the caller did not panic") {
            Ok(answer) => done.push(answer.into_inner().volunteer.expect("a volunteer").name),
            Err(status) => {
                // Cancelled: the call had not yet left the caller. A status with a transport error as its source was made by the
                // caller's own library: the connection was said goodbye to before the call got a stream.
                let is_local =
                    std::error::Error::source(&status).is_some_and(|cause| cause.is::<tonic::transport::Error>());
                assert!(is_local || matches!(status.code(), Code::Unavailable | Code::Cancelled), "{status:?}");
                let reason = Refused::from(&status).reason;
                assert!(reason.is_empty() || reason == "SERVER_STOPPING", "{status:?}");
            }
        }
    }
    // What was answered is there, in the next server over the same storage.
    let server = TestServer::over(Engine::Sqlite, storage, |_| ()).await;
    let stored: Vec<String> =
        server.desk(Who::City).all_volunteers().await.into_iter().map(|volunteer| volunteer.name).collect();
    assert!(done.iter().all(|name| stored.contains(name)), "an answered write is gone");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_being_solved_is_not_left_solving() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let week = Week::coming();
    for at in 0..40 {
        city.add_volunteer(&format!("v-{at}"), town::volunteer(&format!("Testi {at}"))).await;
        city.add_seeker(&format!("s-{at}"), town::seeker(&format!("Eino {at}"))).await;
        let gig = town::gig("shopping", &format!("s-{at}"), week.window(at % 5, 8 * 60, 20 * 60));
        city.add_gig(&format!("g-{at}"), gig).await;
    }
    let created = granted(city.try_plan(week.whole(), false, 60_000).await).plan.expect("a plan");
    let (took, storage) = server.stop_keeping_storage().await;
    assert!(took < STOP_TIME_MAX, "stopping took {took:?}");
    let server = TestServer::over(Engine::Sqlite, storage, |_| ()).await;
    let request = || dispatch::GetPlanRequest { name: created.name.clone() };
    let mut matching = server.desk(Who::City).matching.clone();
    let plan = granted(matching.get_plan(request()).await).plan.expect("a plan");
    assert_ne!(plan.state(), dispatch::plan::State::Solving, "{plan:?}");
    server.stop().await;
}
