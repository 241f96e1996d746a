//! From the bytes of a file to a table of text: CSV as Finnish programs write it, and XLSX as people see it.
//!
//! What the file is, is told by its first bytes, not by its name. Everything that can be wrong with a file as a table is named with
//! row and column; what a cell means is for others (`domain::cell`). The bounds are on bytes, unpacked bytes, rows, columns and cells.

mod csv;
mod shape;
mod text;
mod unzipped;
mod xlsx;

use domain::sheet::{Sheet, SheetProblem};

/// Reads a file as a table.
///
/// # Errors
/// Every problem of the file, with row and column; row 0 is the file as a whole.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Sheet, Vec<SheetProblem>> {
    let old_excel = bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    if bytes.is_empty() {
        Err(whole("the file is empty"))
    } else if old_excel {
        Err(whole("is an old or protected Excel file: save it as .xlsx without a password, or as CSV"))
    } else if bytes.starts_with(b"PK") {
        xlsx::read(bytes)
    } else if file_name.to_lowercase().ends_with(".xlsx") {
        Err(whole("is not an .xlsx file inside: save it anew, or as CSV"))
    } else {
        csv::read(&text::decode(bytes).map_err(whole)?)
    }
}

/// One problem of the file as a whole.
fn whole(description: &str) -> Vec<SheetProblem> {
    vec![SheetProblem { row: 0, column: String::new(), description: description.to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, bytes: &[u8]) -> String {
        let problems = read(name, bytes).expect_err("should be refused");
        assert_eq!((problems.len(), problems[0].row), (1, 0), "{problems:?}");
        problems[0].description.clone()
    }

    #[test]
    fn what_is_no_table_is_refused_as_a_whole() {
        assert!(refused("a.csv", b"").contains("empty"));
        assert!(refused("a.csv", b"\n \n;;\n").contains("empty"));
        assert!(refused("a.csv", b"nimi;puhelin\n\n").contains("no rows"));
        assert!(refused("a.xls", &[0xd0, 0xcf, 0x11, 0xe0, 1, 2]).contains("old or protected"));
        assert!(refused("a.xlsx", b"nimi;puhelin\nAino;1\n").contains("not an .xlsx"));
        assert!(refused("a.csv", b"%PDF-1.7\n\0\x01\x02").contains("not a text file"));
        assert!(refused("a.xlsx", b"PK\x03\x04 but nothing else").contains("cannot be read"));
        let junk: Vec<u8> = (0u32..4_000).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(refused("a.csv", &junk).contains("not a text file"));
    }

    #[test]
    fn the_first_bytes_tell_what_a_file_is_and_not_its_name() {
        let sheet = read("tiedosto", b"nimi;puhelin\nAino;1\n").expect("a table");
        assert_eq!(sheet.rows[0].cells, ["Aino", "1"]);
    }
}
