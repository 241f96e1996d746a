//! As much of a `Cargo.toml` as the checks need: section names and their `key = value` lines. Our manifests keep to that form;
//! a value that spans lines is read as its first line.

/// One manifest.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// `package.name`.
    pub(super) name: String,
    /// Every section in order, with its entries.
    pub(super) sections: Vec<(String, Vec<(String, String)>)>,
}

/// One line of a dependency section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The section it stands in: `dependencies`, `dev-dependencies`, `build-dependencies`, with a target before it if any.
    pub(super) section: String,
    /// The name to the left of the first dot or equals sign.
    pub(super) name: String,
    /// Whether the version comes from the workspace.
    pub(super) inherited: bool,
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        for line in text.lines().map(str::trim) {
            if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                let name = section.trim_matches('[').trim();
                manifest.sections.push((name.to_owned(), Vec::new()));
            } else if let Some((key, value)) = line.split_once('=')
                && !line.starts_with('#')
                && let Some((_, entries)) = manifest.sections.last_mut()
            {
                entries.push((key.trim().to_owned(), value.trim().to_owned()));
            }
        }
        manifest.name = manifest.value("package", "name").unwrap_or_default().trim_matches('"').to_owned();
        manifest
    }

    /// The value of `key` in `section`, as written.
    pub(super) fn value(&self, section: &str, key: &str) -> Option<&str> {
        let (_, entries) = self.sections.iter().find(|(name, _)| name == section)?;
        let (_, value) = entries.iter().find(|(name, _)| name == key)?;
        Some(value)
    }

    /// Every dependency of every section, in order.
    pub(super) fn dependencies(&self) -> Vec<Dependency> {
        let mut found = Vec::new();
        for (section, entries) in &self.sections {
            if let Some((kind, name)) = section.split_once("dependencies.") {
                found.push(Dependency {
                    section: format!("{kind}dependencies"),
                    name: name.to_owned(),
                    inherited: entries.iter().any(|(key, value)| key == "workspace" && value == "true"),
                });
            } else if section.ends_with("dependencies") {
                found.extend(entries.iter().map(|(key, value)| Dependency {
                    section: section.clone(),
                    name: key.split('.').next().unwrap_or(key).to_owned(),
                    inherited: (key.ends_with(".workspace") && value == "true") || value.contains("workspace = true"),
                }));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_a_dependency_are_read() {
        let manifest = Manifest::parse(
            "[package]\nname = \"store\"\n[dependencies]\n# serde = \"0\"\na.workspace = true\nb = { workspace = true }\nc = \"1\"\n\
             [dev-dependencies.d]\nworkspace = true\n[target.'cfg(unix)'.dependencies]\ne = \"1\"\n",
        );
        assert_eq!(manifest.name, "store");
        let read: Vec<(String, String, bool)> =
            manifest.dependencies().into_iter().map(|found| (found.section, found.name, found.inherited)).collect();
        let expected = [
            ("dependencies", "a", true),
            ("dependencies", "b", true),
            ("dependencies", "c", false),
            ("dev-dependencies", "d", true),
            ("target.'cfg(unix)'.dependencies", "e", false),
        ]
        .map(|(section, name, inherited)| (section.to_owned(), name.to_owned(), inherited));
        assert_eq!(read, expected);
    }
}
