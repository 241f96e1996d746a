//! The command line reaches data through gRPC; only `admin` (migrate, backup, restore, doctor) opens the store itself.

use anyhow::Result;

use super::{Finding, Repository};

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    Ok(repository
        .files("crates/cli/src/", ".rs")
        .filter(|(path, text)| !path.contains("admin") && opens_the_store(text))
        .map(|(path, _)| Finding::new(path, "opens the store; outside `admin`, ask the server"))
        .collect())
}

fn opens_the_store(text: &str) -> bool {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).any(|line| {
        line.match_indices("store::")
            .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_admin_opens_the_store() {
        let repository = Repository::of(&[
            ("crates/cli/src/commands/gig.rs", "use store::Database;"),
            ("crates/cli/src/commands/admin.rs", "use store::Database;"),
            ("crates/cli/src/commands/seeker.rs", "// unlike store::Database\nkeystore::open();"),
        ]);
        let findings = check(&repository).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "crates/cli/src/commands/gig.rs");
    }
}
