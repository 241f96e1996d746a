//! Versions that must hold: SQLite with the WAL fix, the solver we measured, one TLS provider.

use anyhow::{Context, Result};

use super::{Finding, Repository};

/// Packages that may not come in, and why.
const BANNED: &[(&str, &str)] = &[
    ("aws-lc-rs", "ring is the one TLS provider; a second one makes rustls panic at start"),
    ("native-tls", "rustls is the one TLS library"),
    ("openssl-sys", "rustls is the one TLS library"),
];

/// Where certificates get the name of the solver.
const CERTIFICATE: &str = "crates/matching/src/plan.rs";

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let lock = repository.text("Cargo.lock").context("Cargo.lock is missing")?;
    let packages = packages(lock);
    let mut findings = Vec::new();
    for (name, why) in BANNED {
        if packages.iter().any(|(found, _)| found == name) {
            findings.push(Finding::new("Cargo.lock", format!("holds `{name}`: {why}")));
        }
    }
    require(&packages, "highs-sys", "1.15.0 or newer", |version| version >= [1, 15, 0], &mut findings);
    // 0.37 bundles SQLite 3.51.3; before it, two connections in WAL mode can corrupt the file.
    require(&packages, "libsqlite3-sys", "0.37", |version| version[..2] == [0, 37], &mut findings);
    findings.extend(certificate(repository, &packages));
    Ok(findings)
}

/// The solver that certificates name is the one that is locked (`highs-sys` carries the number of the HiGHS it bundles).
fn certificate(repository: &Repository, packages: &[(&str, [u64; 3])]) -> Option<Finding> {
    let text = repository.text(CERTIFICATE)?;
    let (_, [major, minor, patch]) = packages.iter().find(|(name, _)| *name == "highs-sys")?;
    let named = format!("HiGHS {major}.{minor}.{patch}\"");
    (!text.contains(&named)).then(|| Finding::new(CERTIFICATE, format!("certificates do not name {named:?}")))
}

fn require(
    packages: &[(&str, [u64; 3])],
    name: &str,
    wanted: &str,
    good: fn([u64; 3]) -> bool,
    findings: &mut Vec<Finding>,
) {
    let mut versions = packages.iter().filter(|(found, _)| *found == name).peekable();
    if versions.peek().is_none() {
        findings.push(Finding::new("Cargo.lock", format!("`{name}` {wanted} is missing")));
    }
    for (_, version) in versions.filter(|(_, version)| !good(*version)) {
        findings.push(Finding::new(
            "Cargo.lock",
            format!("`{name}` is {}.{}.{}; wanted: {wanted}", version[0], version[1], version[2]),
        ));
    }
}

/// Name and version of every package; what follows the three numbers is dropped.
fn packages(lock: &str) -> Vec<(&str, [u64; 3])> {
    let mut found = Vec::new();
    let mut name = "";
    for line in lock.lines() {
        if let Some(value) = line.strip_prefix("name = ") {
            name = value.trim_matches('"');
        } else if let Some(value) = line.strip_prefix("version = \"") {
            found.push((name, version(value)));
        }
    }
    found
}

fn version(text: &str) -> [u64; 3] {
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit()).map(|number| number.parse().unwrap_or(0));
    [0; 3].map(|zero: u64| numbers.next().unwrap_or(zero))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(packages: &[(&str, &str)]) -> Vec<String> {
        let lock: String = packages
            .iter()
            .map(|(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n"))
            .collect();
        check(&Repository::of(&[("Cargo.lock", &lock)])).unwrap().into_iter().map(|finding| finding.fact).collect()
    }

    #[test]
    fn wanted_versions_pass() {
        let good = [("highs-sys", "1.15.0"), ("libsqlite3-sys", "0.37.0")];
        assert_eq!(facts(&good), Vec::<String>::new());
        assert!(facts(&[("highs-sys", "2.0.1-rc.1"), good[1]]).is_empty());
    }

    #[test]
    fn a_certificate_that_names_another_solver_is_found() {
        let lock = "[[package]]\nname = \"highs-sys\"\nversion = \"1.15.0\"\n[[package]]\nname = \"libsqlite3-sys\"\nversion = \"0.37.0\"\n";
        let facts =
            |solver: &str| check(&Repository::of(&[("Cargo.lock", lock), (CERTIFICATE, solver)])).unwrap().len();
        assert_eq!((facts("\"HiGHS 1.15.0\""), facts("\"HiGHS 1.14.0\"")), (0, 1));
    }

    #[test]
    fn old_missing_and_banned_packages_are_found() {
        assert!(facts(&[("highs-sys", "1.14.9"), ("libsqlite3-sys", "0.37.2")])[0].contains("1.14.9"));
        assert!(facts(&[("highs-sys", "1.15.0"), ("libsqlite3-sys", "0.36.0")])[0].contains("0.36.0"));
        assert!(facts(&[("highs-sys", "1.15.0")])[0].contains("missing"));
        let second_provider = [("highs-sys", "1.15.0"), ("libsqlite3-sys", "0.37.0"), ("aws-lc-rs", "1.19.0")];
        assert!(facts(&second_provider)[0].contains("aws-lc-rs"));
    }
}
