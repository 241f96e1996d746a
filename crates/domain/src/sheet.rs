//! A table as coordinators have it: headings and cells, each with its row and column, whatever file it came from.

use std::collections::HashMap;

use crate::cell::Problems;

/// Most rows of one sheet, headings not counted: a bound on memory and time.
pub const ROWS_MAX: usize = 100_000;
/// Most columns of one sheet.
pub const COLUMNS_MAX: usize = 100;

/// A problem in a sheet, where a person can find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetProblem {
    /// The row as a spreadsheet numbers it: headings are row 1. 0 for the file as a whole.
    pub row: u32,
    /// The heading of the column as written; empty for the row as a whole.
    pub column: String,
    /// What is wrong, a lower-case sentence.
    pub description: String,
}

/// A row of cells with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The row as a spreadsheet numbers it: the first row under the headings is 2.
    pub number: u32,
    /// The cells, trimmed, as text.
    pub cells: Vec<String>,
}

/// A table: headings and rows of text cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The headings as written.
    pub headings: Vec<String>,
    /// The rows that hold anything and have a cell under each heading.
    pub rows: Vec<SheetRow>,
    /// What is wrong with the other rows: an import tells it together with what it finds itself.
    pub problems: Problems,
}

/// A heading in a form that can be compared: lower case, letters and digits only.
#[must_use]
pub fn fold_heading(heading: &str) -> String {
    heading.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Which column holds which field, found by the many names coordinators give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    at: HashMap<&'static str, usize>,
    headings: Vec<String>,
}

impl Columns {
    /// Finds the columns of fields by their aliases (compared by [`fold_heading`]). Headings that fit no field, twice-given
    /// fields and missing required fields are problems of row 1.
    ///
    /// # Errors
    /// All problems of the headings at once.
    pub fn find(sheet: &Sheet, fields: &[(&'static str, &[&str], bool)]) -> Result<Self, Vec<SheetProblem>> {
        let mut at = HashMap::new();
        let mut problems = Vec::new();
        let problem =
            |column: &str, description: String| SheetProblem { row: 1, column: column.to_owned(), description };
        for (index, heading) in sheet.headings.iter().enumerate() {
            let folded = fold_heading(heading);
            if folded.is_empty() {
                continue;
            }
            let field = fields.iter().find(|(name, aliases, _)| {
                fold_heading(name) == folded || aliases.iter().any(|alias| fold_heading(alias) == folded)
            });
            match field {
                None => problems.push(problem(heading, "no field goes by this heading".to_owned())),
                Some((name, ..)) => {
                    if at.insert(*name, index).is_some() {
                        problems.push(problem(heading, format!("a second column for {name}")));
                    }
                }
            }
        }
        for (name, aliases, required) in fields {
            if *required && !at.contains_key(name) {
                let also = aliases.join(", ");
                problems.push(problem(name, format!("a column {name} is needed (also understood: {also})")));
            }
        }
        if problems.is_empty() { Ok(Self { at, headings: sheet.headings.clone() }) } else { Err(problems) }
    }

    /// The cell of a field in a row, if there is such a column and the cell is not empty.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a SheetRow, field: &str) -> Option<&'a str> {
        let text = row.cells.get(*self.at.get(field)?)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Whether the file has a column for the field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.at.contains_key(field)
    }

    /// The heading of a field as the file wrote it, or the field's own name.
    #[must_use]
    pub fn heading<'a>(&'a self, field: &'a str) -> &'a str {
        self.at.get(field).and_then(|index| self.headings.get(*index)).map_or(field, String::as_str)
    }
}
