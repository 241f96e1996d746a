//! The programs a run needs: keikka itself, Python, and the peers in a virtual environment below the target folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::options::{Options, Peer};
use crate::{process, workspace};

/// What the peers are and need, version by version.
const REQUIREMENTS: &str = include_str!("../../../../tests/peers/requirements.txt");

/// Paths of the programs.
pub(super) struct Tools {
    /// The release build, or the build that KEIKKA_BIN names.
    pub(super) keikka: PathBuf,
    python: PathBuf,
    /// The Python that has the peers, or why there is none.
    peers: Result<PathBuf, String>,
}

impl Tools {
    /// Builds and fetches what is missing.
    pub(super) fn provide(options: &Options) -> Result<Self> {
        let python =
            workspace::on_path("python3").context("python3 is missing: the referee and the peers are written in it")?;
        let wanted = options.peers.iter().any(|peer| *peer != Peer::PostGis);
        let peers =
            if wanted { fetch(&python).map_err(|error| format!("{error:#}")) } else { Err("not asked for".to_owned()) };
        if let (true, Err(why)) = (wanted, &peers) {
            eprintln!("bench: the peers cannot be installed: {why}");
        }
        Ok(Self { keikka: keikka()?, python, peers })
    }

    /// A command of a Python with nothing but its standard library. It leaves no compiled files beside the scripts.
    pub(super) fn python(&self) -> Command {
        let mut command = process::command(&self.python, &[]);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// The Python that has the peers, or why there is none.
    pub(super) fn peers(&self) -> Result<&Path, &str> {
        self.peers.as_deref().map_err(String::as_str)
    }

    /// A script of `tests/peers`.
    pub(super) fn script(name: &str) -> PathBuf {
        workspace::root().join("tests/peers").join(name)
    }
}

/// KEIKKA_BIN, else the release build of this tree.
pub(super) fn keikka() -> Result<PathBuf> {
    if let Some(given) = env::var_os("KEIKKA_BIN") {
        return Ok(PathBuf::from(given));
    }
    process::run(&mut process::command(workspace::cargo(), &["build", "--release", "--locked", "--package", "cli"]))?;
    Ok(workspace::target().join("release/keikka"))
}

/// The release build of the example `hot_paths` of `matching`.
pub(super) fn hot_paths() -> Result<PathBuf> {
    let words = ["build", "--release", "--locked", "--package", "matching", "--example", "hot_paths"];
    process::run(&mut process::command(workspace::cargo(), &words))?;
    Ok(workspace::target().join("release/examples/hot_paths"))
}

/// The release build of the example `quote_load` of `tests`.
pub(super) fn quote_load() -> Result<PathBuf> {
    let words = ["build", "--release", "--locked", "--package", "tests", "--example", "quote_load"];
    process::run(&mut process::command(workspace::cargo(), &words))?;
    Ok(workspace::target().join("release/examples/quote_load"))
}

/// A virtual environment with the peers. It is made anew when the requirements change.
fn fetch(python: &Path) -> Result<PathBuf> {
    let folder = workspace::target().join("tools/peers");
    let (inside, mark) = (folder.join("bin/python3"), folder.join("requirements.txt"));
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == REQUIREMENTS) {
        return Ok(inside);
    }
    eprintln!(
        "bench: fetching VROOM (pyvroom) and OR-Tools from PyPI into the target folder, to put keikka beside them"
    );
    process::capture(process::command(python, &["-m", "venv", "--clear"]).arg(&folder))?;
    let wheels = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--only-binary=:all:"];
    process::capture(process::command(&inside, &wheels).arg("--requirement").arg(Tools::script("requirements.txt")))?;
    fs::write(&mark, REQUIREMENTS).context("cannot note what was installed")?;
    Ok(inside)
}
