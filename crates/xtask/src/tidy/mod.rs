//! The rules of the house that no compiler checks. A check is one file: a pure function from the repository's text to findings,
//! with tests that show it can fail. To add one, write the file and name it in `CHECKS`.

mod cli_over_grpc;
mod crate_order;
mod file_length;
mod inheritance;
mod lock_file;
mod manifest;
mod migrations;
mod module_docs;
mod module_names;
mod proto_at_edges;
mod pure_crates;
mod reason_codes;
mod repository;
mod rules_tested;
mod sql_in_store;
mod unfinished;

use anyhow::{Result, bail};
use repository::Repository;

/// A rule that is broken: where, and what to do.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    place: String,
    fact: String,
}

impl Finding {
    fn new(place: impl Into<String>, fact: impl Into<String>) -> Self {
        Self { place: place.into(), fact: fact.into() }
    }
}

type Check = fn(&Repository) -> Result<Vec<Finding>>;

const CHECKS: &[(&str, Check)] = &[
    ("pure_crates", pure_crates::check),
    ("crate_order", crate_order::check),
    ("sql_in_store", sql_in_store::check),
    ("proto_at_edges", proto_at_edges::check),
    ("cli_over_grpc", cli_over_grpc::check),
    ("inheritance", inheritance::check),
    ("lock_file", lock_file::check),
    ("migrations", migrations::check),
    ("module_names", module_names::check),
    ("module_docs", module_docs::check),
    ("file_length", file_length::check),
    ("unfinished", unfinished::check),
    ("rules_tested", rules_tested::check),
    ("reason_codes", reason_codes::check),
];

/// Runs every check and prints every finding.
pub(crate) fn run() -> Result<()> {
    let repository = Repository::read(&crate::workspace::root())?;
    let mut count = 0;
    for (name, check) in CHECKS {
        for finding in check(&repository)? {
            count += 1;
            println!("tidy {name}: {}: {}", finding.place, finding.fact);
        }
    }
    if count > 0 {
        bail!("tidy has {count} findings");
    }
    println!("tidy: {} checks, nothing to do", CHECKS.len());
    Ok(())
}
