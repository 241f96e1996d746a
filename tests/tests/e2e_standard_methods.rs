//! What every write and list promises: a repeat has no second effect, a stale change is refused, pages are whole.

use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use tests::calendar::Week;
use tests::engines::for_each_engine;
use tests::refused::{code_and_reason, granted, refused};
use tests::test_server::Who;
use tests::town::{self, NETWORK, volunteer_name};
use tests::town_desk::request_id;
use tonic::Code;

fn create(id: &str, name: &str, request_id: &str) -> registry::CreateVolunteerRequest {
    registry::CreateVolunteerRequest {
        parent: NETWORK.to_owned(),
        volunteer: Some(town::volunteer(name)),
        volunteer_id: id.to_owned(),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_create_has_one_effect_and_the_same_answer() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        let mut volunteers = desk.volunteers.clone();
        let id = request_id();
        let first = granted(volunteers.create_volunteer(create("", "Aino Testinen", &id)).await);
        let again = granted(volunteers.create_volunteer(create("", "Aino Testinen", &id)).await);
        assert_eq!(first, again, "the id made by the service is in the first answer and in the second");
        // Also after somebody changed it: the first answer stands.
        let name = first.volunteer.clone().expect("a volunteer").name;
        let change = registry::Volunteer { name, display_name: "Aino Toinen".to_owned(), ..Default::default() };
        granted(desk.change_volunteer(change, &["display_name"]).await);
        assert_eq!(granted(volunteers.create_volunteer(create("", "Aino Testinen", &id)).await), first);
        assert_eq!(desk.all_volunteers().await.len(), 1);

        let other = volunteers.create_volunteer(create("", "Joku Muu", &id)).await;
        assert_eq!(code_and_reason(other), (Code::InvalidArgument, "REQUEST_ID_REUSED".to_owned()));
        // Another caller's key is another matter.
        let agent =
            server.desk(Who::Association).volunteers.clone().create_volunteer(create("", "Joku Muu", &id)).await;
        assert_eq!(code_and_reason(agent).0, Code::InvalidArgument, "martat does not exist");
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_says_nothing_of_what_came_after() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        desk.add_volunteer("v-1", town::volunteer("Aino Testinen")).await;
        desk.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
        let window = Week::coming().window(1, 9 * 60, 17 * 60);
        let gig = desk.add_gig("g-1", town::gig("shopping", "s-1", window)).await;
        let (gigs, offers) = (|| desk.gigs.clone(), || desk.offers.clone());

        let change = dispatch::UpdateGigRequest {
            gig: Some(dispatch::Gig { notes: "kaksi kassia".to_owned(), ..gig.clone() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["notes".to_owned()] }),
            request_id: request_id(),
            ..Default::default()
        };
        let changed = granted(gigs().update_gig(change.clone()).await);
        let offer = dispatch::Offer { gig: gig.name.clone(), volunteer: volunteer_name("v-1"), ..Default::default() };
        let make = dispatch::CreateOfferRequest {
            parent: NETWORK.to_owned(),
            offer: Some(dispatch::Offer { start_time: window.start_time, ..offer }),
            request_id: request_id(),
            ..Default::default()
        };
        let made = granted(offers().create_offer(make.clone()).await);
        let name = made.offer.clone().expect("an offer").name;
        let accept =
            dispatch::AcceptOfferRequest { name: name.clone(), request_id: request_id(), ..Default::default() };
        let dry = dispatch::AcceptOfferRequest { validate_only: true, request_id: String::new(), ..accept.clone() };
        let would = granted(offers().accept_offer(dry).await).offer.expect("an offer");
        assert_eq!(would.state(), dispatch::offer::State::Accepted, "what would be, not what is");
        let accepted = granted(offers().accept_offer(accept.clone()).await);
        assert_eq!(granted(gigs().update_gig(change.clone()).await), changed, "somebody has promised since");
        granted(offers().undo_offer(dispatch::UndoOfferRequest { name, ..Default::default() }).await);
        assert_eq!(granted(offers().accept_offer(accept).await), accepted, "the yes was taken back since");
        assert_eq!(granted(offers().create_offer(make).await), made);
        assert_eq!(granted(gigs().update_gig(change).await), changed);
        assert!(desk.gig(&gig.name).await.assignments.is_empty(), "no repeat had an effect");
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_repeats_have_one_effect() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        let id = request_id();
        let calls = (0..16).map(|_| {
            let (mut volunteers, id) = (desk.volunteers.clone(), id.clone());
            async move { granted(volunteers.create_volunteer(create("", "Aino Testinen", &id)).await) }
        });
        let answers = futures_util::future::join_all(calls).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(desk.all_volunteers().await.len(), 1);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn validate_only_checks_everything_and_stores_nothing() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        let mut volunteers = desk.volunteers.clone();
        let asked = registry::CreateVolunteerRequest { validate_only: true, ..create("v-1", "Aino Testinen", "") };
        let told = granted(volunteers.create_volunteer(asked.clone()).await).volunteer.expect("what would be stored");
        assert_eq!(told.display_name, "Aino Testinen");
        let wrong = registry::CreateVolunteerRequest {
            volunteer: Some(registry::Volunteer {
                accepted_kinds: vec![town::kind("juggling")],
                ..town::volunteer("A")
            }),
            ..asked
        };
        assert_eq!(refused(volunteers.create_volunteer(wrong).await).fields, ["volunteer.accepted_kinds"]);
        assert!(desk.all_volunteers().await.is_empty());
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_coordinators_do_not_overwrite_each_other() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        let read = desk.add_volunteer("v-1", town::volunteer("Aino Testinen")).await;
        let mine = registry::Volunteer { display_name: "Aino Ensimmäinen".to_owned(), ..read.clone() };
        let theirs = registry::Volunteer { display_name: "Aino Toinen".to_owned(), ..read.clone() };
        let stored = granted(desk.change_volunteer(mine, &["display_name"]).await).volunteer.expect("a volunteer");
        assert_ne!(stored.etag, read.etag);
        let told = refused(desk.change_volunteer(theirs.clone(), &["display_name"]).await);
        assert_eq!((told.code, told.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
        assert_eq!(told.metadata.get("changed_by").map(String::as_str), Some("city"), "{:?}", told.metadata);
        assert_eq!(told.metadata.get("etag"), Some(&stored.etag));
        // Without an etag the change goes to the newest.
        let blind = registry::Volunteer { etag: String::new(), ..theirs };
        granted(desk.change_volunteer(blind, &["display_name"]).await);
        let stale =
            registry::DeleteVolunteerRequest { name: volunteer_name("v-1"), etag: read.etag, ..Default::default() };
        let deleted = desk.volunteers.clone().delete_volunteer(stale).await;
        assert_eq!(code_and_reason(deleted), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mask_changes_what_it_names_and_nothing_else() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        let before = desk.add_volunteer("v-1", town::volunteer("Aino Testinen")).await;
        let given = registry::Volunteer {
            name: before.name.clone(),
            display_name: "ei tätä".to_owned(),
            home: Some(proto::r#type::v1::Place { street: "Testikatu 4".to_owned(), ..Default::default() }),
            ..Default::default()
        };
        let after = granted(desk.change_volunteer(given, &["home.street"]).await).volunteer.expect("a volunteer");
        let mut expected = before.clone();
        expected.home.as_mut().expect("a home").street = "Testikatu 4".to_owned();
        (expected.etag, expected.update_time) = (after.etag.clone(), after.update_time);
        assert_eq!(after, expected);
        // A change that changes nothing keeps the etag.
        let same = granted(desk.change_volunteer(after.clone(), &["*"]).await).volunteer.expect("a volunteer");
        assert_eq!(same, after);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_whole_and_their_tokens_belong_to_one_request() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        for at in 0..7 {
            let kinds = vec![town::kind(if at % 2 == 0 { "shopping" } else { "call" })];
            let volunteer = registry::Volunteer { accepted_kinds: kinds, ..town::volunteer(&format!("Testi {at}")) };
            desk.add_volunteer(&format!("v-{at}"), volunteer).await;
        }
        let mut volunteers = desk.volunteers.clone();
        let mut request = registry::ListVolunteersRequest {
            parent: NETWORK.to_owned(),
            page_size: 3,
            filter: format!("kind = \"{}\"", town::kind("shopping")),
            ..Default::default()
        };
        let first = granted(volunteers.list_volunteers(request.clone()).await);
        let names = |page: &registry::ListVolunteersResponse| -> Vec<String> {
            page.volunteers.iter().map(|volunteer| volunteer.name.clone()).collect()
        };
        assert_eq!(names(&first), ["v-0", "v-2", "v-4"].map(volunteer_name));
        assert!(!first.next_page_token.is_empty());
        request.page_token = first.next_page_token.clone();
        let second = granted(volunteers.list_volunteers(request.clone()).await);
        assert_eq!(names(&second), [volunteer_name("v-6")]);
        assert!(second.next_page_token.is_empty());

        let elsewhere = registry::ListVolunteersRequest { filter: String::new(), ..request.clone() };
        let told = volunteers.list_volunteers(elsewhere).await;
        assert_eq!(code_and_reason(told), (Code::InvalidArgument, "PAGE_TOKEN_INVALID".to_owned()));
        let text = registry::ListVolunteersRequest {
            filter: "text = \"testi 5\" AND state = ACTIVE".to_owned(),
            page_token: String::new(),
            ..request
        };
        assert_eq!(names(&granted(volunteers.list_volunteers(text).await)), [volunteer_name("v-5")]);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn door_codes_are_not_listed_and_a_claim_shows_no_person() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let desk = server.desk(Who::City);
        desk.add_volunteer("v-1", town::volunteer("Aino Testinen")).await;
        desk.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
        let mut gig = town::gig("shopping", "s-1", Week::coming().window(1, 9 * 60, 17 * 60));
        gig.notes = "kaksi kassia".to_owned();
        gig.place = Some(proto::r#type::v1::Place { street: "Salakuja 7".to_owned(), ..town::place(500, 0) });
        gig.intake = Some(proto::r#type::v1::Intake { door_code: "4711".to_owned(), ..Default::default() });
        let created = desk.add_gig("g-1", gig).await;
        assert_eq!(created.intake.as_ref().expect("intake").door_code, "4711");
        let listed = desk.all_gigs().await.remove(0);
        assert_eq!(listed.intake.as_ref().map_or("", |intake| intake.door_code.as_str()), "");
        assert_eq!(listed.place.as_ref().expect("a place").street, "Salakuja 7");

        let claimed = granted(server.desk(Who::Volunteer).claim(&created.name, &volunteer_name("v-1"), None).await);
        let told = claimed.gig.expect("a gig");
        let place = told.place.expect("a coarse place");
        assert!(place.street.is_empty() && place.coordinates.is_none() && place.postal_code.is_empty());
        assert!(told.notes.is_empty() && told.intake.is_none_or(|intake| intake.door_code.is_empty()));
        assert_eq!(claimed.assignment.expect("an assignment").volunteer, volunteer_name("v-1"));
        let board = granted(
            server
                .desk(Who::Site)
                .board
                .list_board_gigs(dispatch::ListBoardGigsRequest { parent: NETWORK.to_owned(), ..Default::default() })
                .await,
        );
        assert!(board.gigs.is_empty(), "a filled gig is off the board");
        server.stop().await;
    })
    .await;
}
