//! Files as coordinators have them, over the wire, on both engines: what is understood, what is refused with row and column, and that
//! nothing is ever half-imported.

use proto::registry::v1::volunteer::TravelMode;
use proto::registry::v1::{Seeker, Volunteer};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use tests::calendar::{Week, seconds};
use tests::desk::Desk;
use tests::engines::{Engine, for_each_engine};
use tests::importing::{Imported, List, header};
use tests::size::Size;
use tests::test_server::{TestServer, Who};
use tests::town_desk::request_id;
use tonic::Code;

/// What every file of the first test says of its two people.
fn says(volunteers: &[Volunteer], file: &str) {
    let [aino, jaakko] = volunteers else { panic!("{file}: {} volunteers", volunteers.len()) };
    assert_eq!((aino.display_name.as_str(), aino.external_id.as_str()), ("Äinö Hämäläinen", "V-1"), "{file}");
    assert_eq!((jaakko.display_name.as_str(), jaakko.phone.as_str()), ("Jaakko Öhman", "+358501234567"), "{file}");
    assert_eq!(aino.name, "networks/kouvola/volunteers/v-1", "{file}");
    let point = aino.home.as_ref().and_then(|home| home.coordinates).expect("a point");
    assert_eq!((point.latitude, point.longitude), (60.8681, 26.7042), "{file}");
    assert_eq!(
        (aino.languages.clone(), jaakko.languages.clone()),
        (vec!["fi".to_owned()], vec!["sv".to_owned()]),
        "{file}"
    );
    assert_eq!((aino.travel_mode(), aino.travel_limit_minutes), (TravelMode::Car, 45), "{file}");
    assert_eq!(aino.accepted_kinds, ["networks/kouvola/kinds/escort", "networks/kouvola/kinds/shopping"], "{file}");
    let joined = aino.join_date.expect("a day");
    assert_eq!((joined.year, joined.month, joined.day), (2026, 9, 1), "{file}");
    let weekly = &aino.availability.as_ref().expect("hours").weekly;
    assert_eq!(
        (weekly.len(), weekly[1].weekday, weekly[1].end_time.map(|end| end.minutes)),
        (2, 3, Some(30)),
        "{file}"
    );
}

const FINNISH: [&[&str]; 3] = [
    &[
        "Tunniste",
        "Nimi",
        "Puhelin",
        "Leveysaste",
        "Pituusaste",
        "Kielet",
        "Kulkutapa",
        "Matkaraja",
        "Keikkalajit",
        "Saatavuus",
        "Liittynyt",
    ],
    &[
        "V-1",
        "Äinö Hämäläinen",
        "040 123 4567",
        "60,8681",
        "26,7042",
        "suomi",
        "auto",
        "45",
        "kauppa-apu; saattoapu",
        "ma 9-12; ke 13-16.30",
        "1.9.2026",
    ],
    &["V-2", "Jaakko Öhman", "050 1234567", "", "", "ruotsi", "kävellen", "20", "", "", ""],
];

const ENGLISH: [&[&str]; 3] = [
    &[
        "External ID",
        "First name",
        "Last name",
        "Phone number",
        "Lat",
        "Lon",
        "Languages",
        "Travel mode",
        "Travel limit",
        "Kinds",
        "Availability",
        "Join date",
    ],
    &[
        "V-1",
        "Äinö",
        "Hämäläinen",
        "+358 40 1234567",
        "60.8681",
        "26.7042",
        "Finnish",
        "car",
        "45 min",
        "escort, shopping",
        "Mon 9-12; Wed 13:00-16:30",
        "2026-09-01",
    ],
    &["V-2", "Jaakko", "Öhman", "0501234567", "", "", "sv", "walk", "20", "", "", ""],
];

/// Lines of cells, every cell quoted that needs it.
fn csv(rows: &[&[&str]], separator: char, line_end: &str) -> String {
    let cell = |text: &&str| match text.contains([separator, '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => (*text).to_owned(),
    };
    let line = |row: &&[&str]| row.iter().map(cell).collect::<Vec<_>>().join(&separator.to_string());
    rows.iter().map(|row| line(row) + line_end).collect()
}

/// The letters of these tests in the encoding of older Finnish programs: one byte each.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Western Europe")).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A workbook of texts.
fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write(row, column, *text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// The first Finnish list as a spreadsheet program keeps it: numbers, a date, and formulas with their results.
fn xlsx_with_formulas(limit: Formula) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(&FINNISH) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write(row, column, *text).expect("a cell");
        }
    }
    sheet.write(1, 3, 60.8681).expect("a number");
    sheet.write(1, 4, Formula::new("=26+0.7042").set_result("26.7042")).expect("a formula");
    sheet.write(1, 7, limit).expect("a formula");
    let day = ExcelDateTime::from_ymd(2026, 9, 1).expect("a day");
    sheet.write_with_format(1, 10, &day, &Format::new().set_num_format("d.m.yyyy")).expect("a date");
    book.save_to_buffer().expect("a workbook")
}

fn well_formed() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let (finnish, english) = (csv(&FINNISH, ';', "\r\n"), csv(&ENGLISH, ',', "\n"));
    vec![
        ("semicolon", "a.csv", finnish.clone().into_bytes()),
        ("byte order mark", "a.csv", format!("\u{feff}{finnish}").into_bytes()),
        ("Windows-1252", "a.csv", windows_1252(&finnish)),
        ("UTF-16", "a.csv", utf16(&finnish)),
        ("tab", "a.txt", csv(&FINNISH, '\t', "\n").into_bytes()),
        ("Finnish with commas", "a.csv", csv(&FINNISH, ',', "\n").into_bytes()),
        ("old Mac line ends", "a.csv", csv(&FINNISH, ';', "\r").into_bytes()),
        ("Excel's separator line", "a.csv", format!("sep=;\r\n{finnish}").into_bytes()),
        ("English with commas", "a.csv", english.into_bytes()),
        ("English with semicolons", "a.csv", csv(&ENGLISH, ';', "\n").into_bytes()),
        ("XLSX of texts", "a.xlsx", xlsx(&FINNISH)),
        ("XLSX in English", "a.xlsx", xlsx(&ENGLISH)),
        ("XLSX with formulas", "a.xlsx", xlsx_with_formulas(Formula::new("=40+5").set_result("45"))),
        ("XLSX without its ending", "lista", xlsx(&FINNISH)),
    ]
}

/// A row with too few cells is a problem like any other: it does not hide the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_short_row_does_not_hide_what_is_wrong_with_the_others() {
    let server = TestServer::start(Engine::Sqlite).await;
    server.desk(Who::Ops).found_network().await;
    let desk = server.desk(Who::City);
    let text =
        "nimi;puhelin;postinumero\nA A;0401234567;45100\nB B;0401234568\nC C;0401234569;4510x\n;0401234570;99x\n";
    let told = desk.import(List::Seekers, "rikki.csv", text.as_bytes()).await;
    let found: Vec<(i32, &str)> = told.problems.iter().map(|one| (one.row, one.column.as_str())).collect();
    assert_eq!(found, [(3, ""), (4, "postinumero"), (5, "nimi"), (5, "postinumero")]);
    assert!(!told.summary.stored);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_that_coordinators_have_says_the_same() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        for (number, (file, name, bytes)) in well_formed().into_iter().enumerate() {
            let rehearsed = city.rehearse(List::Volunteers, name, &bytes).await;
            let told = (rehearsed.problems.clone(), rehearsed.summary.stored);
            assert_eq!(told, (vec![], false), "{file}");
            let imported = city.import(List::Volunteers, name, &bytes).await;
            let expected = if number == 0 { (2, 0, 0, 0) } else { (0, 0, 2, 0) };
            assert_eq!(
                (imported.counts(), rehearsed.counts()),
                (expected, expected),
                "{file}: {:?}",
                imported.problems
            );
            assert!(imported.summary.stored, "{file}");
            says(&city.all_volunteers().await, file);
        }
        server.stop().await;
    })
    .await;
}

/// What is no list at all: a problem of the file as a whole, nothing stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_list_is_refused_as_a_whole() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let headings = csv(&FINNISH[..1], ';', "\n");
        let broken = Formula::new("=NA()").set_result("#N/A");
        type Places = &'static [(i32, &'static str)];
        let files: [(&str, Vec<u8>, Places); 7] = [
            ("a.csv", Vec::new(), &[(0, "")]),
            ("a.csv", b"\n;;\n \n".to_vec(), &[(0, "")]),
            ("a.csv", headings.into_bytes(), &[(0, "")]),
            ("a.xlsx", xlsx(&FINNISH[..1]), &[(0, "")]),
            ("a.xlsx", b"PK\x03\x04 and no more".to_vec(), &[(0, "")]),
            ("a.xls", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], &[(0, "")]),
            ("a.pdf", b"%PDF-1.7\n\0\x01\x02\x03".to_vec(), &[(0, "")]),
        ];
        let told = city.import(List::Volunteers, "a.xlsx", &xlsx_with_formulas(broken)).await;
        assert_eq!((told.places(), told.summary.stored), (vec![(2, "Matkaraja")], false), "{:?}", told.problems);
        for list in [List::Volunteers, List::Seekers, List::Gigs] {
            for (name, bytes, places) in &files {
                let told = city.import(list, name, bytes).await;
                assert_eq!(told.places(), *places, "{name}: {:?}", told.problems);
                assert_eq!((told.summary.stored, told.summary.problems), (false, 1), "{name}");
                assert!(!told.problems[0].description.is_empty() && !told.problems[0].reason.is_empty());
            }
        }
        nothing_is_stored(&city).await;
        server.stop().await;
    })
    .await;
}

async fn nothing_is_stored(city: &Desk) {
    let counts = (city.all_volunteers().await.len(), city.all_seekers().await.len(), city.all_gigs().await.len());
    assert_eq!(counts, (0, 0, 0), "nothing is stored");
}

/// Of a list three rows in ten are broken: every problem is named where it stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_with_three_rows_in_ten_broken_names_every_problem_and_stores_nothing() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let rows = Size::asked().pick(400, 3_000);
        // Each broken row has another thing wrong.
        let wrong: [(usize, &str, &str); 9] = [
            (1, "Nimi", ""),
            (2, "Puhelin", "soita ovelle"),
            (3, "Leveysaste", "59,33"),
            (5, "Kielet", "klingon"),
            (6, "Kulkutapa", "lentäen"),
            (7, "Matkaraja", "300 km"),
            (8, "Keikkalajit", "ratsastus"),
            (9, "Saatavuus", "joskus"),
            (10, "Liittynyt", "31.2.2026"),
        ];
        let mut table: Vec<Vec<String>> = vec![FINNISH[0].iter().map(|&cell| cell.to_owned()).collect()];
        let mut expected: Vec<(i32, &str)> = Vec::new();
        for number in 0..rows {
            let mut row: Vec<String> = FINNISH[1].iter().map(|&cell| cell.to_owned()).collect();
            row[0] = format!("V-{number}");
            row[1] = format!("Testinen {number}");
            if number % 10 < 3 {
                let (column, heading, text) = wrong[(number / 10 * 3 + number % 10) % wrong.len()];
                row[column] = text.to_owned();
                expected.push((number as i32 + 2, heading));
            }
            table.push(row);
        }
        let table: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let table: Vec<&[&str]> = table.iter().map(Vec::as_slice).collect();
        for (name, bytes) in [("a.csv", csv(&table, ';', "\n").into_bytes()), ("a.xlsx", xlsx(&table))] {
            for told in
                [city.rehearse(List::Volunteers, name, &bytes).await, city.import(List::Volunteers, name, &bytes).await]
            {
                assert_eq!(told.places(), expected, "{name}");
                assert_eq!((told.summary.stored, told.summary.problems), (false, expected.len() as i32), "{name}");
                let silent =
                    told.problems.iter().find(|problem| problem.description.is_empty() || problem.reason.is_empty());
                assert_eq!(silent, None);
            }
        }
        nothing_is_stored(&city).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_external_id_stands_for_one_row() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let week = Week::coming();
        let gigs = format!(
            "Tunniste;Laji;Avunsaaja;Ajankohta\nG;call;S;{day} 9-12\nG;call;S;{day} 13-15\n",
            day = week.finnish(2)
        );
        let files = [
            (List::Volunteers, "Tunniste;Nimi\nV;Aino A\nV;Toivo T\n".to_owned()),
            (List::Seekers, "Tunniste;Nimi\nV;Aino A\nV;Toivo T\n".to_owned()),
        ];
        for (list, text) in files {
            let told = city.import(list, "a.csv", text.as_bytes()).await;
            assert_eq!(told.places(), [(3, "")], "{list:?}: {:?}", told.problems);
        }
        nothing_is_stored(&city).await;
        city.import(List::Seekers, "a.csv", b"Tunniste;Nimi\nS;Eino Esimerkki\n").await;
        let told = city.import(List::Gigs, "a.csv", gigs.as_bytes()).await;
        assert_eq!(told.places(), [(3, "")], "{:?}", told.problems);
        assert_eq!(city.all_gigs().await.len(), 0);
        server.stop().await;
    })
    .await;
}

fn of(imported: &Imported) -> ((i32, i32, i32, i32), bool) {
    (imported.counts(), imported.summary.stored)
}

/// Seekers and gigs of a list, again, and with one row changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seekers_and_gigs_come_in_once_and_change_row_by_row() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let week = Week::coming();
        let seekers = "Tunniste;Nimi;Postinumero;Tarpeet;Ovikoodi\nS-1;Eino Esimerkki;45100;;1234\nS-2;Eva Exempel;45200;;\n";
        assert_eq!(of(&city.import(List::Seekers, "a.csv", seekers.as_bytes()).await), ((2, 0, 0, 0), true));
        assert_eq!(of(&city.import(List::Seekers, "a.csv", seekers.as_bytes()).await), ((0, 0, 2, 0), true));
        let before: Vec<Seeker> = city.all_seekers().await;
        assert!(before.iter().all(|seeker| seeker.home.as_ref().is_some_and(|home| home.coordinates.is_some())));

        let day = week.finnish(1);
        let gigs = format!("Tunniste;Laji;Avunsaaja;Päivä;Kello;Kesto\nG-1;kauppa-apu;S-1;{day};9-12;1,5 h\nG-2;call;S-2;{day};13.30-15;30 min\n");
        assert_eq!(of(&city.rehearse(List::Gigs, "a.csv", gigs.as_bytes()).await), ((2, 0, 0, 0), false));
        assert_eq!(city.all_gigs().await.len(), 0, "a dry run stores nothing");
        assert_eq!(of(&city.import(List::Gigs, "a.csv", gigs.as_bytes()).await), ((2, 0, 0, 0), true));
        let stored = city.all_gigs().await;
        assert_eq!(of(&city.import(List::Gigs, "a.csv", gigs.as_bytes()).await), ((0, 0, 2, 0), true));
        assert_eq!(city.all_gigs().await, stored, "the same file again changes nothing");
        assert_eq!(stored[0].duration.map(|duration| duration.seconds), Some(5_400), "a decimal comma");
        assert_eq!(stored[0].windows, [week.window(1, 9 * 60, 12 * 60)]);
        assert_eq!(seconds(stored[1].windows[0].start_time.as_ref()), week.at(1, 13 * 60 + 30).seconds);

        let changed = gigs.replace("9-12", "9-14");
        assert_eq!(of(&city.import(List::Gigs, "a.csv", changed.as_bytes()).await), ((0, 1, 1, 0), true));
        assert_eq!(city.all_gigs().await[1], stored[1]);
        let unknown = gigs.replace("S-2", "S-9").replace("kauppa-apu", "ratsastus");
        let told = city.import(List::Gigs, "a.csv", unknown.as_bytes()).await;
        assert_eq!(told.places(), [(2, "Laji"), (3, "Avunsaaja")], "{:?}", told.problems);
        server.stop().await;
    })
    .await;
}

/// The same request id: the same file has the first answer, another file is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_import_request_has_one_effect() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let bytes = csv(&FINNISH, ';', "\n").into_bytes();
        let keyed = proto::r#type::v1::ImportHeader { request_id: request_id(), ..header("a.csv") };
        for _ in 0..2 {
            let told = city.try_import(List::Volunteers, keyed.clone(), &bytes).await.expect("an answer");
            assert_eq!(of(&told), ((2, 0, 0, 0), true));
        }
        let other = csv(&ENGLISH, ',', "\n").into_bytes();
        let status = city.try_import(List::Volunteers, keyed, &other).await.expect_err("another file");
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        let foreign = server.desk(Who::ForeignCity).try_import(List::Volunteers, header("a.csv"), &bytes).await;
        assert_eq!(foreign.expect_err("another city").code(), Code::NotFound);
        server.stop().await;
    })
    .await;
}
