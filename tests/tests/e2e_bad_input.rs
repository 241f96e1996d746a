//! Bad input, one table: the right status, every wrong field named, nothing stored, and the server lives.

use std::future::Future;
use std::pin::Pin;

use prost_types::Timestamp;
use proto::dispatch::v1 as dispatch;
use proto::notification::v1 as notification;
use proto::registry::v1 as registry;
use proto::r#type::v1 as wire;
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::for_each_engine;
use tests::importing::{List, header};
use tests::refused::Refused;
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};
use tonic::{Code, Status};

/// What a case does: a call that must be refused.
type Refusing = Pin<Box<dyn Future<Output = Status> + Send>>;

/// One row of the table.
struct Case {
    name: &'static str,
    code: Code,
    reason: &'static str,
    /// Every wrong field, in the order told; none where the status names no fields.
    fields: &'static [&'static str],
    call: fn(Desk) -> Refusing,
}

macro_rules! cases {
    ($($name:literal: $code:ident $reason:literal $fields:expr => |$desk:ident| $call:expr;)*) => {
        &[$(Case {
            name: $name,
            code: Code::$code,
            reason: $reason,
            fields: &$fields,
            call: |$desk: Desk| Box::pin(async move { ($call).await.expect_err($name) }),
        },)*]
    };
}

fn long() -> String {
    "ä".repeat(10_000)
}

fn year_one() -> Timestamp {
    Timestamp { seconds: -62_135_596_800, nanos: 0 }
}

fn week() -> Week {
    Week::coming()
}

fn window() -> wire::TimeWindow {
    week().window(1, 9 * 60, 12 * 60)
}

fn at(latitude: f64, longitude: f64) -> Option<wire::Place> {
    let coordinates = Some(wire::Coordinates { latitude, longitude });
    Some(wire::Place { coordinates, ..wire::Place::default() })
}

async fn volunteer(desk: Desk, change: impl FnOnce(&mut registry::Volunteer)) -> Result<(), Status> {
    let mut volunteer = town::volunteer("Testi Testinen");
    change(&mut volunteer);
    let request = registry::CreateVolunteerRequest {
        parent: NETWORK.to_owned(),
        volunteer: Some(volunteer),
        ..Default::default()
    };
    desk.volunteers.clone().create_volunteer(request).await.map(drop)
}

async fn seeker(desk: Desk, change: impl FnOnce(&mut registry::Seeker)) -> Result<(), Status> {
    let mut seeker = town::seeker("Eino Esimerkki");
    change(&mut seeker);
    let request =
        registry::CreateSeekerRequest { parent: NETWORK.to_owned(), seeker: Some(seeker), ..Default::default() };
    desk.seekers.clone().create_seeker(request).await.map(drop)
}

async fn gig(desk: Desk, change: impl FnOnce(&mut dispatch::Gig)) -> Result<(), Status> {
    let mut gig = town::gig("shopping", "s-1", window());
    change(&mut gig);
    desk.try_add_gig("", gig).await.map(drop)
}

async fn watch(desk: Desk, change: impl FnOnce(&mut dispatch::WatchEventsRequest)) -> Result<(), Status> {
    let mut request = tests::watching::now_on();
    change(&mut request);
    desk.events.clone().watch_events(request).await.map(drop)
}

async fn own_words(desk: Desk, template: &str, texts: &[(&str, &str, &str)]) -> Result<(), Status> {
    let text = |(part, language, text): &(&str, &str, &str)| notification::TemplateText {
        part: (*part).to_owned(),
        language: (*language).to_owned(),
        text: (*text).to_owned(),
    };
    let template = notification::Template {
        name: format!("{NETWORK}/templates/{template}"),
        texts: texts.iter().map(text).collect(),
        ..Default::default()
    };
    let request = notification::UpdateTemplateRequest { template: Some(template), ..Default::default() };
    desk.templates.clone().update_template(request).await.map(drop)
}

async fn import(
    desk: Desk,
    list: List,
    name: &str,
    change: impl FnOnce(&mut wire::ImportHeader),
) -> Result<(), Status> {
    let mut header = header(name);
    change(&mut header);
    desk.try_import(list, header, b"nimi;puhelin\n").await.map(drop)
}

fn cases() -> &'static [Case] {
    cases! {
        "wrong form and unknown references of a volunteer": InvalidArgument "FIELDS_INVALID"
            ["volunteer.email", "volunteer.association", "volunteer.accepted_kinds"] => |desk| volunteer(desk, |volunteer| {
                volunteer.email = "nope".to_owned();
                volunteer.association = format!("{NETWORK}/associations/nobody");
                volunteer.accepted_kinds = vec![format!("{NETWORK}/kinds/nothing")];
            });
        "wrong form and unknown references of a gig": InvalidArgument "FIELDS_INVALID"
            ["gig.priority", "gig.kind"] => |desk| gig(desk, |gig| {
                gig.priority = 9;
                gig.kind = format!("{NETWORK}/kinds/nothing");
            });
        "unknown volunteer": NotFound "RESOURCE_NOT_FOUND" [] => |desk| async move {
            let name = town::volunteer_name("nobody");
            desk.volunteers.clone().get_volunteer(registry::GetVolunteerRequest { name }).await.map(drop)
        };
        "the calendar of nobody": NotFound "RESOURCE_NOT_FOUND" [] => |desk| async move {
            let request = registry::IssueCalendarRequest { name: town::volunteer_name("nobody"), ..Default::default() };
            desk.volunteers.clone().issue_calendar(request).await.map(drop)
        };
        "a calendar of what has none": InvalidArgument "FIELDS_INVALID" ["name", "request_id"] => |desk| async move {
            let request = registry::IssueCalendarRequest {
                name: town::gig_name("g"),
                request_id: "again".to_owned(),
                validate_only: false,
            };
            desk.volunteers.clone().issue_calendar(request).await.map(drop)
        };
        "an end of a calendar of what has none": InvalidArgument "FIELDS_INVALID" ["name"] => |desk| async move {
            desk.volunteers.clone().revoke_calendar(registry::RevokeCalendarRequest::default()).await.map(drop)
        };
        "unknown gig": NotFound "RESOURCE_NOT_FOUND" [] => |desk| async move { desk.cancel(&town::gig_name("nothing"), "syy").await.map(drop) };
        "a watch of nothing that there is": InvalidArgument "FIELDS_INVALID" ["subjects[1]", "kinds[1]", "subjects[0]"] => |desk| watch(desk, |watch| {
            watch.kinds = vec!["gig_filled".to_owned(), "gig_vanished".to_owned()];
            watch.subjects = vec!["networks/espoo/gigs/g-1".to_owned(), "g-1".to_owned()];
        });
        "a watch from the future": InvalidArgument "FIELDS_INVALID" ["start_time"] => |desk| watch(desk, |watch| {
            watch.start_time = week().window(1, 9 * 60, 12 * 60).start_time;
        });
        "a watch from two places": InvalidArgument "FIELDS_INVALID" ["start_time"] => |desk| watch(desk, |watch| {
            (watch.start_time, watch.resume_token) = (Some(Timestamp::default()), "abc".to_owned());
        });
        "a watch that is never silent": InvalidArgument "FIELDS_INVALID" ["heartbeat_interval"] => |desk| watch(desk, |watch| {
            watch.heartbeat_interval = Some(prost_types::Duration { seconds: 0, nanos: 1 });
        });
        "a mangled resume token": InvalidArgument "RESUME_TOKEN_INVALID" [] => |desk| watch(desk, |watch| {
            watch.resume_token = "kissa".to_owned();
        });
        "a template that there is not": NotFound "RESOURCE_NOT_FOUND" [] => |desk| own_words(desk, "farewell", &[("sms", "fi", "Hei")]);
        "words with unknown variables": InvalidArgument "FIELDS_INVALID" ["template.texts[0].text", "template.texts[2].text"] => |desk| own_words(
            desk, "offer", &[("sms", "fi", "{ $nimi }, { $osoite }"), ("sms", "sv", "Hej { $kind } { $link }"), ("body", "en", "{ $code } { $door }")],
        );
        "words for another part and language": InvalidArgument "FIELDS_INVALID" ["template.texts[0].part", "template.texts[0].language"] => |desk| own_words(
            desk, "offer", &[("fax", "ru", "Hei")],
        );
        "words of three text messages": InvalidArgument "FIELDS_INVALID" ["template.texts[0].text"] => |desk| own_words(
            desk, "offer", &[("sms", "fi", &"Hei hei! ".repeat(40))],
        );
        "words that stand twice": InvalidArgument "FIELDS_INVALID" ["template.texts[1]"] => |desk| own_words(
            desk, "offer", &[("sms", "fi", "Hei"), ("sms", "fi", "Moi")],
        );
        "unknown network": NotFound "RESOURCE_NOT_FOUND" [] => |desk| async move {
            let parent = "networks/nowhere".to_owned();
            desk.gigs.clone().list_gigs(dispatch::ListGigsRequest { parent, ..Default::default() }).await.map(drop)
        };
        "a name of another form": InvalidArgument "FIELDS_INVALID" ["name"] => |desk| async move {
            let name = "volunteers/v-1".to_owned();
            desk.volunteers.clone().get_volunteer(registry::GetVolunteerRequest { name }).await.map(drop)
        };
        "no resource at all": InvalidArgument "FIELDS_INVALID" ["gig"] => |desk| async move {
            let request = dispatch::CreateGigRequest { parent: NETWORK.to_owned(), ..Default::default() };
            desk.gigs.clone().create_gig(request).await.map(drop)
        };
        "an id in capitals": InvalidArgument "FIELDS_INVALID" ["gig_id"] => |desk| async move {
            desk.try_add_gig("Gig 1", town::gig("shopping", "s-1", window())).await.map(drop)
        };
        "a request id that is no UUID": InvalidArgument "FIELDS_INVALID" ["request_id"] => |desk| async move {
            let request = dispatch::CancelGigRequest {
                name: town::gig_name("g-1"), request_id: "again".to_owned(), ..Default::default()
            };
            desk.gigs.clone().cancel_gig(request).await.map(drop)
        };
        "a stale etag": Aborted "ETAG_MISMATCH" [] => |desk| async move {
            let stale = registry::Volunteer {
                name: town::volunteer_name("v-1"), etag: "v99".to_owned(), display_name: "Toinen".to_owned(), ..Default::default()
            };
            desk.change_volunteer(stale, &["display_name"]).await.map(drop)
        };
        "an etag of another form": Aborted "ETAG_MISMATCH" [] => |desk| async move {
            let request = dispatch::CancelGigRequest {
                name: town::gig_name("g-1"), etag: "yesterday".to_owned(), reason: "syy".to_owned(), ..Default::default()
            };
            desk.gigs.clone().cancel_gig(request).await.map(drop)
        };
        "a mask that leads nowhere": InvalidArgument "FIELDS_INVALID" ["update_mask"] => |desk| async move {
            let given = registry::Volunteer { name: town::volunteer_name("v-1"), ..Default::default() };
            desk.change_volunteer(given, &["shoe_size"]).await.map(drop)
        };
        "an update that takes the name away": InvalidArgument "FIELDS_INVALID" ["volunteer.display_name"] => |desk| async move {
            let given = registry::Volunteer { name: town::volunteer_name("v-1"), ..Default::default() };
            desk.change_volunteer(given, &["display_name"]).await.map(drop)
        };
        "a gig without windows": InvalidArgument "FIELDS_INVALID" ["gig.windows"] => |desk| gig(desk, |gig| gig.windows.clear());
        "a window that ends before it starts": InvalidArgument "FIELDS_INVALID" ["gig.windows[0].end_time"] => |desk| gig(desk, |gig| {
            let turned = window();
            gig.windows = vec![wire::TimeWindow { start_time: turned.end_time, end_time: turned.start_time }];
        });
        "a window without an end": InvalidArgument "FIELDS_INVALID" ["gig.windows[0].end_time"] => |desk| gig(desk, |gig| {
            gig.windows[0].end_time = None;
        });
        "the year 1": InvalidArgument "FIELDS_INVALID" ["gig.windows[0].start_time"] => |desk| gig(desk, |gig| {
            gig.windows[0].start_time = Some(year_one());
        });
        "a window that is over": InvalidArgument "FIELDS_INVALID"
            ["gig.windows[0].start_time", "gig.windows[0].end_time"] => |desk| gig(desk, |gig| {
            gig.windows = vec![week().window(-60, 9 * 60, 12 * 60)];
        });
        "a window shorter than the gig": InvalidArgument "FIELDS_INVALID" ["gig.windows[0]"] => |desk| gig(desk, |gig| {
            gig.windows = vec![week().window(1, 9 * 60, 9 * 60 + 30)];
        });
        "a gig of forty days": InvalidArgument "FIELDS_INVALID" ["gig.duration", "gig.windows[0]"] => |desk| gig(desk, |gig| {
            gig.duration = Some(prost_types::Duration { seconds: 40 * 86_400, nanos: 0 });
        });
        "a negative duration": InvalidArgument "FIELDS_INVALID" ["gig.duration"] => |desk| gig(desk, |gig| {
            gig.duration = Some(prost_types::Duration { seconds: -3_600, nanos: 0 });
        });
        "an unknown kind": InvalidArgument "FIELDS_INVALID" ["gig.kind"] => |desk| gig(desk, |gig| gig.kind = town::kind("juggling"));
        "an unknown seeker": InvalidArgument "FIELDS_INVALID" ["gig.seeker"] => |desk| gig(desk, |gig| gig.seeker = town::seeker_name("nobody"));
        "an unknown skill": InvalidArgument "FIELDS_INVALID" ["gig.slots[0].skills"] => |desk| gig(desk, |gig| {
            gig.slots = vec![dispatch::Slot { skills: vec![town::skill("juggling")], ..Default::default() }];
        });
        "a kind of another network": InvalidArgument "FIELDS_INVALID" ["gig.kind"] => |desk| gig(desk, |gig| {
            gig.kind = "networks/espoo/kinds/shopping".to_owned();
        });
        "three helpers": InvalidArgument "FIELDS_INVALID" ["gig.slots"] => |desk| gig(desk, |gig| {
            gig.slots = vec![dispatch::Slot::default(); 3];
        });
        "priority six": InvalidArgument "FIELDS_INVALID" ["gig.priority"] => |desk| gig(desk, |gig| gig.priority = 6);
        "a place in Sweden": InvalidArgument "FIELDS_INVALID" ["gig.place.coordinates"] => |desk| gig(desk, |gig| gig.place = at(59.33, 18.07));
        "a place that is no number": InvalidArgument "FIELDS_INVALID"
            ["gig.place.coordinates.latitude"] => |desk| gig(desk, |gig| gig.place = at(f64::NAN, 26.7));
        "a place beyond the globe": InvalidArgument "FIELDS_INVALID"
            ["gig.place.coordinates.latitude"] => |desk| gig(desk, |gig| gig.place = at(-160.0, 26.7));
        "a postal code that is none": InvalidArgument "FIELDS_INVALID" ["gig.place.postal_code"] => |desk| gig(desk, |gig| {
            gig.place = Some(wire::Place { postal_code: "99998".to_owned(), ..Default::default() });
        });
        "a name of ten thousand letters": InvalidArgument "FIELDS_INVALID" ["volunteer.display_name"] => |desk| volunteer(desk, |v| v.display_name = long());
        "a name that turns round": InvalidArgument "FIELDS_INVALID" ["volunteer.display_name"] => |desk| volunteer(desk, |v| {
            v.display_name = "Aino \u{202e}nenitseT".to_owned();
        });
        "a name with an invisible letter": InvalidArgument "FIELDS_INVALID" ["volunteer.display_name"] => |desk| volunteer(desk, |v| {
            v.display_name = "Ai\u{200b}no".to_owned();
        });
        "a name with a NUL": InvalidArgument "FIELDS_INVALID" ["volunteer.display_name"] => |desk| volunteer(desk, |v| v.display_name = "Ai\0no".to_owned());
        "no name": InvalidArgument "FIELDS_INVALID" ["volunteer.display_name"] => |desk| volunteer(desk, |v| v.display_name = "  ".to_owned());
        "an identity code in a note": InvalidArgument "FIELDS_INVALID" ["gig.notes"] => |desk| gig(desk, |gig| gig.notes = "hetu 131052-308T".to_owned());
        "a door code of a hundred letters": InvalidArgument "FIELDS_INVALID" ["seeker.intake.door_code"] => |desk| seeker(desk, |s| {
            s.intake = Some(wire::Intake { door_code: "1".repeat(100), ..Default::default() });
        });
        "a need that nobody knows": InvalidArgument "FIELDS_INVALID" ["seeker.intake.needs[0]"] => |desk| seeker(desk, |s| {
            s.intake = Some(wire::Intake { needs: vec![999], ..Default::default() });
        });
        "no language": InvalidArgument "FIELDS_INVALID" ["seeker.languages"] => |desk| seeker(desk, |s| s.languages.clear());
        "a phone of words": InvalidArgument "FIELDS_INVALID" ["seeker.phone"] => |desk| seeker(desk, |s| s.phone = "soita minulle".to_owned());
        "a volunteer who accepts an unknown kind": InvalidArgument "FIELDS_INVALID" ["volunteer.accepted_kinds"] => |desk| volunteer(desk, |v| {
            v.accepted_kinds = vec![town::kind("juggling")];
        });
        "a volunteer with an unknown skill": InvalidArgument "FIELDS_INVALID" ["volunteer.skills[0].skill"] => |desk| volunteer(desk, |v| {
            v.skills = vec![registry::HeldSkill { skill: town::skill("juggling"), ..Default::default() }];
        });
        "hours that end before they begin": InvalidArgument "FIELDS_INVALID" ["volunteer.availability.weekly[0].end_time"] => |desk| volunteer(desk, |v| {
            v.availability.as_mut().expect("hours").weekly = vec![town::weekly(1, 12 * 60, 9 * 60)];
        });
        "the thirtieth of February": InvalidArgument "FIELDS_INVALID" ["volunteer.join_date"] => |desk| volunteer(desk, |v| {
            v.join_date = Some(wire::Date { year: 2026, month: 2, day: 30 });
        });
        "an unknown way to move": InvalidArgument "FIELDS_INVALID" ["volunteer.travel_mode"] => |desk| volunteer(desk, |v| v.travel_mode = 17);
        "many wrong fields at once": InvalidArgument "FIELDS_INVALID"
            ["volunteer.display_name", "volunteer.email", "volunteer.languages[1]", "volunteer.birth_year", "volunteer.phone"] => |desk| volunteer(desk, |v| {
            v.display_name = long();
            v.email = "aino".to_owned();
            v.phone = "soita".to_owned();
            v.languages = vec!["fi".to_owned(), "suomen kieli".to_owned()];
            v.birth_year = Some(1066);
        });
        "an external id that is taken": AlreadyExists "EXTERNAL_ID_EXISTS" [] => |desk| volunteer(desk, |v| v.external_id = "VAP-1".to_owned());
        "an id that is taken": AlreadyExists "RESOURCE_EXISTS" [] => |desk| async move {
            desk.try_add_gig("g-1", town::gig("shopping", "s-1", window())).await.map(drop)
        };
        "a page of minus one": InvalidArgument "FIELDS_INVALID" ["page_size"] => |desk| async move {
            let request = dispatch::ListGigsRequest { parent: NETWORK.to_owned(), page_size: -1, ..Default::default() };
            desk.gigs.clone().list_gigs(request).await.map(drop)
        };
        "a page token of one's own": InvalidArgument "PAGE_TOKEN_INVALID" [] => |desk| async move {
            let request = dispatch::ListGigsRequest { parent: NETWORK.to_owned(), page_token: "Zy0x".to_owned(), ..Default::default() };
            desk.gigs.clone().list_gigs(request).await.map(drop)
        };
        "a channel that is none": InvalidArgument "FIELDS_INVALID" ["filter"] => |desk| async move {
            let (parent, filter) = (NETWORK.to_owned(), "channel = \"fax\"".to_owned());
            let request = notification::ListNotificationsRequest { parent, filter, ..Default::default() };
            desk.notifications.clone().list_notifications(request).await.map(drop)
        };
        "a filter that is none": InvalidArgument "FIELDS_INVALID" ["filter"] => |desk| async move {
            let filter = "state in (OPEN)".to_owned();
            desk.gigs.clone().list_gigs(dispatch::ListGigsRequest { parent: NETWORK.to_owned(), filter, ..Default::default() }).await.map(drop)
        };
        "a plan for the past": InvalidArgument "FIELDS_INVALID" ["plan.period.end_time"] => |desk| async move {
            let past = wire::TimeWindow { start_time: Some(week().at(-60, 0)), end_time: Some(week().at(-50, 0)) };
            desk.try_plan(past, false, 5_000).await.map(drop)
        };
        "an import without a file name": InvalidArgument "FIELDS_INVALID" ["header.file_name"] => |desk| import(desk, List::Seekers, "", |_| ());
        "an import into nowhere": NotFound "RESOURCE_NOT_FOUND" [] => |desk| async move {
            let header = wire::ImportHeader { parent: "networks/nowhere".to_owned(), ..header("a.csv") };
            desk.try_import(List::Seekers, header, "nimi;puhelin\nEino;0401234567\n".as_bytes()).await.map(drop)
        };
    }
}

/// What is stored, as far as a coordinator sees it.
async fn stored(desk: &Desk) -> (Vec<registry::Volunteer>, Vec<registry::Seeker>, Vec<dispatch::Gig>) {
    (desk.all_volunteers().await, desk.all_seekers().await, desk.all_gigs().await)
}

async fn small_town(server: &TestServer) -> Desk {
    server.desk(Who::Ops).found_network().await;
    let desk = server.desk(Who::City);
    let known = registry::Volunteer { external_id: "VAP-1".to_owned(), ..town::volunteer("Aino Testinen") };
    desk.add_volunteer("v-1", known).await;
    desk.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
    desk.add_gig("g-1", town::gig("shopping", "s-1", window())).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_input_is_refused_with_its_fields_and_stores_nothing() {
    for_each_engine(|server| async move {
        let desk = small_town(&server).await;
        let before = stored(&desk).await;
        let mut wrong = Vec::new();
        for case in cases() {
            let told = Refused::from(&(case.call)(desk.clone()).await);
            if (told.code, told.reason.as_str()) != (case.code, case.reason) || told.fields != case.fields {
                wrong.push(format!("{}: {:?} {} {:?}", case.name, told.code, told.reason, told.fields));
            }
        }
        assert!(wrong.is_empty(), "not told as it should be:\n{}", wrong.join("\n"));
        assert_eq!(stored(&desk).await, before, "something was stored");
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_is_told_by_row_and_column_and_stores_nothing() {
    for_each_engine(|server| async move {
        let desk = small_town(&server).await;
        let before = stored(&desk).await;
        let empty = desk.import(List::Seekers, "tyhja.csv", b"").await;
        assert_eq!(empty.counts(), (0, 0, 0, 1));
        assert_eq!((empty.problems[0].row, empty.problems[0].reason.as_str()), (0, "FILE_UNREADABLE"));

        // Every third row is broken.
        let mut broken = String::from("nimi;puhelin;postinumero;kieli\n");
        for row in 0..30 {
            let code = if row % 3 == 0 { "4510O" } else { "45100" };
            broken.push_str(&format!("Testi {row};040123{row:04};{code};fi\n"));
        }
        let told = desk.import(List::Seekers, "rikki.csv", broken.as_bytes()).await;
        assert_eq!(told.counts(), (0, 0, 0, 10));
        assert!(!told.summary.stored);
        let rows: Vec<i32> = told.problems.iter().map(|problem| problem.row).collect();
        assert_eq!(rows, (0..30).filter(|row| row % 3 == 0).map(|row| row + 2).collect::<Vec<_>>());
        assert!(
            told.problems.iter().all(|problem| problem.column == "postinumero" && problem.reason == "FIELDS_INVALID")
        );
        assert_eq!(stored(&desk).await, before, "something was stored");
        server.stop().await;
    })
    .await;
}
