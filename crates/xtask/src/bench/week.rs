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
    /// Nothing for a file from elsewhere.
    pub(super) size: Option<Size>,
    pub(super) seed: Option<u32>,
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

    /// How many volunteers, where that is known.
    pub(super) fn volunteers(&self) -> u32 {
        self.size.map_or(0, |size| size.volunteers)
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
            weeks.push(Week { label: size.to_string(), size: Some(*size), seed: Some(*seed), file });
        }
    }
    for file in &options.weeks {
        let file = fs::canonicalize(file).with_context(|| format!("cannot find {}", file.display()))?;
        let label = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        weeks.push(Week { label, size: None, seed: None, file });
    }
    Ok(weeks)
}
