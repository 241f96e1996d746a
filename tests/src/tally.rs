//! What a play has done so far: how often each move was granted or refused and why, and which events must have come of it.

use std::collections::BTreeMap;
use std::fmt;

use tonic::{Code, Response, Status};

use crate::refused::Refused;

/// The count of a play.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Moves by name and outcome: `OK` or the reason of the refusal.
    pub moves: BTreeMap<(&'static str, String), usize>,
    /// Events of gigs that must be there, by kind.
    pub events: BTreeMap<&'static str, usize>,
    /// What must never be answered.
    pub faults: Vec<String>,
}

impl Tally {
    /// Notes an answer; hands it on if it was granted.
    pub fn note<T>(&mut self, name: &'static str, answer: Result<Response<T>, Status>) -> Option<T> {
        match answer {
            Ok(answer) => {
                self.count(name, "OK");
                Some(answer.into_inner())
            }
            Err(status) => {
                let told = Refused::from(&status);
                let fault = matches!(told.code, Code::Internal | Code::Unknown | Code::Unavailable | Code::DataLoss);
                if fault || told.reason.is_empty() {
                    self.faults.push(format!("{name}: {:?} {} {told:?}", status.code(), status.message()));
                }
                self.count(name, &told.reason);
                None
            }
        }
    }

    fn count(&mut self, name: &'static str, outcome: &str) {
        *self.moves.entry((name, outcome.to_owned())).or_default() += 1;
    }

    /// Notes that an event must be there.
    pub fn expect(&mut self, kind: &'static str, times: usize) {
        *self.events.entry(kind).or_default() += times;
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        for (key, count) in other.moves {
            *self.moves.entry(key).or_default() += count;
        }
        for (key, count) in other.events {
            *self.events.entry(key).or_default() += count;
        }
        self.faults.extend(other.faults);
    }

    /// How many moves there were.
    #[must_use]
    pub fn total(&self) -> usize {
        self.moves.values().sum()
    }

    /// How often a move was granted.
    #[must_use]
    pub fn granted(&self, name: &'static str) -> usize {
        self.moves.get(&(name, "OK".to_owned())).copied().unwrap_or(0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((name, outcome), count) in &self.moves {
            writeln!(f, "{count:6}  {name:<18} {outcome}")?;
        }
        Ok(())
    }
}
