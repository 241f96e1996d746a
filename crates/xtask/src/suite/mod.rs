//! `cargo xtask test`: every check and every test, in one order, in one target folder, with one table at the end. The steps go
//! on after a failure, so that one run tells all; only what cannot run without the failed step is left out.

mod count;
mod deploy;
mod report;
mod runner;

use anyhow::{Result, bail};

use crate::arguments::{Purpose, TestOptions};
use crate::{postgres, process, setup, tidy, workspace};
use count::Counts;
use report::{Outcome, Report};

/// Names of the steps in their order, as `--only` takes them.
const STEPS: &[&str] = &["fmt", "tidy", "clippy", "deny", "buf", "deploy", "build", "tests"];

/// Steps that `--quick` leaves out.
const THOROUGH: &[&str] = &["deny", "buf", "deploy"];

/// Runs the suite. Returns whether all of it passed.
pub(crate) fn run(options: &TestOptions) -> Result<bool> {
    let wanted = wanted(options)?;
    let mut report = Report::default();
    report.step("setup", || setup::run(Purpose::Test).map(|()| Outcome::Passed));
    let mut counts = Counts::default();
    if report.passed() {
        for step in wanted {
            if step == "tests" && report.failed("build") {
                report.leave_out(step, "the build failed");
                continue;
            }
            report.step(step, || carry_out(step, options, &mut counts));
        }
    }
    report.print();
    println!("{counts}");
    Ok(report.passed())
}

/// The part of the suite that needs no test: format, tidy, clippy.
pub(crate) fn lint() -> Result<bool> {
    let mut report = Report::default();
    for step in ["fmt", "tidy", "clippy"] {
        report.step(step, || carry_out(step, &TestOptions::default(), &mut Counts::default()));
    }
    report.print();
    Ok(report.passed())
}

fn wanted(options: &TestOptions) -> Result<Vec<&'static str>> {
    let chosen: Vec<&str> = match &options.only {
        Some(name) => STEPS.iter().copied().filter(|step| step == name).collect(),
        None if options.quick => STEPS.iter().copied().filter(|step| !THOROUGH.contains(step)).collect(),
        None => STEPS.to_vec(),
    };
    match (chosen.is_empty(), &options.only) {
        (true, Some(name)) => bail!("no step is called `{name}`; there are {}", STEPS.join(", ")),
        _ => Ok(chosen),
    }
}

fn carry_out(step: &str, options: &TestOptions, counts: &mut Counts) -> Result<Outcome> {
    match step {
        "fmt" => cargo(&["fmt", "--check"]),
        "tidy" => tidy::run().map(|()| Outcome::Passed),
        "clippy" => cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
        "deny" => match workspace::on_path("cargo-deny") {
            Some(_) => cargo(&["deny", "--locked", "check", "licenses", "bans", "sources"]),
            None => Ok(Outcome::LeftOut(
                "cargo-deny is not installed (cargo install cargo-deny); tidy checks the bans that matter most",
            )),
        },
        "buf" => buf(),
        "deploy" => deploy::verify().map(|()| Outcome::Passed),
        // The binary too: the end-to-end tests start it.
        "build" => cargo(&["build", "--workspace", "--locked", "--lib", "--bins", "--tests"]),
        "tests" => {
            let server = postgres::Throwaway::start()?;
            runner::run(options, server.url(), counts)
        }
        other => bail!("step `{other}` has no action"),
    }
}

fn cargo(arguments: &[&str]) -> Result<Outcome> {
    process::run(&mut process::command(workspace::cargo(), arguments)).map(|()| Outcome::Passed)
}

/// Lints all protos and checks the format of ours; those of others keep the format they came in.
fn buf() -> Result<Outcome> {
    let buf = setup::buf::path()?;
    let protos = workspace::root().join("proto");
    let format = ["format", "--diff", "--exit-code", "--path", "keikka"];
    for arguments in [&["lint"][..], &format] {
        process::run(process::command(&buf, arguments).current_dir(&protos))?;
    }
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_can_be_chosen_and_a_wrong_name_lists_all() {
        let only = |name: &str| TestOptions { only: Some(name.to_owned()), ..TestOptions::default() };
        assert_eq!(wanted(&only("buf")).unwrap(), ["buf"]);
        let refusal = wanted(&only("bluff")).unwrap_err().to_string();
        assert!(refusal.contains("clippy"), "{refusal}");
    }

    #[test]
    fn quick_keeps_the_tests() {
        let quick = TestOptions { quick: true, ..TestOptions::default() };
        assert_eq!(wanted(&quick).unwrap(), ["fmt", "tidy", "clippy", "build", "tests"]);
    }
}
