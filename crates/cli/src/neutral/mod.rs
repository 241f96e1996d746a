//! The neutral exchange format `keikka-city`, versions 1 and 2: one week of a city as one JSON file, and a plan for it as another.
//!
//! Any solver can read and write these files, so that answers can be compared. Only this room knows the format: it turns
//! an instance into the plain snapshot that matching reads, and a plan into the neutral assignments and back.

mod instance;
mod plan;
mod schema;
mod town;
mod unknown;

pub(crate) use instance::Instance;
pub(crate) use plan::{NeutralPlan, digest};

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

/// Reads one JSON file; a wrong field is named with its path, and what the format does not know in a note on stderr.
fn read_json<T: DeserializeOwned>(path: &Path, what: &str) -> Result<T, Failure> {
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
    let value = serde_path_to_error::deserialize(known).map_err(|error| {
        // Where the text is no JSON, how deep that is is not known: `?`.
        let field = error.path().to_string();
        match field.trim_end_matches(['.', '?']) {
            "" => failure().because(error.inner()),
            field => failure().because(format!("{field}: {}", error.inner())),
        }
    })?;
    json.end().map_err(|error| failure().because(error))?;
    if let Some(fields) = unknown.listed() {
        output::note(format!("note: {what} {}: not known, and passed over: {fields}", path.display()));
    }
    Ok(value)
}

/// A refusal that names every problem, or as many as are worth reading.
fn refuse(path: &Path, what: &str, problems: &[String]) -> Failure {
    let mut listed = problems.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join("; ");
    if problems.len() > MAX_LISTED {
        listed.push_str(&format!("; and {} more", problems.len() - MAX_LISTED));
    }
    Failure::usage(format!("cannot use {what} {}", path.display())).because(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("week.json");
        std::fs::write(&path, "\u{feff}[1, 2]").expect("a file");
        assert_eq!(read_json::<Vec<u32>>(&path, "instance"), Ok(vec![1, 2]));
    }
}
