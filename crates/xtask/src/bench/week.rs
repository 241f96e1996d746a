//! The weeks of a run: made by `tests/peers/generate.py`, or files that somebody brings.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::options::{Options, Size};
use super::tools::Tools;
use crate::process;

/// One week to plan.
#[derive(Debug, Clone)]
pub(super) struct Week {
    /// Weeks of one label are seeds of one size.
    pub(super) label: String,
    /// Shape and size, where that is known.
    pub(super) size: Option<Size>,
    /// Nothing for a week from elsewhere.
    pub(super) seed: Option<u32>,
    pub(super) volunteers: u32,
    pub(super) file: PathBuf,
}

impl Week {
    /// What a person calls it.
    pub(super) fn name(&self) -> String {
        match self.seed {
            Some(seed) => format!("{}, seed {seed}", self.label),
            None => self.label.clone(),
        }
    }
}

/// Makes every week that is asked for.
pub(super) fn all(options: &Options, tools: &Tools, folder: &Path) -> Result<Vec<Week>> {
    let mut weeks = Vec::new();
    for size in &options.sizes {
        for seed in &options.seeds {
            let file = folder.join(format!("{}-{}x{}-{seed}.json", size.shape, size.volunteers, size.gigs));
            let mut generate = tools.python();
            generate.arg(Tools::script("generate.py")).arg(format!("{}x{}", size.volunteers, size.gigs));
            generate.args(["--seed", &seed.to_string(), "--shape", &size.shape.to_string(), "--out"]).arg(&file);
            process::capture(&mut generate)?;
            let (label, volunteers) = (size.to_string(), size.volunteers);
            weeks.push(Week { label, size: Some(*size), seed: Some(*seed), volunteers, file });
        }
    }
    for (size, file) in &options.weeks {
        let file = fs::canonicalize(file).with_context(|| format!("cannot find {}", file.display()))?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let label = size.map_or_else(|| stem.clone(), |size| format!("{size} ({stem})"));
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        // Only volunteers have caps of a week.
        let volunteers = u32::try_from(text.matches("\"max_gigs_week\"").count()).unwrap_or(u32::MAX);
        weeks.push(Week { label, size: *size, seed: None, volunteers, file });
    }
    Ok(weeks)
}
