//! Gigs from a list: Finnish and English headings, all rows or none, the same again changes nothing.

use domain::sheet::{Sheet, SheetRow};
use domain::{Gig, WriteContext};
use store::PageRequest;
use store::import::ImportOutcome;

use super::builders::*;
use crate::gigs::GigFilter;

fn sheet(headings: &[&str], rows: &[&[&str]]) -> Sheet {
    Sheet {
        headings: headings.iter().map(|&heading| heading.to_owned()).collect(),
        rows: rows
            .iter()
            .zip(2..)
            .map(|(cells, number)| SheetRow { number, cells: cells.iter().map(|&cell| cell.to_owned()).collect() })
            .collect(),
        ..Sheet::default()
    }
}

async fn import(house: &House, sheet: &Sheet) -> ImportOutcome {
    house.dispatch.import_gigs(&ctx(), &network(), sheet, |_, _| {}).await.expect("import")
}

async fn gigs(house: &House) -> Vec<Gig> {
    let page = PageRequest::first(100);
    house.dispatch.list_gigs(&city(), &network(), &GigFilter::default(), &page).await.expect("gigs").items
}

const FINNISH: [&str; 8] =
    ["Tunniste", "Keikkalaji", "Avunsaaja", "Ajankohta", "Kesto", "Kiireellisyys", "Auttajia", "Kuvaus"];

fn finnish() -> Sheet {
    sheet(
        &FINNISH,
        &[
            &["P-1", "shopping", "S1", "24.11.2026 9-13", "1,5 h", "3", "2", "Viikon ostokset"],
            &["P-2", "call", "s2", "24.11.2026 10-12; 25.11.2026 klo 10-12", "", "", "", ""],
        ],
    )
}

#[tokio::test]
async fn a_finnish_list_becomes_gigs() {
    let house = House::new().await;
    let outcome = import(&house, &finnish()).await;
    assert_eq!((outcome.created, outcome.problems), (2, vec![]));
    let gigs = gigs(&house).await;
    let find = |external: &str| gigs.iter().find(|gig| gig.external_id.as_deref() == Some(external)).expect("imported");
    let shopping = find("P-1");
    assert_eq!((shopping.duration_s, shopping.slots.len(), shopping.priority), (5400, 2, 3));
    assert_eq!((shopping.windows.clone(), shopping.place.clone()), (vec![window(9, 13)], Some(centre())));
    let call = find("P-2");
    assert_eq!((call.windows.len(), call.duration_s, call.place.clone(), call.priority), (2, 3600, None, 2));
    assert_eq!(house.events(call.id.as_str()).await, ["created"]);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let house = House::with(&["v1", "v2"]).await;
    import(&house, &finnish()).await;
    let before = gigs(&house).await;
    let again = import(&house, &finnish()).await;
    assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 2));
    assert_eq!(gigs(&house).await, before);

    let first = before.iter().find(|gig| gig.external_id.as_deref() == Some("P-1")).expect("P-1");
    house.assign(first.id.as_str(), tuesday(10, 0), &[(0, "v1"), (1, "v2")]).await.expect("assigned");
    let again = import(&house, &finnish()).await;
    assert_eq!((again.unchanged, again.problems), (2, vec![]), "a promised gig is what it was");
}

#[tokio::test]
async fn a_changed_row_changes_its_gig_unless_somebody_is_promised() {
    let house = House::with(&["v1"]).await;
    let list = |hours: &str| {
        sheet(&["number", "type", "client", "date", "klo"], &[&["P-1", "Shopping", "s1", "24.11.2026", hours]])
    };
    import(&house, &list("9-13")).await;
    assert_eq!(import(&house, &list("10-14")).await.updated, 1);
    let gig = gigs(&house).await.remove(0);
    assert_eq!((gig.windows.clone(), gig.meta.version), (vec![window(10, 14)], 2));
    house.assign(gig.id.as_str(), tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    let refused = import(&house, &list("11-15")).await;
    assert_eq!((refused.problems_total, refused.problems[0].column.as_str()), (1, "number"));
}

#[tokio::test]
async fn one_bad_row_stores_nothing_and_every_problem_has_row_and_column() {
    let house = House::new().await;
    let bad = sheet(
        &FINNISH,
        &[
            &["P-1", "shopping", "S1", "24.11.2026 9-13", "1 h", "3", "1", ""],
            &["P-2", "lentäminen", "S1", "24.11.2026 9-13", "1 h", "3", "1", ""],
            &["P-3", "shopping", "kukaan", "24.11.2026 9-13", "paljon", "9", "5", ""],
            &["P-4", "shopping", "S1", "24.11.2026 9-10", "3 h", "", "", "korjaa sähköt"],
            &["P-1", "shopping", "S1", "24.11.2026 9-13", "1 h", "3", "1", ""],
        ],
    );
    let outcome = import(&house, &bad).await;
    let found: Vec<(u32, &str)> = outcome.problems.iter().map(|p| (p.row, p.column.as_str())).collect();
    assert_eq!(
        found,
        [
            (3, "Keikkalaji"),
            (4, "Avunsaaja"),
            (4, "Kesto"),
            (4, "Auttajia"),
            (4, "Kiireellisyys"),
            (5, "Ajankohta"),
            (5, "Kuvaus"),
            (6, "")
        ],
        "{:?}",
        outcome.problems
    );
    assert!(gigs(&house).await.is_empty());
}

#[tokio::test]
async fn unknown_and_missing_columns_are_problems() {
    let house = House::new().await;
    let outcome = import(&house, &sheet(&["Laji", "Horoskooppi"], &[])).await;
    let columns: Vec<&str> = outcome.problems.iter().map(|p| p.column.as_str()).collect();
    assert_eq!(columns, ["Horoskooppi", "seeker", "windows"]);
}

#[tokio::test]
async fn a_dry_run_tells_and_stores_nothing() {
    let house = House::new().await;
    let dry = WriteContext { validate_only: true, ..ctx() };
    let outcome = house.dispatch.import_gigs(&dry, &network(), &finnish(), |_, _| {}).await.expect("import");
    assert_eq!((outcome.created, gigs(&house).await.len()), (2, 0));
}

#[tokio::test]
async fn an_escort_ends_where_the_row_says() {
    let house = House::new().await;
    let headings = ["nro", "laji", "asiakas", "aika", "kohteen leveysaste", "kohteen pituusaste", "määränpää"];
    let rows: [&[&str]; 2] = [
        &["1", "escort", "s1", "24.11.2026 9-13", "60,845", "26,597", "Koria"],
        &["2", "escort", "s2", "24.11.2026 9-13", "", "", ""],
    ];
    let outcome = import(&house, &sheet(&headings, &rows)).await;
    assert_eq!((outcome.created, outcome.problems), (2, vec![]));
    let gigs = gigs(&house).await;
    let escort = gigs.iter().find(|gig| gig.external_id.as_deref() == Some("1")).expect("escort");
    assert_eq!(escort.destination.as_ref().map(|place| place.coordinates), Some(koria().coordinates));
}
