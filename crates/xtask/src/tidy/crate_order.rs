//! Dependencies run one way, like water downhill, dev-dependencies included: a member may name only the members listed for it.

use anyhow::Result;

use super::{Finding, Repository};

/// Member, and the members it may depend on in any section. `tests` stands on top of all.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("proto", &[]),
    ("xtask", &[]),
    ("matching", &["domain"]),
    ("store", &["domain"]),
    ("registry", &["domain", "store"]),
    ("notification", &["domain", "store"]),
    ("dispatch", &["domain", "store", "matching"]),
    ("server", &["domain", "store", "registry", "dispatch", "notification", "proto"]),
    ("cli", &["domain", "matching", "store", "server", "proto"]),
    ("tests", &["domain", "matching", "store", "registry", "dispatch", "notification", "proto", "server", "cli"]),
];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, manifest) in repository.manifests() {
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == manifest.name) else {
            findings.push(Finding::new(
                path,
                format!("`{}` has no place in the crate order yet: add it to crate_order.rs", manifest.name),
            ));
            continue;
        };
        for dependency in manifest.dependencies() {
            let ours = MAY_NAME.iter().any(|(name, _)| *name == dependency.name);
            if ours && !allowed.contains(&dependency.name.as_str()) {
                findings.push(Finding::new(
                    path,
                    format!(
                        "[{}] names `{}`, which does not lie below `{}`",
                        dependency.section, dependency.name, manifest.name
                    ),
                ));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_does_not_flow_uphill() {
        let text = "[package]\nname = \"store\"\n[dependencies]\ndomain.workspace = true\n[dev-dependencies]\nserver.workspace = true\n";
        let findings = check(&Repository::of(&[("crates/store/Cargo.toml", text)])).unwrap();
        assert_eq!(findings.len(), 1);
        assert!(findings[0].fact.contains("`server`"), "{findings:?}");
    }

    #[test]
    fn a_new_member_must_be_given_a_place() {
        let text = "[package]\nname = \"telephony\"\n";
        let findings = check(&Repository::of(&[("crates/telephony/Cargo.toml", text)])).unwrap();
        assert_eq!(findings.len(), 1);
    }
}
