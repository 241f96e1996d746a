//! A cluster that lives exactly as long as its owner. A second process, the guard, holds one end of a pipe; when the owner is
//! gone for whatever reason (done, failed, Ctrl-C, kill -9), the pipe closes and the guard stops the server and removes its files.

use std::env;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use super::cluster::Cluster;

/// A running throw-away PostgreSQL. Dropping it waits until the server is gone.
pub(crate) struct Throwaway {
    url: String,
    folder: PathBuf,
    guard: Child,
}

impl Throwaway {
    /// Makes and starts a cluster of its own for this process.
    pub(crate) fn start() -> Result<Self> {
        let folder = Cluster::folder(&format!("run-{}", std::process::id()))?;
        let cluster = Cluster::at(&folder)?;
        cluster.remove()?;
        // The guard first: from here on nothing can leave a server behind.
        let guard = guard(&folder)?;
        let mut this = Self { url: String::new(), folder, guard };
        cluster.make()?;
        this.url = cluster.start()?;
        Ok(this)
    }

    /// Where it listens, for a superuser without a password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if !self.guard.wait().is_ok_and(|status| status.success()) {
            eprintln!("warning: the throw-away PostgreSQL in {} was not removed", self.folder.display());
        }
    }
}

fn guard(folder: &Path) -> Result<Child> {
    let this_program = env::current_exe().context("cannot find this program's own file")?;
    Command::new(this_program)
        .args(["postgres", "guard"])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        // Its own group: Ctrl-C in the terminal ends the owner, not the guard.
        .process_group(0)
        .spawn()
        .context("cannot start the guard of the throw-away PostgreSQL")
}

/// The guard's whole life: wait until the owner closes its end of the pipe, then clean up.
pub(crate) fn keep(folder: &Path, mut owner: impl Read) -> Result<()> {
    std::io::copy(&mut owner, &mut std::io::sink()).context("cannot wait for the owner")?;
    let cluster = Cluster::at(folder)?;
    cluster.stop()?;
    cluster.remove()
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    /// Where a URL of ours listens.
    fn address(url: &str) -> &str {
        url.trim_start_matches("postgres://postgres@").trim_end_matches("/postgres")
    }

    #[test]
    fn a_cluster_answers_on_loopback_and_leaves_nothing_behind() {
        let folder = Cluster::folder(&format!("unit-{}", std::process::id())).unwrap();
        let cluster = Cluster::at(&folder).unwrap();
        cluster.remove().unwrap();
        cluster.make().unwrap();
        let url = cluster.start().unwrap();
        assert_eq!(cluster.running().unwrap(), url);
        TcpStream::connect(address(&url)).unwrap();
        // An owner that is gone, as the guard sees it.
        keep(&folder, std::io::empty()).unwrap();
        TcpStream::connect(address(&url)).unwrap_err();
        assert!(cluster.running().is_err());
        assert!(!folder.exists());
    }
}
