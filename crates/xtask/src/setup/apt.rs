//! Installing Debian packages without a question: as root, else through sudo if it asks for no password, else by telling the
//! command to type.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// Debian's PostgreSQL package starts a server on installation unless this says no. We only want its programs.
const NO_CLUSTER: &str = "mkdir -p /etc/postgresql-common/createcluster.d && \
     echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/keikka.conf";

/// Seconds to wait while another program installs.
const LOCK_SECONDS: &str = "DPkg::Lock::Timeout=300";

/// How this user becomes root.
enum Rights {
    Root,
    Sudo,
    None,
}

/// Installs the packages with what they need, nothing that they merely recommend.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    if workspace::on_path("apt-get").is_none() {
        bail!("this is no Debian: install what these Debian packages hold, then run again: {}", packages.join(" "));
    }
    let rights = rights()?;
    if let Rights::None = rights {
        bail!(
            "root is needed once; run\n  apt-get update && apt-get install --no-install-recommends {}\nthen run this again",
            packages.join(" ")
        );
    }
    if packages.contains(&"postgresql") {
        process::run(&mut as_root(&rights, "sh", &["-c", NO_CLUSTER]))?;
    }
    let update = ["-q", "-o", LOCK_SECONDS, "update"];
    if let Err(error) = process::run(quiet(&mut as_root(&rights, "apt-get", &update))) {
        eprintln!("setup: {error:#}; trying with the lists that are here");
    }
    let mut arguments = vec!["-q", "-y", "-o", LOCK_SECONDS, "install", "--no-install-recommends"];
    arguments.extend(packages);
    let mut command = as_root(&rights, "apt-get", &arguments);
    eprintln!("setup: {}", process::spelled(&command));
    process::run(quiet(&mut command)).context("the packages could not be installed")
}

fn rights() -> Result<Rights> {
    let me = Path::new("/proc/self").metadata().context("cannot see which user this is")?;
    if me.uid() == 0 {
        return Ok(Rights::Root);
    }
    let sudo = workspace::on_path("sudo")
        .is_some_and(|sudo| process::capture(&mut process::command(sudo, &["-n", "true"])).is_ok());
    Ok(if sudo { Rights::Sudo } else { Rights::None })
}

fn as_root(rights: &Rights, program: &str, arguments: &[&str]) -> Command {
    let mut command = match rights {
        Rights::Sudo => {
            let mut sudo = process::command("sudo", &["-n", "DEBIAN_FRONTEND=noninteractive"]);
            sudo.arg(program).args(arguments);
            sudo
        }
        Rights::Root | Rights::None => process::command(program, arguments),
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Keeps the installer's talk off standard output, which belongs to the command that needed it.
fn quiet(command: &mut Command) -> &mut Command {
    command.stdout(std::io::stderr())
}
