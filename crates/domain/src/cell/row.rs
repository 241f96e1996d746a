//! Reading a row by the names of its fields, and collecting what is wrong with where it stands.

use std::fmt::Display;

use crate::refusal::Violations;
use crate::sheet::{Columns, SheetProblem, SheetRow};

/// Most problems of one file that are listed; the count goes on.
pub const PROBLEMS_LISTED_MAX: usize = 1_000;

/// The problems of a file: the first [`PROBLEMS_LISTED_MAX`] in the order found, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    listed: Vec<SheetProblem>,
    total: usize,
}

impl Problems {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, row: u32, column: impl Into<String>, description: impl Display) {
        self.push(SheetProblem { row, column: column.into(), description: description.to_string() });
    }

    /// Adds one that is made already.
    pub fn push(&mut self, problem: SheetProblem) {
        self.total += 1;
        if self.listed.len() < PROBLEMS_LISTED_MAX {
            self.listed.push(problem);
        }
    }

    /// How many there are, listed or not.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The listed ones.
    #[must_use]
    pub fn listed(&self) -> &[SheetProblem] {
        &self.listed
    }

    /// The listed ones, consumed, by row.
    #[must_use]
    pub fn into_listed(mut self) -> Vec<SheetProblem> {
        self.listed.sort_by_key(|problem| problem.row);
        self.listed
    }
}

impl From<Vec<SheetProblem>> for Problems {
    fn from(found: Vec<SheetProblem>) -> Self {
        let mut problems = Self::new();
        found.into_iter().for_each(|problem| problems.push(problem));
        problems
    }
}

/// One row, read field by field; what cannot be read is noted with row and heading.
#[derive(Debug)]
pub struct RowReader<'a> {
    columns: &'a Columns,
    row: &'a SheetRow,
    problems: &'a mut Problems,
    /// What was refused so far, by column and description.
    refused: Vec<(String, String)>,
}

impl<'a> RowReader<'a> {
    /// A reader of one row.
    pub fn new(columns: &'a Columns, row: &'a SheetRow, problems: &'a mut Problems) -> Self {
        Self { columns, row, problems, refused: Vec::new() }
    }

    /// The row as a spreadsheet numbers it.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// Whether the file has a column for the field, filled in this row or not.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.columns.has(field)
    }

    /// The text of a field, if its cell is filled.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.columns.cell(self.row, field)
    }

    /// The value of a field, if its cell is filled and can be read.
    pub fn read<T, E: Display>(&mut self, field: &str, parse: impl FnOnce(&'a str) -> Result<T, E>) -> Option<T> {
        parse(self.text(field)?).map_err(|error| self.refuse(field, error)).ok()
    }

    /// The value of a field whose cell must be filled.
    pub fn need<T, E: Display>(&mut self, field: &str, parse: impl FnOnce(&'a str) -> Result<T, E>) -> Option<T> {
        if self.text(field).is_none() {
            self.refuse(field, "must not be empty");
        }
        self.read(field, parse)
    }

    /// Puts the value of a field into its place, if the file has the column: an empty cell gives the default, a file without
    /// the column leaves the place as it was.
    pub fn set<T: Default, E: Display>(
        &mut self,
        place: &mut T,
        field: &str,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) {
        if self.has(field) {
            *place = self.read(field, parse).unwrap_or_default();
        }
    }

    /// Notes that a field of this row is wrong; the same twice counts once.
    pub fn refuse(&mut self, field: &str, description: impl Display) {
        let column = self.columns.heading(field).to_owned();
        self.note(column, description.to_string());
    }

    /// Notes that the row as a whole is wrong.
    pub fn refuse_row(&mut self, description: impl Display) {
        self.note(String::new(), description.to_string());
    }

    fn note(&mut self, column: String, description: String) {
        let problem = (column, description);
        if !self.refused.contains(&problem) {
            self.problems.add(self.row.number, problem.0.clone(), &problem.1);
            self.refused.push(problem);
        }
    }

    /// Notes violations of a checked value under the columns that their fields came from: `volunteer.kinds` is the column of
    /// `kinds`, `volunteer.home.postal_code` that of `postal_code`; a field without a column is the row's.
    pub fn refuse_all(&mut self, violations: &Violations) {
        for violation in violations.as_slice() {
            let field = violation
                .field
                .split('.')
                .map(|part| part.split('[').next().unwrap_or(part))
                .rev()
                .find(|part| self.has(part))
                .map(str::to_owned);
            match field {
                Some(field) => self.refuse(&field, &violation.description),
                None => self.refuse_row(format!("{}: {}", violation.field, violation.description)),
            }
        }
    }

    /// Whether anything of this row was refused.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !self.refused.is_empty()
    }

    /// How much of this row was refused so far.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.refused.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell;
    use crate::sheet::Sheet;

    fn columns(headings: &[&str]) -> Columns {
        let sheet = Sheet {
            headings: headings.iter().map(|&h| h.to_owned()).collect(),
            rows: Vec::new(),
            problems: Problems::new(),
        };
        Columns::find(&sheet, &[("name", &["nimi"], true), ("cap", &["katto"], false), ("car", &["auto"], false)])
            .expect("headings")
    }

    fn row(cells: &[&str]) -> SheetRow {
        SheetRow { number: 7, cells: cells.iter().map(|&c| c.to_owned()).collect() }
    }

    #[test]
    fn a_wrong_cell_is_named_by_row_and_heading_as_written() {
        let (columns, row) = (columns(&["Nimi", "Katto"]), row(&["", "x"]));
        let mut problems = Problems::new();
        let mut reader = RowReader::new(&columns, &row, &mut problems);
        assert_eq!(reader.need("name", |text| Ok::<_, cell::CellError>(text.to_owned())), None);
        assert_eq!(reader.read("cap", |text| cell::whole(text, 0u8..=50)), None);
        assert!(reader.is_wrong());
        let found: Vec<(u32, &str)> = problems.listed().iter().map(|p| (p.row, p.column.as_str())).collect();
        assert_eq!(found, [(7, "Nimi"), (7, "Katto")]);
    }

    #[test]
    fn a_missing_column_keeps_and_an_empty_cell_clears() {
        let (columns, row) = (columns(&["Nimi", "Katto"]), row(&["Aino", ""]));
        let mut problems = Problems::new();
        let mut reader = RowReader::new(&columns, &row, &mut problems);
        let (mut cap, mut car) = (Some(3u8), true);
        reader.set(&mut cap, "cap", |text| cell::whole(text, 0u8..=50).map(Some));
        reader.set(&mut car, "car", cell::yes_no);
        assert_eq!((cap, car), (None, true));
        assert!(problems.is_empty());
    }

    #[test]
    fn a_violation_finds_its_column() {
        let (columns, row) = (columns(&["Nimi", "Katto"]), row(&["Aino", "1"]));
        let mut problems = Problems::new();
        let mut violations = Violations::new();
        violations.add("volunteer.caps.cap", "too high");
        violations.add("volunteer.likes[2]", "not among the kinds");
        RowReader::new(&columns, &row, &mut problems).refuse_all(&violations);
        let columns: Vec<&str> = problems.listed().iter().map(|p| p.column.as_str()).collect();
        assert_eq!(columns, ["Katto", ""]);
    }

    #[test]
    fn the_list_is_bounded_and_the_count_is_not() {
        let mut problems = Problems::new();
        for row in 0..2_000 {
            problems.add(row, "x", "wrong");
        }
        assert_eq!((problems.listed().len(), problems.total()), (PROBLEMS_LISTED_MAX, 2_000));
    }
}
