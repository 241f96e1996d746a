//! Where PostgreSQL's server programs are. Debian keeps them out of PATH, one folder for each major version.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// The folder with `initdb`, `pg_ctl` and `postgres`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// The newest version below `/usr/lib/postgresql`, else the folder on PATH that has all three.
    pub(crate) fn find() -> Result<Self> {
        Self::below(Path::new("/usr/lib/postgresql"))
            .or_else(|| {
                let initdb = workspace::on_path("initdb")?.canonicalize().ok()?;
                Self::in_folder(initdb.parent()?.to_path_buf())
            })
            .context(
                "PostgreSQL's server programs (initdb, pg_ctl, postgres) are missing: run `cargo xtask setup --for test`",
            )
    }

    fn below(versions: &Path) -> Option<Self> {
        let mut folders = workspace::entries(versions);
        folders.sort_by_key(|folder| {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            name.parse::<u32>().unwrap_or(0)
        });
        folders.into_iter().rev().find_map(|folder| Self::in_folder(folder.join("bin")))
    }

    fn in_folder(folder: PathBuf) -> Option<Self> {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|name| workspace::find_in([folder.clone()], name).is_some())
            .then_some(Self(folder))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn install(folder: &Path, names: &[&str]) {
        std::fs::create_dir_all(folder).unwrap();
        for name in names {
            std::fs::write(folder.join(name), "").unwrap();
            let executable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.join(name), executable).unwrap();
        }
    }

    #[test]
    fn the_newest_complete_version_wins() {
        let root = workspace::target().join("xtask-postgres-programs");
        let _ = std::fs::remove_dir_all(&root);
        install(&root.join("9/bin"), &["initdb", "pg_ctl", "postgres"]);
        install(&root.join("15/bin"), &["initdb", "pg_ctl", "postgres"]);
        install(&root.join("17/bin"), &["psql"]);
        assert_eq!(Programs::below(&root), Some(Programs(root.join("15/bin"))));
        std::fs::remove_dir_all(root).unwrap();
    }
}
