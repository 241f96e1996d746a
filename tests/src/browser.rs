//! A real Chromium without a window, driven by WebDriver (<https://www.w3.org/TR/webdriver2/>) through Debian's `chromedriver`, on a screen
//! as narrow as the narrowest phone.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::visitor::Visitor;

/// Names another folder than the one that `cargo xtask setup --for test` fills with axe.
pub const AXE_VARIABLE: &str = "KEIKKA_AXE";
/// Longest wait for a page, on a busy machine.
const PAGE_TIME_MAX: Duration = Duration::from_secs(120);
/// How wide the screen is, in CSS pixels.
pub const WIDTH: u32 = 320;

/// Chromium without a window, which calls nobody by itself.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];
/// How WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How often the driver is started: the port that it picks may be taken by another program before it listens on both families.
const STARTS: usize = 5;

/// The driver as a process of its own. Dropped, it is ended and waited for.
#[derive(Debug)]
struct Driver {
    process: Child,
    // It writes on as long as it lives.
    said: BufReader<ChildStdout>,
    port: u16,
}

impl Driver {
    /// Starts one; none if it ended at once.
    fn start(missing: &str) -> Option<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{missing}: {error}"));
        let said = BufReader::new(process.stdout.take().expect("its output is piped"));
        let mut driver = Self { process, said, port: 0 };
        driver.port = driver.said_port()?;
        Some(driver)
    }

    /// The port that it says it listens on; none if it ends without saying one.
    fn said_port(&mut self) -> Option<u16> {
        loop {
            let mut line = String::new();
            if self.said.read_line(&mut line).expect("a line") == 0 {
                return None;
            }
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                return Some(rest.trim().trim_end_matches('.').parse().expect("a port"));
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Chromium ends with its driver; either may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser with one tab. Dropped, it ends.
#[derive(Debug)]
pub struct Browser {
    _driver: Driver,
    line: Visitor,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Opens one, with a profile of its own.
    ///
    /// # Panics
    /// If Chromium or its driver is missing or does not start: it is needed, not left out.
    pub async fn open() -> Self {
        let missing =
            "Chromium is missing: `cargo xtask setup --for test` installs it (Debian: chromium, chromium-driver)";
        let started = (0..STARTS).find_map(|_| Driver::start(missing));
        let driver = started.expect("chromedriver does not end at once");
        let profile = tempfile::tempdir().expect("a folder can be made");
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let line =
            Visitor::of(SocketAddr::from(([127, 0, 0, 1], driver.port))).with("content-type", "application/json");
        let mut browser = Self { _driver: driver, line, session: String::new(), _profile: profile };
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": flags},
            "timeouts": {"script": 300_000, "pageLoad": 300_000},
        }}});
        let answer = browser.line.ask(Method::POST, "/session", wanted.to_string()).await;
        assert!(answer.status.is_success(), "{missing}: {}", answer.body);
        let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
        browser.session = answer["value"]["sessionId"].as_str().expect("a session").to_owned();
        let screen = json!({"width": WIDTH, "height": 640, "deviceScaleFactor": 1, "mobile": true});
        browser.devtools("Emulation.setDeviceMetricsOverride", screen).await;
        browser
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        self.try_call(method, path, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    async fn try_call(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let path = format!("/session/{}{path}", self.session);
        let body = if method == Method::GET { String::new() } else { body.to_string() };
        let answer = self.line.ask(method, &path, body).await;
        let is_good = answer.status.is_success();
        let mut json: Value = serde_json::from_str(&answer.body).expect("JSON");
        if is_good { Ok(json["value"].take()) } else { Err(answer.body) }
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        self.call(Method::POST, "/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await;
    }

    /// Prefers dark pages, or light ones.
    pub async fn prefer_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Opens a page.
    pub async fn go(&self, url: &str) {
        self.call(Method::POST, "/url", json!({"url": url})).await;
    }

    async fn find(&self, css: &str) -> String {
        let found = self.call(Method::POST, "/element", json!({"using": "css selector", "value": css})).await;
        found[ELEMENT].as_str().unwrap_or_else(|| panic!("no {css}: {found}")).to_owned()
    }

    /// Clicks on what a selector names, and waits for the page that this leads to.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.call(Method::POST, &format!("/element/{element}/click"), json!({})).await;
    }

    /// Presses a key, or types, with the focus on what a selector names.
    pub async fn press(&self, css: &str, keys: &str) {
        let element = self.find(css).await;
        self.call(Method::POST, &format!("/element/{element}/value"), json!({"text": keys})).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.call(Method::POST, "/refresh", json!({})).await;
    }

    /// Waits until the page's first heading reads like this: an answer has led to its page.
    ///
    /// # Panics
    /// If it never does.
    pub async fn shows(&self, heading: &str) {
        let deadline = Instant::now() + PAGE_TIME_MAX;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        let script = "return (document.querySelector('h1') || {}).textContent";
        loop {
            ticks.tick().await;
            // While a page goes and the next one comes there is nothing to ask.
            let found = self.try_call(Method::POST, "/execute/sync", json!({"script": script, "args": []})).await;
            if found.as_ref().is_ok_and(|found| found == heading) {
                return;
            }
            assert!(Instant::now() < deadline, "{heading:?} does not come: {found:?}");
        }
    }

    /// The text of what a selector names, as it is seen.
    pub async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        let text = self.call(Method::GET, &format!("/element/{element}/text"), Value::Null).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// What a script gives back.
    pub async fn script(&self, script: &str) -> Value {
        self.call(Method::POST, "/execute/sync", json!({"script": script, "args": []})).await
    }

    /// What axe finds wrong with the page, serious or critical: one line each.
    ///
    /// # Panics
    /// If axe is missing, or does not look at the page.
    pub async fn faults(&self, axe: &str) -> Vec<String> {
        let run = "const done = arguments[arguments.length - 1];\
            axe.run(document, {preload: false, resultTypes: ['violations']}).then(\
              found => done({passes: found.passes.length, violations: found.violations.map(one => \
                [one.impact, one.id, one.nodes.map(node => node.html.slice(0, 200)).join(' | ')])}),\
              error => done({error: String(error)}));";
        let script = format!("{axe};{run}");
        let found = self.call(Method::POST, "/execute/async", json!({"script": script, "args": []})).await;
        assert!(found["passes"].as_u64().is_some_and(|passes| passes > 5), "axe did not look: {found}");
        let wrong = found["violations"].as_array().expect("violations");
        let counts = |one: &&Value| matches!(one[0].as_str(), Some("serious" | "critical"));
        wrong.iter().filter(counts).map(ToString::to_string).collect()
    }
}

/// The text of axe.
///
/// # Panics
/// If it is missing.
#[must_use]
pub fn axe() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let folder = std::env::var_os(AXE_VARIABLE).map_or_else(|| target.join("tools/axe/modules"), PathBuf::from);
    let file = folder.join("axe_playwright_python/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("axe is missing: `cargo xtask setup --for test` fetches it, or {AXE_VARIABLE} says where it is: {error}")
    })
}
