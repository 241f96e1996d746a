//! Who may call what: every method, every role, with and without a key; and a foreign network looks like a missing one.

use prost::Message as _;
use proto::registry::v1 as registry;
use proto::r#type::v1::Role as WireRole;
use tests::engines::{Engine, for_each_engine};
use tests::example::{methods, request};
use tests::raw::Raw;
use tests::refused::{Refused, granted};
use tests::test_server::{EVERYBODY, TestServer, Who};
use tests::town;
use tonic::Code;

fn wire_role(who: Who) -> WireRole {
    match who {
        Who::Ops => WireRole::Ops,
        Who::City | Who::ForeignCity => WireRole::CityCoordinator,
        Who::CallCentre => WireRole::CallCentreAgent,
        Who::Association => WireRole::AssociationCoordinator,
        Who::Site => WireRole::AssociationSite,
        Who::Volunteer => WireRole::Volunteer,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_method_answers_without_a_key_or_with_a_wrong_one() {
    let server = TestServer::start(Engine::Sqlite).await;
    let raw = Raw::at(&server.url());
    let good = server.key(Who::City);
    let tampered = format!("{}0", &good[..good.len() - 1]);
    let tampered = if tampered == good { format!("{}1", &good[..good.len() - 1]) } else { tampered };
    let crossed = good.replace("kk_city_", "kk_ops_");
    let wrong = ["kk_nobody_00", "kk_city_", "", &tampered, &crossed];
    for (path, method) in methods() {
        let body = request(&method, "kouvola").encode_to_vec();
        let status = raw.call(&path, body.clone()).await.expect_err(&path);
        assert_eq!(status.code(), Code::Unauthenticated, "{path} without a key");
        assert_eq!(Refused::from(&status).reason, "CREDENTIALS_MISSING", "{path}");
        for key in wrong {
            let status = raw.with_key(key).call(&path, body.clone()).await.expect_err(&path);
            assert_eq!(status.code(), Code::Unauthenticated, "{path} with {key}");
        }
        for header in ["Basic abc", "kk", "Bearer"] {
            let status = raw.with("authorization", header).call(&path, body.clone()).await.expect_err(&path);
            assert_eq!(status.code(), Code::Unauthenticated, "{path} with {header}");
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_admits_the_roles_of_its_rule_and_no_other() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mut checked = 0;
    for who in EVERYBODY {
        let raw = Raw::at(&server.url()).with_key(server.key(who));
        for (path, method) in methods() {
            let admitted = proto::access_rule(&path).expect("a rule").roles.contains(&wire_role(who));
            let body = request(&method, "kouvola").encode_to_vec();
            let told = raw.call(&path, body).await;
            let code = told.as_ref().map_or_else(tonic::Status::code, |_| Code::Ok);
            if admitted {
                assert!(
                    !matches!(code, Code::PermissionDenied | Code::Unauthenticated),
                    "{path} for {who:?}: {code:?}"
                );
                assert!(!matches!(code, Code::Internal | Code::Unknown), "{path} for {who:?}: {told:?}");
            } else {
                assert_eq!(code, Code::PermissionDenied, "{path} for {who:?}");
            }
            checked += 1;
        }
    }
    assert_eq!(checked, EVERYBODY.len() * proto::METHODS.len());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_network_answers_like_a_missing_one() {
    for_each_engine(|server| async move {
        let ops = server.desk(Who::Ops);
        ops.found_network().await;
        let espoo = proto::registry::v1::CreateNetworkRequest {
            network: Some(tests::town::network()),
            network_id: "espoo".to_owned(),
            ..Default::default()
        };
        granted(ops.networks.clone().create_network(espoo).await);
        // Same length, so that only the name itself differs.
        let (foreign, missing) = ("espoo", "turku");
        let mut checked = 0;
        for who in [Who::City, Who::CallCentre, Who::Association, Who::Site, Who::Volunteer] {
            let raw = Raw::at(&server.url()).with_key(server.key(who));
            for (path, method) in methods() {
                let admitted = proto::access_rule(&path).expect("a rule").roles.contains(&wire_role(who));
                let told_foreign = raw.call(&path, request(&method, foreign).encode_to_vec()).await;
                let told_missing = raw.call(&path, request(&method, missing).encode_to_vec()).await;
                if !admitted || path.ends_with("/ListNetworks") {
                    continue;
                }
                let a = told_foreign.expect_err(&path);
                let b = told_missing.expect_err(&path);
                // The order of metadata differs from answer to answer, as a map has none.
                let plain = |bytes: &[u8]| {
                    let mut bytes = String::from_utf8_lossy(bytes).replace(missing, foreign).into_bytes();
                    bytes.sort_unstable();
                    bytes
                };
                assert_eq!(a.code(), b.code(), "{path} for {who:?}");
                assert_eq!(a.message(), b.message().replace(missing, foreign), "{path} for {who:?}");
                assert_eq!(plain(a.details()), plain(b.details()), "{path} for {who:?}");
                checked += usize::from(a.code() == Code::NotFound);
            }
        }
        assert!(checked > 60, "only {checked} calls came as far as the network");
        server.stop().await;
    })
    .await;
}

/// Volunteers keep their own affairs; what was checked of them, and who they are, is for coordinators.
#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_cannot_vouch_for_themselves() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        server.desk(Who::City).add_volunteer("v-1", town::volunteer("Aino Testinen")).await;
        let me = server.desk(Who::Volunteer);
        let change = async |path: &str, change: &dyn Fn(&mut registry::Volunteer)| {
            let mut volunteer = registry::Volunteer { name: town::volunteer_name("v-1"), ..Default::default() };
            change(&mut volunteer);
            let mask = prost_types::FieldMask { paths: vec![path.to_owned()] };
            let request = registry::UpdateVolunteerRequest {
                volunteer: Some(volunteer),
                update_mask: Some(mask),
                ..Default::default()
            };
            me.volunteers.clone().update_volunteer(request).await
        };
        let skill =
            registry::HeldSkill { skill: format!("{}/skills/background-check", town::NETWORK), ..Default::default() };
        type Change<'a> = &'a dyn Fn(&mut registry::Volunteer);
        let kept: [(&str, Change<'_>); 4] = [
            ("skills", &|volunteer| volunteer.skills = vec![skill.clone()]),
            ("birth_year", &|volunteer| volunteer.birth_year = Some(1950)),
            ("external_id", &|volunteer| volunteer.external_id = "VAP-7".to_owned()),
            ("display_name", &|volunteer| volunteer.display_name = "Toinen Testinen".to_owned()),
        ];
        for (path, by) in kept {
            let status = change(path, by).await.expect_err(path);
            let told = Refused::from(&status);
            assert_eq!((told.code, told.reason.as_str()), (Code::PermissionDenied, "PERMISSION_MISSING"), "{path}");
            assert!(status.message().contains(path), "{path}: {}", status.message());
        }
        granted(change("phone", &|volunteer| volunteer.phone = "040 555 0123".to_owned()).await);
        granted(change("travel_limit_minutes", &|volunteer| volunteer.travel_limit_minutes = 25).await);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_taken_out_of_the_file_is_dead_after_a_hangup() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let desk = server.desk(Who::City);
    let request =
        || proto::registry::v1::ListVolunteersRequest { parent: tests::town::NETWORK.to_owned(), ..Default::default() };
    granted(desk.volunteers.clone().list_volunteers(request()).await);

    let path = server.folder().join("keys.toml");
    let keys = std::fs::read_to_string(&path).expect("the key file");
    let kept: String =
        keys.split_inclusive("[[key]]\n").filter(|entry| !entry.contains("id = \"city\"")).collect::<Vec<_>>().concat();
    std::fs::write(&path, kept).expect("the key file can be written");
    let hangup = std::process::Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status();
    assert!(hangup.expect("kill can be run").success());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let told = desk.volunteers.clone().list_volunteers(request()).await;
        if told.as_ref().is_err_and(|status| status.code() == Code::Unauthenticated) {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "the key still opens: {told:?}");
        tokio::task::yield_now().await;
    }
    server.stop().await;
}
