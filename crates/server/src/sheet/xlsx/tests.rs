//! Small spreadsheets written by hand, part by part.

use std::io::Write;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

/// A spreadsheet of one sheet with these rows of cells in XML. Style 1 is a day, 2 a day and time, 3 a time.
fn book(rows: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    let parts: [(&str, &str); 5] = [
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Piilossa" sheetId="2" state="hidden" r:id="rId2"/><sheet name="Lista" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/styles.xml",
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs></styleSheet>"#,
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).expect("part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("archive").into_inner()
}

const HEADINGS: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Nimi</t></is></c><c r="B1" t="inlineStr"><is><t>Arvo</t></is></c></row>"#;

/// The text seen in cell B2.
fn value(cell: &str) -> String {
    let rows = format!(r#"{HEADINGS}<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c>{cell}</row>"#);
    read(&book(&rows)).expect("sheet").rows[0].cells[1].clone()
}

#[test]
fn cells_are_seen_as_people_see_them() {
    for (cell, expected) in [
        (r#"<c r="B2"><v>401234567</v></c>"#, "401234567"),
        (r#"<c r="B2"><v>60.868</v></c>"#, "60,868"),
        (r#"<c r="B2"><v>0.30000000000000004</v></c>"#, "0,3"),
        (r#"<c r="B2"><v>-2</v></c>"#, "-2"),
        (r#"<c r="B2" s="1"><v>46357</v></c>"#, "1.12.2026"),
        (r#"<c r="B2" s="2"><v>46357.395833333336</v></c>"#, "1.12.2026 9:30"),
        (r#"<c r="B2" s="3"><v>0.3958333333</v></c>"#, "9:30"),
        (r#"<c r="B2" t="b"><v>1</v></c>"#, "kyllä"),
        (r#"<c r="B2" t="str"><f>A2&amp;"!"</f><v>x!</v></c>"#, "x!"),
        (r#"<c r="B2"><f>1+1</f><v>2</v></c>"#, "2"),
        (r#"<c r="B2" t="inlineStr"><is><t> väliä  </t></is></c>"#, "väliä"),
    ] {
        assert_eq!(value(cell), expected, "{cell}");
    }
}

#[test]
fn a_formula_without_a_result_and_an_error_are_named_by_row_and_column() {
    let rows = format!(
        r##"{HEADINGS}<row r="3"><c r="A3" t="inlineStr"><is><t>x</t></is></c><c r="B3"><f>SUM(A1)</f></c></row><row r="5"><c r="B5" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>"##
    );
    let problems = read(&book(&rows)).expect("a sheet").problems.into_listed();
    let found: Vec<(u32, &str, &str)> =
        problems.iter().map(|p| (p.row, p.column.as_str(), p.description.as_str())).collect();
    assert_eq!(found, [(3, "Arvo", NO_RESULT), (5, "Arvo", ERROR)]);
}

#[test]
fn rows_keep_their_numbers_and_styled_empty_cells_are_nothing() {
    let rows = format!(
        r#"{HEADINGS}<row r="4"><c r="A4"><v>1</v></c></row><row r="9"><c r="A9" s="1"/><c r="ZZ9" s="1"/></row>"#
    );
    let sheet = read(&book(&rows)).expect("sheet");
    assert_eq!(sheet.rows.iter().map(|row| (row.number, row.cells.len())).collect::<Vec<_>>(), [(4, 2)]);
}

#[test]
fn a_cell_far_away_is_a_problem_and_not_a_gigabyte() {
    let far = format!(r#"{HEADINGS}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    assert!(read(&book(&far)).expect_err("far")[0].description.contains("100 columns"));
    let endless = format!(r#"{HEADINGS}<row r="2"><c r="ZZZZZZZZZZZZ99999999999"><v>1</v></c></row>"#);
    assert!(read(&book(&endless)).is_err());
    let shared =
        format!(r#"{HEADINGS}<row r="2"><c r="A2"><f t="shared" si="4000000000" ref="A2:A3">1</f><v>1</v></c></row>"#);
    assert_eq!(read(&book(&shared)).expect("sheet").rows.len(), 1);
}

#[test]
fn broken_and_foreign_archives_are_refused() {
    let good = book(HEADINGS);
    assert!(read(&good).expect_err("headings only")[0].description.contains("no rows"));
    for cut in [10, good.len() / 2, good.len() - 5] {
        assert_eq!(read(&good[..cut]).expect_err("cut")[0].description, UNREADABLE);
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("hello.txt", SimpleFileOptions::default()).expect("part");
    let foreign = archive.finish().expect("archive").into_inner();
    assert_eq!(read(&foreign).expect_err("foreign")[0].description, UNREADABLE);
}
