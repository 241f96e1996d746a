//! Reading a test runner's closing lines: how many passed, how many failed.

use std::fmt;

/// Tests that ran, summed over all programs of a run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Counts {
    /// Adds the counts of a closing line of cargo test (`test result: ok. 3 passed; 0 failed; ..`) or of nextest
    /// (`Summary [ 1.2s] 3 tests run: 3 passed, 0 skipped`); any other line adds nothing.
    pub(super) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        // Not trimmed: nextest shows a failed test's own output, indented, and in it the line of cargo's harness again.
        let of_cargo = line.strip_prefix("test result:");
        let closing = of_cargo.or_else(|| line.trim_start().strip_prefix("Summary ["));
        let Some(closing) = closing else { return };
        let words: Vec<&str> =
            closing.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let [number, word] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match *word {
                "passed" => self.passed += number,
                // nextest: a test that ran out of time is counted apart.
                "failed" | "timed" => self.failed += number,
                _ => {}
            }
        }
    }
}

/// The line without terminal escape sequences (`ESC [ .. letter`).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
            continue;
        }
        for skipped in letters.by_ref() {
            if skipped.is_ascii_alphabetic() {
                break;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(line);
        }
        counts
    }

    #[test]
    fn programs_of_cargo_test_are_summed() {
        let counts = read(&[
            "running 5 tests",
            "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.00s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.41s",
        ]);
        assert_eq!(counts, Counts { passed: 8, failed: 2 });
        assert_eq!(counts.to_string(), "8 passed, 2 failed");
    }

    #[test]
    fn nextest_is_read_in_colour() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   1.234s] \u{1b}[1m12\u{1b}[0m tests run: \u{1b}[1m9\u{1b}[0m passed (1 slow), 2 failed, 1 timed out, 0 skipped";
        assert_eq!(read(&[line]), Counts { passed: 9, failed: 3 });
    }

    #[test]
    fn what_a_test_prints_is_not_counted() {
        assert_eq!(read(&["we had 3 passed, 1 failed"]), Counts::default());
        let shown_by_nextest = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 1 filtered out";
        assert_eq!(read(&[shown_by_nextest]), Counts::default());
    }
}
