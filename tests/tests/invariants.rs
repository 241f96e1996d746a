//! Thousands of random moves by several callers at once, and what must be true of the books after every hundred: nobody is booked
//! twice, caps and ways are kept, no gig is half filled, every change has its event, and nothing was ever answered with our own fault.
//!
//! The seed is printed; `KEIKKA_TEST_SEED` plays the same again (who is first among callers is not the seed's to tell).

#![expect(clippy::print_stdout, reason = "a test says its seed and what it tried")]

use std::collections::BTreeMap;
use std::sync::Arc;

use proto::dispatch::v1::gig::State;
use proto::dispatch::v1::{CompleteGigRequest, Gig};
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::Engine;
use tests::play::{Player, settle};
use tests::referee::{Books, differs_from_events};
use tests::refused::{code_and_reason, granted};
use tests::size::Size;
use tests::tally::Tally;
use tests::test_server::TestServer;
use tests::weeks::Dice;
use tonic::Code;

/// Callers at once.
const PLAYERS: usize = 4;
/// Moves between two looks at the books.
const ROUND: usize = 100;
/// Moves that the play would prove nothing without.
const MUST_SUCCEED: [&str; 17] = [
    "create_volunteer",
    "update_volunteer",
    "pause_volunteer",
    "suspend_volunteer",
    "reinstate",
    "create_gig",
    "update_gig",
    "quote_gig",
    "assign_volunteer",
    "claim_gig",
    "release",
    "cancel_gig",
    "start_gig",
    "create_offer",
    "accept_offer",
    "create_plan",
    "apply_plan",
];

fn seed() -> u64 {
    match std::env::var("KEIKKA_TEST_SEED") {
        Ok(text) => text.parse().expect("KEIKKA_TEST_SEED is a number"),
        Err(_) => 20_261_122,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_moves_keep_the_books_true_on_sqlite() {
    play_on(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_moves_keep_the_books_true_on_postgres() {
    play_on(Engine::Postgres).await;
}

async fn play_on(engine: Engine) {
    let (seed, moves) = (seed(), Size::asked().pick(2_000, 10_000));
    println!("{engine:?}: {moves} moves, KEIKKA_TEST_SEED={seed}");
    // Without a key a caller may speak for every volunteer.
    let server = TestServer::start_with(engine, |settings| settings.server.insecure = true).await;
    let desks: Vec<_> = (0..PLAYERS).map(|_| server.stranger()).collect();
    let week = Week::coming();
    // It is the first morning of the week: what is near may begin.
    server.clock.advance_s(week.at(0, 6 * 60).seconds - server.clock.now().as_second());
    let mut dice = Dice::new(seed);
    settle(&desks[0], &desks[0], &mut dice).await;

    let mut tally = Tally::default();
    let mut books = Arc::new(Books::read(&desks[0]).await);
    while tally.total() < moves {
        // A rematch while nobody else is at it: with others, something has nearly always changed before it is applied.
        let mut alone = Player::new(desks[0].clone(), Dice::new(dice.roll()), week, Arc::clone(&books));
        alone.plan().await;
        tally.add(alone.tally);
        let mut playing = tokio::task::JoinSet::new();
        for desk in &desks {
            let player = Player::new(desk.clone(), Dice::new(dice.roll()), week, Arc::clone(&books));
            playing.spawn(player.play(ROUND / PLAYERS));
        }
        while let Some(played) = playing.join_next().await {
            tally.add(played.expect("no player panics"));
        }
        books = Arc::new(Books::read(&desks[0]).await);
        let findings = books.findings();
        assert!(findings.is_empty(), "seed {seed}, after {} moves:\n{}", tally.total(), findings.join("\n"));
        assert!(tally.faults.is_empty(), "seed {seed}, after {} moves:\n{}", tally.total(), tally.faults.join("\n"));
    }

    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    for gig in books.gigs.values() {
        let happened = desks[0].events(&gig.name).await;
        differences.extend(differs_from_events(gig, &happened));
        for event in happened {
            *events.entry(event.kind).or_default() += 1;
        }
    }
    assert!(differences.is_empty(), "seed {seed}: {}", differences.join("\n"));
    let expected: BTreeMap<String, usize> =
        tally.events.iter().filter(|(_, n)| **n > 0).map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
    assert_eq!(events, expected, "seed {seed}: what happened, and what was answered");
    println!("{tally}");
    for name in MUST_SUCCEED {
        assert!(tally.granted(name) > 0, "seed {seed}: {name} never succeeded:\n{tally}");
    }
    finish(&server, &desks[0], &books).await;
    server.stop().await;
}

/// What has begun is done once its hour has come, and not before.
async fn finish(server: &TestServer, desk: &Desk, books: &Books) {
    let begun: Vec<&Gig> = books.gigs.values().filter(|gig| gig.state() == State::InProgress).collect();
    assert!(!begun.is_empty(), "something has begun");
    let complete = async |gig: &Gig| {
        let request = CompleteGigRequest { name: gig.name.clone(), ..Default::default() };
        desk.gigs.clone().complete_gig(request).await
    };
    let start = |gig: &Gig| gig.agreed_start_time.map_or(0, |start| start.seconds);
    let last = begun.iter().max_by_key(|gig| start(gig)).expect("a gig");
    let early = (Code::FailedPrecondition, "TOO_EARLY".to_owned());
    assert_eq!(code_and_reason(complete(last).await), early);
    server.clock.advance_s(start(last) - server.clock.now().as_second());
    for gig in begun {
        let done = granted(complete(gig).await).gig.expect("a gig");
        assert_eq!(done.state(), State::Completed, "{}", gig.name);
    }
}
