//! What each step did and how long it took.

use std::time::Duration;

use anyhow::Result;

use crate::stopwatch::{Stopwatch, words};

/// How a step ended without failing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    /// Not run, for this reason.
    LeftOut(&'static str),
}

struct Row {
    name: &'static str,
    time: Duration,
    result: Result<Outcome>,
}

/// The steps so far.
#[derive(Default)]
pub(super) struct Report(Vec<Row>);

impl Report {
    /// Runs and times one step. Its failure is told at once and again in the table.
    pub(super) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<Outcome>) {
        eprintln!("\n==> {name}");
        let watch = Stopwatch::start();
        let result = work();
        match &result {
            Err(error) => eprintln!("{name} failed: {error:#}"),
            Ok(Outcome::LeftOut(why)) => eprintln!("{name} left out: {why}"),
            Ok(Outcome::Passed) => {}
        }
        self.0.push(Row { name, time: watch.elapsed(), result });
    }

    /// Notes a step that could not run.
    pub(super) fn leave_out(&mut self, name: &'static str, why: &'static str) {
        self.step(name, || Ok(Outcome::LeftOut(why)));
    }

    pub(super) fn passed(&self) -> bool {
        self.0.iter().all(|row| row.result.is_ok())
    }

    pub(super) fn failed(&self, name: &str) -> bool {
        self.0.iter().any(|row| row.name == name && row.result.is_err())
    }

    pub(super) fn print(&self) {
        print!("\n{}", self.table());
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for row in &self.0 {
            let result = match &row.result {
                Ok(Outcome::Passed) => "ok".to_owned(),
                Ok(Outcome::LeftOut(why)) => format!("left out: {why}"),
                Err(error) => format!("FAILED: {}", first_line(&format!("{error:#}"))),
            };
            table.push_str(&format!("{:<8} {:>12}  {result}\n", row.name, words(row.time)));
        }
        let total: Duration = self.0.iter().map(|row| row.time).sum();
        table.push_str(&format!("{:<8} {:>12}\n", "total", words(total)));
        table
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_report_and_stands_in_the_table() {
        let mut report = Report::default();
        report.step("fmt", || Ok(Outcome::Passed));
        assert!(report.passed());
        report.step("clippy", || anyhow::bail!("three warnings\nand more"));
        assert!(!report.passed());
        assert!(report.failed("clippy"));
        assert!(!report.failed("fmt"));
        let table = report.table();
        assert!(table.contains("FAILED: three warnings\n"), "{table}");
        assert!(table.contains("total"), "{table}");
    }
}
