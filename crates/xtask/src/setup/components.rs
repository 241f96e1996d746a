//! The parts of the Rust toolchain that a minimal installation leaves out: the formatter and the linter.

use anyhow::{Context, Result};

use crate::{process, workspace};

/// A cargo subcommand and the rustup component that brings it.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// Adds what is missing through rustup.
pub(super) fn provide() -> Result<()> {
    for (subcommand, component) in COMPONENTS {
        // rustup leaves a stand-in on PATH for components that are not there: only running it tells.
        let mut question = process::command(workspace::cargo(), &[subcommand, "--version"]);
        if process::capture(&mut question).is_ok() {
            continue;
        }
        eprintln!("setup: the Rust toolchain lacks {component}; adding it");
        process::run(process::command("rustup", &["component", "add", component]).stdout(std::io::stderr()))
            .with_context(|| format!("install the Rust component {component}, then run again"))?;
    }
    Ok(())
}
