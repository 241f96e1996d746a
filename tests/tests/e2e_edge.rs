//! The edge over a real socket: health, reflection, gRPC-Web, and what hostile or broken input is told.

use std::time::{Duration, Instant};

use prost::Message as _;
use proto::registry::v1 as registry;
use tests::engines::Engine;
use tests::raw::Raw;
use tests::refused::{Refused, code_and_reason, granted};
use tests::test_server::{TestServer, Who};
use tests::town::NETWORK;
use tests::watching::{Watching, now_on};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_types::StatusExt as _;

const LIST: &str = "/keikka.registry.v1.VolunteerService/ListVolunteers";

async fn http1(address: std::net::SocketAddr, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connect");
    let length = body.len();
    let head = format!("{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("write");
    stream.write_all(body).await.expect("write");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("read");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A gRPC-Web frame.
fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message").to_be_bytes();
    [&[0][..], &length, message].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_both_reflections_answer_without_a_key() {
    let server = TestServer::start(Engine::Sqlite).await;
    let channel = || Endpoint::from_shared(server.url()).expect("an address").connect_lazy();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel());
    let told = granted(health.check(tonic_health::pb::HealthCheckRequest::default()).await);
    assert_eq!(told.status(), tonic_health::pb::health_check_response::ServingStatus::Serving);
    for path in ["v1", "v1alpha"].map(|v| format!("/grpc.reflection.{v}.ServerReflection/ServerReflectionInfo")) {
        let ask = tonic_reflection::pb::v1::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(tonic_reflection::pb::v1::server_reflection_request::MessageRequest::ListServices(
                String::new(),
            )),
        };
        for url in [server.url(), format!("http://{}", server.ops_address())] {
            let answers = Raw::at(&url).call(&path, ask.encode_to_vec()).await.expect("reflection answers");
            let text = String::from_utf8_lossy(&answers[0]).into_owned();
            for service in ["keikka.dispatch.v1.MatchingService", "grpc.health.v1.Health"] {
                assert!(text.contains(service), "{path} at {url} does not list {service}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_stays_off_the_public_port_unless_asked_for() {
    let server = TestServer::start_with(Engine::Sqlite, |settings| settings.server.reflection = false).await;
    let path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    let status = Raw::at(&server.url()).call(path, Vec::new()).await.expect_err("not here");
    assert_eq!((status.code(), Refused::from(&status).reason.as_str()), (Code::Unimplemented, "METHOD_UNKNOWN"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_of_a_named_origin_calls_by_grpc_web_and_reads_the_error() {
    let origin = "https://yhdistys.example";
    let server =
        TestServer::start_with(Engine::Sqlite, |settings| settings.web.cors_origins = vec![origin.to_owned()]).await;
    let preflight = |origin: &str| {
        format!(
            "OPTIONS {LIST} HTTP/1.1\r\norigin: {origin}\r\naccess-control-request-method: POST\r\n\
             access-control-request-headers: authorization,content-type,x-grpc-web"
        )
    };
    let allowed = http1(server.address(), &preflight(origin), b"").await.to_lowercase();
    assert!(allowed.starts_with("http/1.1 200") && allowed.contains(&format!("access-control-allow-origin: {origin}")));
    let foreign = http1(server.address(), &preflight("https://evil.example"), b"").await.to_lowercase();
    assert!(!foreign.contains("access-control-allow-origin"), "{foreign}");

    let call = |key: &str| {
        format!(
            "POST {LIST} HTTP/1.1\r\norigin: {origin}\r\ncontent-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n\
             accept-language: sv\r\nauthorization: Bearer {key}"
        )
    };
    server.desk(Who::Ops).found_network().await;
    let body = registry::ListVolunteersRequest { parent: NETWORK.to_owned(), ..Default::default() };
    let body = frame(&body.encode_to_vec());
    let good = http1(server.address(), &call(server.key(Who::City)), &body).await;
    assert!(good.starts_with("HTTP/1.1 200") && good.contains("grpc-status:0"), "{good}");
    let bad = http1(server.address(), &call("kk_nobody_0"), &body).await.to_lowercase();
    assert!(bad.contains("grpc-status: 16") && bad.contains("grpc-status-details-bin: "), "{bad}");
    let exposed = bad.lines().find(|line| line.starts_with("access-control-expose-headers")).unwrap_or_default();
    for header in ["grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id"] {
        assert!(exposed.contains(header), "{header} is not exposed: {exposed}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_route_knows_is_told_so() {
    let server = TestServer::start(Engine::Sqlite).await;
    let page = http1(server.address(), "GET / HTTP/1.1", b"").await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("speaks gRPC"), "{page}");
    let page = http1(server.address(), "GET /nothing HTTP/1.1", b"").await;
    assert!(page.starts_with("HTTP/1.1 404") && page.contains("nothing here"), "{page}");
    for path in ["/keikka.dispatch.v1.GigService/Nothing", "/nowhere.Service/Method", "/grpc.health.v1.Health/Nothing"]
    {
        let raw = Raw::at(&server.url()).with_key(server.key(Who::City));
        let status = raw.call(path, Vec::new()).await.expect_err(path);
        assert_eq!(
            (status.code(), Refused::from(&status).reason.as_str()),
            (Code::Unimplemented, "METHOD_UNKNOWN"),
            "{path}"
        );
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ops_port_counts_calls_without_ids_and_says_that_it_lives() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let alive = http1(server.ops_address(), "GET /healthz HTTP/1.1", b"").await;
    assert!(alive.ends_with("ok\n"), "{alive}");
    let numbers = http1(server.ops_address(), "GET /metrics HTTP/1.1", b"").await;
    assert!(
        numbers.contains("keikka_calls_total{method=\"/keikka.registry.v1.NetworkService/CreateNetwork\",code=\"OK\"}")
    );
    assert!(numbers.contains("keikka_call_duration_seconds_bucket"));
    assert!(!numbers.contains("kouvola"), "ids do not belong in labels");
    let public = http1(server.address(), "GET /metrics HTTP/1.1", b"").await;
    assert!(public.starts_with("HTTP/1.1 404"), "numbers are not for the public");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_and_oversize_messages_are_the_callers_fault_and_the_server_lives() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let raw = Raw::at(&server.url()).with_key(server.key(Who::City));
    let good = registry::ListVolunteersRequest { parent: NETWORK.to_owned(), ..Default::default() }.encode_to_vec();
    let truncated = good[..good.len() - 3].to_vec();
    let lying = vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, b'x'];
    let not_utf8 = vec![0x0a, 0x02, 0xff, 0xfe];
    let deep = [0x12u8, 0x02].repeat(200);
    for (what, body) in [("truncated", truncated), ("lying", lying), ("not UTF-8", not_utf8)] {
        let status = raw.call(LIST, body).await.expect_err(what);
        let told = Refused::from(&status);
        assert_eq!((told.code, told.reason.as_str()), (Code::InvalidArgument, "MESSAGE_MALFORMED"), "{what}");
        assert!(!status.message().to_lowercase().contains("prost"), "{what}: {}", status.message());
    }
    let status = raw.call("/keikka.dispatch.v1.GigService/CreateGig", deep).await.expect_err("deep");
    assert_eq!(status.code(), Code::InvalidArgument);
    let status = raw.call(LIST, vec![0u8; 5 * 1024 * 1024]).await.expect_err("5 MiB");
    let told = Refused::from(&status);
    assert_eq!((told.code, told.reason.as_str()), (Code::ResourceExhausted, "MESSAGE_TOO_LARGE"));
    let status = raw.with("grpc-timeout", "soon").call(LIST, good.clone()).await.expect_err("no timeout");
    assert_eq!(Refused::from(&status).reason, "MESSAGE_MALFORMED");
    raw.call(LIST, good).await.expect("the server lives");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_passes_is_told_as_such() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let raw = Raw::at(&server.url()).with_key(server.key(Who::City));
    let body = registry::ListVolunteersRequest { parent: NETWORK.to_owned(), ..Default::default() }.encode_to_vec();
    let status = raw.with("grpc-timeout", "1n").call(LIST, body).await.expect_err("a nanosecond is too short");
    // The client's own clock may be first; then it does not hear the server's reason.
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_names_its_call_and_speaks_the_callers_language() {
    let server = TestServer::start(Engine::Sqlite).await;
    let raw = Raw::at(&server.url());
    for (language, locale, word) in [("sv-FI", "sv", "Nyckeln"), ("en", "en", "key"), ("de", "fi", "Avain")] {
        let status = raw.with("accept-language", language).call(LIST, Vec::new()).await.expect_err("no key");
        let details = status.get_error_details();
        let message = details.localized_message().expect("a text for people");
        assert_eq!(message.locale, locale);
        assert!(message.message.contains(word), "{}", message.message);
        assert_eq!(details.error_info().expect("a reason").domain, "keikka");
        assert!(status.metadata().get("x-request-id").is_some_and(|id| id.len() == 36), "{:?}", status.metadata());
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_gets_its_share_of_connections_only() {
    // Silent sockets stay for an hour here, so only the share can close the fifth, however slow the machine is.
    let server = TestServer::start_with(Engine::Sqlite, |settings| {
        settings.limits.preface_s = 3600;
        settings.limits.connections_per_peer_max = 4;
    })
    .await;
    // Whoever asked whether the server is up may still hold a place: of twelve at least eight are turned away.
    let mut asked = tokio::task::JoinSet::new();
    for said in ["", "PRI * HTTP", "GET / HT"].into_iter().cycle().take(12) {
        let mut stream = TcpStream::connect(server.address()).await.expect("connect");
        asked.spawn(async move {
            // Who is turned away may learn it while still writing.
            let _ = stream.write_all(said.as_bytes()).await;
            let _ = stream.read(&mut [0; 1]).await;
        });
    }
    for closed in 0..8 {
        let next = tokio::time::timeout(Duration::from_secs(60), asked.join_next()).await;
        assert!(next.is_ok(), "only {closed} connections too many were closed");
    }
    assert!(!asked.is_empty(), "a peer has no share at all");
    // Who gives a place back may have another.
    asked.shutdown().await;
    let mut answered = false;
    for _ in 0..1000 {
        let mut stream = TcpStream::connect(server.address()).await.expect("connect");
        let asked = stream.write_all(b"GET /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
        let mut answer = Vec::new();
        if asked.is_ok() && stream.read_to_end(&mut answer).await.is_ok() && !answer.is_empty() {
            answered = true;
            break;
        }
    }
    assert!(answered, "a place that was given back stays taken");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_sockets_are_closed() {
    let server = TestServer::start_with(Engine::Sqlite, |settings| settings.limits.preface_s = 1).await;
    let mut silent = Vec::new();
    for said in ["", "PRI * HTTP", "GET / HT", ""] {
        let mut stream = TcpStream::connect(server.address()).await.expect("connect");
        stream.write_all(said.as_bytes()).await.expect("write");
        silent.push(stream);
    }
    for mut stream in silent {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "a socket that says too little stays open");
    }
    let channel = Endpoint::from_shared(server.url()).expect("an address").connect_lazy();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
    granted(health.check(tonic_health::pb::HealthCheckRequest::default()).await);
    server.stop().await;
}

/// A body of which nothing ever comes.
type Endless = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, std::convert::Infallible>;

fn page(address: std::net::SocketAddr, method: &str, is_endless: bool) -> http::Request<Endless> {
    use http_body_util::{BodyExt as _, Empty, StreamBody};
    let endless = futures_util::stream::pending::<Result<hyper::body::Frame<bytes::Bytes>, std::convert::Infallible>>();
    let body = if is_endless { StreamBody::new(endless).boxed_unsync() } else { Empty::new().boxed_unsync() };
    http::Request::builder()
        .method(method)
        .uri(format!("http://{address}/r/{}", "A".repeat(22)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_never_end_take_nobodys_place() {
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let server = TestServer::start_with(Engine::Sqlite, |settings| settings.limits.calls_max = 8).await;
    server.desk(Who::Ops).found_network().await;
    let mut waiting = Vec::new();
    let mut senders = Vec::new();
    for _ in 0..3 {
        let stream = TcpStream::connect(server.address()).await.expect("connect");
        let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.expect("h2");
        tokio::spawn(connection);
        // They are on their way before anything else of this connection.
        waiting.extend((0..20).map(|_| sender.send_request(page(server.address(), "POST", true))));
        senders.push(sender);
    }
    for sender in &mut senders {
        for _ in 0..10 {
            let answer = sender.send_request(page(server.address(), "GET", false)).await.expect("an answer");
            assert_eq!(answer.status(), http::StatusCode::NOT_FOUND);
        }
    }
    assert!(server.desk(Who::City).all_volunteers().await.is_empty(), "calls are served");
    drop(waiting);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_links_too_often_waits_and_nobody_else() {
    let limited = |proxies: &'static [&'static str], address: u32, link: u32| {
        TestServer::start_with(Engine::Sqlite, move |settings| {
            settings.limits.pages_per_address_min = address;
            settings.limits.pages_per_link_min = link;
            settings.server.trusted_proxies = proxies.iter().map(|proxy| proxy.parse().expect("an address")).collect();
        })
    };
    let page = async |server: &TestServer, path: &str, forwarded: &str| {
        let head = format!("GET {path} HTTP/1.1\r\naccept-language: sv\r\nx-forwarded-for: {forwarded}");
        let answer = http1(server.address(), &head, b"").await;
        let status: u16 = answer.split_whitespace().nth(1).expect("a status").parse().expect("a number");
        (status, answer)
    };
    // One link, whoever opens it; the page and its calendar file are one link.
    let server = limited(&["127.0.0.1"], 1_000_000, 3).await;
    for path in ["/r/AAAAAAAAAAAAAAAAAAAAAA", "/r/AAAAAAAAAAAAAAAAAAAAAA/gig.ics", "/r/AAAAAAAAAAAAAAAAAAAAAA?lang=en"]
    {
        assert_eq!(page(&server, path, "198.51.100.1").await.0, 404, "{path}");
    }
    let (status, slow) = page(&server, "/r/AAAAAAAAAAAAAAAAAAAAAA", "198.51.100.2").await;
    assert!(status == 429 && slow.contains("För många förfrågningar"), "{slow}");
    let after = slow.lines().find_map(|line| line.strip_prefix("retry-after: ")).expect("how long to wait");
    assert!((1..=20).contains(&after.trim().parse::<u32>().expect("seconds")), "{after}");
    assert_eq!(page(&server, "/r/BBBBBBBBBBBBBBBBBBBBBB", "198.51.100.2").await.0, 404, "another link");
    assert_eq!(page(&server, "/", "198.51.100.2").await.0, 200);
    server.stop().await;

    // One address, whatever it opens; behind a proxy of ours the one that it tells.
    let server = limited(&["127.0.0.1"], 3, 1_000_000).await;
    for path in ["/r/A", "/cal/B.ics", "/cal/C.ics"] {
        assert_eq!(page(&server, path, "198.51.100.1").await.0, 404, "{path}");
    }
    assert_eq!(page(&server, "/cal/D.ics", "198.51.100.1").await.0, 429);
    assert_eq!(page(&server, "/cal/D.ics", "198.51.100.1, 198.51.100.2").await.0, 404, "another caller");
    assert_eq!(http1(server.address(), "POST /sms/inbound HTTP/1.1", b"").await.split(' ').nth(1), Some("404"));
    server.stop().await;

    // Without a proxy of ours nobody is believed.
    let server = limited(&[], 3, 1_000_000).await;
    for number in 1..=3 {
        assert_eq!(page(&server, "/r/A", &format!("198.51.100.{number}")).await.0, 404);
    }
    assert_eq!(page(&server, "/r/A", "198.51.100.4").await.0, 429);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_caller_has_so_many_streams_and_leaves_the_others_theirs() {
    let server = TestServer::start_with(Engine::Sqlite, |settings| settings.limits.streams_per_principal_max = 2).await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let open = [Watching::begin(&city, now_on()).await, Watching::begin(&server.desk(Who::City), now_on()).await];
    let refused = code_and_reason(city.events.clone().watch_events(now_on()).await);
    assert_eq!(refused, (Code::ResourceExhausted, "LIMIT_REACHED".to_owned()), "over whatever connection");
    let _other = Watching::begin(&server.desk(Who::CallCentre), now_on()).await;
    assert_eq!(city.gigs.clone().list_gigs(all_gigs()).await.map(drop).map_err(|status| status.code()), Ok(()));
    let [first, _second] = open;
    drop(first);
    let deadline = Instant::now() + Duration::from_secs(120);
    while city.events.clone().watch_events(now_on()).await.is_err() {
        assert!(Instant::now() < deadline, "a stream that has ended is not given back");
        tokio::task::yield_now().await;
    }
    server.stop().await;
}

fn all_gigs() -> proto::dispatch::v1::ListGigsRequest {
    proto::dispatch::v1::ListGigsRequest { parent: NETWORK.to_owned(), ..Default::default() }
}
