//! The simulator's lines, read: fields between tabs, the first of which says what the line is.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// All that a run said.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Candidates a gig.
    pub(super) candidates: f64,
    /// In the order of the run.
    pub(super) rows: Vec<Row>,
}

/// One policy.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) code: String,
    pub(super) name: String,
    /// Mean and half the width of its interval.
    measures: BTreeMap<String, (f64, f64)>,
    /// For each seed the share filled and the asks for a filled gig.
    pub(super) seeds: Vec<(f64, f64)>,
    /// For each week the share filled and the share of volunteers left.
    pub(super) weeks: Vec<(f64, f64)>,
}

impl Row {
    pub(super) fn measure(&self, name: &str) -> Option<(f64, f64)> {
        self.measures.get(name).copied()
    }
}

impl Lines {
    pub(super) fn row(&self, code: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.code == code)
    }

    pub(super) fn read(text: &str) -> Result<Self> {
        let mut lines = Self::default();
        for line in text.lines() {
            lines.take(line).with_context(|| format!("cannot read `{line}`"))?;
        }
        Ok(lines)
    }

    fn take(&mut self, line: &str) -> Result<()> {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields.as_slice() {
            ["candidates", count] => self.candidates = count.parse()?,
            ["policy", code, name] => {
                self.rows.push(Row { code: (*code).to_owned(), name: (*name).to_owned(), ..Row::default() });
            }
            [what, _, key, one, other] => {
                let row = self.rows.last_mut().context("no policy before it")?;
                let pair = (one.parse()?, other.parse()?);
                match *what {
                    "measure" => drop(row.measures.insert((*key).to_owned(), pair)),
                    "seed" => row.seeds.push(pair),
                    "week" => row.weeks.push(pair),
                    other => bail!("`{other}` is unknown"),
                }
            }
            _ => bail!("it has {} fields", fields.len()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_says_nothing_is_named() {
        for wrong in ["week\tpaced\t1\t0.9\t1.0", "candidates\tmany", "policy\tpaced\tPaced\nday\tpaced\t1\t2\t3", "x"]
        {
            let error = Lines::read(wrong).unwrap_err();
            assert!(error.to_string().contains("cannot read `"), "{error}");
        }
    }
}
