//! Lists of volunteers as coordinators have them.

use domain::sheet::{Sheet, SheetRow};
use domain::{Place, Precision, Volunteer, WriteContext};
use store::Filter;
use store::import::ImportOutcome;

use super::builders::{House, association, ctx, ctx_of, kouvola, scope, with_key};

/// A sheet from lines of cells separated by `|`.
pub(super) fn sheet(lines: &[&str]) -> Sheet {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = lines.iter().skip(1).zip(2u32..);
    Sheet {
        headings: cells(lines[0]),
        rows: rows.map(|(line, number)| SheetRow { number, cells: cells(line) }).collect(),
        ..Sheet::default()
    }
}

pub(super) fn counts(outcome: &ImportOutcome) -> (usize, usize, usize, usize) {
    (outcome.created, outcome.updated, outcome.unchanged, outcome.problems_total)
}

/// Row, column and description of each problem.
pub(super) fn problems(outcome: &ImportOutcome) -> Vec<(u32, &str, &str)> {
    let all = outcome.problems.iter();
    all.map(|problem| (problem.row, problem.column.as_str(), problem.description.as_str())).collect()
}

async fn import(house: &House, ctx: &WriteContext, lines: &[&str]) -> ImportOutcome {
    house.registry.import_volunteers(ctx, &kouvola(), &sheet(lines), |_, _| {}).await.expect("outcome")
}

async fn stored(house: &House) -> Vec<Volunteer> {
    house.db.read().await.expect("tx").all::<Volunteer>(&kouvola(), &Filter::any()).await.expect("volunteers")
}

const FINNISH: &[&str] = &[
    "Tunniste | Nimi | Puhelin | Postinumero | Kielet | Taidot | Keikkalajit | Mieluisat | Saatavuus | Kulkutapa | Matkaraja | Enintään päivässä | Enintään viikossa | Syntymävuosi | Sukupuoli | Tauot | Liittynyt",
    "V-1 | Veikko Testinen | 040 123 4567 | 45100 | suomi, venäjä | auto; ensiapu (31.12.2027) | kauppa-apu, saattoapu | saattoapu | ma 9-12; ke 13-16.30 | auto | 45 min | 2 | 3 | 1960 | mies | 24.12.2026-6.1.2027 | 1.12.2020",
    "V-2 | Aino Esimerkki | 501234567 | 45200 | ruotsi | | call | | ti 9:00–12:00 joka 2. viikko | kävellen | 20 | | | | nainen | | ",
];

#[tokio::test]
async fn a_finnish_list_is_imported_whole_and_again_changes_nothing() {
    let house = House::new().await;
    assert_eq!(counts(&import(&house, &ctx(), FINNISH).await), (2, 0, 0, 0));
    let all = stored(&house).await;
    let (veikko, aino) = (&all[0], &all[1]);
    assert_eq!((veikko.id.as_str(), veikko.external_id.as_deref()), ("v-1", Some("V-1")));
    assert_eq!(veikko.home.as_ref().map(|home| home.precision), Some(Precision::PostalCode));
    assert_eq!(veikko.kinds.iter().map(ToString::to_string).collect::<Vec<_>>(), ["escort", "shopping"]);
    assert_eq!(veikko.skills.iter().map(|held| held.skill.as_str()).collect::<Vec<_>>(), ["car", "first-aid"]);
    assert_eq!(veikko.skills[1].valid_until.map(|day| day.to_string()).as_deref(), Some("2027-12-31"));
    assert_eq!((veikko.travel_limit_min, veikko.caps.per_day, veikko.caps.per_week), (45, 2, 3));
    assert_eq!((veikko.availability.weekly.len(), veikko.availability.pauses.len()), (2, 1));
    assert_eq!(aino.availability.weekly[0].every_n_weeks, 2);
    assert_eq!(aino.phone.as_ref().map(|phone| phone.expose()), Some("+358501234567"));
    assert_eq!(counts(&import(&house, &ctx(), FINNISH).await), (0, 0, 2, 0));
    assert_eq!(stored(&house).await, all);
}

#[tokio::test]
async fn an_english_list_is_understood_too() {
    let house = House::new().await;
    let lines = [
        "External ID | First name | Last name | Phone number | City | Languages | Skills | Kinds | Availability | Travel mode",
        "17 | Ann | Example | +358 40 1234567 | Kouvola | English, sv | it | digital, Call | Mon 9-12 | bike",
    ];
    assert_eq!(problems(&import(&house, &ctx(), &lines).await), []);
    let all = stored(&house).await;
    assert_eq!((all[0].id.as_str(), all[0].name.expose().as_str()), ("17", "Ann Example"));
    assert_eq!(all[0].home.as_ref().map(|home| home.precision), Some(Precision::Locality));
}

#[tokio::test]
async fn a_changed_row_changes_one_volunteer_and_keeps_what_has_no_column() {
    let house = House::new().await;
    import(&house, &ctx(), FINNISH).await;
    let outcome =
        import(&house, &ctx(), &["Tunniste|Nimi|Matkaraja", "V-1|Veikko Testinen|60", "V-2|Aino Esimerkki|20"]).await;
    assert_eq!(counts(&outcome), (0, 1, 1, 0));
    let veikko = &stored(&house).await[0];
    assert_eq!((veikko.travel_limit_min, veikko.skills.len(), veikko.meta.version), (60, 2, 2));
    assert!(veikko.home.is_some() && veikko.phone.is_some());
}

#[tokio::test]
async fn without_an_external_id_name_and_phone_are_the_key() {
    let house = House::new().await;
    let lines = ["nimi|puhelin|matkaraja", "Veikko Testinen|040 123 4567|30"];
    assert_eq!(counts(&import(&house, &ctx(), &lines).await), (1, 0, 0, 0));
    let again = ["nimi|puhelin|matkaraja", "veikko testinen|+358401234567|30"];
    assert_eq!(counts(&import(&house, &ctx(), &again).await), (0, 1, 0, 0), "the name is written otherwise now");
    assert_eq!(counts(&import(&house, &ctx(), &again).await), (0, 0, 1, 0));
    let nameless = import(&house, &ctx(), &["nimi|matkaraja", "Veikko Testinen|30"]).await;
    assert_eq!(problems(&nameless).iter().map(|(row, column, _)| (*row, *column)).collect::<Vec<_>>(), [(2, "")]);
}

#[tokio::test]
async fn every_problem_is_named_by_row_and_column_and_nothing_is_stored() {
    let house = House::new().await;
    let lines = [
        "Tunniste|Nimi|Puhelin|Postinumero|Kielet|Taidot|Keikkalajit|Mieluisat|Saatavuus|Kulkutapa|Enintään päivässä|Enintään viikossa|Leveysaste|Pituusaste",
        "V1|Hyvä Ihminen|0401234567|45100|suomi||call||ma 9-12|auto|1|2||",
        "V2||soita|99998|klingon|lentäminen|ratsastus|call|joskus|lentäen|x|51||",
        "V3|Mieluisa Vailla|0401234568|45100|suomi|ensiapu|call|digital|||3|2|59,33|18,07",
        "V1|Toinen Sama|0401234569|||||||||||",
    ];
    let outcome = import(&house, &ctx(), &lines).await;
    let found: Vec<(u32, &str)> = problems(&outcome).iter().map(|(row, column, _)| (*row, *column)).collect();
    let expected = [(3, "Nimi"), (4, "Leveysaste"), (5, "")];
    for problem in expected {
        assert!(found.contains(&problem), "{problem:?} in {found:?}");
    }
    assert!(stored(&house).await.is_empty());
    assert_eq!((outcome.created, outcome.updated, outcome.unchanged), (0, 0, 0));
}

#[tokio::test]
async fn all_problems_of_one_row_are_told_at_once() {
    let house = House::new().await;
    let lines = [
        "Tunniste|Nimi|Puhelin|Postinumero|Kielet|Taidot|Keikkalajit|Saatavuus|Kulkutapa|Enintään päivässä|Enintään viikossa",
        "V2|Aino|soita|99998|klingon|lentäminen|ratsastus|joskus|lentäen|x|51",
    ];
    let outcome = import(&house, &ctx(), &lines).await;
    let mut columns: Vec<&str> = problems(&outcome).iter().map(|(_, column, _)| *column).collect();
    columns.sort_unstable();
    let mut expected: Vec<&str> = lines[0].split('|').skip(2).collect();
    expected.sort_unstable();
    assert_eq!(columns, expected);
}

#[tokio::test]
async fn rules_of_the_registry_are_told_under_the_columns_they_come_from() {
    let house = House::new().await;
    let lines = [
        "Tunniste|Nimi|Taidot|Keikkalajit|Mieluisat|Enintään päivässä|Enintään viikossa",
        "V3|Aino Esimerkki|ensiapu|call|digiapu|3|2",
    ];
    let outcome = import(&house, &ctx(), &lines).await;
    let columns: Vec<&str> = problems(&outcome).iter().map(|(_, column, _)| *column).collect();
    assert_eq!(columns, ["Enintään päivässä", "Mieluisat", "Taidot"]);
}

#[tokio::test]
async fn one_file_does_not_tell_twice_of_one_person() {
    let house = House::new().await;
    let head = "Tunniste|Nimi|Puhelin";
    for rows in [
        ["V1|Aino A|0401234567", "V1|Aino A|0401234568"],
        ["|Aino A|0401234567", "|aino a|+358401234567"],
        ["V1|Aino A|0401234567", "|Aino A|0401234567"],
        ["|Aino A|0401234567", "V1|Aino A|0401234567"],
    ] {
        let outcome = import(&house, &ctx(), &[head, rows[0], rows[1]]).await;
        assert_eq!(problems(&outcome), [(3, "", "is about the same as row 2")], "{rows:?}");
    }
    let couple = import(&house, &ctx(), &[head, "V1|Aino A|0401234567", "V2|Aino A|0401234567"]).await;
    assert_eq!(counts(&couple), (2, 0, 0, 0), "two external ids are two people");
    let unclear = import(&house, &ctx(), &[head, "|Aino A|0401234567"]).await;
    assert_eq!(problems(&unclear), [(2, "", "fits several that are stored: give the external id")]);
}

#[tokio::test]
async fn headings_that_are_missing_or_not_understood_stop_the_import() {
    let house = House::new().await;
    let outcome = import(&house, &ctx(), &["Puhelin|Lempiväri", "0401234567|sininen"]).await;
    assert_eq!(problems(&outcome), [(1, "Lempiväri", "no field goes by this heading")]);
    let outcome = import(&house, &ctx(), &["Puhelin|Etunimi", "0401234567|Aino"]).await;
    assert_eq!(problems(&outcome).len(), 1);
}

#[tokio::test]
async fn a_point_set_by_hand_outlives_the_same_address_and_not_another() {
    let house = House::new().await;
    let lines = ["Tunniste|Nimi|Postinumero", "V1|Aino A|45100"];
    import(&house, &ctx(), &lines).await;
    let mut aino = stored(&house).await.remove(0);
    let exact = Place {
        coordinates: domain::Coordinates::new(60.9, 26.8).expect("point"),
        precision: Precision::Exact,
        ..aino.home.clone().expect("home")
    };
    aino.home = Some(exact.clone());
    house.registry.update(&ctx(), aino).await.expect("updated");
    assert_eq!(counts(&import(&house, &ctx(), &lines).await), (0, 0, 1, 0));
    let outcome = import(&house, &ctx(), &["Tunniste|Nimi|Postinumero", "V1|Aino A|45200"]).await;
    assert_eq!(counts(&outcome), (0, 1, 0, 0));
}

#[tokio::test]
async fn a_dry_run_tells_what_would_happen_and_stores_nothing() {
    let house = House::new().await;
    let dry = WriteContext { validate_only: true, ..ctx() };
    assert_eq!(counts(&import(&house, &dry, FINNISH).await), (2, 0, 0, 0));
    assert!(stored(&house).await.is_empty());
}

#[tokio::test]
async fn a_repeated_import_request_answers_as_the_first() {
    let house = House::new().await;
    let keyed = with_key(ctx(), "k1", 1);
    for _ in 0..2 {
        assert_eq!(counts(&import(&house, &keyed, FINNISH).await), (2, 0, 0, 0));
    }
}

#[tokio::test]
async fn a_coordinator_imports_into_the_own_association() {
    let house = House::new().await;
    for own in ["a", "b"] {
        house.registry.create(&ctx(), association(own)).await.expect("association");
    }
    let a = ctx_of(scope("a", Some("kouvola"), Some("a")));
    assert_eq!(counts(&import(&house, &a, FINNISH).await), (2, 0, 0, 0));
    assert!(
        stored(&house)
            .await
            .iter()
            .all(|volunteer| volunteer.association.as_ref().is_some_and(|own| own.as_str() == "a"))
    );
    let b = ctx_of(scope("b", Some("kouvola"), Some("b")));
    let outcome = import(&house, &b, FINNISH).await;
    assert_eq!(outcome.problems_total, 2, "the keys belong to another association's people");
    let foreign = import(&house, &b, &["Tunniste|Nimi|Yhdistys", "X1|Aino A|a"]).await;
    assert_eq!(problems(&foreign), [(2, "Yhdistys", "names no association of this network")]);
}

#[tokio::test]
async fn a_large_list_with_a_third_of_its_rows_broken_lists_a_bounded_part() {
    let house = House::new().await;
    let rows: Vec<String> =
        (0..4_000).map(|i| format!("N{i}|Ihminen {i}|{}", if i % 3 == 0 { "rikki" } else { "ma 9-12" })).collect();
    let lines: Vec<&str> = std::iter::once("Tunniste|Nimi|Saatavuus").chain(rows.iter().map(String::as_str)).collect();
    let mut heard = Vec::new();
    let outcome = house
        .registry
        .import_volunteers(&ctx(), &kouvola(), &sheet(&lines), |done, total| heard.push((done, total)))
        .await
        .expect("outcome");
    assert_eq!((outcome.problems_total, outcome.problems.len()), (1_334, 1_000));
    assert!(heard.len() > 10 && heard.is_sorted() && heard.last() == Some(&(4_000, 4_000)), "{heard:?}");
    assert!(stored(&house).await.is_empty());
}
