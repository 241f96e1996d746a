//! `keikka import volunteers|seekers|gigs FILE`: streams the file, shows progress, lists every problem with row and column.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use futures_util::StreamExt;
use prost_reflect::{DynamicMessage, Value as Field};
use serde_json::{Value, json};

use super::plan_text::wrapped;
use crate::client::{self, Client, message_of};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output::{Column, Report, Show, columns_text, note, number};
use crate::progress;

/// Bytes of one piece of the file.
const CHUNK_BYTES: usize = 60 * 1024;
/// Longest import.
const WAIT: std::time::Duration = std::time::Duration::from_secs(900);
/// Problems that are listed for people; JSON has them all.
const PROBLEMS_SHOWN: usize = 200;

const COLUMNS: &[Column] = &[
    Column::new("row", "row", Show::Text),
    Column::new("column", "column", Show::Text).within(28),
    Column::new("problem", "description", Show::Text).within(60),
    Column::new("reason", "reason", Show::Text),
];

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka import volunteers vapaaehtoiset.csv --dry-run")]
pub(crate) struct ImportArgs {
    /// What the rows are
    #[arg(value_enum, value_name = "WHAT")]
    what: Rows,
    /// The CSV or XLSX file; - reads CSV from stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Check every row, list every problem, store nothing
    #[arg(long)]
    dry_run: bool,
    /// End with 3 when a dry run finds problems
    #[arg(long)]
    exit_code: bool,
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// Volunteers
    Volunteers,
    /// Seekers
    Seekers,
    /// Gigs
    Gigs,
}

impl Rows {
    fn path(self) -> &'static str {
        match self {
            Rows::Volunteers => "keikka.registry.v1.VolunteerService/ImportVolunteers",
            Rows::Seekers => "keikka.registry.v1.SeekerService/ImportSeekers",
            Rows::Gigs => "keikka.dispatch.v1.GigService/ImportGigs",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Rows::Volunteers => "volunteers",
            Rows::Seekers => "seekers",
            Rows::Gigs => "gigs",
        }
    }
}

/// What the server said of a file.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Every problem.
    pub(crate) problems: Vec<Value>,
    /// The summary.
    pub(crate) summary: Value,
}

/// Imports and reports.
pub(crate) async fn run(context: &Context, args: ImportArgs) -> Result<Exit, Failure> {
    let bytes = files::read(&args.file)?;
    let file_name = match args.file.file_name().map(|name| name.to_string_lossy().into_owned()) {
        Some(name) if name != "-" => name,
        _ => "stdin.csv".to_owned(),
    };
    let parent = context.parent().await?;
    let outcome = send(context.client().await?, &parent, args.what, &file_name, bytes, args.dry_run).await?;
    let summary = &outcome.summary;
    let json = json!({ "summary": summary, "problems": outcome.problems });
    let problems = outcome.problems.len().max(number(&summary["problems"]) as usize);
    let counts = format!(
        "{} created, {} updated, {} unchanged, {problems} {}",
        number(&summary["created"]),
        number(&summary["updated"]),
        number(&summary["unchanged"]),
        if problems == 1 { "problem" } else { "problems" }
    );
    let mut report = Report::list(json, &outcome.problems, COLUMNS);
    report.text = problems_text(&outcome.problems, &counts);
    if report.lines.is_empty() {
        report.lines.push(json!({ "summary": summary }));
    }
    context.print(&report)?;
    match (outcome.problems.is_empty(), args.dry_run) {
        (true, true) => note("dry run: the file is in order, nothing was stored"),
        (true, false) => {}
        (false, true) => note("dry run: nothing would be stored until every problem is mended"),
        (false, false) => {
            return Err(Failure::failed(format!("nothing was imported: {counts}"))
                .next(format!("mend the file, then: keikka import {} FILE --dry-run", args.what.word())));
        }
    }
    Ok(if args.exit_code && !outcome.problems.is_empty() { Exit::Findings } else { Exit::Done })
}

fn problems_text(problems: &[Value], counts: &str) -> String {
    if problems.is_empty() {
        return format!("{counts}\n");
    }
    let headings: Vec<&str> = COLUMNS[..3].iter().map(|column| column.heading).collect();
    let widths: Vec<usize> = COLUMNS[..3].iter().map(|column| column.width_max).collect();
    let rows: Vec<Vec<String>> = problems.iter().take(PROBLEMS_SHOWN).flat_map(problem_rows).collect();
    let more = problems.len().saturating_sub(PROBLEMS_SHOWN);
    let rest = if more > 0 { format!("and {more} more problems: -o csv lists them all\n") } else { String::new() };
    format!("{}{rest}{counts}\n", columns_text(&headings, &widths, &rows))
}

/// A problem in as many lines as its text needs: its end says what to write instead.
fn problem_rows(problem: &Value) -> Vec<Vec<String>> {
    let cells: Vec<String> = COLUMNS[..3].iter().map(|column| column.cell(problem)).collect();
    let mut lines = wrapped(&cells[2], COLUMNS[2].width_max);
    if lines.is_empty() {
        lines.push(String::new());
    }
    let head = |at: usize, cell: &String| if at == 0 { cell.clone() } else { String::new() };
    lines.into_iter().enumerate().map(|(at, line)| vec![head(at, &cells[0]), head(at, &cells[1]), line]).collect()
}

/// Streams a file to the server.
pub(crate) async fn send(
    client: &Client,
    parent: &str,
    rows: Rows,
    file_name: &str,
    bytes: Vec<u8>,
    dry_run: bool,
) -> Result<Outcome, Failure> {
    let what = format!("import {}", rows.word());
    let requests = requests(parent, rows, file_name, &bytes, dry_run)?;
    let mut answers = client.with_timeout(WAIT).exchange(&what, rows.path(), requests).await.map_err(again)?;
    let bar = progress::bar(0, rows.word());
    let mut outcome = Outcome::default();
    while let Some(answer) = answers.next().await {
        let mut answer = match answer {
            Ok(answer) => answer,
            // The problems came before: they say more than the status.
            Err(failure) if failure.reason() == Some("FILE_HAS_PROBLEMS") && !outcome.problems.is_empty() => break,
            Err(failure) => return Err(again(failure)),
        };
        if answer["progress"].is_object() {
            bar.set_length(number(&answer["progress"]["rowsTotal"]).unsigned_abs());
            bar.set_position(number(&answer["progress"]["rowsDone"]).unsigned_abs());
        } else if answer["problem"].is_object() {
            outcome.problems.push(answer["problem"].take());
        } else if answer["summary"].is_object() {
            outcome.summary = answer["summary"].take();
        }
    }
    bar.finish_and_clear();
    if outcome.problems.is_empty() && !outcome.summary.is_object() {
        let ended =
            Failure::new(Exit::Unreachable, format!("cannot {what}")).because("the answer ended before its end");
        return Err(again(ended));
    }
    Ok(outcome)
}

/// Where nobody knows whether the import was stored, the same import tells: it is stored whole or not at all, and rows that are
/// there already change nothing.
fn again(failure: Failure) -> Failure {
    match failure.exit {
        Exit::Unreachable => failure.next("run the same import again: nothing is stored twice"),
        _ => failure,
    }
}

fn requests(
    parent: &str,
    rows: Rows,
    file_name: &str,
    bytes: &[u8],
    dry_run: bool,
) -> Result<Vec<DynamicMessage>, Failure> {
    let input = client::method(rows.path()).input();
    let header = json!({ "header": {
        "parent": parent, "fileName": file_name, "validateOnly": dry_run, "requestId": Context::request_id(),
    }});
    let mut requests = vec![message_of(&input, &header)?];
    for chunk in bytes.chunks(CHUNK_BYTES) {
        let mut message = DynamicMessage::new(input.clone());
        message.set_field_by_name("chunk", Field::Bytes(chunk.to_vec().into()));
        requests.push(message);
    }
    Ok(requests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_to_its_end() {
        let advice = format!("must be {} or \"ti 9-12\"", "days and hours ".repeat(8));
        let problem = json!({ "row": 3, "column": "saatavuus", "description": advice });
        let text = problems_text(&[problem], "1 problem");
        assert!(text.contains("or \"ti 9-12\"") && !text.contains('…'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn a_broken_import_is_run_again() {
        let broken = again(Failure::new(Exit::Unreachable, "cannot import volunteers"));
        assert!(broken.text().contains("nothing is stored twice"), "{}", broken.text());
        assert_eq!(again(Failure::failed("x")).next, None);
    }

    #[test]
    fn a_file_goes_up_as_a_header_and_chunks() {
        let requests =
            requests("networks/k", Rows::Gigs, "a.csv", &vec![b'x'; CHUNK_BYTES + 1], true).expect("requests");
        assert_eq!(requests.len(), 3);
        let header = client::to_json(&requests[0]).expect("json");
        assert_eq!(header["header"]["validateOnly"], true);
    }
}
