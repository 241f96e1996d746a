//! What can be checked of the deployment files without deploying: systemd's own checkers read the units, and what the container
//! file copies is there.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// Where the units expect our programs. They are not there on a machine that only tests.
const INSTALLED: [&str; 2] = ["/usr/local/bin/keikka-backup", "/usr/local/bin/keikka"];

/// Highest exposure by `systemd-analyze security`, in tenths: 0 is shut off from everything, 100 is an unfenced root service.
const EXPOSURE_MAX: &str = "--threshold=20";

pub(super) fn verify() -> Result<()> {
    let units = copies()?;
    let mut check = process::command("systemd-analyze", &["verify", "--man=no"]);
    let output = check.args(&units).output().context("cannot start systemd-analyze")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    // A line that systemd does not understand is only a warning to systemd itself; here any word about our files fails.
    if !output.status.success() || said.contains("keikka") {
        bail!("systemd-analyze verify: {said}");
    }
    for service in units.iter().filter(|unit| unit.extension().is_some_and(|ending| ending == "service")) {
        let arguments = ["security", "--offline=true", "--no-pager", EXPOSURE_MAX];
        let mut fence = process::command("systemd-analyze", &arguments);
        process::capture(fence.arg(service))?;
    }
    let container = fs::read_to_string(workspace::root().join("deploy/Containerfile")).context("no Containerfile")?;
    for source in copied(&container) {
        if !workspace::root().join(source).exists() {
            bail!("deploy/Containerfile copies {source}, which is not there");
        }
    }
    Ok(())
}

/// The units with a program that is there in place of ours, in a folder of their own.
fn copies() -> Result<Vec<PathBuf>> {
    let folder = workspace::target().join("deploy-check");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut copies = Vec::new();
    for unit in workspace::entries(&workspace::root().join("deploy/systemd")) {
        let name = unit.file_name().unwrap_or_default();
        if !unit.extension().is_some_and(|ending| ending == "service" || ending == "timer") {
            continue;
        }
        let text = fs::read_to_string(&unit).with_context(|| format!("cannot read {}", unit.display()))?;
        let copy = folder.join(name);
        let text = INSTALLED.iter().fold(text, |text, ours| text.replace(ours, "/bin/true"));
        fs::write(&copy, text).context("cannot copy a unit")?;
        copies.push(copy);
    }
    if copies.is_empty() {
        bail!("deploy/systemd holds no unit");
    }
    Ok(copies)
}

/// The sources that a container file copies out of the repository.
fn copied(container: &str) -> Vec<&str> {
    container
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|rest| !rest.starts_with("--from"))
        .flat_map(|rest| {
            let mut words: Vec<&str> = rest.split_whitespace().collect();
            words.pop();
            words
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_a_copy_are_all_words_but_the_last() {
        let text = "FROM a\nCOPY LICENSE NOTICE /doc/\nCOPY --from=build /src/x /bin/x\nCOPY . .\n";
        assert_eq!(copied(text), ["LICENSE", "NOTICE", "."]);
    }
}
