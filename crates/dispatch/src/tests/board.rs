//! The board shows what a volunteer can take, and nothing that tells who or where exactly.

use domain::plan::TravelSource;
use domain::{ContactMode, Gig, Place, Role, Seeker, Volunteer};
use store::PageRequest;

use super::builders::*;
use crate::board::{BoardGig, BoardPage, BoardQuery};
use crate::gigs::NewGig;

async fn board_of(house: &House, volunteer: &str) -> Vec<BoardGig> {
    let me = scope(Role::Volunteer, None, Some(volunteer));
    let page = PageRequest::first(50);
    house.dispatch.board(&me, &network(), &BoardQuery::default(), &page, monday()).await.expect("board").items
}

fn ids(board: &[BoardGig]) -> Vec<&str> {
    board.iter().map(|entry| entry.gig.as_str()).collect()
}

#[tokio::test]
async fn a_place_is_shown_as_a_coarse_cell_only() {
    let house = House::with(&["v1"]).await;
    let home: Place = centre();
    house.shopping("g1", "s1", 9, 13).await;
    let me = scope(Role::Volunteer, None, Some("v1"));
    let page = house.dispatch.board(&me, &network(), &BoardQuery::default(), &PageRequest::default(), monday()).await;
    let page = page.expect("board");
    assert_eq!(page.travel_source, Some(TravelSource::StraightLine));
    let board = page.items;
    let place = board[0].place.clone().expect("a place");
    assert_eq!(place.cell, home.coordinates.coarse_cell().to_string());
    let shown = format!("{board:?}");
    for secret in ["60.86", "26.70", "Esimerkkikatu", "45100", "Aino", "s1"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert_eq!(board[0].travel_s, Some(0), "measured between cells, not houses");
    assert_eq!((board[0].slot, board[0].starts.first().copied()), (Some(0), Some(tuesday(9, 0))));
}

#[tokio::test]
async fn only_what_the_volunteer_can_take_the_urgent_first() {
    let house = House::with(&["v1"]).await;
    house.put(Seeker { contact_mode: ContactMode::Mediated, ..seeker("relayed") }).await;
    house.put(Seeker { blocked: [parse("v1")].into(), ..seeker("wary") }).await;
    house.shopping("plain", "s1", 9, 13).await;
    house.gig(NewGig { id: Some(parse("urgent")), priority: Some(5), ..new("shopping", "s2", 9, 13) }).await;
    house
        .gig(NewGig { id: Some(parse("swedish")), languages: languages(&["sv"]), ..new("shopping", "s1", 9, 13) })
        .await;
    house.shopping("night", "s1", 20, 22).await;
    house.shopping("mediated", "relayed", 9, 13).await;
    house.shopping("blocked", "wary", 9, 13).await;
    assert_eq!(ids(&board_of(&house, "v1").await), ["urgent", "plain"]);
    house.assign("urgent", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let board = board_of(&house, "v1").await;
    assert_eq!((ids(&board), board[0].starts[0]), (vec!["plain"], tuesday(10, 0)));
}

#[tokio::test]
async fn the_board_is_in_the_order_of_the_score_of_quotes() {
    let house = House::with(&["v1"]).await;
    house.change(Volunteer { likes: [parse("shopping")].into(), ..volunteer("v1") }).await;
    house.put(Seeker { familiar: [parse("v1")].into(), ..seeker("friend") }).await;
    house.put(Seeker { home: Some(koria()), ..seeker("far") }).await;
    house.shopping("far", "far", 9, 13).await;
    house.gig(NewGig { id: Some(parse("call")), place: None, ..new("call", "s1", 9, 13) }).await;
    house.shopping("liked", "s1", 9, 13).await;
    house.shopping("known", "friend", 9, 13).await;
    let board = board_of(&house, "v1").await;
    assert_eq!(ids(&board), ["known", "liked", "call", "far"]);
    for entry in &board {
        let asked = crate::quote::QuoteFor::Stored(entry.gig.clone());
        let quote = house.dispatch.quote(&city(), &network(), asked, 1, monday()).await.expect("quote");
        assert_eq!(Some(quote.candidates[0].total_milli), entry.total_milli);
    }
}

#[tokio::test]
async fn the_second_slot_is_offered_at_the_agreed_start() {
    let house = House::with(&["v1", "v2"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("held");
    assert!(board_of(&house, "v1").await.is_empty(), "in it already");
    let board = board_of(&house, "v2").await;
    assert_eq!((board[0].slot, &board[0].starts, &board[0].free_slots), (Some(1), &vec![tuesday(10, 0)], &vec![1]));
    assert_eq!(board[0].windows[0].start(), tuesday(10, 0));
}

#[tokio::test]
async fn without_a_volunteer_every_open_gig_by_pages() {
    let house = House::new().await;
    house.put(Seeker { contact_mode: ContactMode::Mediated, ..seeker("relayed") }).await;
    for id in ["a", "b", "c"] {
        house.shopping(id, "s1", 9, 13).await;
    }
    house.shopping("mediated", "relayed", 9, 13).await;
    let site = scope(Role::AssociationSite, None, None);
    let fetch = async |after: Option<String>| -> BoardPage {
        let page = PageRequest { size: 2, after };
        house.dispatch.board(&site, &network(), &BoardQuery::default(), &page, monday()).await.expect("board")
    };
    let first = fetch(None).await;
    assert_eq!((ids(&first.items), first.travel_source), (vec!["a", "b"], None));
    let last = fetch(first.next).await;
    assert_eq!((ids(&last.items), last.next), (vec!["c"], None));
}

#[tokio::test]
async fn what_is_on_the_board_can_be_claimed() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { home: Some(koria()), ..volunteer("v2") }).await;
    for (hour, id) in [(8, "a"), (10, "b"), (12, "c")] {
        house.shopping(id, "s1", hour, hour + 3).await;
    }
    for who in ["v1", "v2"] {
        while let Some(entry) = board_of(&house, who).await.into_iter().next() {
            let me = ctx_of(scope(Role::Volunteer, None, Some(who)));
            let start = entry.starts.last().copied();
            let done = house.dispatch.claim_gig(&me, &network(), &entry.gig, &parse(who), entry.slot, start).await;
            let gig: Gig = done.expect("the board was true").gig;
            invariants(&gig, &house.assignments(gig.id.as_str()).await);
        }
    }
    assert!(board_of(&house, "v1").await.is_empty() && board_of(&house, "v2").await.is_empty());
}
