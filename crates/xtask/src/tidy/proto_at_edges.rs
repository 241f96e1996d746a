//! Generated wire types are seen by `server`, `cli` (as a client) and `tests` only.

use anyhow::Result;

use super::repository::member;
use super::{Finding, Repository};

const EDGES: &[&str] = &["cli", "proto", "server", "tests"];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, manifest) in repository.manifests() {
        for dependency in manifest.dependencies() {
            let wire = dependency.name == "proto"
                || dependency.name.starts_with("prost")
                || dependency.name.starts_with("tonic");
            if wire && !EDGES.contains(&manifest.name.as_str()) {
                findings.push(Finding::new(
                    path,
                    format!("names `{}`; only the edges may: {}", dependency.name, EDGES.join(", ")),
                ));
            }
        }
    }
    for (path, text) in repository.files("crates/", ".rs") {
        let inner = member(path).is_some_and(|name| name != "xtask" && !EDGES.contains(&name));
        if inner && (text.contains("proto::") || text.contains("tonic::")) {
            findings.push(Finding::new(path, "uses wire types; only the edges may"));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_inside_a_use_case_is_found() {
        let repository = Repository::of(&[
            ("crates/registry/src/seeker.rs", "fn f() -> tonic::Status {}"),
            ("crates/server/src/status.rs", "fn f() -> tonic::Status {}"),
        ]);
        let findings = check(&repository).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "crates/registry/src/seeker.rs");
    }
}
