//! Members inherit lints, package fields and versions from the workspace, so each is said once.

use anyhow::Result;

use super::{Finding, Repository};

const FIELDS: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, manifest) in repository.manifests() {
        if manifest.value("lints", "workspace") != Some("true") {
            findings.push(Finding::new(path, "does not inherit the lints: [lints] workspace = true"));
        }
        for field in FIELDS {
            if manifest.value("package", &format!("{field}.workspace")) != Some("true") {
                findings.push(Finding::new(path, format!("does not inherit `{field}`")));
            }
        }
        for dependency in manifest.dependencies() {
            // A crate may name itself to turn a feature on for its own tests: that has a path and no version.
            if !dependency.inherited && dependency.name != manifest.name {
                findings.push(Finding::new(
                    path,
                    format!("gives `{}` a version of its own; say it in [workspace.dependencies]", dependency.name),
                ));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"domain\"\nversion.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
                        license.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n";

    fn facts(text: &str) -> Vec<String> {
        check(&Repository::of(&[("crates/domain/Cargo.toml", text)]))
            .unwrap()
            .into_iter()
            .map(|finding| finding.fact)
            .collect()
    }

    #[test]
    fn each_thing_that_is_not_inherited_is_named() {
        assert_eq!(facts(GOOD), Vec::<String>::new());
        let own_version = GOOD.replace("serde.workspace = true", "serde = \"1\"");
        assert!(facts(&own_version)[0].contains("`serde`"));
        let own_lints = GOOD.replace("[lints]\nworkspace = true\n", "");
        assert!(facts(&own_lints)[0].contains("lints"));
        let own_edition = GOOD.replace("edition.workspace = true", "edition = \"2021\"");
        assert!(facts(&own_edition)[0].contains("`edition`"));
    }
}
