//! The repository as text: every file a check may look at, by its path from the root. Tests make one from literals.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::manifest::Manifest;
use crate::workspace;

/// Folders and files at the root that checks read; what a build or an editor leaves behind is not among them.
const ROOTS: &[&str] = &["Cargo.lock", "Cargo.toml", "crates", "docs", "migrations", "proto", "tests"];

/// Endings of files that checks read.
const ENDINGS: &[&str] = &[".rs", ".toml", ".sql", ".proto", ".md", ".lock"];

/// Path from the root, with `/`, to text.
pub(super) struct Repository {
    files: BTreeMap<String, String>,
}

impl Repository {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for name in ROOTS {
            read_into(&mut files, &root.join(name), name)?;
        }
        Ok(Self { files })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Path and text of the files below `folder` (`""` for all) whose name ends in `ending`.
    pub(super) fn files<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
    }

    /// The manifests of the workspace members, by path.
    pub(super) fn manifests(&self) -> impl Iterator<Item = (&str, Manifest)> {
        self.files("", "/Cargo.toml")
            .filter(|(path, _)| is_member(path))
            .map(|(path, text)| (path, Manifest::parse(text)))
    }
}

/// `crates/NAME/Cargo.toml` or `tests/Cargo.toml`.
fn is_member(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["crates", _, _] | ["tests", _])
}

/// The member a file belongs to: the name of its folder in `crates`, or `tests`.
pub(super) fn member(path: &str) -> Option<&str> {
    let mut parts = path.split('/');
    match (parts.next()?, parts.next()?) {
        ("crates", name) => Some(name),
        ("tests", _) => Some("tests"),
        _ => None,
    }
}

fn read_into(files: &mut BTreeMap<String, String>, at: &Path, name: &str) -> Result<()> {
    if at.is_dir() {
        for entry in workspace::entries(at) {
            let leaf = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if leaf != "node_modules" && leaf != "target" {
                read_into(files, &entry, &format!("{name}/{leaf}"))?;
            }
        }
        return Ok(());
    }
    if at.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        let text = fs::read_to_string(at).with_context(|| format!("cannot read {}", at.display()))?;
        files.insert(name.to_owned(), text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_read_with_its_members() {
        let repository = Repository::read(&workspace::root()).unwrap();
        let members: Vec<String> = repository.manifests().map(|(_, manifest)| manifest.name).collect();
        assert!(members.contains(&"xtask".to_owned()), "{members:?}");
        assert!(members.contains(&"tests".to_owned()), "{members:?}");
        assert!(repository.text("crates/xtask/src/tidy/repository.rs").is_some());
    }

    #[test]
    fn files_belong_to_members() {
        assert_eq!(member("crates/store/src/lib.rs"), Some("store"));
        assert_eq!(member("tests/e2e/main.rs"), Some("tests"));
        assert_eq!(member("docs/errors.md"), None);
    }
}
