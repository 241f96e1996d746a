//! The mail server that letters are tested against: aiosmtpd, three small wheels from PyPI, pinned by content, below the target folder.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{process, workspace};

/// The variable through which tests learn where aiosmtpd is: a folder for `PYTHONPATH`.
pub(crate) const VARIABLE: &str = "KEIKKA_MAIL_MODULES";

const REQUIREMENTS: &str = include_str!("mail.requirements.txt");

/// The folder of the modules.
pub(crate) fn path() -> PathBuf {
    folder().join("modules")
}

/// Fetches the modules unless they are here.
pub(super) fn provide() -> Result<()> {
    let mark = folder().join("requirements.txt");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == REQUIREMENTS) && path().join("aiosmtpd").is_dir() {
        return Ok(());
    }
    eprintln!("setup: fetching aiosmtpd from PyPI into the target folder");
    fs::create_dir_all(folder()).with_context(|| format!("cannot make {}", folder().display()))?;
    let wanted = folder().join("wanted.txt");
    fs::write(&wanted, REQUIREMENTS).context("cannot write the mail server's requirements")?;
    let pip = workspace::on_path("pip3").or_else(|| workspace::on_path("pip")).context("pip is missing")?;
    let mut command = process::command(pip, &["install", "--quiet", "--no-deps"]);
    command
        .args(["--disable-pip-version-check", "--root-user-action=ignore"])
        .args(["--only-binary=:all:", "--require-hashes", "--upgrade"])
        .arg("--target")
        .arg(path())
        .arg("--requirement")
        .arg(&wanted)
        .stdout(std::io::stderr());
    process::run(&mut command).context("aiosmtpd could not be fetched")?;
    fs::rename(&wanted, &mark).context("cannot note what was installed")
}

fn folder() -> PathBuf {
    workspace::target().join("tools/mail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wheel_is_pinned_by_content() {
        assert_eq!(REQUIREMENTS.matches("==").count(), REQUIREMENTS.matches("--hash=sha256:").count());
        assert!(REQUIREMENTS.contains("aiosmtpd=="));
    }
}
