//! A volunteer's own calendar: an address that is a secret, told once, replaced and ended at will; what it tells is coarse.

use http::{Method, StatusCode};
use proto::registry::v1 as registry;
use proto::r#type::v1::ServiceLanguage;
use tests::asked_town::{SECRETS, Scene};
use tests::desk::Desk;
use tests::engines::ENGINES;
use tests::letterbox::reachable;
use tests::refused::{code_and_reason, granted};
use tests::test_server::Who;
use tests::town::{gig_name, volunteer_name};
use tests::town_desk::request_id;
use tonic::{Code, Response, Status};

async fn try_issue(
    desk: &Desk,
    id: &str,
    request_id: &str,
    validate_only: bool,
) -> Result<Response<registry::IssueCalendarResponse>, Status> {
    let (name, request_id) = (volunteer_name(id), request_id.to_owned());
    let request = registry::IssueCalendarRequest { name, request_id, validate_only };
    desk.volunteers.clone().issue_calendar(request).await
}

/// Makes a calendar and names the path of its address.
async fn issue(desk: &Desk, id: &str) -> String {
    path(&granted(try_issue(desk, id, &request_id(), false).await).uri)
}

fn path(uri: &str) -> String {
    let path = uri.strip_prefix("https://auta.kouvola.example").expect("below the address of links");
    assert!(path.starts_with("/cal/") && path.ends_with(".ics") && path.len() == "/cal/.ics".len() + 22, "{path}");
    path.to_owned()
}

async fn revoke(desk: &Desk, id: &str) -> Result<Response<registry::RevokeCalendarResponse>, Status> {
    let request = registry::RevokeCalendarRequest { name: volunteer_name(id), ..Default::default() };
    desk.volunteers.clone().revoke_calendar(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_tells_when_and_what_until_it_is_ended() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        let feed = issue(&scene.city, "v1").await;
        let empty = scene.visitor.get(&feed).await;
        assert_eq!((empty.status, empty.header("cache-control")), (StatusCode::OK, "no-store"));
        assert!(empty.header("content-type").starts_with("text/calendar"));
        assert!(empty.body.contains("BEGIN:VCALENDAR") && !empty.body.contains("BEGIN:VEVENT"), "{}", empty.body);

        for (id, day) in [("g1", 2), ("g2", 3), ("g3", 4)] {
            let gig = scene.gig(id, day).await;
            let helper = volunteer_name(if id == "g3" { "v2" } else { "v1" });
            granted(scene.city.assign(&gig, &[&helper], Some(scene.week.at(day, 720))).await);
        }
        granted(scene.city.cancel(&gig_name("g2"), "asia hoitui").await);
        let calendar = scene.visitor.by_http2().get(&feed).await.body;
        let entry = |uid: &str| {
            let events = calendar.split("BEGIN:VEVENT").find(|event| event.contains(&format!("UID:{uid}\r\n")));
            events.unwrap_or_else(|| panic!("no {uid} in {calendar}")).to_owned()
        };
        let goes = entry("g1-v1@kouvola.keikka");
        for part in ["STATUS:CONFIRMED", "LOCATION:Kouvola", "SUMMARY:", "DTSTART:", "SEQUENCE:"] {
            assert!(goes.contains(part), "{goes}");
        }
        assert!(entry("g2-v1@kouvola.keikka").contains("STATUS:CANCELLED"));
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2, "only one's own");
        for secret in SECRETS {
            assert!(!calendar.contains(secret), "{secret} in {calendar}");
        }
        let head = scene.visitor.ask(Method::HEAD, &feed, "").await;
        assert!(head.status == StatusCode::OK && head.body.is_empty());

        // Told once: a repeat of the same call tells it again, another call another one.
        let key = request_id();
        assert!(granted(try_issue(&scene.city, "v1", &key, true).await).uri.is_empty(), "only checked");
        assert_eq!(scene.visitor.get(&feed).await.status, StatusCode::OK);
        let second = path(&granted(try_issue(&scene.city, "v1", &key, false).await).uri);
        assert_eq!(path(&granted(try_issue(&scene.city, "v1", &key, false).await).uri), second);
        assert_ne!(second, feed);
        let secret = second.trim_end_matches(".ics").trim_start_matches("/cal/").to_owned();
        let nothing = scene.visitor.get(&format!("/r/{}", "A".repeat(22))).await;
        for wrong in [
            feed.clone(),
            format!("/cal/{secret}"),
            format!("/cal/{secret}.ICS"),
            format!("/cal/{}.ics", &secret[1..]),
            format!("/cal/{}.ics", "A".repeat(22)),
            format!("/r/{secret}"),
            "/cal/.ics".to_owned(),
            "/cal/%00.ics".to_owned(),
        ] {
            let page = scene.visitor.get(&wrong).await;
            assert_eq!((page.status, &page.body), (StatusCode::NOT_FOUND, &nothing.body), "{wrong}");
        }
        granted(revoke(&scene.city, "v1").await);
        granted(revoke(&scene.city, "v1").await);
        assert_eq!(scene.visitor.get(&second).await.status, StatusCode::NOT_FOUND);
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_ones_own_and_goes_with_its_volunteer() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        for (number, id) in ["v-1", "v9"].into_iter().enumerate() {
            scene.city.add_volunteer(id, reachable(10 + number, ServiceLanguage::Sv)).await;
        }
        let me = scene.server.desk(Who::Volunteer);
        let mine = issue(&me, "v-1").await;
        assert_eq!(scene.visitor.get(&mine).await.status, StatusCode::OK);
        let missing = (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned());
        for other in ["v9", "nobody"] {
            assert_eq!(code_and_reason(try_issue(&me, other, "", false).await), missing, "{other}");
            assert_eq!(code_and_reason(revoke(&me, other).await), missing, "{other}");
        }
        let association = scene.server.desk(Who::Association);
        assert_eq!(code_and_reason(try_issue(&association, "v9", "", false).await), missing);
        for who in [Who::Ops, Who::Site, Who::CallCentre] {
            let refused = code_and_reason(try_issue(&scene.server.desk(who), "v9", "", false).await);
            assert_eq!(refused.0, Code::PermissionDenied, "{who:?}");
        }
        let theirs = issue(&scene.city, "v9").await;
        assert_eq!(scene.visitor.get(&theirs).await.status, StatusCode::OK);
        let request = registry::DeleteVolunteerRequest { name: volunteer_name("v9"), ..Default::default() };
        granted(scene.city.volunteers.clone().delete_volunteer(request).await);
        assert_eq!(scene.visitor.get(&theirs).await.status, StatusCode::NOT_FOUND);
        // Somebody new under the same name has no calendar.
        scene.city.add_volunteer("v9", reachable(12, ServiceLanguage::Sv)).await;
        assert_eq!(scene.visitor.get(&theirs).await.status, StatusCode::NOT_FOUND);
        scene.close().await;
    }
}
