//! What a command has to say, ready for every format.

use std::borrow::Cow;

use serde_json::Value;

use super::{Column, Format, columns_text, flatten, pairs_text, stdout};
use crate::failure::Failure;
use crate::local_time;

/// The answer of a command in all its forms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// The API's JSON.
    pub(crate) json: Value,
    /// One value a line for `jsonl`.
    pub(crate) lines: Vec<Value>,
    /// Headings for `csv`.
    pub(crate) headings: Vec<String>,
    /// Rows for `csv`.
    pub(crate) rows: Vec<Vec<String>>,
    /// The text for people.
    pub(crate) text: String,
}

impl Report {
    /// A list of entries shown by columns; `json` is the API's answer.
    pub(crate) fn list(json: Value, entries: &[Value], columns: &[Column]) -> Self {
        let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
        let widths: Vec<usize> = columns.iter().map(Column::cut_at).collect();
        let rows: Vec<Vec<String>> =
            entries.iter().map(|entry| columns.iter().map(|column| column.cell(entry)).collect()).collect();
        let text = columns_text(&headings, &widths, &rows);
        Self { json, lines: entries.to_vec(), headings: headings.into_iter().map(str::to_owned).collect(), rows, text }
    }

    /// One document, shown as name and value pairs.
    pub(crate) fn document(json: Value) -> Self {
        let pairs = flatten(&json);
        let shown: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| (name.clone(), local_time::show_in_full(value))).collect();
        let text = pairs_text(&shown);
        Self::from_pairs(json, pairs, text)
    }

    /// One document with a text of its own for people.
    pub(crate) fn told(json: Value, text: String) -> Self {
        let pairs = flatten(&json);
        Self::from_pairs(json, pairs, text)
    }

    fn from_pairs(json: Value, pairs: Vec<(String, String)>, text: String) -> Self {
        Self {
            lines: vec![json.clone()],
            json,
            headings: vec!["field".to_owned(), "value".to_owned()],
            rows: pairs.into_iter().map(|(name, value)| vec![name, value]).collect(),
            text,
        }
    }

    /// Writes the report to stdout in a format.
    pub(crate) fn print(&self, format: Format) -> Result<(), Failure> {
        let broken = |error: serde_json::Error| Failure::failed("cannot write JSON").because(error);
        match format {
            Format::Table => stdout(&self.text),
            Format::Json => stdout(&(serde_json::to_string_pretty(&self.json).map_err(broken)? + "\n")),
            Format::Jsonl => {
                let lines: Result<Vec<String>, _> = self.lines.iter().map(serde_json::to_string).collect();
                stdout(&lines.map_err(broken)?.into_iter().map(|line| line + "\n").collect::<String>())
            }
            Format::Csv => stdout(&self.csv().map_err(|error| Failure::failed("cannot write CSV").because(error))?),
        }
    }

    fn csv(&self) -> Result<String, csv::Error> {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&self.headings)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| inert(cell).into_owned()))?;
        }
        writer.flush()?;
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A cell that a spreadsheet would take for a formula, made plain text by an apostrophe. Numbers and a lone dash stay.
fn inert(cell: &str) -> Cow<'_, str> {
    let is_number = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_plain = cell == "-" || cell.strip_prefix(['+', '-']).is_some_and(is_number);
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_plain {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Show;
    use serde_json::json;

    #[test]
    fn a_cell_is_never_a_formula_for_a_spreadsheet() {
        for (cell, written) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("@SUM(1)", "'@SUM(1)"),
            ("+1+cmd", "'+1+cmd"),
            ("-2+3", "'-2+3"),
            ("\tx", "'\tx"),
            ("+358401234567", "+358401234567"),
            ("-12.5", "-12.5"),
            ("-", "-"),
            ("Aino Testinen", "Aino Testinen"),
        ] {
            assert_eq!(inert(cell), written);
        }
        let report = Report::document(json!({ "name": "=1+1" }));
        assert_eq!(report.csv().expect("CSV"), "field,value\nname,'=1+1\n");
    }

    #[test]
    fn an_id_is_never_cut_and_a_text_is() {
        let id = "01a20196-0f3c-7d41-9f7e-0123456789ab";
        let entries = [json!({ "name": format!("networks/k/gigs/{id}"), "note": "x".repeat(40) })];
        let columns = [Column::new("gig", "name", Show::Id).within(12), Column::new("note", "note", Show::Text)];
        let text = Report::list(json!({}), &entries, &columns).text;
        assert!(text.contains(id) && text.contains('…'), "{text}");
    }

    #[test]
    fn one_document_shows_its_times_as_lists_do() {
        let report = Report::document(json!({ "startTime": "2026-11-23T10:00:00Z" }));
        assert_eq!(report.text, "startTime  Mon 23.11.2026 12:00\n");
        assert_eq!(report.rows, [["startTime", "2026-11-23T10:00:00Z"]], "programs read the API's own form");
    }
}
