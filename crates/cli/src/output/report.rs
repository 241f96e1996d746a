//! What a command has to say, ready for every format.

use serde_json::Value;

use super::{Column, Format, columns_text, flatten, pairs_text, stdout};
use crate::failure::Failure;

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
        let widths: Vec<usize> = columns.iter().map(|column| column.width_max).collect();
        let rows: Vec<Vec<String>> =
            entries.iter().map(|entry| columns.iter().map(|column| column.cell(entry)).collect()).collect();
        let text = columns_text(&headings, &widths, &rows);
        Self { json, lines: entries.to_vec(), headings: headings.into_iter().map(str::to_owned).collect(), rows, text }
    }

    /// One document, shown as name and value pairs.
    pub(crate) fn document(json: Value) -> Self {
        let pairs = flatten(&json);
        let text = pairs_text(&pairs);
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
            writer.write_record(row)?;
        }
        writer.flush()?;
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
