//! How many instructions the hot paths take, counted by callgrind: a figure that does not depend on how busy the machine is, so
//! that a slower path is noticed without a stopwatch. The counts to compare with are kept in the repository.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::options::{Options, thousands};
use crate::{process, workspace};

/// The counts to compare with.
const KEPT: &str = "crates/matching/benches/instructions.txt";

/// Hot paths of the example `hot_paths`, and how often each is run to be counted.
const PATHS: &[(&str, u64)] = &[("solve", 1), ("verify", 4), ("quote", 50)];

/// How much more than before is too much, in per cent: compilers and C libraries differ by some.
const TOLERANCE_PERCENT: f64 = 10.0;

/// One path: instructions of one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    path: String,
    instructions: u64,
}

/// Counts and compares. Returns the block of the document and whether no path got worse; nothing where valgrind is missing.
pub(super) fn run(options: &Options) -> Result<Option<(String, bool)>> {
    let Some(valgrind) = workspace::on_path("valgrind") else {
        eprintln!("bench: instructions are left out: valgrind is not installed (Debian: valgrind)");
        return Ok(None);
    };
    let program = super::tools::hot_paths()?;
    let mut counted = Vec::new();
    for (path, times) in PATHS {
        // What it takes to prepare is counted apart and taken off.
        let [before, all] = [0, *times].map(|times| count(&valgrind, &program, path, times));
        let instructions = all?.saturating_sub(before?) / times;
        eprintln!("bench: {path}: {} million instructions", millions(instructions));
        counted.push(Counted { path: (*path).to_owned(), instructions });
    }
    let file = workspace::root().join(KEPT);
    if options.accept {
        fs::write(&file, written(&counted)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let kept = read(&fs::read_to_string(&file).unwrap_or_default())?;
    let (text, fine) = compared(&counted, &kept);
    eprint!("{text}");
    Ok(Some((
        format!("## Instructions\n\n{}. `{}`\n\n{INTRODUCTION}\n\n{text}", super::machine::line(), options.words),
        fine,
    )))
}

const INTRODUCTION: &str = "Instructions of one round, counted by callgrind without what prepares it: `solve` a usual week of 120 x 150 to the proof,
`verify` a plan of 1,000 x 1,200, `quote` one gig among 5,000 volunteers. `cargo xtask bench --only instructions` fails when a path takes over
10 % more than `crates/matching/benches/instructions.txt` says; `--accept` writes that file anew.";

fn count(valgrind: &PathBuf, program: &PathBuf, path: &str, times: u64) -> Result<u64> {
    let out = workspace::target().join("bench/callgrind.out");
    fs::create_dir_all(workspace::target().join("bench")).context("cannot make the folder of the bench")?;
    let mut command = process::command(valgrind, &["--tool=callgrind"]);
    command.arg(format!("--callgrind-out-file={}", out.display())).arg(program).arg(path).arg(times.to_string());
    let words = process::spelled(&command);
    let output = command.output().with_context(|| format!("cannot start `{words}`"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    collected(&said).with_context(|| format!("`{words}` counted nothing: {said}"))
}

/// The number in callgrind's closing line, `==7== Collected : 123`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(':').next()?.trim().parse().ok()
}

/// The table, and whether no path got worse.
fn compared(counted: &[Counted], kept: &[Counted]) -> (String, bool) {
    let (mut rows, mut fine) = (Vec::new(), true);
    for now in counted {
        let before = kept.iter().find(|before| before.path == now.path);
        let change = before.map(|before| (now.instructions as f64 / before.instructions.max(1) as f64 - 1.0) * 100.0);
        let verdict = match change {
            None => "nothing to compare with",
            Some(change) if change > TOLERANCE_PERCENT => "WORSE",
            Some(change) if change < -TOLERANCE_PERCENT => "better: keep it with --accept",
            Some(_) => "as before",
        };
        fine &= verdict != "WORSE";
        rows.push(vec![
            now.path.clone(),
            millions(now.instructions),
            before.map_or("-".to_owned(), |before| millions(before.instructions)),
            change.map_or("-".to_owned(), |change| format!("{change:+.1} %")),
            verdict.to_owned(),
        ]);
    }
    (super::document::table(&["Path", "Million instructions", "Kept", "Change", ""], &rows), fine)
}

fn millions(instructions: u64) -> String {
    let whole = u32::try_from(instructions / 1_000_000).unwrap_or(u32::MAX);
    format!("{}.{:03}", thousands(whole), instructions / 1_000 % 1_000)
}

fn written(counted: &[Counted]) -> String {
    let lines = counted.iter().map(|one| format!("{} {}\n", one.path, one.instructions));
    format!(
        "# Instructions of one round by callgrind, written by `cargo xtask bench --only instructions --accept`.\n{}",
        lines.collect::<String>()
    )
}

fn read(text: &str) -> Result<Vec<Counted>> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (path, count) = line.split_once(' ').with_context(|| format!("{KEPT}: no path and count: `{line}`"))?;
            let instructions = count.trim().parse().with_context(|| format!("{KEPT}: `{count}` is no count"))?;
            Ok(Counted { path: path.to_owned(), instructions })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(solve: u64) -> Vec<Counted> {
        vec![Counted { path: "solve".to_owned(), instructions: solve }]
    }

    #[test]
    fn only_what_leaves_the_band_is_worse() {
        let kept = counts(1_000_000);
        for (now, fine, word) in
            [(1_090_000, true, "as before"), (1_110_000, false, "WORSE"), (800_000, true, "--accept")]
        {
            let (text, verdict) = compared(&counts(now), &kept);
            assert_eq!(verdict, fine, "{text}");
            assert!(text.contains(word), "{text}");
        }
        assert!(compared(&kept, &[]).1, "a new path has nothing to be worse than");
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(read(&written(&counts(12_345))).unwrap(), counts(12_345));
        assert!(read("solve").is_err() && read("solve fast").is_err());
    }

    #[test]
    fn kept_counts_are_there_and_sound() {
        let text = fs::read_to_string(workspace::root().join(KEPT)).unwrap();
        let kept = read(&text).unwrap();
        assert_eq!(kept.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["solve", "verify", "quote"]);
    }

    #[test]
    fn callgrind_is_understood() {
        let said = "==7== Callgrind\n==7== Events    : Ir\n==7== Collected : 8123456\n==7== \n";
        assert_eq!(collected(said), Some(8_123_456));
        assert_eq!(collected("==7== killed"), None);
        assert_eq!(millions(8_123_456), "8.123");
    }
}
