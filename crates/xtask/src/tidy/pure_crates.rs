//! `domain` and `matching` stay free of async runtimes, databases and wires, through every dependency of a dependency. (That
//! they are free of I/O and clocks is up to clippy and the reviewer.)

use anyhow::Result;

use super::{Finding, Repository};
use crate::{process, workspace};

const PURE: &[&str] = &["domain", "matching"];

/// A package is foreign if its name is one of these or begins with one of these and a dash.
const FOREIGN: &[&str] = &[
    "async-std",
    "axum",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "prost",
    "reqwest",
    "rustls",
    "smol",
    "sqlx",
    "tokio",
    "tonic",
];

pub(super) fn check(_: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for name in PURE {
        let mut command = process::command(workspace::cargo(), &["tree", "--locked", "-p", name]);
        command.args(["-e", "normal", "--prefix", "none", "-f", "{p}"]);
        findings.extend(foreign(name, &process::capture(&mut command)?));
    }
    Ok(findings)
}

/// The foreign packages among the lines of `cargo tree`.
fn foreign(name: &str, tree: &str) -> Vec<Finding> {
    let mut packages: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|package| {
            FOREIGN.iter().any(|foreign| {
                package.strip_prefix(foreign).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        })
        .collect();
    packages.sort_unstable();
    packages.dedup();
    packages
        .into_iter()
        .map(|package| {
            Finding::new(
                format!("crates/{name}"),
                format!("pulls in `{package}` (see `cargo tree -p {name} -i {package}`)"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_below_a_dependency_is_found_once() {
        let tree = "matching v0.1.0 (/w)\nhelper v1.0.0\ntokio v1.54.1\ntokio-util v0.7.0\ntokio v1.54.1 (*)\ntokioish v1.0.0\n";
        let facts: Vec<String> = foreign("matching", tree).into_iter().map(|finding| finding.fact).collect();
        assert_eq!(facts.len(), 2, "{facts:?}");
        assert!(facts[0].contains("`tokio`"));
        assert!(facts[1].contains("`tokio-util`"));
    }
}
