//! From a bare machine to a matched week: set up, build the release, run the demo, and say where the time went.

use anyhow::Result;

use crate::arguments::Purpose;
use crate::stopwatch::{Stopwatch, words};
use crate::{process, setup, workspace};

/// Runs `keikka demo` with these arguments on a release build.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let installing = Stopwatch::start();
    setup::run(Purpose::Demo)?;
    let installed = installing.elapsed();

    let building = Stopwatch::start();
    let build = ["build", "--release", "--locked", "--package", "cli"];
    process::run(&mut process::command(workspace::cargo(), &build))?;
    let built = building.elapsed();

    let running = Stopwatch::start();
    let mut demo = process::command(workspace::target().join("release/keikka"), &["demo"]);
    let outcome = process::run(demo.args(arguments));
    let folder = workspace::target().join("release");
    eprintln!("\n`keikka` is in {0}: export PATH=\"{0}:$PATH\"", folder.display());
    eprintln!("wall time: install {}, build {}, run {}", words(installed), words(built), words(running.elapsed()));
    outcome
}
