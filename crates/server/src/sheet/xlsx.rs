//! XLSX: the first visible sheet, each cell as people see it. A formula is its saved result; without one, or with an error, it is a problem.
//!
//! Cells are read one by one: a single cell at the far end of a sheet must not make room for all the cells before it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use domain::sheet::{COLUMNS_MAX, ROWS_MAX, Sheet, SheetProblem};

use super::shape::{Raw, Short, shape};
use super::unzipped::{self, Packed, UNZIPPED_BYTES_MAX};
use super::whole;

const NO_RESULT: &str =
    "holds a formula without a saved result: open and save the file in a spreadsheet program, or paste values";
const ERROR: &str = "holds the error of a formula";
const UNREADABLE: &str = "cannot be read as a spreadsheet: save it anew as .xlsx, or as CSV";

/// Reads the bytes of a file as a table.
pub(super) fn read(bytes: &[u8]) -> Result<Sheet, Vec<SheetProblem>> {
    match unzipped::within(bytes, UNZIPPED_BYTES_MAX) {
        Err(Packed::Unreadable) => return Err(whole(UNREADABLE)),
        Err(Packed::TooLarge) => {
            return Err(whole("is too large once unpacked: leave out pictures, or save it as CSV"));
        }
        Ok(()) => {}
    }
    // The parser's arithmetic on cell names overflows, and panics in a debug build, for names that no program writes.
    let rows = catch_unwind(AssertUnwindSafe(|| rows(bytes))).unwrap_or(Err(Wrong::Unreadable));
    match rows {
        Ok(rows) => shape(rows, Short::IsEmpty),
        Err(Wrong::Unreadable) => Err(whole(UNREADABLE)),
        Err(Wrong::TooMany(what)) => Err(whole(&what)),
    }
}

enum Wrong {
    Unreadable,
    TooMany(String),
}

impl From<XlsxError> for Wrong {
    fn from(_: XlsxError) -> Self {
        Self::Unreadable
    }
}

#[derive(Default)]
struct Cells {
    texts: BTreeMap<usize, String>,
    problems: Vec<(usize, &'static str)>,
}

fn rows(bytes: &[u8]) -> Result<Vec<Raw>, Wrong> {
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    let sheets = book.sheets_metadata();
    let name = sheets
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or(Wrong::Unreadable)?;
    let mut reader = book.worksheet_cells_reader(&name)?;
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        let (row, column) = (cell.pos.0, cell.pos.1 as usize);
        let seen = match (&cell.value, cell.formula.is_some()) {
            (DataRef::Empty, false) => continue,
            (DataRef::Empty, true) => Err(NO_RESULT),
            (DataRef::Error(_), _) => Err(ERROR),
            (value, _) => Ok(seen(value)),
        };
        if seen.as_ref().is_ok_and(|text| text.trim().is_empty()) {
            continue;
        }
        if column >= COLUMNS_MAX {
            return Err(Wrong::TooMany(format!("has more than {COLUMNS_MAX} columns")));
        }
        let cells = rows.entry(row).or_default();
        match seen {
            Ok(text) => drop(cells.texts.insert(column, text)),
            Err(problem) => cells.problems.push((column, problem)),
        }
        if rows.len() > ROWS_MAX + 1 {
            return Err(Wrong::TooMany(format!("has more than {ROWS_MAX} rows: import it in parts")));
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| raw(row, cells)).collect())
}

fn raw(row: u32, cells: Cells) -> Raw {
    let width = cells.texts.keys().next_back().map_or(0, |last| last + 1);
    let mut texts = vec![String::new(); width];
    for (column, text) in cells.texts {
        texts[column] = text;
    }
    Raw { row: row.saturating_add(1), cells: texts, problems: cells.problems }
}

/// A value as people in Finland see it.
fn seen(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_seen(*number),
        DataRef::Bool(true) => "kyllä".to_owned(),
        DataRef::Bool(false) => "ei".to_owned(),
        DataRef::DateTime(time) => time_seen(time),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A number with a decimal comma, without the noise of binary fractions.
fn number_seen(number: f64) -> String {
    let text = format!("{number:.9}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

/// A day as `1.12.2026`, with its time if it has one; a time of day or a length of time as `9:30`.
fn time_seen(time: &ExcelDateTime) -> String {
    let minutes = (time.as_f64() * 1440.0).round();
    if time.is_duration() || (0.0..1440.0).contains(&minutes) {
        return format!("{}:{:02}", (minutes / 60.0).floor(), minutes.rem_euclid(60.0));
    }
    // A hair above the whole minute, so that the parts are of this minute and not of the one before.
    let whole = ExcelDateTime::new(minutes / 1440.0 + 1e-6, ExcelDateTimeType::DateTime, false);
    let (year, month, day, hour, minute, ..) = whole.to_ymd_hms_milli();
    let date = format!("{day}.{month}.{year}");
    if hour == 0 && minute == 0 { date } else { format!("{date} {hour}:{minute:02}") }
}

#[cfg(test)]
mod tests;
