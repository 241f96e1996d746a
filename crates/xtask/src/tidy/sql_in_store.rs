//! Only `store` names sqlx and SQLite's C library: SQL, rows and drivers stay behind one wall.

use anyhow::Result;

use super::repository::member;
use super::{Finding, Repository};

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, manifest) in repository.manifests() {
        for dependency in manifest.dependencies() {
            let driver = dependency.name.starts_with("sqlx") || dependency.name == "libsqlite3-sys";
            if driver && manifest.name != "store" {
                findings.push(Finding::new(path, format!("names `{}`; only `store` may", dependency.name)));
            }
        }
    }
    for (path, text) in repository.files("", ".rs") {
        if !matches!(member(path), Some("store" | "xtask")) && text.contains("sqlx::") {
            findings.push(Finding::new(path, "uses `sqlx`; only `store` may"));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_outside_the_store_is_found() {
        let manifest = "[package]\nname = \"dispatch\"\n[dependencies]\nsqlx.workspace = true\n";
        let repository = Repository::of(&[
            ("crates/dispatch/Cargo.toml", manifest),
            ("crates/dispatch/src/claim.rs", "use sqlx::Row;"),
            ("crates/store/src/gig.rs", "use sqlx::Row;"),
        ]);
        assert_eq!(check(&repository).unwrap().len(), 2);
    }
}
