//! Channels against real peers: a mail server that hangs up at any stage, an association's system that checks signatures, and web servers
//! where a webhook must not go. `gateway.rs` has the provider of text messages.

mod post;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
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
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use post::{Peer, Post, Storage};

/// The folder of aiosmtpd: `cargo xtask test` sets it.
const MODULES_VARIABLE: &str = "KEIKKA_MAIL_MODULES";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The letters to somebody: how many, how many of them without an answer to the sender, and their Message-IDs.
type Letters = (usize, usize, BTreeSet<String>);

/// A mail server, and how to reach it.
async fn mail_server(folder: &tempfile::TempDir, stages: &[&str]) -> (Peer, SmtpServer) {
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
    let places = [certificate_place.display().to_string(), key_place.display().to_string()];
    let arguments: Vec<&str> = places.iter().map(String::as_str).chain(stages.iter().copied()).collect();
    let peer = Peer::start("mail_server.py", &arguments, &[("PYTHONPATH", modules)]).await;
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
    let (mut peer, server) = mail_server(&folder, &[]).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_survive_a_server_that_hangs_up_at_any_stage() {
    const COUNT: usize = 200;
    const STAGES: [&str; 8] = ["well", "greeting", "well", "mail", "well", "data", "well", "taken"];
    for storage in Storage::both().await {
        let folder = tempfile::tempdir().expect("directory");
        let (mut peer, server) = mail_server(&folder, &STAGES).await;
        let post = Post::open(&storage).await;
        let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
        post.many(&gig, COUNT, |_| Channel::Email).await;
        let mut transports = post.transports();
        let transport = Arc::new(SmtpTransport::new(server).expect("a channel"));
        transports.insert(Channel::Email, Arc::clone(&transport) as Arc<dyn Transport>);
        let worker = post.worker_with(transports);
        worker.tell_all().await.expect("told");
        while post.messages().await.iter().any(|one| !one.state.is_terminal()) {
            worker.send_due().await.expect("sent");
            post.clock.advance(SignedDuration::from_mins(11));
        }
        let messages = post.messages().await;
        let sent = messages.iter().filter(|one| one.state == MessageState::Sent).count();
        let mut taken: BTreeMap<String, Letters> = BTreeMap::new();
        // The last letter says that there are no more.
        while transport.send(&letter("end@example.org", "end")).await.is_err() {}
        loop {
            let letter = peer.line().await;
            if letter["to"][0] == "end@example.org" {
                if letter["stage"] == "well" {
                    break;
                }
                continue;
            }
            let of = taken.entry(letter["to"][0].as_str().expect("an address").to_owned()).or_default();
            of.0 += 1;
            of.1 += usize::from(letter["stage"] == "taken");
            let text = letter["text"].as_str().expect("a text");
            of.2.extend(text.lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned));
        }
        for (to, (times, unclear, ids)) in &taken {
            assert!(*times <= 1 + unclear, "{to} has {times} letters, {unclear} of them with no answer");
            assert_eq!(ids.len(), 1, "{to}: one letter, however often: {ids:?}");
        }
        for message in &messages {
            let to = format!("{}@example.org", message.recipient.trim_start_matches("volunteers/"));
            let reached = taken.get(&to).is_some_and(|(times, unclear, _)| times > unclear);
            assert_eq!(reached, message.state == MessageState::Sent, "{message:?}");
            assert!(reached || message.attempts == 8, "given up after eight tries: {message:?}");
        }
        assert!(sent * 10 >= COUNT * 9, "{sent} of {COUNT}");
        assert!(taken.values().any(|(times, ..)| *times > 1), "some were repeated");
        storage.remove().await;
    }
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
    // Another's reading of the specification, in another language.
    let mut receiver = Peer::start("webhook_receiver.py", &[SECRET], &[]).await;
    let url = format!("http://127.0.0.1:{}/in?x=1", receiver.port);
    assert!(hook(Client::new(Reach::Any, time), &url).send(&event()).await.is_ok_and(|taken| taken.arrived));
    let request = receiver.line().await;
    let word = |name: &str| request[name].as_str().expect("a text").to_owned();
    assert_eq!((request["signed"].as_bool(), request["forged"].as_bool()), (Some(true), Some(false)), "{request}");
    assert_eq!(
        (word("path"), word("id"), word("timestamp")),
        ("/in?x=1".into(), "keikka-7".into(), "1795428000".into())
    );
    assert_eq!(word("body"), "{\"type\":\"gig_filled\"}");
    let mut other = Peer::start("webhook_receiver.py", &["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], &[]).await;
    let url = format!("http://127.0.0.1:{}/", other.port);
    assert!(hook(Client::new(Reach::Any, time), &url).send(&event()).await.is_ok());
    assert_eq!(other.line().await["signed"], false, "with another secret it is not signed");
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
async fn who_is_gone_is_told_nothing_more() {
    let mut receiver = Peer::start("webhook_receiver.py", &[SECRET], &[]).await;
    let client = Client::new(Reach::Any, Duration::from_secs(5));
    let key = |association: &str| ("kouvola".parse().expect("id"), association.parse().expect("id"));
    let endpoint = |path: &str| {
        Endpoint::anywhere(&format!("http://127.0.0.1:{}/{path}", receiver.port), &[SECRET.to_owned()])
            .expect("endpoint")
    };
    let hook = WebhookTransport::new(client, BTreeMap::from([(key("a1"), endpoint("410")), (key("a2"), endpoint(""))]));
    let gone = SendError::Permanent { code: "WEBHOOK_GONE" };
    for _ in 0..3 {
        assert_eq!(hook.send(&event()).await, Err(gone.clone()));
    }
    let mut other = event();
    let Body::Event { association, .. } = &mut other.body else { panic!("an event") };
    *association = "a2".parse().expect("id");
    assert!(hook.send(&other).await.is_ok(), "others are told as before");
    assert_eq!(
        (receiver.line().await["path"].as_str(), receiver.line().await["path"].as_str()),
        (Some("/410"), Some("/"))
    );
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_second_time_is_refused() {
    // 127.0.0.1 stands for the open internet here, 127.0.0.2 for the house.
    let outside = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = outside.local_addr().expect("an address").port();
    let inside = TcpListener::bind(("127.0.0.2", port)).await.expect("the same port");
    let (seen, entered) = (count_visits(outside), count_visits(inside));
    let (out, house) = (SocketAddr::from(([127, 0, 0, 1], port)), SocketAddr::from(([127, 0, 0, 2], port)));
    let answers = [vec![out], vec![house], vec![out, house], vec![house, out], vec![out]];
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let resolve = move |host: &str, _: u16| {
        assert_eq!(host, "hook.example");
        answers[count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % answers.len()].clone()
    };
    let reach = Reach::Where(|address| address == std::net::Ipv4Addr::new(127, 0, 0, 1));
    let client = Client::new(reach, Duration::from_secs(5)).with_names(resolve);
    let hook = hook(client, &format!("http://hook.example:{port}/"));
    let refused = || Err(SendError::Permanent { code: "WEBHOOK_ADDRESS_REFUSED" });
    assert!(hook.send(&event()).await.is_ok());
    for _ in 0..3 {
        assert_eq!(hook.send(&event()).await, refused(), "also with a good address beside the bad one");
    }
    assert!(hook.send(&event()).await.is_ok());
    let of = |visits: &std::sync::atomic::AtomicUsize| visits.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!((of(&seen), of(&entered)), (2, 0));
    assert_eq!(of(&asked), 5, "asked once for each message: what was checked is what is used");
}

/// Answers everybody, and counts them.
fn count_visits(listener: TcpListener) -> Arc<std::sync::atomic::AtomicUsize> {
    let visits: Arc<std::sync::atomic::AtomicUsize> = Arc::default();
    let counted = Arc::clone(&visits);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut request = vec![0; 8_192];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
        }
    });
    visits
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
