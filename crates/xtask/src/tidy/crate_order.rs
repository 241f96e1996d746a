//! Dependencies run one way, like water downhill. A member may use the members listed for it; its tests may also use what
//! those stand on, and the member itself (to turn a feature on). Nothing points up.

use anyhow::Result;

use super::{Finding, Repository};

/// Member, and the members it may use. `tests` stands on top of all.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("proto", &[]),
    ("xtask", &[]),
    ("matching", &["domain"]),
    ("travel", &["domain", "matching"]),
    ("simulator", &["matching"]),
    ("store", &["domain"]),
    ("registry", &["domain", "store"]),
    ("notification", &["domain", "store"]),
    ("dispatch", &["domain", "store", "matching", "travel"]),
    ("server", &["domain", "store", "registry", "dispatch", "notification", "proto", "travel"]),
    ("cli", &["domain", "matching", "store", "server", "proto", "travel"]),
    (
        "tests",
        &["domain", "matching", "store", "registry", "dispatch", "notification", "proto", "server", "cli", "travel"],
    ),
];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, manifest) in repository.manifests() {
        let member = manifest.name.as_str();
        let Some(allowed) = may_name(member) else {
            findings.push(Finding::new(
                path,
                format!("`{member}` has no place in the crate order yet: add it to crate_order.rs"),
            ));
            continue;
        };
        for dependency in manifest.dependencies() {
            let (section, name) = (&dependency.section, dependency.name.as_str());
            let in_tests = section.contains("dev-dependencies");
            let fine = allowed.contains(&name) || (in_tests && (name == member || lies_below(name, allowed)));
            if may_name(name).is_some() && !fine {
                findings.push(Finding::new(path, format!("[{section}] names `{name}`, which is not for `{member}`")));
            }
        }
    }
    Ok(findings)
}

fn may_name(member: &str) -> Option<&'static [&'static str]> {
    MAY_NAME.iter().find(|(name, _)| *name == member).map(|(_, allowed)| *allowed)
}

/// Whether `name` is one of `members` or below one of them.
fn lies_below(name: &str, members: &[&str]) -> bool {
    members.iter().any(|member| *member == name || lies_below(name, may_name(member).unwrap_or_default()))
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
    fn tests_may_use_what_lies_deeper_and_the_crate_itself() {
        let tests =
            "[package]\nname = \"server\"\n[dev-dependencies]\nmatching.workspace = true\nserver = { path = \".\" }\n";
        assert_eq!(check(&Repository::of(&[("crates/server/Cargo.toml", tests)])).unwrap().len(), 0);
        let product = tests.replace("dev-", "");
        assert_eq!(check(&Repository::of(&[("crates/server/Cargo.toml", &product)])).unwrap().len(), 2);
    }

    #[test]
    fn a_new_member_must_be_given_a_place() {
        let text = "[package]\nname = \"telephony\"\n";
        let findings = check(&Repository::of(&[("crates/telephony/Cargo.toml", text)])).unwrap();
        assert_eq!(findings.len(), 1);
    }
}
