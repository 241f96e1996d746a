//! Room on the disk: a build that runs out of it ends in words of the linker that nobody understands.

use std::process::Command;

use crate::workspace;

/// What the test build of the whole workspace takes from nothing, without incremental state, in GiB.
const NEEDED_GIB: u64 = 15;

/// Says so when less than that is free and there is no earlier build; the build may still fit, so nothing is refused.
pub(super) fn warn() {
    if workspace::target().join("debug/deps").exists() {
        return;
    }
    let Some(free) = free_gib() else { return };
    if free < NEEDED_GIB {
        eprintln!(
            "setup: only {free} GiB are free here and the test build takes some {NEEDED_GIB}; free some, or point \
             CARGO_TARGET_DIR at a roomier disk"
        );
    }
}

fn free_gib() -> Option<u64> {
    let output = Command::new("df").args(["-Pk"]).arg(workspace::root()).output().ok()?;
    available_gib(&String::from_utf8(output.stdout).ok()?)
}

/// The fourth column of the last line of `df -Pk` (POSIX), in GiB.
fn available_gib(table: &str) -> Option<u64> {
    let kib: u64 = table.lines().last()?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib >> 20)
}

#[cfg(test)]
mod tests {
    use super::available_gib;

    #[test]
    fn the_table_of_df_is_read() {
        let table =
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 263174212 90000000 4194304 96% /\n";
        assert_eq!(available_gib(table), Some(4));
        assert_eq!(available_gib("df: no such file"), None);
    }
}
