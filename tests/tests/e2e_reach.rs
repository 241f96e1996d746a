//! Each caller reaches what is its own: an association its people, a volunteer themselves, and whatever else looks missing.

use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use tests::calendar::Week;
use tests::engines::for_each_engine;
use tests::refused::{code_and_reason, granted, refused};
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK, gig_name, seeker_name, volunteer_name};
use tonic::Code;

fn missing() -> (Code, String) {
    (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned())
}

/// Two associations with a volunteer and a seeker each: `martat` (v-1, s-1, g-1) and `leijonat` (v-2, s-2, g-2).
async fn two_associations(server: &TestServer) {
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let week = Week::coming();
    for (at, id) in [(1, "martat"), (2, "leijonat")] {
        let request = registry::CreateAssociationRequest {
            parent: NETWORK.to_owned(),
            association: Some(registry::Association { title: id.to_owned(), ..Default::default() }),
            association_id: id.to_owned(),
            ..Default::default()
        };
        granted(city.associations.clone().create_association(request).await);
        let association = format!("{NETWORK}/associations/{id}");
        let volunteer = registry::Volunteer { association: association.clone(), ..town::volunteer("Testi Testinen") };
        city.add_volunteer(&format!("v-{at}"), volunteer).await;
        let seeker = registry::Seeker { association, ..town::seeker("Eino Esimerkki") };
        city.add_seeker(&format!("s-{at}"), seeker).await;
        let gig = town::gig("shopping", &format!("s-{at}"), week.window(at, 9 * 60, 17 * 60));
        city.add_gig(&format!("g-{at}"), gig).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_association_reaches_its_own_people_and_gigs_only() {
    for_each_engine(|server| async move {
        two_associations(&server).await;
        let desk = server.desk(Who::Association);
        let names: Vec<String> = desk.all_volunteers().await.into_iter().map(|volunteer| volunteer.name).collect();
        assert_eq!(names, [volunteer_name("v-1")]);
        let names: Vec<String> = desk.all_seekers().await.into_iter().map(|seeker| seeker.name).collect();
        assert_eq!(names, [seeker_name("s-1")]);
        let names: Vec<String> = desk.all_gigs().await.into_iter().map(|gig| gig.name).collect();
        assert_eq!(names, [gig_name("g-1")]);

        let get = registry::GetVolunteerRequest { name: volunteer_name("v-2") };
        assert_eq!(code_and_reason(desk.volunteers.clone().get_volunteer(get).await), missing());
        let taken = registry::Volunteer {
            name: volunteer_name("v-2"),
            association: format!("{NETWORK}/associations/martat"),
            ..Default::default()
        };
        assert_eq!(code_and_reason(desk.change_volunteer(taken, &["association"]).await), missing());
        let delete = registry::DeleteVolunteerRequest { name: volunteer_name("v-2"), ..Default::default() };
        assert_eq!(code_and_reason(desk.volunteers.clone().delete_volunteer(delete).await), missing());
        let get = registry::GetSeekerRequest { name: seeker_name("s-2") };
        assert_eq!(code_and_reason(desk.seekers.clone().get_seeker(get).await), missing());
        let get = dispatch::GetGigRequest { name: gig_name("g-2") };
        assert_eq!(code_and_reason(desk.gigs.clone().get_gig(get).await), missing());
        assert_eq!(code_and_reason(desk.cancel(&gig_name("g-2"), "syy").await), missing());
        let start = Some(Week::coming().at(1, 10 * 60));
        let lent = desk.assign(&gig_name("g-1"), &[&volunteer_name("v-2")], start).await;
        assert_ne!(lent.map_err(|status| status.code()).map(drop), Ok(()), "another association's volunteer was lent");

        // A new volunteer belongs to the coordinator's association; one given away is refused.
        let own = desk.add_volunteer("v-3", town::volunteer("Uusi Testinen")).await;
        assert_eq!(own.association, format!("{NETWORK}/associations/martat"));
        let given = registry::Volunteer { association: format!("{NETWORK}/associations/leijonat"), ..own };
        let told = refused(desk.change_volunteer(given, &["association"]).await);
        assert!(
            !told.fields.is_empty() && told.fields.iter().all(|field| field == "volunteer.association"),
            "{told:?}"
        );
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_reaches_themselves_only() {
    for_each_engine(|server| async move {
        two_associations(&server).await;
        let city = server.desk(Who::City);
        let week = Week::coming();
        granted(city.assign(&gig_name("g-1"), &[&volunteer_name("v-1")], Some(week.at(1, 10 * 60))).await);
        granted(city.assign(&gig_name("g-2"), &[&volunteer_name("v-2")], Some(week.at(2, 10 * 60))).await);
        let me = server.desk(Who::Volunteer);
        assert_eq!(me.volunteer(&volunteer_name("v-1")).await.name, volunteer_name("v-1"));
        let other = registry::GetVolunteerRequest { name: volunteer_name("v-2") };
        assert_eq!(code_and_reason(me.volunteers.clone().get_volunteer(other).await), missing());
        let mine = me.all_assignments().await;
        assert_eq!(mine.iter().map(|a| a.volunteer.clone()).collect::<Vec<_>>(), [volunteer_name("v-1")]);
        let theirs = city.all_assignments().await.into_iter().find(|a| a.volunteer == volunteer_name("v-2"));
        let theirs = theirs.expect("an assignment").name;
        assert_eq!(code_and_reason(me.release(&theirs, "syy").await), missing());
        let start = dispatch::StartGigRequest { name: gig_name("g-2"), ..Default::default() };
        assert_eq!(code_and_reason(me.gigs.clone().start_gig(start).await), missing());
        let claim = me.claim(&gig_name("g-1"), &volunteer_name("v-2"), None).await;
        assert_eq!(code_and_reason(claim), missing());
        let board = dispatch::ListBoardGigsRequest {
            parent: NETWORK.to_owned(),
            volunteer: volunteer_name("v-2"),
            ..Default::default()
        };
        assert_eq!(code_and_reason(me.board.clone().list_board_gigs(board).await), missing());

        let released = granted(me.release(&mine[0].name, "sairastuin").await);
        let gig = released.gig.expect("a gig");
        assert!(
            gig.place.is_none_or(|place| place.street.is_empty() && place.coordinates.is_none()),
            "no person is shown"
        );
        server.stop().await;
    })
    .await;
}
