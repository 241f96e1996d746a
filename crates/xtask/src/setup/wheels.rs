//! Python wheels from PyPI, pinned by content, unpacked below the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{process, workspace};

/// Wheels that one purpose needs.
pub(super) struct Wheels {
    /// What they are called where people read it.
    pub(super) name: &'static str,
    /// The folder below `target/tools`.
    pub(super) folder: &'static str,
    /// Versions and hashes, as pip reads them.
    pub(super) requirements: &'static str,
    /// What is there when they are.
    pub(super) witness: &'static str,
}

impl Wheels {
    fn folder(&self) -> PathBuf {
        workspace::target().join("tools").join(self.folder)
    }

    /// The folder of the modules.
    pub(super) fn path(&self) -> PathBuf {
        self.folder().join("modules")
    }

    fn are_here(&self, mark: &Path) -> bool {
        fs::read_to_string(mark).is_ok_and(|installed| installed == self.requirements)
            && self.path().join(self.witness).exists()
    }

    /// Fetches them unless they are here.
    pub(super) fn provide(&self) -> Result<()> {
        let (folder, mark) = (self.folder(), self.folder().join("requirements.txt"));
        if self.are_here(&mark) {
            return Ok(());
        }
        eprintln!("setup: fetching {} from PyPI into the target folder", self.name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let wanted = folder.join("wanted.txt");
        fs::write(&wanted, self.requirements).with_context(|| format!("cannot write what {} needs", self.name))?;
        let pip = workspace::on_path("pip3").or_else(|| workspace::on_path("pip")).context("pip is missing")?;
        let mut command = process::command(pip, &["install", "--quiet", "--no-deps"]);
        command
            .args(["--disable-pip-version-check", "--root-user-action=ignore"])
            .args(["--only-binary=:all:", "--require-hashes", "--upgrade"])
            .arg("--target")
            .arg(self.path())
            .arg("--requirement")
            .arg(&wanted)
            .stdout(std::io::stderr());
        process::run(&mut command).with_context(|| format!("{} could not be fetched", self.name))?;
        fs::rename(&wanted, &mark).context("cannot note what was installed")
    }

    /// Whether every wheel is pinned by version and content.
    #[cfg(test)]
    pub(super) fn are_pinned(&self) -> bool {
        let count = |part: &str| self.requirements.matches(part).count();
        count("==") > 0 && count("==") == count("--hash=sha256:")
    }
}
