//! Preparing a machine: says what is missing and why, installs it from the distribution, asks for nothing. What cannot come from
//! there (buf, OSRM, aiosmtpd, axe-core) goes below the target folder.

mod apt;
pub(crate) mod axe;
pub(crate) mod buf;
mod components;
pub(crate) mod mail;
mod need;
pub(crate) mod osrm;
mod room;
mod wheels;

use anyhow::Result;

use crate::arguments::Purpose;
use need::{Machine, NEEDS, Need};

/// Installs packages of the distribution for a chore that needs them.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    apt::install(packages)
}

/// Makes this machine fit for the purpose.
pub(crate) fn run(purpose: Purpose) -> Result<()> {
    let missing = need::missing(NEEDS, &Machine::this(), purpose);
    if missing.is_empty() {
        eprintln!("setup: everything from the distribution is here");
    } else {
        explain(&missing);
        apt::install(&packages(&missing))?;
        let still = need::missing(NEEDS, &Machine::this(), purpose);
        if let [first, ..] = still.as_slice() {
            anyhow::bail!(
                "{} is still missing after its package {} was installed",
                first.name,
                first.packages.join(" ")
            );
        }
    }
    if purpose == Purpose::Test {
        room::warn();
        components::provide()?;
        buf::provide()?;
        osrm::provide()?;
        mail::provide()?;
        axe::provide()?;
    }
    Ok(())
}

fn explain(missing: &[&Need]) {
    eprintln!("setup: this machine lacks");
    for need in missing {
        eprintln!("  {:<18} {} (Debian: {})", need.name, need.why, need.packages.join(" "));
    }
}

fn packages<'a>(missing: &[&'a Need]) -> Vec<&'a str> {
    let mut all: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}
