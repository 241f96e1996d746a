//! The neutral exchange format `keikka-city`, versions 1 and 2: one week of a city as one JSON file, and a plan for it as another.
//!
//! Any solver can read and write these files, so that answers can be compared. Only this room knows the format: it turns
//! an instance into the plain snapshot that matching reads, and a plan into the neutral assignments and back.

mod distinct;
mod instance;
mod plan;
mod schema;
mod town;
mod unknown;

pub(crate) use instance::Instance;
pub(crate) use plan::NeutralPlan;

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde::de::DeserializeOwned;

use unknown::Unknown;

use crate::failure::Failure;
use crate::{files, output};

/// Most problems of one file that are listed; the rest is counted.
const MAX_LISTED: usize = 20;
/// Most characters of one problem: it may hold a name, and a name may be anything.
const PROBLEM_SHOWN: usize = 300;

/// Reads one JSON file, with the problems that `problems` finds in it. A wrong field is named with its path; what the format does not know
/// stands beside the refusal, or in a note on stderr.
fn read_json<T: DeserializeOwned>(
    path: &Path,
    what: &str,
    problems: impl FnOnce(&T) -> Vec<String>,
) -> Result<T, Failure> {
    let failure = || Failure::usage(format!("cannot read {what} {}", path.display()));
    let file = File::open(path).map_err(|error| failure().because(error))?;
    let mut reader = BufReader::new(file);
    // Editors on Windows begin a file with a byte order mark.
    if reader.fill_buf().map_err(|error| failure().because(error))?.starts_with(files::BYTE_ORDER_MARK) {
        reader.consume(files::BYTE_ORDER_MARK.len());
    }
    let mut json = serde_json::Deserializer::from_reader(reader);
    let mut unknown = Unknown::default();
    let mut pass_over = |field: serde_ignored::Path<'_>| unknown.add(&field);
    let known = serde_ignored::Deserializer::new(&mut json, &mut pass_over);
    let read = serde_path_to_error::deserialize(known);
    let fields = unknown.listed();
    let beside = |why: String| match &fields {
        Some(fields) => format!("{why}; not known, and passed over: {fields}"),
        None => why,
    };
    let value = read.map_err(|error| {
        // Where the text is no JSON, how deep that is is not known: `?`.
        let field = error.path().to_string();
        let why = match field.trim_end_matches(['.', '?']) {
            "" => error.inner().to_string(),
            field => format!("{field}: {}", error.inner()),
        };
        let is_other_text = error.inner().is_syntax() || error.inner().is_eof();
        let question = if is_other_text { ": is it JSON?" } else { "" };
        failure().because(beside(in_a_line(&why) + question))
    })?;
    json.end().map_err(|error| failure().because(error))?;
    let problems = problems(&value);
    if !problems.is_empty() {
        return Err(refuse(path, what, &problems, beside));
    }
    if let Some(fields) = &fields {
        output::note(format!("note: {what} {}: not known, and passed over: {fields}", path.display()));
    }
    Ok(value)
}

/// A problem without line feeds, cut where it is longer than anybody reads.
fn in_a_line(problem: &str) -> String {
    let end = problem.char_indices().nth(PROBLEM_SHOWN).map_or(problem.len(), |(end, _)| end);
    let rest = if end < problem.len() { "..." } else { "" };
    problem[..end].replace('\n', "\\n") + rest
}

/// A refusal that names every problem, or as many as are worth reading.
fn refuse(path: &Path, what: &str, problems: &[String], beside: impl FnOnce(String) -> String) -> Failure {
    let mut listed = problems.iter().take(MAX_LISTED).map(|one| in_a_line(one)).collect::<Vec<_>>().join("; ");
    if problems.len() > MAX_LISTED {
        listed.push_str(&format!("; and {} more", problems.len() - MAX_LISTED));
    }
    Failure::usage(format!("cannot use {what} {}", path.display())).because(beside(listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("week.json");
        std::fs::write(&path, "\u{feff}[1, 2]").expect("a file");
        assert_eq!(read_json::<Vec<u32>>(&path, "instance", |_| Vec::new()), Ok(vec![1, 2]));
    }
}
