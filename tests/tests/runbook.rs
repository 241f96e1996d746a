//! The runbook, carried out: every `drill` block of docs/operations.md, in order, with the files of deploy/ and a real service. Paths
//! and ports are moved into a folder of the test; `systemctl` and `runuser` are stood in for, as a test machine has neither a
//! running systemd nor the service's account.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tests::binary::keikka;

/// Longest wait for the service to have read its keys again.
const RELOAD_DEADLINE: Duration = Duration::from_secs(10);

/// What `systemctl` does to the two units, as far as the runbook asks.
const SYSTEMCTL: &str = r#"#!/usr/bin/env bash
set -euo pipefail
cd "$BOX"
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status"; }
read_settings() { set -a; . etc/keikka.env; set +a; }
case "$*" in
"start keikka")
    read_settings
    keikka serve --config etc/keikka.toml </dev/null >>log 2>&1 &
    echo $! >pid
    for _ in {1..300}; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then exit 0; fi
        alive "$(cat pid)" || break
        sleep 0.1
    done
    cat log >&2
    exit 1 ;;
"stop keikka")
    kill -TERM "$(cat pid)"
    for _ in {1..200}; do
        alive "$(cat pid)" || { rm pid; exit 0; }
        sleep 0.1
    done
    echo "the service did not stop within 20 s" >&2
    exit 1 ;;
"reload keikka") kill -HUP "$(cat pid)" ;;
"start keikka-backup")
    read_settings
    keikka-backup data-backup ;;
*) echo "systemctl $*: not in the runbook" >&2; exit 64 ;;
esac
"#;

/// `runuser -u keikka -- COMMAND`: the test is its own account.
const RUNUSER: &str = "#!/bin/sh\n[ \"$1 $2 $3\" = '-u keikka --' ] && shift 3\nexec \"$@\"\n";

/// A machine on which keikka was installed as the runbook says.
struct Machine {
    folder: PathBuf,
    port: u16,
    ops_port: u16,
}

impl Machine {
    fn installed(name: &str, database: Option<&str>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("runbook-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for below in ["bin", "etc", "data", "data-backup"] {
            fs::create_dir_all(folder.join(below)).expect("a folder of the test");
        }
        let [port, ops_port] = free_ports();
        let machine = Self { folder, port, ops_port };
        symlink(keikka(), machine.folder.join("bin/keikka")).expect("a link to the program");
        for (name, text) in [("systemctl", SYSTEMCTL), ("runuser", RUNUSER)] {
            machine.program(name, text);
        }
        for name in ["keikka-admin", "keikka-backup"] {
            machine.program(name, &machine.moved(&shipped(name)));
        }
        let environment = match database {
            Some(url) => format!("KEIKKA_DATABASE_URL={url}\n"),
            None => machine.moved(&shipped("keikka.env")),
        };
        fs::write(machine.folder.join("etc/keikka.env"), environment).expect("the environment is written");
        let settings = machine.moved(&shipped("keikka.toml"));
        fs::write(machine.folder.join("etc/keikka.toml"), settings).expect("the settings are written");
        machine
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.folder.join("bin").join(name);
        fs::write(&path, text).expect("a program is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program is executable");
    }

    /// The text with the runbook's paths and ports moved into this machine.
    fn moved(&self, text: &str) -> String {
        let folder = self.folder.display();
        text.replace("/etc/keikka", &format!("{folder}/etc"))
            .replace("/var/lib/keikka", &format!("{folder}/data"))
            .replace("127.0.0.1:7207", &format!("127.0.0.1:{}", self.port))
            .replace("127.0.0.1:7208", &format!("127.0.0.1:{}", self.ops_port))
    }

    fn shell(&self, script: &str) -> Output {
        let path = format!("{}:{}", self.folder.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        Command::new("bash")
            .args(["-euo", "pipefail", "-c", &self.moved(script)])
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("BOX", &self.folder)
            .env("PORT", self.port.to_string())
            .env("KEIKKA_SERVER", format!("http://127.0.0.1:{}", self.port))
            .output()
            .expect("bash runs")
    }

    /// Runs a script that must succeed; what it wrote to stdout.
    fn must(&self, script: &str) -> String {
        let output = self.shell(script);
        let said = String::from_utf8_lossy(&output.stderr);
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(output.status.success(), "{script}\n{said}{}\nlog:\n{log}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Ids of the networks that the operator's key sees.
    fn networks(&self) -> String {
        self.must("keikka network list -o json --key-file /etc/keikka/ops-1.key")
    }

    fn make_network(&self, id: &str) {
        let title = format!("--set title={id} --set city=Kouvola");
        self.must(&format!("keikka network create {id} {title} --key-file /etc/keikka/ops-1.key"));
    }

    /// Waits until a call with the call centre's key ends with this exit code.
    fn call_centre_gets(&self, wanted: i32) {
        let begun = Instant::now();
        loop {
            let output = self.shell("keikka network get kouvola --key-file /etc/keikka/call-centre-1.key");
            if output.status.code() == Some(wanted) {
                return;
            }
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(begun.elapsed() < RELOAD_DEADLINE, "still {:?} instead of {wanted}: {said}", output.status.code());
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if self.folder.join("pid").exists() {
            self.shell("kill -KILL \"$(cat pid)\"");
        }
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn shipped(name: &str) -> String {
    let path = root().join("deploy").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lies below the root")
}

fn free_ports() -> [u16; 2] {
    // Both are held at once, so that they differ.
    let held = [(); 2].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a free port"));
    held.map(|listener| listener.local_addr().expect("an address").port())
}

/// One block to carry out, and the heading it stands under.
struct Drill {
    heading: String,
    script: String,
}

/// The blocks of the page that are marked `drill` or `drill=ENGINE`, in order.
fn drills(page: &str, engine: &str) -> Vec<Drill> {
    let mut found = Vec::new();
    let mut heading = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(text) = line.strip_prefix('#') {
            heading = text.trim_start_matches('#').trim();
        }
        let Some(tag) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if tag == "sh drill" || tag == format!("sh drill={engine}") {
            found.push(Drill { heading: heading.to_owned(), script: block.join("\n") });
        }
    }
    found
}

fn carry_out(engine: &str, database: Option<&str>) {
    let page = fs::read_to_string(root().join("docs/operations.md")).expect("the runbook");
    let machine = Machine::installed(engine, database);
    let mut done = Vec::new();
    for Drill { heading, script } in drills(&page, engine) {
        match heading.as_str() {
            "Restore" => machine.make_network("made-after-the-save"),
            "Key compromise" => machine.call_centre_gets(0),
            _ => {}
        }
        machine.must(&script);
        match heading.as_str() {
            "First start" if !done.contains(&heading) => machine.make_network("kouvola"),
            "Restore" => {
                let networks = machine.networks();
                assert!(networks.contains("networks/kouvola"), "{networks}");
                assert!(!networks.contains("made-after-the-save"), "{networks}");
            }
            "Key compromise" => {
                machine.call_centre_gets(4);
                machine.networks();
            }
            _ => {}
        }
        done.push(heading);
    }
    let headings =
        ["First start", "First start", "Stop, restart", "A new version", "Save", "Restore", "Key compromise"];
    assert_eq!(done, headings, "the runbook has other drills than this test knows");
    machine.must("systemctl stop keikka");
}

#[test]
fn the_runbook_works_on_sqlite() {
    carry_out("sqlite", None);
}

#[test]
fn the_runbook_works_on_postgres() {
    let server =
        std::env::var("KEIKKA_TEST_POSTGRES_URL").expect("KEIKKA_TEST_POSTGRES_URL: see `cargo xtask postgres`");
    let name = format!("runbook_{}", std::process::id());
    let sql = |statement: String| {
        let output = Command::new("psql").args([&server, "-v", "ON_ERROR_STOP=1", "-qc", &statement]).output();
        let output = output.expect("psql runs");
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    };
    sql(format!("create database {name}"));
    let (address, _) = server.rsplit_once('/').expect("a URL with a database");
    carry_out("postgres", Some(&format!("{address}/{name}")));
    sql(format!("drop database {name}"));
}
