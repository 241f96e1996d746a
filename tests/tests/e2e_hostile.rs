//! Thousands of mutilated messages to every method: none is our fault, none brings the server down, none is stored by half.

use prost::Message as _;
use tests::engines::Engine;
use tests::example::{methods, request};
use tests::raw::Raw;
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};
use tonic::Code;

/// Mutilated messages for each method.
const ROUNDS: usize = 40;
/// Where a run can be repeated from.
const SEED_VARIABLE: &str = "KEIKKA_TEST_SEED";

/// A small generator: xorshift, enough to mutilate.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).expect("below a size")
    }
}

/// Texts that programs stumble over.
const NASTY: [&[u8]; 8] = [
    b"\0",
    b"\xff\xfe",
    "\u{202e}abc".as_bytes(),
    "\u{200b}".as_bytes(),
    b"networks/../../etc/passwd",
    b"' or 1=1 --",
    b"%s%n%x",
    b"\x0a\xff\xff\xff\xff\x0f",
];

fn mutilated(whole: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.roll(4) {
        match dice.roll(6) {
            0 if !bytes.is_empty() => {
                let at = dice.roll(bytes.len());
                bytes[at] ^= 1 << dice.roll(8);
            }
            1 => bytes.truncate(dice.roll(bytes.len() + 1)),
            2 => {
                let at = dice.roll(bytes.len() + 1);
                let nasty = NASTY[dice.roll(NASTY.len())];
                bytes.splice(at..at, nasty.iter().copied());
            }
            3 => {
                let copy = bytes.clone();
                bytes.extend(copy);
            }
            4 => bytes
                .extend((0..dice.roll(40)).map(|at| u8::try_from(at * 7 % 256).expect("a byte")).collect::<Vec<_>>()),
            _ => {
                let (field, kind) = (dice.roll(30) + 1, [0, 1, 2, 5][dice.roll(4)]);
                bytes.push(u8::try_from(field << 3 | kind).unwrap_or(0x0a));
                bytes.push(u8::try_from(dice.roll(256)).expect("a byte"));
            }
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn mutilated_messages_are_never_our_fault() {
    let seed = std::env::var(SEED_VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(0x5eed_u64);
    let mut dice = Dice(seed.max(1));
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    city.add_volunteer("thing", town::volunteer("Aino Testinen")).await;
    city.add_seeker("thing", town::seeker("Eino Esimerkki")).await;
    let mut calls = 0;
    for who in [Who::City, Who::Ops] {
        let raw = Raw::at(&server.url()).with_key(server.key(who));
        for (path, method) in methods() {
            let whole = request(&method, "kouvola").encode_to_vec();
            for _ in 0..ROUNDS {
                let body = mutilated(&whole, &mut dice);
                if let Err(status) = raw.call(&path, body.clone()).await {
                    let ours =
                        matches!(status.code(), Code::Internal | Code::Unknown | Code::DataLoss | Code::Unavailable);
                    assert!(!ours, "{SEED_VARIABLE}={seed}: {path} with {body:02x?}: {status:?}");
                    assert!(!status.details().is_empty(), "{SEED_VARIABLE}={seed}: {path} gives no reason: {status:?}");
                }
                calls += 1;
            }
        }
    }
    assert!(calls > 4_000, "{calls}");
    let gigs = proto::dispatch::v1::ListGigsRequest { parent: NETWORK.to_owned(), ..Default::default() };
    city.gigs.clone().list_gigs(gigs).await.expect("the server lives");
    server.stop().await;
}
