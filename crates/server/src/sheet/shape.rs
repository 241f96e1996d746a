//! From rows as they stand in a file to a sheet: headings first, one cell under each, within the bounds; everything else is named.

use domain::cell::Problems;
use domain::sheet::{COLUMNS_MAX, ROWS_MAX, Sheet, SheetProblem, SheetRow};

use super::whole;

/// Longest cell, in characters: what a spreadsheet itself allows.
pub(super) const CELL_CHARS_MAX: usize = 32_767;

/// A row as it stands in a file.
pub(super) struct Raw {
    /// The row as a spreadsheet numbers it.
    pub(super) row: u32,
    /// Its cells.
    pub(super) cells: Vec<String>,
    /// What is wrong with single cells, by place.
    pub(super) problems: Vec<(usize, &'static str)>,
}

/// What a row means that has fewer cells than there are headings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Short {
    /// A broken row: CSV writes every cell.
    IsWrong,
    /// Empty cells: XLSX leaves them out.
    IsEmpty,
}

/// Makes a sheet of rows.
pub(super) fn shape(rows: Vec<Raw>, short: Short) -> Result<Sheet, Vec<SheetProblem>> {
    let mut rows =
        rows.into_iter().filter(|raw| !raw.problems.is_empty() || raw.cells.iter().any(|c| !c.trim().is_empty()));
    let Some(first) = rows.next() else { return Err(whole("the file is empty")) };
    let width = first.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    if width > COLUMNS_MAX {
        return Err(whole(&format!("has more than {COLUMNS_MAX} columns")));
    }
    let headings: Vec<String> = first.cells.iter().take(width).map(|cell| clean(cell)).collect();
    let mut problems = Problems::new();
    cell_problems(&first, &headings, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into_listed());
    }
    let mut sheet = Sheet { headings, rows: Vec::new(), problems };
    let mut count = 0;
    for raw in rows {
        count += 1;
        if count > ROWS_MAX {
            return Err(whole(&format!("has more than {ROWS_MAX} rows: import it in parts")));
        }
        let before = sheet.problems.total();
        row_problems(&raw, &sheet.headings, short, &mut sheet.problems);
        if sheet.problems.total() > before {
            continue;
        }
        let mut cells: Vec<String> = raw.cells.iter().take(width).map(|cell| clean(cell)).collect();
        cells.resize(width, String::new());
        sheet.rows.push(SheetRow { number: raw.row, cells });
    }
    if sheet.rows.is_empty() && sheet.problems.is_empty() {
        Err(whole("has headings and no rows under them"))
    } else {
        Ok(sheet)
    }
}

fn row_problems(raw: &Raw, headings: &[String], short: Short, problems: &mut Problems) {
    let before = problems.total();
    cell_problems(raw, headings, problems);
    let last = raw.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    if problems.total() > before {
        // A broken cell explains a broken row.
    } else if last > headings.len() || (raw.cells.len() < headings.len() && short == Short::IsWrong) {
        let cells = last.max(raw.cells.len().min(headings.len()));
        problems.add(raw.row, "", format!("has {cells} cells under {} headings", headings.len()));
    } else if let Some(at) = (0..last).find(|&at| headings[at].is_empty() && !raw.cells[at].trim().is_empty()) {
        problems.add(raw.row, "", format!("has a cell in column {} that has no heading", letters(at)));
    }
}

fn cell_problems(raw: &Raw, headings: &[String], problems: &mut Problems) {
    for (at, description) in &raw.problems {
        problems.add(raw.row, column(*at, headings), description);
    }
    for (at, _) in raw.cells.iter().enumerate().filter(|(_, cell)| cell.chars().count() > CELL_CHARS_MAX) {
        problems.add(raw.row, column(at, headings), format!("must be at most {CELL_CHARS_MAX} characters"));
    }
}

/// A column by its heading, or by its letters if it has none.
fn column(at: usize, headings: &[String]) -> String {
    headings.get(at).filter(|heading| !heading.is_empty()).cloned().unwrap_or_else(|| letters(at))
}

/// A column as a spreadsheet names it: A, B, ..., AA.
fn letters(at: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = at + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

/// A cell without the white space around it; a no-break space is white space.
fn clean(cell: &str) -> String {
    cell.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(row: u32, cells: Vec<String>) -> Raw {
        Raw { row, cells, problems: Vec::new() }
    }

    fn texts(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    fn broken(rows: Vec<Raw>, short: Short) -> Vec<SheetProblem> {
        shape(rows, short).expect("a sheet").problems.into_listed()
    }

    #[test]
    fn too_many_rows_and_columns_are_refused() {
        let rows = (1u32..).take(ROWS_MAX + 2).map(|row| raw(row, texts(&["x"]))).collect();
        assert!(shape(rows, Short::IsWrong).expect_err("rows")[0].description.contains("100000 rows"));
        let wide = vec![raw(1, vec!["x".to_owned(); COLUMNS_MAX + 1])];
        assert!(shape(wide, Short::IsWrong).expect_err("columns")[0].description.contains("100 columns"));
    }

    #[test]
    fn short_rows_are_empty_cells_of_a_spreadsheet() {
        let rows = || vec![raw(1, texts(&["a", "b"])), raw(2, texts(&["1"]))];
        assert_eq!(shape(rows(), Short::IsEmpty).expect("sheet").rows[0].cells, texts(&["1", ""]));
        assert_eq!(broken(rows(), Short::IsWrong)[0].row, 2);
    }

    #[test]
    fn a_cell_without_a_heading_and_an_endless_cell_are_named() {
        let rows = vec![raw(1, texts(&["a", "", "c"])), raw(2, texts(&["1", "2", "3"])), raw(3, texts(&["", "", "3"]))];
        let problems = broken(rows, Short::IsWrong);
        assert_eq!((problems.len(), problems[0].row), (1, 2));
        assert!(problems[0].description.contains("column B"));
        let rows = vec![raw(1, texts(&["a"])), raw(2, vec!["x".repeat(CELL_CHARS_MAX + 1)])];
        assert_eq!(broken(rows, Short::IsWrong)[0].column, "a");
    }

    #[test]
    fn a_broken_row_leaves_the_others() {
        let rows = vec![raw(1, texts(&["a", "b"])), raw(2, texts(&["1"])), raw(3, texts(&["1", "2"]))];
        let sheet = shape(rows, Short::IsWrong).expect("a sheet");
        assert_eq!((sheet.rows.len(), sheet.rows[0].number, sheet.problems.total()), (1, 3, 1));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 27, 701].map(letters), ["A", "Z", "AA", "AB", "ZZ"]);
    }
}
