//! Where and when something was measured: without that a figure says nothing.

use std::fs;

use crate::{process, workspace};

/// One line: date, commit, processor, memory, load.
pub(super) fn line() -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown processor".to_owned());
    let memory_kib: f64 = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next().and_then(|number| number.parse().ok()))
        .unwrap_or(0.0);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?").to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{}, commit {}, {}; {cores} cores of {processor}, {:.0} GiB, load {load} at the end",
        said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        said("git", &["describe", "--always", "--dirty", "--abbrev=10"]),
        said(&workspace::cargo().with_file_name("rustc").to_string_lossy(), &["--version"]),
        memory_kib / 1024.0 / 1024.0,
    )
}

/// The value after `name :` in one of the kernel's files.
fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// What a program says, `?` where it says nothing.
fn said(program: &str, words: &[&str]) -> String {
    process::capture(&mut process::command(program, words))
        .map_or_else(|_| "?".to_owned(), |text| text.trim().to_owned())
}
