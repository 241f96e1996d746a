//! Channels against real peers: a mail server, a text message gateway that misbehaves, and web servers where a webhook must not go.

mod post;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use domain::{Channel, Gig, GigState, Sensitive};
use jiff::SignedDuration;
use notification::channel::address::Reach;
use notification::channel::http::Client;
use notification::channel::sms::{Provider, SmsTransport};
use notification::channel::smtp::{Encryption, SmtpServer, SmtpTransport};
use notification::channel::webhook::{Endpoint, WebhookTransport};
use notification::channel::{Body, Outgoing, SendError, Transport};
use notification::render::{Mail, SmsText};
use store::MessageState;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use post::{Post, Storage, size};

/// The folder of aiosmtpd: `cargo xtask test` sets it.
const MODULES_VARIABLE: &str = "KEIKKA_MAIL_MODULES";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Most lines of a peer that are kept.
const LINES_MAX: usize = 10_000;

/// A peer in Python: it says its port, and ends with us.
struct Peer {
    _child: Child,
    lines: tokio::sync::mpsc::Receiver<String>,
    port: u16,
}

impl Peer {
    async fn start(script: &str, arguments: &[&str], environment: &[(&str, String)]) -> Self {
        let place = format!("{}/../../tests/peers/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new("python3");
        command.arg(place).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1").kill_on_drop(true);
        for (name, value) in environment {
            command.env(name, value);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines.next_line().await.expect("a line").expect("the peer says its port").parse().expect("a port");
        // Read at once, however late it is looked at: a full pipe would stop the peer.
        let (sender, receiver) = tokio::sync::mpsc::channel(LINES_MAX);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if sender.send(line).await.is_err() {
                    return;
                }
            }
        });
        Self { _child: child, lines: receiver, port }
    }

    async fn line(&mut self) -> serde_json::Value {
        let line = tokio::time::timeout(Duration::from_secs(30), self.lines.recv()).await;
        serde_json::from_str(&line.expect("in time").expect("the peer goes on")).expect("JSON")
    }
}

/// A mail server, and how to reach it.
async fn mail_server(folder: &tempfile::TempDir, drop_every: usize) -> (Peer, SmtpServer) {
    let mut authority = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = rcgen::KeyPair::generate().expect("a key");
    let authority_pem = authority.self_signed(&authority_key).expect("a certificate").pem();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().expect("a key");
    let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = leaf.signed_by(&key, &issuer).expect("a certificate");
    let (certificate_place, key_place) = (folder.path().join("mail.crt"), folder.path().join("mail.key"));
    std::fs::write(&certificate_place, certificate.pem()).expect("written");
    std::fs::write(&key_place, key.serialize_pem()).expect("written");
    let modules = std::env::var(MODULES_VARIABLE)
        .unwrap_or_else(|_| format!("{}/../../target/tools/mail/modules", env!("CARGO_MANIFEST_DIR")));
    let peer = Peer::start(
        "mail_server.py",
        &[&certificate_place.display().to_string(), &key_place.display().to_string(), &drop_every.to_string()],
        &[("PYTHONPATH", modules)],
    )
    .await;
    let server = SmtpServer {
        host: "localhost".to_owned(),
        port: peer.port,
        encryption: Encryption::StartTls,
        credentials: Some(("keikka".to_owned(), Sensitive::new("correct horse".to_owned()))),
        authority_pem: Some(authority_pem),
        from: "Keikka <keikka@kouvola.example>".to_owned(),
        time: Duration::from_secs(10),
    };
    (peer, server)
}

fn letter(to: &str, reference: &str) -> Outgoing {
    let mail = Mail {
        subject: "Olet mukana: lääkäriin".to_owned(),
        text: "Hei!\n\nNäkymättömiä ei ole.".to_owned(),
        html: "<html><body>Hei</body></html>".to_owned(),
        calendar: Some(("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n".to_owned(), "REQUEST")),
    };
    Outgoing {
        network: "kouvola".parse().expect("id"),
        reference: reference.to_owned(),
        body: Body::Mail { to: Sensitive::new(to.to_owned()), mail: Box::new(mail) },
    }
}

#[tokio::test]
async fn letters_go_over_starttls_with_a_password_and_refusals_are_sorted() {
    let folder = tempfile::tempdir().expect("directory");
    let (mut peer, server) = mail_server(&folder, 0).await;
    let transport = SmtpTransport::new(server.clone()).expect("a channel");
    assert!(transport.send(&letter("aino@example.org", "keikka-1")).await.is_ok());
    let taken = peer.line().await;
    assert_eq!((&taken["tls"], &taken["to"][0]), (&true.into(), &"aino@example.org".into()));
    let text = taken["text"].as_str().expect("a text");
    for part in [
        "Message-ID: <keikka-1@kouvola.example>",
        "text/plain",
        "text/html",
        "text/calendar; charset=utf-8; method=REQUEST",
        "keikka.ics",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let code = async |transport: &SmtpTransport, to: &str| transport.send(&letter(to, "r")).await.expect_err(to);
    assert_eq!(code(&transport, "nobody@example.org").await, SendError::Permanent { code: "PROVIDER_REFUSED" });
    let later = SendError::Transient { code: "PROVIDER_BUSY", retry_after: None };
    assert_eq!(code(&transport, "full@example.org").await, later);
    assert_eq!(code(&transport, "not an address").await, SendError::Permanent { code: "EMAIL_INVALID" });
    let ours = |code| SendError::Transient { code, retry_after: None };
    let wrong = Some(("keikka".to_owned(), Sensitive::new("wrong".to_owned())));
    let locked_out = SmtpTransport::new(SmtpServer { credentials: wrong, ..server.clone() }).expect("a channel");
    assert_eq!(code(&locked_out, "aino@example.org").await, ours("PROVIDER_REFUSES_US"));
    let untrusting = SmtpTransport::new(SmtpServer { authority_pem: None, ..server.clone() }).expect("a channel");
    assert_eq!(code(&untrusting, "aino@example.org").await, ours("PROVIDER_UNREACHABLE"), "an unknown authority");
    let gone = SmtpTransport::new(SmtpServer { port: 1, ..server }).expect("a channel");
    assert_eq!(code(&gone, "aino@example.org").await, ours("PROVIDER_UNREACHABLE"));
}

#[tokio::test]
async fn letters_survive_a_server_that_hangs_up() {
    let count = size(40, 400);
    let folder = tempfile::tempdir().expect("directory");
    let (mut peer, server) = mail_server(&folder, 5).await;
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
    post.many(&gig, count, |_| Channel::Email).await;
    let mut transports = post.transports();
    let server = SmtpServer { time: Duration::from_secs(2), ..server };
    transports.insert(Channel::Email, Arc::new(SmtpTransport::new(server).expect("a channel")));
    let worker = post.worker_with(transports);
    worker.tell_all().await.expect("told");
    for _ in 0..12 {
        worker.send_due().await.expect("sent");
        post.clock.advance(SignedDuration::from_mins(11));
    }
    let mut reached = BTreeSet::new();
    for _ in 0..count {
        let taken = peer.line().await;
        assert!(reached.insert(taken["to"][0].as_str().expect("an address").to_owned()), "{taken}");
    }
    assert!(post.messages().await.iter().all(|one| one.state == MessageState::Sent && one.attempts <= 8));
}

fn provider(port: u16) -> Provider {
    serde_json::from_value(serde_json::json!({
        "url": format!("http://127.0.0.1:{port}/send"),
        "headers": {"authorization": "Bearer secret"},
        "body": {"to": "{to}", "text": "{text}", "reference": "{reference}"},
        "id_path": "/messages/0/id",
    }))
    .expect("provider")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_misbehaves_is_borne() {
    let count = size(150, 2_000);
    for storage in Storage::both().await {
        // As slow and silent as it gets, in small: it answers after we have given up.
        let times = [("SILENCE_S", "1.2".to_owned()), ("SLOW_S", "0.9".to_owned())];
        let gateway = Peer::start("sms_gateway.py", &[], &times).await;
        let mut post = Post::open(&storage).await;
        post.pace.pool = 32;
        let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
        post.many(&gig, count, |number| if number % 10 == 0 { Channel::Email } else { Channel::Sms }).await;
        let client = Client::new(Reach::Any, Duration::from_millis(600));
        let mut transports = post.transports();
        transports
            .insert(Channel::Sms, Arc::new(SmsTransport::new(client, provider(gateway.port)).expect("a channel")));
        let worker = post.worker_with(transports);
        worker.tell_all().await.expect("told");
        for round in 0..200 {
            worker.send_due().await.expect("sent");
            if round == 0 {
                assert_eq!(post.mail.all().len(), count.div_ceil(10), "the other channel is through at once");
            }
            if post.messages().await.iter().all(|one| one.state.is_terminal()) {
                break;
            }
            post.clock.advance(SignedDuration::from_secs(41));
        }

        let ledger = ledger(gateway.port).await;
        let mut tries: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in ledger.as_array().expect("a list") {
            let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
            tries.entry(text("reference")).or_default().push(text("drawn"));
        }
        let texts: Vec<_> = post.messages().await.into_iter().filter(|one| one.channel == Channel::Sms).collect();
        assert_eq!(texts.len(), count - count.div_ceil(10));
        for message in texts {
            let drawn = &tries[&message.provider_reference];
            assert!(message.state.is_terminal(), "{message:?}");
            let taken = drawn.iter().filter(|one| !matches!(one.as_str(), "error" | "busy")).count();
            let unclear = drawn.iter().filter(|one| matches!(one.as_str(), "silent" | "slow")).count();
            let once = usize::from(message.state == MessageState::Sent);
            assert!(taken <= unclear + once, "{drawn:?}: at most one more send for each silence");
            assert_eq!(
                message.state == MessageState::Sent,
                drawn.last().is_some_and(|last| { matches!(last.as_str(), "taken" | "garbage") }),
                "{drawn:?} {message:?}"
            );
        }
        storage.remove().await;
    }
}

/// The gateway's ledger, read without the product's client.
async fn ledger(port: u16) -> serde_json::Value {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    stream.write_all(b"GET /ledger HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answered");
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a body");
    serde_json::from_slice(&answer[at + 4..]).expect("JSON")
}

/// A web server that answers every request alike, and counts them.
async fn web(answer: &'static str) -> (SocketAddr, Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    let heard = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 8_192];
            let count = stream.read(&mut request).await.unwrap_or(0);
            heard.lock().expect("lock").push(String::from_utf8_lossy(&request[..count]).into_owned());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, seen)
}

fn hook(client: Client, url: &str) -> WebhookTransport {
    let endpoint = Endpoint::anywhere(url, &[SECRET.to_owned()]).expect("endpoint");
    let key = ("kouvola".parse().expect("id"), "a1".parse().expect("id"));
    WebhookTransport::new(client, BTreeMap::from([(key, endpoint)]))
}

fn event() -> Outgoing {
    Outgoing {
        network: "kouvola".parse().expect("id"),
        reference: "keikka-7".to_owned(),
        body: Body::Event {
            association: "a1".parse().expect("id"),
            now: jiff::Timestamp::from_second(1_795_428_000).expect("instant"),
            json: "{\"type\":\"gig_filled\"}".to_owned(),
        },
    }
}

#[tokio::test]
async fn a_webhook_is_signed_and_its_answer_believed() {
    let time = Duration::from_secs(5);
    let taken = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let (address, seen) = web(taken).await;
    let url = format!("http://{address}/in?x=1");
    assert!(hook(Client::new(Reach::Any, time), &url).send(&event()).await.is_ok_and(|taken| taken.arrived));
    let request = seen.lock().expect("lock")[0].clone();
    let endpoint = Endpoint::anywhere(&url, &[SECRET.to_owned()]).expect("endpoint");
    let now = jiff::Timestamp::from_second(1_795_428_000).expect("instant");
    let signature = endpoint.signature("keikka-7", now, "{\"type\":\"gig_filled\"}");
    for part in [
        "POST /in?x=1",
        "webhook-id: keikka-7",
        "webhook-timestamp: 1795428000",
        &format!("webhook-signature: {signature}"),
    ] {
        assert!(request.contains(part), "{part} in {request}");
    }
    let redirect = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let gone = "HTTP/1.1 410 Gone\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    for (answer, wanted) in [
        (redirect, SendError::Permanent { code: "WEBHOOK_REDIRECTED" }),
        (gone, SendError::Permanent { code: "WEBHOOK_GONE" }),
        (busy, SendError::Transient { code: "PROVIDER_ERROR", retry_after: Some(Duration::from_secs(30)) }),
        ("garbage", SendError::Transient { code: "PROVIDER_SILENT", retry_after: None }),
    ] {
        let (address, _) = web(answer).await;
        let sent = hook(Client::new(Reach::Any, time), &format!("http://{address}/")).send(&event()).await;
        assert_eq!(sent, Err(wanted));
    }
}

#[tokio::test]
async fn a_webhook_reaches_no_private_address_whatever_its_name() {
    let (address, seen) = web("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let port = address.port();
    // `localhost` is a name that leads to a private address, as one does whose DNS was changed.
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0x7f000001:{port}/"),
        format!("https://127.1:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "https://192.168.1.1/".to_owned(),
        "https://[fe80::1]/".to_owned(),
        "https://0.0.0.0/".to_owned(),
    ] {
        let sent = hook(Client::new(Reach::Public, Duration::from_secs(5)), &url).send(&event()).await;
        let refused = SendError::Permanent { code: "WEBHOOK_ADDRESS_REFUSED" };
        let unknown = SendError::Transient { code: "PROVIDER_UNREACHABLE", retry_after: None };
        // A strange spelling of an address may also be no name at all.
        let strange = url.contains("2130706433") || url.contains("0x7f") || url.contains("127.1:");
        assert!(sent == Err(refused) || strange && sent == Err(unknown), "{url}: {sent:?}");
    }
    assert!(seen.lock().expect("lock").is_empty(), "nothing was even connected");
}

#[tokio::test]
async fn a_text_message_in_a_form_reaches_a_provider_that_wants_one() {
    let (address, seen) = web("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{\"id\":42}").await;
    let provider: Provider = serde_json::from_value(serde_json::json!({
        "url": format!("http://{address}/sms"), "form": "form", "sender": "Keikka", "id_path": "/id",
        "body": {"from": "{sender}", "to": "{to_msisdn}", "message": "{text}"},
    }))
    .expect("provider");
    let transport = SmsTransport::new(Client::new(Reach::Any, Duration::from_secs(5)), provider).expect("a channel");
    let message = Outgoing {
        network: "kouvola".parse().expect("id"),
        reference: "keikka-8".to_owned(),
        body: Body::Sms {
            to: Sensitive::new("+358401234567".to_owned()),
            text: SmsText { text: "Hei & hyvää päivää".to_owned(), segments: 1 },
        },
    };
    let taken = transport.send(&message).await.expect("taken");
    assert_eq!((taken.provider_id.as_deref(), taken.arrived), (Some("42"), false));
    let request = seen.lock().expect("lock")[0].clone();
    assert!(
        request.contains("from=Keikka&to=358401234567&message=Hei%20%26%20hyv%C3%A4%C3%A4%20p%C3%A4iv%C3%A4%C3%A4"),
        "{request}"
    );
}
