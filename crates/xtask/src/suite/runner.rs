//! Starting the test runner: nextest where it is installed, plain cargo test where it is not. Both see the same environment.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};

use super::count::Counts;
use super::report::Outcome;
use crate::arguments::TestOptions;
use crate::{postgres, process, setup, workspace};

/// The variable that sizes the slow suites: `small` or `full`.
const SIZE_VARIABLE: &str = "KEIKKA_TEST_SIZE";

/// The variable with which a developer insists on plain cargo test: `cargo`.
const RUNNER_VARIABLE: &str = "KEIKKA_TEST_RUNNER";

/// The variable through which tests learn where the built `keikka` is.
const BINARY_VARIABLE: &str = "KEIKKA_BIN";

pub(super) fn run(options: &TestOptions, postgres_url: &str, counts: &mut Counts) -> Result<Outcome> {
    let before = *counts;
    let mut failures = Vec::new();
    for arguments in invocations(options, nextest()) {
        let mut command = process::command(workspace::cargo(), &arguments);
        dress(&mut command, options, postgres_url)?;
        eprintln!("$ {}", process::spelled(&command));
        let status = process::follow(&mut command, &mut |line| counts.read(line))?;
        if !status.success() {
            failures.push(process::spelled(&command));
        }
    }
    if !failures.is_empty() {
        bail!("{} tests failed in `{}`", counts.failed - before.failed, failures.join("`, `"));
    }
    if counts.passed == before.passed {
        bail!("no test ran");
    }
    Ok(Outcome::Passed)
}

fn nextest() -> bool {
    env::var_os(RUNNER_VARIABLE).is_none_or(|runner| runner != "cargo") && workspace::on_path("cargo-nextest").is_some()
}

/// The cargo commands that together run everything once.
fn invocations(options: &TestOptions, nextest: bool) -> Vec<Vec<&'static str>> {
    let common = ["--workspace", "--locked", "--no-fail-fast"];
    let mut tests = if nextest { vec!["nextest", "run"] } else { vec!["test"] };
    tests.extend(common);
    if options.quick {
        tests.extend(["--lib", "--bins"]);
        return vec![tests];
    }
    if !nextest {
        return vec![tests];
    }
    let mut examples = vec!["test", "--doc"];
    examples.extend(common);
    vec![tests, examples]
}

fn dress(command: &mut Command, options: &TestOptions, postgres_url: &str) -> Result<()> {
    command
        .env(postgres::URL_VARIABLE, postgres_url)
        .env(SIZE_VARIABLE, if options.full { "full" } else { "small" })
        .env(BINARY_VARIABLE, workspace::target().join("debug/keikka"))
        .env(setup::buf::VARIABLE, setup::buf::path()?)
        .env(setup::osrm::VARIABLE, setup::osrm::path()?)
        .env(setup::mail::VARIABLE, setup::mail::path())
        .env(setup::axe::VARIABLE, setup::axe::path())
        // A snapshot that differs is a failure, not a file to review later.
        .env("INSTA_UPDATE", "no");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_leaves_the_doc_examples_to_cargo() {
        let all = TestOptions::default();
        assert_eq!(invocations(&all, false).len(), 1);
        let with_nextest = invocations(&all, true);
        assert_eq!(with_nextest.len(), 2);
        assert!(with_nextest[1].contains(&"--doc"));
    }
}
