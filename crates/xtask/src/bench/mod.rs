//! `cargo xtask bench`: keikka and its peers on the same weeks, in one run, on one machine. It rewrites blocks of
//! `docs/benchmarks.md` and the pictures beside it. Figures are ratios within the run; nothing here fails because a machine is slow.

mod document;
mod engine;
mod fit;
mod instructions;
mod machine;
mod online;
mod options;
mod pictures;
mod plans;
mod plot;
mod quote;
mod rematch;
mod report;
mod run;
pub(crate) mod simulate;
mod targets;
mod tools;
mod week;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

pub(crate) use options::{Options, parse};

use crate::workspace;
use options::Part;
use tools::Tools;

/// The file with the blocks.
const DOCUMENT: &str = "benchmarks.md";

/// Measures what is asked for. False if a plan breaks a rule or is above a bound, or a hot path takes more instructions than it may.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let docs = workspace::root().join(options.out.clone().unwrap_or_else(|| "docs".into()));
    fs::create_dir_all(&docs).with_context(|| format!("cannot make {}", docs.display()))?;
    // A folder of its own: several runs may go on at once.
    let folder = workspace::target().join(format!("bench/run-{}", std::process::id()));
    let measured = measure(options, &docs, &folder);
    let _ = fs::remove_dir_all(&folder);
    eprintln!("bench: see {}", docs.join(DOCUMENT).display());
    measured
}

fn measure(options: &Options, docs: &Path, folder: &Path) -> Result<bool> {
    let document = docs.join(DOCUMENT);
    let mut sound = true;
    for part in &options.parts {
        match part {
            Part::Plans => {
                let results = plans::measure(options, &Tools::provide(options)?, folder)?;
                document::rewrite(&document, "plans", &report::text(options, &results))?;
                pictures::write(&results, &docs.join("benchmarks"))?;
                sound &= results.runs.iter().all(|run| run.outcome.broken.is_empty());
                sound &= results.above_a_bound().is_empty();
            }
            Part::Rematch => {
                let (text, fine) = rematch::run(options, &Tools::provide(options)?, folder)?;
                document::rewrite(&document, "rematch", &text)?;
                sound &= fine;
            }
            Part::Quote => document::rewrite(&document, "quote", &quote::run(options)?)?,
            Part::Online => document::rewrite(&document, "online", &online::run(options, folder)?)?,
            Part::Instructions => {
                if let Some((text, fine)) = instructions::run(options)? {
                    document::rewrite(&document, "instructions", &text)?;
                    sound &= fine;
                }
            }
        }
    }
    Ok(sound)
}
