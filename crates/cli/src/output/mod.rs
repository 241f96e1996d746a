//! What people and programs read: data to stdout, everything else to stderr. One writer, for which a reader that goes away
//! (`| head`) is a clean end.

mod column;
mod flat;
mod report;
mod table;

use std::io::{ErrorKind, Write};

use clap::ValueEnum;
use domain::text::is_invisible;

pub(crate) use column::{Column, Show, at, last_segment, more_windows, number, seconds};
pub(crate) use flat::flatten;
pub(crate) use report::Report;
pub(crate) use table::{columns_text, pairs_text};

use crate::failure::Failure;

/// The form of the data on stdout. The same on a terminal and on a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for people.
    #[default]
    Table,
    /// The API's JSON (proto3), one document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a heading line.
    Csv,
}

/// A number of things: `1 network`, `2 networks`.
pub(crate) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Writes data to stdout.
///
/// A reader that went away ends the command cleanly; any other trouble is a failure.
pub(crate) fn stdout(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::reader_gone()),
        Err(error) => Err(Failure::failed("cannot write to stdout").because(error)),
    }
}

/// Writes a line to stderr: progress, notices, prompts. That nobody reads it is no trouble. What would command a terminal, hide, or turn
/// the direction of writing is written out: names come from files that anybody may have made.
pub(crate) fn note(line: impl AsRef<str>) {
    let mut text = written_out(line.as_ref());
    text.push('\n');
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// A text without characters that show nothing.
fn written_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Writes a failure to stderr, as lines or as JSON. A clean end writes nothing.
pub(crate) fn stderr_failure(failure: &Failure, as_json: bool) {
    if failure.what.is_empty() {
        return;
    }
    if as_json {
        note(serde_json::to_string_pretty(&failure.json()).unwrap_or_default());
    } else {
        note(failure.text().trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::written_out;

    #[test]
    fn a_name_from_a_file_cannot_command_the_terminal() {
        let shown = written_out("gigs[0] (\u{1b}[31mred\u{7}\u{202e}): \u{e4}\u{e4}\u{308}\nnext: keikka help\r");
        assert_eq!(shown, "gigs[0] (\\u{1b}[31mred\\u{7}\\u{202e}): \u{e4}\u{e4}\u{308}\nnext: keikka help\\r");
    }
}
