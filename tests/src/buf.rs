//! `buf curl`: a client that nobody here wrote. It knows nothing of the service but what reflection tells.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, io};

use serde_json::Value;

/// Names another buf than the one that `cargo xtask setup --for test` provides.
pub const VARIABLE: &str = "KEIKKA_BUF";

/// A buf with the address of a server and somebody's key.
#[derive(Debug, Clone)]
pub struct Buf {
    program: PathBuf,
    url: String,
    key: String,
}

/// What buf was told when a call was refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The code in lower snake case.
    pub code: String,
    /// Type and bytes of each detail, in base64.
    pub details: Vec<(String, String)>,
}

impl Told {
    /// The bytes of the detail of a type, in base64 without padding.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn detail(&self, name: &str) -> &str {
        let found = self.details.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
        found.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}

/// The buf that is here.
///
/// # Panics
/// If there is none: the sentence says what to do.
#[must_use]
pub fn program() -> PathBuf {
    let found = candidates().into_iter().find(|program| runs(program).is_ok());
    found.unwrap_or_else(|| {
        panic!("buf is missing: `cargo xtask setup --for test` fetches it, or {VARIABLE} says where it is")
    })
}

impl Buf {
    /// A buf for a caller.
    ///
    /// # Panics
    /// If there is no buf: the sentence says what to do.
    #[must_use]
    pub fn new(url: &str, key: &str) -> Self {
        Self { program: program(), url: url.to_owned(), key: key.to_owned() }
    }

    /// The names of the services that reflection lists.
    ///
    /// # Panics
    /// If it lists none.
    #[must_use]
    pub fn services(&self) -> Vec<String> {
        let output = self.curl(&["--list-services"], "", None);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
    }

    /// Calls a method with one message or, for a stream, several; answers the messages that came back.
    ///
    /// # Errors
    /// What the service told.
    ///
    /// # Panics
    /// If buf itself fails.
    pub fn call(&self, method: &str, messages: &[Value]) -> Result<Vec<Value>, Told> {
        let text: String = messages.iter().map(|message| format!("{message}\n")).collect();
        let output = self.curl(&["--data", "@-"], method, Some(&text));
        let stderr = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            let answers = serde_json::Deserializer::from_slice(&output.stdout).into_iter();
            return Ok(answers.collect::<Result<_, _>>().expect("buf writes JSON"));
        }
        let error: Value = serde_json::from_str(&stderr).unwrap_or_else(|_| panic!("buf curl {method}: {stderr}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let details = error["details"].as_array().cloned().unwrap_or_default();
        Err(Told {
            code: text(&error["code"]),
            details: details.iter().map(|detail| (text(&detail["type"]), text(&detail["value"]))).collect(),
        })
    }

    /// The one answer of a call that must succeed.
    ///
    /// # Panics
    /// If it was refused, or answered otherwise than once.
    #[must_use]
    pub fn one(&self, method: &str, message: Value) -> Value {
        let mut answers = self.call(method, &[message]).unwrap_or_else(|told| panic!("{method}: {told:?}"));
        assert_eq!(answers.len(), 1, "{method}: {answers:?}");
        answers.remove(0)
    }

    fn curl(&self, arguments: &[&str], path: &str, input: Option<&str>) -> Output {
        let mut command = Command::new(&self.program);
        command
            .args(["curl", "--protocol", "grpc", "--http2-prior-knowledge"])
            .args(["--header", &format!("authorization: Bearer {}", self.key), "--header", "accept-language: en"])
            .args(arguments)
            .arg(if path.is_empty() { self.url.clone() } else { format!("{}/{path}", self.url) })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("buf can be started");
        if let Some(mut stdin) = child.stdin.take() {
            // A buf that has ended already reads no more; its answer says why.
            let _ = io::Write::write_all(&mut stdin, input.unwrap_or_default().as_bytes());
        }
        child.wait_with_output().expect("buf can be waited for")
    }
}

/// Where a buf may be: as told, on the path, or where the setup puts it.
fn candidates() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let ours = target.join("tools/buf/wheel/bin/buf").into_os_string();
    let all = [env::var_os(VARIABLE), Some(OsString::from("buf")), Some(ours)];
    all.into_iter().flatten().map(PathBuf::from).collect()
}

fn runs(program: &Path) -> io::Result<Output> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output()?;
    if output.status.success() { Ok(output) } else { Err(io::Error::other("it does not run")) }
}
