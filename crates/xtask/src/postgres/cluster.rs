//! One cluster in one folder: made, started on a free loopback port, stopped, removed. Durable like a real one (fsync stays on).

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::Programs;
use super::account::Account;
use crate::{process, workspace};

/// A port that was free may be taken before PostgreSQL binds it; then another one is tried.
const PORT_TRIES: usize = 5;

/// A UNIX socket's path must fit 107 bytes, name included; beyond this the cluster has none.
const SOCKET_FOLDER_BYTES_MAX: usize = 85;

/// A cluster below `folder`: `data/`, `log`, `port`.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: Programs,
    account: Account,
}

impl Cluster {
    pub(crate) fn at(folder: &Path) -> Result<Self> {
        Ok(Self { folder: folder.to_path_buf(), programs: Programs::find()?, account: Account::choose()? })
    }

    /// A folder for a cluster called `name`: in the target folder if PostgreSQL's account may enter it (a clone below root's
    /// home is closed to it), else among the temporary files.
    pub(crate) fn folder(name: &str) -> Result<PathBuf> {
        let account = Account::choose()?;
        let near = workspace::target().join("postgres");
        fs::create_dir_all(&near).with_context(|| format!("cannot make {}", near.display()))?;
        Ok(if account.can_enter(&near) {
            near.join(name)
        } else {
            std::env::temp_dir().join(format!("keikka-postgres-{name}"))
        })
    }

    /// Makes an empty cluster with one superuser `postgres` who needs no password.
    pub(crate) fn make(&self) -> Result<()> {
        fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        self.account.own(&self.folder)?;
        let data = self.data();
        process::capture(self.program("initdb").arg("-D").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]))?;
        let settings = data.join("postgresql.conf");
        let mut text = fs::read_to_string(&settings).context("cannot read the settings")?;
        text.push_str("\nlisten_addresses = '127.0.0.1'\nmax_connections = 300\n");
        text.push_str(&format!("unix_socket_directories = '{}'\n", self.socket_folder()));
        fs::write(&settings, text).context("cannot write the settings")
    }

    /// Starts the server and returns its URL once it answers.
    pub(crate) fn start(&self) -> Result<String> {
        let mut refusal = None;
        for _ in 0..PORT_TRIES {
            let port = free_port()?;
            match self.start_on(port) {
                Ok(()) => {
                    fs::write(self.folder.join("port"), port.to_string()).context("cannot note the port")?;
                    return Ok(url(port));
                }
                Err(error) => refusal = Some(error),
            }
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let refusal = refusal.context("no port was tried")?;
        Err(refusal.context(format!("PostgreSQL does not start; its log:\n{log}")))
    }

    fn start_on(&self, port: u16) -> Result<()> {
        // pg_ctl leaves the server behind with our streams open unless they are closed here.
        let mut command = self.program("pg_ctl");
        command
            .arg("start")
            .arg("--wait")
            .arg("-D")
            .arg(self.data())
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-o", &format!("-p {port}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        process::run(&mut command)
    }

    /// Stops the server at once. Nothing to stop is fine.
    pub(crate) fn stop(&self) -> Result<()> {
        if !self.data().join("postmaster.pid").exists() {
            return Ok(());
        }
        let mut command = self.program("pg_ctl");
        command.arg("stop").args(["--wait", "-m", "immediate", "-D"]).arg(self.data());
        process::capture(&mut command).map(drop)
    }

    /// Removes the folder and all that is in it.
    pub(crate) fn remove(&self) -> Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.folder.display()))
            }
            _ => Ok(()),
        }
    }

    /// The URL of a server that runs in this folder.
    pub(crate) fn running(&self) -> Result<String> {
        let mut command = self.program("pg_ctl");
        command.arg("status").arg("-D").arg(self.data());
        if !self.data().exists() || process::capture(&mut command).is_err() {
            bail!("no PostgreSQL runs in {}", self.folder.display());
        }
        let port = fs::read_to_string(self.folder.join("port")).context("cannot read the port")?;
        Ok(url(port.trim().parse().context("the noted port is no number")?))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn socket_folder(&self) -> String {
        let folder = self.folder.to_string_lossy();
        if folder.len() > SOCKET_FOLDER_BYTES_MAX || folder.contains('\'') {
            return String::new();
        }
        folder.into_owned()
    }

    fn program(&self, name: &str) -> Command {
        let mut command = process::command(self.programs.path(name), &[]);
        // The lent account may not enter the folder that we stand in.
        command.current_dir("/");
        self.account.dress(&mut command);
        command
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no loopback port is free")?;
    Ok(listener.local_addr().context("no local address")?.port())
}

fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}
