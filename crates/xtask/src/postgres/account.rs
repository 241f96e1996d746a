//! Who runs the cluster. PostgreSQL refuses root, so root lends it the account `postgres` that Debian's package makes; anybody
//! else runs it as themselves.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// The account to become, if we are root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    Own,
    Lent { uid: u32, gid: u32 },
}

impl Account {
    pub(crate) fn choose() -> Result<Self> {
        let me = Path::new("/proc/self").metadata().context("cannot see which user this is")?;
        if me.uid() != 0 {
            return Ok(Self::Own);
        }
        let users = std::fs::read_to_string("/etc/passwd").context("cannot read the users")?;
        find(&users, "postgres").context("PostgreSQL refuses to run as root and there is no user `postgres`")
    }

    /// Makes the command run as this account.
    pub(crate) fn dress(self, command: &mut Command) -> &mut Command {
        match self {
            Self::Own => command,
            Self::Lent { uid, gid } => command.uid(uid).gid(gid),
        }
    }

    /// Gives the folder to this account.
    pub(crate) fn own(self, folder: &Path) -> Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Lent { uid, gid } => {
                chown(folder, Some(uid), Some(gid)).with_context(|| format!("cannot give {} away", folder.display()))
            }
        }
    }

    /// Whether this account can enter the folder, that is, every folder above it too.
    pub(crate) fn can_enter(self, folder: &Path) -> bool {
        let mut command = Command::new("/usr/bin/test");
        self.dress(command.arg("-x").arg(folder)).status().is_ok_and(|status| status.success())
    }
}

fn find(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [user, _, uid, gid, ..] = fields.as_slice() else {
            return None;
        };
        if *user != name {
            return None;
        }
        Some(Account::Lent { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_found_by_its_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgresx:x:7:7::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
        assert_eq!(find(users, "postgres"), Some(Account::Lent { uid: 101, gid: 104 }));
        assert_eq!(find(users, "post"), None);
    }
}
