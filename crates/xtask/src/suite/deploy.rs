//! What can be checked of the deployment files without deploying: the systemd unit, by systemd's own checker.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

const UNIT: &str = "deploy/systemd/keikka.service";

/// Where the unit expects the program. It is not there on a machine that only tests.
const INSTALLED: &str = "/usr/local/bin/keikka";

/// Any finding is a failure: systemd itself would only warn and drop the line.
pub(super) fn verify() -> Result<()> {
    let unit = fs::read_to_string(workspace::root().join(UNIT)).context("cannot read the unit")?;
    if !unit.contains(INSTALLED) {
        bail!("{UNIT} does not start {INSTALLED}");
    }
    let folder = workspace::target().join("deploy-check");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let copy = folder.join("keikka.service");
    fs::write(&copy, unit.replace(INSTALLED, "/bin/true")).context("cannot copy the unit")?;
    let mut command = process::command("systemd-analyze", &["verify", "--man=no"]);
    let output = command.arg(&copy).output().context("cannot start systemd-analyze")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || said.contains("keikka.service") {
        bail!("systemd-analyze verify {UNIT}: {said}");
    }
    Ok(())
}
